import assert from 'node:assert/strict';
import test from 'node:test';
import { shortener } from '../../app/static/src/core/codes.js';

test('codes lose what all of them begin with, three digits at a time', () => {
  const short = shortener(['140499001001001', '140499001001012', '140499001002003']);

  assert.deepEqual(['140499001001001', '140499001002003'].map(short), ['001001', '002003']);
  assert.deepEqual(['M1', 'Morning market on the square'].map(short), ['M1', 'Morning market on the square']);
});

test('the number of a grid stays, whatever the codes share', () => {
  assert.equal(shortener(['140499001001001'])('140499001001001'), '001');
  assert.equal(shortener(['12', '7'])('12'), '12');
  assert.equal(shortener([])('140499'), '140499');
});
