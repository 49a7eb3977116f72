/** The problems of a plan as a list one walks through: counted by kind, one looked at, the next and the one before. */

/** In the order a manager mends them: what is broken before what is uneven. */
export const KINDS = [
  'grid_in_pieces',
  'community_crossed',
  'compound_divided',
  'out_of_band',
  'walk_too_far',
  'vacancy',
  'code_missing',
];

/** Kinds the engine has proposals for. */
const MENDED = ['grid_in_pieces', 'out_of_band', 'compound_divided'];

/** Kinds a coordinator mends. */
export const isVacancy = ({ kind }) => kind === 'vacancy';

export const hasProposals = ({ kind, grids }) => MENDED.includes(kind) && grids.length > 0;

/** What makes a problem the same one after it was looked for anew. */
export function keyOf({ kind, grids, facts = {} }) {
  return [kind, ...grids.map(grid => grid.id).sort((a, b) => a - b), facts.compound ?? ''].join(' ');
}

/** How many there are of each kind, in the order of KINDS; kinds without any are left out. */
export function countsOf(problems) {
  const counts = new Map();
  for (const { kind } of problems) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const known = KINDS.filter(kind => counts.has(kind));
  const others = [...counts.keys()].filter(kind => !KINDS.includes(kind));
  return [...known, ...others].map(kind => ({ kind, count: counts.get(kind) }));
}

/** Those of one kind, or all where none is named; the order of the server stays. */
export function ofKind(problems, kind) {
  return kind ? problems.filter(problem => problem.kind === kind) : problems;
}

/**
 * The problem before or after the one looked at, round and round.
 *
 * @param {object[]} problems @param {string | null} key of the one looked at @param {1 | -1} way
 * @returns {object | null} null where there is none
 */
export function stepTo(problems, key, way) {
  if (!problems.length) return null;
  const at = problems.findIndex(problem => keyOf(problem) === key);
  if (at < 0) return problems.at(way === 1 ? 0 : -1);
  return problems.at((at + way) % problems.length);
}

/**
 * Which part of a long list is shown: as before, unless the one looked at lies outside it.
 *
 * @param {object[]} problems @param {string | null} key of the one looked at
 * @param {{from: number, to: number}} part as shown before @param {number} most rows of a new part
 * @returns {{from: number, to: number}} numbers of the first row and of the one after the last
 */
export function partAround(problems, key, { from, to }, most) {
  const at = problems.findIndex(problem => keyOf(problem) === key);
  if (at >= 0 && (at < from || at >= to)) from = to = Math.floor(at / most) * most;
  if (from >= problems.length) from = to = 0;
  return { from: Math.max(0, from), to: Math.max(to, from + most) };
}

/**
 * What changed between two lists: what was mended and what is new.
 *
 * @returns {{mended: object[], fresh: object[]}}
 */
export function changeOf(before, after) {
  const [was, now] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))];
  return {
    mended: before.filter(problem => !now.has(keyOf(problem))),
    fresh: after.filter(problem => !was.has(keyOf(problem))),
  };
}
