/**
 * Plots given to a grid by sweeping over them, by a lasso around them, or one by one; with the keys, a cursor goes
 * from plot to plot and Space takes the one it is on.
 */
import { el, icon } from '../../frame/dom.js';
import { t } from '../../words.js';
import { plotsWithin } from '../actions/draw.js';
import { giveAll } from '../actions/give.js';
import { mostOf } from '../legal.js';
import { plotCursor } from './plot_cursor.js';
import { acceptButtons, button, reasonOf, titleOfGrid } from './pieces.js';

export function paintMode(tools) {
  const { editor, layers, say, changed } = tools;
  let to = null, // the grid that gets them
    taken = new Set(),
    refused = [],
    refusal = null,
    way = 'sweep', // or 'lasso'
    lasso = null,
    before = []; // taken when the drag began
  const cursor = plotCursor(tools);

  function begin(grid) {
    if (grid === null || grid === undefined) return;
    if (taken.size && to !== grid) editor.accept();
    to = grid;
    forget();
    editor.select({ grids: [grid] });
    void editor.need([grid]);
    changed();
  }

  /** Judge these plots upon those taken already. */
  async function take(plots) {
    const fresh = plots.filter(id => !taken.has(id) && editor.plan.gridOf(id) !== to);
    const owners = new Set(fresh.map(id => editor.plan.gridOf(id)));
    if (editor.ground.missing([...owners].flatMap(id => editor.plan.grid(id)?.plots ?? [])).length)
      await editor.need([...owners]);
    const plan = now();
    const judged = mostOf(plan, editor.ground, [...refused, ...fresh], to);
    for (const id of judged.accepted) taken.add(id);
    [refused, refusal] = [judged.forbidden, judged.refusal];
    show();
  }

  function now() {
    return taken.size ? editor.plan.with(edit(), editor.ground) : editor.plan;
  }

  const edit = () => giveAll(editor.plan, new Map([...taken].map(id => [id, to])));

  function show() {
    if (taken.size || refused.length) editor.preview(edit(), { refusal, forbidden: refused });
    else editor.preview(null);
    if (refusal) say(reasonOf(refusal), { isWhy: true });
    changed();
  }

  function toggle(id) {
    if (!taken.delete(id)) return void take([id]);
    const kept = [...taken];
    taken = new Set();
    [refused, refusal] = [[], null];
    void take(kept);
    show();
  }

  function forget() {
    [taken, refused, refusal, lasso] = [new Set(), [], null, null];
    editor.preview(null);
    layers.sketch([]);
    changed();
  }

  function accept() {
    if (!taken.size) return false;
    editor.preview(edit(), { refusal: null, forbidden: [] });
    editor.accept();
    return true;
  }

  return {
    cursor: 'crosshair',
    enter: () => begin(editor.selection.grids[0] ?? null),
    leave() {
      accept();
      to = null;
      cursor.hide();
      forget();
    },
    performed: forget,

    press({ plot, grid }) {
      if (to === null || !editor.plan.grid(to)) return begin(grid);
      if (!plot) return;
      if (grid === to && !taken.has(plot.id)) return begin(grid);
      toggle(plot.id);
    },

    grab({ plot, lngLat }) {
      if (to === null || !plot) return false;
      if (way === 'lasso') lasso = [lngLat];
      before = [...taken];
      return true;
    },
    drag({ plot, lngLat }) {
      if (way === 'lasso') {
        lasso.push(lngLat);
        layers.sketch(lasso, { isOpen: true });
      } else if (plot && !taken.has(plot.id)) void take([plot.id]);
      return refusal;
    },
    drop() {
      if (!lasso) return;
      const plots = plotsWithin(editor.ground, lasso);
      lasso = null;
      layers.sketch([]);
      void take(plots);
    },
    giveUp() {
      forget();
      void take(before); // a second finger moves the map: what was swept before stays
    },

    key(event) {
      if (event.key === 'Enter') return accept();
      if (event.key === 'Escape') return taken.size || refused.length ? (forget(), true) : false;
      if (event.key === ' ' && cursor.plot !== null && to !== null) return (toggle(cursor.plot), true);
      return cursor.key(event);
    },

    bar: () => ({
      words:
        to === null
          ? t('edit-paint-choose')
          : t('edit-paint-how', { grid: titleOfGrid(editor.plan.grid(to)), way }),
      pieces: [
        el(
          'span',
          { class: 'edit-switch', role: 'group', 'aria-label': t('edit-paint-way') },
          ...['sweep', 'lasso'].map(one =>
            button(t('edit-paint', { way: one }), null, () => ((way = one), changed()), {
              class: 'chip',
              'aria-pressed': String(one === way),
            }),
          ),
        ),
        ...(taken.size ? [button(t('edit-none'), icon('eraser'), forget)] : []),
        ...acceptButtons({ editor }, forget, accept, !taken.size),
      ],
    }),
  };
}
