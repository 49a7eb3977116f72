import assert from 'node:assert/strict';
import test from 'node:test';
import { loadsOf } from '../../app/static/src/core/assignments.js';
import { sharesOf } from '../../app/static/src/core/tint_legend.js';
import { initialsOf, peopleIn, rowsOf } from '../../app/static/src/core/conflicts.js';
import { changeOf, codeWith, editOf, isAcceptable, linesOf } from '../../app/static/src/core/offers.js';
import {
  changeOf as changeOfProblems,
  countsOf,
  hasProposals,
  keyOf,
  ofKind,
  partAround,
  stepTo,
} from '../../app/static/src/core/problem_list.js';

const BAND = { least: 270, most: 330 };
const grid = id => ({ id, code: `14049900100100${id}` });
const problem = (kind, ...ids) => ({ kind, grids: ids.map(grid), plots: [], facts: {}, sentence: '' });
const PROBLEMS = [problem('grid_in_pieces', 4), problem('out_of_band', 2), problem('out_of_band', 1)];

test('problems are counted by kind, what is broken first', () => {
  assert.deepEqual(countsOf([...PROBLEMS].reverse()), [
    { kind: 'grid_in_pieces', count: 1 },
    { kind: 'out_of_band', count: 2 },
  ]);
  assert.deepEqual(countsOf([problem('something_new')]), [{ kind: 'something_new', count: 1 }]);
});

test('of a long list a part is shown, and the part of the one looked at', () => {
  const many = Array.from({ length: 450 }, (_, at) => problem('vacancy', at));
  const first = { from: 0, to: 200 };

  assert.deepEqual(partAround(many, null, first, 200), first);
  assert.deepEqual(partAround(many, keyOf(many[449]), first, 200), { from: 400, to: 600 });
  assert.deepEqual(partAround(many, keyOf(many[250]), { from: 0, to: 400 }, 200), { from: 0, to: 400 });
  assert.deepEqual(partAround(many.slice(0, 100), null, { from: 400, to: 600 }, 200), first);
});

test('next and previous go round, and begin at either end', () => {
  const key = keyOf(PROBLEMS[2]);

  assert.equal(stepTo(PROBLEMS, key, 1), PROBLEMS[0]);
  assert.equal(stepTo(PROBLEMS, key, -1), PROBLEMS[1]);
  assert.equal(stepTo(PROBLEMS, null, 1), PROBLEMS[0]);
  assert.equal(stepTo(PROBLEMS, null, -1), PROBLEMS[2]);
  assert.equal(stepTo([], null, 1), null);
});

test('a problem is the same after it was looked for anew, whatever its figures', () => {
  const again = { ...PROBLEMS[1], facts: { households: 260 } };

  assert.equal(keyOf(again), keyOf(PROBLEMS[1]));
  const { mended, fresh } = changeOfProblems(PROBLEMS, [again, problem('vacancy', 7)]);
  assert.deepEqual(mended, [PROBLEMS[0], PROBLEMS[2]]);
  assert.deepEqual(fresh, [problem('vacancy', 7)]);
});

test('only what the engine can mend has proposals', () => {
  assert.ok(hasProposals(PROBLEMS[0]));
  assert.ok(!hasProposals(problem('vacancy', 1)));
  assert.deepEqual(ofKind(PROBLEMS, 'grid_in_pieces'), [PROBLEMS[0]]);
  assert.equal(ofKind(PROBLEMS, null).length, 3);
});

/** A grid of an offer as the server tells it. */
function figures(id, rest = {}) {
  return {
    grid: id,
    code: grid(id).code,
    gone: false,
    households_before: 300,
    households_after: 312,
    buildings_after: 9,
    in_band_before: true,
    in_band_after: true,
    ...rest,
  };
}
const OFFER = {
  version: 3,
  kind: 'move',
  moves: { 10: [1, 2] },
  grids: {},
  parameters: { street: '人民路' },
  after: [
    figures(1, { households_before: 344, in_band_before: false }),
    figures(2, { households_before: 280, buildings_after: 8 }),
  ],
  households_moved: 32,
  people_moved: 80,
  refusal: null,
};

test('an offer has a line for each grid, with how far it is from its band', () => {
  const [first, second] = linesOf(OFFER, BAND);

  assert.deepEqual(
    [first.number, first.before, first.after, first.change, first.sideBefore, first.sideAfter],
    ['001', 344, 312, -32, 'many', 'in'],
  );
  assert.deepEqual([second.change, second.sideBefore], [32, 'in']);
});

test('a new grid had nothing before, and one given up has nothing after', () => {
  const nothing = { households_before: null, in_band_before: null };
  const gone = { gone: true, households_after: null, in_band_after: null };
  const after = [figures('new:1', { code: null, ...nothing }), figures(2, gone)];

  const [made, left] = linesOf({ ...OFFER, after }, BAND);

  assert.deepEqual(
    [made.isNew, made.number, made.before, made.sideBefore, made.sideAfter],
    [true, '', 0, '', 'in'],
  );
  assert.deepEqual([left.isGone, left.after, left.change, left.sideAfter], [true, 0, -300, '']);
});

test('the load a formula gives decides where one counts, and special grids have no band', () => {
  const after = [
    figures(1, { in_band_after: false, load_after: 400 }),
    figures(2, { in_band_before: null, in_band_after: null }),
  ];
  const [heavy, special] = linesOf({ ...OFFER, after }, BAND);

  assert.equal(heavy.sideAfter, 'many');
  assert.deepEqual([special.sideBefore, special.sideAfter], ['', '']);
});

test('what is refused or changes nothing cannot be accepted', () => {
  assert.ok(isAcceptable(OFFER));
  assert.ok(!isAcceptable({ ...OFFER, refusal: { code: 'grid_in_pieces', facts: {} } }));
  assert.ok(!isAcceptable({ ...OFFER, moves: {}, grids: {} }));
});

test('accepting makes an edit of the moves, with a note where there is one', () => {
  assert.deepEqual(editOf(OFFER, 'agreed with the committee'), {
    kind: 'move',
    moves: { 10: [1, 2] },
    grids: {},
    parameters: { street: '人民路' },
    note: 'agreed with the committee',
  });
  assert.equal(editOf(OFFER, '').note, null);
});

test('a change carries what was and what shall be, of what differs alone', () => {
  const edit = changeOf({ id: 7, name: null, kind: 'usual' }, { name: '东市场', kind: 'usual' });

  assert.deepEqual(edit.grids, { 7: { name: [null, '东市场'] } });
  assert.deepEqual(edit.parameters, { attribute: 'name' });
  assert.equal(changeOf({ id: 7, name: null }, { name: null }), null);
});

test('a number makes a code with the stem of the community', () => {
  assert.equal(codeWith('140499001001012', ' 7 '), '140499001001007');
  for (const wrong of ['', '0', '1000', '7a']) assert.equal(codeWith('140499001001012', wrong), null);
});

test('plots in conflict that went the same ways are one row', () => {
  const by = { id: 8, name: '李 强' };
  const plots = [30, 31].map(plot => ({ plot, from: 1, to: 2, now: 3, by, version: 5 }));
  const facts = { plots: [...plots, { plot: 40, from: 2, to: 1, now: 3, by, version: 6 }], grids: [] };

  const rows = rowsOf(facts, grid);

  assert.deepEqual(
    rows.plots.map(({ plots: of, yours, theirs }) => [of, yours.id, theirs.id]),
    [
      [[30, 31], 2, 3],
      [[40], 1, 3],
    ],
  );
  assert.deepEqual(peopleIn(rows), [by]);
});

test('a grid that is given up is still called something', () => {
  const { grids } = rowsOf(
    { grids: [{ grid: 9, attribute: 'name', yours: 'A', now: null, by: null }] },
    () => undefined,
  );

  assert.deepEqual([grids[0].grid.code, grids[0].yours, grids[0].theirs], ['9', 'A', null]);
});

test('initials are letters of names as each script has them', () => {
  assert.equal(initialsOf('Wang Fang'), 'WF');
  assert.equal(initialsOf('王小芳'), '小芳');
  assert.equal(initialsOf('Zoë'), 'Z');
  assert.equal(initialsOf(' '), '?');
});

test('what a draft plans comes before who holds a grid now, and the least loaded is first', () => {
  const coordinators = [
    { id: 1, name: 'A', grids: ['01', '02'] },
    { id: 2, name: 'B', grids: [] },
  ];
  const grids = [
    { code: '01', households: 300, planned: { id: 2, name: 'B' } },
    { code: '02', households: 310, planned: null },
    { code: '03', households: 320, planned: null },
  ];

  assert.deepEqual(loadsOf(coordinators, grids), [
    { id: 2, name: 'B', grids: 1, households: 300 },
    { id: 1, name: 'A', grids: 1, households: 310 },
  ]);
});

test('who has the most households is first, and nobody is last', () => {
  const [a, b] = [
    { id: 1, name: 'A' },
    { id: 2, name: 'B' },
  ];
  const grids = [
    { households: 900, who: null },
    { households: 300, who: a },
    { households: 310, who: b },
    { households: 11, who: a },
  ];

  const shares = sharesOf(
    grids,
    grid => (grid.who === a ? 'red' : 'grey'),
    grid => grid.who,
  );

  assert.deepEqual(
    shares.map(one => [one.person?.name ?? null, one.grids, one.households, one.fill]),
    [
      ['A', 2, 311, 'red'],
      ['B', 1, 310, 'grey'],
      [null, 1, 900, 'grey'],
    ],
  );
});
