/**
 * The queue of a phone: entries are written with or without signal and sent once, in order, when there is some.
 *
 * Nothing leaves the queue but by an answer of the server or by its writer's own choice. `store` is as in
 * store.js; `server` as in server.js; tests have others.
 */
import { makeKey, open, seal, unwrapKey } from './envelope.js';

const MOST_AT_ONCE = 20;
const MOST_DONE = 20; // kept to show that they have arrived
const MOST_BYTES = 6_000_000; // the server takes 12 MB; sealed bytes become more as base64
// Answers about what a message says, by which none of it is taken.
const OF_WHAT_IS_SAID = ['fields_malformed', 'body_too_large'];

/** Make the phone known to the server and keep the public half of its key; once. Two tabs take turns with it. */
export async function enrol(store, server, person, id = crypto.randomUUID()) {
  const handset = await store.addHandset({ person_id: person, id, last_number: 0, enrolled: false });
  if (handset.enrolled) return handset;
  const { secret, token } = await server.key(handset.id);
  const { publicKey, wrapped } = await makeKey(secret);
  // Where an answer was lost, the key the server holds is an earlier one: that one counts.
  const { public_key } = await server.enrol(token, {
    id: handset.id,
    public_key: publicKey,
    private_key: wrapped,
  });
  const changes = { public_key, enrolled: true };
  await store.changeHandset(person, changes);
  return { ...handset, ...changes };
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
  const [unsent, refused] = await Promise.all(['unsent', 'refused'].map(one => store.count(person, one)));
  return { unsent, refused };
}

/**
 * Send all that waits, in order. Whatever goes wrong on the way, the next call goes on from there. Where several
 * together are not taken, each goes by itself, so that one holds up no other.
 *
 * @returns {Promise<'sent' | 'wiped'>} 'wiped': an administrator asked for it, and it was done
 */
export async function sendAll(store, server, person) {
  const handset = await store.handset(person);
  if (!handset?.enrolled) return 'sent';
  const opened = await openedKey(store, server, person, handset);
  if (opened === null) return 'wiped';
  const { key, token } = opened;
  let most = MOST_AT_ONCE;
  for (;;) {
    const entries = await store.entries(person);
    const waiting = entries.filter(entry => entry.state === 'unsent');
    const batch = firstOf(waiting, most);
    const message = {
      handset: handset.id,
      unsent: waiting.length,
      oldest: waiting[0]?.number ?? handset.last_number + 1,
      entries: await Promise.all(batch.map(entry => asSent(entry, key))),
    };
    let said;
    try {
      said = await server.send(token, message);
    } catch (error) {
      if (!isNo(error) || !batch.length) throw error;
      if (batch.length === 1) said = refusedAlone(error, batch[0]);
      else {
        most = 1;
        continue;
      }
    }
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

/** Empty the phone of a person, and say how much was lost with it; where that does not arrive, later. */
export async function wipe(store, server, person) {
  const handset = await store.handset(person);
  const { unsent } = await count(store, person);
  await store.wipe(person, handset?.enrolled ? { id: handset.id, unsent } : null);
  await tellWiped(store, server, person);
  return unsent;
}

/** Tell the server of phones that were emptied; what it has not answered stays noted. */
export async function tellWiped(store, server, person) {
  for (const { id, unsent } of await store.wiped(person)) {
    try {
      await server.wiped(id, unsent);
    } catch (error) {
      if (error.code !== 'handset_unknown') throw error; // such a one is nothing to count for it
    }
    await store.forgetWiped(id);
  }
}

async function openedKey(store, server, person, handset) {
  try {
    const { secret, private_key, token } = await server.key(handset.id);
    return { key: await unwrapKey(private_key, secret), token };
  } catch (error) {
    if (error.code !== 'handset_wiped') throw error;
    await wipe(store, server, person).catch(late => {
      if (late.name !== 'Problem') throw late; // it is empty, and what was lost is noted
    });
    return null;
  }
}

/** An entry as it is sent. */
async function asSent(entry, key) {
  const { client_id, number, kind } = entry;
  const body = kind === 'dropped' ? {} : await open(key, entry.sealed, `${client_id} ${kind}`);
  return { client_id, number, kind, body };
}

/** Whether an answer says no to what was sent, and not that there is no way, session or time for it now. */
function isNo({ name, status }) {
  return name === 'Problem' && status >= 400 && status <= 500 && status !== 401 && status !== 429;
}

/** What became of an entry that was sent by itself: refused, where the answer is about what it says. */
function refusedAlone(error, { client_id, number }) {
  if (!OF_WHAT_IS_SAID.includes(error.code)) throw error;
  const entry = { client_id, number, state: 'refused', code: error.code, detail: error.message };
  return { next: number, entries: [entry] };
}

/** As many of the first as go in one message; one at least. */
function firstOf(entries, allowed) {
  let bytes = 0;
  const most = entries.findIndex((entry, at) => {
    bytes += entry.sealed?.box.length ?? 0;
    return at > 0 && (at >= allowed || bytes > MOST_BYTES);
  });
  return most < 0 ? entries : entries.slice(0, most);
}

/** Note what became of entries, then give those still unsent new numbers where theirs are taken; how many moved on. */
async function settle(store, person, { next, entries }, waiting) {
  const kinds = new Map(waiting.map(entry => [entry.client_id, entry.kind]));
  const settled = entries.filter(one => one.state !== 'waiting');
  const taken = settled.filter(one => one.code === 'number_taken' && kinds.get(one.client_id) !== 'dropped');
  for (const one of settled) {
    if (taken.includes(one)) continue;
    if (kinds.get(one.client_id) === 'dropped') await store.remove(one.client_id);
    else if (one.state === 'done')
      await store.change(one.client_id, { state: 'done', sealed: null, answer: one.answer });
    else await store.change(one.client_id, { state: 'refused', code: one.code, detail: one.detail });
  }
  if (taken.length) await store.renumber(person, next);
  await store.forgetDone(person, MOST_DONE);
  return settled.length;
}
