/** A list of buildings to tick, with words to find some of them and a button that ticks all that were found. */
import { el, fill, icon } from '../../frame/dom.js';
import { nameOf } from '../../panels/names.js';
import { t } from '../../words.js';
import { pickerRow } from './picker_row.js';

const SHOWN = 100;

/** @param {object[]} buildings as the API tells those of a grid */
export function buildingPicker(buildings) {
  const ticked = new Set();
  let words = '';
  const list = el('ul', { class: 'picker-list', 'aria-label': t('picker-buildings') });
  const counted = el('p', { class: 'muted small', role: 'status' });
  const wrong = el('p', { class: 'error', role: 'alert', hidden: true }, t('picker-none'));
  const find = el('input', {
    type: 'search',
    autocomplete: 'off',
    placeholder: t('picker-find'),
    'aria-label': t('picker-find'),
    oninput: ({ target }) => {
      words = target.value.trim().toLowerCase();
      draw();
    },
  });
  const all = el(
    'button',
    {
      type: 'button',
      class: 'button',
      onclick: () => {
        const shown = found();
        const take = !shown.every(({ id }) => ticked.has(id));
        for (const { id } of shown)
          if (take) ticked.add(id);
          else ticked.delete(id);
        draw();
      },
    },
    icon('list-checks'),
    t('picker-all'),
  );

  const found = () =>
    buildings.filter(one =>
      [one.name, one.name_pinyin, one.address, one.code].some(text => text?.toLowerCase().includes(words)),
    );

  function draw() {
    const shown = found();
    fill(list, ...shown.slice(0, SHOWN).map(row));
    all.disabled = !shown.length;
    say();
    wrong.hidden = true;
  }

  function say() {
    const households = buildings.reduce((sum, one) => sum + (ticked.has(one.id) ? one.households : 0), 0);
    counted.textContent = t('picker-count', { found: found().length, ticked: ticked.size, households });
  }

  const row = one => {
    const name = nameOf(one) || one.address || one.code;
    const besides = [nameOf(one) ? one.address : null, one.code].filter(text => text !== name);
    return pickerRow(
      ticked,
      one.id,
      { name, besides, figure: t('grid-households', { n: one.households }) },
      () => {
        wrong.hidden = true;
        say();
      },
    );
  };

  draw();
  return {
    root: el(
      'div',
      { class: 'picker' },
      find,
      el('div', { class: 'picker-line' }, counted, all),
      list,
      wrong,
    ),

    /** Ids of the buildings ticked. */
    chosen: () => [...ticked],

    /** Say that none is. */
    complain() {
      wrong.hidden = false;
      find.focus();
    },
  };
}
