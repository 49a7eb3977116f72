/**
 * Somebody else changed the same: both versions beside each other, and for each difference whose shall hold. Nothing is
 * overwritten before that.
 */
import { peopleIn, rowsOf } from '../../core/conflicts.js';
import { el, fill, icon } from '../../frame/dom.js';
import { toastProblem } from '../../frame/toast.js';
import { framedTable } from '../../panels/pieces.js';
import { t } from '../../words.js';
import { callOf } from './desk.js';

/** @param {object} desk */
export function makeConflict(desk) {
  const { editor } = desk;
  const dialog = el('dialog', { class: 'dialog conflict', 'aria-labelledby': 'conflict-title' });
  document.body.append(dialog);
  dialog.addEventListener('cancel', event => event.preventDefault()); // it must be answered: nothing is saved meanwhile
  editor.on('conflict', show);

  if (editor.conflict) show(editor.conflict);

  function show(conflict) {
    const rows = rowsOf(conflict.facts, desk.grid);
    const people = peopleIn(rows)
      .map(one => one.name)
      .join(t('list-comma'));
    editor.select({ plots: (conflict.facts.plots ?? []).map(one => one.plot) }); // seen behind the dialog
    fill(
      dialog,
      el('h2', { id: 'conflict-title', tabindex: '-1' }, t('conflict-title')),
      el('p', {}, people ? t('conflict-about', { people }) : t('conflict-about-somebody')),
      framedTable(
        [t('conflict-what'), t('conflict-yours'), t('conflict-theirs')],
        [...rows.plots.map(plotRow), ...rows.grids.map(gridRow)],
      ),
      el('p', { class: 'hint' }, t('conflict-hint')),
      el(
        'div',
        { class: 'buttons' },
        el(
          'button',
          { type: 'button', class: 'button', 'data-whose': 'theirs', onclick: () => void settle('theirs') },
          t('conflict-take-theirs'),
        ),
        el(
          'button',
          {
            type: 'button',
            class: 'button primary',
            'data-whose': 'mine',
            onclick: () => void settle('mine'),
          },
          icon('check'),
          t('conflict-take-mine'),
        ),
      ),
    );
    if (!dialog.open) dialog.showModal();
    dialog.querySelector('h2').focus();
    desk.say(t('conflict-said', { n: rows.plots.length + rows.grids.length }));
  }

  async function settle(whose) {
    dialog.close();
    editor.select({});
    try {
      await editor.resolve(whose);
      desk.say(t('conflict-settled', { whose }));
    } catch (problem) {
      toastProblem(problem);
    }
  }
}

function plotRow({ from, yours, theirs, by, plots }) {
  return el(
    'tr',
    {},
    el('th', { scope: 'row' }, t('conflict-plots', { n: plots.length, from: callOf(from) })),
    el('td', {}, t('conflict-to', { number: callOf(yours) })),
    el(
      'td',
      {},
      t('conflict-to', { number: callOf(theirs) }),
      by && el('span', { class: 'muted small' }, by.name),
    ),
  );
}

function gridRow({ grid, attribute, yours, theirs, by }) {
  const said = value => (value && typeof value === 'object' ? value.name : value) ?? t('history-none');
  return el(
    'tr',
    {},
    el('th', { scope: 'row' }, t('conflict-attribute', { number: callOf(grid), attribute })),
    el('td', {}, said(yours)),
    el('td', {}, said(theirs), by && el('span', { class: 'muted small' }, by.name)),
  );
}
