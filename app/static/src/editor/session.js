/**
 * One person's work on one draft: what the server confirmed, what is on its way, and what others did meanwhile.
 *
 * An edit counts at once. It waits in `pending`, and in the browser's own store, until the server has taken it,
 * in order, each with a key of its own, so that one sent twice counts once. The plan shown is what is confirmed and
 * the pending edits upon it. What touches the same as somebody else's edit waits until a person has decided.
 *
 * Nothing here knows the page: `ask` asks the server, `store` keeps what is pending, `tell` says what happened.
 */
import { ALL_MINE, settledEdit } from '../core/conflicts.js';
import { isSame, nextRedo, nextUndo } from './history.js';
import { begunFrom, goneBy, inverseOf, planOf, Refused } from './plan.js';

const MOST_EDITS = 200;
const RETRY_MS = [2000, 5000, 15_000, 30_000];
const WITHOUT_MOVES = new Set(['split', 'rebalance', 'import', 'layer', 'cut', 'restore']);

/**
 * @param {object} options
 * @param {number} options.id of the plan @param {{id: number, name: string}} options.me
 * @param {{get: Function, post: Function}} options.ask
 * @param {{all: () => Promise<object[]>, put: (entry: object) => Promise<void>, remove: (key: string) => Promise<void>}} options.store
 * @param {() => string} options.newKey a key nobody had before
 * @param {typeof setTimeout} [options.later] tries again after a while
 * @param {(version: number) => object} options.groundOf the ground of a version of plots
 * @param {(name: string, facts?: object) => void} options.tell 'plan', 'history', 'saving', 'conflict', 'refused'
 */
export function makeSession({ id, me, ask, store, newKey, groundOf, tell, later = setTimeout }) {
  let confirmed = null,
    shown = null,
    ground = null,
    version = 0,
    edits = [],
    pending = [],
    saving = 'saved',
    conflict = null,
    sending = null,
    heard = 0,
    tries = 0,
    isBehind = false, // what is shown is not all of what the server has
    timer = null,
    made = 0;
  const versions = new Map(); // key of an edit that was sent -> its version

  const path = rest => `/api/plans/${id}${rest}`;

  /** Fetch the plan as it stands, and put what is still pending upon it. */
  async function begin() {
    await fetchAll();
    pending = (await store.all()).sort((one, other) => one.at - other.at);
    made = Math.max(0, ...pending.flatMap(entry => Object.keys(entry.edit.grids ?? {}).map(numberOfNew)));
    replay();
    void send();
  }

  async function fetchAll() {
    const [said, { grids }, past] = await Promise.all([
      ask.get(path('/assignment')),
      ask.get(path('/grids')),
      ask.get(path(`/edits?limit=${MOST_EDITS}`)),
    ]);
    if (ground?.version !== said.ground) ground = groundOf(said.ground);
    confirmed = planOf(grids, said.grids);
    version = said.version;
    edits = past.edits;
  }

  /** What is shown: the confirmed plan with all pending edits that still fit. */
  function replay() {
    shown = confirmed;
    for (const entry of pending) {
      try {
        shown = shown.with(entry.edit, ground);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        entry.trouble = { code: error.code, facts: error.facts }; // the server says what to do about it
      }
    }
    tell('plan');
    tell('history');
  }

  function say(state) {
    if (saving === state) return;
    saving = state;
    tell('saving');
  }

  /** @param {object} edit @returns {object} the entry that waits to be sent */
  function perform(edit, reverses = null) {
    const entry = {
      key: newKey(),
      plan: id,
      at: Date.now() + pending.length / 1000,
      edit: named(edit),
      reverses,
    };
    const after = shown.with(entry.edit, ground); // throws before anything is kept
    entry.gone = goneBy(entry.edit, shown, after);
    shown = after;
    pending = [...pending, entry];
    keep(entry);
    tell('plan');
    tell('history');
    void send();
    return entry;
  }

  /** The edit with its new grids called by names nothing else here has. */
  function named(edit) {
    const names = Object.fromEntries(
      Object.keys(edit.grids ?? {})
        .filter(key => key.startsWith('new:') && !shown.grid(key))
        .map(key => [key, `new:${++made}`]),
    );
    return withNames(edit, names);
  }

  function keep(entry) {
    store.put(entry).catch(error => tell('unkept', { error })); // a private window may have no store
  }

  /** Send what is pending, one after the other, until there is none or something is in the way. */
  function send() {
    sending ??= sendAll().finally(() => {
      sending = null;
      if (heard > version && !conflict) void catchUp();
    });
    return sending;
  }

  /** Ask for something that is not lost where the network is: it is asked for again a little later. */
  async function orLater(act) {
    try {
      await act();
      return true;
    } catch (problem) {
      if (problem.name !== 'Problem' || !(problem.passing || problem.status === 401)) throw problem;
      say('offline');
      clearTimeout(timer);
      timer = later(send, RETRY_MS[Math.min(tries++, RETRY_MS.length - 1)]);
      return false;
    }
  }

  async function sendAll() {
    if (isBehind && !(await orLater(reloadAll))) return;
    while (pending.length && !conflict) {
      say('saving');
      const [entry] = pending;
      let answer;
      try {
        answer = await post(entry);
      } catch (problem) {
        if (problem.name !== 'Problem') throw problem;
        if (!(await mend(entry, problem))) return;
        continue;
      }
      tries = 0;
      if (!(await orLater(() => accept(entry, answer)))) return;
    }
    if (!conflict) say('saved');
  }

  function post({ key, edit, reverses }) {
    const headers = { 'If-Match': `"${version}"`, 'Idempotency-Key': key };
    if (reverses !== null)
      return ask.post(path(`/edits/${versions.get(reverses) ?? reverses}/reversal`), {}, { headers });
    const { kind, moves = {}, grids = {}, note: words = null, parameters = {} } = edit;
    return ask.post(path('/edits'), { kind, moves, grids, note: words, parameters }, { headers });
  }

  /** @returns {Promise<boolean>} whether sending goes on */
  async function mend(entry, problem) {
    if (problem.passing || problem.status === 401)
      return orLater(() => {
        throw problem;
      });
    if (problem.code === 'edit_conflict') {
      conflict = { entry, facts: problem.facts, message: problem.message };
      await orLater(reloadAll); // what they did is what is shown; without a network what was known is
      say('conflict');
      tell('conflict', conflict);
      return false;
    }
    await drop(entry);
    tell('refused', { entry, problem });
    return orLater(reloadAll);
  }

  async function drop(entry) {
    pending = pending.filter(one => one.key !== entry.key);
    await store.remove(entry.key);
  }

  /** The server took it: what others did since, then this edit, then the rows as the server has them. */
  async function accept(entry, answer) {
    await drop(entry);
    versions.set(entry.key, answer.edit.version);
    for (const other of oldestFirst(answer.others ?? [])) if (!takeOther(other)) return reloadAll();
    try {
      confirmed = confirmed
        .with(entry.edit, ground)
        .renamed(answer.made ?? {})
        .withRows(answer.grids ?? []);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return reloadAll(); // merged with something this page has not heard of yet
    }
    version = answer.version;
    addEdit(answer.edit);
    await rename(answer.made ?? {});
    replay();
    if (answer.others?.length) await freshRows();
  }

  /** Pending edits speak of a new grid by the id it has now. */
  async function rename(ids) {
    if (!Object.keys(ids).length) return;
    for (const entry of pending) {
      entry.edit = withNames(entry.edit, ids);
      keep(entry);
    }
  }

  function addEdit(edit) {
    if (edits.some(one => one.version === edit.version)) return;
    edits = [
      edit,
      ...edits.map(one => (isSame(one, edit.undoes) ? { ...one, undone_by: edit.version } : one)),
    ].sort((one, other) => other.version - one.version);
  }

  /** @returns {boolean} false where only a fresh start tells what became of the plan */
  function takeOther(edit) {
    if (edit.version <= version) return true;
    if (WITHOUT_MOVES.has(edit.kind) || edit.ground || !edit.moves) return false;
    try {
      confirmed = confirmed.with({ moves: edit.moves, grids: edit.changes }, ground);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return false;
    }
    version = edit.version;
    const { moves, changes, ...brief } = edit;
    (void moves, changes);
    addEdit(brief);
    return true;
  }

  /** Somebody said that the plan has a new version. */
  async function hear(latest) {
    heard = Math.max(heard, latest);
    if (!sending && heard > version && !conflict) await catchUp();
  }

  function catchUp() {
    return orLater(fetchOthers);
  }

  async function fetchOthers() {
    const said = await ask.get(path(`/edits?after=${version}&moves=true&limit=${MOST_EDITS}`));
    const isWhole = said.edits.length === said.version - version;
    if (!isWhole || !oldestFirst(said.edits).every(takeOther)) return reloadAll();
    replay();
    await freshRows();
    void send();
  }

  async function freshRows() {
    isBehind = true;
    const { grids, version: ofRows } = await ask.get(path('/grids'));
    isBehind = false;
    if (ofRows !== version) return;
    confirmed = confirmed.withRows(grids);
    replay();
  }

  async function reloadAll() {
    isBehind = true;
    await fetchAll();
    isBehind = false;
    replay();
  }

  /** Take an edit back: a version, or the key of one that is on its way. */
  async function reverse(named_) {
    const entry = pending.find(one => one.key === named_);
    const edit = entry ? { ...entry.edit, gone: entry.gone } : await movesOf(versions.get(named_) ?? named_);
    if (edit.ground) return void (await onGround(`/edits/${edit.version}/reversal`));
    return perform({ kind: 'undo', ...inverseOf(edit), parameters: { undoes: named_ } }, named_);
  }

  async function movesOf(wanted) {
    const limit = version - wanted + 1;
    const said = await ask.get(path(`/edits?after=${wanted - 1}&moves=true&limit=${limit}`));
    return said.edits.find(edit => edit.version === wanted);
  }

  /** Make the plan what it was at a version. */
  const restore = to => onGround('/restoration', { to });

  /**
   * Have the server do what makes plots others: it is done when it answers, after all that was done before.
   *
   * @param {string} rest of the plan's address @param {object} [body] @returns {Promise<object>} its answer
   */
  async function onGround(rest, body = {}) {
    await send();
    const headers = { 'If-Match': `"${version}"`, 'Idempotency-Key': newKey() };
    const answer = await ask.post(path(rest), body, { headers });
    await reloadAll();
    return answer;
  }

  /**
   * What becomes of an edit that touches what somebody else changed.
   *
   * @param {'theirs' | 'mine' | {plots: Set<number>, attributes: Set<string>}} whose theirs: the edit is given up; mine:
   *   it is done upon what they did; else all of it but what is named, which stays as they have it
   */
  async function resolve(whose) {
    const { entry } = conflict;
    await fetchAll(); // without a network the choice can be made again
    conflict = null;
    await drop(entry);
    replay();
    const edit = whose === 'theirs' ? null : remains(entry, whose === 'mine' ? ALL_MINE : whose);
    if (edit) return void perform(edit);
    if (pending.length) await send();
    else say('saved');
  }

  /** What is done of an edit in conflict, upon the plan as it is shown; null for nothing. */
  function remains({ edit }, theirs) {
    const mine = settledEdit(edit, theirs);
    const begun = mine && begunFrom(shown, mine);
    return begun && Object.keys({ ...begun.moves, ...begun.grids }).length ? begun : null;
  }

  /** All edits, newest first, those on their way included. */
  function all() {
    const waiting = pending.map(({ key, edit, reverses, at }) => ({
      key,
      version: null,
      kind: edit.kind,
      note: edit.note ?? null,
      by: me,
      at: new Date(at).toISOString(),
      parameters: edit.parameters ?? {},
      undoes: reverses === null ? null : (versions.get(reverses) ?? reverses),
      undone_by: null,
      plots: Object.keys(edit.moves ?? {}).length,
    }));
    const undone = new Map(waiting.filter(one => one.undoes).map(one => [one.undoes, one.key]));
    const marked = one => ({ ...one, undone_by: undone.get(one.version ?? one.key) ?? one.undone_by });
    return [...waiting.reverse(), ...edits].map(marked);
  }

  return {
    begin,
    perform,
    reverse,
    restore,
    onGround,
    resolve,

    /** What would be done of the edit in conflict. @param {{plots: Set<number>, attributes: Set<string>}} theirs */
    remains: theirs => conflict && remains(conflict.entry, theirs),
    hear,
    send,
    reload: reloadAll,
    freshRows,
    get plan() {
      return shown;
    },
    get confirmed() {
      return confirmed;
    },
    get ground() {
      return ground;
    },
    get version() {
      return version;
    },
    get saving() {
      return saving;
    },
    get conflict() {
      return conflict;
    },
    get pending() {
      return pending;
    },
    get edits() {
      return all();
    },
    get undo() {
      return nextUndo(all(), me.id);
    },
    get redo() {
      return nextRedo(all(), me.id);
    },
  };
}

function oldestFirst(edits) {
  return [...edits].sort((one, other) => one.version - other.version);
}

function numberOfNew(key) {
  return Number(/^new:(\d+)$/.exec(key)?.[1] ?? 0);
}

/** An edit in which grids are called otherwise. @param {Record<string, string | number>} names */
function withNames(edit, names) {
  if (!Object.keys(names).length) return edit;
  const called = id => names[id] ?? id;
  return {
    ...edit,
    moves: Object.fromEntries(
      Object.entries(edit.moves ?? {}).map(([plot, [from, to]]) => [plot, [called(from), called(to)]]),
    ),
    grids: Object.fromEntries(Object.entries(edit.grids ?? {}).map(([id, change]) => [called(id), change])),
  };
}
