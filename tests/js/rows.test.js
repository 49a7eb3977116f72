import assert from 'node:assert/strict';
import test from 'node:test';
import { filtered, rowsInSight, sorted, stepsOfHouseholds } from '../../app/static/src/core/rows.js';

const BAND = { target: 300, least: 270, most: 330 };

/** A grid as the API tells it, by its last digits and households. */
function grid(number, households, rest = {}) {
  const in_band = households >= BAND.least && households <= BAND.most;
  return {
    code: `140499001001${number}`,
    name: null,
    households,
    in_band,
    class: households ? 0 : null,
    coordinator: null,
    vacant_since: null,
    ...rest,
  };
}

const numbers = grids => grids.map(({ code }) => code.slice(12)).join(' ');
const GRIDS = [
  grid('003', 300, { coordinator: { name: '王芳' } }),
  grid('001', 412, { vacant_since: '2026-03-03T00:00:00Z' }),
  grid('002', 0),
  grid('004', 240, { coordinator: { name: '安宁' } }),
];

test('out of band means too few or too many, not a grid where nobody lives', () => {
  assert.equal(numbers(filtered(GRIDS, { filter: 'out', words: '' })), '001 004');
});

test('vacant means that nobody answers for it', () => {
  assert.equal(numbers(filtered(GRIDS, { filter: 'vacant', words: '' })), '001');
});

test('words are looked for in codes and coordinators', () => {
  assert.equal(numbers(filtered(GRIDS, { filter: 'all', words: ' 王 ' })), '003');
  assert.equal(numbers(filtered(GRIDS, { filter: 'all', words: '1002' })), '002');
});

test('names are in the order of pinyin, and grids without one come last either way', () => {
  assert.equal(
    numbers(sorted(GRIDS, { column: 'coordinator', descending: false }, 'zh-Hans-CN')),
    '004 003 001 002',
  );
  assert.equal(
    numbers(sorted(GRIDS, { column: 'coordinator', descending: true }, 'zh-Hans-CN')),
    '003 004 001 002',
  );
});

test('grids with equal numbers are in order of their codes', () => {
  const equal = [grid('002', 300), grid('001', 300), grid('003', 10)];

  assert.equal(numbers(sorted(equal, { column: 'households', descending: true }, 'en')), '001 002 003');
});

test('a histogram counts every inhabited grid once, and no step is half inside the band', () => {
  const many = [0, 1, 12, 269, 270, 300, 330, 331, 5000].map((households, at) =>
    grid(String(at), households),
  );

  const steps = stepsOfHouseholds(many, BAND);

  assert.equal(
    steps.reduce((sum, step) => sum + step.grids, 0),
    8,
  );
  assert.ok(steps.length <= 30);
  for (const { from, to, side } of steps) {
    assert.ok(from < to);
    assert.equal(side, to <= 270 ? 'few' : from > 330 ? 'many' : '');
    if (side === '') assert.ok(from >= 270 && to <= 331, `${from}–${to}`);
  }
});

test('a histogram of grids in band has as many steps as the band', () => {
  assert.equal(stepsOfHouseholds([grid('1', 300)], BAND).length, 6);
  assert.equal(stepsOfHouseholds([grid('1', 5)], { target: 5, least: 5, most: 6 }).length, 2);
  assert.deepEqual(stepsOfHouseholds([], BAND), []);
});

test('of ten thousand rows only those in sight are drawn', () => {
  const { first, last } = rowsInSight({
    scrolled: 48 * 5000,
    height: 480,
    rowHeight: 48,
    count: 10_000,
    beyond: 5,
  });

  assert.deepEqual([first, last], [4995, 5015]);
});

test('no row before the first or after the last is drawn', () => {
  assert.deepEqual(rowsInSight({ scrolled: 0, height: 480, rowHeight: 48, count: 3 }), { first: 0, last: 3 });
});

test('two plans are counted in the same steps, of which none is half in the band', () => {
  const grid = households => ({ households, class: 0 });
  const steps = stepsOfHouseholds([grid(300), grid(360), grid(301)], { least: 270, most: 330 }, [
    grid(250),
    grid(300),
  ]);

  const sum = name => steps.reduce((all, step) => all + step[name], 0);
  assert.deepEqual([sum('before'), sum('grids')], [2, 3]);
  assert.equal(steps.find(step => step.side === '').from, 270);
  assert.equal(steps.findLast(step => step.side === '').to, 331);
});
