/** A building, or the ground beneath it, given to a neighbour: press it, then choose who gets it. */
import { t } from '../../words.js';
import { give } from '../actions/give.js';
import { namesOf } from '../legal.js';
import { plotCursor } from './plot_cursor.js';
import { acceptButtons, gridButtons, reasonOf, titleOfGrid } from './pieces.js';

export function giveMode(tools) {
  const { editor, say, changed } = tools;
  const cursor = plotCursor(tools);
  let plot = null,
    to = null;

  function take(id) {
    [plot, to] = [id, null];
    editor.preview(null);
    const from = editor.plan.gridOf(id);
    editor.select({ grids: [from], plots: [id] });
    void editor.need([from, ...beside().map(grid => grid.id)]);
    say(t('edit-give-to', { what: named() }));
    changed();
  }

  /** The grids a plot touches within its community, its own left out. */
  function beside() {
    const ids = new Set([...editor.ground.around(plot).keys()].map(id => editor.plan.gridOf(id)));
    ids.delete(editor.plan.gridOf(plot));
    const { community } = editor.plan.grid(editor.plan.gridOf(plot));
    return [...ids].map(id => editor.plan.grid(id)).filter(grid => grid?.community === community);
  }

  function named() {
    return namesOf([plot], editor.ground).join(t('list-comma')) || t('edit-this-plot');
  }

  function offer(id) {
    to = id;
    const shown = editor.preview(give(editor.plan, [plot], id));
    if (shown.refusal) say(reasonOf(shown.refusal), { isWhy: true });
    changed();
  }

  function forget() {
    [plot, to] = [null, null];
    editor.preview(null);
    changed();
  }

  return {
    cursor: 'pointer',
    enter: () => editor.selection.plots.length && take(editor.selection.plots[0]),
    leave() {
      cursor.hide();
      forget();
    },
    performed: forget,

    press({ plot: pressed, grid }) {
      if (!pressed) return;
      const isBeside = plot !== null && beside().some(({ id }) => id === grid);
      if (isBeside) offer(grid);
      else take(pressed.id);
    },

    key(event) {
      if (event.key === 'Enter') return to === null ? false : (editor.accept(), true);
      if (event.key === 'Escape') return plot === null ? false : (forget(), true);
      if (event.key === ' ' && cursor.plot !== null) return (take(cursor.plot), true);
      return cursor.key(event);
    },

    bar: () => ({
      words:
        plot === null
          ? t('edit-give-choose')
          : t('edit-give-how', {
              what: named(),
              grid: titleOfGrid(editor.plan.grid(editor.plan.gridOf(plot))),
              n: beside().length,
            }),
      pieces:
        plot === null ? [] : [...gridButtons(beside(), offer, to), ...acceptButtons({ editor }, forget)],
    }),
  };
}
