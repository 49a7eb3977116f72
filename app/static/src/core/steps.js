/** From grid to grid by arrow keys: the nearest that lies that way. */

const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const ASIDE = 2.2; // how much longer a step to the side counts than one ahead

/**
 * @param {object[]} grids with id, label [lon, lat] @param {object} from one of them
 * @param {keyof WAYS} key
 * @returns {object | null} null where none lies that way
 */
export function gridTowards(grids, from, key) {
  const [east, north] = WAYS[key];
  const narrower = Math.cos((from.label[1] * Math.PI) / 180);
  let best = null,
    shortest = Infinity;
  for (const grid of grids) {
    if (grid.id === from.id) continue;
    const [x, y] = [(grid.label[0] - from.label[0]) * narrower, grid.label[1] - from.label[1]];
    const [ahead, aside] = [x * east + y * north, Math.abs(x * north) + Math.abs(y * east)];
    if (ahead <= 0 || aside > ahead * 2) continue;
    const length = ahead + ASIDE * aside;
    if (length < shortest) [best, shortest] = [grid, length];
  }
  return best;
}

export function isStep(key) {
  return key in WAYS;
}
