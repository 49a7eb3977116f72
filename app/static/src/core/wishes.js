/**
 * What a manager wishes of a split: the state of the studio's form as one frozen value, the request it makes,
 * and the way back from the parameters a plan was split with.
 */

/** Bands to begin with. */
export const BANDS = [
  { name: 'usual', target: 300, least: 270, most: 330 },
  { name: 'wide', target: 400, least: 300, most: 500 },
];

/** Sorts of line that can divide grids, as plots know them, and what may be wished of each. */
export const LINES = ['arterial', 'secondary', 'local', 'river', 'rail', 'compound', 'administrative'];
export const WAYS = ['never', 'follow', 'free', 'avoid'];

/** Sorts of special grid. */
export const SPECIALS = ['mall', 'market', 'park', 'site'];

/** Formulas for what counts, ready made; null counts households. */
export const WEIGHTS = {
  households: null,
  buildings: 'households + 5*buildings',
  area: 'households + 5*area_ha',
};

const SLACK = 0.1; // a band around a target nobody gave a band to
const ROUNDING = 1e-6;

/**
 * @typedef {object} Wish
 * @property {'numbers' | 'coordinators'} size which of the two decides
 * @property {number} target @property {number} least @property {number} most households (or load) per grid
 * @property {number | null} coordinators
 * @property {string | null} weights a formula
 * @property {Record<string, string>} lines by sort: one of WAYS; what is not named is left to the engine
 * @property {number[][]} seeds lon/lat
 * @property {boolean} compounds whether they are kept whole where a grid can hold them
 * @property {boolean} locked @property {boolean} keepSpecial
 * @property {{kind: string, name: string, polygon: object}[]} special
 * @property {{least: number, most: number} | null} micro
 * @property {boolean} entrances whether marked buildings are divided by their entrances
 * @property {number} seed
 */

/** @type {Wish} */
export const USUAL = Object.freeze({
  size: 'numbers',
  target: 300,
  least: 270,
  most: 330,
  coordinators: null,
  weights: null,
  lines: Object.freeze({}),
  compounds: false,
  seeds: Object.freeze([]),
  locked: true,
  keepSpecial: true,
  special: Object.freeze([]),
  micro: null,
  entrances: false,
  seed: 1,
});

/** What is wished of a place before anybody says otherwise: the households per grid of its rules. */
export function usualIn(place) {
  const { target, least, most } = place?.size ?? USUAL;
  return Object.freeze({ ...USUAL, target, least, most });
}

/** The band of ten per cent around a target, in whole households. */
export function bandAround(target) {
  return {
    target,
    least: Math.max(1, Math.ceil(target * (1 - SLACK) - ROUNDING)),
    most: Math.floor(target * (1 + SLACK) + ROUNDING),
  };
}

/** The band a wish comes to, where so many households live. */
export function bandOf(wish, households) {
  if (wish.size === 'coordinators' && wish.coordinators > 0)
    return bandAround(Math.max(2, Math.round(households / wish.coordinators)));
  const { target, least, most } = wish;
  return { target, least, most };
}

/** About how many grids that makes. */
export function gridsExpected(wish, households) {
  if (wish.size === 'coordinators') return wish.coordinators || 0;
  return wish.target >= 2 ? Math.max(1, Math.round(households / wish.target)) : 0;
}

/**
 * Why a wish cannot be sent, as the field concerned and a code; null where it can.
 *
 * @returns {{field: string, code: string} | null}
 */
export function faultOfWish(wish) {
  if (wish.size === 'coordinators') {
    if (!isWhole(wish.coordinators, 1)) return { field: 'coordinators', code: 'coordinators' };
  } else if (
    !(isWhole(wish.target, 2) && isWhole(wish.least, 1) && isWhole(wish.most, 2)) ||
    wish.least > wish.target ||
    wish.target > wish.most
  )
    return { field: 'band', code: 'band' };
  if (wish.weights !== null && !wish.weights.trim()) return { field: 'weights', code: 'formula' };
  if (
    wish.micro &&
    !(isWhole(wish.micro.least, 1) && isWhole(wish.micro.most, 2) && wish.micro.least <= wish.micro.most)
  )
    return { field: 'micro', code: 'micro' };
  return isWhole(wish.seed, 0) ? null : { field: 'seed', code: 'seed' };
}

/**
 * The request a wish makes: the three numbers or a number of coordinators, the seed, and whatever differs from
 * what the server takes anyway. Of coordinators the server works out the band, in the unit of the load.
 *
 * @param {Wish} wish @param {{households: number, slot: string}} where
 */
export function requestOf(wish, { households, slot }) {
  const size = wish.size === 'coordinators' ? { coordinators: wish.coordinators } : bandOf(wish, households);
  const request = { ...size, seed: wish.seed, slot };
  if (wish.weights !== null) request.weights = wish.weights.trim();
  if (Object.keys(wish.lines).length) request.lines = { ...wish.lines };
  if (wish.compounds) request.compounds = 'whole';
  if (wish.seeds.length) request.seeds = wish.seeds.map(point => [...point]);
  if (!wish.locked) request.locked = false;
  if (wish.special.length) request.special = wish.special.map(one => ({ ...one }));
  if (!wish.keepSpecial) request.keep_special = false;
  if (wish.micro) request.micro = { ...wish.micro };
  if (wish.entrances) request.entrances = true;
  return request;
}

/**
 * The wish behind the parameters of a plan's split, so that it can be changed a little and tried again.
 *
 * @param {object | null} parameters
 * @param {Wish} usual what stands for a number that is not among them
 */
export function wishOf(parameters, usual = USUAL) {
  const given = parameters ?? {};
  return Object.freeze({
    ...USUAL,
    size: given.coordinators ? 'coordinators' : 'numbers',
    target: given.target ?? usual.target,
    least: given.least ?? usual.least,
    most: given.most ?? usual.most,
    coordinators: given.coordinators ?? null,
    weights: given.weights ?? null,
    lines: Object.freeze({ ...given.lines }),
    compounds: given.compounds === 'whole',
    seeds: Object.freeze([...(given.seeds ?? [])]),
    locked: given.locked ?? true,
    keepSpecial: given.keep_special ?? true,
    special: Object.freeze([...(given.special ?? [])]),
    micro: given.micro ?? null,
    entrances: given.entrances ?? false,
    seed: given.seed ?? USUAL.seed,
  });
}

/** Which of the formulas ready made a wish has, or 'own'. */
export function weightsNamed(weights) {
  const found = Object.entries(WEIGHTS).find(([, formula]) => formula === weights);
  return found ? found[0] : 'own';
}

/** Which of the bands ready made a wish has, or 'own'. */
export function bandNamed({ size, target, least, most }) {
  if (size === 'coordinators') return 'coordinators';
  const found = BANDS.find(band => band.target === target && band.least === least && band.most === most);
  return found?.name ?? 'own';
}

/** A name for the next special grid of a kind: two of one name are refused. */
export function nameFor(words, special) {
  const taken = new Set(special.map(one => one.name));
  let number = 1;
  while (taken.has(`${words} ${number}`)) number += 1;
  return `${words} ${number}`;
}

/** Fields of the form, by how the codes of refusals about them begin. */
const FIELDS = {
  band_: 'band',
  coordinators_: 'coordinators',
  formula_: 'weights',
  lines_: 'lines',
  seed_: 'fixed',
  special_: 'fixed',
  lock: 'fixed',
  micro_: 'micro',
};
const FIELDS_OF_REQUEST = { target: 'band', least: 'band', most: 'band', seeds: 'fixed', special: 'fixed' };

/** The field of the form that a refusal is about, by its code or by where in the request it points. */
export function fieldOf({ code = '', pointer = '' }) {
  const beginning = Object.keys(FIELDS).find(one => code.startsWith(one));
  const named = pointer.split('/').find(part => part && part !== 'json');
  return FIELDS[beginning] ?? FIELDS_OF_REQUEST[named] ?? named ?? null;
}

function isWhole(number, fewest) {
  return Number.isInteger(number) && number >= fewest;
}
