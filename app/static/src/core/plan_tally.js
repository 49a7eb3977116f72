/** What a draft comes to, counted from its grids as they are in the browser. */

/**
 * @param {object[]} grids @param {(grid: object) => 'in' | 'few' | 'many' | ''} sideOf '' for those that have no band
 * @param {(grid: object) => object | null} answersFor who would answer for one
 * @returns {{grids: number, counted: number, inBand: number, out: number, vacant: number}} counted: those with a band
 */
export function tallyOf(grids, sideOf, answersFor) {
  const sides = grids.map(sideOf).filter(Boolean);
  const inBand = sides.filter(side => side === 'in').length;
  return {
    grids: grids.length,
    counted: sides.length,
    inBand,
    out: sides.length - inBand,
    vacant: grids.filter(grid => grid.households > 0 && !answersFor(grid)).length,
  };
}
