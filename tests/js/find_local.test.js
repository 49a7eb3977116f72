import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gridAt, plain, searchIn, tilesOver } from '../../app/static/src/core/find_local.js';

const square = (west, south, side) => ({
  type: 'MultiPolygon',
  coordinates: [
    [
      [
        [west, south],
        [west + side, south],
        [west + side, south + side],
        [west, south + side],
        [west, south],
      ],
    ],
  ],
});
const PACK = {
  columns: ['id', 'name', 'pinyin', 'initials', 'address', 'code', 'lon', 'lat', 'grid'],
  buildings: [
    [1, '广场西小区3号楼', 'Guangchangxi Xiaoqu', 'gcxxq3hl', '长安路5号', 'B1', 0.5, 0.5, 7],
    [2, null, null, null, '长安路15号', 'B2', 1.5, 0.5, 8],
    ...Array.from({ length: 30 }, (_, n) => [10 + n, `绿园${n}号`, null, null, null, `G${n}`, 1.2, 0.2, 8]),
  ],
  grids: [
    { id: 7, code: '140499001001001', name: null, label: [0.5, 0.5], outline: square(0, 0, 1) },
    { id: 8, code: '140499001001002', name: '东片', label: [1.5, 0.5], outline: square(1, 0, 1) },
  ],
};

test('first letters find a building, with its grid', () => {
  const [found] = searchIn(PACK, 'GCX');

  assert.equal(found.id, 1);
  assert.deepEqual(found.grid, { id: 7, code: '140499001001001' });
  assert.ok(!('initials' in found));
});

test('pinyin is found with and without blanks', () => {
  assert.equal(searchIn(PACK, 'guangchang xi')[0].id, 1);
  assert.equal(plain("Xi'an Lü"), 'xianlv');
});

test('an address that begins so comes before one that holds it', () => {
  assert.deepEqual(
    searchIn(PACK, '长安路5').map(one => one.id),
    [1],
  );
  const ids = searchIn(PACK, '5号').map(one => one.id);
  assert.ok(ids.includes(1) && ids.includes(2));
  assert.ok(!ids.includes(10));
});

test('no question lists more than ten, and none without words anything', () => {
  assert.equal(searchIn(PACK, '绿园').length, 10);
  for (const words of ['', ' ', '%', '%%', '__', '1', '。。']) assert.equal(searchIn(PACK, words), null);
});

test('a grid is found by its code and name', () => {
  assert.equal(searchIn(PACK, '140499001001002')[0].kind, 'grid');
  assert.equal(searchIn(PACK, '东片')[0].grid.id, 8);
});

test('a point lies in one grid or none', () => {
  assert.equal(gridAt(PACK, 0.25, 0.75).id, 7);
  assert.equal(gridAt(PACK, 1.25, 0.75).id, 8);
  assert.equal(gridAt(PACK, 2.25, 0.75), null);
});

test('tiles cover a box on each zoom', () => {
  const tiles = tilesOver([113.1, 36.18, 113.104, 36.184], 14, 16);

  assert.ok(tiles.some(([z]) => z === 14) && tiles.some(([z]) => z === 16));
  assert.ok(tiles.length <= 1 * 4 + 4 + 9);
});
