import assert from 'node:assert/strict';
import test from 'node:test';
import { gridTowards } from '../../app/static/src/core/steps.js';

/** Grids of a drawing, by letter; rows from north to south. */
function draw(...rows) {
  return rows
    .flatMap((row, down) => [...row].map((id, right) => ({ id, label: [right, -down] })))
    .filter(grid => grid.id !== ' ');
}

const from = (grids, id, key) =>
  gridTowards(
    grids,
    grids.find(grid => grid.id === id),
    key,
  )?.id ?? null;

test('an arrow leads to the next grid that way', () => {
  const grids = draw('ABC', 'DEF', 'GHI');

  assert.equal(from(grids, 'E', 'ArrowUp'), 'B');
  assert.equal(from(grids, 'E', 'ArrowDown'), 'H');
  assert.equal(from(grids, 'E', 'ArrowLeft'), 'D');
  assert.equal(from(grids, 'E', 'ArrowRight'), 'F');
});

test('over a gap it leads on, and to nothing beyond the last', () => {
  const grids = draw('A  B', '    ', 'C   ');

  assert.equal(from(grids, 'A', 'ArrowRight'), 'B');
  assert.equal(from(grids, 'B', 'ArrowRight'), null);
  assert.equal(from(grids, 'C', 'ArrowUp'), 'A');
});
