/** What things are called, in the language of the page. */
import { nameIn, shortNameIn } from '../core/names.js';
import { language, t } from '../words.js';

const NUMBERED = /^#(\d+)$/; // a plan nobody named

/** A name in the script the person reads; '' where there is none. */
export function nameOf(thing) {
  return nameIn(thing, language);
}

/** The same of a community, without the word for community. */
export function shortNameOf(place) {
  return shortNameIn(place, language);
}

/** "Plan 3", or as it was named. */
export function titleOf(plan) {
  const [, number] = NUMBERED.exec(plan.name) ?? [];
  return number ? t('plan-numbered', { number }) : plan.name;
}

/** What sort of compound it is, as a word. */
export function kindOf(compound) {
  return t('compound-kind', { kind: (compound.kind ?? 'other').replaceAll(' ', '-') });
}
