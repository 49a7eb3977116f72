/**
 * Move the border of two grids: pull it to where the pointer is, or push it plot by plot.
 *
 * A border that is pulled bulges towards the pointer, and what the bulge covers changes hands. Where it covers most
 * of a block it takes the whole of it, and where it only touches one it leaves it: the border settles on streets and
 * between buildings rather than crossing courtyards.
 */
import { mostOf, refusalOf } from '../legal.js';

const [ALL_FROM, NONE_TO] = [0.6, 0.25]; // share of a block that the bulge covers
const LARGEST_BLOCK = 0.5; // of the grid that gives: larger ones are no step of a border
const SLACK = 0.5; // of the bulge's width: how far behind the pointer's start a border may bend
const SIDEWAYS = 1.6; // how much a step aside counts when the next plot along a border is sought

/**
 * @param {object} plan @param {object} ground
 * @param {object} pull
 * @param {[number, number]} pull.pair ids of the two grids
 * @param {number[]} pull.from where the border was taken, metres @param {number[]} pull.to where the pointer is, metres
 * @param {number[]} pull.across from the first grid to the second where it was taken, metres
 * @param {number} pull.reach half of the least width of the bulge, metres
 * @param {number | null} [pull.under] the plot beneath the pointer
 * @param {boolean} [pull.magnets]
 * @returns {{to: number, accepted: number[], forbidden: number[], refusal: object | null}}
 */
export function pullBorder(
  plan,
  ground,
  { pair, from, to, across, reach, under = null, magnets = true },
  known,
) {
  const way = [to[0] - from[0], to[1] - from[1]];
  const depth = Math.hypot(...way);
  const [grow, shrink] = dot(way, across) >= 0 ? pair : [pair[1], pair[0]];
  if (!depth) return { to: grow, accepted: [], forbidden: [], refusal: null };
  const [east, north] = way.map(length => length / depth);
  const width = Math.max(reach, depth);
  const ahead = new Map(); // plot -> how far from where the border was taken
  for (const id of plan.grid(shrink)?.plots ?? []) {
    const { at } = ground.plot(id);
    const [x, y] = [at[0] - from[0], at[1] - from[1]];
    const [along, aside] = [x * east + y * north, Math.abs(y * east - x * north) / width];
    if (aside <= 1 && along > -SLACK * width && along <= depth * (1 - aside ** 2)) ahead.set(id, along);
  }
  if (under !== null && plan.gridOf(under) === shrink) ahead.set(under, depth);
  const wanted = magnets ? settled(plan, ground, shrink, ahead, under) : [...ahead.keys()];
  wanted.sort((one, other) => (ahead.get(one) ?? depth) - (ahead.get(other) ?? depth));
  return { to: grow, ...mostOf(plan, ground, wanted, grow, known) };
}

/** The plots, with blocks taken whole or left whole. */
function settled(plan, ground, shrink, ahead, under) {
  const [kept, seen] = [new Set(), new Set()];
  const most = plan.grid(shrink).plots.length * LARGEST_BLOCK;
  for (const id of ahead.keys()) {
    const block = ground.blockOf(id);
    if (seen.has(block)) continue;
    seen.add(block);
    const own = block.filter(one => plan.gridOf(one) === shrink);
    const covered = own.filter(one => ahead.has(one));
    const share = covered.length / own.length;
    const isStep = own.length <= most;
    if (share >= ALL_FROM && isStep) own.forEach(one => kept.add(one));
    else if (share > NONE_TO || !isStep || covered.includes(under)) covered.forEach(one => kept.add(one));
  }
  return [...kept];
}

/**
 * The border pushed by one plot, or the cursor moved along it.
 *
 * @param {object} plan with what was pushed already
 * @param {[number, number]} pair @param {number[]} cursor metres @param {[number, number]} way east, north: of the arrow
 * @returns {{plot: number, to: number, refusal: object | null} | {cursor: number[]} | null} null where there is nothing
 */
export function pushBorder(plan, ground, pair, cursor, way, known) {
  const steps = stepsOf(plan, ground, pair);
  if (!steps.length) return null;
  const near = nearest(steps, cursor);
  const across = [near.b[0] - near.a[0], near.b[1] - near.a[1]];
  const isAcross = Math.abs(dot(way, across)) >= Math.abs(dot(way, [-across[1], across[0]]));
  if (!isAcross) return along(steps, cursor, way);
  const [grow, shrink] = dot(way, across) > 0 ? pair : [pair[1], pair[0]];
  const candidates = new Map(); // plot of the grid that gives -> how near
  for (const step of steps) {
    const id = shrink === pair[1] ? step.second : step.first;
    const away = Math.hypot(step.at[0] - cursor[0], step.at[1] - cursor[1]);
    candidates.set(id, Math.min(away, candidates.get(id) ?? Infinity));
  }
  let why = null;
  for (const [plot] of [...candidates].sort(([, one], [, other]) => one - other)) {
    const refusal = refusalOf(plan, ground, new Map([[plot, grow]]), known);
    if (!refusal) return { plot, to: grow, refusal: null };
    why ??= { plot, to: grow, refusal };
  }
  return why;
}

/** Where two grids meet: each pair of plots, and the point half-way between them. */
export function stepsOf(plan, ground, [first, second]) {
  const steps = [];
  for (const id of plan.grid(first)?.plots ?? []) {
    for (const [other, { open }] of ground.around(id)) {
      if (!open || plan.gridOf(other) !== second || !ground.plot(other)) continue;
      const [a, b] = [ground.plot(id).at, ground.plot(other).at];
      steps.push({
        first: id,
        second: other,
        a,
        b,
        at: middleOf(ground.line(id, other), ground) ?? half(a, b),
      });
    }
  }
  return steps;
}

/** The middle corner of the longest line. */
function middleOf(lines, ground) {
  const line = lines.reduce((best, one) => (one.length > best.length ? one : best), []);
  if (line.length < 4) return null;
  const corner = Math.floor(line.length / 4) * 2;
  const [one, other] = [line.slice(corner - 2, corner), line.slice(corner, corner + 2)].map(ground.metres);
  return half(one, other);
}

function along(steps, cursor, way) {
  let [best, shortest] = [null, Infinity];
  for (const { at } of steps) {
    const [x, y] = [at[0] - cursor[0], at[1] - cursor[1]];
    const [ahead, aside] = [x * way[0] + y * way[1], Math.abs(x * way[1] - y * way[0])];
    if (ahead > 1 && ahead + SIDEWAYS * aside < shortest) [best, shortest] = [at, ahead + SIDEWAYS * aside];
  }
  return best && { cursor: best };
}

function nearest(steps, [x, y]) {
  const away = ({ at }) => Math.hypot(at[0] - x, at[1] - y);
  return steps.reduce((best, step) => (away(step) < away(best) ? step : best));
}

function half([ax, ay], [bx, by]) {
  return [(ax + bx) / 2, (ay + by) / 2];
}

function dot([ax, ay], [bx, by]) {
  return ax * bx + ay * by;
}

/**
 * The border nearest to a point: the two grids, the plots on either side, and how far it is.
 *
 * @param {number[]} point [lon, lat] @param {number} reach metres
 * @returns {{pair: [number, number], plots: [number, number], at: number[], away: number} | null} at: metres
 */
export function borderNear(plan, ground, point, reach) {
  const here = ground.metres(point);
  const degrees = reach / 80_000; // a little more than enough at every latitude people live at
  const box = [point[0] - degrees, point[1] - degrees, point[0] + degrees, point[1] + degrees];
  let best = null;
  for (const { id } of ground.plotsIn(box)) {
    for (const [other, { open }] of ground.around(id)) {
      if (other < id || !open || plan.gridOf(id) === plan.gridOf(other) || !ground.plot(other)) continue;
      for (const line of ground.line(id, other)) {
        const [away, at] = nearestOn(line, here, ground);
        if (away <= reach && away < (best?.away ?? Infinity))
          best = { pair: [plan.gridOf(id), plan.gridOf(other)], plots: [id, other], at, away };
      }
    }
  }
  return best;
}

/** How far a line [lon, lat, …] is from a point in metres, and where it is nearest. */
function nearestOn(line, [x, y], ground) {
  let [shortest, where] = [Infinity, null];
  let before = ground.metres([line[0], line[1]]);
  for (let at = 2; at < line.length; at += 2) {
    const next = ground.metres([line[at], line[at + 1]]);
    const [dx, dy] = [next[0] - before[0], next[1] - before[1]];
    const share = Math.min(
      1,
      Math.max(0, ((x - before[0]) * dx + (y - before[1]) * dy) / (dx * dx + dy * dy || 1)),
    );
    const spot = [before[0] + share * dx, before[1] + share * dy];
    const away = Math.hypot(spot[0] - x, spot[1] - y);
    if (away < shortest) [shortest, where] = [away, spot];
    before = next;
  }
  return [shortest, where];
}
