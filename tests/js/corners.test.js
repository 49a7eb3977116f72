import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outlineOf } from '../../app/static/src/core/corners.js';

const SQUARE = [
  [116.39, 39.9],
  [116.391, 39.9],
  [116.391, 39.901],
  [116.39, 39.901],
];
const POLYGON = { type: 'Polygon', coordinates: [[...SQUARE, SQUARE[0]]] };

test('corners are read line by line, with a comma or without', () => {
  assert.deepEqual(outlineOf('116.39 39.9\n116.391, 39.9\n116.391，39.901\n116.39\t39.901\n'), {
    polygon: POLYGON,
    fault: null,
  });
});

test('GeoJSON is read, alone, as a feature, and as a collection of one', () => {
  const feature = { type: 'Feature', properties: {}, geometry: POLYGON };

  for (const said of [POLYGON, feature, { type: 'FeatureCollection', features: [feature] }])
    assert.deepEqual(outlineOf(JSON.stringify(said)), { polygon: POLYGON, fault: null });
});

test('what is no outline says what is wrong with it', () => {
  const faults = {
    '': 'none',
    'the market': 'unread',
    '{"type": "Point", "coordinates": [1, 2]}': 'unread',
    '{"type": ': 'unread',
    '116.39 99': 'unread',
    '116.39 39.9; 116.391 39.9': 'corners',
    '116.39 39.9; 116.391 39.901; 116.391 39.9; 116.39 39.901': 'crosses',
    '116.39 39.9; 116.39001 39.9; 116.39001 39.90001': 'small',
  };

  for (const [words, fault] of Object.entries(faults))
    assert.deepEqual([words, outlineOf(words)], [words, { polygon: null, fault }]);
});
