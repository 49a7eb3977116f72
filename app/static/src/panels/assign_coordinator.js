/** Who answers for a grid in force from now on: a question with the coordinators of its community. */
import { formats } from '../core/formats.js';
import { get, send } from '../frame/api.js';
import { el } from '../frame/dom.js';
import { locale, t } from '../words.js';

const format = formats(locale);

/**
 * @param {object} grid as lists tell it @param {string} title what it is called
 * @returns {Promise<boolean>} whether somebody else answers now; problems are thrown
 */
export async function assignCoordinator(grid, title) {
  const { coordinators } = await get(`/api/places/${grid.community}/coordinators`);
  const chosen = await asked(coordinators, grid, title);
  if (chosen === null) return false;
  await send('PUT', `/api/grids/${grid.id}/coordinator`, { person: chosen ? Number(chosen) : null });
  return true;
}

function asked(coordinators, grid, title) {
  const select = el(
    'select',
    { id: 'coordinator' },
    el('option', { value: '' }, t('life-assign-nobody')),
    ...coordinators.map(one =>
      el(
        'option',
        { value: one.id, selected: one.grids.includes(grid.code) },
        t('life-assign-load', {
          name: one.name,
          grids: one.grids.length,
          households: format.count(one.households),
        }),
      ),
    ),
  );
  const dialog = el(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'assign' },
    el('h2', { id: 'assign' }, t('life-assign-title', { grid: title })),
    el('p', { class: 'muted' }, t('life-assign-about')),
    el(
      'form',
      { method: 'dialog', class: 'form' },
      el('div', { class: 'field' }, el('label', { for: 'coordinator' }, t('grid-coordinator')), select),
      el(
        'div',
        { class: 'buttons' },
        el('button', { class: 'button', value: '' }, t('life-not')),
        el('button', { class: 'button primary', value: 'yes' }, t('life-assign-save')),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise(resolve =>
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes' ? select.value : null);
    }),
  );
}
