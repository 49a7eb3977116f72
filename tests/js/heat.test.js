/** Heat in the browser: what an address says, what is asked, and colours that are those of the pictures. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CHANGES, RAMPS, changeClass, placeOnScale } from '../../app/static/src/core/heat_colours.js';
import { addressOf, asked, listAddress, wishOf } from '../../app/static/src/core/heat_wish.js';

const page = query => wishOf(new URL(`https://grids.example/heat?${query}`));

test('an address is a wish and a wish is an address', () => {
  const query = 'place=140499&kind=gas%2Cfire&severity=3&state=overdue&from=2026-02-01&view=grid&spots=true';

  const wish = page(query);

  assert.deepEqual(wish.kinds, ['gas', 'fire']);
  assert.deepEqual([wish.state, wish.view, wish.spots, wish.bandwidth], ['overdue', 'grid', true, 250]);
  assert.deepEqual(page(addressOf(new URL('https://grids.example/heat'), wish).searchParams), wish);
});

test('what cannot be read is as good as not said, and a difference needs a first day', () => {
  const wish = page('place=x&state=odd&bandwidth=7&from=soon&change=true&severity=9');

  assert.deepEqual(
    [wish.place, wish.state, wish.bandwidth, wish.change, wish.severities.length],
    [null, 'open', 250, false, 0],
  );
  assert.equal(page('overdue=1').state, 'overdue');
});

test('another end moves a time that has a beginning, and cuts one that has none', () => {
  const month = page('from=2026-02-01&to=2026-02-28');

  assert.equal(asked(month, '2026-03-02', '2026-02-21').get('from'), '2026-01-25');
  assert.equal(asked(page(''), '2026-03-02', '2026-02-21').get('from'), null);
  assert.equal(asked(page(''), '2026-03-02', '2026-02-21').get('to'), '2026-02-21');
  assert.equal(asked(page(''), '2026-03-02').get('to'), null);
});

test('a spot leads to the list of the same hazards as they stood at the end of its day', () => {
  const wish = page('state=closed&from=2026-02-01&to=2026-02-28&kind=gas,fire&severity=3');

  assert.equal(
    listAddress('140499', asked(wish, '2026-03-02', '2026-02-21'), '2026-03-02'),
    '/hazards?place=140499&over=1&at=2026-02-21&from=2026-01-25&kind=fire&kind=gas&severity=3',
  );
  assert.equal(
    listAddress('1', asked(page('state=overdue'), '2026-03-02'), '2026-03-02'),
    '/hazards?place=1&overdue=1&at=2026-03-02',
  );
});

test('colours are those of the pictures the server draws', () => {
  const source = readFileSync(new URL('../../app/services/heat_picture.py', import.meta.url), 'utf8');
  const table = name => {
    const [, rows] = source.match(new RegExp(`^${name} = \\{(.*?)^\\}`, 'ms'));
    const numbers = [...rows.matchAll(/\(([\d., ]+)\)/g)].map(([, one]) => one.split(',').map(Number));
    return { light: numbers.slice(0, 5), dark: numbers.slice(5) };
  };

  assert.deepEqual(table('RAMPS'), RAMPS);
  assert.deepEqual(table('CHANGES'), CHANGES);
});

test('a quarter of the most stands in the middle of the scale; half of the largest difference is far', () => {
  assert.equal(placeOnScale(2, 8), 0.5);
  assert.deepEqual(
    [-9, -2, 0, 2, 9].map(value => changeClass(value, 9)),
    [0, 1, 2, 3, 4],
  );
});
