import assert from 'node:assert/strict';
import test from 'node:test';
import { labelOf, numberOf, shortCount, widthOf } from '../../app/static/src/core/labels.js';

const grid = (area_m2, name = null) => ({ code: '140499001001007', name, area_m2, label: [113.1, 36.2] });
const TEXTS = { households: '312 households', coordinator: '王芳', sign: '' };

test('a grid is numbered by the last three digits of its code, or called by its name', () => {
  assert.equal(numberOf('140499001001007'), '007');
  assert.equal(numberOf('12'), '12');
  assert.equal(labelOf(grid(1e5, '东湖'), TEXTS).number, '东湖');
});

test('a count has three digits at most', () => {
  assert.deepEqual([0, 7, 999, 1000, 3232].map(shortCount), ['0', '7', '999', '999+', '999+']);
});

test('number, then households, then coordinator, as room grows with the zoom', () => {
  const { zoomNumber, zoomHouseholds, zoomCoordinator } = labelOf(grid(1e5), TEXTS);

  assert.ok(zoomNumber < zoomHouseholds);
  assert.ok(zoomHouseholds <= zoomCoordinator);
});

test('four times the ground has the same label one zoom earlier', () => {
  const [small, large] = [labelOf(grid(1e5), TEXTS), labelOf(grid(4e5), TEXTS)];

  assert.ok(Math.abs(small.zoomHouseholds - large.zoomHouseholds - 1) < 0.11);
});

test('Chinese is half as long and twice as wide', () => {
  assert.ok(widthOf('312户') < widthOf('312 households') / 2);
  assert.equal(widthOf('户', 13), 13);
});

test('a grid with nobody in charge has no line for it at any zoom', () => {
  assert.ok(labelOf(grid(1e9), { ...TEXTS, coordinator: '' }).zoomCoordinator > 30);
});
