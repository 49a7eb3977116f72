/** What a grid comes to, and what changes hands: sums over plots, and nothing else. */
import { isSpecial } from '../core/slots.js';

/**
 * Figures of a grid of a plan.
 *
 * `walk_m` is the mean way (metres) from the grid's middle to a household: along the points of neighbouring
 * plots, weighted by households; the middle is the plot nearest to the households' centre. No street is walked,
 * so it compares grids and says little of minutes.
 *
 * @param {object} plan @param {object} ground
 * @param {number | string} id
 * @param {{target: number, least: number, most: number, classes: (number | null)[][]}} band
 * @returns {object | null} null for a grid that is given up
 */
export function figuresOf(plan, ground, id, band) {
  const grid = plan.grid(id);
  if (!grid) return null;
  const { households, buildings, area_m2, perimeter_m } = grid;
  const outside = isSpecial(grid); // of the band
  const load = loadOf(grid);
  return {
    id,
    code: grid.code,
    name: grid.name,
    kind: grid.kind,
    households,
    buildings,
    area_m2,
    perimeter_m,
    load,
    deviation: band.target ? load / band.target - 1 : 0,
    class: households > 0 && !outside ? classOf(load, band) : null,
    in_band: outside ? null : load >= band.least && load <= band.most,
    compactness: perimeter_m > 0 ? (4 * Math.PI * area_m2) / perimeter_m ** 2 : null,
    walk_m: ground.missing(grid.plots).length ? null : walkOf(grid.plots, ground),
    isEstimate: Boolean(grid.isEstimate),
  };
}

/**
 * Households, or what the plan's formula made of them: the browser knows no formula, so what the households of
 * a grid weighed when the server last told is taken for all of them.
 */
export function loadOf({ households, load, told }) {
  if (load === null || load === undefined || !told?.households) return households;
  return (load / told.households) * households;
}

/** Class −3 … +3 of a load, by the ranges the plan tells. */
export function classOf(load, { classes }) {
  const at = classes.findIndex(([, most]) => most === null || load <= most);
  return (at < 0 ? classes.length - 1 : at) - (classes.length - 1) / 2;
}

/** See `figuresOf`. @param {number[]} ids plots of one grid @returns {number | null} null where nobody lives */
export function walkOf(ids, ground) {
  const plots = ids.map(ground.plot);
  const households = plots.reduce((sum, plot) => sum + plot.households, 0);
  if (!households) return null;
  const mean = axis => plots.reduce((sum, plot) => sum + plot.at[axis] * plot.households, 0) / households;
  const centre = [mean(0), mean(1)];
  const middle = plots.reduce((best, plot) =>
    apart(plot.at, centre) < apart(best.at, centre) ? plot : best,
  );
  const ways = waysFrom(middle.id, new Set(ids), ground);
  let sum = 0;
  for (const plot of plots) sum += plot.households * (ways.get(plot.id) ?? apart(plot.at, middle.at));
  return sum / households;
}

/** Metres from a plot to each other of its grid, from point to point of neighbours (Dijkstra 1959). */
function waysFrom(start, ids, ground) {
  const [ways, waiting] = [new Map(), new Map([[start, 0]])];
  while (waiting.size) {
    let [nearest, shortest] = [null, Infinity];
    for (const [id, way] of waiting) if (way < shortest) [nearest, shortest] = [id, way];
    waiting.delete(nearest);
    ways.set(nearest, shortest);
    const { at } = ground.plot(nearest);
    for (const [other, { open }] of ground.around(nearest)) {
      if (!open || !ids.has(other) || ways.has(other)) continue;
      const way = shortest + apart(at, ground.plot(other).at);
      if (way < (waiting.get(other) ?? Infinity)) waiting.set(other, way);
    }
  }
  return ways;
}

function apart([ax, ay], [bx, by]) {
  return Math.hypot(ax - bx, ay - by);
}

/**
 * What changes hands between two plans, of the plots named.
 *
 * @param {Iterable<number>} plots that may differ @param {object} before @param {object} after @param {object} ground
 * @returns {{plots: number, households: number, buildings: number, people: number | null, grids: Set<string>}}
 *   people: residents, null where they are not known; grids: codes of those that differ
 */
export function handed(plots, before, after, ground) {
  const sum = { plots: 0, households: 0, buildings: 0, people: 0, grids: new Set() };
  for (const id of plots) {
    const [was, is] = [before.gridOf(id), after.gridOf(id)];
    if (was === is) continue;
    const plot = ground.plot(id);
    sum.plots += 1;
    sum.households += plot?.households ?? 0;
    sum.buildings += plot?.buildings ?? 0;
    const people = ground.residentsOn?.(id);
    sum.people = people === undefined || sum.people === null ? null : sum.people + people;
    for (const grid of [before.grid(was), after.grid(is)]) if (grid) sum.grids.add(grid.code);
  }
  return sum;
}
