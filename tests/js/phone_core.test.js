import assert from 'node:assert/strict';
import { test } from 'node:test';
import { found } from '../../app/static/src/core/find.js';
import { drawn } from '../../app/static/src/core/pack_map.js';
import { metresOf, planned } from '../../app/static/src/core/walk.js';

const house = (id, ...lines) => ({ id, words: `\n${lines.join('\n')}`.toLowerCase() });
const HOUSES = [
  house(1, 'A-001', '长兴路1号', '春平路1号', 'Changxinglu 1 Hao', 'changxinglu1hao', 'cxl1h'),
  house(2, 'A-002', '广场西', '春平路2号', 'Guangchang Xi', 'guangchangxi', 'gcx'),
  house(3, 'A-003', '西广场', '光复路3号', 'Xi Guangchang', 'xiguangchang', 'xgc'),
];
const ids = typed => found(HOUSES, typed).map(one => one.id);

test('a building is found by code, name, address, pinyin with or without spaces, and initials', () => {
  assert.deepEqual(ids('a-002'), [2]);
  assert.deepEqual(ids('长兴'), [1]);
  assert.deepEqual(ids('光复路'), [3]);
  assert.deepEqual(ids('guangchang xi'), [2]);
  assert.deepEqual(ids('guangchangx'), [2]);
  assert.deepEqual(ids('gcx'), [2]);
});

test('what begins with the words comes first, what holds them after it', () => {
  assert.deepEqual(ids('广场'), [2, 3]);
  assert.deepEqual(ids('guangchang'), [2, 3]);
});

test('nothing typed is all of them, and what nobody is called is none', () => {
  assert.deepEqual(ids('  '), [1, 2, 3]);
  assert.deepEqual(ids('qqq'), []);
});

/** Stops on a line, at these metres. */
function onALine(...at) {
  return { stops: at.map((_, id) => id + 1), metres: at.map(one => at.map(other => Math.abs(one - other))) };
}

test('a walk planned anew leaves out what is skipped and begins where one is', () => {
  const walk = onALine(0, 10, 20, 30, 40);

  assert.deepEqual(planned([1, 2, 4, 5], 1, walk), [1, 2, 4, 5]);
  assert.deepEqual(planned([1, 2, 4, 5], 4, walk), [4, 5, 2, 1]);
  assert.equal(metresOf([1, 2, 4, 5], walk), 40);
});

test('a walk with parts turned round is never longer than nearest first, and calls at all', () => {
  const points = Array.from({ length: 40 }, (_, at) => [(at * 37) % 101, (at * 61) % 97]);
  const metres = points.map(([x, y]) => points.map(([a, b]) => Math.hypot(x - a, y - b)));
  const walk = { stops: points.map((_, id) => id), metres };
  const order = planned(walk.stops, 0, walk);

  assert.deepEqual(
    [...order].sort((a, b) => a - b),
    walk.stops,
  );
  assert.ok(metresOf(order, walk) < metresOf(walk.stops, walk) / 3);
});

test('stops that came after the walk was planned are called at last', () => {
  assert.deepEqual(planned([9, 2, 1], 1, onALine(0, 10)), [1, 2, 9]);
});

test('the map has every building once, in metres from the corner, and knows which are due', () => {
  const square = (x, y) => ({
    type: 'Polygon',
    coordinates: [
      [
        [x, y],
        [x + 0.001, y],
        [x + 0.001, y + 0.001],
        [x, y],
      ],
    ],
  });
  const map = drawn({
    grids: [{ outline: square(113, 36) }],
    buildings: [{ id: 7, lon: 113.0005, lat: 36.0005, ground: square(113, 36) }],
    streets: [
      {
        type: 'LineString',
        coordinates: [
          [113, 36],
          [113.001, 36],
        ],
      },
    ],
    due: [{ building_id: 7 }],
  });

  assert.ok(Math.abs(map.box[3] / 1.08 - 111.2) < 0.1);
  assert.deepEqual(
    map.buildings.map(one => [one.id, one.due]),
    [[7, true]],
  );
  assert.match(map.streets, /^M0 111\.\dL\d/);
  assert.deepEqual(map.place([113, 36.001]), [0, 0]);
});
