/** How far a grid's households are from the band: seven classes from −3 to +3, 0 in band, null where nobody lives. */

/** "few", "many", or "" for a grid in band or without anybody. */
export function side(grid) {
  if (grid.in_band || grid.class === null) return '';
  return grid.class < 0 ? 'few' : 'many';
}

/** ▼ too few, ▲ too many: a sign beside the colour. */
export function sign(grid) {
  return { few: '▼', many: '▲', '': '' }[side(grid)];
}

/** Name of the style class of a swatch: class-0 … class-6, class-7 for nobody. */
export function swatch(deviationClass) {
  return `class-${deviationClass === null ? 7 : deviationClass + 3}`;
}

/** "few", "many" or "" of a number of households. */
export function sideOf(households, { least, most }) {
  if (households < least) return 'few';
  return households > most ? 'many' : '';
}
