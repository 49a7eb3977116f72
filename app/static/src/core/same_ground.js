/** Which grids changed most between the first and the last time they were counted, all on the same ground. */

/**
 * @param {{grids: object[], times: {grids: {grid: number, households: number}[]}[]}} ground as the API tells it
 * @param {number} most rows
 * @returns {{code: string, name: string | null, then: number, now: number}[]} households; those that stayed are left out
 */
export function mostChanged({ grids, times }, most) {
  const [then, now] = [householdsOf(times[0]), householdsOf(times.at(-1))];
  return grids
    .map(({ id, code, name }) => ({ code, name, then: count(then, id), now: count(now, id) }))
    .filter(row => row.then !== row.now && row.then !== null && row.now !== null)
    .sort((a, b) => Math.abs(b.now - b.then) - Math.abs(a.now - a.then) || (a.code < b.code ? -1 : 1))
    .slice(0, most);
}

/** Null where it is not told. */
function count(households, id) {
  return households.has(id) ? households.get(id) : 0;
}

function householdsOf(time) {
  return new Map(time.grids.map(row => [row.grid, row.households]));
}
