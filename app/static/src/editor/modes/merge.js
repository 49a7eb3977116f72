/** Put two grids into one: choose one, then the neighbour that joins it. */
import { t } from '../../words.js';
import { merge } from '../actions/give.js';
import { acceptButtons, gridButtons, reasonOf, titleOfGrid } from './pieces.js';

const MOST_OFFERED = 8;

export function mergeMode({ editor, say, changed }) {
  let into = null,
    other = null;

  async function begin(id) {
    [into, other] = [id, null];
    editor.preview(null);
    editor.select({ grids: [id] });
    await editor.need([id]);
    changed();
  }

  const beside = () =>
    [...editor.neighbours(into)]
      .sort(([, one], [, next]) => next - one)
      .map(([id]) => editor.plan.grid(id))
      .filter(grid => grid && grid.community === editor.plan.grid(into).community)
      .slice(0, MOST_OFFERED);

  async function offer(id) {
    other = id;
    await editor.need([into, id]);
    const shown = editor.preview(merge(editor.plan, [into, id]));
    if (shown.refusal) say(reasonOf(shown.refusal), { isWhy: true });
    changed();
  }

  function forget() {
    other = null;
    editor.preview(null);
    changed();
  }

  return {
    cursor: 'pointer',
    enter() {
      const [first, second] = editor.selection.grids;
      if (first !== undefined) void begin(first).then(() => second !== undefined && offer(second));
    },
    leave() {
      into = null;
      forget();
    },
    performed: forget,

    press({ grid }) {
      if (grid === null) return;
      if (into !== null && editor.plan.grid(into) && grid !== into) void offer(grid);
      else void begin(grid);
    },

    key({ key }) {
      if (key === 'Enter') return other === null ? false : (editor.accept(), true);
      if (key !== 'Escape' || into === null) return false;
      if (other === null) into = null;
      forget();
      return true;
    },

    bar: () => ({
      words:
        into === null || !editor.plan.grid(into)
          ? t('edit-merge-choose')
          : t('edit-merge-how', { grid: titleOfGrid(editor.plan.grid(into)) }),
      pieces:
        into === null || !editor.plan.grid(into)
          ? []
          : [...gridButtons(beside(), id => void offer(id), other), ...acceptButtons({ editor }, forget)],
    }),
  };
}
