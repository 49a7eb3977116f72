/**
 * The border of two grids: drag it, press its plots one by one, or push it with arrow keys or buttons. What would
 * change hands is shown until it is accepted; several drags may add up before.
 */
import { icon } from '../../frame/dom.js';
import { t } from '../../words.js';
import { borderNear, pullBorder, pushBorder, stepsOf } from '../actions/border.js';
import { giveAll } from '../actions/give.js';
import { mostOf } from '../legal.js';
import { acceptButtons, button, reasonOf, titleOfGrid } from './pieces.js';

const REACH_PX = { mouse: 12, touch: 22 };
const BULGE_PX = 46; // half of the least width of what is pulled
const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export function borderMode({ editor, layers, metresPerPixel, say, changed }) {
  let pair = null, // ids of the two grids
    taken = new Map(), // plot -> the grid it goes to
    drag = null,
    isFresh = false, // the pointer that is down has just chosen this border
    cursor = null; // metres: where the keys push

  const withTaken = () =>
    taken.size ? editor.plan.with(giveAll(editor.plan, taken), editor.ground) : editor.plan;

  function choose(found) {
    if (isOther(found)) {
      accept();
      taken = new Map();
      pair = [...found.pair];
      editor.select({ grids: pair });
      void editor.need(pair);
    }
    cursor = found.at;
    showHandles();
    changed();
  }

  function show(judged = { refusal: null, forbidden: [] }) {
    if (taken.size || judged.forbidden.length) editor.preview(giveAll(editor.plan, taken), judged);
    else editor.preview(null);
    showHandles();
    changed();
  }

  function showHandles() {
    const point = (at, role) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: editor.ground.lonLat(at) },
      properties: { role },
    });
    layers.handles(pair && cursor && !drag ? [point(cursor, 'cursor')] : []);
  }

  function forget() {
    [taken, drag] = [new Map(), null];
    editor.preview(null);
    showHandles();
    changed();
  }

  function toggle(plot) {
    const plan = withTaken();
    const from = plan.gridOf(plot.id);
    if (!pair?.includes(from)) return false;
    const to = pair[0] === from ? pair[1] : pair[0];
    const { accepted, forbidden, refusal } = mostOf(plan, editor.ground, [plot.id], to);
    take(accepted, to);
    show({ refusal, forbidden });
    return true;
  }

  /** Plots go to a grid; those that were there before go out of the account. */
  function take(plots, to) {
    for (const id of plots) {
      if (editor.plan.gridOf(id) === to) taken.delete(id);
      else taken.set(id, to);
    }
  }

  function push(key) {
    if (!pair || !cursor) return false;
    const found = pushBorder(withTaken(), editor.ground, pair, cursor, WAYS[key]);
    if (!found) return true;
    if (found.cursor) cursor = found.cursor;
    else if (found.refusal) {
      say(reasonOf(found.refusal), { isWhy: true });
      show({ refusal: found.refusal, forbidden: [found.plot] });
      return true;
    } else {
      take([found.plot], found.to);
      cursor = nearestStep(cursor);
    }
    show();
    sayFigures();
    return true;
  }

  function nearestStep(at) {
    const steps = stepsOf(withTaken(), editor.ground, pair);
    const away = step => Math.hypot(step.at[0] - at[0], step.at[1] - at[1]);
    return steps.length ? steps.reduce((best, step) => (away(step) < away(best) ? step : best)).at : at;
  }

  function sayFigures() {
    const words = editor.figures.grids
      .filter(({ now }) => now)
      .map(({ id, now }) =>
        t('edit-grid-said', { grid: titleOfGrid(editor.plan.grid(id)), households: now.households }),
      );
    if (words.length) say(words.join(t('list-comma')));
  }

  /** The next border of the first grid, for keys and buttons. */
  function nextBorder() {
    const [first] = pair ?? editor.selection.grids;
    if (first === undefined) return;
    const beside = [...editor.neighbours(first)]
      .sort(([, one], [, other]) => other - one)
      .map(([id]) => id)
      .filter(id => stepsOf(editor.plan, editor.ground, [first, id]).length); // else nothing could move there
    const at = pair ? beside.indexOf(pair[1]) : -1;
    const next = beside[(at + 1) % beside.length];
    if (next === undefined) return;
    const steps = stepsOf(editor.plan, editor.ground, [first, next]);
    choose({ pair: [first, next], at: steps[Math.floor(steps.length / 2)].at });
    say(
      t('edit-border-of', {
        first: titleOfGrid(editor.plan.grid(first)),
        second: titleOfGrid(editor.plan.grid(next)),
      }),
    );
  }

  const isOther = found => found && (!pair || found.pair.some(id => !pair.includes(id)));

  const near = (lngLat, reach_px) =>
    borderNear(withTaken(), editor.ground, lngLat, reach_px * metresPerPixel());

  return {
    cursor: 'default',

    enter() {
      if (editor.selection.grids.length)
        void editor.need(editor.selection.grids).then(() => pair ?? nextBorder());
    },

    leave() {
      accept();
      [pair, cursor] = [null, null];
      forget();
    },

    press({ plot, grid }) {
      if (isFresh) return; // the border was chosen when the pointer went down; nothing moves by that
      if (plot && toggle(plot)) return;
      if (grid !== null) editor.select({ grids: [grid] });
    },

    hover: ({ lngLat }) => (near(lngLat, REACH_PX.mouse) ? 'move' : 'default'),

    grab({ lngLat }, { isTouch, alt }) {
      const found = near(lngLat, isTouch ? REACH_PX.touch : REACH_PX.mouse);
      isFresh = Boolean(isOther(found));
      if (!found) return false;
      choose(found);
      if (editor.ground.missing(pair.flatMap(id => editor.plan.grid(id).plots)).length) {
        say(t('edit-ground-coming'), { isWhy: true });
        return false;
      }
      const [first, second] = found.plots.map(id => editor.ground.plot(id).at);
      const isTurned = found.pair[0] !== pair[0];
      const across = [second[0] - first[0], second[1] - first[1]].map(length =>
        isTurned ? -length : length,
      );
      drag = { plan: withTaken(), before: new Map(taken), from: found.at, across, magnets: !alt };
      return true;
    },

    drag({ lngLat, plot }, { alt }) {
      const pulled = pullBorder(drag.plan, editor.ground, {
        pair,
        from: drag.from,
        to: editor.ground.metres(lngLat),
        across: drag.across,
        reach: BULGE_PX * metresPerPixel(),
        under: plot?.id ?? null,
        magnets: !alt,
      });
      const key = [pulled.to, pulled.accepted.join(), pulled.forbidden.join()].join(';');
      if (key === drag.last) return pulled.refusal; // the border has not moved since
      drag.last = key;
      taken = new Map(drag.before);
      take(pulled.accepted, pulled.to);
      editor.preview(giveAll(editor.plan, taken), { refusal: pulled.refusal, forbidden: pulled.forbidden });
      return pulled.refusal;
    },

    drop() {
      drag = null;
      show();
      sayFigures();
    },

    giveUp() {
      taken = drag?.before ?? new Map();
      drag = null;
      show();
    },

    key({ key }) {
      if (key === 'Enter') return accept();
      if (key === 'Escape') {
        if (taken.size || editor.previewed) return (forget(), true);
        if (pair) return ((pair = null), editor.select({}), showHandles(), changed(), true);
        return false;
      }
      if (key === '[' || key === ']') return (nextBorder(), true);
      return key in WAYS && pair ? push(key) : false;
    },

    performed() {
      taken = new Map();
      if (cursor && pair) cursor = nearestStep(cursor);
      showHandles();
      changed();
    },

    bar() {
      const named = pair?.map(id => titleOfGrid(editor.plan.grid(id)));
      const arrows = [
        ['ArrowLeft', icon('arrow-left')],
        ['ArrowUp', icon('arrow-up')],
        ['ArrowDown', icon('arrow-down')],
        ['ArrowRight', icon('arrow-right')],
      ];
      return {
        words: named ? t('edit-border-how', { first: named[0], second: named[1] }) : t('edit-border-choose'),
        pieces: [
          pair || editor.selection.grids.length
            ? button(t('edit-border-next'), icon('refresh-cw'), nextBorder, { title: ']' })
            : null,
          ...(pair
            ? arrows.map(([key, symbol]) =>
                button('', symbol, () => push(key), {
                  class: 'button icon-only',
                  'aria-label': t('edit-push', { way: key }),
                  title: t('edit-push', { way: key }),
                }),
              )
            : []),
          ...acceptButtons({ editor }, forget, accept, !taken.size),
        ],
      };
    },
  };

  function accept() {
    if (!taken.size) return false;
    editor.preview(giveAll(editor.plan, taken), { refusal: null, forbidden: [] });
    editor.accept();
    return true;
  }
}
