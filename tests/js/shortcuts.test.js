import assert from 'node:assert/strict';
import test from 'node:test';
import {
  SHORTCUTS,
  actOf,
  letterOf,
  singlesOn,
  switchSingles,
  takesText,
} from '../../app/static/src/core/shortcuts.js';

/** A key as the browser tells it: 'Ctrl+Shift+Z', '?', 'n'. */
function press(keys) {
  const parts = keys.split('+');
  const key = parts.at(-1);
  return {
    key,
    ctrlKey: parts.includes('Ctrl'),
    metaKey: parts.includes('Cmd'),
    altKey: parts.includes('Alt'),
    shiftKey: parts.includes('Shift'),
  };
}

test('letters choose tools, in either case where Caps Lock is on', () => {
  assert.equal(actOf(press('b')), 'border');
  assert.equal(actOf(press('X')), 'split');
  assert.equal(actOf(press('q')), null);
});

test('Shift+N goes back where N goes on, and other letters with Shift do nothing', () => {
  assert.equal(actOf(press('n')), 'problem-next');
  assert.equal(actOf(press('Shift+N')), 'problem-previous');
  assert.equal(actOf(press('Shift+B')), null);
});

test('undo and redo come with Ctrl or Command', () => {
  assert.equal(actOf(press('Ctrl+z')), 'undo');
  assert.equal(actOf(press('Cmd+Shift+Z')), 'redo');
  assert.equal(actOf(press('Ctrl+y')), 'redo');
  assert.equal(actOf(press('Ctrl+b')), null);
  assert.equal(actOf(press('Alt+z')), null);
});

test('with single letters off, keys that are no letters still work', () => {
  const off = { singles: false };

  assert.equal(actOf(press('b'), off), null);
  assert.equal(actOf(press('?'), off), null);
  assert.equal(actOf(press('Enter'), off), 'accept');
  assert.equal(actOf(press('Ctrl+z'), off), 'undo');
  assert.equal(actOf(press('ArrowLeft'), off), 'step');
});

test('every act has one line in the help, and every single key its act', () => {
  const acts = SHORTCUTS.map(({ act }) => act);

  assert.equal(new Set(acts).size, acts.length);
  for (const { act, keys, single } of SHORTCUTS) if (single) assert.equal(actOf(press(keys.join('+'))), act);
});

test('a tool is shown with its letter, where it has one', () => {
  assert.equal(letterOf('run'), 'R');
  assert.equal(letterOf('street'), undefined);
  assert.equal(letterOf('undo'), undefined);
});

test('keys pressed where text is written are for the text', () => {
  assert.ok(takesText({ tagName: 'INPUT', type: 'search' }));
  assert.ok(takesText({ tagName: 'SELECT' }));
  assert.ok(!takesText({ tagName: 'INPUT', type: 'checkbox' }));
  assert.ok(!takesText({ tagName: 'BUTTON' }));
});

test('the switch for single letters is remembered, and is on until it is switched off', () => {
  const kept = new Map();
  const storage = {
    getItem: name => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, value),
  };

  assert.ok(singlesOn(storage));
  switchSingles(false, storage);
  assert.ok(!singlesOn(storage));
  switchSingles(true, storage);
  assert.ok(singlesOn(storage));
});
