import assert from 'node:assert/strict';
import test from 'node:test';
import { PALETTES } from '../../app/static/src/core/colours.js';
import { boundsOf, drawn } from '../../app/static/src/core/differences.js';

const ground = (from, to, bbox = [0, 0, 1, 1]) => ({
  type: 'Feature',
  geometry: { type: 'Polygon', coordinates: [] },
  properties: { from, to, label: [0.5, 0.5], bbox },
});

test('ground that goes to one grid has one tone, and each patch its label', () => {
  const features = [ground('1', '2'), ground('3', '2'), ground('1', '4')];

  const { features: all } = drawn({ features }, (from, to) => `${from} → ${to}`);

  const tones = all.filter(one => one.properties.role === 'ground').map(one => one.properties.tone);
  assert.equal(tones[0], tones[1]);
  assert.notEqual(tones[0], tones[2]);
  const titles = all.filter(one => one.properties.role === 'label').map(one => one.properties.title);
  assert.deepEqual(titles, ['1 → 2', '3 → 2', '1 → 4']);
});

test('there is a colour for every tone, in light and dark', () => {
  const features = Array.from({ length: 30 }, (_, n) => ground('0', `${n}`));

  const { features: all } = drawn({ features }, String);

  for (const { tones } of Object.values(PALETTES))
    assert.ok(all.every(({ properties: { tone } }) => tones[tone] !== undefined));
});

test('the box holds all of it', () => {
  assert.deepEqual(
    boundsOf({ features: [ground('1', '2', [0, 5, 1, 6]), ground('1', '3', [-1, 4, 0, 9])] }),
    [-1, 4, 1, 9],
  );
  assert.equal(boundsOf({ features: [] }), null);
});
