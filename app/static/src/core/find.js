/** Finding a building among those a phone has with it, by whatever somebody knows of it. */

/**
 * Buildings that answer to what was typed, the best first; all of them for nothing typed.
 *
 * Code, name, address, pinyin with or without spaces, initials: `words` has each on a line, in small letters.
 * Chinese counts from anywhere, letters and digits from the beginning of a line first.
 *
 * @param {{words: string}[]} buildings
 * @param {string} typed
 */
export function found(buildings, typed) {
  const [plain, joined] = [typed.trim().toLowerCase().replace(/\s+/gu, ' '), joinedUp(typed)];
  if (!joined) return [...buildings];
  return buildings
    .map(building => ({ building, rank: rankOf(building.words.split('\n'), plain, joined) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((one, other) => one.rank - other.rank)
    .map(({ building }) => building);
}

function rankOf(lines, plain, joined) {
  let best = Infinity;
  for (const line of lines) {
    const whole = joinedUp(line);
    if (whole === joined) best = Math.min(best, 0);
    else if (whole.startsWith(joined)) best = Math.min(best, 1);
    else if (line.includes(` ${plain}`)) best = Math.min(best, 2);
    else if (whole.includes(joined)) best = Math.min(best, 3);
  }
  return best;
}

function joinedUp(text) {
  return text.toLowerCase().replace(/[\s'’·-]/gu, '');
}
