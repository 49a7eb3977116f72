import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { CLASS_FILLS, PALETTES } from '../../app/static/src/core/colours.js';

const TOKENS = readFileSync(new URL('../../app/static/css/tokens.css', import.meta.url), 'utf8');
const SHARED = ['land', 'water', 'green', 'building', 'text', 'muted', 'accent'];

/** Light and dark value of a custom property. */
function token(name) {
  const said = TOKENS.match(new RegExp(`--${name}: (?:light-dark\\((#\\w+), (#\\w+)\\)|(#\\w+));`));
  return [said[1] ?? said[3], said[2] ?? said[3]];
}

/** Relative luminance as WCAG 2 defines it. */
function luminance(colour) {
  const parts = [1, 3, 5].map(at => parseInt(colour.slice(at, at + 2), 16) / 255);
  const [r, g, b] = parts.map(part => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

test('the map and the page have the same colours', () => {
  for (const name of SHARED) assert.deepEqual([PALETTES.light[name], PALETTES.dark[name]], token(name), name);
  CLASS_FILLS.forEach((fill, number) => assert.equal(fill, token(`class-${number}`)[0]));
});

test('text is told from what it stands on, in light and dark', () => {
  for (const ink of ['text', 'muted', 'accent', 'danger', 'warn', 'too-few', 'too-many']) {
    for (const ground of ['panel', 'sunken']) {
      token(ink).forEach((colour, theme) =>
        assert.ok(
          contrast(colour, token(ground)[theme]) >= 4.5,
          `${ink} on ${ground}: ${contrast(colour, token(ground)[theme])}`,
        ),
      );
    }
  }
});

test('names on the map are told from the ground', () => {
  for (const palette of Object.values(PALETTES)) {
    for (const ink of ['text', 'muted', 'waterText', 'greenText', 'compound', 'micro', 'sketch']) {
      assert.ok(
        contrast(palette[ink], palette.land) >= 4.5,
        `${ink}: ${contrast(palette[ink], palette.land)}`,
      );
    }
  }
});
