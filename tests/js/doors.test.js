import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doorsOf, doorsWritten, metresBetween } from '../../app/static/src/core/doors.js';

test('doors are counted by floor, two digits each', () => {
  assert.deepEqual(doorsOf(1, 2, 3), ['101', '102', '103', '201', '202', '203']);
  assert.deepEqual(doorsOf(11, 11, 1), ['1101']);
});

test('floors that are no floors give no doors, and no list grows beyond what is taken', () => {
  assert.deepEqual(doorsOf(2, 1, 4), []);
  assert.deepEqual(doorsOf(NaN, 3, 2), []);
  assert.equal(doorsOf(1, 60, 40).length, 400);
});

test('a list is read with commas of either script, once each', () => {
  assert.deepEqual(doorsWritten('101，102、 103\n101;B2'), ['101', '102', '103', 'B2']);
});

test('a thousandth of a degree is about a hundred metres, and less from west to east', () => {
  assert.ok(Math.abs(metresBetween([113, 36], [113, 36.001]) - 111.2) < 0.1);
  assert.ok(Math.abs(metresBetween([113, 36], [113.001, 36]) - 89.96) < 0.1);
});
