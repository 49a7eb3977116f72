/** Which person has how many grids of a draft, for the legend of a map coloured by coordinators. */

/** Id of whom the draft plans for a grid: a change on its way to the server knows no more of a person. */
export const plannedId = ({ planned }) =>
  planned && typeof planned === 'object' ? planned.id : (planned ?? null);

/**
 * @param {object[]} grids @param {(grid: object) => string} fillOf its colour on the map
 * @param {(grid: object) => {id?: number, name: string} | null} answersFor who would answer for it
 * @returns {{person: {id?: number, name: string} | null, fill: string, grids: number, households: number}[]} the most
 *   households first, nobody last
 */
export function sharesOf(grids, fillOf, answersFor) {
  const shares = new Map();
  for (const grid of grids) {
    const person = answersFor(grid);
    const key = person ? String(person.id ?? person.name) : '';
    const share = shares.get(key) ?? { person, fill: fillOf(grid), grids: 0, households: 0 };
    share.grids += 1;
    share.households += grid.households;
    shares.set(key, share);
  }
  return [...shares.values()].sort(
    (a, b) => Number(!a.person) - Number(!b.person) || b.households - a.households,
  );
}
