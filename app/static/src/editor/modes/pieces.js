/** What the bar of a tool is made of. */
import { numberOf } from '../../core/labels.js';
import { el, icon } from '../../frame/dom.js';
import { t } from '../../words.js';

/** @param {string} words @param {Node | null} symbol @param {() => void} act @param {object} [more] attributes */
export function button(words, symbol, act, more = {}) {
  const { primary = false, ...rest } = more;
  return el(
    'button',
    { type: 'button', class: `button${primary ? ' primary' : ''}`, onclick: act, ...rest },
    symbol,
    el('span', {}, words),
  );
}

/**
 * Accept and Cancel, where there is something to accept.
 *
 * @param {{editor: object}} tools @param {() => void} cancel
 * @param {() => void} [accept] @param {boolean} [isRefused] whether nothing of what is shown can be done
 */
export function acceptButtons(
  { editor },
  cancel,
  accept = () => editor.accept(),
  isRefused = Boolean(editor.previewed?.refusal),
) {
  if (!editor.previewed) return [];
  return [
    button(t('edit-accept'), icon('check'), accept, {
      primary: true,
      'data-act': 'accept',
      disabled: isRefused,
      title: 'Enter',
    }),
    button(t('edit-cancel'), icon('x'), cancel, { 'data-act': 'cancel', title: 'Esc' }),
  ];
}

/** What a grid is called on the map: its name, else its number. */
export function titleOfGrid(grid) {
  if (!grid) return '';
  if (!grid.code) return grid.name || t('edit-new-grid');
  return grid.name || numberOf(grid.code);
}

/** A choice of grids, by what they are called. @param {object[]} grids @param {(id: number) => void} choose */
export function gridButtons(grids, choose, chosen = null) {
  return grids.map(grid =>
    el(
      'button',
      {
        type: 'button',
        class: 'chip',
        'aria-pressed': String(grid.id === chosen),
        onclick: () => choose(grid.id),
      },
      t('edit-grid-chip', { grid: titleOfGrid(grid), households: grid.households }),
    ),
  );
}

/** A question in the bar: its words and the field. */
export function asked(words, field) {
  return el('label', { class: 'edit-asked' }, el('span', {}, words), field);
}

/** Why the map says no, as a sentence. @param {{code: string, facts?: object, detail?: string}} refusal */
export function reasonOf({ code, facts = {}, detail }) {
  if (detail) return detail;
  const { grid = '', buildings = [], pieces = 0, plots = [] } = facts;
  return t('edit-refusal', {
    code,
    grid: grid ? numberOf(String(grid)) : '',
    pieces,
    plots: plots.length,
    named: buildings.length ? 'yes' : 'no',
    buildings: buildings.join(t('list-comma')),
    building: facts.building ?? '',
  });
}
