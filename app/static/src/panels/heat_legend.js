/** What the colours of the heat mean, in real units: weight per hectare, hazards, or hazards for 1,000 households. */
import { CHANGES, RAMPS, gradient, heatGradient, placeOnScale, rgba } from '../core/heat_colours.js';
import { formats } from '../core/formats.js';
import { el, fill } from '../frame/dom.js';
import { locale, t } from '../words.js';

const format = formats(locale);
const LEAST_PIXELS = 4; // of a tile shown twice as large: a narrower kernel is drawn this wide

/**
 * @param {HTMLElement} card
 * @param {{wish: object, told: object, counted: object | undefined, theme: string, metresPerPixel: number}} shown
 */
export function showHeatLegend(card, { wish, told, counted, theme, metresPerPixel }) {
  card.hidden = !told;
  if (!told) return;
  fill(
    card,
    ...(wish.view === 'heat'
      ? heatLegend(wish, told, theme, metresPerPixel)
      : areaLegend(wish, counted, theme)),
  );
}

function heatLegend(wish, told, theme, metresPerPixel) {
  const widest = LEAST_PIXELS * metresPerPixel;
  const isWider = widest > wish.bandwidth;
  const reach = format.distance(Math.round(isWider ? widest : wish.bandwidth));
  const top = wish.change ? told.change_top : told.top;
  return [
    el('strong', {}, t(wish.change ? 'heat-legend-change' : 'heat-legend')),
    wish.change
      ? scale(gradient(CHANGES[theme]), changeMarks(top))
      : scale(heatGradient(RAMPS[theme]), marks(top)),
    el(
      'span',
      { class: 'muted' },
      t('heat-legend-about', { reach }),
      isWider && ` (${t('heat-legend-wider')})`,
      ` · ${t('heat-legend-n', { n: told.hazards })}`,
    ),
  ];
}

/** A quarter and all of the most stand at half and at the end of the scale. */
function marks(top) {
  if (!top) return [[0, t('heat-legend-none')]];
  return [0, top / 16, top / 4, top].map(value => [placeOnScale(value, top), digits(value)]);
}

function changeMarks(top) {
  return [
    [0, `−${digits(top || 0)}`],
    [0.5, t('heat-legend-same')],
    [1, `+${digits(top || 0)}`],
  ];
}

function digits(value) {
  return new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 }).format(value);
}

function scale(background, said) {
  const bar = el('div', {
    class: 'heat-scale',
    role: 'img',
    'aria-label': said.map(([, word]) => word).join(', '),
  });
  bar.style.background = background;
  const words = el('div', { class: 'heat-marks number' });
  for (const [share, word] of said) {
    const mark = el('span', {}, word);
    mark.style.left = `${share * 100}%`;
    words.append(mark);
  }
  return el('div', {}, bar, words);
}

function areaLegend(wish, counted, theme) {
  const colours = wish.change ? CHANGES[theme] : RAMPS[theme];
  const words = wish.change
    ? ['−−', '−', t('heat-legend-same'), '+', '++']
    : rangesOf(counted?.bounds ?? [], wish.measure);
  const swatch = (colour, word) => {
    const square = el('span', { class: 'swatch' });
    square.style.background = colour;
    return el('li', {}, square, el('span', { class: 'number' }, word));
  };
  return [
    el('strong', {}, wish.change ? t('heat-change') : t(`heat-legend-${wish.measure}`)),
    el(
      'ul',
      { class: 'legend' },
      ...words.map((word, at) => swatch(rgba(colours[at]), word)),
      !wish.change && swatch('transparent', t('heat-legend-none')),
      wish.measure === 'rate' && !wish.change && swatch('var(--class-7)', t('heat-legend-untold')),
      wish.spots && el('li', {}, el('span', { class: 'swatch class-6 hatched' }), t('heat-legend-hot')),
      wish.spots && el('li', {}, el('span', { class: 'swatch class-0 hatched' }), t('heat-legend-cold')),
    ),
    el(
      'span',
      { class: 'muted' },
      t('heat-legend-n', { n: counted?.areas.reduce((sum, area) => sum + area.hazards, 0) ?? 0 }),
      wish.spots && ` · ${t('heat-legend-spots')}`,
    ),
  ];
}

/** Each class as from the value after the last bound to its own. */
function rangesOf(bounds, measure) {
  const shown = value => (measure === 'count' ? format.count(value) : format.tenth(value));
  return bounds.map((bound, at) => {
    const from = at === 0 ? null : measure === 'count' ? bounds[at - 1] + 1 : bounds[at - 1];
    if (from === null)
      return measure === 'rate' ? `≤ ${shown(bound)}` : bound > 1 ? `1–${shown(bound)}` : '1';
    return from === bound ? shown(bound) : `${shown(from)}–${shown(bound)}`;
  });
}
