/**
 * The public page and the screen in a lobby: one question, one answer, one map. Nothing is kept of anybody; what is
 * looked at is forgotten when a screen starts over. Without network it answers from what it kept of its community.
 */
import { gridAt, searchIn, tilesOver } from '../core/find_local.js';
import { formats } from '../core/formats.js';
import { labelOf, numberOf } from '../core/labels.js';
import { areaOf, cornersOfBox } from '../core/polygon.js';
import { scanned } from '../core/sheets.js';
import { get } from '../frame/api.js';
import { el, fill, icon, pageFacts } from '../frame/dom.js';
import { language, locale, t } from '../words.js';
import { makeCountdown, makeKeys } from '../panels/kiosk.js';

const WAIT_MS = 220;
const ASK_AGAIN_MS = 60_000;
const CONTROL_MS = 10_000; // a page loaded past its worker is never taken over
const KEPT_ZOOMS = [13, 17];
const MOST_KEPT_TILES = 300;

const facts = pageFacts();
const format = formats(locale);
const find = selector => document.querySelector(selector);
const input = find('#find-words');
const box = find('#find-found');
const answer = find('.find-answer');
const said = find('[data-said]');
const big = find('[data-act="big"]');
const otherLanguage = find('[data-language]');

const look = {
  found: [],
  active: -1,
  card: null,
  pack: null,
  keptOn: null,
  isOffline: false,
  version: facts.version,
};
// A page kept for when the network is gone serves every door: what was asked for stands in the address alone.
const asked = new URLSearchParams(location.search);
const askedId = name => (/^\d{1,18}$/.test(asked.get(name) ?? '') ? Number(asked.get(name)) : null);
const home = facts.isKiosk ? (asked.get('home') ?? language) : null; // the language the screen was set up in
let map = null;

/* --- Asking: the server, else what was kept ----------------------------------------------------------- */

/** What the server says; without network what `otherwise` finds in the pack. */
async function ask(path, otherwise, options) {
  try {
    const told = await get(path, options);
    setOffline(false);
    return told;
  } catch (error) {
    if (error.name === 'AbortError' || error.status !== 0) throw error;
    setOffline(true);
    if (!look.pack) throw error;
    return otherwise(look.pack);
  }
}

const within = facts.asked ? `&place=${encodeURIComponent(facts.asked)}` : '';
const cardOf = (pack, grid) => grid && { ...grid, services: pack.services };

const askSearch = (words, options) =>
  ask(
    `/find/search?q=${encodeURIComponent(words)}${within}`,
    pack => ({ found: searchIn(pack, words) ?? [] }),
    options,
  );
const askAt = (lon, lat) =>
  ask(`/find/at?lon=${lon.toFixed(6)}&lat=${lat.toFixed(6)}`, pack => ({
    card: cardOf(pack, gridAt(pack, lon, lat)),
  }));
const askGrid = id =>
  ask(`/find/grids/${id}`, pack => ({
    card: cardOf(
      pack,
      pack.grids.find(grid => grid.id === id),
    ),
  }));
const askBuilding = id =>
  ask(`/find/buildings/${id}`, pack => {
    const [lon, lat] = [pack.columns.indexOf('lon'), pack.columns.indexOf('lat')];
    const row = pack.buildings.find(one => one[0] === id);
    const building = row && Object.fromEntries(pack.columns.map((name, at) => [name, row[at]]));
    return building
      ? { ...building, position: [row[lon], row[lat]], card: cardOf(pack, gridAt(pack, row[lon], row[lat])) }
      : { card: null };
  });

function setOffline(isOffline) {
  look.isOffline = isOffline;
  const notice = find('.find-offline');
  notice.hidden = !isOffline;
  notice.querySelector('span').textContent = look.pack
    ? t('find-offline', { day: look.keptOn ? format.dateTime(look.keptOn) : '' })
    : t('find-offline-little');
}

/* --- Searching ---------------------------------------------------------------------------------------- */

let asking = null,
  timer = null;

function close() {
  box.hidden = true;
  input.setAttribute('aria-expanded', 'false');
  input.removeAttribute('aria-activedescendant');
  look.active = -1;
}

async function search({ now = false } = {}) {
  const words = input.value.trim().slice(0, facts.longest);
  const sheet = scanned(words);
  if (sheet) return void open({ kind: sheet.kind, id: sheet.id, grid: { id: sheet.id } });
  asking?.abort();
  if (words.replace(/[\p{P}\p{S}\s_]/gu, '').length < 2) {
    if (!now) return close();
  }
  asking = new AbortController();
  try {
    const { found } = await askSearch(words, { signal: asking.signal });
    show(words, found);
  } catch (error) {
    if (error.name === 'AbortError') return;
    if (error.name !== 'Problem') throw error;
    say(error.message);
  }
}

function show(words, found) {
  look.found = found;
  if (!found.length) return say(t('find-nothing', { words }));
  fill(
    box,
    ...found.map((one, number) =>
      el(
        'div',
        {
          role: 'option',
          id: `find-${number}`,
          class: 'find-one',
          'aria-selected': 'false',
          onclick: () => open(one),
        },
        icon('map-pin'),
        el(
          'span',
          { class: 'find-one-name' },
          el('b', {}, nameOf(one)),
          el('span', { class: 'muted' }, besideOf(one)),
        ),
      ),
    ),
  );
  box.hidden = false;
  input.setAttribute('aria-expanded', 'true');
  said.textContent = t('find-count', { n: found.length });
  activate(0);
}

const nameOf = one => one.name || one.address || one.code;
const besideOf = one =>
  [
    t('find-kind', { kind: one.kind }),
    one.name ? one.address : null,
    language === 'en' ? one.pinyin : null,
    t('find-grid-number', { number: numberOf(one.grid.code) }),
  ]
    .filter(Boolean)
    .join(' · ');

function say(words) {
  look.found = [];
  fill(
    box,
    el('p', { class: 'find-none', role: 'option', 'aria-selected': 'false', 'aria-disabled': 'true' }, words),
  );
  box.hidden = false;
  input.setAttribute('aria-expanded', 'true');
  said.textContent = words;
}

function activate(number) {
  look.active = number;
  [...box.children].forEach((child, at) => child.setAttribute('aria-selected', String(at === number)));
  input.setAttribute('aria-activedescendant', `find-${number}`);
  box.children[number]?.scrollIntoView({ block: 'nearest' });
}

input.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(search, WAIT_MS);
});
input.addEventListener('keydown', event => {
  const last = look.found.length - 1;
  if (event.key === 'ArrowDown' && last >= 0) activate(look.active >= last ? 0 : look.active + 1);
  else if (event.key === 'ArrowUp' && last >= 0) activate(look.active <= 0 ? last : look.active - 1);
  else if (event.key === 'Escape') close();
  else return;
  event.preventDefault();
});
find('.find-form').addEventListener('submit', event => {
  event.preventDefault();
  clearTimeout(timer);
  if (!box.hidden && look.active >= 0 && look.found[look.active]) open(look.found[look.active]);
  else search({ now: true });
});

/* --- Answering ---------------------------------------------------------------------------------------- */

/** Show the grid of something found. */
async function open(one) {
  close();
  try {
    if (one.kind === 'building') {
      const told = await askBuilding(one.id);
      answerWith(told.card, {
        building: one.id,
        name: told.name || told.address || told.code,
        position: told.position,
      });
    } else {
      const { card } = await askGrid(one.grid.id);
      answerWith(card, one.kind === 'grid' ? null : { name: nameOf(one), position: one.position });
    }
  } catch (error) {
    if (error.name !== 'Problem') throw error;
    say(error.message);
  }
}

/** Show a grid's card. @param {object | null} card @param {{name: string, position: number[]} | null} [what] stands where */
function answerWith(card, what = null) {
  look.card = card;
  look.what = what;
  if (!card) {
    answer.hidden = true;
    said.textContent = t('find-no-grid-here');
    return say(t('find-no-grid-here'));
  }
  fill(answer, ...cardParts(card, what));
  answer.hidden = false;
  document.body.classList.add('has-answer');
  answer.focus({ preventScroll: true });
  answer.scrollIntoView({ block: 'nearest' });
  map?.showGrid(card, what?.position ?? null);
  countdown?.touch();
}

function cardParts(card, what) {
  const inChinese = language === 'zh';
  const told = (row, name) => (inChinese ? row[`${name}_zh`] : row[`${name}_en`] || row[`${name}_zh`]);
  const community =
    !inChinese && card.community.pinyin
      ? `${card.community.name} ${card.community.pinyin}`
      : card.community.name;
  return [
    what?.name && el('p', { class: 'find-what' }, icon('map-pin'), what.name),
    el(
      'h2',
      { id: 'find-answer-title' },
      card.name || t('find-grid-number', { number: numberOf(card.code) }),
      el('span', { class: 'muted' }, ` ${community}`),
    ),
    el('p', { class: 'find-code muted' }, card.code),
    ...coordinatorParts(card),
    officeParts(card.office, told),
    ...noticeParts(card.notices, told),
    el(
      'section',
      {},
      el('h3', {}, t('find-services')),
      el(
        'ul',
        { class: 'find-services' },
        ...card.services.map(service => el('li', {}, inChinese ? service.name_zh : service.name_en)),
      ),
    ),
    el(
      'section',
      {},
      el('h3', {}, t('find-complain')),
      card.office?.supervision_phone &&
        el('p', {}, t('find-complain-phone', { phone: card.office.supervision_phone })),
      el('p', {}, t('find-complain-anyhow')),
    ),
    el(
      'p',
      { class: 'find-plan muted' },
      t('find-plan', { name: card.plan.name, day: format.date(card.plan.since), version: card.plan.version }),
      el(
        'span',
        { class: 'find-slip-only' },
        ` ${t('find-slip-made', { day: format.dateTime(new Date().toISOString()) })}`,
      ),
    ),
    el(
      'div',
      { class: 'buttons' },
      el(
        'button',
        { type: 'button', class: 'button', onclick: () => print() },
        icon('printer'),
        t('find-print'),
      ),
      !facts.isKiosk &&
        what &&
        el('a', { class: 'button', href: reportOf(what) }, icon('triangle-alert'), t('find-report')),
      el('button', { type: 'button', class: 'button', onclick: startOver }, icon('undo-2'), t('find-start')),
    ),
  ];
}

/** Where a place is reported: the building, else the point. */
function reportOf({ building, position: [lon, lat] }) {
  const where = building ? { building } : { lon: lon.toFixed(6), lat: lat.toFixed(6) };
  return `/find/report?${new URLSearchParams({ ...where, lang: language, ...(isBig() && { type: 'big' }) })}`;
}

function coordinatorParts({ coordinators }) {
  if (!coordinators.some(one => one.kind === 'primary'))
    return [el('p', { class: 'notice warn' }, icon('info'), el('span', {}, t('find-vacant')))];
  return coordinators.map(one =>
    el(
      'section',
      { class: one.kind === 'primary' ? 'find-person' : 'find-person deputy' },
      el('h3', {}, one.kind === 'primary' ? t('find-your-coordinator') : t('find-deputy')),
      el('p', { class: 'find-name' }, one.name),
      one.phone && phone(one.phone),
    ),
  );
}

function phone(number) {
  const words = t('find-call', { phone: number });
  if (facts.isKiosk) return el('p', { class: 'find-phone' }, icon('phone'), number);
  return el(
    'a',
    { class: 'find-phone button', href: `tel:${number.replace(/[^\d+]/g, '')}` },
    icon('phone'),
    words,
  );
}

function officeParts(office, told) {
  const rows = office && [
    [t('find-hours'), told(office, 'hours')],
    [t('find-address'), told(office, 'address')],
  ];
  return el(
    'section',
    {},
    el('h3', {}, t('find-office')),
    office?.phone ? phone(office.phone) : el('p', {}, t('find-no-office')),
    rows &&
      el(
        'dl',
        { class: 'find-rows' },
        ...rows
          .filter(([, value]) => value)
          .map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, value))),
      ),
  );
}

function noticeParts(notices, told) {
  if (!notices.length) return [];
  return [
    el(
      'section',
      {},
      el('h3', {}, t('find-notices')),
      ...notices.map(one =>
        el(
          'div',
          { class: 'find-notice' },
          el('b', {}, told(one, 'title')),
          el('p', {}, told(one, 'text')),
          el('p', { class: 'muted' }, t('find-until', { day: format.date(one.until_on) })),
        ),
      ),
    ),
  ];
}

/** As it was before anybody came. */
function startOver() {
  asking?.abort();
  input.value = '';
  look.card = look.what = null;
  answer.hidden = true;
  answer.replaceChildren();
  said.textContent = '';
  document.body.classList.remove('has-answer');
  if (facts.isKiosk) showBig(false); // the next visitor is another
  close();
  map?.startOver();
  countdown?.rest();
  void speakAsSetUp();
  if (facts.isKiosk) input.focus({ preventScroll: true });
  scrollTo(0, 0);
}

const isBig = () => document.body.classList.contains('big');

/** Nothing is kept of anybody: that somebody reads big type stands in the address, and goes with it. */
function showBig(wanted) {
  document.body.classList.toggle('big', wanted);
  big.setAttribute('aria-pressed', String(wanted));
  const address = new URL(location.href);
  if (wanted) address.searchParams.set('type', 'big');
  else address.searchParams.delete('type');
  if (address.href !== location.href) history.replaceState(null, '', address);
  otherLanguage.href = addressIn(otherLanguage.dataset.language);
}

/** A visitor's language goes with the visitor. Without network only where that page was kept: a screen stays alive. */
async function speakAsSetUp() {
  if (home === null || home === language) return;
  const address = addressIn(home);
  address.searchParams.delete('home');
  const isThere = await fetch(address).then(
    ({ ok }) => ok,
    () => false,
  );
  if (isThere) location.replace(address);
}

/** This page in another language; from a screen it finds the way back. */
function addressIn(other) {
  const address = new URL(location.href);
  address.searchParams.set('lang', other);
  if (home !== null) address.searchParams.set('home', home);
  return address;
}

/* --- The map ------------------------------------------------------------------------------------------ */

async function makePublicMap() {
  const { code, bbox } = facts.place;
  if (!code || !bbox) return null;
  const { makeMap } = await import('../map/make_map.js');
  const tiles = version => `/ogc/tiles/${code}/{z}/{x}/{y}.mvt${version ? `?v=${version}` : ''}`;
  const canvas = find('.find-canvas');
  const made = makeMap(canvas, {
    ground: tiles(),
    plan: tiles(),
    bbox,
    title: t('find-map-title'),
    hide: ['plots'],
  });
  const point = position => made.point(position ?? facts.here);
  made.on('press', async (id, building, [lon, lat]) => {
    countdown?.touch();
    try {
      const { card } = await askAt(lon, lat);
      answerWith(card, {
        building: building?.id ?? null,
        name: building && (building.name || building.address || building.code),
        position: [lon, lat],
      });
    } catch (error) {
      if (error.name !== 'Problem') throw error;
      say(error.message);
    }
  });
  made.map.once('load', () => point(null));
  return {
    showGrid(card, position) {
      made.map.resize(); // the card has taken its room
      made.chooseGrid(card.id);
      made.goTo(card.bbox);
      point(position);
    },
    startOver() {
      made.map.resize();
      made.chooseGrid(null);
      made.goTo(bbox);
      point(null);
    },
    refresh(version) {
      made.show({ ground: tiles(version), plan: tiles(version) });
    },
    labels(grids) {
      const text = grid =>
        labelOf(
          { ...grid, area_m2: areaOf(cornersOfBox(grid.bbox)) },
          { households: '', coordinator: '', sign: '' },
        );
      made.show({
        labels: {
          type: 'FeatureCollection',
          features: grids.map(grid => ({
            type: 'Feature',
            geometry: { type: 'Point', coordinates: grid.label },
            properties: { ...text(grid), zoomHouseholds: 99, zoomCoordinator: 99 },
          })),
        },
      });
    },
  };
}

/* --- Kept for when the network is gone ----------------------------------------------------------------- */

/** Ask for all of a community; on a screen for the tiles of its map, too, so that the worker keeps them. */
async function keep() {
  if (facts.place.level !== 'community') return;
  const { code, bbox } = facts.place;
  try {
    look.pack = await get(`/find/pack/${code}`);
  } catch (error) {
    if (error.name !== 'Problem') throw error;
    return;
  }
  look.keptOn = new Date().toISOString();
  map?.labels(look.pack.grids);
  if (!facts.isKiosk || !navigator.serviceWorker?.controller) return;
  const tiles = tilesOver(bbox, ...KEPT_ZOOMS).slice(0, MOST_KEPT_TILES);
  for (const [z, x, y] of tiles) await fetch(`/ogc/tiles/${code}/${z}/${x}/${y}.mvt`).catch(() => null);
  document.documentElement.dataset.kept = 'yes';
}

/** Every minute: has a plan, a duty, an office or a notice changed? Then show what holds now. */
async function askAgain() {
  try {
    const { version } = await get(`/find/version?${within.slice(1)}`);
    setOffline(false);
    if (version === look.version) return;
    look.version = version;
  } catch (error) {
    if (error.name !== 'Problem') throw error;
    return void setOffline(error.status === 0);
  }
  map?.refresh(look.version);
  await keep();
  if (look.card) await answerAgain();
}

/** The card that is open, as it is now; where its grid is gone, as before anybody came. */
async function answerAgain() {
  try {
    const { card } = await askGrid(look.card.id);
    if (card) answerWith(card, look.what);
    else startOver();
  } catch (error) {
    if (error.name !== 'Problem') throw error;
    if (error.status === 404) startOver();
    else look.version = null; // nobody said that it is gone: what is open stays, and is asked for in a minute
  }
}

async function listenOffline() {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register('/find/worker.js', { scope: '/find' });
  await Promise.race([controlled(), new Promise(done => setTimeout(done, CONTROL_MS))]);
  if (!navigator.serviceWorker.controller) return;
  await fetch(location.href); // the page came before its worker: now it is kept, too
  if (facts.isKiosk) await fetch(find('[data-language]').href); // and the language beside it
}

async function controlled() {
  await navigator.serviceWorker.ready;
  if (navigator.serviceWorker.controller) return;
  await new Promise(done =>
    navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }),
  );
}

/* --- The page ------------------------------------------------------------------------------------------ */

const countdown = facts.isKiosk ? makeCountdown(find('.find-countdown'), startOver) : null;
if (facts.isKiosk) {
  makeKeys(find('.find-keys'), input, () => search());
  for (const kind of ['pointerdown', 'keydown', 'wheel'])
    document.addEventListener(kind, () => countdown.touch(), { passive: true });
  find('[data-act="more-time"]').addEventListener('click', () => countdown.touch());
  for (const link of document.querySelectorAll('[data-leaves]')) link.hidden = true; // a screen stays where it is
}
addEventListener('offline', () => setOffline(true));
addEventListener('online', () => void askAgain());
setInterval(() => void askAgain(), ASK_AGAIN_MS);

showBig(asked.get('type') === 'big');
big.addEventListener('click', () => showBig(!isBig()));
if (facts.isKiosk) input.focus({ preventScroll: true });
if (home !== language) countdown?.touch(); // who chose the language may be gone
map = await makePublicMap();
const [building, grid] = ['building', 'grid'].map(askedId);
if (building) await open({ kind: 'building', id: building });
else if (grid) await open({ kind: 'grid', id: grid, grid: { id: grid } });
await listenOffline().catch(error => console.warn(error));
await keep();
document.documentElement.dataset.ready = 'yes';
