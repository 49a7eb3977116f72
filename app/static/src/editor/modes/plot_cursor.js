/** A cursor that arrow keys lead from plot to plot, for whoever does not point. */
import { isStep } from '../../core/steps.js';
import { t } from '../../words.js';
import { titleOfGrid } from './pieces.js';

const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const ASIDE = 2.2;

export function plotCursor({ editor, map, layers, say }) {
  let plot = null;

  function put(id) {
    plot = id;
    const found = id === null ? null : editor.ground.plot(id);
    layers.handles(
      found
        ? [
            {
              type: 'Feature',
              geometry: { type: 'Point', coordinates: found.point },
              properties: { role: 'cursor' },
            },
          ]
        : [],
    );
    if (!found) return;
    if (!map.getBounds().contains(found.point)) map.easeTo({ center: found.point, duration: 200 });
    say(
      t('edit-plot-said', {
        grid: titleOfGrid(editor.plan.grid(editor.plan.gridOf(id))),
        households: found.households,
        buildings: found.names.join(t('list-comma')),
      }),
    );
  }

  function next([east, north]) {
    const { at } = editor.ground.plot(plot);
    let [best, shortest] = [null, Infinity];
    for (const id of editor.ground.around(plot).keys()) {
      const other = editor.ground.plot(id);
      if (!other) continue;
      const [x, y] = [other.at[0] - at[0], other.at[1] - at[1]];
      const [ahead, aside] = [x * east + y * north, Math.abs(x * north - y * east)];
      if (ahead > 0 && ahead + ASIDE * aside < shortest) [best, shortest] = [id, ahead + ASIDE * aside];
    }
    return best;
  }

  return {
    get plot() {
      return plot;
    },
    hide: () => put(null),

    /** The first arrow puts the cursor into the middle of the map. */
    key({ key, target }) {
      if (!isStep(key) || (target !== map.getCanvas() && target !== document.body)) return false;
      const { lng, lat } = map.getCenter();
      const to = plot === null ? editor.ground.plotAt([lng, lat])?.id : next(WAYS[key]);
      if (to !== undefined && to !== null) put(to);
      return true;
    },
  };
}
