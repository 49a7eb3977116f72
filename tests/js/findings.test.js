import assert from 'node:assert/strict';
import test from 'node:test';
import { frameOf, groupsOf, KINDS } from '../../app/static/src/core/findings.js';

test('kinds without findings are left out, the others come in the order of their weight', () => {
  const counts = { ...Object.fromEntries(KINDS.map(kind => [kind, 0])), lost: 1, cut: 300 };
  const found = { lost: [{ m2: 4 }], cut: [{ households: 9 }] };

  assert.deepEqual(groupsOf({ counts, found }), [
    { kind: 'cut', count: 300, rows: [{ households: 9 }] },
    { kind: 'lost', count: 1, rows: [{ m2: 4 }] },
  ]);
});

test('the frame of a box is a closed line', () => {
  const { coordinates } = frameOf([1, 2, 3, 4]).geometry;

  assert.deepEqual(coordinates[0], coordinates.at(-1));
  assert.deepEqual(coordinates[2], [3, 4]);
});
