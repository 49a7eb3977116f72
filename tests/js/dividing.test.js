import assert from 'node:assert/strict';
import test from 'node:test';
import { acrossMiddle, boxAround, halfway, lineOf } from '../../app/static/src/core/dividing.js';
import { outlinesOf, plotsOf } from '../../app/static/src/core/ground_outline.js';

const BOX = [113, 36, 113.01, 36.01];

test('the line halfway between two buildings is as far from both, and longer than the box is wide', () => {
  const [one, other] = [
    [113.002, 36.003],
    [113.006, 36.004],
  ];
  const narrower = Math.cos((36 * Math.PI) / 180);
  const far = ([lon, lat], [x, y]) => Math.hypot((lon - x) * narrower, lat - y);

  const line = halfway(one, other, BOX);

  for (const end of line) assert.ok(Math.abs(far(end, one) / far(end, other) - 1) < 1e-3);
  assert.ok(far(line[0], line[1]) > 2 * 0.01);
  assert.equal(halfway(one, one, BOX), null);
});

test('across the middle is upright or level, and leaves the box on both sides', () => {
  const [[lon, low], [same, high]] = acrossMiddle(BOX, 'upright');
  const [[left, lat], [right]] = acrossMiddle(BOX, 'level');

  assert.deepEqual([lon, same, lat], [113.005, 113.005, 36.005]);
  assert.ok(low < 36 && high > 36.01 && left < 113 && right > 113.01);
  assert.deepEqual(boxAround([BOX, [112.9, 36.005, 113, 36.02]]), [112.9, 36, 113.01, 36.02]);
});

test('a line is read corner by corner, and what is wrong with it is told', () => {
  assert.deepEqual(lineOf('113 36\n113.01, 36.01').line, [
    [113, 36],
    [113.01, 36.01],
  ]);
  assert.deepEqual(
    ['', '113 36', '113 36\n113 36', '113 36\nhere', '113 36\n1 2 3'].map(words => lineOf(words).fault),
    ['none', 'corners', 'corners', 'unread', 'unread'],
  );
});

/** A square plot of side 1; `turned`: its corners the other way round. */
function square(x, y, { turned = false } = {}) {
  const corners = [
    [x, y],
    [x + 1, y],
    [x + 1, y + 1],
    [x, y + 1],
    [x, y],
  ];
  return { rings: [(turned ? corners.reverse() : corners).flat()] };
}

/** How many corners each ring has, and the area of the outer one. */
const shapeOf = ({ coordinates }) => coordinates.map(ring => ring.length - 1);

test('the outline of plots is what only one of them has, whichever way round they are told', () => {
  const [whole, ...others] = outlinesOf([square(0, 0), square(1, 0, { turned: true }), square(0, 1)]);

  assert.deepEqual([others, shapeOf(whole)], [[], [8]]);
  const [first] = whole.coordinates;
  assert.deepEqual(first[0], first.at(-1));
});

test('plots that touch in a corner are two pieces, and a ring of plots has a hole', () => {
  const ring = [0, 1, 2].flatMap(x => [0, 1, 2].map(y => [x, y])).filter(([x, y]) => x !== 1 || y !== 1);

  assert.deepEqual(outlinesOf([square(0, 0), square(1, 1)]).map(shapeOf), [[4], [4]]);
  assert.deepEqual(outlinesOf(ring.map(([x, y]) => square(x, y))).map(shapeOf), [[12, 4]]);
  assert.deepEqual(outlinesOf([]), []);
});

test('a building stands on one plot, and divided by its entrances on all of theirs', () => {
  const plots = new Map([7, 8, 9].map(id => [id, { id }]));
  const ground = { plot: id => plots.get(id), plotAt: () => plots.get(7) };

  assert.deepEqual(plotsOf({ position: [0, 0], plots: null }, ground), [{ id: 7 }]);
  assert.deepEqual(plotsOf({ position: [0, 0], plots: [8, 9, 10] }, ground), [{ id: 8 }, { id: 9 }]);
});
