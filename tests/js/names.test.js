import assert from 'node:assert/strict';
import test from 'node:test';
import { nameIn, shortNameIn } from '../../app/static/src/core/names.js';

const COMMUNITY = { name: '兰湖苑社区', name_pinyin: 'Lanhuyuan Shequ' };

test('a name is in Latin letters for readers of English where those are known, else as it is written', () => {
  assert.equal(nameIn(COMMUNITY, 'en'), 'Lanhuyuan Shequ');
  assert.equal(nameIn(COMMUNITY, 'zh'), '兰湖苑社区');
  assert.equal(nameIn({ name: 'Снежинск', name_pinyin: null }, 'en'), 'Снежинск');
  assert.equal(nameIn({}, 'en'), '');
});

test('where there is little room a community goes without the word for it', () => {
  assert.equal(shortNameIn(COMMUNITY, 'en'), 'Lanhuyuan');
  assert.equal(shortNameIn(COMMUNITY, 'zh'), '兰湖苑');
  assert.equal(shortNameIn({ name: 'Monaco' }, 'zh'), 'Monaco');
});
