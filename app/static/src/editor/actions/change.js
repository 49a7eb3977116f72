/** Change what a grid is called, its number, its kind, or who is planned for it. */
import { ATTRIBUTES } from '../plan.js';

/**
 * @param {object} plan @param {number} id @param {object} wanted some of ATTRIBUTES
 * @returns {object | null} null where nothing differs
 */
export function change(plan, id, wanted) {
  const grid = plan.grid(id);
  const differing = ATTRIBUTES.filter(name => name in wanted && !isSame(grid[name], wanted[name]));
  if (!differing.length) return null;
  const grids = {
    [id]: Object.fromEntries(differing.map(name => [name, [plain(grid[name]), plain(wanted[name])]])),
  };
  return { kind: 'change', moves: {}, grids, parameters: {} };
}

function isSame(one, other) {
  return plain(one) === plain(other);
}

/** A person goes by the id. */
function plain(value) {
  if (value === undefined || value === '') return null;
  return value && typeof value === 'object' ? value.id : value;
}
