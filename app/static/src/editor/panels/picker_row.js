/** A row of a list to tick: a box, a name with what is known besides below it, and a figure at its end. */
import { el } from '../../frame/dom.js';

/**
 * @param {Set<number>} ticked ids; the box puts its own in and out
 * @param {number} id
 * @param {{name: string, besides: (string | null | false | undefined)[], figure: string}} told
 * @param {() => void} changed
 * @returns {HTMLLIElement}
 */
export function pickerRow(ticked, id, { name, besides, figure }, changed) {
  const box = el('input', {
    type: 'checkbox',
    value: id,
    checked: ticked.has(id),
    onchange: () => {
      if (box.checked) ticked.add(id);
      else ticked.delete(id);
      changed();
    },
  });
  return el(
    'li',
    {},
    el(
      'label',
      { class: 'choice picker-choice' },
      box,
      el(
        'span',
        { class: 'row-main' },
        name,
        el('span', { class: 'muted small' }, besides.filter(Boolean).join(' · ')),
      ),
      el('span', { class: 'row-side number' }, figure),
    ),
  );
}
