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

/**
 * Lock grids, or take their locks off: no plot leaves or joins what is locked. A lock is of the draft, so that it is
 * in the history and is undone; where it says what the place says, the draft has no word of its own.
 *
 * @param {object} plan @param {Iterable<number>} ids @param {boolean} yes @returns {object | null}
 */
export function lock(plan, ids, yes) {
  const changes = [...ids].flatMap(id => {
    const grid = plan.grid(id);
    const word = yes === (grid.place_lock ?? false) ? null : yes;
    return Object.entries(change(plan, id, { own_lock: word })?.grids ?? {});
  });
  if (!changes.length) return null;
  const parameters = { attribute: yes ? 'locked' : 'unlocked' };
  return { kind: 'change', moves: {}, grids: Object.fromEntries(changes), parameters };
}

function isSame(one, other) {
  return plain(one) === plain(other);
}

/** A person goes by the id. */
function plain(value) {
  if (value === undefined || value === '') return null;
  return value && typeof value === 'object' ? value.id : value;
}
