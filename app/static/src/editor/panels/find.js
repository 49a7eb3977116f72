/** Finding a grid, building, address or street, and going there: the search of the map page, in a dialog. */
import { el, icon } from '../../frame/dom.js';
import { makeSearch } from '../../panels/search.js';
import { t } from '../../words.js';

const AROUND = 0.0012; // degrees around a point, so that there is something to see of where it lies

/**
 * @param {object} desk
 * @param {{openGrid: (grid: number) => void}} acts
 * @returns {() => void} opens it
 */
export function makeFind(desk, { openGrid }) {
  const { editor, plan, place } = desk;
  const input = el('input', {
    type: 'search',
    id: 'find',
    role: 'combobox',
    autocomplete: 'off',
    'aria-expanded': 'false',
    'aria-controls': 'found',
    'aria-autocomplete': 'list',
    'aria-label': t('map-search'),
    placeholder: t('map-search'),
  });
  const box = el('div', {
    class: 'found',
    id: 'found',
    role: 'listbox',
    'aria-label': t('map-found'),
    hidden: true,
  });
  const dialog = el(
    'dialog',
    { class: 'dialog find', 'aria-label': t('map-search') },
    el('div', { class: 'search' }, icon('search'), input),
    box,
  );
  document.body.append(dialog);
  dialog.addEventListener('click', event => event.target === dialog && dialog.close());
  makeSearch(input, box, {
    address: words => `/api/places/${place.code}/search?plan=${plan.id}&q=${encodeURIComponent(words)}`,
    choose,
    communityOf: code => desk.communities.get(code),
  });

  function choose(kind, found) {
    dialog.close();
    const grid = desk.grids().find(one => one.code === (kind === 'grids' ? found.code : found.grid?.code));
    if (grid) editor.select({ grids: [grid.id] });
    if (grid && kind === 'grids') openGrid(grid.id);
    const [lon, lat] = found.position ?? [];
    const bbox =
      found.bbox ?? (found.position ? [lon - AROUND, lat - AROUND, lon + AROUND, lat + AROUND] : grid?.bbox);
    if (bbox) editor.goTo(bbox);
    desk.say(t('find-went', { what: input.value }));
  }

  return () => {
    if (!dialog.open) dialog.showModal();
    input.focus();
    input.select();
  };
}
