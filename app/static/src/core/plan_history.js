/** The history of a plan as rows to read: which edits hold, which were undone, and which state is looked at. */

/** Which edits are no use to list: an undo is told by striking what it undid. */
const isReversal = ({ kind }) => kind === 'undo';

/** What an edit is called: its version, or the key of one that is still on its way to the server. */
export const nameOf = edit => edit.version ?? edit.key;

/**
 * Whether an edit holds no longer. An edit undone by an undo that was itself undone holds again.
 *
 * @param {object} edit @param {Map<number | string, object>} byName
 */
export function isUndone(edit, byName) {
  if (!edit.undone_by) return false;
  const by = byName.get(edit.undone_by);
  return by ? !isUndone(by, byName) : true; // an undo beyond what was fetched
}

/**
 * Rows of the history, newest first, gathered by day.
 *
 * @param {object[]} edits as the API tells them, newest first; those on their way have a key and no version
 * @param {{reversals?: boolean, dayOf?: (at: string) => string}} [wish] reversals: whether undoing has rows of its own
 * @returns {{day: string, rows: {edit: object, undone: boolean, current: boolean}[]}[]}
 */
export function daysOf(edits, { reversals = false, dayOf = at => at.slice(0, 10) } = {}) {
  const byName = new Map(edits.map(edit => [nameOf(edit), edit]));
  const newest = edits[0];
  const days = [];
  for (const edit of edits) {
    if (isReversal(edit) && !reversals) continue;
    const day = dayOf(edit.at);
    if (days.at(-1)?.day !== day) days.push({ day, rows: [] });
    days.at(-1).rows.push({ edit, undone: isUndone(edit, byName), current: edit === newest });
  }
  return days;
}

/**
 * What differs between two states of a plan.
 *
 * @param {object} before a state as GET states/VERSION tells it @param {object} after
 * @param {(plot: number) => {households: number, buildings: number} | undefined} [about] figures of plots that are known
 * @returns {{from: Grid | null, to: Grid | null, plots: number[], households: number, buildings: number,
 *   unknown: number}[]} the most households first; a Grid is {id, code, name}; unknown: plots without figures
 */
export function movesBetween(before, after, about = () => undefined) {
  const [was, now] = [gridOfPlots(before), gridOfPlots(after)];
  const grids = new Map([...before.grids, ...after.grids].map(grid => [grid.id, grid]));
  const found = new Map();
  for (const plot of new Set([...was.keys(), ...now.keys()])) {
    const [from, to] = [was.get(plot) ?? null, now.get(plot) ?? null];
    if (from === to) continue;
    const key = `${from} ${to}`;
    if (!found.has(key))
      found.set(key, {
        from: grids.get(from) ?? null,
        to: grids.get(to) ?? null,
        plots: [],
        households: 0,
        buildings: 0,
        unknown: 0,
      });
    add(found.get(key), plot, about(plot));
  }
  return [...found.values()].sort((a, b) => b.households - a.households || b.plots.length - a.plots.length);
}

function add(move, plot, known) {
  move.plots.push(plot);
  if (known) {
    move.households += known.households;
    move.buildings += known.buildings;
  } else move.unknown += 1;
}

/** Grids renamed, renumbered, of another kind or planned for somebody else between two states. */
export function changesBetween(before, after) {
  const was = new Map(before.grids.map(grid => [grid.id, grid]));
  return after.grids.flatMap(grid => {
    const former = was.get(grid.id);
    if (!former) return [];
    return ['code', 'name', 'kind', 'planned', 'own_lock']
      .filter(attribute => valueOf(former[attribute]) !== valueOf(grid[attribute]))
      .map(attribute => ({ grid, attribute, was: former[attribute] ?? null, now: grid[attribute] ?? null }));
  });
}

/** People are compared by their id. */
function valueOf(value) {
  return value && typeof value === 'object' ? value.id : (value ?? null);
}

/** plot -> grid of a state. */
function gridOfPlots({ grids }) {
  return new Map(grids.flatMap(({ id, plots }) => plots.map(plot => [plot, id])));
}

/** The moves of one state to another as an edit takes them: {plot: [from, to]} of plots that are in both. */
export function asMoves(between) {
  return Object.fromEntries(
    between
      .filter(({ from, to }) => from && to)
      .flatMap(({ from, to, plots }) => plots.map(plot => [plot, [from.id, to.id]])),
  );
}
