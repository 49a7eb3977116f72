import assert from 'node:assert/strict';
import test from 'node:test';

import { actsOf, dayAfter, isSubmitted, numbered, stageOf } from '../../app/static/src/core/life.js';

const MANAGER = { manages: true, leads: false, alone: false, today: '2026-03-02', me: 1 };
const LEADER = { ...MANAGER, manages: false, leads: true, me: 2 };
const ALONE = { ...MANAGER, alone: true };
const NOBODY = { ...MANAGER, manages: false };

function plan(state, review = null) {
  return { state: 'draft', review: review && { state, asked_by: { id: 1 }, ...review } };
}
const DRAFT = { state: 'draft', review: null };
const WAITING = plan('waiting', {});
const SENT_BACK = plan('sent_back', {});
const LATER = plan('approved', { effective_on: '2026-03-03', failed: null });
const DUE = plan('approved', { effective_on: '2026-03-02', failed: null });
const FAILED = plan('approved', { effective_on: '2026-03-01', failed: { code: 'plan_unsound' } });
const IN_FORCE = { state: 'published', review: { state: 'approved' } };

test('a plan is at the stage of its review as long as it is a draft', () => {
  const plans = [DRAFT, WAITING, SENT_BACK, LATER, FAILED, IN_FORCE, plan('withdrawn', {})];

  assert.deepEqual(plans.map(stageOf), [
    'draft',
    'waiting',
    'sent_back',
    'approved',
    'failed',
    'published',
    'draft',
  ]);
  assert.deepEqual(plans.map(isSubmitted), [false, true, false, true, true, false, false]);
});

test('a manager edits and submits a draft, and publishes it where managers do so alone', () => {
  assert.deepEqual(actsOf(DRAFT, MANAGER), ['edit', 'submit', 'discard', 'duplicate']);
  assert.deepEqual(actsOf(SENT_BACK, MANAGER), ['edit', 'submit', 'discard', 'duplicate']);
  assert.deepEqual(actsOf(DRAFT, ALONE), ['edit', 'publish', 'submit', 'discard', 'duplicate']);
});

test('what its leaders have is only withdrawn, and published from its day on', () => {
  assert.deepEqual(actsOf(WAITING, ALONE), ['withdraw', 'duplicate']);
  assert.deepEqual(actsOf(LATER, MANAGER), ['withdraw', 'duplicate']);
  assert.deepEqual(actsOf(DUE, MANAGER), ['publish', 'withdraw', 'duplicate']);
  assert.deepEqual(actsOf(FAILED, MANAGER), ['publish', 'withdraw', 'duplicate']);
});

test('a leader approves or sends back what others submitted', () => {
  assert.deepEqual(actsOf(WAITING, LEADER), ['approve', 'send_back']);
  assert.deepEqual(actsOf(LATER, LEADER), ['send_back']);
  assert.deepEqual(actsOf(DRAFT, LEADER), []);
  assert.deepEqual(actsOf(WAITING, { ...LEADER, me: 1 }), ['send_back']);
  assert.deepEqual(actsOf(IN_FORCE, LEADER), []);
});

test('others do nothing with it, and a plan in force is copied at most', () => {
  assert.deepEqual(actsOf(WAITING, NOBODY), []);
  assert.deepEqual(actsOf(IN_FORCE, MANAGER), ['duplicate']);
});

test('comments keep their numbers', () => {
  const comments = [{ id: 7, settled_at: '2026-03-01' }, { id: 9 }];

  assert.deepEqual(
    numbered(comments).map(({ id, number }) => [id, number]),
    [
      [7, 1],
      [9, 2],
    ],
  );
});

test('the day after is that of the calendar', () => {
  assert.equal(dayAfter('2026-02-28'), '2026-03-01');
  assert.equal(dayAfter('2026-12-31'), '2027-01-01');
});
