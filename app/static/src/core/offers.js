/**
 * What an operation would do, before anybody has done it: an offer. The server works it out (POST operations); here
 * are its figures beside the plan's band, what to read aloud of it, and the edit that accepting it makes.
 */
import { sideOf } from './deviation.js';
import { numberOf } from './labels.js';

/**
 * A line for each grid an offer changes.
 *
 * @param {object} offer as POST operations answers
 * @param {{least: number, most: number}} band
 * @returns {{key: string, number: string, before: number, after: number, change: number, sideBefore: Side,
 *   sideAfter: Side, buildings: number, isNew: boolean, isGone: boolean}[]} in the order of the server; a Side is 'in',
 *   'few', 'many', or '' for a grid that has no band or is not there
 */
export function linesOf({ after }, band) {
  return after.map(grid => {
    const [was, now] = [grid.households_before ?? 0, grid.households_after ?? 0];
    return {
      key: String(grid.grid),
      number: grid.code ? numberOf(grid.code) : '',
      before: was,
      after: now,
      change: now - was,
      sideBefore: sideAs(grid.in_band_before, grid.load_before ?? was, band),
      sideAfter: sideAs(grid.in_band_after, grid.load_after ?? now, band),
      buildings: grid.buildings_after ?? 0,
      isNew: String(grid.grid).startsWith('new:'),
      isGone: Boolean(grid.gone),
    };
  });
}

/** @param {boolean | null | undefined} isIn whether it is in its band; nothing where it has none */
function sideAs(isIn, load, band) {
  if (isIn === null || isIn === undefined) return '';
  return isIn ? 'in' : sideOf(load, band);
}

/** Whether an offer can be accepted: it is not refused and changes something. */
export function isAcceptable(offer) {
  return !offer.refusal && (hasAny(offer.moves) || hasAny(offer.grids) || isCut(offer));
}

/** Whether it cuts ground: then its pieces are not there yet, and nothing moves. */
export const isCut = offer => offer.kind === 'cut';

function hasAny(table) {
  return Object.keys(table ?? {}).length > 0;
}

/** The edit that accepting an offer makes, as POST edits takes it. */
export function editOf({ kind, moves, grids, parameters }, note = null) {
  return { kind, moves: moves ?? {}, grids: grids ?? {}, parameters: parameters ?? {}, note: note || null };
}

/**
 * An edit of attributes of one grid, as POST edits takes it; null where nothing differs.
 *
 * @param {object} grid as it is: id, and the attributes
 * @param {Record<string, any>} wanted any of code, name, kind, planned
 */
export function changeOf(grid, wanted, note = null) {
  const changed = Object.entries(wanted).filter(([name, now]) => (grid[name] ?? null) !== (now ?? null));
  if (!changed.length) return null;
  const attributes = Object.fromEntries(
    changed.map(([name, now]) => [name, [grid[name] ?? null, now ?? null]]),
  );
  return {
    kind: 'change',
    moves: {},
    grids: { [grid.id]: attributes },
    parameters: changed.length === 1 ? { attribute: changed[0][0] } : {},
    note: note || null,
  };
}

const CODE_DIGITS = 15,
  STEM_DIGITS = 12;

/**
 * The code a number of a grid makes: the stem of its community and three digits.
 *
 * @returns {string | null} null for what is no number from 1 to 999
 */
export function codeWith(code, number) {
  const digits = number.trim();
  if (!/^\d{1,3}$/.test(digits) || Number(digits) === 0 || code.length !== CODE_DIGITS) return null;
  return code.slice(0, STEM_DIGITS) + digits.padStart(CODE_DIGITS - STEM_DIGITS, '0');
}
