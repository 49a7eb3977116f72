/**
 * The map page: one place, one plan, perhaps one grid. `look` is what is looked at; everything on the page
 * follows from it, and the address says it, so that a link, Back and a reload lead to the same view.
 */
import '../frame/frame.js';
import { addressOf, viewOf } from '../core/address.js';
import { side as sideOf, sign } from '../core/deviation.js';
import { formats } from '../core/formats.js';
import { numberOf } from '../core/labels.js';
import { gridTowards } from '../core/steps.js';
import { get } from '../frame/api.js';
import { el, fill, icon, pageFacts } from '../frame/dom.js';
import { isDark } from '../frame/theme.js';
import { toast } from '../frame/toast.js';
import { makeHazards } from '../map/hazards.js';
import { tellIdle } from '../map/idle.js';
import { makeResidents } from '../map/residents.js';
import { assignCoordinator } from '../panels/assign_coordinator.js';
import { alertsOf } from '../panels/alerts.js';
import { makeChooser } from '../panels/chooser.js';
import { countOf, gridLabels } from '../panels/grid_labels.js';
import { makeDay, noPlanThen } from '../panels/day.js';
import { makeGridList } from '../panels/grid_list.js';
import { makeGridPanel } from '../panels/grid_panel.js';
import { hazardCards } from '../panels/hazard_cards.js';
import { showLayers } from '../panels/layers.js';
import { showLegend } from '../panels/legend.js';
import { nameOf, shortNameOf } from '../panels/names.js';
import { makeSearch } from '../panels/search.js';
import { makeSide } from '../panels/side.js';
import { makeStatusLine } from '../panels/status_line.js';
import { locale, t } from '../words.js';

const EDGE_PX = 24;
const BAR_PX = 72,
  BARS_PHONE_PX = 108;
const STATUS_PX = 30,
  LEGEND_PX = 92,
  SHEET_GAP_PX = 16;
const TIP_PX = 14;

const { mayManage, keepsRegisters, readsCases, today } = pageFacts();
const format = formats(locale);
const find = selector => document.querySelector(selector);
const sideBody = find('.side-body');

/** What is looked at. `grids` are those of the plan, as the API tells them. */
const look = {
  places: [],
  place: null,
  plans: [],
  plan: null,
  grids: [],
  byId: new Map(),
  grid: null,
  date: null, // a day of the past; null: today
  hide: viewOf(new URL(location)).hide,
  show: viewOf(new URL(location)).show,
};
let map = null;
let statusLine = null;
let residents = null; // their counts, once there is a map to show them on
let hazards = null; // likewise those that are open, for who reads cases
let fetching = new AbortController();
let drawing = Promise.resolve(); // ends when the map shows what was asked for last
const mapMaker = import('../map/make_map.js'); // the largest part by far: lists do not wait for it

const side = makeSide(find('.side'), find('.side-open'), () => map?.map.resize());
const list = makeGridList({
  choose: grid => void drawing.then(() => chooseGrid(grid, { go: true, focus: true })),
  point: grid => map?.hover(grid?.id ?? null),
  wider: () => side.toggleWide(),
  close: () => side.close(),
});
const panel = makeGridPanel({
  back: () => chooseGrid(null, { focus: true }),
  chooseGrid: code =>
    chooseGrid(look.grids.find(grid => grid.code === code) ?? null, { go: true, focus: true }),
  showBuilding,
  showMicro: micro => {
    map.goTo(micro.bbox);
    map.point(micro.label);
    if (look.hide.includes('micro')) setHidden(look.hide.filter(name => name !== 'micro'));
    if (side.onPhone) side.rest('half');
  },
  assign: mayManage
    ? async ({ id }) => {
        const grid = look.byId.get(id);
        if (!(await assignCoordinator(grid, gridTitle(grid)))) return;
        toast(t('life-assign-done', { grid: gridTitle(grid) }));
        await choosePlan(look.plan.id, { grid: grid.code, keep: true });
      }
    : null,
  keepsRegisters,
  showCompound: compound => {
    map.goTo(look.grid.bbox);
    map.point(compound.position ?? null);
  },
});
const chooser = makeChooser(find('.where'), find('#chooser'), {
  choosePlace: code => void choosePlace(code),
  choosePlan: id => void choosePlan(id),
});
const day = makeDay(find('.map-day'), { today, go: date => void chooseDay(date) });

makeSearch(find('#search'), find('#found'), {
  address: words => {
    if (!look.place) return null;
    const asked = new URLSearchParams({ q: words, ...(look.plan && { plan: look.plan.id }) });
    return `/api/places/${look.place.code}/search?${asked}`;
  },
  communityOf: code => nameOf(communityOf(code)),
  choose: showFound,
});
listen();
begin();

/* --- What is looked at ------------------------------------------------------------------------ */

/** Fetch what the address names, or what is in force, and show it. */
async function begin() {
  const view = viewOf(new URL(location));
  await orSay(async () => {
    ({ places: look.places } = await get('/api/places'));
    if (!look.places.length) return showNoPlace();
    await choosePlace(placeOf(view.place).code, {
      plan: view.plan,
      grid: view.grid,
      date: pastDay(view.date),
      keep: true,
      camera: view.camera,
    });
  }, begin);
}

/** The place of that code, or the one to begin with. */
function placeOf(code) {
  return (
    look.places.find(one => one.code === code) ??
    look.places.find(one => one.scope === 'all') ??
    look.places[0]
  );
}

/** The plan looked at where none is named: the one in force, else the newest. */
function usualPlan(place) {
  return look.plans.find(one => one.id === place.plan?.id) ?? look.plans[0] ?? null;
}

/** A day that is over; today and days to come are as good as not said. */
function pastDay(date) {
  return date && date < today ? date : null;
}

/** The same place on another day; a grid of the same code stays chosen. @param {string | null} date null: today */
async function chooseDay(date) {
  if (date === look.date || !look.place) return;
  await choosePlace(look.place.code, { grid: look.grid?.code, date, stay: true });
}

/**
 * @param {object} [wish] plan, grid: wanted in it; date: a day whose plan is shown; keep: the address is right already;
 *   camera: the view is said; stay: the map stays where it is
 */
async function choosePlace(
  code,
  { plan = null, grid = null, date = look.date, keep = false, camera = null, stay = false } = {},
) {
  fetching.abort();
  fetching = new AbortController();
  const { signal } = fetching;
  await orSay(
    async () => {
      const place = look.places.find(one => one.code === code);
      const then = date && (await get(`/api/places/${code}/at?when=${date}`, { signal }));
      const guess = then ? (then.plan?.id ?? null) : (plan ?? place.plan?.id ?? null);
      const early = guess && get(gridsOf(guess, date), { signal }).catch(error => error);
      const { plans } = await get(`/api/places/${code}/plans`, { signal });
      const isOther = look.place && place !== look.place && !stay;
      Object.assign(look, { place, plans, date, grid: null });
      const chosen = then
        ? asOf(
            plans.find(one => one.id === guess),
            date,
          )
        : (plans.find(one => one.id === plan) ?? usualPlan(place));
      drawing = startMap(place, chosen, camera).then(() => {
        if (isOther && !camera) map.goTo(place.bbox);
      });
      await showPlan(chosen, chosen && chosen.id === guess ? early : null, { grid, keep, camera });
    },
    () => choosePlace(code, { plan, grid, date, keep, camera, stay }),
  );
}

/** A plan shown as it was on a day; null where there is none. */
function asOf(plan, date) {
  return plan ? { ...plan, asOf: date } : null;
}

function gridsOf(planId, date) {
  return `/api/plans/${planId}/grids${date ? `?when=${date}` : ''}`;
}

/** Above the list of the plan in force: which of its grids have left their band since. */
async function showAlerts(plan, signal) {
  list.root.querySelector('.alerts')?.remove();
  if (plan.state !== 'published' || plan.asOf) return;
  try {
    const notice = await alertsOf(look.place.code, mayManage);
    if (notice && !signal.aborted && look.plan === plan) list.root.prepend(notice);
  } catch (error) {
    if (error.name !== 'Problem') throw error; // the list stands without this hint, and says itself what fails
  }
}

async function choosePlan(id, { grid = null, keep = false } = {}) {
  fetching.abort();
  fetching = new AbortController();
  const plan = look.plans.find(one => one.id === id) ?? null;
  look.date = null; // whoever names a plan means the plan, not a day
  await orSay(
    () => showPlan(plan, null, { grid, keep }),
    () => choosePlan(id, { grid, keep }),
  );
}

/**
 * The list is there as soon as the grids are known; the map may take longer, and nobody waits for it.
 *
 * @param {object | null} plan
 * @param {Promise<object | Error> | null} early the plan's grids where they were asked for already
 */
async function showPlan(plan, early, { grid = null, keep = false, camera = null } = {}) {
  Object.assign(look, { plan, grids: [], byId: new Map(), grid: null });
  const { ground, signal } = { ground: look.place.tiles, signal: fetching.signal };
  drawing = drawing.then(() =>
    map.show({
      ground,
      plan: plan?.tiles ?? null,
      labels: look.grids.length ? gridLabels(look.grids) : undefined,
    }),
  );
  showFrame();
  if (plan) {
    const answer = await (early ?? get(gridsOf(plan.id, look.date), { signal }));
    if (answer instanceof Error) throw answer;
    look.grids = inPlace(answer.grids);
    look.byId = new Map(look.grids.map(one => [one.id, one]));
    const communities = look.places.filter(
      place => place.level === 'community' && place.code !== look.place.code,
    );
    list.show(look.grids, plan, new Map(communities.map(place => [place.code, shortNameOf(place)])));
    list.root.querySelector('.side-title').after(day.control);
    showSide(list.root);
    void showAlerts(plan, signal);
    drawing = drawing.then(() => {
      map.show({ labels: gridLabels(look.grids) });
      if (residents?.on) residents.again();
    });
  } else if (look.date) {
    await showNoPlanThen(signal);
  } else {
    showNoPlan();
  }
  await drawing;
  hazards?.again();
  if (signal.aborted) return;
  tellAddress(keep ? 'replace' : 'push');
  const chosen = look.grids.find(one => one.code === grid);
  if (!chosen) return;
  chooseGrid(chosen, { keep: true, go: !camera });
  tellAddress('replace');
}

function communityOf(code) {
  return look.places.find(place => place.code === code) ?? {};
}

/** A community shows its own grids of the district's plan. */
function inPlace(grids) {
  return grids.filter(grid => grid.community.startsWith(look.place.code));
}

/**
 * @param {object | null} grid
 * @param {{go?: boolean, keep?: boolean, focus?: boolean}} [how] go: the map goes there; keep: the address is right
 *   already; focus: the panel takes the focus, or the list on the way back
 */
function chooseGrid(grid, { go = false, keep = false, focus = false } = {}) {
  if (grid === look.grid && !go) return;
  look.grid = grid;
  map.chooseGrid(grid?.id ?? null);
  map.chooseBuilding(null);
  map.point(null);
  map.hover(null);
  list.mark(grid);
  if (grid) {
    void panel.show(grid, look.plan, nameOf(communityOf(grid.community)));
    showSide(panel.root);
    if (side.onPhone && side.stop === 'peek') side.rest('half');
    if (go) map.goTo(grid.bbox);
    if (focus) panel.root.focus({ preventScroll: true });
  } else {
    showSide(look.plan ? list.root : sideBody.firstElementChild);
    if (focus) list.focus();
  }
  showTitle();
  if (!keep) tellAddress('push');
}

/** The map was pressed: a grid, perhaps a building on it, or neither. */
function press(id, building) {
  if (!look.plan) return;
  const grid = id === null ? null : (look.byId.get(id) ?? null);
  chooseGrid(grid);
  if (!grid || !building) return;
  map.chooseBuilding(building.id);
  panel.markBuilding(building.id);
}

/** From the chosen grid to the next that way; the map keeps the focus. */
function step(key) {
  const next = look.grid && gridTowards(look.grids, look.grid, key);
  if (!next) return false;
  chooseGrid(next);
  map.bringIntoSight(next.bbox);
  find('.map-said').textContent = [gridTitle(next), nameOf(communityOf(next.community)), countOf(next)].join(
    ', ',
  );
  return true;
}

function showBuilding(building) {
  map.goToPoint(building.position);
  map.point(look.plan ? null : building.position); // a plan has the building itself to colour
  map.chooseBuilding(building.id);
  if (side.onPhone) side.rest('half');
}

/** Go to what a search found, and mark it. */
function showFound(kind, found) {
  const gridOf = code => look.grids.find(grid => grid.code === code);
  if (kind === 'grids') return chooseGrid(gridOf(found.code) ?? null, { go: true });
  if (kind === 'places') return void choosePlace(found.code);
  if (kind === 'buildings') {
    if (found.grid && gridOf(found.grid.code)) chooseGrid(gridOf(found.grid.code));
    return showBuilding(found);
  }
  map.goTo(found.bbox);
  map.point(found.position);
}

/** Hazards that were pressed, in the panel; from there back to the grid or the list. */
function showHazards(pressed, nameOf) {
  const [first] = pressed;
  map.point([first.lon, first.lat]);
  const cards = hazardCards(pressed, nameOf, () => {
    map.point(null);
    showSide(look.grid ? panel.root : look.plan ? list.root : cards);
  });
  side.open();
  showSide(cards);
  cards.focus({ preventScroll: true });
  if (side.onPhone) side.rest('half');
}

function showsHazards() {
  return readsCases && look.show.includes('hazards');
}

/* --- Showing it ------------------------------------------------------------------------------- */

async function startMap(place, plan, camera) {
  const { makeMap } = await mapMaker;
  if (map) return;
  map = makeMap(find('#map'), {
    ground: place.tiles,
    plan: plan?.tiles ?? null,
    hide: look.hide,
    bbox: place.bbox,
    camera,
    padding,
  });
  globalThis.gridMap = map.map; // for tests and the curious
  residents = makeResidents(map, () => look, keepsRegisters);
  if (readsCases) {
    hazards = makeHazards(map, () => look, showHazards);
    hazards.on = showsHazards();
  }
  statusLine = makeStatusLine(find('.status-line'), map.map);
  statusLine.plan(look.plan);
  statusLine.place(look.place);
  map.on('press', press);
  map.on('step', step);
  map.on('hover', showTip);
  map.on('trouble', showTrouble);
  map.map.on('moveend', () => tellAddress('replace'));
  tellIdle(map.map);
}

/** Room for what lies over the map. */
function padding() {
  const { right, bottom } = side.covers;
  const legend = find('.legend-card').offsetHeight;
  const banner = find('.map-day').offsetHeight && find('.map-day').offsetHeight + SHEET_GAP_PX;
  if (side.onPhone)
    return {
      left: EDGE_PX,
      top: BARS_PHONE_PX + banner,
      right: EDGE_PX,
      bottom: bottom + legend + SHEET_GAP_PX,
    };
  return {
    left: EDGE_PX,
    top: BAR_PX + banner,
    right: right + EDGE_PX,
    bottom: STATUS_PX + (legend || LEGEND_PX) + EDGE_PX,
  };
}

function showFrame() {
  chooser.show(look);
  day.show(look.date);
  statusLine?.plan(look.plan);
  statusLine?.place(look.place);
  showLegend(find('.legend-card'), look.plan, { hasHazards: showsHazards() });
  showSwitches();
  showTitle();
}

function showTitle() {
  const parts = [look.grid && gridTitle(look.grid), look.place && nameOf(look.place), 'Gridkeeper'];
  document.title = parts.filter(Boolean).join(' · ');
}

function gridTitle(grid) {
  return t('grid-title', { number: grid.name || numberOf(grid.code) });
}

function showSide(content) {
  sideBody.removeAttribute('aria-busy');
  if (sideBody.firstElementChild !== content) fill(sideBody, content);
  sideBody.scrollTop = 0;
}

function showTip(seen, point, building) {
  const tip = find('.map-tip');
  const grid = seen && look.byId.get(seen.id);
  tip.hidden = !grid || matchMedia('(hover: none)').matches;
  if (tip.hidden) return;
  const community = grid.community === look.place.code ? '' : nameOf(communityOf(grid.community));
  fill(
    tip,
    el('strong', {}, [gridTitle(grid), community].filter(Boolean).join(' · ')),
    el(
      'div',
      {},
      countOf(grid),
      ' ',
      grid.class === null
        ? null
        : el(
            'span',
            { class: sideOf(grid) },
            `${grid.deviation === null ? '' : format.deviation(grid.deviation)} ${sign(grid)}`.trim(),
          ),
    ),
    building?.households !== undefined && // from afar tiles tell no more of a building than where it stands
      el('div', { class: 'muted' }, `${nameOf(building) || building.code} · ${householdsIn(building)}`),
  );
  const [farthest, lowest] = [
    find('#map').clientWidth - side.covers.right - tip.offsetWidth - 8,
    find('#map').clientHeight - tip.offsetHeight - 8,
  ];
  const [x, y] = [
    Math.min(point.x + TIP_PX, farthest),
    point.y + TIP_PX > lowest ? point.y - TIP_PX - tip.offsetHeight : point.y + TIP_PX,
  ];
  tip.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
}

/** Figures under five are not told. */
function householdsIn(building) {
  return building.households === 'few' ? t('map-few') : t('grid-households', { n: building.households });
}

/** Tiles that do not come; null when they do again. */
function showTrouble(trouble) {
  const notice = find('.map-notice');
  notice.hidden = !trouble;
  if (!trouble) return;
  const words =
    trouble.status === 0
      ? 'frame-network-gone'
      : trouble.status === 403 || trouble.status === 404
        ? 'map-tiles-refused'
        : 'map-tiles-late';
  fill(notice, icon('cloud-off'), el('span', {}, t(words)));
}

function showNoPlace() {
  showSide(
    emptyState(
      'map-pinned',
      t('map-empty-place'),
      t(mayManage ? 'map-empty-place-manager' : 'map-empty-place-other'),
      mayManage
        ? el('a', { class: 'button primary', href: '/import' }, icon('file-up'), t('map-import'))
        : null,
    ),
  );
  chooser.show(look);
}

function showNoPlan() {
  const { place } = look;
  const { target } = place.size;
  const grids = Math.max(1, Math.round(place.households / target));
  const facts = { place: nameOf(place), grids, target };
  showSide(
    emptyState(
      'scissors-line-dashed',
      t('map-empty-plan'),
      t(mayManage ? 'map-empty-plan-manager' : 'map-empty-plan-other', facts),
      mayManage
        ? el(
            'a',
            { class: 'button primary', href: `/split?place=${place.code}` },
            icon('scissors-line-dashed'),
            t('map-split', facts),
          )
        : null,
    ),
  );
}

async function showNoPlanThen(signal) {
  const { place, date } = look;
  const { plans } = await get(`/api/places/${place.code}/history`, { signal });
  if (side.onPhone) side.rest('half');
  showSide(el('div', { class: 'side-section' }, day.control, noPlanThen(date, nameOf(place), plans)));
}

function emptyState(symbol, title, words, ...buttons) {
  if (side.onPhone) side.rest('half');
  const pictures = {
    'map-pinned': () => icon('map-pinned'),
    'scissors-line-dashed': () => icon('scissors-line-dashed'),
  };
  return el(
    'div',
    { class: 'empty' },
    pictures[symbol](),
    el('h2', {}, title),
    el('p', {}, words),
    el('div', { class: 'buttons' }, ...buttons),
  );
}

/** Do it; where the server cannot be reached or refuses, say so where the answer would stand, and offer to try again. */
async function orSay(act, again) {
  try {
    await act();
  } catch (error) {
    if (error.name === 'AbortError') return;
    if (error.name !== 'Problem') throw error;
    const retry = () => {
      removeEventListener('online', retry);
      again();
    };
    if (error.passing) addEventListener('online', retry, { once: true });
    showSide(
      el(
        'div',
        { class: 'side-section' },
        el('p', { class: 'notice warn' }, icon('cloud-off'), el('span', {}, error.message)),
        el('button', { type: 'button', class: 'button', onclick: retry }, icon('rotate-cw'), t('map-again')),
      ),
    );
  }
}

/* --- Address, keys, switches ------------------------------------------------------------------ */

/** @param {'push' | 'replace'} how push: Back leads to what was looked at before */
function tellAddress(how) {
  if (!look.place) return;
  const view = {
    place: look.place.code,
    plan: look.date ? null : (look.plan?.id ?? null),
    grid: look.grid?.code ?? null,
    date: look.date,
    hide: look.hide,
    show: look.show,
    camera: map.camera(),
  };
  const address = addressOf(new URL(location), view);
  if (address.href !== location.href) history[`${how}State`](null, '', address);
}

function listen() {
  addEventListener('popstate', () => {
    if (!look.place) return;
    const view = viewOf(new URL(location));
    const place = placeOf(view.place);
    const plan = view.plan ?? (place === look.place ? (usualPlan(place)?.id ?? null) : null);
    setHidden(view.hide, { keep: true });
    setShown(view.show, { keep: true });
    if (view.camera) map?.map.jumpTo({ center: [view.camera.lon, view.camera.lat], zoom: view.camera.zoom });
    const date = pastDay(view.date);
    if (place !== look.place || date !== look.date)
      void choosePlace(place.code, { ...view, date, keep: true, stay: Boolean(view.camera) });
    else if (plan !== (look.plan?.id ?? null)) void choosePlan(plan, { grid: view.grid, keep: true });
    else chooseGrid(look.grids.find(grid => grid.code === view.grid) ?? null, { keep: true });
  });
  addEventListener('keydown', event => {
    if (
      event.key === 'Escape' &&
      !event.defaultPrevented &&
      look.grid &&
      !document.querySelector(':popover-open')
    )
      chooseGrid(null, { focus: side.hasFocus });
  });
  document.addEventListener('theme', () => map?.show({ theme: isDark() ? 'dark' : 'light' }));
  const acts = {
    closer: () => map?.map.zoomIn(),
    farther: () => map?.map.zoomOut(),
    whole: () => map?.goTo(look.place.bbox),
  };
  for (const [name, act] of Object.entries(acts)) find(`[data-act="${name}"]`).addEventListener('click', act);
  showSwitches();
}

function showSwitches() {
  showLayers(find('.layers-list'), look.hide, hide => setHidden(hide), {
    hasMicro: look.plan?.micro_grids > 0,
    residents: look.plan && {
      isOn: residents?.on ?? false,
      turn: yes => {
        if (residents) residents.on = yes;
      },
    },
    hazards: readsCases && { isOn: showsHazards(), turn: yes => setShown(yes ? ['hazards'] : []) },
  });
}

function setHidden(hide, { keep = false } = {}) {
  if (hide.join() === look.hide.join()) return;
  look.hide = hide;
  map?.show({ hide });
  showSwitches();
  if (!keep) tellAddress('replace');
}

/** Layers that are off until they are asked for. */
function setShown(show, { keep = false } = {}) {
  if (show.join() === look.show.join()) return;
  look.show = show;
  if (hazards) hazards.on = showsHazards();
  showFrame();
  if (!keep) tellAddress('replace');
}
