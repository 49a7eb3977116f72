import assert from 'node:assert/strict';
import test from 'node:test';
import { clipsOf, shareAfterKey, shareAt } from '../../app/static/src/core/swipe.js';

test('a pointer puts the divider under itself, and no farther than the edges', () => {
  const box = { left: 100, width: 400 };

  assert.equal(shareAt(200, box), 0.25);
  assert.equal(shareAt(20, box), 0);
  assert.equal(shareAt(900, box), 1);
});

test('arrows step, page keys leap, Home and End show one of both alone, others do nothing', () => {
  assert.equal(shareAfterKey('ArrowRight', 0.5), 0.52);
  assert.equal(shareAfterKey('ArrowLeft', 0.01), 0);
  assert.equal(shareAfterKey('PageUp', 0.5), 0.6);
  assert.equal(shareAfterKey('Home', 0.5), 0);
  assert.equal(shareAfterKey('End', 0.5), 1);
  assert.equal(shareAfterKey('Enter', 0.5), null);
});

test('the two pictures meet at the divider without a gap', () => {
  assert.deepEqual(clipsOf(0.3), { before: 'inset(0 70% 0 0)', after: 'inset(0 0 0 30%)' });
  assert.deepEqual(clipsOf(1), { before: 'inset(0 0% 0 0)', after: 'inset(0 0 0 100%)' });
});
