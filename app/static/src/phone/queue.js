/**
 * The queue of a phone: entries are written with or without signal and sent once, in order, when there is some.
 *
 * Nothing leaves the queue but by an answer of the server or by its writer's own choice. `store` is as in
 * store.js; `server` as in server.js; tests have others.
 */
import { makeKey, open, seal, unwrapKey } from './envelope.js';

const MOST_AT_ONCE = 20;
const MOST_BYTES = 6_000_000; // the server takes 12 MB; sealed bytes become more as base64

/** Make the phone known to the server and keep the public half of its key; once. */
export async function enrol(store, server, person, id = crypto.randomUUID()) {
  const known = await store.handset(person);
  if (known?.enrolled) return known;
  const handset = known ?? { person_id: person, id, last_number: 0, enrolled: false };
  if (!known) await store.keepHandset(handset);
  const { secret, token } = await server.key(handset.id);
  const { publicKey, wrapped } = await makeKey(secret);
  // Where an answer was lost, the key the server holds is an earlier one: that one counts.
  const { public_key } = await server.enrol(token, {
    id: handset.id,
    public_key: publicKey,
    private_key: wrapped,
  });
  const made = { ...handset, public_key, enrolled: true };
  await store.keepHandset(made);
  return made;
}

/** Seal an entry and keep it; it is safe on the phone once this resolves. Again with the same id: the same. */
export async function put(store, person, kind, body, clientId = crypto.randomUUID(), now = new Date()) {
  const handset = await store.handset(person);
  const sealed = await seal(handset.public_key, body, `${clientId} ${kind}`);
  await store.add({
    client_id: clientId,
    person_id: person,
    kind,
    written_at: now.toISOString(),
    state: 'unsent',
    sealed,
  });
  return clientId;
}

/** How many entries of a person wait, and how many were refused. */
export async function count(store, person) {
  const entries = await store.entries(person);
  const of = state => entries.filter(entry => entry.state === state).length;
  return { unsent: of('unsent'), refused: of('refused') };
}

/**
 * Send all that waits, in order. Whatever goes wrong on the way, the next call goes on from there.
 *
 * @returns {Promise<'sent' | 'wiped'>} 'wiped': an administrator asked for it, and it was done
 */
export async function sendAll(store, server, person) {
  const handset = await store.handset(person);
  if (!handset?.enrolled) return 'sent';
  const opened = await openedKey(store, server, person, handset);
  if (opened === null) return 'wiped';
  const { key, token } = opened;
  for (;;) {
    const entries = await store.entries(person);
    const waiting = entries.filter(entry => entry.state === 'unsent');
    const batch = firstOf(waiting);
    const bodies = await Promise.all(batch.map(entry => bodyOf(entry, key)));
    const said = await server.send(token, {
      handset: handset.id,
      unsent: waiting.length,
      oldest: waiting[0]?.number ?? handset.last_number + 1,
      entries: batch.map(({ client_id, number, kind }, at) => ({
        client_id,
        number,
        kind,
        body: bodies[at],
      })),
    });
    const settled = await settle(store, person, said, waiting);
    if (!waiting.length || (settled === 0 && batch.length === waiting.length)) return 'sent';
    if (settled === 0) throw new Error('The server settles none of what is sent.');
  }
}

/** What an entry says, for its writer who is signed in. */
export async function read(store, server, person, entry) {
  const { id } = await store.handset(person);
  const { secret, private_key } = await server.key(id);
  return open(await unwrapKey(private_key, secret), entry.sealed, `${entry.client_id} ${entry.kind}`);
}

/** Let go of an entry by its writer's own choice; the server hears that there is none under its number. */
export async function drop(store, entry) {
  if (entry.state !== 'unsent') return store.remove(entry.client_id);
  return store.change(entry.client_id, { kind: 'dropped', sealed: null });
}

/** Empty the phone of a person, and say how much was lost with it. */
export async function wipe(store, server, person) {
  const handset = await store.handset(person);
  const { unsent } = await count(store, person);
  await store.wipe(person);
  if (handset?.enrolled) await server.wiped(handset.id, unsent);
  return unsent;
}

async function openedKey(store, server, person, handset) {
  try {
    const { secret, private_key, token } = await server.key(handset.id);
    return { key: await unwrapKey(private_key, secret), token };
  } catch (error) {
    if (error.code !== 'handset_wiped') throw error;
    await wipe(store, server, person);
    return null;
  }
}

async function bodyOf(entry, key) {
  return entry.kind === 'dropped' ? {} : open(key, entry.sealed, `${entry.client_id} ${entry.kind}`);
}

/** As many of the first as go in one message; one at least. */
function firstOf(entries) {
  let bytes = 0;
  const most = entries.findIndex((entry, at) => {
    bytes += entry.sealed?.box.length ?? 0;
    return at > 0 && (at >= MOST_AT_ONCE || bytes > MOST_BYTES);
  });
  return most < 0 ? entries : entries.slice(0, most);
}

/** Note what became of entries; returns how many are settled. */
async function settle(store, person, { next, entries }, waiting) {
  const kinds = new Map(waiting.map(entry => [entry.client_id, entry.kind]));
  const taken = entries.filter(one => one.code === 'number_taken');
  if (taken.some(one => kinds.get(one.client_id) !== 'dropped')) {
    await store.renumber(person, next);
    return taken.length;
  }
  let settled = 0;
  for (const one of entries) {
    if (one.state === 'waiting') continue;
    settled += 1;
    if (kinds.get(one.client_id) === 'dropped') await store.remove(one.client_id);
    else if (one.state === 'done')
      await store.change(one.client_id, { state: 'done', sealed: null, answer: one.answer });
    else await store.change(one.client_id, { state: 'refused', code: one.code, detail: one.detail });
  }
  return settled;
}
