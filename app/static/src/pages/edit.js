/**
 * The map editor of a draft. This page puts the parts together: the editor, its map and layers, tools and keys, and
 * the panels around it, of which each hears from the editor and none from another.
 */
import '../frame/frame.js';
import { addressOf, viewOf } from '../core/address.js';
import { makeDrawing, mapWish } from '../editor/drawing.js';
import { makeEditor } from '../editor/editor.js';
import { listenToKeys } from '../editor/keys.js';
import { listenToNews } from '../editor/news.js';
import { pendingStore } from '../editor/pending.js';
import { makePanels } from '../editor/panels/index.js';
import { makeToolbar } from '../editor/tools.js';
import { get, post, send } from '../frame/api.js';
import { el, fill, icon, pageFacts } from '../frame/dom.js';
import { toast, toastProblem } from '../frame/toast.js';
import { tellIdle } from '../map/idle.js';
import { nameOf, titleOf } from '../panels/names.js';
import { stateTag } from '../panels/plan_pieces.js';
import { makeSide } from '../panels/side.js';
import { makeStatusLine } from '../panels/status_line.js';
import { t } from '../words.js';

const EDGE_PX = 24,
  TOOLS_PX = 84,
  STATUS_PX = 30;
const TILES_AFTER_MS = 1500; // after a save: the view from afar is drawn anew, once for several saves

const facts = pageFacts();
const find = selector => document.querySelector(selector);
const mapMaker = import('../map/make_map.js');

void begin();

async function begin() {
  try {
    const [row, { places }] = await Promise.all([get(`/api/plans/${facts.plan}`), get('/api/places')]);
    const place = places.find(one => one.code === row.place.code) ?? {
      ...row.place,
      tiles: null,
      bbox: row.bbox,
    };
    showHead(row, place);
    const editor = makeEditor({
      row,
      place,
      me: facts.me,
      ask: { get, post, send },
      store: pendingStore(row.id, facts.me.id),
      newKey: () => crypto.randomUUID(),
    });
    globalThis.gridEditor = editor; // for tests and the curious
    const { layers, modes, shown } = await startMap(editor);
    listen(editor, modes);
    await editor.begin();
    layers.fetchSeen();
    makePanels(editor, { tint: layers.tint, places, shown, today: facts.today });
    listenToNews(row.id, {
      edit: version => void editor.hear(version).catch(toastProblem),
      people: those => editor.meet(those),
      ask: async () => {
        const { version } = await get(`/api/plans/${row.id}`);
        await editor.hear(version);
      },
    });
  } catch (problem) {
    sayNo(problem);
  }
}

/** What came in the way of opening the plan, where the figures would stand. */
function sayNo(problem) {
  if (problem.name !== 'Problem') throw problem;
  fill(
    find('#list'),
    el(
      'div',
      { class: 'side-section' },
      el('p', { class: 'notice warn' }, icon('cloud-off'), el('span', {}, problem.message)),
      el(
        'button',
        { type: 'button', class: 'button', onclick: () => location.reload() },
        icon('rotate-cw'),
        t('map-again'),
      ),
    ),
  );
}

/* --- The frame -------------------------------------------------------------------------------- */

function showHead(row, place) {
  find('#back').href = `/plans?place=${row.place.code}`;
  find('#title').textContent = titleOf(row);
  fill(find('#about'), el('span', {}, nameOf(place)), stateTag(row));
  document.title = [titleOf(row), nameOf(place), 'Gridkeeper'].join(' · ');
}

const side = makeSide(find('#side'), find('.side-open'), () => globalThis.gridMap?.resize());

/* --- The map ---------------------------------------------------------------------------------- */

async function startMap(editor) {
  const { makeMap } = await mapMaker;
  const { row, place } = editor;
  const address = viewOf(new URL(location));
  const shown = makeMap(find('#map'), {
    ground: place.tiles,
    plan: row.tiles,
    bbox: row.bbox ?? place.bbox,
    camera: address.camera,
    padding,
    presses: false,
    title: t('edit-canvas'),
    ...mapWish,
  });
  globalThis.gridMap = shown.map; // for tests and the curious
  const statusLine = makeStatusLine(find('.status-line'), shown.map);
  statusLine.plan(row);
  statusLine.place(place);
  const made = makeDrawing(shown, editor, {
    bar: find('#bar'),
    tip: find('#tip'),
    said: words => (find('#said').textContent = words),
  });
  editor.attach(shown);
  shown.on('trouble', showTrouble);
  shown.map.on('moveend', () => tellAddress(shown));
  tellIdle(shown.map);
  const acts = {
    closer: () => shown.map.zoomIn(),
    farther: () => shown.map.zoomOut(),
    whole: () => shown.goTo(row.bbox ?? place.bbox),
  };
  for (const [name, act] of Object.entries(acts)) find(`[data-act="${name}"]`).addEventListener('click', act);
  refreshTiles(editor, shown, row => {
    statusLine.plan(row);
    return made.labels();
  });
  return { ...made, shown };
}

/** Room for what lies over the map. */
function padding() {
  const { right, bottom } = side.covers;
  return { left: EDGE_PX, top: TOOLS_PX, right: right + EDGE_PX, bottom: bottom + STATUS_PX + EDGE_PX };
}

function tellAddress(shown) {
  const address = addressOf(new URL(location), { ...viewOf(new URL(location)), camera: shown.camera() });
  if (address.href !== location.href) history.replaceState(null, '', address);
}

/** From afar the plan's own tiles are drawn, and from near its compounds: after a save those of the new version. */
function refreshTiles(editor, shown, labels) {
  let timer = null,
    drawn = editor.row.version;
  async function refresh() {
    try {
      const row = await get(`/api/plans/${editor.row.id}`);
      drawn = row.version;
      shown.refresh({ plan: row.tiles, labels: labels(row) });
    } catch (problem) {
      if (!problem.passing) toastProblem(problem); // a lost network is said where saving is
    }
  }
  editor.on('saving', () => {
    if (editor.saving !== 'saved' || editor.version === drawn) return;
    clearTimeout(timer);
    timer = setTimeout(refresh, TILES_AFTER_MS);
  });
  editor.on('ground', () => void refresh()); // a compound was drawn, changed or taken off
}

function showTrouble(trouble) {
  const notice = find('.map-notice');
  notice.hidden = !trouble;
  if (trouble)
    fill(
      notice,
      icon('cloud-off'),
      el('span', {}, t(trouble.status ? 'map-tiles-late' : 'frame-network-gone')),
    );
}

/* --- Tools, keys, saving ---------------------------------------------------------------------- */

function listen(editor, modes) {
  const choose = tool => (tool.act ? modes.act(tool.name) : editor.setMode(tool.name));
  const toolbar = makeToolbar(find('#tools'), choose);
  const undo = () => void editor.undo().catch(toastProblem);
  const redo = () => void editor.redo().catch(toastProblem);
  toolbar.mark('select');
  editor.on('mode', ({ name }) => toolbar.mark(name));
  const chooseByKey = tool => {
    choose(tool);
    if (!tool.act) globalThis.gridMap.getCanvas().focus(); // its arrows, Enter and Space are for the map
  };
  listenToKeys({ tool: chooseByKey, wish: name => editor.wish(name), undo, redo, mode: modes.key });
  find('#undo').addEventListener('click', undo);
  find('#redo').addEventListener('click', redo);
  find('#help').addEventListener('click', () => editor.wish('help'));
  editor.on('history', () => {
    find('#undo').disabled = !editor.history.canUndo;
    find('#redo').disabled = !editor.history.canRedo;
  });
  editor.on('saving', () => showSaving(editor));
  editor.on('history', () => showSaving(editor));
  editor.on('refused', ({ problem }) => toast(problem.message));
  editor.on('unkept', () => toast(t('edit-unkept')));
  editor.on('problem', problem => problem && toast(problem.message));
  addEventListener('online', () => void editor.send());
  addEventListener('beforeunload', event => {
    if (editor.saving === 'saving') event.preventDefault(); // what is offline is kept, and sent when the page opens again
  });
}

const savingPictures = {
  saved: () => icon('cloud-check', 'icon small'),
  saving: () => icon('cloud-upload', 'icon small'),
  offline: () => icon('cloud-off', 'icon small'),
  conflict: () => icon('cloud-alert', 'icon small'),
};

function showSaving(editor) {
  const state = editor.saving;
  const piece = find('#saving');
  piece.dataset.state = state;
  fill(
    piece,
    savingPictures[state](),
    el('span', {}, t('edit-saving', { state, n: editor.pending.length, version: String(editor.version) })),
  );
}
