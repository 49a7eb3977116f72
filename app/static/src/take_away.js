/**
 * Hazards on one page: `showHazards(map, page)` draws them on a Leaflet map that folium has made.
 *
 * `page` is what app/services/take_away.py writes. Text reaches the page through `textContent` only; every
 * word comes with the page, in both languages.
 */
import { element, firstLanguage, lonLatRings, narrow, svgElement, tellSource } from './one_page.js';

const L = window.L;

const SHADES = ['#ffffff', '#fee0b6', '#f1a340', '#b35806', '#6e3403'];
const UNTOLD = -1;
const FRAME_MS = 900;
const PARTS = ['heat', 'open', 'overdue', 'reported', 'rate'];

export function showHazards(map, page) {
  const look = {
    layer: 'heat',
    at: page.heat.frames.length - 1,
    language: firstLanguage(page.language),
    timer: null,
  };
  const outlines = lonLatRings(page.grids.outlines);
  const canvas = L.canvas({ padding: 0.5 });
  drawGround(map, page.base, canvas);
  const heat = L.imageOverlay('', page.heat.bounds, { className: 'heat', interactive: false }).addTo(map);
  const grids = outlines.map((rings, k) =>
    L.polygon(rings, { weight: 1, color: '#56606a', fillOpacity: 0 })
      .bindTooltip(() => toldOf(page, look, k), { sticky: true })
      .addTo(map),
  );
  L.control.zoom({ position: narrow() ? 'topright' : 'bottomright' }).addTo(map);
  L.control.scale({ imperial: false, position: 'bottomright' }).addTo(map);
  tellSource(map, page.attribution, 'bottomright');
  const panel = element('section', 'panel');
  document.body.append(panel);
  L.DomEvent.disableClickPropagation(panel);
  const show = () => {
    paint(page, look, heat, grids);
    fill(panel, page, look, show);
  };
  map.setMaxZoom(18);
  if (outlines.length) {
    const bounds = L.latLngBounds(outlines.flat(2));
    map.fitBounds(bounds, {
      paddingTopLeft: narrow() ? [8, 8] : [340, 16],
      paddingBottomRight: [8, narrow() ? 260 : 16],
      animate: false,
    });
  } else map.fitBounds(page.heat.bounds, { animate: false });
  show();
}

/** Heat of the week looked at, or grids in the shade of their class. */
function paint(page, look, heat, grids) {
  const isHeat = look.layer === 'heat';
  heat.setUrl(isHeat && page.heat.frames.length ? page.heat.frames[look.at].image : EMPTY);
  const shades = isHeat ? null : page.measures[look.layer].shades;
  grids.forEach((grid, k) => {
    const shade = shades ? shades[k] : null;
    grid.setStyle({
      fillColor: shade === UNTOLD ? '#8a9097' : SHADES[shade ?? 0],
      fillOpacity: shade === null ? 0 : shade === UNTOLD ? 0.35 : 0.72,
      dashArray: shade === UNTOLD ? '3 4' : null,
    });
  });
}

/** The panel anew: what is shown, the week, the legend, and what the guard leaves out. */
function fill(panel, page, look, show) {
  const focused = document.activeElement?.dataset?.name;
  const say = page.words[look.language];
  document.documentElement.lang = look.language === 'zh' ? 'zh-CN' : 'en';
  const other = button('other', look.language === 'zh' ? 'English' : '中文', () => {
    look.language = look.language === 'zh' ? 'en' : 'zh';
    history.replaceState(null, '', `#${look.language}`);
    show();
  });
  const head = element('header');
  head.append(element('h1', '', page.title[look.language]), other);
  const choices = element('div', 'layers');
  choices.setAttribute('role', 'group');
  choices.setAttribute('aria-label', say.layers);
  for (const part of PARTS) {
    const choice = button(part, say[part], () => {
      look.layer = part;
      stop(look);
      show();
    });
    choice.setAttribute('aria-pressed', String(look.layer === part));
    choices.append(choice);
  }
  const about = [
    `${say.made} ${day(look, page.made)}`,
    `${day(look, page.period[0])} – ${day(look, page.period[1])}`,
  ].join(' · ');
  panel.replaceChildren(
    head,
    element('p', 'quiet', about),
    choices,
    ...(look.layer === 'heat' ? timeOf(page, look, say, show) : []),
    look.layer === 'heat' ? heatLegend(page, look, say) : areaLegend(page, look, say),
    element('p', 'quiet', say.guard),
  );
  if (focused) panel.querySelector(`[data-name="${focused}"]`)?.focus();
}

/** The week, with a slider and a button that plays them all. */
function timeOf(page, look, say, show) {
  const { frames } = page.heat;
  if (!frames.length) return [element('p', '', say.none)];
  const slider = element('input');
  Object.assign(slider, { type: 'range', min: 0, max: frames.length - 1, value: look.at });
  slider.dataset.name = 'slider';
  slider.setAttribute('aria-label', say.week);
  slider.addEventListener('input', () => {
    look.at = Number(slider.value);
    stop(look);
    show();
  });
  const plays = look.timer !== null;
  const play = button('play', plays ? say.pause : say.play, () => {
    if (plays) stop(look);
    else
      look.timer = setInterval(() => {
        look.at = (look.at + 1) % frames.length;
        show();
      }, FRAME_MS);
    show();
  });
  const row = element('div', 'time');
  row.append(play, slider);
  const frame = frames[look.at];
  const line = element(
    'p',
    'week',
    `${say.week} ${day(look, frame.day)}: ${count(look, frame.open)} ${say.hazards}`,
  );
  line.setAttribute('aria-live', plays ? 'off' : 'polite');
  return [row, line];
}

function stop(look) {
  clearInterval(look.timer);
  look.timer = null;
}

/** A ramp with its figures where the square root puts them. */
function heatLegend(page, look, say) {
  const legend = element('div', 'ramp');
  const bar = svgElement('svg', { viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  const stops = svgElement('linearGradient', { id: 'heat-ramp' });
  page.heat.ramp.forEach(([r, g, b, a], k) =>
    stops.append(
      svgElement('stop', {
        offset: k / (page.heat.ramp.length - 1),
        'stop-color': `rgb(${r} ${g} ${b})`,
        'stop-opacity': a,
      }),
    ),
  );
  bar.append(stops, svgElement('rect', { width: 100, height: 8, fill: 'url(#heat-ramp)' }));
  const scale = element('div', 'scale');
  for (const share of [0, 0.25, 1]) scale.append(element('span', '', decimal(look, page.heat.top * share)));
  legend.append(element('h2', '', say.unit), bar, scale, swatch('blank', say.blank));
  return legend;
}

/** Classes with the least and the most in each, what is not told, and nought. */
function areaLegend(page, look, say) {
  const { classes } = page.measures[look.layer];
  const legend = element('div', 'classes');
  legend.append(element('h2', '', say[look.layer]), swatch('shade-0', '0'));
  classes.forEach(([low, high], k) =>
    legend.append(
      swatch(
        `shade-${k + 1}`,
        low === high ? plain(look, low) : `${plain(look, low)} – ${plain(look, high)}`,
      ),
    ),
  );
  legend.append(swatch('untold', say.few));
  return legend;
}

function swatch(kind, words) {
  const row = element('p', 'swatch');
  row.append(element('span', `patch ${kind}`), element('span', '', words));
  return row;
}

function toldOf(page, look, k) {
  const say = page.words[look.language];
  const lines = [`${page.grids.code[k]} ${page.grids.name[k] ?? ''}`];
  for (const [name, { values }] of Object.entries(page.measures))
    lines.push(`${say[name]}: ${values[k] === null ? say.few : plain(look, values[k])}`);
  const box = element('div');
  box.append(...lines.map(line => element('div', '', line)));
  return box;
}

/* --- The ground ------------------------------------------------------------------------------ */

function drawGround(map, base, renderer) {
  for (const rings of lonLatRings(base.water))
    L.polygon(rings, {
      renderer,
      stroke: false,
      fillColor: '#cfe2ec',
      fillOpacity: 1,
      interactive: false,
    }).addTo(map);
  for (const [name, weight] of [
    ['local', 1],
    ['secondary', 2],
    ['arterial', 3],
  ])
    for (const lines of lonLatRings(base[name]))
      L.polyline(lines, { renderer, weight, color: '#d8d3cb', interactive: false }).addTo(map);
}

/* --- Small things ---------------------------------------------------------------------------- */

const EMPTY = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';
const locale = look => (look.language === 'zh' ? 'zh-CN' : 'en-GB');
const count = (look, value) => new Intl.NumberFormat(locale(look)).format(value);
const plain = (look, value) =>
  new Intl.NumberFormat(locale(look), { maximumFractionDigits: 1 }).format(value);
const decimal = (look, value) =>
  new Intl.NumberFormat(locale(look), { maximumSignificantDigits: 2 }).format(value);
const day = (look, value) =>
  new Intl.DateTimeFormat(locale(look), { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(value));

function button(name, words, act) {
  const made = element('button', '', words);
  made.type = 'button';
  made.dataset.name = name;
  made.addEventListener('click', act);
  return made;
}
