import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeKey, open, seal, unwrapKey } from '../../app/static/src/phone/envelope.js';
import { count, drop, enrol, put, read, sendAll, tellWiped, wipe } from '../../app/static/src/phone/queue.js';

const SECRET = '0123456789abcdef'.repeat(4);
const ME = 7;
const refusal = (code, status = 409) => Object.assign(new Error(code), { name: 'Problem', code, status });
const gone = () => refusal('network_gone', 0);

/** A store in memory with the manners of store.js. */
function storeInMemory() {
  const [entries, handsets, packs] = [new Map(), new Map(), new Map()];
  let notes = [];
  let who = null;
  const of = person => [...entries.values()].filter(entry => entry.person_id === person);
  return {
    raw: entries,
    person: async () => who,
    keepPerson: async person => (who = person),
    handset: async person => handsets.get(person),
    addHandset: async handset => {
      if (!handsets.has(handset.person_id)) handsets.set(handset.person_id, handset);
      return handsets.get(handset.person_id);
    },
    changeHandset: async (person, changes) => handsets.set(person, { ...handsets.get(person), ...changes }),
    count: async (person, state) => of(person).filter(entry => entry.state === state).length,
    forgetDone: async (person, most) => {
      const done = of(person).filter(entry => entry.state === 'done');
      done.sort((a, b) => b.written_at.localeCompare(a.written_at) || b.number - a.number);
      for (const entry of done.slice(most)) entries.delete(entry.client_id);
    },
    entries: async person => of(person).sort((a, b) => a.number - b.number),
    add: async entry => {
      if (entries.has(entry.client_id)) return;
      const handset = handsets.get(entry.person_id);
      handset.last_number += 1;
      entries.set(entry.client_id, { ...entry, number: handset.last_number });
    },
    change: async (id, changes) => entries.set(id, { ...entries.get(id), ...changes }),
    remove: async id => entries.delete(id),
    renumber: async (person, next) => {
      const unsent = of(person).filter(entry => entry.state === 'unsent');
      unsent.sort((a, b) => a.number - b.number);
      unsent.forEach((entry, at) => entries.set(entry.client_id, { ...entry, number: next + at }));
      handsets.get(person).last_number = next + unsent.length - 1;
    },
    wiped: async person => notes.filter(note => note.person_id === person),
    forgetWiped: async id => (notes = notes.filter(note => note.id !== id)),
    wipe: async (person, note) => {
      if (note) notes.push({ ...note, person_id: person });
      for (const entry of of(person)) entries.delete(entry.client_id);
      handsets.delete(person);
      packs.delete(person);
    },
  };
}

/** A server that takes entries once and in order; `lose(call)` says whether an answer, or the call, is lost. */
function serverInMemory({ lose = () => null, refuse = () => false } = {}) {
  const known = new Map();
  const answers = new Map();
  const log = [];
  let [calls, next, wiped] = [0, 1, null];
  const waiting = new Map();
  const settle = one => {
    const no = refuse(one);
    if (!no && one.kind !== 'dropped') log.push(one.body.words);
    answers.set(one.client_id, {
      client_id: one.client_id,
      number: one.number,
      state: no ? 'refused' : 'done',
      code: no ? 'visit_unmet' : undefined,
      said: JSON.stringify(one),
    });
  };
  return {
    log,
    known,
    get lost() {
      return wiped;
    },
    get calls() {
      return calls;
    },
    set next(number) {
      next = number;
    },
    key: async id => {
      if (known.get(id)?.wipe) throw refusal('handset_wiped', 410);
      return { secret: SECRET, private_key: known.get(id)?.private_key ?? null, token: 't' };
    },
    enrol: async (token, handset) => {
      const loss = lose('enrol');
      if (loss === 'call') throw gone();
      if (!known.has(handset.id)) known.set(handset.id, handset);
      if (loss) throw gone();
      return { public_key: known.get(handset.id).public_key };
    },
    send: async (token, { entries, oldest }) => {
      calls += 1;
      const loss = lose(calls);
      if (loss === 'call') throw gone();
      next = Math.max(next, oldest);
      const said = [];
      for (const one of entries) {
        const before = answers.get(one.client_id);
        if (before && before.said !== JSON.stringify(one))
          said.push({ ...before, state: 'refused', code: 'client_id_reused' });
        else if (!before && one.number < next)
          said.push({ client_id: one.client_id, number: one.number, state: 'refused', code: 'number_taken' });
        else if (!before) waiting.set(one.number, one);
        while (waiting.has(next)) {
          settle(waiting.get(next));
          waiting.delete(next);
          next += 1;
        }
      }
      if (loss) throw gone();
      const told = new Set(said.map(one => one.client_id));
      for (const { client_id, number } of entries)
        if (!told.has(client_id))
          said.push(answers.get(client_id) ?? { client_id, number, state: 'waiting' });
      return { next, entries: said };
    },
    async wiped(id, unsent) {
      wiped = unsent;
    },
  };
}

async function given(ways) {
  const store = storeInMemory();
  const server = serverInMemory(ways);
  await enrol(store, server, ME);
  return { store, server };
}

const write = (store, words, id) => put(store, ME, 'visit', { words }, id);

test('what is sealed opens with its key and its label, and with nothing else', async () => {
  const { publicKey, wrapped } = await makeKey(SECRET);
  const other = await makeKey(SECRET);
  const sealed = await seal(publicKey, { name: '金丝雀' }, 'one');
  const key = await unwrapKey(wrapped, SECRET);

  assert.deepEqual(await open(key, sealed, 'one'), { name: '金丝雀' });
  await assert.rejects(open(key, sealed, 'two'));
  await assert.rejects(open(await unwrapKey(other.wrapped, SECRET), sealed, 'one'));
  await assert.rejects(unwrapKey(wrapped, SECRET.replaceAll('0', '1')));
});

test('nothing that was written can be read on the phone', async () => {
  const { store, server } = await given();
  await write(store, '金丝雀 19900770001');

  const [entry] = store.raw.values();
  const bytes = Buffer.concat([Buffer.from(JSON.stringify(entry)), Buffer.from(entry.sealed.box)]);
  assert.ok(!bytes.includes('金丝雀') && !bytes.includes('19900770001'));
  assert.deepEqual(await read(store, server, ME, entry), { words: '金丝雀 19900770001' });
});

test('what waits is sent in order, once, and leaves nothing sealed behind', async () => {
  const { store, server } = await given();
  for (let number = 1; number <= 45; number += 1) await write(store, number);

  assert.equal(await sendAll(store, server, ME), 'sent');

  assert.deepEqual(
    server.log,
    Array.from({ length: 45 }, (_, at) => at + 1),
  );
  assert.deepEqual(await count(store, ME), { unsent: 0, refused: 0 });
  assert.ok([...store.raw.values()].every(entry => entry.sealed === null));
});

test('writing needs no server, and the same id is one entry', async () => {
  const { store, server } = await given();
  await write(store, 'once', 'an-id');
  await write(store, 'once', 'an-id');
  await sendAll(store, server, ME);

  assert.deepEqual(server.log, ['once']);
});

test('whatever is lost on the way, in the end all is there once and in order', async () => {
  for (let pattern = 0; pattern < 3 ** 5; pattern += 1) {
    const fate = call => [null, 'call', 'answer'][Math.floor(pattern / 3 ** (call - 1)) % 3];
    const { store, server } = await given({ lose: call => (typeof call === 'number' ? fate(call) : null) });
    const expected = [];
    for (let number = 1; number <= 6; number += 1) {
      expected.push(number);
      await write(store, number);
      await sendAll(store, server, ME).catch(error => assert.equal(error.code, 'network_gone'));
    }
    while ((await count(store, ME)).unsent) await sendAll(store, server, ME).catch(() => null);

    assert.deepEqual(server.log, expected, `pattern ${pattern}`);
  }
});

test('a refusal is kept with its reason and holds nothing up', async () => {
  const { store, server } = await given({ refuse: one => one.body.words === 'bad' });
  for (const words of ['good', 'bad', 'also good']) await write(store, words);
  await sendAll(store, server, ME);

  const refused = (await store.entries(ME)).filter(entry => entry.state === 'refused');
  assert.deepEqual(server.log, ['good', 'also good']);
  assert.equal(refused[0].code, 'visit_unmet');
  assert.deepEqual(await read(store, server, ME, refused[0]), { words: 'bad' });
});

test('an entry its writer lets go of leaves no gap that others wait behind', async () => {
  const { store, server } = await given();
  for (const words of ['one', 'two', 'three']) await write(store, words);
  await drop(store, (await store.entries(ME))[1]);
  await sendAll(store, server, ME);

  assert.deepEqual(server.log, ['one', 'three']);
  assert.equal((await count(store, ME)).unsent, 0);
});

test('numbers given twice, as after a phone was put back, are given anew', async () => {
  const { store, server } = await given();
  server.next = 4;
  for (const words of ['one', 'two']) await write(store, words);
  await sendAll(store, server, ME);
  await write(store, 'three');
  await sendAll(store, server, ME);

  assert.deepEqual(server.log, ['one', 'two', 'three']);
});

test('numbers given twice leave the answers beside them as they are', async () => {
  const { store, server } = await given({ refuse: one => one.body.words === 'bad' });
  for (const words of ['one', 'two', 'bad', 'three']) await write(store, words);
  const clash = async (token, message) => {
    const said = await server.send(token, { ...message, entries: message.entries.slice(1) });
    const { client_id, number } = message.entries[0];
    return {
      ...said,
      entries: [{ client_id, number, state: 'refused', code: 'number_taken' }, ...said.entries],
    };
  };
  server.next = 2;
  let calls = 0;
  const once = (...said) => ((calls += 1) === 1 ? clash(...said) : server.send(...said));
  await sendAll(store, { ...server, send: once }, ME);

  assert.deepEqual(server.log, ['two', 'three', 'one']);
  assert.deepEqual(await count(store, ME), { unsent: 0, refused: 1 });
  assert.equal(calls, 3); // the clash, what was numbered anew, and that nothing is left
});

test('where several together are not taken, each goes by itself and one holds up no other', async () => {
  for (const no of [refusal('fields_malformed', 422), refusal('body_too_large', 413)]) {
    const { store, server } = await given();
    for (const words of ['one', 'bad', 'three']) await write(store, words);
    const send = async (token, message) => {
      if (message.entries.some(one => one.body.words === 'bad')) throw no;
      return server.send(token, message);
    };
    assert.equal(await sendAll(store, { ...server, send }, ME), 'sent');

    const [bad] = (await store.entries(ME)).filter(entry => entry.state === 'refused');
    assert.deepEqual(server.log, ['one', 'three']);
    assert.deepEqual([bad.code, (await read(store, server, ME, bad)).words], [no.code, 'bad']);
  }
});

test('a fault of the server is no refusal: those before it arrive, and it stays', async () => {
  const { store, server } = await given();
  for (const words of ['one', 'bad', 'three']) await write(store, words);
  const send = async (token, message) => {
    if (message.entries.some(one => one.body.words === 'bad')) throw refusal('internal', 500);
    return server.send(token, message);
  };
  await assert.rejects(sendAll(store, { ...server, send }, ME), { code: 'internal' });

  assert.deepEqual(server.log, ['one']);
  assert.deepEqual(await count(store, ME), { unsent: 2, refused: 0 });
});

test('of what has arrived the last twenty are kept', async () => {
  const { store, server } = await given();
  for (let number = 1; number <= 45; number += 1) await write(store, number, String(number));
  await sendAll(store, server, ME);

  const kept = (await store.entries(ME)).map(entry => entry.client_id);
  assert.deepEqual(
    kept,
    Array.from({ length: 20 }, (_, at) => String(at + 26)),
  );
});

test('two that make a phone known at once make one', async () => {
  const store = storeInMemory();
  const server = serverInMemory();
  await Promise.all([enrol(store, server, ME), enrol(store, server, ME)]);
  await write(store, 'readable');
  await sendAll(store, server, ME);

  assert.equal(server.known.size, 1);
  assert.deepEqual(server.log, ['readable']);
});

test('where the answer to making a phone known was lost, the first key is the one that counts', async () => {
  const store = storeInMemory();
  let lost = 0;
  const server = serverInMemory({ lose: call => (call === 'enrol' && (lost += 1) === 1 ? 'answer' : null) });
  await assert.rejects(enrol(store, server, ME));
  await enrol(store, server, ME);
  await write(store, 'readable');
  await sendAll(store, server, ME);

  assert.deepEqual(server.log, ['readable']);
  assert.equal(server.known.size, 1);
});

test('another person on the same phone sends nothing that is not theirs', async () => {
  const { store, server } = await given();
  await write(store, 'mine');
  await enrol(store, server, 8);
  await sendAll(store, server, 8);

  assert.deepEqual(server.log, []);
  assert.equal((await count(store, ME)).unsent, 1);
});

test('a session that is over only locks: what was written stays, and can be added to', async () => {
  const { store, server } = await given();
  await write(store, 'before');
  const locked = { ...server, key: async () => Promise.reject(refusal('not_signed_in', 401)) };
  await assert.rejects(sendAll(store, locked, ME));
  await write(store, 'after');
  assert.equal((await count(store, ME)).unsent, 2);
  await sendAll(store, server, ME);

  assert.deepEqual(server.log, ['before', 'after']);
});

test('wiped from afar, the phone is empty and says how much was lost', async () => {
  const { store, server } = await given();
  await write(store, 'lost');
  const [handset] = server.known.values();
  handset.wipe = true;

  assert.equal(await sendAll(store, server, ME), 'wiped');
  assert.equal(store.raw.size, 0);
  assert.equal(server.lost, 1);
  assert.equal(await wipe(store, server, ME), 0);
});

test('what was lost with a wiped phone is told later where there is no way to tell it', async () => {
  const { store, server } = await given();
  await write(store, 'lost');
  const cut = { ...server, wiped: async () => Promise.reject(gone()) };
  await assert.rejects(wipe(store, cut, ME));
  assert.equal(store.raw.size, 0);
  await assert.rejects(tellWiped(store, cut, ME));

  await tellWiped(store, server, 8); // nothing of somebody else
  assert.equal(server.lost, null);
  await tellWiped(store, server, ME);
  assert.equal(server.lost, 1);
  assert.deepEqual(await store.wiped(ME), []);
});

test('wiped from afar it says so, also where how much was lost is told only later', async () => {
  const { store, server } = await given();
  await write(store, 'lost');
  const [handset] = server.known.values();
  handset.wipe = true;
  const cut = { ...server, wiped: async () => Promise.reject(gone()) };

  assert.equal(await sendAll(store, cut, ME), 'wiped');
  assert.equal((await store.wiped(ME))[0].unsent, 1);
});
