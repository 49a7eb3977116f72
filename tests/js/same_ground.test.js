import assert from 'node:assert/strict';
import test from 'node:test';

import { mostChanged } from '../../app/static/src/core/same_ground.js';

const grids = [1, 2, 3, 4].map(id => ({ id, code: String(id), name: id === 4 ? 'Market' : null }));
const time = (...households) => ({ grids: households.map((n, at) => ({ grid: at + 1, households: n })) });

test('the grids that changed most come first, those that did not are left out', () => {
  const ground = { grids, times: [time(300, 300, 300, 300), time(0, 0, 0, 0), time(310, 300, 250, 310)] };

  const rows = mostChanged(ground, 9);

  assert.deepEqual(
    rows.map(row => [row.code, row.now - row.then]),
    [
      ['3', -50],
      ['1', 10],
      ['4', 10],
    ],
  );
  assert.equal(rows[2].name, 'Market');
  assert.equal(mostChanged(ground, 1).length, 1);
});
