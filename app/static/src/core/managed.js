/** Which places are a manager's: those of his roles and all beneath them. */
import { nameIn } from './names.js';

/**
 * @param {{code: string, parent: string | null}[]} places as the API tells them
 * @param {(string | null)[]} paths of the person's roles as manager, as in "140499.140499001"
 * @returns {(code: string) => boolean}
 */
export function managedPlaces(places, paths) {
  const byCode = new Map(places.map(place => [place.code, place]));
  const own = new Set(paths.filter(Boolean).map(path => path.split('.').at(-1)));
  return code => {
    for (let place = byCode.get(code); place; place = byCode.get(place.parent))
      if (own.has(place.code)) return true;
    return false;
  };
}

/** A place's name as the language has it. */
export function placeName(place, language) {
  return nameIn(place, language);
}
