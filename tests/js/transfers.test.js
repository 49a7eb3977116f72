import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boxOf, transfers } from '../../app/static/src/core/transfers.js';

const move = (from, number, households, more = {}) => ({
  from,
  number,
  to: `00${number}`,
  new: null,
  households,
  lon: 113 + number / 10,
  lat: 36,
  ...more,
});

test('moves between the same two grids are one transfer, the largest first', () => {
  const found = transfers([move('001', 2, 10), move('001', 3, 50), move('001', 2, 20)]);

  assert.deepEqual(
    found.map(one => [one.to, one.households, one.moves.length]),
    [
      ['003', 50, 1],
      ['002', 30, 2],
    ],
  );
});

test('what goes to one grid has one colour, wherever it comes from', () => {
  const found = transfers([move('001', 2, 10), move('003', 2, 5), move('001', 4, 1)]);

  assert.equal(found[0].colour, found[1].colour);
  assert.notEqual(found[0].colour, found[2].colour);
});

test('a grid that is new is told apart from one that has no code yet', () => {
  const found = transfers([move('001', 7, 10, { to: null, new: 0 }), move('001', 6, 5, { to: null })]);

  assert.deepEqual(
    found.map(one => one.isNew),
    [true, false],
  );
});

test('a box holds all of its moves', () => {
  assert.deepEqual(boxOf([move('001', 1, 1), move('001', 4, 1)]), [113.1, 36, 113.4, 36]);
});
