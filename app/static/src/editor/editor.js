/**
 * The editor: one object that holds the plan as it is being worked on, and that map, panels and keys all speak to.
 *
 *     editor.select({ grids: [17] });
 *     editor.preview(give(editor.plan, [plot], 18));   // shown, not done
 *     editor.perform(edit);                            // done at once, saved behind
 *     editor.on('figures', ({ grids, moved, refusal }) => …);
 *
 * What is looked at: `plan` (immutable), `ground`, `selection`, `mode`, `history`, `version`, `people`, `saving`.
 * What happens is told by 'plan', 'selection', 'mode', 'history', 'saving', 'conflict', 'refused', 'people', 'preview'
 * and 'figures'.
 */
import { lock } from './actions/change.js';
import { figuresOf, handed } from './figures.js';
import { makeGround } from './ground.js';
import { refusalOf } from './legal.js';
import { Refused } from './plan.js';
import { makeSession } from './session.js';

const EMPTY = Object.freeze({ grids: Object.freeze([]), plots: Object.freeze([]) });

/**
 * @param {object} options
 * @param {object} options.row the plan as `GET /api/plans/ID` tells it @param {object} options.place
 * @param {{id: number, name: string}} options.me
 * @param {{get: Function, post: Function, send: Function}} options.ask
 * @param {object} options.store of edits that wait, see `makeSession` @param {() => string} options.newKey
 */
export function makeEditor({ row, place, me, ask, store, newKey }) {
  const heard = {};
  const tell = (name, facts) => heard[name]?.forEach(listener => listener(facts));
  const staff = { all: [], byId: new Map(), byCode: new Map() };
  const known = new WeakMap(); // grid -> its figures, where all its plots have come
  let selection = EMPTY,
    mode = { name: 'select', options: {} },
    preview = null,
    people = [],
    view = null,
    problem = null,
    reckoned = null; // figures as last told

  const session = makeSession({
    id: row.id,
    me,
    ask,
    store,
    newKey,
    groundOf: version => {
      const cell = (x, y) => `/api/plans/${row.id}/ground/${x}/${y}`;
      const made = makeGround(
        version,
        (x, y) => ask.get(`${cell(x, y)}?ground=${version}`),
        (x, y) => ask.get(`${cell(x, y)}/residents?ground=${version}`),
      );
      made.onResidents(() => preview && tellFigures());
      return made;
    },
    tell: (name, facts) => {
      if (name === 'plan') planChanged();
      else tell(name, facts);
    },
  });

  function planChanged() {
    if (!session.plan) return;
    reckoned = null;
    keepSelection();
    tell('plan', session.plan);
    if (preview) setPreview(preview.edit);
    else tellFigures();
  }

  /** Grids that are gone are chosen no more; a new one that got its id stays chosen. */
  function keepSelection() {
    const grids = selection.grids.filter(id => session.plan.grid(id));
    if (grids.length !== selection.grids.length) select({ grids });
  }

  function select({ grids = [], plots = [] }) {
    selection = Object.freeze({ grids: Object.freeze([...grids]), plots: Object.freeze([...plots]) });
    reckoned = null;
    tell('selection', selection);
    if (!preview) tellFigures();
  }

  /**
   * Show what an edit would do; null shows the plan as it is. Gestures that judged the edit already say so.
   *
   * @param {object | null} edit
   * @param {{refusal?: object | null, forbidden?: number[]}} [judged]
   */
  function setPreview(edit, judged = null) {
    if (!edit && !preview) return null;
    preview = edit && evaluated(edit, judged);
    reckoned = null;
    tell('preview', preview);
    tellFigures();
    return preview;
  }

  function evaluated(edit, judged) {
    try {
      const plan = session.plan.with(edit, session.ground);
      const moves = new Map(Object.entries(edit.moves ?? {}).map(([plot, [, to]]) => [Number(plot), to]));
      const refusal = judged ? judged.refusal : refusalOf(session.plan, session.ground, moves);
      return {
        edit,
        plan,
        moves,
        refusal,
        forbidden: judged?.forbidden ?? (refusal ? [...moves.keys()] : []),
      };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const refusal = { code: error.code, facts: error.facts };
      return { edit, plan: session.plan, moves: new Map(), refusal, forbidden: [] };
    }
  }

  function figures(plan, id) {
    const grid = plan.grid(id);
    if (!grid) return null;
    const kept = known.get(grid);
    if (kept) return kept;
    const made = Object.freeze(figuresOf(plan, session.ground, id, row));
    if (made.walk_m !== null || !session.ground.missing(grid.plots).length) known.set(grid, made);
    return made;
  }

  /** Of the grids a preview changes, else of those chosen: as they are, and as they would be. */
  function figuresNow() {
    const { plan } = session;
    const touched = preview ? session.plan.differing(preview.plan) : selection.grids;
    return {
      grids: touched.map(id => ({
        id,
        before: figures(plan, id),
        now: preview ? figures(preview.plan, id) : null,
      })),
      moved: preview && handed(preview.moves.keys(), plan, preview.plan, session.ground),
      refusal: preview?.refusal ?? null,
      forbidden: preview?.forbidden ?? [],
      band: { target: row.target, least: row.least, most: row.most },
    };
  }

  function tellFigures() {
    reckoned = null;
    if (session.plan && heard.figures?.length) tell('figures', figuresOnce());
  }

  /** The same until plan, preview or selection change. */
  function figuresOnce() {
    reckoned ??= figuresNow();
    return reckoned;
  }

  /** Of an exact grid that is being drawn, so that a second press draws no second. */
  let drawing = null;

  async function drawOnce(wanted) {
    const note = wanted.note ?? editor.note;
    const { made } = await session.onGround('/drawings', { ...wanted, note });
    editor.note = null;
    const [grid] = Object.values(made);
    select({ grids: [grid] });
    tell('performed', null);
    return grid;
  }

  const editor = {
    row,
    place,
    me,
    ask,

    get plan() {
      return session.plan;
    },
    get confirmed() {
      return session.confirmed;
    },
    get ground() {
      return session.ground;
    },
    get version() {
      return session.version;
    },
    get saving() {
      return session.saving;
    },
    get pending() {
      return session.pending;
    },
    get conflict() {
      return session.conflict;
    },
    get selection() {
      return selection;
    },
    get mode() {
      return mode;
    },
    get people() {
      return people;
    },
    get previewed() {
      return preview;
    },
    get problem() {
      return problem;
    },
    get history() {
      const { edits, undo, redo } = session;
      return { edits, canUndo: Boolean(undo), canRedo: Boolean(redo), undo, redo };
    },
    get figures() {
      return figuresOnce();
    },

    /** Why an edit may not be, or null; nothing is shown. @param {object} edit */
    judged: edit => evaluated(edit, null).refusal,

    /** Figures of one grid of the plan as it is. */
    figuresOf: id => figures(session.plan, id),

    /** Fetch the plan and what is pending. */
    begin: () => session.begin(),

    /** @returns {() => void} stops listening */
    on(name, listener) {
      (heard[name] ??= []).push(listener);
      return () => (heard[name] = heard[name].filter(one => one !== listener));
    },

    /** The map: `{goTo(bbox), say(words)}`. */
    attach: shown => (view = shown),
    goTo: bbox => view?.goTo(bbox),

    select,
    preview: setPreview,

    /**
     * Who could answer for grids, and who holds which now: they go on where the draft plans nobody else.
     *
     * @param {{id: number, name: string, grids: string[]}[]} coordinators of the place, with codes of grids
     */
    knowStaff(coordinators) {
      staff.byId = new Map(coordinators.map(person => [person.id, person]));
      staff.byCode = new Map(coordinators.flatMap(person => person.grids.map(code => [code, person])));
      staff.all = coordinators;
      if (session.plan) tell('plan', session.plan);
    },
    get staff() {
      return staff.all;
    },

    /** Who would answer for a grid: whom the draft plans, else who holds the grid of its code. */
    answersFor({ planned, coordinator, code }) {
      const person = typeof planned === 'number' ? staff.byId.get(planned) : planned; // an id until it is saved
      return person ?? coordinator ?? staff.byCode.get(code) ?? null;
    },

    /** A note for the next edit that has none of its own. @type {string | null} */
    note: null,

    /**
     * Do an edit: it is shown at once and saved behind.
     *
     * @throws {Refused} where the plan is not what the edit takes it for
     */
    perform(edit) {
      preview = null;
      const entry = session.perform({ ...edit, note: edit.note ?? editor.note });
      editor.note = null;
      tell('preview', null);
      tell('performed', entry);
      return entry;
    },

    /** Do what is previewed; nothing where the map says no. @returns {object | null} */
    accept() {
      if (!preview || preview.refusal) return null;
      return editor.perform(preview.edit);
    },

    setMode(name, options = {}) {
      mode = Object.freeze({ name, options });
      tell('mode', mode);
    },

    async undo() {
      const last = session.undo;
      if (last) await session.reverse(last.version ?? last.key);
    },
    async redo() {
      const last = session.redo;
      if (last) await session.reverse(last.version ?? last.key);
    },

    /** Take back one edit of the list, whosever it is. */
    reverse: version => session.reverse(version),
    jumpTo: version => session.restore(version),
    resolve: whose => session.resolve(whose),
    remains: theirs => session.remains(theirs),
    reload: () => session.reload(),
    send: () => session.send(),

    /** Somebody changed the plan, or is looking at it. */
    hear: version => session.hear(version),
    meet(those) {
      people = those;
      tell('people', people);
    },

    /**
     * Ask the server what an operation would do (nothing is stored), and preview it.
     *
     * @param {object} wanted as `POST /api/plans/ID/operations` takes it, without the version
     */
    async operate(wanted) {
      await session.send();
      const said = await ask.post(`/api/plans/${row.id}/operations`, { version: session.version, ...wanted });
      const { kind, moves, grids, parameters, refusal } = said;
      const froms = [...new Set(Object.values(moves ?? {}).map(([from]) => from))];
      await editor.need(froms.filter(id => typeof id === 'number'));
      const edit = { kind, moves: moves ?? {}, grids: grids ?? {}, parameters: parameters ?? {} };
      return setPreview(edit, { refusal, forbidden: [] });
    },

    /** Cut plots of open ground: done at once, for the ground is other then. @param {object} wanted line or polygon */
    async cut(wanted) {
      const saved = await session.onGround('/cuts', wanted);
      tell('performed', null);
      return saved;
    },

    /**
     * Draw a grid along an exact border: done at once and as one edit, for open ground is cut there.
     *
     * @param {object} wanted polygon, kind, name, note @returns {Promise<number>} id of the grid, which is chosen
     */
    drawExactly(wanted) {
      drawing ??= drawOnce(wanted).finally(() => (drawing = null));
      return drawing;
    },

    /** What drawing exactly would come to, as the server tells it; nothing is done. @param {object} wanted */
    async rehearse(wanted) {
      await session.send();
      const asked = { do: 'draw', exact: true, version: session.version, ...wanted };
      return ask.post(`/api/plans/${row.id}/operations`, asked);
    },

    /**
     * Lock grids, or take their locks off, as part of the draft.
     *
     * @param {number[]} ids @param {boolean} yes @returns {boolean} whether there was anything to do
     */
    lock(ids, yes) {
      const edit = lock(session.plan, ids, yes);
      if (edit) editor.perform(edit);
      return Boolean(edit);
    },

    /** Streets along which the border of two grids could run. */
    streets: (first, second) => ask.get(`/api/plans/${row.id}/borders/${first}/${second}/streets`),

    /** An outline to be seen on the map while it is spoken of; null for none. @param {object | null} shape GeoJSON */
    outline: shape => tell('outline', shape),

    /** Something on the ground was drawn that tiles show. */
    groundChanged: () => tell('ground'),

    /** The ground of these grids, all of it. @param {(number | string)[]} ids @returns {Promise<void>} */
    async need(ids) {
      for (const id of ids) {
        const grid = session.plan.grid(id);
        if (grid?.bbox && session.ground.missing(grid.plots).length) await session.ground.need(grid.bbox);
      }
    },

    /** Ids of the grids beside one, of the ground that has come: id -> metres of border. */
    neighbours(id, plan = session.plan) {
      const found = new Map();
      for (const plot of plan.grid(id)?.plots ?? []) {
        for (const [other, { metres }] of session.ground.around(plot)) {
          const beside = plan.gridOf(other);
          if (beside !== undefined && beside !== id) found.set(beside, (found.get(beside) ?? 0) + metres);
        }
      }
      return found;
    },

    /** Something a panel does: 'assign', 'find', 'help', 'problem-next', 'problem-previous', 'rename'. */
    wish: name => tell('wish', name),

    /** A refusal that is about no edit: shown until something else is done. */
    complain(what) {
      problem = what;
      tell('problem', problem);
    },
  };
  return editor;
}
