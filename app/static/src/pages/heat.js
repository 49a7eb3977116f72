/**
 * The page of heat: one place, which hazards are meant, and how they are shown. `wish` says all of it and so does the
 * address; the server is asked for a summary once, then for tiles or areas. Pressing a spot leads to its sites and from
 * there to the cases.
 */
import '../frame/frame.js';
import { formats } from '../core/formats.js';
import { changeClass } from '../core/heat_colours.js';
import {
  BANDWIDTHS,
  MEASURES,
  STATES,
  VIEWS,
  addressOf,
  asked,
  daysOn,
  listAddress,
  wishOf,
} from '../core/heat_wish.js';
import { metresPerPixel } from '../core/scale.js';
import { get } from '../frame/api.js';
import { el, fill, icon, pageFacts } from '../frame/dom.js';
import { isDark } from '../frame/theme.js';
import { tellIdle } from '../map/idle.js';
import { makeHazardFiles } from '../panels/hazard_files.js';
import { showHeatLegend } from '../panels/heat_legend.js';
import { sheetButtons } from '../panels/heat_sheet.js';
import { sitesView } from '../panels/heat_sites.js';
import { makeHeatTime } from '../panels/heat_time.js';
import { nameOf } from '../panels/names.js';
import { ofNumbers, table } from '../panels/pieces.js';
import { makeSide } from '../panels/side.js';
import { locale, t } from '../words.js';

const EDGE_PX = 24,
  BAR_PX = 72,
  BARS_PHONE_PX = 190,
  LEGEND_PHONE_PX = 110,
  TIME_PX = 96;
const PERIODS = [0, 30, 90, 365];
const SPOT_PX = 24; // around a press, where the bandwidth is smaller on the map
const CLOSE_ZOOM = 15;
const HIDDEN = ['labels', 'plots', 'micro', 'compounds'];

const { kinds, today } = pageFacts();
const format = formats(locale);
const find = selector => document.querySelector(selector);
const kindNames = new Map(kinds.map(({ code, name }) => [code, name]));
const mapMaker = import('../map/make_map.js');
const outlines = new Map(); // by place and level

let wish = wishOf(new URL(location));
let places = [];
let map = null;
let told = null; // the summary of what is wished
let drawn = null; // addresses of the tiles of heat on the map; null: none
let end = null; // the day the slider stands on; null: the wish's own
let fetching = new AbortController();
let sitesOf = null; // { lon, lat, radius } | {} for all; null: the filters are shown

const side = makeSide(find('.side'), find('.side-open'), () => map?.map.resize());
const time = makeHeatTime(find('#time'), {
  go: async day => {
    end = day;
    await orSay(showPicture);
  },
  settled: () => void showSites(),
});
const files = makeHazardFiles(fileAsked, orSay);
void begin();

/* --- What is wished --------------------------------------------------------------------------- */

async function begin() {
  await orSay(async () => {
    ({ places } = await get('/api/places'));
    if (!places.length) return void sayNoPlace();
    const known = places.find(one => one.code === wish.place);
    wish = Object.freeze({
      ...wish,
      place: (known ?? places.find(one => one.scope === 'all') ?? places[0]).code,
      kinds: wish.kinds.filter(code => kindNames.has(code)),
    });
    const summary = ask(); // while the map's own code is read
    await startMap();
    await summary;
    await showAll();
  });
  void orSay(() => files.look());
  listen();
}

/** Something else is wished. @param {Partial<import('../core/heat_wish.js').HeatWish>} more */
async function change(more, { sites = null } = {}) {
  const isOther = more.place && more.place !== wish.place;
  wish = Object.freeze({ ...wish, ...more });
  if (!wish.from && wish.change) wish = Object.freeze({ ...wish, change: false });
  sitesOf = sites;
  end = null;
  history.pushState(null, '', addressOf(new URL(location), wish));
  await orSay(async () => {
    if (isOther) goThere();
    await show();
  });
}

/** The map moves to the place that is wished, with its ground and its plan. */
function goThere() {
  map.show({ ground: place().tiles, plan: planTiles() });
  map.goTo(place().bbox);
}

function place() {
  return places.find(one => one.code === wish.place);
}

function planTiles() {
  const { plan } = place();
  return plan ? `/tiles/plan/${plan.id}/${plan.version}/{z}/{x}/{y}.mvt` : null;
}

async function show() {
  await ask();
  await showAll();
}

/** What there is of what is wished. */
async function ask() {
  fetching.abort();
  fetching = new AbortController();
  const { signal } = fetching;
  showBar();
  told = await get(`/api/places/${wish.place}/heat?${asked(wish, today)}`, { signal });
}

async function showAll() {
  time.show(told.weeks);
  showPanel();
  await showPicture();
}

/* --- The map ---------------------------------------------------------------------------------- */

/** With the heat in its first style, where that is known by now: a style that changes is drawn twice. */
async function startMap() {
  const { makeMap } = await mapMaker;
  if (told && wish.view === 'heat') drawn = heatTiles();
  map = makeMap(find('#map'), {
    ground: place().tiles,
    plan: planTiles(),
    heat: drawn,
    hide: HIDDEN,
    bbox: place().bbox,
    padding,
    title: t('heat-title'),
  });
  globalThis.gridMap = map.map; // for tests and the curious
  map.on('press', (id, building, position) => void showSitesAt(position));
  map.map.on('zoomend', showLegend);
  tellIdle(map.map);
}

function padding() {
  const { right, bottom } = side.covers;
  if (side.onPhone) {
    const legend = side.stop === 'peek' ? LEGEND_PHONE_PX : 0;
    return { left: 8, top: BARS_PHONE_PX, right: 8, bottom: bottom + legend + EDGE_PX };
  }
  return { left: EDGE_PX, top: BAR_PX, right: right + EDGE_PX, bottom: Math.max(bottom, TIME_PX) + EDGE_PX };
}

/** The heat or the areas of the day the slider stands on. */
async function showPicture() {
  const { signal } = fetching;
  const day = end;
  if (wish.view === 'heat') {
    const address = heatTiles();
    if (address !== drawn) {
      if (map.map.getSource('heat')) map.reheat(address);
      else map.show({ heat: address, areas: null });
      drawn = address;
    }
    showLegend();
    return;
  }
  drawn = null;
  const more = new URLSearchParams({
    level: wish.view,
    measure: wish.measure,
    spots: wish.spots,
    change: wish.change,
  });
  const [shapes, counted] = await Promise.all([
    outlinesOf(wish.place, wish.view),
    get(`/api/places/${wish.place}/heat/areas?${asked(wish, today, day)}&${more}`, { signal }),
  ]);
  if (signal.aborted || day !== end) return; // whoever slid on is shown the later one
  map.show({ heat: null, areas: withClasses(shapes, counted) });
  showLegend(counted);
}

/** Addresses of the heat's tiles of the day the slider stands on. */
function heatTiles() {
  const top = (wish.change ? told.change_top : told.top) || 1;
  const look = new URLSearchParams({ top, theme: isDark() ? 'dark' : 'light', change: wish.change });
  return `/tiles/heat/${wish.place}/{z}/{x}/{y}.png?${asked(wish, today, end)}&${look}&of=${told.mark}`;
}

async function outlinesOf(code, level) {
  const key = `${code} ${level}`;
  if (!outlines.has(key)) outlines.set(key, await get(`/api/places/${code}/heat/outlines?level=${level}`));
  return outlines.get(key);
}

/** Outlines with what their colours and patterns go by. */
function withClasses(drawn, { areas }) {
  const byId = new Map(areas.map(area => [area.id, area]));
  const more = area => area.hazards - area.before;
  const most = wish.change ? Math.max(0, ...areas.map(area => Math.abs(more(area)))) : 0;
  const features = drawn.features.map(feature => {
    const area = byId.get(feature.id);
    const number = wish.change ? changeClass(more(area), most) : (area.class ?? -1);
    return { ...feature, properties: { class: number, change: wish.change, spot: area.spot } };
  });
  return { type: 'FeatureCollection', features };
}

/** @param {object} [counted] areas, where those are shown */
function showLegend(counted) {
  if (counted?.areas) showLegend.counted = counted;
  showHeatLegend(find('#legend'), {
    wish,
    told,
    counted: showLegend.counted,
    theme: isDark() ? 'dark' : 'light',
    metresPerPixel: scale(),
  });
}

function scale() {
  return metresPerPixel(map.map.getCenter().lat, map.map.getZoom());
}

/* --- Sites ------------------------------------------------------------------------------------ */

async function showSitesAt([lon, lat]) {
  const radius = Math.min(2000, Math.round(Math.max(wish.bandwidth, SPOT_PX * scale())));
  sitesOf = { lon, lat, radius };
  map.point([lon, lat]);
  await showSites();
}

async function showSites() {
  if (!sitesOf) return;
  const where = sitesOf;
  await orSay(async () => {
    const question = asked(wish, today, end);
    for (const [name, value] of Object.entries(where)) question.set(name, value);
    const found = await get(`/api/places/${wish.place}/heat/sites?${question}`, { signal: fetching.signal });
    if (where !== sitesOf) return;
    if (side.onPhone) side.rest('half');
    showSide(
      sitesView(found, {
        kindNames,
        radius: where.radius ?? null,
        list: listAddress(wish.place, asked(wish, today, end), today),
        back: () => {
          sitesOf = null;
          map.point(null);
          showPanel();
        },
        point: site => {
          map.goToPoint(site.position, { zoom: CLOSE_ZOOM });
          map.point(site.position);
        },
      }),
    );
  });
}

/* --- The bar and the panel -------------------------------------------------------------------- */

function showBar() {
  const which = el(
    'select',
    { 'aria-label': t('heat-place'), onchange: ({ target }) => void change({ place: target.value }) },
    ...places.map(one =>
      el('option', { value: one.code, selected: one.code === wish.place }, placeLine(one)),
    ),
  );
  const views = segment(
    'heat-view',
    VIEWS,
    wish.view,
    view => t('heat-view-named', { view }),
    view => change({ view }, { sites: sitesOf }),
  );
  fill(find('#bar'), which, views);
}

function placeLine(one) {
  return `${{ district: '', subdistrict: '\u2003', community: '\u2003\u2003' }[one.level] ?? ''}${nameOf(one)}`;
}

/** A few choices side by side, one of them pressed. */
function segment(name, choices, chosen, words, choose) {
  return el(
    'div',
    { class: 'segment', role: 'group', 'aria-label': t(name) },
    ...choices.map(choice =>
      el(
        'button',
        {
          type: 'button',
          class: 'chip',
          'aria-pressed': String(choice === chosen),
          'data-choice': choice,
          onclick: () => void choose(choice),
        },
        words(choice),
      ),
    ),
  );
}

function showPanel() {
  if (sitesOf) return void showSites();
  showSide(
    el(
      'div',
      { class: 'heat-panel' },
      filters(),
      told.hazards
        ? el(
            'div',
            { class: 'side-section' },
            el('div', { class: 'heat-meant' }, el('strong', {}, t('heat-meant', { n: told.hazards }))),
            el(
              'button',
              { type: 'button', class: 'button', onclick: () => ((sitesOf = {}), void showSites()) },
              icon('list'),
              t('heat-sites-all'),
            ),
          )
        : el(
            'div',
            { class: 'empty' },
            icon('map-pinned'),
            el('h2', {}, t('heat-meant', { n: 0 })),
            el('p', {}, t('heat-none-about')),
          ),
      told.kinds.length > 0 && byKind(),
      told.spots.length > 0 && hottest(),
      sheetButtons(sheetAddress, files, `heat-${wish.place}-${end ?? wish.to ?? today}`, orSay),
    ),
  );
}

/** The part of the map that nothing lies over, as a sheet. @param {string} form */
function sheetAddress(form) {
  const { left, top, right, bottom } = padding();
  const { clientWidth, clientHeight } = map.map.getContainer();
  const corner = (x, y) => map.map.unproject([x, y]);
  const southWest = corner(left, clientHeight - bottom),
    northEast = corner(clientWidth - right, top);
  const said = asked(wish, today, end);
  for (const [name, value] of Object.entries({
    view: wish.view,
    measure: wish.measure,
    spots: wish.spots,
    change: wish.change,
    west: southWest.lng.toFixed(6),
    south: southWest.lat.toFixed(6),
    east: northEast.lng.toFixed(6),
    north: northEast.lat.toFixed(6),
  }))
    said.set(name, value);
  return `/api/places/${wish.place}/heat/sheet.${form}?${said}`;
}

/** The hazards of the panel as a file; the slider moves the map alone. @param {string} form */
function fileAsked(form) {
  return `/api/places/${wish.place}/hazards/files?format=${form}&${asked(wish, today)}`;
}

function filters() {
  const toggled = (list, one) => (list.includes(one) ? list.filter(other => other !== one) : [...list, one]);
  return el(
    'div',
    { class: 'side-section heat-filters' },
    segment(
      'heat-state',
      STATES,
      wish.state,
      state => t('heat-state-named', { state }),
      state => change({ state }),
    ),
    el(
      'details',
      { class: 'heat-kinds', open: filters.open },
      el(
        'summary',
        { onclick: () => (filters.open = !filters.open) },
        wish.kinds.length ? wish.kinds.map(code => kindNames.get(code)).join(', ') : t('heat-kinds-all'),
        icon('chevron-down', 'icon small'),
      ),
      el(
        'div',
        { class: 'segment' },
        ...kinds.map(({ code, name }) =>
          el(
            'button',
            {
              type: 'button',
              class: 'chip',
              'aria-pressed': String(wish.kinds.includes(code)),
              'data-kind': code,
              onclick: () => void change({ kinds: toggled(wish.kinds, code) }),
            },
            name,
          ),
        ),
      ),
    ),
    el(
      'div',
      { class: 'segment', role: 'group', 'aria-label': t('heat-severity') },
      ...[1, 2, 3].map(severity =>
        el(
          'button',
          {
            type: 'button',
            class: 'chip',
            'aria-pressed': String(wish.severities.includes(severity)),
            onclick: () => void change({ severities: toggled(wish.severities, severity).sort() }),
          },
          t('heat-severity-named', { severity }),
        ),
      ),
    ),
    segment(
      'heat-days',
      PERIODS,
      periodNow(),
      days => t('heat-days-named', { days }),
      days => change({ from: days ? daysOn(today, 1 - days) : null, to: null }),
    ),
    el(
      'details',
      { class: 'heat-more', open: filters.more },
      el(
        'summary',
        { onclick: () => (filters.more = !filters.more) },
        t('heat-more'),
        icon('chevron-down', 'icon small'),
      ),
      el('div', { class: 'fields' }, dayField('from', 'heat-from'), dayField('to', 'heat-to')),
      el(
        'div',
        { class: 'field' },
        el('label', { for: 'bandwidth' }, t('heat-bandwidth')),
        el(
          'select',
          { id: 'bandwidth', onchange: ({ target }) => void change({ bandwidth: Number(target.value) }) },
          ...BANDWIDTHS.map(metres =>
            el('option', { value: metres, selected: metres === wish.bandwidth }, format.distance(metres)),
          ),
        ),
      ),
      wish.view !== 'heat' &&
        segment(
          'heat-measure',
          MEASURES,
          wish.measure,
          measure => t('heat-measure-named', { measure }),
          measure => change({ measure }),
        ),
      wish.view !== 'heat' && choice('heat-spots', wish.spots, spots => change({ spots })),
      choice('heat-change', wish.change, on => change({ change: on }), !wish.from),
      !wish.from && el('p', { class: 'hint' }, t('heat-change-needs')),
    ),
  );
}

function periodNow() {
  if (wish.to) return null;
  if (!wish.from) return 0;
  return PERIODS.find(days => days && daysOn(today, 1 - days) === wish.from) ?? null;
}

function dayField(name, words) {
  return el(
    'div',
    { class: 'field' },
    el('label', { for: name }, t(words)),
    el('input', {
      id: name,
      type: 'date',
      max: today,
      value: wish[name] ?? '',
      onchange: ({ target }) => void change({ [name]: target.value || null }),
    }),
  );
}

function choice(words, isOn, turn, disabled = false) {
  return el(
    'label',
    { class: 'choice' },
    el('input', {
      type: 'checkbox',
      checked: isOn,
      disabled,
      onchange: ({ target }) => void turn(target.checked),
    }),
    el('span', {}, t(words)),
  );
}

/** Kinds with what is open and overdue: pressing a number shows those on the map and lists their sites. */
function byKind() {
  const see = (one, state) => {
    const n = one[state];
    if (!n) return '0';
    return el(
      'button',
      {
        type: 'button',
        class: 'heat-number',
        'data-kind': one.kind,
        'data-state': state,
        'aria-label': t('heat-see', { kind: one.name, n, state }),
        onclick: () => void change({ kinds: [one.kind], state }, { sites: {} }),
      },
      format.count(n),
    );
  };
  const rows = [...told.kinds].sort((a, b) => b.overdue - a.overdue || b.open - a.open);
  return el(
    'div',
    { class: 'side-section' },
    el('h2', {}, t('heat-by-kind')),
    table(
      [t('heat-kind'), ofNumbers(t('heat-open')), ofNumbers(t('heat-overdue'))],
      rows.map(one =>
        el(
          'tr',
          {},
          el('td', {}, one.name),
          el('td', { class: 'number' }, see(one, 'open')),
          el('td', { class: 'number' }, see(one, 'overdue')),
        ),
      ),
    ),
  );
}

function hottest() {
  const reach = format.distance(wish.bandwidth);
  return el(
    'div',
    { class: 'side-section' },
    el('h2', {}, t('heat-hottest')),
    el(
      'ul',
      { class: 'rows' },
      ...told.spots.map((spot, at) =>
        el(
          'li',
          {},
          el(
            'button',
            {
              type: 'button',
              onclick: () => {
                map.goToPoint([spot.lon, spot.lat], { zoom: CLOSE_ZOOM });
                void showSitesAt([spot.lon, spot.lat]);
              },
            },
            el('span', { class: 'row-main' }, t('heat-hottest-one', { number: at + 1 })),
            el('span', { class: 'row-side muted' }, t('heat-hottest-near', { n: spot.hazards, reach })),
          ),
        ),
      ),
    ),
  );
}

function showSide(content) {
  const body = find('.side-body');
  body.removeAttribute('aria-busy');
  const top = body.scrollTop;
  fill(body, content);
  body.scrollTop = content.classList.contains('heat-panel') ? top : 0;
}

function sayNoPlace() {
  showSide(el('div', { class: 'empty' }, icon('map-pinned'), el('p', {}, t('heat-no-place'))));
}

/** Do it; where the server cannot be reached or refuses, say so over the map. */
async function orSay(act) {
  const notice = find('.map-notice');
  try {
    await act();
    notice.hidden = true;
  } catch (error) {
    if (error.name === 'AbortError') return;
    if (error.name !== 'Problem') throw error;
    notice.hidden = false;
    fill(notice, icon('cloud-off'), el('span', {}, error.message));
  }
}

function listen() {
  const acts = {
    whole: () => map.goTo(place().bbox),
    closer: () => map.map.zoomIn(),
    farther: () => map.map.zoomOut(),
  };
  for (const [name, act] of Object.entries(acts))
    find(`.map-tools [data-act='${name}']`).addEventListener('click', () => map && act());
  addEventListener('popstate', () => {
    const before = wish.place;
    wish = wishOf(new URL(location));
    if (!place()) wish = Object.freeze({ ...wish, place: before });
    sitesOf = null;
    end = null;
    void orSay(async () => {
      if (wish.place !== before) goThere();
      await show();
    });
  });
  document.addEventListener('theme', () => {
    if (!map) return;
    map.show({ theme: isDark() ? 'dark' : 'light' });
    void orSay(showPicture);
  });
}
