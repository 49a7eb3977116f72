/**
 * Colours of heat: red, green, blue and opacity from the faintest to the most, as app/services/heat_picture.py draws
 * them (a test compares the two). One hue for density, two for a difference.
 */
export const RAMPS = {
  light: [
    [254, 217, 166, 0.35],
    [253, 174, 97, 0.7],
    [230, 106, 36, 0.82],
    [166, 54, 3, 0.9],
    [89, 24, 4, 0.94],
  ],
  dark: [
    [87, 16, 110, 0.45],
    [153, 42, 99, 0.72],
    [214, 77, 58, 0.84],
    [249, 149, 10, 0.9],
    [252, 245, 165, 0.94],
  ],
};

/** Less than before, no change, more than before. */
export const CHANGES = {
  light: [
    [33, 102, 172, 0.92],
    [103, 169, 207, 0.75],
    [247, 247, 247, 0],
    [241, 163, 64, 0.75],
    [179, 88, 6, 0.92],
  ],
  dark: [
    [103, 169, 207, 0.95],
    [62, 120, 168, 0.75],
    [58, 64, 71, 0],
    [200, 124, 40, 0.75],
    [250, 190, 110, 0.95],
  ],
};

/** As CSS and the map have it. @param {number[]} colour red, green, blue, opacity */
export function rgba([red, green, blue, opacity]) {
  return `rgba(${red}, ${green}, ${blue}, ${opacity})`;
}

const FADING_PERCENT = 16; // of the scale, over which heat comes out of nothing

/** A gradient from the first to the last. @param {number[][]} colours */
export function gradient(colours) {
  return `linear-gradient(to right, ${colours.map(rgba).join(', ')})`;
}

/** The same for density, which begins without an edge. @param {number[][]} colours */
export function heatGradient(colours) {
  const [first, second] = colours;
  const share = (FADING_PERCENT / 100) * (colours.length - 1);
  const faded = first.map((value, at) => value + (second[at] - value) * share);
  const stops = [
    `${rgba([...first.slice(0, 3), 0])} 0%`,
    `${rgba(faded)} ${FADING_PERCENT}%`,
    ...colours.slice(1).map((colour, at) => `${rgba(colour)} ${(100 * (at + 1)) / (colours.length - 1)}%`),
  ];
  return `linear-gradient(to right, ${stops.join(', ')})`;
}

/**
 * Where a density stands on the scale, 0–1: by the square root, as pictures are coloured.
 *
 * @param {number} density @param {number} top what has the strongest colour
 */
export function placeOnScale(density, top) {
  return Math.sqrt(Math.min(1, Math.max(0, density / top)));
}

/**
 * Which of the five colours of a difference: 0 far less … 2 no change … 4 far more. Half of the most is far.
 *
 * @param {number} difference @param {number} most the largest, up or down
 */
export function changeClass(difference, most) {
  if (!difference || !most) return 2;
  const isFar = Math.abs(difference) > most / 2;
  return difference < 0 ? (isFar ? 0 : 1) : isFar ? 4 : 3;
}
