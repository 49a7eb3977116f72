import assert from 'node:assert/strict';
import test from 'node:test';
import { newCode } from '../../app/static/src/panels/door_needs.js';

test('a code has twelve letters nobody takes for another, in groups that can be read out', () => {
  for (let i = 0; i < 50; i += 1)
    assert.match(newCode(), /^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$/);
});

test('bytes that would make some letters likelier are passed over', () => {
  const bytes = [255, 248, 0, 247, 30, 31, ...Array(10).fill(1)];

  const code = newCode(array => {
    array[0] = bytes.shift();
    return array;
  });

  assert.equal(code, '2ZZ2-3333-3333');
});
