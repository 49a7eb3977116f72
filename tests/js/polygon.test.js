import assert from 'node:assert/strict';
import test from 'node:test';
import {
  areaOf,
  boxOf,
  cornersOf,
  faultOf,
  polygonOf,
  withBetween,
  withCorner,
  withMoved,
  without,
  withoutLast,
} from '../../app/static/src/core/polygon.js';

const SQUARE = [
  [113.1, 36.2],
  [113.101, 36.2],
  [113.101, 36.201],
  [113.1, 36.201],
];
const drawn = corners => corners.reduce(withCorner, Object.freeze([]));

test('a corner pressed twice stands once, and the last can be taken back', () => {
  const two = drawn([SQUARE[0], SQUARE[1], SQUARE[1]]);

  assert.equal(two.length, 2);
  assert.deepEqual(withoutLast(two), [SQUARE[0]]);
  assert.ok(Object.isFrozen(two));
});

test('it closes with three corners or more whose sides do not cross', () => {
  assert.equal(faultOf(drawn(SQUARE.slice(0, 2))), 'corners');
  assert.equal(faultOf(drawn(SQUARE.slice(0, 3))), null);
  assert.equal(faultOf(drawn([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]])), 'crosses');
});

test('sides that touch a corner of others cross, too', () => {
  const [a, b, c] = SQUARE;
  const between = [113.1005, 36.2];

  assert.equal(faultOf(drawn([a, b, c, between, [113.1, 36.201]])), 'crosses');
});

test('a slip of the hand is too small', () => {
  assert.equal(
    faultOf(
      drawn([
        [113.1, 36.2],
        [113.10005, 36.2],
        [113.10005, 36.20005],
      ]),
    ),
    'small',
  );
});

test('a thousandth of a degree squared at 36° north is about a hectare', () => {
  const expected = 111.32 * 111.32 * Math.cos((36.2 * Math.PI) / 180);

  assert.ok(Math.abs(areaOf(SQUARE) - expected) < 1);
});

test('the ring is closed, runs counter-clockwise and leads back to its corners', () => {
  const polygon = polygonOf(drawn([...SQUARE].reverse()));

  const [ring] = polygon.coordinates;
  assert.deepEqual(ring[0], ring.at(-1));
  assert.deepEqual(cornersOf(polygon), SQUARE);
  assert.deepEqual(boxOf(ring), [113.1, 36.2, 113.101, 36.201]);
});

test('an outline is changed corner by corner', () => {
  const moved = withMoved(SQUARE, 2, [113.102, 36.202]);
  assert.deepEqual(moved, [SQUARE[0], SQUARE[1], [113.102, 36.202], SQUARE[3]]);
  assert.deepEqual(without(SQUARE, 1), [SQUARE[0], SQUARE[2], SQUARE[3]]);
  assert.ok(Object.isFrozen(moved));
});

test('a corner is put on the side it lies nearest to', () => {
  const middle = (a, b) => [Number(((a[0] + b[0]) / 2).toFixed(7)), Number(((a[1] + b[1]) / 2).toFixed(7))];
  for (let side = 0; side < SQUARE.length; side++) {
    const wanted = middle(SQUARE[side], SQUARE[(side + 1) % SQUARE.length]);
    assert.deepEqual(withBetween(SQUARE, wanted)[side + 1], wanted);
  }
});
