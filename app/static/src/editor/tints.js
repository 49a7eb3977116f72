/** What colour a grid has: by load, coordinator, vacancy or compactness. */
import { CLASS_FILLS } from '../core/colours.js';
import { isSpecial } from '../core/slots.js';
import { classOf, loadOf } from './figures.js';

export const TINTS = ['load', 'coordinator', 'vacancy', 'compactness'];

/** Okabe–Ito without black; neighbours of one colour are told apart by their borders and labels. */
const MANY = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7'];
const VACANT = '#d55e00';

/** Colours of compactness, and from which on each but the first holds. */
export const ROUND = ['#b35806', '#f1a340', '#fee0b6', '#d1e5f0', '#67a9cf', '#2166ac']; // from ribbons to circles
export const ROUNDER_FROM = [0.2, 0.3, 0.4, 0.5, 0.6];

/**
 * @param {string} by one of TINTS
 * @param {object} grid of a plan @param {object} band of the plan @param {object} palette of the map
 * @param {(grid: object) => object | null} answersFor who would answer for it
 * @returns {{fill: string, tint: number}}
 */
export function tintOf(by, grid, band, palette, answersFor) {
  const plain = fill => ({ fill, tint: palette.fillOpacity });
  if (by === 'coordinator') {
    const person = answersFor(grid);
    return person
      ? plain(MANY[hashOf(String(person.id ?? person.name)) % MANY.length])
      : plain(palette.uninhabited);
  }
  if (by === 'vacancy')
    return answersFor(grid) ? { fill: palette.land, tint: palette.neutralOpacity } : plain(VACANT);
  if (by === 'compactness') return plain(ROUND[ROUNDER_FROM.filter(from => roundness(grid) >= from).length]);
  if (isSpecial(grid)) return { fill: palette.sketch, tint: palette.specialOpacity };
  if (!grid.households) return plain(palette.uninhabited);
  const number = classOf(loadOf(grid), band);
  return { fill: CLASS_FILLS[number + 3], tint: number === 0 ? palette.neutralOpacity : palette.fillOpacity };
}

function roundness({ area_m2, perimeter_m }) {
  return perimeter_m > 0 ? (4 * Math.PI * area_m2) / perimeter_m ** 2 : 0;
}

function hashOf(words) {
  let hash = 7;
  for (const letter of words) hash = (hash * 31 + letter.codePointAt(0)) % 65_521;
  return hash;
}
