/**
 * What makes a page of who walks an app: the worker that answers without signal, the queue that is sent by
 * itself, the pack that is taken along, and the line that says what is safe where.
 */
import { el, fill, icon } from '../frame/dom.js';
import { language, t } from '../words.js';
import { count, enrol, put, sendAll, tellWiped, wipe } from './queue.js';
import { server } from './server.js';
import { openStore } from './store.js';

const SHELL = 'gridkeeper-shell';
const PACK_MS = 10 * 60_000;
const AGAIN_MS = 30_000;
const LOCK = 'gridkeeper-queue';

let store = null;
let state = 'ready';
let trouble = ''; // what the server says is in the way
let lastSaid = '';

/** The store, opened once. */
export async function theStore() {
  store ??= await openStore();
  return store;
}

/**
 * Whose entries are written here; null where nobody is signed in, the phone is not known yet, or the page is
 * another person's than the phone.
 */
export async function writer() {
  const kept = await theStore();
  const person = await kept.person();
  const { walks } = document.documentElement.dataset; // the page without signal is nobody's in particular
  if (walks && Number(walks) !== person) return null;
  const handset = person === null ? null : await kept.handset(person);
  return handset?.enrolled ? person : null;
}

/** Keep an entry, sealed; its id. It is safe on the phone once this resolves. */
export async function write(kind, body) {
  const kept = await theStore();
  const person = await writer();
  if (person === null) throw new Error('Nobody writes on this phone.');
  const id = await put(kept, person, kind, body);
  askToStay();
  await say();
  return id;
}

/** What became of an entry, whoever is signed in now; undefined where the phone was emptied. */
export async function entryOf(id) {
  return (await theStore()).entry(id);
}

/** Send what waits, one page at a time. Rejects with the Problem that was in the way. */
export async function send() {
  const kept = await theStore();
  const person = await kept.person();
  if (person === null) return;
  try {
    const how = await alone(() => sendAll(kept, server, person));
    state = how === 'wiped' ? 'wiped' : 'ready';
  } catch (error) {
    note(error);
    throw error;
  } finally {
    await say();
  }
}

/** Keep what was in the way: no signal, a session that is over, or what the server says. */
function note(error) {
  if (error.name !== 'Problem') throw error;
  state = error.status === 401 ? 'locked' : error.passing ? 'no signal' : 'trouble';
  trouble = error.message;
}

/** On a page of somebody who walks and is signed in: all of it. */
export async function start(person) {
  const kept = await theStore();
  await kept.keepPerson(person);
  keepTheShell();
  guardLeaving(kept, person);
  await going(async () => {
    await alone(() => enrol(kept, server, person));
    await send();
    await tellWiped(kept, server, person);
    await takeAlong(kept, person);
  });
  goOn();
}

/** On a page from the cache: whoever was here last goes on writing; what they wrote is sent when it can be. */
export async function startWithoutServer() {
  await theStore();
  await going(send);
  goOn();
}

/** What there is to be taken along, on a page from the cache where nothing was yet; undefined without signal. */
export async function taken(person) {
  const kept = await theStore();
  await going(() => takeAlong(kept, person));
  return kept.pack(person);
}

/** Say what is safe where; nothing where nothing waits and there is signal. */
export async function say() {
  const kept = await theStore();
  const person = await kept.person();
  const { unsent, refused } = person === null ? { unsent: 0, refused: 0 } : await count(kept, person);
  const sealed = (await kept.unsentOfAll()) - unsent;
  const line = theLine();
  const offline = state === 'no signal' || !navigator.onLine;
  const words =
    state === 'wiped'
      ? t('phone-wiped')
      : state === 'locked' && unsent
        ? t('phone-locked', { n: unsent })
        : state === 'trouble' && !offline
          ? trouble
          : unsent
            ? t(offline ? 'phone-unsent-offline' : 'phone-unsent', { n: unsent })
            : offline
              ? t('phone-offline')
              : refused
                ? t('phone-refused', { n: refused })
                : sealed
                  ? t('phone-of-others', { n: sealed })
                  : '';
  line.hidden = !words;
  line.dataset.state = offline ? 'offline' : unsent ? 'sending' : refused ? 'refused' : 'ready';
  if (words !== lastSaid)
    fill(
      line,
      offline ? icon('cloud-off') : icon('refresh-cw'),
      el('span', {}, words),
      unsent || refused ? el('a', { href: '/phone' }, t('phone-look')) : null,
    );
  lastSaid = words;
  document.dispatchEvent(new CustomEvent('phone-queue', { detail: { unsent, refused, state } }));
}

function theLine() {
  const known = document.getElementById('phone-line');
  if (known) return known;
  const made = el('p', { id: 'phone-line', class: 'phone-line', role: 'status', hidden: true });
  document.getElementById('main').prepend(made);
  return made;
}

/** Ground and due list, fetched anew where they are older than a few minutes. */
async function takeAlong(kept, person, now = Date.now()) {
  const known = await kept.pack(person);
  if (known && now - Date.parse(known.made_at) < PACK_MS && !location.pathname.startsWith('/today')) return;
  const pack = await server.pack();
  if (pack.person_id !== person) return; // somebody else is signed in by now
  await kept.keepPack({ ...pack, former: known?.made_at ?? null });
  document.dispatchEvent(new CustomEvent('phone-pack', { detail: pack }));
}

async function going(act) {
  try {
    await act();
  } catch (error) {
    note(error);
  }
  await say();
}

/** Try again when there is signal, and now and then while something waits. */
function goOn() {
  const tryIt = async () => {
    const kept = await theStore();
    const person = await kept.person();
    if (person !== null && (await count(kept, person)).unsent) await going(send);
    else {
      if (navigator.onLine && state === 'no signal') state = 'ready';
      await say();
    }
  };
  addEventListener('online', tryIt);
  addEventListener('offline', () => say());
  setInterval(() => navigator.onLine && tryIt(), AGAIN_MS);
}

/** The page that is there without signal, in the language that is read here. */
async function keepTheShell() {
  if (!('serviceWorker' in navigator)) return;
  await navigator.serviceWorker.register('/worker.js', { scope: '/' });
  const cache = await caches.open(SHELL);
  const shown = await cache.match('/phone');
  if (shown?.headers.get('Content-Language') === language) return;
  const answer = await fetch('/phone').catch(() => null);
  if (answer?.ok && !answer.redirected) await cache.put('/phone', answer);
}

/** Who leaves with entries unsent is asked to send them first; keeping them sealed is their choice to make. */
function guardLeaving(kept, person) {
  for (const form of document.querySelectorAll('form[data-leaves]')) {
    form.addEventListener(
      'submit',
      async event => {
        if (form.dataset.sure) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        await send().catch(() => null);
        const { unsent } = await count(kept, person);
        const leave = async () => {
          await kept.keepPerson(null);
          form.dataset.sure = 'yes';
          form.requestSubmit();
        };
        if (unsent) askBeforeLeaving(unsent, leave);
        else await leave();
      },
      { capture: true },
    );
  }
}

function askBeforeLeaving(unsent, leave) {
  const dialog = el(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'leaving-title' },
    el('h2', { id: 'leaving-title' }, t('phone-leave-title', { n: unsent })),
    el('p', {}, t('phone-leave-about')),
    el(
      'div',
      { class: 'buttons' },
      el(
        'button',
        { type: 'button', class: 'button primary', onclick: () => dialog.remove() },
        t('phone-leave-stay'),
      ),
      el('button', { type: 'button', class: 'button', onclick: leave }, t('phone-leave-go')),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
}

/** Empty this phone by its writer's own, confirmed choice; how many entries were lost. */
export async function wipeThis() {
  const kept = await theStore();
  return wipe(kept, server, await kept.person());
}

function alone(act) {
  return navigator.locks ? navigator.locks.request(LOCK, act) : act();
}

/** Ask the browser not to clear this when space is short. */
function askToStay() {
  navigator.storage?.persist?.().catch(() => null);
}
