/**
 * A plan in the browser: which plot is in which grid, and what each grid comes to. A value: `with(edit)` is
 * another plan that shares with this one all that the edit leaves as it was.
 *
 * An edit is what the server takes: `moves` {plot: [from, to]} and `grids` {key: …}, where a key is a grid's id or
 * "new:1" for one the edit makes; attributes change as [was, now] or, as the server stores it, {was, now}.
 */

const LONGEST_OVERLAY = 4000; // moved plots beside the shared table, before a new table is worth its price
export const ATTRIBUTES = ['code', 'name', 'kind', 'planned', 'own_lock'];

/** Something the server would refuse, by its code and facts. */
export class Refused extends Error {
  constructor(code, facts = {}) {
    super(code);
    Object.assign(this, { name: 'Refused', code, facts });
  }
}

/**
 * @param {object[]} rows as `GET /api/plans/ID/grids` tells them
 * @param {{id: number, plots: number[]}[]} assignment as `GET /api/plans/ID/assignment` tells it
 */
export function planOf(rows, assignment) {
  const byId = new Map(rows.map(row => [row.id, row]));
  const [grids, table] = [new Map(), new Map()];
  for (const { id, plots } of assignment) {
    grids.set(id, gridOf(toldBy(byId.get(id) ?? { ...UNTOLD, id }), plots));
    for (const plot of plots) table.set(plot, id);
  }
  return planFrom(table, new Map(), grids);
}

const UNTOLD = {
  code: '',
  name: null,
  kind: 'residential',
  households: 0,
  buildings: 0,
  area_m2: 0,
  perimeter_m: 0,
};

/** A row with the households its load is of, where the plan balances by a formula. */
function toldBy(row) {
  return row.load === null || row.load === undefined ? row : { ...row, told: { households: row.households } };
}

function gridOf(row, plots) {
  return Object.freeze({ ...row, plots: Object.freeze(plots) });
}

/**
 * @param {Map<number, number | string>} table plot -> grid, shared by plans
 * @param {Map<number, number | string>} moved what this plan has otherwise
 * @param {Map<number | string, object>} grids
 */
function planFrom(table, moved, grids) {
  const plan = {
    /** @returns {number | string | undefined} id of the grid a plot is in */
    gridOf: plot => moved.get(plot) ?? table.get(plot),

    /** @returns {object | undefined} its row, and `plots` */
    grid: id => grids.get(id),
    grids: () => grids.values(),
    get size() {
      return grids.size;
    },
    get plots() {
      return table.size;
    },
    byCode: code => [...grids.values()].find(grid => grid.code === code),

    /**
     * The plan after an edit. Grids whose plots have all come get their new figures; those of others stay until
     * the server tells them.
     *
     * @param {object} edit @param {object} ground
     * @throws {Refused} plot_moved: a plot is not where the edit takes it from
     */
    with(edit, ground) {
      const [nextMoved, nextGrids] = [new Map(moved), new Map(grids)];
      const changed = new Map(); // grid -> the figures in the making
      const open = id => {
        if (!changed.has(id)) changed.set(id, drawn(nextGrids.get(id)));
        return changed.get(id);
      };
      makeGrids(edit, nextGrids, open);
      for (const [key, [from, to]] of Object.entries(edit.moves ?? {})) {
        const plot = Number(key);
        if (plan.gridOf(plot) !== from) throw new Refused('plot_moved', { plot, grid: plan.gridOf(plot) });
        if (!nextGrids.has(to)) throw new Refused('grid_gone', { grid: to });
        if (from === to) continue;
        const [source, target] = [open(from), open(to)];
        takeOut(source, plot, ground);
        putIn(target, plot, ground);
        target.row.community ??= source.row.community;
        nextMoved.set(plot, to);
      }
      for (const [id, grid] of changed) {
        if (grid.plots.size) nextGrids.set(id, finished(grid));
        else nextGrids.delete(id);
      }
      if (nextMoved.size < LONGEST_OVERLAY) return planFrom(table, nextMoved, nextGrids);
      return planFrom(new Map([...table, ...nextMoved]), new Map(), nextGrids);
    },

    /** The same with what the server says of these grids. @param {object[]} rows */
    withRows(rows) {
      const next = new Map(grids);
      for (const row of rows)
        if (next.has(row.id)) next.set(row.id, gridOf(toldBy(row), next.get(row.id).plots));
      return planFrom(table, moved, next);
    },

    /** The same with grids called by the ids the server gave them. @param {Record<string, number>} made */
    renamed(made) {
      const ids = new Map(Object.entries(made));
      if (!ids.size) return plan;
      const nextMoved = new Map([...moved].map(([plot, grid]) => [plot, ids.get(grid) ?? grid]));
      const next = new Map(
        [...grids].map(([id, grid]) => {
          const now = ids.get(id) ?? id;
          return [now, now === id ? grid : gridOf({ ...grid, id: now }, grid.plots)];
        }),
      );
      return planFrom(table, nextMoved, next);
    },

    /** Ids of the grids that differ between two plans. */
    differing(other) {
      const ids = new Set();
      for (const [id, grid] of grids) if (other.grid(id) !== grid) ids.add(id);
      for (const { id } of other.grids()) if (!grids.has(id)) ids.add(id);
      return [...ids];
    },
  };
  return Object.freeze(plan);
}

/** The grids an edit makes or whose attributes it changes. */
function makeGrids(edit, grids, open) {
  for (const [key, change] of Object.entries(edit.grids ?? {})) {
    const id = grids.has(key) || key.startsWith('new:') ? key : Number(key);
    if (isMade(change, grids.has(id))) {
      const { was, now, ...said } = change;
      void was;
      grids.set(id, newGrid(id, now ?? said));
      open(id);
    } else if (change.now !== null) {
      if (!grids.has(id)) throw new Refused('grid_gone', { grid: id });
      const now =
        change.now ?? Object.fromEntries(Object.entries(change).map(([name, [, is]]) => [name, is]));
      relocked(Object.assign(open(id).row, attributesOf(now)));
    }
  }
}

/** As the server stores it (`was` null), or a grid that is not there yet. */
function isMade(change, stands) {
  return 'was' in change ? change.was === null && change.now !== null : !stands;
}

function attributesOf(said) {
  const known = Object.fromEntries(ATTRIBUTES.filter(name => name in said).map(name => [name, said[name]]));
  if ('planned_id' in said) known.planned = said.planned_id === null ? null : { id: said.planned_id };
  return known;
}

/** A row whose lock is the draft's own word, or without one the place's. */
function relocked(row) {
  if (row.own_lock !== undefined) row.locked = row.own_lock ?? row.place_lock ?? false;
  return row;
}

function newGrid(id, said) {
  const usual = { ...UNTOLD, planned: null, own_lock: null, locked: false, community: null };
  return gridOf(relocked({ ...usual, ...attributesOf(said), id, isNew: true }), []);
}

/** A grid opened for change. */
function drawn(grid) {
  const { plots, ...row } = grid;
  return { row, plots: new Set(plots) };
}

function finished({ row, plots }) {
  return gridOf(row, [...plots]);
}

function takeOut(grid, id, ground) {
  grid.plots.delete(id);
  count(grid, id, ground, -1);
}

function putIn(grid, id, ground) {
  count(grid, id, ground, 1);
  grid.plots.add(id);
}

/** Households, buildings, ground and border of a grid without the plot, which comes or goes. */
function count({ row, plots }, id, ground, sign) {
  const plot = ground?.plot(id);
  if (!plot) return void (row.isEstimate = true);
  let shared = 0;
  for (const [other, { metres }] of ground.around(id)) if (plots.has(other)) shared += metres;
  row.households += sign * plot.households;
  row.buildings += sign * plot.buildings;
  row.area_m2 += sign * plot.area;
  row.perimeter_m += sign * (plot.perimeter - 2 * shared);
}

/** The grids of a plan that an edit gives up, as the server stores them. */
export function goneBy(edit, plan, after) {
  const left = new Set(Object.values(edit.moves ?? {}).map(([from]) => from));
  const attributes = grid => Object.fromEntries(ATTRIBUTES.map(name => [name, grid[name] ?? null]));
  return Object.fromEntries(
    [...left]
      .filter(id => plan.grid(id) && !after.grid(id))
      .map(id => [id, { was: attributes(plan.grid(id)), now: null }]),
  );
}

/**
 * The same edit begun from another plan: plots come from where they are there, attributes change from what they are
 * there. What is so already, or is of a grid that is gone, falls away.
 */
export function begunFrom(plan, edit) {
  const moves = Object.entries(edit.moves ?? {})
    .map(([plot, [, to]]) => [plot, [plan.gridOf(Number(plot)), to]])
    .filter(([, [from, to]]) => from !== to);
  const grids = Object.entries(edit.grids ?? {}).flatMap(([key, change]) => {
    if (key.startsWith('new:') || 'was' in change) return [[key, change]];
    const grid = plan.grid(Number(key));
    const changed = Object.entries(grid ? change : {})
      .map(([name, [, now]]) => [name, [storedOf(grid[name]), now]])
      .filter(([, [was, now]]) => was !== now);
    return changed.length ? [[key, Object.fromEntries(changed)]] : [];
  });
  return { ...edit, moves: Object.fromEntries(moves), grids: Object.fromEntries(grids) };
}

/** People are stored by their ids. */
function storedOf(value) {
  return value && typeof value === 'object' ? value.id : (value ?? null);
}

/** What takes an edit back: plots go where they were, attributes are what they were. */
export function inverseOf(edit) {
  const moves = Object.fromEntries(
    Object.entries(edit.moves ?? {}).map(([plot, [from, to]]) => [plot, [to, from]]),
  );
  const grids = Object.fromEntries(
    Object.entries({ ...(edit.changes ?? edit.grids), ...edit.gone }).map(([id, change]) => [
      id,
      backwards(change),
    ]),
  );
  return { moves, grids };
}

function backwards(change) {
  if ('was' in change) return { was: change.now, now: change.was };
  if (!Object.values(change).every(Array.isArray)) return { was: change, now: null };
  return Object.fromEntries(Object.entries(change).map(([name, [was, now]]) => [name, [now, was]]));
}
