/** Households as they are told: of who only looks some are withheld, and come as null. */
import { formats } from '../core/formats.js';
import { locale, t } from '../words.js';

const format = formats(locale);

/** "312 households", or that it is not told. @param {number | null} n */
export function householdsOf(n) {
  return n === null ? t('households-untold') : t('grid-households', { n });
}

/** The sentence `told`, or where households are null the one that does without. @param {object} facts */
export function toldWith(told, untold, facts) {
  const { households } = facts;
  return households === null ? t(untold, facts) : t(told, { ...facts, households: format.count(households) });
}

/** "312", or that it is not told. @param {number | null} n */
export function countOfHouseholds(n) {
  return n === null ? t('households-untold') : format.count(n);
}
