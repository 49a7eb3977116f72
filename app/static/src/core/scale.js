/**
 * The longest length that reads well and is no longer than given: 1, 2 or 5 times a power of ten.
 *
 * @param {number} most in metres
 */
export function niceLength(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  return power * [5, 2, 1].find(first => first * power <= most);
}
