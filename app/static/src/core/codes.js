/** Codes of grids, shorter where there is little room. */

/**
 * What takes off the codes' common beginning, three digits at a time, for that is how codes are made. What begins
 * otherwise, as the name of a polygon in a file, stays as it is.
 *
 * @param {string[]} codes
 * @returns {(code: string) => string}
 */
export function shortener(codes) {
  if (!codes.length) return code => code;
  let same = Math.max(0, Math.min(...codes.map(code => code.length)) - 3);
  const shared = () => codes.every(code => code.startsWith(codes[0].slice(0, same)));
  while (same > 0 && !(same % 3 === 0 && shared())) same -= 1;
  const start = codes[0].slice(0, same);
  return code => (code.startsWith(start) ? code.slice(same) : code);
}
