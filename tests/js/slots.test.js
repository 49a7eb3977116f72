import assert from 'node:assert/strict';
import test from 'node:test';
import {
  bestOf,
  draftsBesides,
  draftsBySlot,
  slotOf,
  tallyOf,
  worstOf,
} from '../../app/static/src/core/slots.js';

const draft = (id, slot = null, place = '140499') => ({ id, slot, state: 'draft', place: { code: place } });
const grid = (code, households, more = {}) => ({
  code,
  households,
  deviation: (households - 300) / 300,
  class: households ? 0 : null,
  in_band: households >= 270 && households <= 330,
  compactness: 0.6,
  ...more,
});

test('an address names a slot, or it is A', () => {
  assert.equal(slotOf(new URL('http://x/split?slot=C')), 'C');
  assert.equal(slotOf(new URL('http://x/split?slot=Z')), 'A');
});

test('drafts lie in their slots; those without one fill what is free, the newest first', () => {
  const found = draftsBySlot(
    [draft(9), draft(8, 'A'), draft(7), { ...draft(6, 'B'), state: 'retired' }, draft(5, 'C', '140498')],
    '140499',
  );

  assert.deepEqual([found.A.id, found.B.id, found.C.id], [8, 9, 7]);
});

test('drafts that find no slot free are not lost', () => {
  const plans = [draft(9), draft(8, 'A'), draft(7), draft(6), draft(5), draft(4, 'C', '140498')];

  const found = draftsBySlot(plans, '140499');
  const besides = draftsBesides(plans, '140499', found);

  assert.deepEqual([found.A.id, found.B.id, found.C.id], [8, 9, 7]);
  assert.deepEqual(besides.map(plan => plan.id), [6, 5]); // prettier-ignore
});

test('a plan is summed up without grids where nobody lives and without special ones', () => {
  const grids = [grid('1', 300), grid('2', 400), grid('3', 0), grid('4', 2, { kind: 'market' })];

  const tally = tallyOf({}, grids, { metres: 10, street: 0.5, river: 0.2, rail: 0 }, null);

  assert.deepEqual(
    [tally.grids, tally.out, tally.inBand, tally.compactness, tally.street, tally.moved],
    [4, 1, 0.5, 0.6, 0.7, null],
  );
});

test('the best draft is the one with more in band and fewer households moved; equals are not told apart', () => {
  const best = bestOf({
    A: { inBand: 0.9, moved: 500, compactness: 0.6 },
    B: { inBand: 1, moved: 800, compactness: 0.6 },
    C: null,
  });

  assert.deepEqual([best.inBand, best.moved, best.compactness], [['B'], ['A'], []]);
});

test('the worst grids are those out of band, farthest first; special ones are none of them', () => {
  const grids = [
    grid('1', 300),
    grid('2', 331),
    grid('3', 500),
    grid('4', 200),
    grid('5', 272),
    grid('6', 9, { kind: 'park' }),
    grid('7', 0),
  ];

  assert.deepEqual(
    worstOf(grids, 4).map(one => one.code),
    ['3', '4', '2', '5'],
  );
});
