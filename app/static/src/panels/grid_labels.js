/** What stands on each grid of a map, as points for `map.show({ labels })`. */
import { sign } from '../core/deviation.js';
import { labelOf } from '../core/labels.js';
import { isSpecial } from '../core/slots.js';
import { t } from '../words.js';
import { householdsOf } from './households.js';

/** How many households a grid has, or what it is where they do not count. */
export function countOf(grid, nobody = 'map-nobody') {
  if (isSpecial(grid)) return t('grid-kind', { kind: grid.kind });
  return grid.class === null ? t(nobody) : householdsOf(grid.households);
}

/** @param {object[]} grids as the API tells them; `mark` is said beside the households where there is one */
export function gridLabels(grids) {
  const text = grid =>
    labelOf(grid, {
      households: [countOf(grid, 'map-nobody-short'), grid.mark].filter(Boolean).join(' · '),
      coordinator: grid.coordinator?.name ?? (grid.vacant_since ? t('grid-vacant') : ''),
      sign: sign(grid),
    });
  const feature = grid => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: grid.label },
    properties: text(grid),
  });
  return { type: 'FeatureCollection', features: grids.map(feature) };
}
