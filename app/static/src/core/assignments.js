/** What each coordinator would have to do by a draft. */
import { plannedId } from './tint_legend.js';

/**
 * Coordinators with their load: grids the draft plans for them; those it says nothing of stay with whoever holds the
 * grid of that code now.
 *
 * @param {{id: number, name: string, grids: string[]}[]} coordinators with codes of the grids they hold now
 * @param {{code: string, households: number, planned: {id: number} | null}[]} grids of the draft
 * @returns {{id: number, name: string, grids: number, households: number}[]} the least loaded first
 */
export function loadsOf(coordinators, grids) {
  const holder = new Map(coordinators.flatMap(one => one.grids.map(code => [code, one.id])));
  const loads = new Map(coordinators.map(({ id, name }) => [id, { id, name, grids: 0, households: 0 }]));
  for (const grid of grids) {
    const load = loads.get(plannedId(grid) ?? holder.get(grid.code));
    if (!load) continue;
    load.grids += 1;
    load.households += grid.households;
  }
  return [...loads.values()].sort((a, b) => a.households - b.households || (a.name < b.name ? -1 : 1));
}
