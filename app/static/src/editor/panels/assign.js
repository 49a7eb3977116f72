/** Who shall answer for a grid: coordinators of the place with what each has already, in the draft and now. */
import { loadsOf } from '../../core/assignments.js';
import { changeOf } from '../../core/offers.js';
import { plannedId } from '../../core/tint_legend.js';
import { get } from '../../frame/api.js';
import { el, fill, icon } from '../../frame/dom.js';
import { t } from '../../words.js';
import { callOf, format } from './desk.js';

/** @param {object} desk @returns {(grid: number) => void} opens the dialog for a grid */
export function makeAssign(desk) {
  const { editor } = desk;

  return function open(id) {
    const grid = desk.grid(id);
    if (!grid) return;
    const before = document.activeElement;
    const list = el('div', { class: 'assign-list' });
    const find = el('input', {
      type: 'search',
      autocomplete: 'off',
      placeholder: t('assign-find'),
      'aria-label': t('assign-find'),
    });
    const save = el('button', { class: 'button primary', value: 'save', disabled: true }, t('assign-save'));
    const form = el(
      'form',
      { method: 'dialog' },
      el('h2', { id: 'assign-title' }, t('assign-title', { number: callOf(grid) })),
      el('p', { class: 'muted' }, t('assign-about', { households: grid.households })),
      find,
      list,
      el(
        'div',
        { class: 'buttons' },
        el(
          'button',
          { type: 'button', class: 'button', onclick: () => dialog.close('') },
          t('editor-cancel'),
        ),
        save,
      ),
    );
    const dialog = el('dialog', { class: 'dialog assign', 'aria-labelledby': 'assign-title' }, form);
    document.body.append(dialog);
    dialog.addEventListener('close', () => {
      const chosen = form.elements.namedItem('coordinator')?.value;
      dialog.remove();
      before?.focus?.();
      if (dialog.returnValue === 'save') assign(grid, chosen ? Number(chosen) : null);
    });
    dialog.showModal();
    const loads = loadsOf(editor.staff, desk.grids());
    const draw = () => fill(list, ...rows(loads, grid, find.value));
    find.addEventListener('input', draw);
    list.addEventListener('change', () => (save.disabled = false));
    draw();
    (list.querySelector('input:checked') ?? find).focus();
  };

  function assign(grid, person) {
    const edit = changeOf({ id: grid.id, planned: plannedId(grid) }, { planned: person });
    if (!edit) return;
    const name = editor.staff.find(one => one.id === person)?.name;
    desk.perform(
      edit,
      name
        ? t('assign-done', { number: callOf(grid), name })
        : t('assign-done-nobody', { number: callOf(grid) }),
    );
  }

  /** What becomes of a grid nobody is planned for: who holds the grid of its number goes on. */
  function nobodyWords(grid) {
    const holder = editor.answersFor({ ...grid, planned: null });
    return holder ? t('assign-stays', { name: holder.name }) : t('assign-nobody-about');
  }

  /** Nobody first, then people, those with least to do first. */
  function rows(loads, grid, words) {
    const wanted = words.trim().toLowerCase();
    const chosen = plannedId(grid);
    const shown = loads.filter(one => !wanted || one.name.toLowerCase().includes(wanted));
    return [
      !wanted && row({ id: null, name: t('assign-nobody') }, chosen === null, nobodyWords(grid)),
      ...shown.map(one =>
        row(
          one,
          one.id === chosen,
          t('assign-load', { grids: one.grids, households: format.count(one.households) }),
          one.id === chosen
            ? null
            : t('assign-load-then', { households: format.count(one.households + grid.households) }),
        ),
      ),
      wanted && !shown.length && el('p', { class: 'muted' }, t('assign-none')),
    ].filter(Boolean);
  }

  function row({ id, name }, isChosen, about, then = null) {
    return el(
      'label',
      { class: 'choice assign-row' },
      el('input', { type: 'radio', name: 'coordinator', value: id ?? '', checked: isChosen }),
      el('span', { class: 'row-main' }, el('strong', {}, name), el('span', { class: 'muted small' }, about)),
      then && el('span', { class: 'row-side' }, then),
    );
  }
}
