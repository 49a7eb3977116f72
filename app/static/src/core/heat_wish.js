/**
 * What the page of heat is asked to show, as a frozen value, as the page's address, and as questions to the server.
 * Days are those of the city, as in 2026-03-03.
 */

/**
 * @typedef {object} HeatWish
 * @property {string | null} place code
 * @property {string[]} kinds codes; none: all
 * @property {number[]} severities none: all
 * @property {string} state one of STATES
 * @property {string | null} from first day; null: from ever
 * @property {string | null} to last day; null: today
 * @property {string} view one of VIEWS
 * @property {string} measure one of MEASURES
 * @property {boolean} spots hot spots on areas
 * @property {boolean} change the difference from as long a time before
 * @property {number} bandwidth metres
 */

export const STATES = ['open', 'overdue', 'closed', 'all'];
export const VIEWS = ['heat', 'grid', 'community', 'subdistrict'];
export const MEASURES = ['count', 'rate'];
export const BANDWIDTHS = [100, 250, 500, 1000];
const DAY_MS = 86_400_000;
const USUAL = Object.freeze({
  place: null,
  kinds: [],
  severities: [],
  state: 'open',
  from: null,
  to: null,
  view: 'heat',
  measure: 'count',
  spots: false,
  change: false,
  bandwidth: 250,
});
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What an address says; what cannot be read is as good as not said. @param {URL} url @returns {HeatWish} */
export function wishOf(url) {
  const given = url.searchParams;
  const one = (name, choices) => (choices.includes(given.get(name)) ? given.get(name) : USUAL[name]);
  const listed = (name, form) => (given.get(name) ?? '').split(',').filter(word => form.test(word));
  const day = name => (DAY.test(given.get(name) ?? '') ? given.get(name) : null);
  const from = day('from');
  const said = given.get('overdue') ? 'overdue' : given.get('open') ? 'open' : one('state', STATES);
  return Object.freeze({
    place: /^\d{1,15}$/.test(given.get('place') ?? '') ? given.get('place') : null,
    kinds: listed('kind', /^[a-z_]+$/),
    severities: listed('severity', /^[123]$/).map(Number),
    state: said,
    from,
    to: day('to'),
    view: one('view', VIEWS),
    measure: one('measure', MEASURES),
    spots: given.get('spots') === 'true',
    change: given.get('change') === 'true' && from !== null,
    bandwidth: BANDWIDTHS.includes(Number(given.get('bandwidth'))) ? Number(given.get('bandwidth')) : 250,
  });
}

/** The same address with that wish; what is usual is left out. @param {URL} url @param {HeatWish} wish */
export function addressOf(url, wish) {
  const address = new URL(url);
  for (const name of ['open', 'overdue']) address.searchParams.delete(name);
  for (const [name, value] of Object.entries(wish)) {
    const key = { kinds: 'kind', severities: 'severity' }[name] ?? name;
    const word = Array.isArray(value) ? value.join(',') : value;
    if (word && word !== USUAL[name]) address.searchParams.set(key, String(word));
    else address.searchParams.delete(key);
  }
  return address;
}

/**
 * As a question to the server.
 *
 * @param {HeatWish} wish
 * @param {string} today
 * @param {string | null} [end] another last day: the time moves there, one without a beginning grows or shrinks
 */
export function asked(wish, today, end = null) {
  const { from, to } = end && end !== (wish.to ?? today) ? movedTo(wish, end, today) : wish;
  return new URLSearchParams({
    ...(wish.kinds.length && { kind: [...wish.kinds].sort().join(',') }),
    ...(wish.severities.length && { severity: wish.severities.join(',') }),
    state: wish.state,
    ...(from && { from }),
    ...(to && { to }),
    bandwidth: wish.bandwidth,
  });
}

/**
 * The list of the hazards a question to the server means, as they stood at the end of its time: it holds as many.
 *
 * @param {string} place code
 * @param {URLSearchParams} question of `asked`
 * @param {string} today
 */
export function listAddress(place, question, today) {
  const choice = { open: 'open', overdue: 'overdue', closed: 'over', all: 'all' }[question.get('state')];
  const said = new URLSearchParams({ place, [choice]: 1, at: question.get('to') ?? today });
  if (question.get('from')) said.set('from', question.get('from'));
  for (const name of ['kind', 'severity'])
    for (const word of (question.get(name) ?? '').split(',').filter(Boolean)) said.append(name, word);
  return `/hazards?${said}`;
}

/** The time moved so that it ends on another day. */
function movedTo(wish, end, today) {
  if (!wish.from) return { from: null, to: end };
  return { from: daysOn(wish.from, daysBetween(wish.to ?? today, end)), to: end };
}

/** @param {string} day @param {number} days @returns {string} */
export function daysOn(day, days) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** @param {string} first @param {string} second @returns {number} */
function daysBetween(first, second) {
  return Math.round((Date.parse(`${second}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / DAY_MS);
}
