/** Choose grids by pressing them; with Shift, several. Arrows lead from grid to grid. */
import { gridTowards, isStep } from '../../core/steps.js';
import { t } from '../../words.js';
import { titleOfGrid } from './pieces.js';

export function selectMode({ editor, map, shown, say }) {
  const choose = id => {
    editor.select({ grids: id === null ? [] : [id] });
    const grid = editor.plan.grid(id);
    if (grid)
      say(
        t('edit-chosen', { grid: titleOfGrid(grid), households: grid.households, buildings: grid.buildings }),
      );
  };
  return {
    press({ grid, plot }, event) {
      const { grids } = editor.selection;
      if (grid === null) return choose(null);
      if (!event.shiftKey) return editor.select({ grids: [grid], plots: plot ? [plot.id] : [] });
      editor.select({ grids: grids.includes(grid) ? grids.filter(id => id !== grid) : [...grids, grid] });
    },

    key({ key, target }) {
      if (key === 'Escape' && editor.selection.grids.length) return (choose(null), true);
      if (target !== map.getCanvas()) return false;
      if (key === 'Enter') return (choose(gridInTheMiddle() ?? null), true);
      const chosen = editor.plan?.grid(editor.selection.grids[0]);
      if (!isStep(key) || !chosen?.label) return false;
      const next = gridTowards(
        [...editor.plan.grids()].filter(({ label }) => label),
        chosen,
        key,
      );
      if (!next) return false;
      choose(next.id);
      if (next.bbox) shown.bringIntoSight(next.bbox);
      return true;
    },
  };

  function gridInTheMiddle() {
    const { lng, lat } = map.getCenter();
    const plot = editor.ground.plotAt([lng, lat]);
    return plot && editor.plan.gridOf(plot.id);
  }
}
