/**
 * Two people changed the same: what each of them wants, as pieces to choose between. Plots that hang together and went
 * the same ways are one piece, for nobody decides thirty plots one by one; whose shall hold is said of each.
 */

/**
 * @param {{plots: object[], grids: object[]}} facts of the refusal `edit_conflict`
 * @param {(id: number | string) => {code: string, name?: string | null} | undefined} gridOf a grid by its id
 * @param {(plot: number) => Iterable<number>} [besides] the plots beside one: those of one way that do not hang
 *   together are pieces of their own then
 * @returns {{plots: {from: object, yours: object, theirs: object, by: object | null, plots: number[]}[],
 *   grids: {grid: object, attribute: string, yours: any, theirs: any, by: object | null}[]}}
 */
export function rowsOf({ plots = [], grids = [] }, gridOf, besides = null) {
  const named = id => gridOf(id) ?? { id, code: String(id ?? ''), name: null };
  const ways = new Map();
  for (const { plot, from, to, now, by } of plots) {
    if (to === now) continue; // both did the same
    const key = [from, to, now, by?.id ?? ''].join(' ');
    const way = ways.get(key) ?? {
      from: named(from),
      yours: named(to),
      theirs: named(now),
      by: by ?? null,
      plots: [],
    };
    way.plots.push(plot);
    ways.set(key, way);
  }
  return {
    plots: [...ways.values()]
      .flatMap(way =>
        (besides ? hangingTogether(way.plots, besides) : [way.plots]).map(own => ({ ...way, plots: own })),
      )
      .sort((a, b) => b.plots.length - a.plots.length),
    grids: grids.map(({ grid, attribute, yours, now, by }) => ({
      grid: named(grid),
      attribute,
      yours: yours ?? null,
      theirs: now ?? null,
      by: by ?? null,
    })),
  };
}

/** Plots in the pieces they hang together in. */
function hangingTogether(plots, besides) {
  const left = new Set(plots);
  const pieces = [];
  for (const first of plots) {
    if (!left.delete(first)) continue;
    const piece = [first];
    for (const one of piece) for (const other of besides(one)) if (left.delete(other)) piece.push(other);
    pieces.push(piece);
  }
  return pieces;
}

/** Whose shall hold, of all that clashes: nothing of theirs, or all. */
export const ALL_MINE = Object.freeze({ plots: new Set(), attributes: new Set() });

/** Stands for a grid they gave up: left to them, nothing goes to it. */
export const GONE = '';

/** What an attribute of a grid is called in a choice. */
export const attributeKey = (grid, attribute) => `${grid} ${attribute}`;

/**
 * An edit without what is left to somebody else. One that took something back is an edit like any other then: what it
 * brought back is made anew.
 *
 * @param {object} edit as it is to be done upon what they did
 * @param {{plots: Set<number>, attributes: Set<string>}} theirs plots, and attributes by `attributeKey`
 * @returns {object | null} null where nothing is left of it
 */
export function settledEdit(edit, theirs) {
  const { moves: named, grids: made } = edit.kind === 'undo' ? asMade(edit) : edit;
  const moves = Object.fromEntries(
    Object.entries(named ?? {}).filter(
      ([plot, [, to]]) => !theirs.plots.has(Number(plot)) && !theirs.attributes.has(attributeKey(to, GONE)),
    ),
  );
  const going = new Set(Object.values(moves).map(([, to]) => String(to)));
  const grids = Object.entries(made ?? {}).flatMap(([key, change]) => {
    if (key.startsWith('new:')) return going.has(key) ? [[key, change]] : [];
    if (theirs.attributes.has(attributeKey(key, GONE))) return [];
    const kept = Object.entries(change).filter(([name]) => !theirs.attributes.has(attributeKey(key, name)));
    return kept.length ? [[key, Object.fromEntries(kept)]] : [];
  });
  const [hasMoves, hasGrids] = [Object.keys(moves).length > 0, grids.length > 0];
  if (!hasMoves && !hasGrids) return null;
  const kind = edit.kind !== 'undo' && hasMoves ? edit.kind : hasMoves ? 'move' : 'change';
  const parameters = edit.kind === 'undo' ? {} : (edit.parameters ?? {});
  return { ...edit, kind, moves, grids: Object.fromEntries(grids), parameters };
}

/** The inverse of an edit with the grids that come back as new ones; those it would give up go of themselves. */
function asMade({ moves, grids }) {
  const names = new Map();
  const made = Object.entries(grids ?? {}).flatMap(([id, change]) => {
    if (!('was' in change)) return [[id, change]];
    if (change.was === null && change.now !== null) {
      const { planned_id: planned = null, community_id: community, ...said } = change.now;
      void community;
      names.set(id, `new:${names.size + 1}`);
      return [[names.get(id), { planned, ...said }]];
    }
    if (change.now === null) return [];
    return [
      [
        id,
        Object.fromEntries(
          Object.keys(change.now).map(name => [calledHere(name), [change.was[name], change.now[name]]]),
        ),
      ],
    ];
  });
  const called = id => names.get(String(id)) ?? id;
  const gone = Object.entries(moves ?? {}).map(([plot, [from, to]]) => [plot, [from, called(to)]]);
  return { moves: Object.fromEntries(gone), grids: Object.fromEntries(made) };
}

const calledHere = name => (name === 'planned_id' ? 'planned' : name);

/** Everybody whose changes stand against mine, once each. */
export function peopleIn({ plots, grids }) {
  const people = new Map([...plots, ...grids].filter(row => row.by).map(row => [row.by.id, row.by]));
  return [...people.values()];
}

/** One or two letters for somebody, as beside his changes on the map: Chinese names by the last two. */
export function initialsOf(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  if (!words.length) return '?';
  if (/[\u4e00-\u9fff]/.test(words[0])) return [...words.join('')].slice(-2).join('');
  const [first, last] = [words[0], words.length > 1 ? words.at(-1) : ''];
  return ([...first][0] + ([...last][0] ?? '')).toUpperCase();
}
