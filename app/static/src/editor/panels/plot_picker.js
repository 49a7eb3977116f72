/**
 * Plots of a grid to tick, told by how large they are and what is near, for nobody has ever named them. What is ticked
 * is hatched on the map.
 */
import { el, fill } from '../../frame/dom.js';
import { t } from '../../words.js';
import { callOf, format } from './desk.js';
import { callOfBuilding } from './line_form.js';
import { pickerRow } from './picker_row.js';

/**
 * @param {object} desk whose editor has the ground of the grid
 * @param {number} id of the grid
 * @param {object[]} buildings of the grid, as the API tells them
 * @param {{isOpenOnly: boolean}} wish only plots without a building; else these come first
 */
export function plotPicker(desk, id, buildings, { isOpenOnly }) {
  const { editor } = desk;
  const { ground } = editor;
  const plots = editor.plan
    .grid(id)
    .plots.map(plot => ground.plot(plot))
    .filter(plot => !isOpenOnly || !plot.buildings)
    .sort((one, other) => Boolean(one.buildings) - Boolean(other.buildings) || other.area - one.area);
  const near = nearestOf(buildings, ground);
  const ticked = new Set();
  const counted = el('p', { class: 'muted small', role: 'status' });
  const wrong = el('p', { class: 'error', role: 'alert', hidden: true }, t('plots-none-ticked'));

  function say() {
    const area = [...ticked].reduce((sum, plot) => sum + ground.plot(plot).area, 0);
    counted.textContent = t('plots-count', {
      found: plots.length,
      ticked: ticked.size,
      area: format.area(area),
    });
  }

  function besideOf(plot) {
    const around = [...ground.around(plot.id)].filter(([, { open }]) => open);
    const grids = new Set(around.map(([other]) => editor.plan.gridOf(other)));
    const names = [...grids].filter(grid => grid !== undefined && grid !== id).map(grid => desk.grid(grid));
    return names.map(callOf).sort().join(t('list-comma'));
  }

  function row(plot) {
    const [closest, beside] = [near(plot), besideOf(plot)];
    const besides = [
      !plot.buildings && closest && t('plots-near', { building: callOfBuilding(closest) }),
      beside && t('plots-beside', { grids: beside }),
    ];
    const name =
      plot.buildings && closest ? t('plots-around', { building: callOfBuilding(closest) }) : t('plots-open');
    return pickerRow(ticked, plot.id, { name, besides, figure: format.area(plot.area) }, () => {
      wrong.hidden = true;
      editor.select({ grids: [id], plots: [...ticked] });
      say();
    });
  }

  const list = el('ul', { class: 'picker-list', 'aria-label': t('plots-list') });
  fill(list, ...plots.map(row));
  say();
  return {
    root: el('div', { class: 'picker' }, counted, list, wrong),
    isEmpty: !plots.length,

    /** Ids of the plots ticked. */
    chosen: () => [...ticked],

    /** Whether any is ticked; else it says so. */
    isReady() {
      wrong.hidden = ticked.size > 0;
      if (!ticked.size) list.querySelector('input')?.focus();
      return ticked.size > 0;
    },
  };
}

/** The building on a plot, else the one that stands nearest to its middle. */
function nearestOf(buildings, ground) {
  const standing = buildings.map(building => ({ building, at: ground.metres(building.position) }));
  return ({ at: [x, y] }) => {
    const far = ({ at }) => Math.hypot(at[0] - x, at[1] - y);
    return standing.length
      ? standing.reduce((best, one) => (far(one) < far(best) ? one : best)).building
      : null;
  };
}
