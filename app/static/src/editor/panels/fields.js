/** Fields of the forms in the panels. */
import { el } from '../../frame/dom.js';

/** A label over an input, and what is to be said below it. @param {string} words @param {HTMLElement} input with an id */
export function field(words, input, ...below) {
  return el('div', { class: 'field' }, el('label', { for: input.id }, words), input, ...below);
}

/** Where a name is written. @param {string} id @param {number} longest characters @param {string} [value] */
export function nameInput(id, longest, value = '') {
  return el('input', { type: 'text', id, maxlength: longest, value, autocomplete: 'off' });
}
