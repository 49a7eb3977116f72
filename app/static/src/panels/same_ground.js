/** The same ground at several times: what was counted, summed on the grids of one plan. */
import { formats } from '../core/formats.js';
import { mostChanged } from '../core/same_ground.js';
import { el, icon } from '../frame/dom.js';
import { locale, t } from '../words.js';
import { countOfHouseholds, toldWith } from './households.js';
import { titleOf } from './names.js';
import { framedTable } from './pieces.js';

const format = formats(locale);
const MOST_ROWS = 8;
const MINUS = '\u2212';

/**
 * @param {object} plan whose grids these are
 * @param {object} ground what the API says of the same ground
 * @param {(code: string) => string} short of grids' codes
 */
export function sameGround(plan, ground, short) {
  const times = ground.times;
  return el(
    'section',
    { class: 'panel same-ground' },
    el('div', { class: 'panel-head' }, el('h2', {}, t('life-ground'))),
    el(
      'div',
      { class: 'panel-body' },
      times.length < 2
        ? el('p', { class: 'notice good' }, icon('equal'), el('span', {}, t('life-ground-same')))
        : el('p', { class: 'muted' }, t('life-ground-about', { name: titleOf(plan) })),
      times.length > 1 && wholeTable(ground),
      times.length > 1 && gridTable(ground, short),
      ...notes(times),
    ),
  );
}

function wholeTable({ times, by_formula: byFormula }) {
  const row = (name, value) =>
    el(
      'tr',
      {},
      el('th', { scope: 'row' }, name),
      ...times.map(time => el('td', { class: 'number' }, countOfHouseholds(value(time)))),
      el('td', { class: 'number' }, changed(value(times[0]), value(times.at(-1)))),
    );
  return framed(
    ['', ...times.map(dayOf), t('life-ground-change')],
    [
      row(t('life-ground-households'), time => time.households),
      row(t('life-ground-buildings'), time => time.buildings),
      !byFormula && row(t('life-ground-in-band'), time => time.in_band),
    ],
  );
}

function gridTable(ground, short) {
  const rows = mostChanged(ground, MOST_ROWS);
  if (!rows.length) return null;
  const [then, now] = [ground.times[0], ground.times.at(-1)];
  return el(
    'div',
    {},
    el('h3', {}, t('life-ground-grids', { n: rows.length })),
    framed(
      [t('life-ground-grid'), dayOf(then), dayOf(now), t('life-ground-change')],
      rows.map(row =>
        el(
          'tr',
          {},
          el('th', { scope: 'row', title: row.code }, row.name || short(row.code)),
          el('td', { class: 'number' }, countOfHouseholds(row.then)),
          el('td', { class: 'number' }, countOfHouseholds(row.now)),
          el('td', { class: 'number' }, changed(row.then, row.now)),
        ),
      ),
    ),
  );
}

/** What cannot be compared, said of every time it is true of. */
function notes(times) {
  return times.flatMap(({ not_comparable: gone }) =>
    [
      gone.astride_plots > 0 &&
        toldWith('life-ground-astride', 'life-ground-astride-untold', {
          plots: gone.astride_plots,
          households: gone.astride_households,
        }),
      gone.outside_plots > 0 &&
        toldWith('life-ground-outside', 'life-ground-outside-untold', {
          plots: gone.outside_plots,
          households: gone.outside_households,
        }),
    ]
      .filter(Boolean)
      .map(words => el('p', { class: 'notice' }, icon('info'), el('span', {}, words))),
  );
}

/** All columns but the first are numbers. */
function framed(heads, rows) {
  return framedTable(
    heads.map((words, at) => ({ words, isNumber: at > 0 })),
    rows,
  );
}

function dayOf(time) {
  return t('life-ground-then', { day: format.dateShort(time.counted_at) });
}

/** By how much; of counts that are not told, nothing is. */
function changed(then, now) {
  return then === null || now === null ? '' : signed(now - then);
}

function signed(n) {
  return n > 0 ? `+${format.count(n)}` : n < 0 ? `${MINUS}${format.count(-n)}` : '±0';
}
