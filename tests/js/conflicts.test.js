import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALL_MINE, attributeKey, GONE, rowsOf, settledEdit } from '../../app/static/src/core/conflicts.js';

const left = (plots = [], attributes = []) => ({ plots: new Set(plots), attributes: new Set(attributes) });

test('plots of one way that do not hang together are pieces of their own', () => {
  const plots = [1, 2, 3, 7, 8].map(plot => ({ plot, from: 10, to: 11, now: 12, by: null }));
  const besides = plot => [plot - 1, plot + 1];

  const { plots: rows } = rowsOf({ plots }, () => undefined, besides);

  assert.deepEqual(
    rows.map(row => row.plots),
    [
      [1, 2, 3],
      [7, 8],
    ],
  );
});

test('what is left to others is no part of the edit, nor a new grid nothing goes to any more', () => {
  const edit = {
    kind: 'draw',
    moves: { 1: [10, 'new:1'], 2: [10, 'new:1'], 3: [11, 12] },
    grids: { 'new:1': { kind: 'park', name: null }, 12: { name: ['a', 'b'], kind: ['residential', 'mall'] } },
    parameters: { polygon: [] },
  };

  assert.deepEqual(settledEdit(edit, ALL_MINE), edit);
  assert.deepEqual(settledEdit(edit, left([1, 2], [attributeKey(12, 'name')])), {
    ...edit,
    moves: { 3: [11, 12] },
    grids: { 12: { kind: ['residential', 'mall'] } },
  });
  assert.equal(settledEdit({ kind: 'move', moves: { 1: [10, 11] }, grids: {} }, left([1])), null);
});

test('to a grid they gave up nothing goes once that is left to them', () => {
  const edit = { kind: 'move', moves: { 1: [10, 12], 2: [10, 11] }, grids: {}, parameters: {} };

  assert.deepEqual(settledEdit(edit, left([], [attributeKey(12, GONE)])).moves, { 2: [10, 11] });
});

test('an undo is made anew: its grids come back as new ones, those it made go of themselves', () => {
  const back = { code: '001', name: 'Old', kind: 'mall', planned_id: 3, own_lock: null, community_id: 9 };
  const edit = {
    kind: 'undo',
    moves: { 1: [10, 12], 2: [13, 10] },
    grids: {
      12: { was: null, now: back },
      13: { was: { code: '013' }, now: null },
      10: { was: { name: 'n' }, now: { name: 'o' } },
    },
    parameters: { undoes: 4 },
  };

  assert.deepEqual(settledEdit(edit, ALL_MINE), {
    kind: 'move',
    moves: { 1: [10, 'new:1'], 2: [13, 10] },
    grids: {
      'new:1': { code: '001', name: 'Old', kind: 'mall', planned: 3, own_lock: null },
      10: { name: ['n', 'o'] },
    },
    parameters: {},
  });
});
