import assert from 'node:assert/strict';
import test from 'node:test';
import { gridsOf, wordsOf } from '../../app/static/src/core/edit_words.js';
import {
  asMoves,
  changesBetween,
  daysOf,
  isUndone,
  movesBetween,
} from '../../app/static/src/core/plan_history.js';

/** An edit as the API tells it. */
function edit(version, kind, rest = {}) {
  return {
    version,
    base_version: version - 1,
    kind,
    note: null,
    by: { id: 4, name: '王芳' },
    at: `2026-11-26T08:0${version}:00Z`,
    parameters: {},
    undoes: null,
    undone_by: null,
    plots: 1,
    households: 14,
    grids: ['140499001001012', '140499001001013'],
    ...rest,
  };
}

/** Split, a move, its undo, and the undo of that: newest first. */
const REDONE = [
  edit(4, 'undo', { parameters: { undoes: 3 }, undoes: 3 }),
  edit(3, 'undo', { parameters: { undoes: 2 }, undoes: 2, undone_by: 4 }),
  edit(2, 'move', { undone_by: 3 }),
  edit(1, 'split', { grids: [] }),
];
const UNDONE = [{ ...REDONE[1], undone_by: null }, ...REDONE.slice(2)];

test('an edit that was undone holds again when the undo is undone', () => {
  const byVersion = edits => new Map(edits.map(one => [one.version, one]));

  assert.ok(isUndone(UNDONE[1], byVersion(UNDONE)));
  assert.ok(!isUndone(REDONE[2], byVersion(REDONE)));
});

test('the history lists acts, not their undoing, and strikes what is undone', () => {
  const [day, ...others] = daysOf(UNDONE);

  assert.deepEqual(others, []);
  assert.equal(day.day, '2026-11-26');
  assert.deepEqual(
    day.rows.map(row => [row.edit.version, row.undone]),
    [
      [2, true],
      [1, false],
    ],
  );
});

test('days part the rows, and undoing shows where it is asked for', () => {
  const edits = [
    edit(2, 'undo', { at: '2026-11-27T09:00:00Z', parameters: { undoes: 1 } }),
    edit(1, 'move', { undone_by: 2 }),
  ];

  assert.deepEqual(
    daysOf(edits, { reversals: true }).map(({ day, rows }) => [day, rows.length]),
    [
      ['2026-11-27', 1],
      ['2026-11-26', 1],
    ],
  );
});

test('an edit on its way to the server is undone by its key', () => {
  const edits = [
    edit(null, 'undo', { key: 'b', parameters: { undoes: 'a' } }),
    edit(null, 'move', { key: 'a', undone_by: 'b' }),
  ];
  const [{ rows }] = daysOf(edits, { dayOf: () => 'today' });

  assert.deepEqual(
    rows.map(row => [row.edit.key, row.undone]),
    [['a', true]],
  );
});

test('an edit is worded by its kind, a change by its attribute, a street by its name', () => {
  assert.deepEqual(wordsOf(edit(2, 'merge')), { id: 'history-kind', facts: { kind: 'merge' } });
  assert.deepEqual(
    wordsOf(edit(2, 'move', { parameters: { do: 'follow_street', street: 7, street_name: '人民路' } })),
    {
      id: 'history-street',
      facts: { street: '人民路' },
    },
  );
  assert.deepEqual(wordsOf(edit(2, 'merge', { parameters: { do: 'repair' } })), {
    id: 'history-act',
    facts: { act: 'repair' },
  });
  assert.equal(wordsOf(edit(2, 'change', { parameters: { attribute: 'name' } })).facts.attribute, 'name');
  const planned = { 7: { was: { name: null, planned_id: null }, now: { name: null, planned_id: 3 } } };
  assert.equal(wordsOf(edit(2, 'change', { changes: planned })).facts.attribute, 'planned');
  assert.equal(wordsOf(edit(2, 'change')).facts.attribute, 'other');
});

test('an undo says what it undid, and the undo of an undo what it brought back', () => {
  const of = version => REDONE.find(one => one.version === version);

  assert.deepEqual(wordsOf(REDONE[1], of), {
    id: 'history-undo',
    facts: {},
    of: { id: 'history-kind', facts: { kind: 'move' } },
  });
  assert.equal(wordsOf(REDONE[0], of).id, 'history-redo');
  assert.equal(wordsOf(REDONE[0]).of, undefined);
});

test('of many grids the first three are named', () => {
  const grids = ['001', '002', '003', '004', '005'].map(number => `140499001001${number}`);

  assert.deepEqual(gridsOf({ grids }), { first: ['001', '002', '003'], more: 2 });
});

const GRIDS = [
  { id: 1, code: '140499001001001', name: null, kind: 'usual', planned: null },
  { id: 2, code: '140499001001002', name: null, kind: 'usual', planned: { id: 3, name: '安宁' } },
];

/** A state: grids with what plots they have, {id: [plots]}. */
function state(plots, grids = GRIDS) {
  return { grids: grids.map(grid => ({ ...grid, plots: plots[grid.id] })) };
}
const BEFORE = state({ 1: [10, 11, 12], 2: [20, 21] });

test('two states differ by plots gathered by whence and whither', () => {
  const after = state({ 1: [12, 20], 2: [10, 11, 21] });
  const households = { 10: 30, 11: 5, 20: 90 };

  const moves = movesBetween(BEFORE, after, plot => ({ households: households[plot], buildings: 1 }));

  assert.deepEqual(
    moves.map(({ from, to, plots, households: n }) => [from.id, to.id, plots, n]),
    [
      [2, 1, [20], 90],
      [1, 2, [10, 11], 35],
    ],
  );
  assert.deepEqual(asMoves(moves), { 10: [1, 2], 11: [1, 2], 20: [2, 1] });
});

test('a grid made in between is where plots went, and unknown plots are counted as such', () => {
  const made = { id: 9, code: '140499001001003' };
  const after = state({ 1: [10, 11], 2: [20, 21], 9: [12] }, [...GRIDS, made]);

  const [move] = movesBetween(BEFORE, after);

  assert.deepEqual([move.from.id, move.to.id, move.unknown], [1, 9, 1]);
});

test('two equal states differ by nothing', () => {
  assert.deepEqual(movesBetween(BEFORE, BEFORE), []);
  assert.deepEqual(changesBetween(BEFORE, BEFORE), []);
});

test('names and people planned differ between states, and nothing else of a grid', () => {
  const after = state({ 1: [10, 11, 12], 2: [20, 21] }, [
    { ...GRIDS[0], name: '东市场' },
    { ...GRIDS[1], planned: { id: 3, name: '安 宁' } },
  ]);

  assert.deepEqual(
    changesBetween(BEFORE, after).map(({ grid, attribute, was, now }) => [grid.id, attribute, was, now]),
    [[1, 'name', null, '东市场']],
  );
});
