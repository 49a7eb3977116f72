/** Divide a grid along a line: each plot goes to the side its point lies on; the smaller side is a new grid. */
import { piecesOf } from '../legal.js';
import { Refused } from '../plan.js';

export const NEW = 'new:1';

/**
 * @param {object} plan @param {object} ground
 * @param {number} id of the grid @param {number[][]} line [lon, lat] of at least two points; it goes on at both ends
 * @throws {Refused} line_divides_nothing
 */
export function divideByLine(plan, ground, id, line) {
  const grid = plan.grid(id);
  const points = line.map(ground.metres);
  let sides = [[], []];
  for (const plot of grid.plots) sides[sideOf(ground.plot(plot).at, points) > 0 ? 1 : 0].push(plot);
  sides = whole(sides, ground);
  if (sides.some(side => !side.length)) throw new Refused('line_divides_nothing', { grid: grid.code });
  const [smaller] = [...sides].sort((one, other) => households(one, ground) - households(other, ground));
  return {
    kind: 'divide',
    moves: Object.fromEntries(smaller.map(plot => [plot, [id, NEW]])),
    grids: { [NEW]: { kind: grid.kind, name: null } },
    parameters: { line },
  };
}

/** The grid of which a line crosses the most plots. @param {number[][]} line [lon, lat] */
export function gridUnder(plan, ground, line) {
  const counts = new Map();
  for (let at = 1; at < line.length; at++) {
    for (let step = 0; step <= STEPS; step++) {
      const share = step / STEPS;
      const point = line[at].map((value, axis) => line[at - 1][axis] * (1 - share) + value * share);
      const plot = ground.plotAt(point);
      const grid = plot && plan.gridOf(plot.id);
      if (grid !== undefined) counts.set(grid, (counts.get(grid) ?? 0) + 1);
    }
  }
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? null;
}

const STEPS = 40;

/** What lies on a side but hangs together only with the other goes there. */
function whole([one, other], ground) {
  const [[first = [], ...strayOne], [second = [], ...strayOther]] = [
    piecesOf(one, ground),
    piecesOf(other, ground),
  ];
  return [
    [...first, ...strayOther.flat()],
    [...second, ...strayOne.flat()],
  ];
}

function households(plots, ground) {
  return plots.reduce((sum, id) => sum + ground.plot(id).households, 0);
}

/** On which side of a line a point lies: its sign tells; the first and the last stretch go on for ever. */
function sideOf([x, y], points) {
  let [nearest, side] = [Infinity, 0];
  for (let at = 1; at < points.length; at++) {
    const [[ax, ay], [bx, by]] = [points[at - 1], points[at]];
    const [dx, dy] = [bx - ax, by - ay];
    const along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1);
    const kept = Math.min(at === points.length - 1 ? Infinity : 1, Math.max(at === 1 ? -Infinity : 0, along));
    const away = Math.hypot(x - ax - kept * dx, y - ay - kept * dy);
    if (away < nearest) [nearest, side] = [away, dx * (y - ay) - dy * (x - ax)];
  }
  return side;
}
