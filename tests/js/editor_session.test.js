import assert from 'node:assert/strict';
import { test } from 'node:test';
import { give } from '../../app/static/src/editor/actions/give.js';
import { nextRedo, nextUndo } from '../../app/static/src/editor/history.js';
import { makeSession } from '../../app/static/src/editor/session.js';
import { drawn, pictureOf } from './editor/drawn.js';

const ME = { id: 1, name: 'Wang' };
const OTHER = { id: 2, name: 'Li' };
const PICTURE = `
  A A B B
  A A B B
`;

const problem = (status, code, facts = {}) =>
  Object.assign(new Error(code), {
    name: 'Problem',
    status,
    code,
    facts,
    passing: status === 0 || status >= 502,
  });

/** A server as far as a session sees it: edits come in order and are kept; what is said can be held back. */
async function server(picture = PICTURE) {
  const { rows, assignment, ground } = await drawn(picture);
  const plots = new Map(assignment.flatMap(({ id, plots: own }) => own.map(plot => [plot, id])));
  const edits = [];
  const asked = [];
  const here = { fails: null, version: 1, edits, asked, answered: new Map(), ground };

  const stored = (kind, moves, by, undoes = null) => {
    here.version += 1;
    for (const [plot, [, to]] of Object.entries(moves)) plots.set(Number(plot), to);
    const edit = {
      version: here.version,
      kind,
      by,
      undoes,
      undone_by: null,
      note: null,
      parameters: {},
      moves,
      changes: {},
    };
    edits.unshift(edit);
    const undone = edits.find(({ version }) => version === undoes);
    if (undone) undone.undone_by = edit.version;
    return edit;
  };

  /** Somebody else saves an edit. */
  here.other = moves => stored('move', moves, OTHER);

  here.ask = {
    async get(path) {
      if (path.endsWith('/assignment')) {
        const grids = rows.map(({ id }) => ({
          id,
          plots: [...plots].filter(([, in_]) => in_ === id).map(([one]) => one),
        }));
        return { version: here.version, ground: 1, grids };
      }
      if (path.endsWith('/grids'))
        return { version: here.version, grids: rows.filter(({ id }) => [...plots.values()].includes(id)) };
      const after = Number(/after=(\d+)/.exec(path)?.[1] ?? 0);
      const found = edits.filter(({ version }) => version > after).map(edit => ({ ...edit }));
      return { version: here.version, edits: path.includes('moves=true') ? found : found.map(brief) };
    },
    async post(path, body, { headers }) {
      asked.push({ path, body, headers });
      if (here.fails) throw here.fails;
      const key = headers['Idempotency-Key'];
      if (here.answered.has(key)) return here.answered.get(key);
      const base = Number(headers['If-Match'].replaceAll('"', ''));
      const others = edits.filter(({ version }) => version > base).map(edit => ({ ...edit }));
      const undoes = Number(/edits\/(\d+)\/reversal/.exec(path)?.[1] ?? 0) || null;
      const moves = undoes ? inverted(edits.find(({ version }) => version === undoes).moves) : body.moves;
      for (const [plot, [from]] of Object.entries(moves))
        if (plots.get(Number(plot)) !== from)
          throw problem(409, 'edit_conflict', { plots: [{ plot: Number(plot) }] });
      const edit = stored(undoes ? 'undo' : body.kind, moves, ME, undoes);
      const answer = { version: here.version, edit: brief(edit), made: {}, gone: [], grids: [], others };
      here.answered.set(key, answer);
      return answer;
    },
  };
  return here;
}

const inverted = moves =>
  Object.fromEntries(Object.entries(moves).map(([plot, [from, to]]) => [plot, [to, from]]));

function brief(edit) {
  const { moves, changes, ...rest } = edit;
  return { ...rest, plots: Object.keys({ ...moves, ...changes }).length };
}

function memory(entries = []) {
  const kept = new Map(entries.map(entry => [entry.key, entry]));
  return {
    kept,
    all: async () => [...kept.values()],
    put: async entry => void kept.set(entry.key, structuredClone(entry)),
    remove: async key => void kept.delete(key),
  };
}

async function opened(at, store = memory()) {
  let keys = 0;
  const told = [];
  const session = makeSession({
    id: 7,
    me: ME,
    ask: at.ask,
    store,
    newKey: () => `key-${store.kept.size}-${++keys}`,
    groundOf: () => at.ground,
    later: () => null,
    tell: (name, facts) => told.push([name, facts]),
  });
  await session.begin();
  return { session, store, told };
}

test('an edit counts at once and is saved with the version it was made upon', async () => {
  const at = await server();
  const { session, store } = await opened(at);

  session.perform(give(session.plan, [2], 11));
  const seen = pictureOf(session.plan, 4, 8);
  await session.send();

  assert.equal(seen, 'A B B B\nA A B B');
  assert.equal(at.asked[0].headers['If-Match'], '"1"');
  assert.deepEqual([session.version, session.saving, store.kept.size], [2, 'saved', 0]);
});

test('edits are sent one after the other, in the order they were made', async () => {
  const at = await server();
  const { session } = await opened(at);

  session.perform(give(session.plan, [2], 11));
  session.perform(give(session.plan, [6], 11));
  await session.send();

  assert.deepEqual(
    at.asked.map(({ headers }) => headers['If-Match']),
    ['"1"', '"2"'],
  );
  assert.deepEqual(
    at.asked.map(({ body }) => Object.keys(body.moves)),
    [['2'], ['6']],
  );
});

test('without a network edits are kept, and sent when it is back, once', async () => {
  const at = await server();
  const { session, store } = await opened(at);
  at.fails = problem(0, 'network_gone');

  session.perform(give(session.plan, [2], 11));
  await session.send();
  const [kept, state] = [store.kept.size, session.saving];
  at.fails = null;
  await session.send();

  assert.deepEqual([kept, state], [1, 'offline']);
  assert.deepEqual([at.edits.length, session.saving, store.kept.size], [1, 'saved', 0]);
  assert.equal(at.asked[0].headers['Idempotency-Key'], at.asked[1].headers['Idempotency-Key']);
});

test('what was pending when the page was closed is there again, and is sent', async () => {
  const at = await server();
  at.fails = problem(0, 'network_gone');
  const { session, store } = await opened(at);
  session.perform(give(session.plan, [2], 11));
  await session.send();

  at.fails = null;
  const { session: again } = await opened(at, memory([...store.kept.values()]));
  const seen = pictureOf(again.plan, 4, 8);
  await again.send();

  assert.equal(seen, 'A B B B\nA A B B');
  assert.deepEqual([at.edits.length, again.version], [1, 2]);
});

test("others' edits are heard of, and what is pending stays upon them", async () => {
  const at = await server();
  const { session } = await opened(at);
  at.fails = problem(0, 'network_gone');
  session.perform(give(session.plan, [2], 11));
  await session.send();

  at.other({ 7: [11, 10] });
  at.fails = null;
  await session.hear(2);
  await session.send();

  assert.equal(pictureOf(session.plan, 4, 8), 'A B B B\nA A A B');
  assert.equal(session.version, 3);
});

test('a network lost while the others’ figures are fetched loses nothing', async () => {
  const at = await server();
  const { session } = await opened(at);
  at.other({ 7: [11, 10] });
  const { get } = at.ask;
  at.ask.get = async () => {
    throw problem(0, 'network_gone');
  };

  session.perform(give(session.plan, [2], 11));
  await session.send();
  const state = session.saving;
  at.ask.get = get;
  await session.send();

  assert.equal(state, 'offline');
  assert.deepEqual([session.saving, session.version], ['saved', 3]);
  assert.equal(pictureOf(session.plan, 4, 8), 'A B B B\nA A A B');
});

test('different plots merge: the answer brings what others did meanwhile', async () => {
  const at = await server();
  const { session } = await opened(at);

  at.other({ 7: [11, 10] });
  session.perform(give(session.plan, [2], 11));
  await session.send();

  assert.equal(pictureOf(session.plan, 4, 8), 'A B B B\nA A A B');
  assert.deepEqual(
    session.edits.map(({ version, by }) => [version, by.name]),
    [
      [3, 'Wang'],
      [2, 'Li'],
    ],
  );
});

test('the same plot is a conflict: nothing is overwritten until a person decides', async () => {
  const at = await server('A A B B C C');
  const { session, told } = await opened(at);
  at.other({ 3: [11, 10] });

  session.perform(give(session.plan, [3], 12));
  await session.send();

  assert.equal(session.saving, 'conflict');
  assert.ok(told.some(([name, facts]) => name === 'conflict' && facts.facts.plots[0].plot === 3));
  await session.resolve('theirs');
  assert.equal(pictureOf(session.plan, 6, 6), 'A A A B C C');
  assert.equal(session.saving, 'saved');
});

test('deciding for oneself does the edit again upon what the other did', async () => {
  const at = await server('A A B B C C');
  const { session } = await opened(at);
  at.other({ 3: [11, 10] });
  session.perform(give(session.plan, [3], 12));
  await session.send();

  await session.resolve('mine');
  await session.send();

  assert.equal(pictureOf(session.plan, 6, 6), 'A A C B C C');
  assert.deepEqual(at.edits[0].moves, { 3: [10, 12] });
});

test('an edit the server refuses is taken back, and it is said', async () => {
  const at = await server();
  const { session, told } = await opened(at);
  at.fails = problem(409, 'grid_in_pieces');
  session.perform(give(session.plan, [2], 11));
  await session.send();

  assert.equal(pictureOf(session.plan, 4, 8), 'A A B B\nA A B B');
  assert.ok(
    told.some(([name, { problem: why } = {}]) => name === 'refused' && why.code === 'grid_in_pieces'),
  );
});

test('undo and redo are edits: the last of one’s own, offline too', async () => {
  const at = await server();
  const { session } = await opened(at);
  session.perform(give(session.plan, [2], 11));
  await session.send();
  at.other({ 7: [11, 10] });
  await session.hear(3);
  at.fails = problem(0, 'network_gone');

  await session.reverse(session.undo.version);
  const undone = pictureOf(session.plan, 4, 8);
  const canRedo = session.redo !== null;
  await session.send();
  at.fails = null;
  await session.send();
  await session.reverse(session.redo.version);
  await session.send();

  assert.equal(undone, 'A A B B\nA A A B');
  assert.ok(canRedo);
  assert.equal(pictureOf(session.plan, 4, 8), 'A B B B\nA A A B');
  assert.deepEqual(
    at.edits.map(({ kind }) => kind),
    ['undo', 'undo', 'move', 'move'],
  );
});

test('an edit that is on its way can be taken back', async () => {
  const at = await server();
  const { session } = await opened(at);
  at.fails = problem(0, 'network_gone');
  const { key } = session.perform(give(session.plan, [2], 11));
  await session.send();

  await session.reverse(key);
  await session.send();
  at.fails = null;
  await session.send();

  assert.equal(pictureOf(session.plan, 4, 8), 'A A B B\nA A B B');
  assert.ok(at.asked.at(-1).path.endsWith('/edits/2/reversal'));
});

test('what others did is not undone by Ctrl+Z, and a new edit ends redoing', () => {
  const mine = (version, more = {}) => ({ version, kind: 'move', by: ME, undone_by: null, ...more });
  const undo = { version: 3, kind: 'undo', by: ME, undoes: 2, undone_by: null };
  const theirs = { version: 4, kind: 'move', by: OTHER, undone_by: null };

  assert.equal(nextUndo([theirs, mine(2)], ME.id).version, 2);
  assert.equal(nextRedo([theirs, undo, mine(2, { undone_by: 3 })], ME.id).version, 3);
  assert.equal(nextRedo([mine(5), undo, mine(2, { undone_by: 3 })], ME.id), null);
  assert.equal(nextUndo([{ version: 1, kind: 'split', by: ME, undone_by: null }], ME.id), null);
});

test('of a conflict in pieces each is settled by itself', async () => {
  const at = await server('A A B B B C');
  const { session } = await opened(at);
  at.other({ 3: [11, 10], 4: [11, 10] });
  session.perform({ kind: 'move', moves: { 3: [11, 12], 4: [11, 12], 2: [10, 11] }, grids: {} });
  await session.send();

  const shown = pictureOf(session.plan, 6, 6); // theirs, until it is settled
  const wouldBe = session.remains({ plots: new Set([3]), attributes: new Set() });
  await session.resolve({ plots: new Set([3]), attributes: new Set() });
  await session.send();

  assert.equal(shown, 'A A A A B C');
  assert.deepEqual(wouldBe.moves, { 2: [10, 11], 4: [10, 12] });
  assert.deepEqual(at.edits[0].moves, { 2: [10, 11], 4: [10, 12] });
  assert.equal(pictureOf(session.plan, 6, 6), 'A B A C B C');
});

test('an undo that clashes is settled as an edit like any other', async () => {
  const at = await server('A A B B B C');
  const { session } = await opened(at);
  session.perform(give(session.plan, [3, 4], 12));
  await session.send();
  at.other({ 3: [12, 10] });
  await session.reverse(session.undo.version);
  await session.send();
  const state = session.saving;

  await session.resolve({ plots: new Set([3]), attributes: new Set() });
  await session.send();

  assert.equal(state, 'conflict');
  assert.deepEqual([at.edits[0].kind, at.edits[0].moves], ['move', { 4: [12, 11] }]);
});

test('what changed the plots themselves is taken back by the server', async () => {
  const at = await server();
  const { session } = await opened(at);
  const moves = { 2: [10, null], 90: [null, 11] };
  at.edits.unshift({ version: 2, kind: 'draw', by: ME, moves, changes: {}, ground: 5, undone_by: null });
  at.version = 2;
  await session.hear(2);
  at.ask.post = async path => at.asked.push({ path }) && { version: 3 };

  await session.reverse(2);

  assert.ok(at.asked.at(-1).path.endsWith('/edits/2/reversal'));
  assert.equal(session.pending.length, 0);
});
