/**
 * The outline of plots together. Neighbours have every corner in common, so a side that two of them share is the same
 * two corners in both: what only one has is the outline.
 */

/**
 * @param {{rings: number[][]}[]} plots each with closed rings [lon, lat, lon, lat, …], the outer one first
 * @returns {object[]} GeoJSON polygons, one for each piece that hangs together by more than a corner; the largest first
 */
export function outlinesOf(plots) {
  const rings = ringsOf(sidesOf(plots)).map(ring => ({ ring, area: signedArea(ring) }));
  const outer = rings.filter(({ area }) => area > 0).sort((one, other) => other.area - one.area);
  const holes = rings.filter(({ area }) => area < 0);
  return outer.map(({ ring }) => ({
    type: 'Polygon',
    coordinates: [ring, ...holes.filter(hole => isWithin(hole.ring, ring)).map(hole => hole.ring)],
  }));
}

/**
 * The plots a building stands on: one, or where it is divided by its entrances that of each.
 *
 * @param {{position: number[], plots: number[] | null}} building as the API tells those of a grid
 * @param {{plot: Function, plotAt: Function}} ground
 * @returns {object[]} those that have come
 */
export function plotsOf({ position, plots }, ground) {
  return (plots ? plots.map(ground.plot) : [ground.plotAt(position)]).filter(Boolean);
}

/** Directed sides with the ground to their left: start -> [ends]; those that two plots share cancel out. */
function sidesOf(plots) {
  const sides = new Map();
  for (const { rings } of plots)
    rings.forEach((flat, number) => {
      const corners = pairsOf(flat);
      const isCounter = signedArea(corners) > 0;
      if (isCounter !== (number === 0)) corners.reverse();
      for (let at = 1; at < corners.length; at++) addSide(sides, corners[at - 1], corners[at]);
    });
  return sides;
}

function addSide(sides, from, to) {
  const [one, other] = [keyOf(from), keyOf(to)];
  if (one === other) return;
  const back = sides.get(other);
  const twin = back?.findIndex(corner => keyOf(corner) === one) ?? -1;
  if (twin >= 0) return void back.splice(twin, 1);
  if (!sides.has(one)) sides.set(one, []);
  sides.get(one).push(to);
}

/** Sides joined to closed rings; where four meet in a corner the sharpest turn to the left stays with its piece. */
function ringsOf(sides) {
  const rings = [];
  for (const [start, ends] of sides) {
    while (ends.length) {
      const ring = [cornerOf(start), ends.shift()];
      while (keyOf(ring.at(-1)) !== start) {
        const next = sides.get(keyOf(ring.at(-1)));
        const turns = next.map(corner => turnOf(ring.at(-2), ring.at(-1), corner));
        ring.push(...next.splice(turns.indexOf(Math.max(...turns)), 1));
      }
      rings.push(ring);
    }
  }
  return rings;
}

/** Radians turned to the left at b, from −π to π. */
function turnOf(a, b, c) {
  const [x1, y1, x2, y2] = [b[0] - a[0], b[1] - a[1], c[0] - b[0], c[1] - b[1]];
  return Math.atan2(x1 * y2 - y1 * x2, x1 * x2 + y1 * y2);
}

function signedArea(corners) {
  let twice = 0;
  for (let at = 1; at < corners.length; at++) {
    const [[ax, ay], [bx, by]] = [corners[at - 1], corners[at]];
    twice += (ax - corners[0][0]) * (by - corners[0][1]) - (bx - corners[0][0]) * (ay - corners[0][1]);
  }
  return twice / 2;
}

/** Whether a ring lies in another; the two cross nowhere. */
function isWithin(ring, other) {
  const [x, y] = [(ring[0][0] + ring[1][0]) / 2, (ring[0][1] + ring[1][1]) / 2];
  let inside = false;
  for (let at = 1; at < other.length; at++) {
    const [[ax, ay], [bx, by]] = [other[at - 1], other[at]];
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  }
  return inside;
}

const keyOf = ([lon, lat]) => `${lon} ${lat}`;
const cornerOf = key => key.split(' ').map(Number);

function pairsOf(flat) {
  const corners = [];
  for (let at = 0; at < flat.length; at += 2) corners.push([flat[at], flat[at + 1]]);
  return corners;
}
