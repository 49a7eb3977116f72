import assert from 'node:assert/strict';
import test from 'node:test';
import { formats } from '../../app/static/src/core/formats.js';
import { niceLength } from '../../app/static/src/core/scale.js';
import { side, sign, sideOf, swatch } from '../../app/static/src/core/deviation.js';

const en = formats('en-GB');
const zh = formats('zh-Hans-CN');

test('a deviation always has its sign, and none where there is none', () => {
  assert.equal(en.deviation(0.237), '+24\u202f%');
  assert.equal(zh.deviation(-0.07), '−7%');
  assert.equal(en.deviation(-0.004), '0\u202f%');
});

test('ground is in the unit that reads best', () => {
  assert.equal(en.area(4999), '4,999\u202fm²');
  assert.equal(zh.area(81_234), '8.1公顷');
  assert.equal(en.area(2_500_000), '2.50\u202fkm²');
});

test('counts have the separators of the language, and dates its order', () => {
  assert.equal(en.count(12345), '12,345');
  assert.equal(en.date('2026-03-03T12:00:00Z'), '3 March 2026');
  assert.equal(zh.date('2026-03-03T12:00:00Z'), '2026年3月3日');
});

test('latitude comes first, as people say it', () => {
  assert.equal(en.lonLat([113.1, 36.2]), '36.20000, 113.10000');
});

test('a scale bar has a length that reads well and is not longer than asked', () => {
  assert.deepEqual([7, 19, 99, 100, 4999].map(niceLength), [5, 10, 50, 100, 2000]);
});

test('a way on foot has two digits that matter', () => {
  assert.deepEqual([0, 346, 999, 1000, 1849].map(en.onFoot), ['0 m', '350 m', '1,000 m', '1 km', '1.8 km']);
  assert.equal(zh.onFoot(1849), '1.8公里');
});

test('a sign stands beside every colour that means out of band', () => {
  const grid = (deviationClass, in_band) => ({ class: deviationClass, in_band });

  assert.deepEqual([grid(-2, false), grid(3, false), grid(0, true), grid(null, false)].map(sign), [
    '▼',
    '▲',
    '',
    '',
  ]);
  assert.equal(side(grid(null, false)), '');
  assert.deepEqual([-3, 0, 3, null].map(swatch), ['class-0', 'class-3', 'class-6', 'class-7']);
  assert.deepEqual(
    [269, 270, 330, 331].map(n => sideOf(n, { least: 270, most: 330 })),
    ['few', '', '', 'many'],
  );
});
