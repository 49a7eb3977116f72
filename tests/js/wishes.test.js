import assert from 'node:assert/strict';
import test from 'node:test';
import {
  USUAL,
  WEIGHTS,
  bandAround,
  bandNamed,
  bandOf,
  faultOfWish,
  fieldOf,
  gridsExpected,
  nameFor,
  requestOf,
  weightsNamed,
  wishOf,
} from '../../app/static/src/core/wishes.js';

const WHERE = { households: 12_000, slot: 'B' };
const SQUARE = { type: 'Polygon', coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]]] }; // prettier-ignore

test('the usual wish asks for its three numbers, seed and slot, and for nothing the server takes anyway', () => {
  assert.deepEqual(requestOf(USUAL, WHERE), { target: 300, least: 270, most: 330, seed: 1, slot: 'B' });
});

test('whatever is wished otherwise is asked for', () => {
  const wish = {
    ...USUAL,
    weights: ' households + area ',
    lines: { river: 'never' },
    compounds: true,
    seeds: [[113.1, 36.2]],
    locked: false,
    keepSpecial: false,
    special: [{ kind: 'market', name: '早市', polygon: SQUARE }],
    micro: { least: 50, most: 80 },
    entrances: true,
  };

  const { target, least, most, seed, slot, ...more } = requestOf(wish, WHERE);

  assert.deepEqual(more, {
    weights: 'households + area',
    lines: { river: 'never' },
    compounds: 'whole',
    seeds: [[113.1, 36.2]],
    locked: false,
    keep_special: false,
    special: [{ kind: 'market', name: '早市', polygon: SQUARE }],
    micro: { least: 50, most: 80 },
    entrances: true,
  });
});

test('a number of coordinators is asked for without the three numbers, however many live there', () => {
  const wish = { ...USUAL, size: 'coordinators', coordinators: 40 };

  const request = requestOf(wish, WHERE);

  assert.deepEqual(request, { coordinators: 40, seed: 1, slot: 'B' });
  assert.deepEqual(bandOf(wish, 12_000), { target: 300, least: 270, most: 330 });
  assert.equal(gridsExpected(wish, 12_000), 40);
});

test('a band is whole households within ten per cent', () => {
  assert.deepEqual(bandAround(305), { target: 305, least: 275, most: 335 });
  assert.deepEqual(bandAround(2), { target: 2, least: 2, most: 2 });
});

test('a request leads back to the wish it came from', () => {
  const wishes = [
    USUAL,
    { ...USUAL, size: 'coordinators', coordinators: 40, ...bandAround(300) },
    { ...USUAL, weights: WEIGHTS.area, lines: { local: 'avoid' }, micro: { least: 50, most: 80 }, seed: 7 },
  ];

  for (const wish of wishes) assert.deepEqual(wishOf(requestOf(wish, WHERE)), wish);
  assert.deepEqual(wishOf(null), USUAL);
});

test('what cannot be sent is said of the field concerned', () => {
  const fault = more => faultOfWish({ ...USUAL, ...more });

  assert.equal(fault({}), null);
  assert.equal(fault({ least: 310 }).field, 'band');
  assert.equal(fault({ target: NaN }).field, 'band');
  assert.equal(fault({ size: 'coordinators', coordinators: 0 }).field, 'coordinators');
  assert.equal(fault({ weights: '  ' }).field, 'weights');
  assert.equal(fault({ micro: { least: 90, most: 80 } }).field, 'micro');
  assert.equal(fault({ seed: 1.5 }).field, 'seed');
});

test('formulas and bands ready made are known again, others are one’s own', () => {
  assert.equal(weightsNamed(null), 'households');
  assert.equal(weightsNamed(WEIGHTS.buildings), 'buildings');
  assert.equal(weightsNamed('area'), 'own');
  assert.equal(bandNamed({ ...USUAL, target: 400, least: 300, most: 500 }), 'wide');
  assert.equal(bandNamed({ ...USUAL, most: 340 }), 'own');
});

test('about how many grids come of it', () => {
  assert.equal(gridsExpected(USUAL, 12_890), 43);
  assert.equal(gridsExpected(USUAL, 20), 1);
  assert.deepEqual(bandOf(USUAL, 12_890), { target: 300, least: 270, most: 330 });
});

test('a special grid just drawn gets a name no other has', () => {
  assert.equal(nameFor('Market', []), 'Market 1');
  assert.equal(nameFor('Market', [{ name: 'Market 1' }, { name: 'Market 3' }]), 'Market 2');
});

test('a refusal is said at the field its code or its pointer is about', () => {
  assert.equal(fieldOf({ code: 'formula_malformed' }), 'weights');
  assert.equal(fieldOf({ code: 'formula_column_unknown' }), 'weights');
  assert.equal(fieldOf({ code: 'seed_outside' }), 'fixed');
  assert.equal(fieldOf({ code: 'request_malformed', pointer: '/json/least' }), 'band');
  assert.equal(fieldOf({ code: 'request_malformed', pointer: '/micro/least' }), 'micro');
  assert.equal(fieldOf({ code: 'place_unknown' }), null);
});
