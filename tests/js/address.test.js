import assert from 'node:assert/strict';
import test from 'node:test';
import { addressOf, viewOf } from '../../app/static/src/core/address.js';

const url = address => new URL(address, 'http://gridkeeper.test');

test('a link says place, plan, grid, layers and camera', () => {
  const view = viewOf(
    url('/map?place=140499&plan=3&grid=140499001001007&hide=plots,names&lang=zh#14.25/36.19/113.11'),
  );

  assert.deepEqual(view, {
    place: '140499',
    plan: 3,
    grid: '140499001001007',
    date: null,
    hide: ['plots', 'names'],
    show: [],
    camera: { zoom: 14.25, lat: 36.19, lon: 113.11 },
  });
});

test('an address written from a view reads back as that view, and keeps what is not its own', () => {
  const view = {
    place: '140499',
    plan: 3,
    grid: null,
    date: '2026-03-03',
    hide: ['plots'],
    show: ['hazards'],
    camera: { zoom: 12.5, lat: 36.190001, lon: 113.11 },
  };

  const address = addressOf(url('/map?lang=zh&grid=140499001001007'), view);

  assert.deepEqual(viewOf(address), view);
  assert.equal(address.searchParams.get('lang'), 'zh');
});

test('what cannot be read is as good as not said', () => {
  const nothing = { place: null, plan: null, grid: null, date: null, hide: [], show: [], camera: null };
  for (const said of [
    '',
    '?place=<img onerror=alert(1)>&plan=-1&grid=x',
    '?plan=1e9&hide=%3Cb%3E',
    '?date=2026-13-41',
    '?date=yesterday',
    '#14/200/0',
    '#14/36',
    '#a/b/c',
    '#99/1/1',
  ]) {
    assert.deepEqual(viewOf(url(`/map${said}`)), nothing, said);
  }
});
