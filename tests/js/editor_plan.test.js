import assert from 'node:assert/strict';
import { test } from 'node:test';
import { change, lock } from '../../app/static/src/editor/actions/change.js';
import { give, giveAll, merge } from '../../app/static/src/editor/actions/give.js';
import { figuresOf, handed, walkOf } from '../../app/static/src/editor/figures.js';
import { mostOf, piecesOf, refusalOf } from '../../app/static/src/editor/legal.js';
import { begunFrom, goneBy, inverseOf } from '../../app/static/src/editor/plan.js';
import { drawn, pictureOf } from './editor/drawn.js';

const BAND = {
  target: 30,
  least: 27,
  most: 33,
  classes: [
    [0, 20],
    [21, 23],
    [24, 26],
    [27, 33],
    [34, 36],
    [37, 39],
    [40, null],
  ],
};

test('a plot that changes hands takes its households, ground and border along', async () => {
  const { plan, ground } = await drawn(
    `
    A A B
    A B B
  `,
    { households: { 2: 25 } },
  );

  const after = plan.with(give(plan, [2], 11), ground);

  assert.equal(pictureOf(after, 3, 6), 'A B B\nA B B');
  assert.deepEqual(
    [plan.grid(10).households, after.grid(10).households, after.grid(11).households],
    [45, 20, 55],
  );
  assert.deepEqual([after.grid(10).area_m2, after.grid(10).perimeter_m], [20_000, 600]);
  assert.deepEqual([after.grid(11).area_m2, after.grid(11).perimeter_m], [40_000, 800]);
});

test('a plan is a value: what an edit leaves alone is shared, what it changes is new', async () => {
  const { plan, ground } = await drawn('A A B C');

  const after = plan.with(give(plan, [2], 11), ground);

  assert.equal(pictureOf(plan, 4, 4), 'A A B C');
  assert.equal(after.grid(12), plan.grid(12));
  assert.deepEqual(plan.differing(after), [10, 11]);
});

test('an edit that takes a plot from where it is not is refused', async () => {
  const { plan, ground } = await drawn('A A B');

  assert.throws(() => plan.with({ moves: { 2: [11, 10] } }, ground), { code: 'plot_moved' });
});

test('taking an edit back gives the plan as it was', async () => {
  const { plan, ground } = await drawn(`
    A A B
    A B B
  `);
  const edit = giveAll(
    plan,
    new Map([
      [2, 11],
      [4, 11],
    ]),
  );

  const back = plan.with(edit, ground).with(inverseOf(edit), ground);

  assert.equal(pictureOf(back, 3, 6), 'A A B\nA B B');
  for (const id of [10, 11]) assert.deepEqual(back.grid(id).perimeter_m, plan.grid(id).perimeter_m);
});

test('a grid that is put into another is given up, and comes back whole', async () => {
  const { plan, ground } = await drawn('A A B B', { rows: { 11: { name: 'North' } } });
  const edit = merge(plan, [10, 11]);

  const after = plan.with(edit, ground);
  const back = after.with(inverseOf({ ...edit, gone: goneBy(edit, plan, after) }), ground);

  assert.equal(after.size, 1);
  assert.equal(after.grid(10).households, 40);
  assert.deepEqual(
    [back.grid(11).name, back.grid(11).households, back.grid(11).plots.length],
    ['North', 20, 2],
  );
});

test('a new grid gets its plots, and its id from the server later', async () => {
  const { plan, ground } = await drawn('A A A');
  const edit = {
    kind: 'divide',
    moves: { 3: [10, 'new:1'] },
    grids: { 'new:1': { kind: 'market', name: null } },
  };

  const after = plan.with(edit, ground);
  const known = after.renamed({ 'new:1': 99 });
  const back = known.with(
    inverseOf({ moves: { 3: [10, 99] }, grids: { 99: { was: null, now: {} } } }),
    ground,
  );

  assert.deepEqual([after.grid('new:1').kind, after.grid('new:1').households], ['market', 10]);
  assert.deepEqual([known.gridOf(3), known.grid(99).households], [99, 10]);
  assert.deepEqual([back.size, back.gridOf(3)], [1, 10]);
});

test('names and kinds change without a plot moving', async () => {
  const { plan, ground } = await drawn('A B');
  const edit = change(plan, 10, { name: 'Market', kind: 'market', code: plan.grid(10).code });

  const after = plan.with(edit, ground);

  assert.deepEqual(edit.grids, { 10: { name: [null, 'Market'], kind: ['residential', 'market'] } });
  assert.deepEqual([after.grid(10).name, after.grid(10).kind], ['Market', 'market']);
  assert.equal(plan.with(edit, ground).with(inverseOf(edit), ground).grid(10).kind, 'residential');
  assert.equal(change(plan, 10, { kind: 'residential' }), null);
});

test('walls join nothing', async () => {
  const { ground } = await drawn('A|A A');

  assert.deepEqual(piecesOf([1, 2, 3], ground), [[2, 3], [1]]);
});

test('a building that would be torn off is named', async () => {
  const { plan, ground } = await drawn('A A A A B', { names: { 1: ['12'] } });

  const { code, facts } = refusalOf(plan, ground, new Map([[2, 11]]));

  assert.equal(code, 'grid_in_pieces');
  assert.deepEqual([facts.pieces, facts.plots, facts.buildings], [2, [1], ['12']]);
});

test('what leaves no piece behind may go', async () => {
  const { plan, ground } = await drawn(`
    A A B
    A A B
  `);

  assert.equal(refusalOf(plan, ground, new Map([[2, 11]])), null);
  assert.equal(refusalOf(plan, ground, new Map([[1, 11]])).code, 'grid_in_pieces');
});

test('locked grids and other communities are left alone', async () => {
  const locked = await drawn('A B', { rows: { 11: { locked: true } } });
  const crossed = await drawn('A B', { rows: { 11: { community: '140499002002' } } });

  assert.equal(refusalOf(locked.plan, locked.ground, new Map([[1, 11]])).code, 'grid_is_locked');
  assert.equal(refusalOf(crossed.plan, crossed.ground, new Map([[1, 11]])).code, 'community_crossed');
});

test('of plots that may not all go, those that may do', async () => {
  const { plan, ground } = await drawn(
    `
    A A A B
    A . . .
  `.replaceAll('.', 'C'),
  );

  const { accepted, forbidden, refusal } = mostOf(plan, ground, [3, 5], 11);

  assert.deepEqual([accepted, forbidden], [[3], [5]]);
  assert.equal(refusal.code, 'grid_in_pieces');
});

test('figures of a grid are sums over its plots', async () => {
  const { plan, ground } = await drawn('A A A B');

  const figures = figuresOf(plan, ground, 10, BAND);

  assert.deepEqual([figures.households, figures.deviation, figures.class, figures.in_band], [30, 0, 0, true]);
  assert.ok(Math.abs(figures.compactness - (4 * Math.PI * 30_000) / 800 ** 2) < 1e-9);
  assert.equal(figuresOf(plan, ground, 11, BAND).class, -3);
});

test('walking is from the middle along neighbouring plots, weighted by households', async () => {
  const { ground } = await drawn('A A A');
  const [evenly] = [walkOf([1, 2, 3], ground)];
  const { ground: uneven } = await drawn('A A A', { households: { 1: 0, 3: 30 } });

  assert.ok(Math.abs(evenly - 200 / 3) < 0.5);
  assert.ok(Math.abs(walkOf([1, 2, 3], uneven) - 25) < 0.5);
  assert.equal(walkOf([1], uneven), null);
});

test('what changes hands is told between two plans', async () => {
  const { plan, ground } = await drawn('A A B B');
  const after = plan.with(giveAll(plan, new Map([[2, 11]])), ground);

  const { households, plots } = handed([1, 2, 3], plan, after, ground);

  assert.deepEqual([plots, households], [1, 10]);
});

test('residents who change hands are told once all of them are known', async () => {
  const { plan, ground } = await drawn('A A B B');
  const after = plan.with(giveAll(plan, new Map([[2, 11]])), ground);
  const known = told => ({ ...ground, residentsOn: id => told[id] });

  assert.equal(handed([2], plan, after, known({ 2: 7 })).people, 7);
  assert.equal(handed([2], plan, after, known({ 1: 7 })).people, null);
});

test('an edit done again upon what somebody else did begins from what is there now', async () => {
  const { plan, ground } = await drawn('A A B C');
  const theirs = {
    moves: { 2: [10, 11] },
    grids: { 10: { name: [null, '东市场'], kind: ['residential', 'market'] } },
  };
  const mine = {
    kind: 'move',
    moves: { 2: [10, 12], 3: [11, 12] },
    grids: { 10: { name: [null, 'East Market'], kind: ['residential', 'market'] } },
  };

  const again = begunFrom(plan.with(theirs, ground), mine);

  assert.deepEqual(again, {
    kind: 'move',
    moves: { 2: [11, 12], 3: [11, 12] },
    grids: { 10: { name: ['东市场', 'East Market'] } },
  });
});

test('of an edit done again nothing is left where all is so already, and people are told by their ids', async () => {
  const { plan } = await drawn('A A B', { rows: { 10: { planned: { id: 7, name: 'Li' } } } });
  const edit = { moves: { 1: [11, 10] }, grids: { 10: { planned: [null, 7] }, 99: { name: ['x', 'y'] } } };

  assert.deepEqual(begunFrom(plan, edit), { moves: {}, grids: {} });
});

test('a lock is an edit: it holds in the draft, and where it says what the place says it is no word of its own', async () => {
  const { plan, ground } = await drawn('A A B B', { rows: { 11: { place_lock: true, locked: true } } });

  const shut = lock(plan, [10, 11], true);
  const open = lock(plan, [10, 11], false);
  const locked = plan.with(shut, ground);

  assert.deepEqual(shut.grids, { 10: { own_lock: [null, true] } });
  assert.deepEqual(open.grids, { 11: { own_lock: [null, false] } });
  assert.equal(refusalOf(locked, ground, new Map([[2, 11]])).code, 'grid_is_locked');
  assert.equal(plan.with(open, ground).grid(11).locked, false);
  assert.equal(locked.with(inverseOf(shut), ground).grid(10).locked, false);
  assert.deepEqual(lock(locked, [10], false).grids, { 10: { own_lock: [true, null] } });
  assert.equal(lock(locked, [10], true), null);
});
