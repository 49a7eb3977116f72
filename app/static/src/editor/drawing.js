/**
 * The map under the hand: what presses, drags and keys mean is up to the mode at work. Modes know the editor and the
 * layers, not each other.
 *
 * A mode has some of: `enter(options)`, `leave()`, `press(at, event)`, `hover(at)` → cursor, `grab(at, how)` → whether
 * it takes the drag, `drag(at, how)` → why not all follows, `drop()`, `giveUp()`, `key(event)` → whether it was for it,
 * `bar()` → {words, pieces}, `performed()`. `at` is {point, lngLat, plot, grid}.
 */
import { sideOf } from '../core/deviation.js';
import { formats } from '../core/formats.js';
import { metresPerPixel } from '../core/scale.js';
import { el, fill, icon } from '../frame/dom.js';
import { toast, toastProblem } from '../frame/toast.js';
import { locale, t } from '../words.js';
import { labelsOf, makeLayers, paletteNow } from './layers.js';
import { borderMode } from './modes/border.js';
import { compoundMode } from './modes/compound.js';
import { cutMode } from './modes/cut.js';
import { drawMode } from './modes/draw.js';
import { giveMode } from './modes/give.js';
import { mergeMode } from './modes/merge.js';
import { paintMode } from './modes/paint.js';
import { reasonOf, titleOfGrid } from './modes/pieces.js';
import { renameMode } from './modes/rename.js';
import { runMode } from './modes/run.js';
import { selectMode } from './modes/select.js';
import { splitMode } from './modes/split.js';
import { streetMode } from './modes/street.js';
import { makeOverlay } from './overlay.js';
import { carriedBy, NEAR_ZOOM } from './style.js';

const MODES = {
  select: selectMode,
  border: borderMode,
  paint: paintMode,
  give: giveMode,
  split: splitMode,
  run: runMode,
  merge: mergeMode,
  draw: drawMode,
  street: streetMode,
  cut: cutMode,
  compound: compoundMode,
  rename: renameMode,
};
const TIP_PX = 16,
  TIP_WIDTH_PX = 250,
  TIP_ROW_PX = 24,
  STATUS_PX = 40,
  FINGER_PX = 36;
const canHover = matchMedia('(hover: hover)');
const LABELS_MS = 60;

const format = formats(locale);

/** What `makeMap` is to be told for the editor. */
export const mapWish = {
  tilesTo: NEAR_ZOOM,
  carry: carriedBy(paletteNow),
  sketch: { type: 'FeatureCollection', features: [] },
};

/**
 * @param {object} shown what `makeMap` made @param {object} editor
 * @param {{bar: HTMLElement, tip: HTMLElement, said: (words: string) => void}} page
 */
export function makeDrawing(shown, editor, { bar, tip, said }) {
  const { map } = shown;
  const layers = makeLayers(shown, editor);
  const overlay = makeOverlay(map);
  const scale = () => metresPerPixel(map.getCenter().lat, map.getZoom());
  const tools = { editor, map, shown, layers, say, orSay, changed: showBar, metresPerPixel: scale };
  const modes = Object.fromEntries(Object.entries(MODES).map(([name, make]) => [name, make(tools)]));
  let mode = modes.select,
    reason = null, // why what is being dragged may not follow, as a sentence
    complaint = null, // what came in the way of what was just asked for
    told = null, // what the tip says
    room = { width: 0, height: 0 };
  const measure = () => {
    const { clientWidth: width, clientHeight: height } = map.getContainer();
    room = { width, height };
  };
  measure();
  map.on('resize', measure);

  /** Read aloud; what came in the way is shown in the bar, too. */
  function say(words, { isWhy = false } = {}) {
    said(words);
    complaint = isWhy ? words : null;
    showReason();
  }

  async function orSay(act) {
    try {
      return await act();
    } catch (problem) {
      if (problem.name === 'Refused') return void say(reasonOf(problem), { isWhy: true });
      return void toastProblem(problem);
    }
  }

  /* --- What is under the pointer --- */

  function at({ point, lngLat }) {
    const position = [lngLat.lng, lngLat.lat];
    const plot = map.getZoom() >= NEAR_ZOOM ? editor.ground?.plotAt(position) : undefined;
    const grid = plot ? editor.plan.gridOf(plot.id) : gridFromAfar(point);
    return { point, lngLat: position, plot: plot ?? null, grid: grid ?? null };
  }

  function gridFromAfar(point) {
    if (map.getZoom() >= NEAR_ZOOM || !map.getLayer('grid-fill')) return null;
    return map.queryRenderedFeatures(point, { layers: ['grid-fill'] })[0]?.id ?? null;
  }

  map.on('click', event => {
    if (!editor.plan) return;
    complaint = null;
    mode.press?.(at(event), event.originalEvent);
    showBar();
  });

  map.on('mousemove', event => {
    if (!editor.plan || drag) return;
    const here = at(event);
    map.getCanvas().style.cursor = mode.hover?.(here) ?? mode.cursor ?? (here.grid === null ? '' : 'pointer');
    if (!editor.previewed)
      showTip(event.point, here.grid === null ? null : [{ now: editor.figuresOf(here.grid) }]);
  });
  map.on('mouseout', () => showTip(null));
  map.on('movestart', () => showTip(null));

  /* --- Dragging --- */

  let drag = null,
    isHeld = false; // a hand has taken something, or may be about to

  function take(event, isTouch) {
    if (!editor.plan || drag) return;
    const box = map.getCanvasContainer().getBoundingClientRect(); // before anything changes and is to be laid out
    layers.hold(); // drawing anew takes longer than a hand waits
    isHeld = true;
    if (!mode.grab?.(at(event), { isTouch, alt: event.originalEvent.altKey })) {
      isHeld = false;
      showBar();
      return layers.letGo();
    }
    event.preventDefault(); // the map stays where it is
    bar.classList.add('is-held');
    const stop = new AbortController();
    const listen = (name, act) => addEventListener(name, act, { signal: stop.signal, capture: true });
    drag = {
      isTouch,
      box,
      end(isDropped) {
        stop.abort();
        [drag, reason, isHeld] = [null, null, false];
        bar.classList.remove('is-held');
        if (isDropped) mode.drop?.();
        else mode.giveUp?.();
        follow();
        showTip(null);
        showBar();
      },
    };
    map.getCanvas().style.cursor = 'grabbing';
    listen('pointermove', moved);
    listen('pointerup', () => drag.end(true));
    listen('pointercancel', () => drag.end(false));
    listen('pointerdown', () => drag.end(false)); // a second finger: the map is to be moved
  }

  function moved(event) {
    const point = { x: event.clientX - drag.box.left, y: event.clientY - drag.box.top };
    const refusal = mode.drag(at({ point, lngLat: map.unproject([point.x, point.y]) }), {
      alt: event.altKey,
    });
    reason = refusal ? reasonOf(refusal) : null;
    showTip(point, editor.previewed ? editor.figures.grids : null);
  }

  map.on('mousedown', event => event.originalEvent.button === 0 && take(event, false));
  map.on('touchstart', event => event.points.length === 1 && take(event, true));

  /* --- The small label at the pointer --- */

  /**
   * Its size is reckoned, never asked of the page: that would lay out all of it at every move.
   *
   * @param {{x: number, y: number} | null} point @param {object[] | null} grids as 'figures' tells them
   */
  function showTip(point, grids = null) {
    const rows = (point && grids?.filter(({ now }) => now).slice(0, 3)) ?? [];
    const words = point && drag ? reason : null;
    const isShown = Boolean(rows.length || words);
    if (tip.hidden === isShown) tip.hidden = !isShown;
    if (!isShown) return void (told = null);
    const key = JSON.stringify([
      words,
      rows.map(({ id, before, now }) => [id, before?.households, now.households]),
    ]);
    if (key !== told) fill(tip, ...rows.map(tipRow), words && el('div', { class: 'edit-why' }, words));
    told = key;
    const [width, height] = [TIP_WIDTH_PX, rows.length * TIP_ROW_PX + (words ? 2 * TIP_ROW_PX : 0)];
    const below = drag?.isTouch ? -height - FINGER_PX : TIP_PX; // a finger hides what is below it
    const x = Math.max(8, Math.min(point.x + TIP_PX, room.width - width));
    const y = Math.max(8, Math.min(point.y + below, room.height - height - STATUS_PX));
    tip.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }

  function tipRow({ before, now }) {
    const side = now.class === null ? '' : sideOf(now.load, editor.row);
    return el(
      'div',
      { class: 'edit-tip-row' },
      el('strong', {}, titleOfGrid(now)),
      before && before.households !== now.households
        ? el('span', { class: 'muted' }, `${format.count(before.households)} →`)
        : null,
      el('span', { class: 'number' }, format.count(now.households)),
      now.class === null
        ? null
        : el(
            'span',
            { class: `number ${side}` },
            format.deviation(now.deviation),
            { few: ' ▼', many: ' ▲', '': '' }[side],
          ),
    );
  }

  /* --- The bar --- */

  const line = el('p', { class: 'edit-words', 'aria-live': 'polite' });
  const why = el('p', { class: 'edit-why', role: 'alert' });
  const pieces = el('div', { class: 'buttons' });
  fill(bar, line, why, pieces);

  /** Not while a hand drags: it looks at the border, and what the bar offers is for when it has let go. */
  function showBar() {
    if (isHeld) return;
    const wanted = editor.plan && mode.bar?.();
    bar.hidden = !wanted;
    if (!wanted) return;
    const had = pieces.contains(document.activeElement) ? nameOfPiece(document.activeElement) : null;
    line.textContent = wanted.words;
    fill(pieces, ...wanted.pieces);
    if (had)
      [...pieces.querySelectorAll('button, input, select')].find(one => nameOfPiece(one) === had)?.focus();
  }

  const nameOfPiece = piece => piece.getAttribute('aria-label') ?? piece.name + piece.textContent;

  /** The card says why a preview may not be; here stands what has no preview. */
  function showReason() {
    const { refusal, moves } = editor.previewed ?? {};
    const words = refusal ? (moves.size ? null : reasonOf(refusal)) : complaint;
    why.hidden = !words;
    if (words) fill(why, icon('ban', 'icon small'), el('span', {}, words));
  }

  /* --- What is shown follows from the editor --- */

  let labelling = null;
  const labels = () => labelsOf(editor.plan, editor.row, editor.ground, editor.answersFor);

  function show() {
    const { previewed, plan } = editor;
    if (!plan) return;
    if (previewed && !previewed.refusal) complaint = null;
    if (drag) atOnce();
    else {
      if (previewed) showTip(null); // it tells what is, and the card what would be
      follow();
    }
    showReason();
  }

  /** Under the hand: beside the map now, by the map when the hand lets go. */
  function atOnce() {
    const { previewed, plan } = editor;
    overlay.draw(
      layers.differences(previewed?.plan ?? plan, previewed ? plan : null, previewed?.forbidden ?? []),
    );
  }

  /** The map shows what is so, and nothing is drawn beside it any more. */
  function follow() {
    layers.letGo();
    const { previewed, plan } = editor;
    if (!plan) return;
    layers.show(previewed?.plan ?? plan, previewed ? plan : null);
    const marked = previewed ? [...previewed.moves.keys()] : editor.selection.plots;
    layers.hatchPlots(marked, previewed?.forbidden ?? []);
    map.once('render', overlay.clear);
    map.triggerRepaint();
  }

  editor.on('plan', () => {
    show();
    showBar();
    labelling ??= setTimeout(() => {
      labelling = null;
      map.getSource('labels')?.setData(labels());
    }, LABELS_MS);
  });
  editor.on('preview', show);
  editor.on('outline', shape =>
    shape?.type === 'MultiLineString'
      ? layers.sketch(shape.coordinates.flat(), { isOpen: true })
      : layers.sketch(shape ? outerRing(shape) : []),
  );
  editor.on('performed', () => {
    mode.performed?.();
    showBar();
  });
  editor.on('selection', ({ grids, plots }) => {
    layers.choose(grids);
    if (!editor.previewed && !drag) layers.hatchPlots(plots, []);
    showBar();
  });
  editor.on('mode', ({ name, options }) => {
    mode.leave?.();
    complaint = null;
    mode = modes[name];
    mode.enter?.(options);
    showReason();
    showBar();
  });
  map.on('load', () => {
    layers.add();
    show();
    layers.choose(editor.selection.grids);
    layers.fetchSeen();
  });

  /* --- Keys and acts --- */

  /** @param {KeyboardEvent} event @returns {boolean} whether it was for the mode */
  function key(event) {
    if (!editor.plan) return false;
    if (drag && event.key === 'Escape') return (drag.end(false), true);
    const isOnButton = event.target.closest?.('button, a, [role="tab"], summary, [role="separator"]');
    if (isOnButton && [' ', 'Enter'].includes(event.key)) return false;
    if (mode.key?.(event)) return true;
    if (event.key !== 'Escape' || mode === modes.select) return false;
    editor.setMode('select');
    return true;
  }

  /** What is done at once: lock, assign, find. */
  function act(name) {
    if (name === 'lock') lock();
    else editor.wish(name);
  }

  function lock() {
    const grid = editor.plan.grid(editor.selection.grids[0]);
    if (!grid) return (say(t('edit-lock-choose')), void toast(t('edit-lock-choose')));
    editor.lock([grid.id], !grid.locked);
    toast(t('edit-locked', { grid: titleOfGrid(grid), locked: grid.locked ? 'no' : 'yes' }), {
      act: () => void editor.undo(),
    });
  }

  return { layers, modes: { key, act }, labels };
}

/** Corners of a polygon, of several the first. */
function outerRing({ type, coordinates }) {
  return (type === 'Polygon' ? coordinates : coordinates[0])[0].slice(0, -1);
}
