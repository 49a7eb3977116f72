/** The order of a walk, planned anew on the way: a stop is skipped, or one begins elsewhere. */

const LEAST_GAIN = 1e-9;

/**
 * Stops from one on, each once, on a short path: nearest first, then parts are turned round while that helps.
 *
 * @param {number[]} stops ids that are left
 * @param {number | null} from id of the stop to begin at; null: the first one
 * @param {{stops: number[], metres: number[][]}} walk as the pack has it
 * @returns {number[]}
 */
export function planned(stops, from, { stops: known, metres }) {
  const at = new Map(known.map((id, index) => [id, index]));
  const left = stops.filter(id => at.has(id));
  if (!left.length) return [...stops];
  const way = (one, other) => metres[at.get(one)][at.get(other)];
  const order = nearestFirst(left, left.includes(from) ? from : left[0], way);
  while (turnedRound(order, way));
  return [...order, ...stops.filter(id => !at.has(id))];
}

/** Metres of a walk. */
export function metresOf(order, { stops: known, metres }) {
  const at = new Map(known.map((id, index) => [id, index]));
  const on = order.filter(id => at.has(id));
  return on.slice(1).reduce((sum, id, index) => sum + metres[at.get(on[index])][at.get(id)], 0);
}

function nearestFirst(stops, first, way) {
  const left = new Set(stops);
  const order = [first];
  left.delete(first);
  while (left.size) {
    const here = order.at(-1);
    const next = [...left].reduce((best, id) => (way(here, id) < way(here, best) ? id : best));
    order.push(next);
    left.delete(next);
  }
  return order;
}

/** Turn the first part round whose turning shortens the path; whether there was one. The first stop stays. */
function turnedRound(order, way) {
  for (let i = 1; i < order.length - 1; i += 1) {
    for (let j = i + 1; j < order.length; j += 1) {
      const after = j + 1 < order.length;
      const now = way(order[i - 1], order[i]) + (after ? way(order[j], order[j + 1]) : 0);
      const then = way(order[i - 1], order[j]) + (after ? way(order[i], order[j + 1]) : 0);
      if (now - then > LEAST_GAIN) {
        order.splice(i, j - i + 1, ...order.slice(i, j + 1).reverse());
        return true;
      }
    }
  }
  return false;
}
