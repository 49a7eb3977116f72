import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstLetter, hazardFeatures, pressedHazards } from '../../app/static/src/core/hazard_points.js';

const point = more => ({
  id: 1,
  kind: 'gas',
  severity: 1,
  state: 'filed',
  due_at: '2026-03-03T10:00:00+08:00',
  overdue: false,
  lon: 113,
  lat: 36,
  site: null,
  ...more,
});

test('points and cells count alike, so that clusters may add them up', () => {
  const cell = { hazards: 40, worst: 2, overdue: 7, lon: 114, lat: 37 };
  const found = { points: [point({ overdue: true, severity: 2 })], cells: [cell] };

  const { features } = hazardFeatures(found, () => 'G');

  const counted = features.map(({ properties: { n, worst, late } }) => [n, worst, late]);
  assert.deepEqual(counted, [
    [1, 2, 1],
    [40, 2, 7],
  ]);
  assert.deepEqual(features[1].geometry.coordinates, [114, 37]);
});

test('a grave hazard is marked beside its letter, not by its colour alone', () => {
  const found = { points: [point(), point({ severity: 3 })], cells: [] };

  const marks = hazardFeatures(found, () => 'G').features.map(({ properties }) => properties.mark);

  assert.deepEqual(marks, ['G', 'G!']);
});

test('a kind without a mark has the first letter of its name, of any script', () => {
  assert.equal(firstLetter('lift'), 'L');
  assert.equal(firstLetter('𠮷祥'), '𠮷');
  assert.equal(firstLetter(''), '?');
});

test('hazards pressed together come once each, what is overdue first; clusters are none', () => {
  const pressed = [
    { id: 3, severity: 3, late: 0 },
    { id: 2, severity: 1, late: 1 },
    { id: 3, severity: 3, late: 0 },
    { cluster_id: 9, n: 12, late: 4 },
    { n: 5, late: 0 },
  ].map(properties => ({ properties }));

  assert.deepEqual(
    pressedHazards(pressed).map(({ id }) => id),
    [2, 3],
  );
});
