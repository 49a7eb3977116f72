/** Codes of printed sheets: what they say, and where they lead with and without signal. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leadsTo, scanned } from '../../app/static/src/core/sheets.js';

const PACK = { grids: [{ border: '0a1b2c3d' }, { border: '99999999' }] };

test('a code is an address of ours, on whatever host it was printed', () => {
  assert.deepEqual(scanned('https://grid.example/q/building/12/0a1b2c3d'), {
    kind: 'building',
    id: 12,
    border: '0a1b2c3d',
  });
  assert.deepEqual(scanned(' http://x/q/grid/3 '), { kind: 'grid', id: 3, border: null });
  assert.equal(scanned('https://grid.example/q/building/12/abc').border, null);
  assert.equal(scanned('长安路5号'), null);
});

test('with signal the server says whether a sheet is old', () => {
  assert.equal(
    leadsTo({ kind: 'building', id: 12, border: 'ffffffff' }, PACK, true),
    '/q/building/12/ffffffff',
  );
  assert.equal(leadsTo({ kind: 'grid', id: 3, border: null }, PACK, true), '/q/grid/3');
});

test('without signal the phone says so, by the borders it has', () => {
  assert.equal(leadsTo({ kind: 'building', id: 12, border: '99999999' }, PACK, false), '/buildings/12');
  assert.equal(leadsTo({ kind: 'building', id: 12, border: 'ffffffff' }, PACK, false), '/buildings/12?old');
  assert.equal(leadsTo({ kind: 'building', id: 12, border: null }, PACK, false), '/buildings/12');
  assert.equal(leadsTo({ kind: 'grid', id: 3, border: 'ffffffff' }, PACK, false), '/map');
});
