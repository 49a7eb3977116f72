import assert from 'node:assert/strict';
import { test } from 'node:test';
import { borderNear, pullBorder, pushBorder, stepsOf } from '../../app/static/src/editor/actions/border.js';
import { divideByLine, gridUnder } from '../../app/static/src/editor/actions/divide.js';
import { drawGrid, plotsWithin } from '../../app/static/src/editor/actions/draw.js';
import { giveAll } from '../../app/static/src/editor/actions/give.js';
import { cellAt, cellsIn } from '../../app/static/src/editor/ground.js';
import { drawn, pictureOf } from './editor/drawn.js';

const EAST = [1, 0];
const SOUTH = [0, -1];

function pulled(plan, ground, from, to, more = {}) {
  const [start, end] = [from, to].map(id => ground.plot(id).at);
  const across = [end[0] - start[0], end[1] - start[1]];
  const taken = [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2];
  const pull = {
    pair: [plan.gridOf(from), plan.gridOf(to)],
    from: taken,
    to: end,
    across,
    reach: 60,
    under: to,
    ...more,
  };
  return pullBorder(plan, ground, pull);
}

test('a border that is pulled takes the plots it passes', async () => {
  const { plan, ground } = await drawn(`
    A A B B
    A A B B
    A A B B
  `);

  const { to, accepted, refusal } = pulled(plan, ground, 6, 7, { magnets: false });
  const after = plan.with(giveAll(plan, new Map(accepted.map(id => [id, to]))), ground);

  assert.equal(refusal, null);
  assert.equal(pictureOf(after, 4, 12), 'A A B B\nA A A B\nA A B B');
});

test('a border settles on a street: the block it covers most of goes as a whole', async () => {
  const { plan, ground } = await drawn(
    `
    A B B B
    A B B B
  `,
    {
      streets: [
        [2, 3],
        [6, 7],
        [1, 2],
        [5, 6],
      ],
    },
  );

  const { to, accepted } = pulled(plan, ground, 1, 2, { to: [150, 0], reach: 160 });
  const after = plan.with(giveAll(plan, new Map(accepted.map(id => [id, to]))), ground);

  assert.equal(pictureOf(after, 4, 8), 'A A B B\nA A B B');
});

test('a border pulled too far says what would be torn off, and goes as far as it may', async () => {
  const { plan, ground } = await drawn(
    `
    A B B B
    A C B C
  `,
    { names: { 3: ['12'], 4: ['13'] } },
  );

  const { accepted, forbidden, refusal } = pulled(plan, ground, 1, 3, {
    pair: [10, 11],
    reach: 10,
    under: 3,
    magnets: false,
  });

  assert.deepEqual([accepted, forbidden], [[2], [3]]);
  assert.equal(refusal.code, 'grid_in_pieces');
});

test('arrows push a border plot by plot, and lead along it', async () => {
  const { plan, ground } = await drawn(`
    A A B B
    A A B B
  `);
  const cursor = stepsOf(plan, ground, [10, 11])[0].at;

  const across = pushBorder(plan, ground, [10, 11], cursor, EAST);
  const along = pushBorder(plan, ground, [10, 11], cursor, SOUTH);

  assert.deepEqual([across.plot, across.to], [3, 10]);
  assert.ok(along.cursor[1] < cursor[1]);
});

test('the border nearest to a point is found, within reach', async () => {
  const { plan, ground } = await drawn('A B');
  const middle = ground.lonLat([50, 0]);

  assert.deepEqual(borderNear(plan, ground, middle, 5).pair, [10, 11]);
  assert.equal(borderNear(plan, ground, ground.lonLat([0, 0]), 5), null);
});

test('a line divides a grid: the smaller side is new', async () => {
  const { plan, ground } = await drawn(`
    A A A
    A A A
  `);
  const line = [ground.lonLat([150, 40]), ground.lonLat([150, -10])];

  const edit = divideByLine(plan, ground, 10, line);

  assert.equal(pictureOf(plan.with(edit, ground), 3, 6), 'A A N\nA A N');
  assert.deepEqual(edit.grids, { 'new:1': { kind: 'residential', name: null } });
  assert.equal(gridUnder(plan, ground, line), 10);
});

test('what a line leaves hanging goes with the side it hangs on', async () => {
  const { plan, ground } = await drawn(`
    A A A
    A|A|A
    A|A A
  `);
  const line = [ground.lonLat([150, 40]), ground.lonLat([150, -140])];

  const after = plan.with(divideByLine(plan, ground, 10, line), ground);

  assert.equal(pictureOf(after, 3, 9), 'A A N\nA A N\nA A N');
});

test('a line beside the grid divides nothing', async () => {
  const { plan, ground } = await drawn('A A');

  assert.throws(() => divideByLine(plan, ground, 10, [ground.lonLat([900, 40]), ground.lonLat([900, -10])]), {
    code: 'line_divides_nothing',
  });
});

test('a grid drawn freely gets the plots most of which lie within', async () => {
  const { plan, ground } = await drawn('A A A A');
  const corners = [
    [-40, -60],
    [170, -60],
    [170, 60],
    [-40, 60],
  ].map(ground.lonLat);

  const edit = drawGrid(plan, ground, corners, { kind: 'market', name: 'Old market' });

  assert.deepEqual(plotsWithin(ground, corners), [1, 2]);
  assert.equal(pictureOf(plan.with(edit, ground), 4, 4), 'N N A A');
});

test('cells are tiles of zoom 15', () => {
  assert.deepEqual(cellAt([0.0001, -0.0001]), [16384, 16384]);
  assert.equal(cellsIn([0.0001, -0.03, 0.012, -0.0001]).length, 6);
});
