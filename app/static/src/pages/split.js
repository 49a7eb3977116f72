/**
 * The split studio: what is wished at the left, before and after in the middle, what came of it at the right.
 * `look` is what is looked at; everything on the page follows from it, and the address says place, draft slot
 * and camera, so that a link, Back and a reload lead to the same view.
 */
import '../frame/frame.js';
import { addressOf, viewOf } from '../core/address.js';
import { numberOf } from '../core/labels.js';
import { managedPlaces, placeName } from '../core/managed.js';
import { boxOf, cornersOf } from '../core/polygon.js';
import { SLOTS, draftsBesides, draftsBySlot, slotOf, tallyOf } from '../core/slots.js';
import { USUAL, fieldOf, nameFor, requestOf, usualIn, wishOf } from '../core/wishes.js';
import { get, post, send } from '../frame/api.js';
import { el, fill, icon, pageFacts } from '../frame/dom.js';
import { isDark } from '../frame/theme.js';
import { toast, toastProblem } from '../frame/toast.js';
import { tellIdle } from '../map/idle.js';
import { countOf, gridLabels } from '../panels/grid_labels.js';
import { isAtWork, jobProgress } from '../panels/job_progress.js';
import { nameOf, titleOf } from '../panels/names.js';
import { makeOutcome } from '../panels/outcome.js';
import { publish, stateTag } from '../panels/plan_pieces.js';
import { dragSheet } from '../panels/side.js';
import { feature, makeSketch } from '../panels/sketch.js';
import { makeSwipe } from '../panels/swipe.js';
import { makeWishForm } from '../panels/wish_form.js';
import { language, t } from '../words.js';

const EDGE_PX = 24,
  NAMES_PX = 64,
  SWITCH_PX = 72,
  TOOLS_PX = 36;
const ROOM = 0.65; // a side narrower than the rest of this is too narrow to look at one grid
const CLOSEST = 15.5;
const FIRST_KIND = 'market'; // of a special grid just drawn
const phone = matchMedia('(max-width: 719px)');
const NO_LOCKS = { grids: [], buildings: [] };
const NO_MARKS = { marks: [], unmarked: [], known: 0 };

const { managed } = pageFacts();
const find = selector => document.querySelector(selector);
const sheet = find('#sheet');

/** What is looked at. `plans` maps an id to what is known of that plan: plan, tally, grids, comparison. */
const look = {
  mine: [],
  place: null,
  inForce: null,
  drafts: { A: null, B: null, C: null },
  besides: [], // drafts that found no slot free
  known: new Map(),
  locks: NO_LOCKS,
  marks: NO_MARKS,
  slot: slotOf(new URL(location)),
  hide: viewOf(new URL(location)).hide,
  wish: USUAL,
  isTouched: false, // the wish was changed by hand: another slot's parameters do not take its place
  job: null,
};
const maps = { before: null, after: null };
const mapMaker = import('../map/make_map.js'); // the largest part by far: figures do not wait for it
const together = import('../map/together.js');

const swipe = makeSwipe(find('#swipe'));
const form = makeWishForm(find('#wishes'), {
  changed: wish => {
    [look.wish, look.isTouched] = [wish, true];
    drawSketch();
  },
  start,
  draw: mode => {
    if (phone.matches) rest('peek');
    pick('before', null);
    sketch.start(mode);
  },
  unlock,
  mark,
  unmark,
  look: lookAt,
});
const sketch = makeSketch(find('#sketch'), find('.stage'), {
  map: () => leading().map,
  seed: point => setWish({ seeds: Object.freeze([...look.wish.seeds, point]) }),
  special: polygon => {
    const { special } = look.wish;
    const name = nameFor(t('grid-kind', { kind: FIRST_KIND }), special);
    setWish({ special: Object.freeze([...special, { kind: FIRST_KIND, name, polygon }]) });
    if (phone.matches) showSheet('wishes', 'half');
    form.openFixed();
  },
  changed: drawSketch,
});
const outcome = makeOutcome(find('#outcome'), {
  choose: slot => void chooseSlot(slot).catch(sayNo),
  show: showGrid,
  publish: (plan, button) => void publishIt(plan, button),
  discard: plan => void discard(plan),
});

listen();
void begin();

/* --- What is looked at ------------------------------------------------------------------------ */

async function begin() {
  try {
    const { places } = await get('/api/places');
    const isMine = managedPlaces(places, managed);
    look.mine = places.filter(place => isMine(place.code) && place.buildings > 0);
    if (!look.mine.length) return showNothing();
    const view = viewOf(new URL(location));
    await choosePlace(look.mine.find(one => one.code === view.place) ?? look.mine[0], view.camera);
  } catch (problem) {
    sayNo(problem);
  }
}

/** @param {object} place @param {object | null} camera where to look, if the address says */
async function choosePlace(place, camera = null) {
  const isOther = look.place && look.place !== place;
  Object.assign(look, { place, known: new Map(), wish: usualIn(place), isTouched: false, job: null });
  Object.assign(look, { locks: NO_LOCKS, marks: NO_MARKS });
  drawPlace();
  sketch.stop();
  fill(outcome.work);
  fill(outcome.said);
  const [{ jobs }] = await Promise.all([get(`/api/places/${place.code}/jobs`), fetchPlans()]);
  tellAddress();
  const drawn = drawMaps(camera).then(() => {
    if (isOther && !camera) leading().goTo(place.bbox, { quick: 0 });
  });
  const running = jobs.find(job => job.kind === 'split' && isAtWork(job));
  const other = jobs.find(job => isAtWork(job) && job !== running);
  await knowAll();
  if (running) follow(running);
  else if (other) say(t(other.kind === 'import_upload' ? 'split-import-runs' : 'studio-other-runs'));
  await drawn;
}

/** The plans of the place: which is in force, and which draft lies in which slot. */
async function fetchPlans() {
  const { place } = look;
  const [{ plans }, locks, marks] = await Promise.all([
    get(`/api/places/${place.code}/plans`),
    fetchLocks(place),
    fetchMarks(place),
  ]);
  if (place !== look.place) return;
  look.inForce = plans.find(plan => plan.state === 'published') ?? null;
  look.drafts = draftsBySlot(plans, place.code);
  look.besides = draftsBesides(plans, place.code, look.drafts);
  [look.locks, look.marks] = [locks, marks];
  takeParameters();
  draw();
}

async function fetchLocks(place) {
  return get(`/api/places/${place.code}/locks`);
}

async function fetchMarks(place) {
  return get(`/api/places/${place.code}/entrance-marks`);
}

/** The form shows what the draft looked at was split with, unless something else was wished meanwhile. */
function takeParameters() {
  if (look.isTouched) return;
  const draft = look.drafts[look.slot];
  const usual = usualIn(look.place);
  look.wish = draft?.parameters ? wishOf(draft.parameters, usual) : usual;
}

/** Grids and figures of the plan in force, of the draft looked at, then of the others. */
async function knowAll() {
  const { place, slot, drafts, inForce } = look;
  await Promise.all([inForce, drafts[slot]].filter(Boolean).map(know));
  if (place !== look.place) return;
  draw();
  await drawMaps();
  await Promise.all(
    SLOTS.map(one => drafts[one])
      .filter(Boolean)
      .map(know),
  );
  if (place === look.place) draw();
}

async function know(plan) {
  if (look.known.get(plan.id)?.tally) return;
  const { place } = look;
  const isDraft = plan.state === 'draft';
  const [{ grids }, border, compared] = await Promise.all([
    get(`/api/plans/${plan.id}/grids`),
    get(`/api/plans/${plan.id}/border`),
    isDraft && look.inForce ? get(`/api/plans/${plan.id}/comparison`) : { comparison: null },
  ]);
  if (place !== look.place) return;
  const { comparison } = compared;
  look.known.set(plan.id, { plan, grids, comparison, tally: tallyOf(plan, grids, border, comparison) });
  pickPressed(plan);
}

async function chooseSlot(slot) {
  look.slot = slot;
  tellAddress('push');
  fill(outcome.said);
  await showSlot();
}

/** Form, maps and figures of the draft looked at. */
async function showSlot() {
  takeParameters();
  draw();
  await drawMaps();
  await knowAll();
}

/* --- Splitting -------------------------------------------------------------------------------- */

async function start() {
  const { place, wish, slot } = look;
  sketch.stop();
  look.job = { state: 'asking' };
  draw();
  try {
    const { job } = await post(
      `/api/places/${place.code}/splits`,
      requestOf(wish, { households: place.households, slot }),
    );
    if (place === look.place) follow(job); // another place may have been chosen meanwhile
  } catch (problem) {
    if (place !== look.place) return toastProblem(problem);
    look.job = null;
    draw();
    if (problem.name !== 'Problem') throw problem;
    if (phone.matches) showSheet('wishes', 'half');
    form.complain(fieldOf(problem), problem.message);
  }
}

function follow(job) {
  look.job = job;
  fill(outcome.said);
  if (job.parameters && !look.isTouched) look.wish = wishOf(job.parameters);
  if (SLOTS.includes(job.parameters?.slot)) look.slot = job.parameters.slot;
  tellAddress();
  fill(
    outcome.work,
    jobProgress(job, {
      title: t('split-running', { place: placeName(look.place, language) }),
      ended: said => void ended(said).catch(sayNo),
    }),
  );
  if (phone.matches) showSheet('outcome', 'half');
  draw();
}

async function ended(job) {
  if (look.job?.id !== job.id) return;
  look.job = null;
  fill(outcome.work);
  if (job.state !== 'done') {
    draw();
    const field = job.refusal && fieldOf(job.refusal);
    if (field) form.complain(field, job.refusal.detail);
    return say(job.refusal?.detail ?? t('split-cancelled'), job.state === 'failed' ? 'danger' : '');
  }
  look.isTouched = false;
  await fetchPlans();
  const slot = SLOTS.find(one => look.drafts[one]?.id === job.result.plan);
  if (slot) await chooseSlot(slot);
  if (swipe.share > 0.95) swipe.set(0.5);
  const draft = look.drafts[look.slot];
  if (draft) say(t('split-done', { n: draft.grids }), 'good');
}

/* --- Showing it ------------------------------------------------------------------------------- */

function draw() {
  const { place, inForce, drafts, slot, wish, job } = look;
  const known = plan => (plan ? { plan, ...look.known.get(plan.id) } : { plan: null });
  const before = inForce && known(inForce);
  form.show({
    wish,
    households: place.households,
    grids: before?.grids ?? [],
    locks: namedLocks(before?.grids ?? []),
    marks: look.marks,
    slot,
    draft: drafts[slot]?.slot ? titleOf(drafts[slot]) : null, // one shown here without a slot stays a draft
    busy: Boolean(job),
  });
  outcome.show({
    place,
    slot,
    drafts: Object.fromEntries(SLOTS.map(one => [one, known(drafts[one])])),
    inForce: before,
    besides: look.besides,
  });
  document.title = [t('split-title'), nameOf(place), 'Gridkeeper'].join(' · ');
}

/** Locks with what they are called and where their grids lie. */
function namedLocks(grids) {
  const byCode = new Map(grids.map(grid => [grid.code, grid]));
  return {
    grids: look.locks.grids.map(lock => {
      const grid = byCode.get(lock.code);
      return { ...lock, title: grid?.name || numberOf(lock.code), bbox: grid?.bbox ?? null };
    }),
    buildings: look.locks.buildings.map(lock => ({
      ...lock,
      title: nameOf(lock.building) || lock.building.code,
    })),
  };
}

function drawPlace() {
  const choice = el(
    'select',
    {
      id: 'place',
      onchange: () => void choosePlace(look.mine.find(one => one.code === choice.value)).catch(sayNo),
    },
    ...look.mine.map(one =>
      el(
        'option',
        { value: one.code, selected: one.code === look.place.code },
        `${placeName(one, language)} · ${one.code}`,
      ),
    ),
  );
  fill(find('#where'), el('label', { for: 'place', class: 'spoken' }, t('split-place')), choice);
}

/** The two maps, made when first there is something for them; what they show follows from `look`. */
async function drawMaps(camera = null) {
  const { place, inForce, drafts, slot } = look;
  const draft = drafts[slot];
  const [{ makeMap }, { moveTogether }] = await Promise.all([mapMaker, together]);
  const make = which => {
    const made = makeMap(which === 'before' ? swipe.before : swipe.after, {
      ground: place.tiles,
      camera: camera ?? (which === 'after' ? maps.before.camera() : null),
      bbox: place.bbox,
      padding,
      title: t('studio-map-named', { side: which }),
    });
    made.on('press', (id, building, position) => press(which, id, building, position));
    return made;
  };
  maps.before ??= make('before');
  if (draft && !maps.after) {
    swipe.compare(true);
    maps.after = make('after');
    moveTogether([maps.before.map, maps.after.map]);
  }
  globalThis.studioMaps ??= maps; // for tests and the curious
  if (!listens) listenToMap();
  swipe.compare(Boolean(draft));
  showMicroSwitch();
  show('before', inForce ?? draft, !inForce);
  if (draft) show('after', draft, false);
  swipe.name(
    'before',
    el('strong', {}, t('compare-before')),
    ' ',
    inForce ? titleOf(inForce) : t(draft ? 'studio-plots' : 'split-no-plan'),
    inForce && stateTag(inForce),
  );
  if (draft) swipe.name('after', el('strong', {}, t('compare-after')), ' ', titleOf(draft), stateTag(draft));
  fill(find('#note'), place.attribution);
  drawSketch();
}

/** @param {boolean} isBare its plots alone, for want of a plan before */
function show(which, plan, isBare) {
  const grids = (plan && !isBare && look.known.get(plan.id)?.grids) || [];
  maps[which].show({
    ground: look.place.tiles,
    plan: plan?.tiles ?? null,
    hide: isBare ? ['grids', 'labels', 'micro'] : look.hide,
    labels: gridLabels(grids),
    locked:
      which === 'before' && !isBare
        ? {
            grids: grids.filter(isLocked).map(grid => grid.id),
            buildings: look.locks.buildings.map(lock => lock.building.id),
          }
        : null,
  });
}

/** The switch for micro-grids, where there are any. */
function showMicroSwitch() {
  const button = find('[data-act="micro"]');
  button.hidden = ![look.inForce, look.drafts[look.slot]].some(plan => plan?.micro_grids > 0);
  button.setAttribute('aria-pressed', String(!look.hide.includes('micro')));
}

function switchMicro() {
  look.hide = look.hide.includes('micro')
    ? look.hide.filter(name => name !== 'micro')
    : [...look.hide, 'micro'];
  tellAddress();
  void drawMaps();
}

const isLocked = grid => look.locks.grids.some(lock => lock.code === grid.code);

/** Seeds, special grids and what is being drawn, on both maps. */
function drawSketch() {
  const { seeds, special } = look.wish;
  const features = [
    ...special.map(one => feature('special', one.polygon, { title: one.name })),
    ...seeds.map((point, at) => feature('seed', { type: 'Point', coordinates: point }, { number: at + 1 })),
    ...sketch.features,
  ];
  for (const map of [maps.before, maps.after])
    map?.show({ sketch: features.length ? { type: 'FeatureCollection', features } : null });
}

let listens = false,
  aimed = null; // the side a grid is shown on

function listenToMap() {
  listens = true;
  maps.before.map.on('moveend', () => tellAddress());
  tellIdle(maps.before.map);
}

/** The map that fills more of the stage. */
function leading() {
  return maps.after && swipe.share < 0.5 ? maps.after : maps.before;
}

/** px at each side that lie under something; what is looked at on one side of the divider stays on it. */
function padding() {
  const covered = phone.matches ? sheet.offsetHeight : 0;
  const most = find('#swipe').clientHeight * 0.6;
  const { clientWidth } = find('#swipe');
  const [left, right] = [
    aimed === 'after' ? swipe.share * clientWidth : 0,
    aimed === 'before' ? (1 - swipe.share) * clientWidth : 0,
  ];
  return {
    left: EDGE_PX + left,
    right: EDGE_PX + Math.max(right, phone.matches ? 0 : TOOLS_PX),
    top: NAMES_PX,
    bottom: Math.min(most, covered + (phone.matches ? find('#picked').offsetHeight + EDGE_PX : SWITCH_PX)),
  };
}

/* --- What the map is pressed for -------------------------------------------------------------- */

let pressed = null; // a grid that was pressed before the figures of its plan had come

function press(which, id, building, position) {
  if (sketch.press(position)) return;
  const plan = which === 'before' ? look.inForce : look.drafts[look.slot];
  const known = plan && look.known.get(plan.id);
  pressed = plan && !known && id !== null ? { plan, which, id, building } : null;
  pick(which, known?.grids.find(one => one.id === id) ?? null, building);
}

/** What was pressed too early is chosen now. */
function pickPressed(plan) {
  if (pressed?.plan.id !== plan.id) return;
  const { which, id, building } = pressed;
  pressed = null;
  pick(which, look.known.get(plan.id).grids.find(one => one.id === id) ?? null, building);
}

/** A grid pressed, with its load and what can be done with it. */
function pick(which, grid, building = null) {
  for (const side of ['before', 'after']) maps[side]?.chooseGrid(side === which ? (grid?.id ?? null) : null);
  const card = find('#picked');
  card.hidden = !grid;
  if (!grid) return;
  const isBefore = which === 'before' && look.inForce;
  const lock = look.locks.grids.find(one => one.code === grid.code);
  const houseLock = building && look.locks.buildings.find(one => one.building.id === building.id);
  const act = (words, symbol, doIt) =>
    el(
      'button',
      {
        type: 'button',
        class: 'button',
        onclick: event => {
          event.currentTarget.disabled = true;
          void doIt().then(() => pick(which, grid, building));
        },
      },
      symbol,
      words,
    );
  const isThere = one => one.building.id === building?.id;
  const [houseMark, divisible] = [look.marks.marks.find(isThere), look.marks.unmarked.find(isThere)];
  const house = building && (nameOf(building) || building.code || '');
  fill(
    card,
    el(
      'div',
      {},
      el('strong', {}, t('grid-title', { number: grid.name || numberOf(grid.code) })),
      el('span', { class: 'number' }, countOf(grid)),
      el('span', { class: 'muted' }, t(which === 'before' ? 'compare-before' : 'compare-after')),
      el(
        'button',
        {
          type: 'button',
          class: 'button quiet icon-only',
          'aria-label': t('frame-close'),
          onclick: () => pick(which, null),
        },
        icon('x'),
      ),
    ),
    el(
      'div',
      { class: 'buttons' },
      isBefore &&
        (lock
          ? act(t('studio-unlock-grid'), icon('lock-open'), () => unlock(lock))
          : act(t('studio-lock-grid'), icon('lock'), () => lockIt({ grid: grid.code }))),
      isBefore &&
        house &&
        (houseLock
          ? act(t('studio-unlock', { name: house }), icon('lock-open'), () => unlock(houseLock))
          : act(t('studio-lock-building', { name: house }), icon('lock'), () =>
              lockIt({ building: building.id }),
            )),
      houseMark && act(t('entrances-unmark', { name: house }), icon('door-closed'), () => unmark(houseMark)),
      divisible && act(t('entrances-mark', { name: house }), icon('door-open'), () => mark(building.id)),
    ),
  );
}

async function lockIt(what) {
  const { place } = look;
  try {
    await post(`/api/places/${place.code}/locks`, what);
    await redrawLocks(place);
  } catch (problem) {
    toastProblem(problem);
  }
}

async function unlock(lock) {
  const { place } = look;
  try {
    await send('DELETE', `/api/places/${place.code}/locks/${lock.id}`);
    await redrawLocks(place);
  } catch (problem) {
    toastProblem(problem);
  }
}

/** Let a building be divided by its entrances where a split is asked to. */
async function mark(building) {
  const { place } = look;
  try {
    await post(`/api/places/${place.code}/entrance-marks`, { building });
    await redrawMarks(place);
  } catch (problem) {
    toastProblem(problem);
  }
}

async function unmark(one) {
  const { place } = look;
  try {
    await send('DELETE', `/api/places/${place.code}/entrance-marks/${one.id}`);
    await redrawMarks(place);
  } catch (problem) {
    toastProblem(problem);
  }
}

async function redrawMarks(place) {
  const marks = await fetchMarks(place);
  if (place !== look.place) return;
  look.marks = marks;
  draw();
}

async function redrawLocks(place) {
  const locks = await fetchLocks(place);
  if (place !== look.place) return;
  look.locks = locks;
  draw();
  await drawMaps();
}

/** A grid of a list: on the map, on the side where it is. */
function showGrid(grid, which) {
  const isNarrow = which === 'after' ? swipe.share > ROOM : swipe.share < 1 - ROOM;
  if (isNarrow) swipe.set(0.5, { glide: true });
  if (phone.matches) rest('half');
  pick(which, grid);
  aimed = which;
  maps[which]?.goTo(grid.bbox, { closest: CLOSEST });
  aimed = null;
}

/** Something fixed, told by the form. */
function lookAt({ bbox, point, polygon }) {
  if (point) leading().goToPoint(point, { zoom: CLOSEST });
  else leading().goTo(bbox ?? boxOf(cornersOf(polygon)), { closest: CLOSEST });
}

function setWish(more) {
  look.isTouched = true;
  look.wish = Object.freeze({ ...look.wish, ...more });
  draw();
  drawSketch();
}

/* --- Drafts ----------------------------------------------------------------------------------- */

async function publishIt(plan, button) {
  button.disabled = true;
  try {
    const { comparison } = look.known.get(plan.id);
    if (await publish(plan, comparison)) return location.assign(`/map?place=${plan.place.code}`);
  } catch (problem) {
    sayNo(problem);
  }
  button.disabled = false;
}

async function discard(plan) {
  try {
    await send('POST', `/api/plans/${plan.id}/retirement`, undefined, {
      headers: { 'If-Match': `"${plan.version}"` },
    });
    toast(t('plans-discarded', { name: titleOf(plan) }));
    await fetchPlans();
    await chooseSlot(look.slot);
  } catch (problem) {
    sayNo(problem);
  }
}

/* --- Saying, address, sheet ------------------------------------------------------------------- */

function say(words, kind = '') {
  const symbol =
    { danger: () => icon('circle-alert'), good: () => icon('circle-check') }[kind] ?? (() => icon('info'));
  fill(outcome.said, el('p', { class: `notice ${kind}` }, symbol(), el('span', {}, words)));
}

function sayNo(problem) {
  if (problem.name !== 'Problem') throw problem;
  say(problem.message, 'danger');
  if (phone.matches) showSheet('outcome', 'half');
}

function showNothing() {
  fill(
    find('#main'),
    el('h1', { class: 'spoken' }, t('split-title')),
    el(
      'div',
      { class: 'empty whole' },
      icon('scissors-line-dashed'),
      el('h2', {}, t('split-nothing')),
      el('p', {}, t('split-nothing-about')),
      el(
        'div',
        { class: 'buttons' },
        el('a', { class: 'button primary', href: '/import' }, icon('file-up'), t('frame-import')),
      ),
    ),
  );
}

/** @param {'push' | 'replace'} how push: Back leads to what was looked at before */
function tellAddress(how = 'replace') {
  const url = new URL(location);
  const camera = maps.before?.camera() ?? viewOf(url).camera;
  const address = addressOf(url, { place: look.place.code, plan: null, grid: null, hide: look.hide, camera });
  address.searchParams.set('slot', look.slot);
  if (address.href !== location.href) history[`${how}State`](null, '', address);
}

/** On a phone: which of the two the sheet holds, and how high it stands. */
function showSheet(part, stop) {
  sheet.dataset.part = part;
  for (const button of sheet.querySelectorAll('[data-sheet]'))
    button.setAttribute('aria-pressed', String(button.dataset.sheet === part));
  if (stop) rest(stop);
}

function rest(stop) {
  sheet.dataset.stop = stop;
}

function listen() {
  dragSheet(sheet, () => {});
  showSheet('wishes');
  for (const button of sheet.querySelectorAll('[data-sheet]'))
    button.addEventListener('click', () =>
      showSheet(button.dataset.sheet, sheet.dataset.stop === 'peek' ? 'half' : null),
    );
  addEventListener('popstate', () => {
    if (!look.place) return;
    const url = new URL(location);
    const view = viewOf(url);
    const place = look.mine.find(one => one.code === view.place) ?? look.place;
    [look.slot, look.hide] = [slotOf(url), view.hide];
    if (view.camera)
      maps.before?.map.jumpTo({ center: [view.camera.lon, view.camera.lat], zoom: view.camera.zoom });
    if (place !== look.place) void choosePlace(place, view.camera).catch(sayNo);
    else void showSlot().catch(sayNo);
  });
  addEventListener('keydown', event => {
    if (event.key === 'Escape' && !event.defaultPrevented) pick('before', null);
  });
  document.addEventListener('theme', () => {
    for (const map of [maps.before, maps.after]) map?.show({ theme: isDark() ? 'dark' : 'light' });
  });
  const acts = {
    micro: switchMicro,
    closer: () => leading().map.zoomIn(),
    farther: () => leading().map.zoomOut(),
    whole: () => leading().goTo(look.place.bbox),
  };
  for (const [name, act] of Object.entries(acts))
    find(`[data-act="${name}"]`).addEventListener('click', () => maps.before && act());
}
