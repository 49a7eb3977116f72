/** Pieces made by scripts: load bar and histogram, both in words for those who do not see them; figures, tables. */
import { formats } from '../core/formats.js';
import { stepsOfHouseholds } from '../core/rows.js';
import { sideOf } from '../core/deviation.js';
import { el, svg } from '../frame/dom.js';
import { locale, t } from '../words.js';

const format = formats(locale);
const BAR_TOP = 4,
  BAR_HEIGHT = 12,
  BAR_TEXT = 30;
const CHART_TOP = 16,
  CHART_HEIGHT = 60,
  CHART_TEXT = 14; // px: room for numbers, columns, marks below
const COUNTED_STEPS = 16; // more columns are too narrow for a number each
const FREE_PERCENT = 14; // room a mark at an end needs

/**
 * Households of a grid against the band.
 *
 * @param {{households: number, before?: number, least: number, most: number}} load before: dashed, as it was
 */
export function loadBar({ households, before, least, most }) {
  const end = Math.max(most * 1.45, households * 1.08, (before ?? 0) * 1.08);
  const at = n => `${((100 * n) / end).toFixed(2)}%`;
  const side = sideOf(households, { least, most });
  const words = t('grid-load', {
    households: format.count(households),
    least: format.count(least),
    most: format.count(most),
  });
  const edge = n => [
    svg('line', { class: 'edge', x1: at(n), x2: at(n), y1: 0, y2: BAR_TOP * 2 + BAR_HEIGHT }),
    svg('text', { x: at(n), y: BAR_TEXT, 'text-anchor': n === least ? 'end' : 'start' }, format.count(n)),
  ];
  return svg(
    'svg',
    { class: 'load', role: 'img', 'aria-label': words },
    svg('rect', { class: 'ground', x: 0, y: BAR_TOP, width: '100%', height: BAR_HEIGHT, rx: 3 }),
    svg('rect', {
      class: 'band',
      x: at(least),
      y: 0,
      width: at(most - least),
      height: BAR_TOP * 2 + BAR_HEIGHT,
    }),
    svg('rect', { class: `bar ${side}`, x: 0, y: BAR_TOP, width: at(households), height: BAR_HEIGHT, rx: 3 }),
    before === undefined
      ? null
      : svg('rect', { class: 'before', x: 0, y: BAR_TOP, width: at(before), height: BAR_HEIGHT, rx: 3 }),
    ...edge(least),
    ...edge(most),
  );
}

/**
 * How many grids have how many households; the band is shaded, the number of grids stands on each column.
 *
 * @param {object[]} grids with households, class and in_band, as the API tells them
 * @param {{target: number, least: number, most: number}} band
 * @param {((step: {from: number, to: number}) => void) | null} [choose] makes the columns pressable
 * @param {object[]} [former] the grids of another plan, drawn as outlines
 */
export function histogram(grids, band, choose = null, former = []) {
  const steps = stepsOfHouseholds(grids, band, former);
  if (!steps.length) return null;
  const highest = Math.max(...steps.map(step => Math.max(step.grids, step.before)));
  const at = number => (100 * number) / steps.length;
  const most = Math.max(...steps.map(step => step.grids));
  const isCounted = ({ grids: n }) => n > 0 && (steps.length <= COUNTED_STEPS || n === most);
  const heightOf = n => Math.max(2, (CHART_HEIGHT * n) / highest);
  const outlines = steps.map((step, number) =>
    step.before
      ? svg('rect', {
          class: 'former',
          x: `${at(number + 0.06)}%`,
          width: `${at(0.88)}%`,
          y: CHART_TOP + CHART_HEIGHT - heightOf(step.before),
          height: heightOf(step.before),
          rx: 1.5,
        })
      : null,
  );
  const columns = steps.map((step, number) => {
    if (!step.grids) return null;
    const height = heightOf(step.grids);
    const top = CHART_TOP + CHART_HEIGHT - height;
    return svg(
      'g',
      { onclick: choose && (() => choose(step)) },
      svg('title', {}, t('grid-histogram-step', { grids: step.grids, from: step.from, to: step.to - 1 })),
      svg('rect', {
        class: `column ${step.side}`,
        x: `${at(number + 0.06)}%`,
        width: `${at(0.88)}%`,
        y: top,
        height,
        rx: 1.5,
      }),
      isCounted(step) &&
        svg(
          'text',
          { x: `${at(number + 0.5)}%`, y: top - 3, 'text-anchor': 'middle' },
          format.count(step.grids),
        ),
    );
  });
  const [begins, ends] = [
    steps.findIndex(step => step.side === ''),
    steps.findLastIndex(step => step.side === '') + 1,
  ];
  const mark = (number, households) =>
    svg(
      'text',
      {
        x: `${at(number)}%`,
        y: CHART_TOP + CHART_HEIGHT + CHART_TEXT,
        'text-anchor': number === 0 ? 'start' : number === steps.length ? 'end' : 'middle',
      },
      format.count(households),
    );
  const words = t('grid-histogram', {
    grids: grids.length,
    least: format.count(band.least),
    most: format.count(band.most),
  });
  return el(
    'figure',
    { class: 'histogram-frame' },
    svg(
      'svg',
      { class: 'histogram', role: 'img', 'aria-label': words },
      svg('rect', {
        class: 'band',
        x: `${at(begins)}%`,
        width: `${at(ends - begins)}%`,
        y: 0,
        height: CHART_TOP + CHART_HEIGHT,
      }),
      svg('line', { x1: 0, x2: '100%', y1: CHART_TOP + CHART_HEIGHT, y2: CHART_TOP + CHART_HEIGHT }),
      ...columns,
      ...outlines,
      at(begins) > FREE_PERCENT && mark(0, steps[0].from),
      mark(begins, band.least),
      mark(ends, band.most),
      100 - at(ends) > FREE_PERCENT && mark(steps.length, steps.at(-1).to - 1),
    ),
    el(
      'figcaption',
      { class: 'muted' },
      t('grid-histogram-axis'),
      former.length > 0 && el('span', { class: 'histogram-key' }, t('grid-histogram-former')),
    ),
  );
}

/** One of `dl.figures`: a name, a value, and what it means in small. */
export function figure(name, value, small) {
  return el('div', {}, el('dt', {}, name), el('dd', {}, value, small && el('small', {}, small)));
}

/**
 * A table.
 *
 * @param {(string | {words: string, isNumber: boolean})[]} heads @param {(Node | false)[]} rows
 */
export function table(heads, rows) {
  const head = ({ words, isNumber }) => el('th', { scope: 'col', class: isNumber && 'number' }, words);
  return el(
    'table',
    { class: 'table' },
    el(
      'thead',
      {},
      el(
        'tr',
        {},
        ...heads.map(one => head(typeof one === 'string' ? { words: one, isNumber: false } : one)),
      ),
    ),
    el('tbody', {}, ...rows),
  );
}

/** The same in its frame. */
export function framedTable(heads, rows) {
  return el('div', { class: 'table-frame' }, table(heads, rows));
}

/** The head of a column of numbers. */
export function ofNumbers(words) {
  return { words, isNumber: true };
}
