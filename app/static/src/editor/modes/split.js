/** Divide a grid by a line: the line is set point by point, and what it divides is shown from the second on. */
import { t } from '../../words.js';
import { divideByLine, gridUnder } from '../actions/divide.js';
import { Refused } from '../plan.js';
import { cornersOf } from './corners.js';
import { acceptButtons, reasonOf, titleOfGrid } from './pieces.js';

export function splitMode(tools) {
  const { editor, say, changed } = tools;
  const line = cornersOf(tools, { isOpen: true, changed: () => void show() });
  let grid = null;

  async function show() {
    const points = line.all;
    if (points.length < 2) {
      editor.preview(null);
      return changed();
    }
    const found = gridUnder(editor.plan, editor.ground, points);
    grid = found ?? editor.selection.grids[0] ?? null;
    if (grid === null) return changed();
    await editor.need([grid]);
    if (points !== line.all) return; // another corner came meanwhile
    try {
      const { refusal } = editor.preview(divideByLine(editor.plan, editor.ground, grid, points));
      if (refusal) say(reasonOf(refusal), { isWhy: true });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      editor.preview(null);
      say(reasonOf(error), { isWhy: true });
    }
    changed();
  }

  function forget() {
    editor.preview(null);
    line.clear();
  }

  return {
    cursor: 'crosshair',
    enter: () => changed(),
    leave: forget,
    performed: forget,
    press: line.press,
    hover: at => (line.hover(at), 'crosshair'),

    key(event) {
      if (event.key === 'Enter' && editor.previewed) return (editor.accept(), true);
      if (event.key === 'Escape') return line.all.length ? (forget(), true) : false;
      return line.key(event);
    },

    bar: () => ({
      words:
        line.all.length < 2
          ? t('edit-split-how', { points: line.all.length })
          : t('edit-split-shown', { grid: titleOfGrid(editor.plan.grid(grid)) }),
      pieces: [...line.buttons(), ...acceptButtons({ editor }, forget)],
    }),
  };
}
