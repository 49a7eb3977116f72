/**
 * Images of the style. Hatches over grids out of band: lines falling to the right for too few, rising for too
 * many; closer, the further off.
 */
import { hatchName, PLATE, toneName } from './style.js';

const DENSITY = 2; // pixels of the image for one on the map
const SPACING = [6, 8, 10, 0, 10, 8, 6]; // px between lines
const WIDTH = [2, 1.6, 1.2, 0, 1.2, 1.6, 2];

const PLATE_PX = 16,
  CORNER_PX = 5;

/** The plate names of communities stand on; its middle stretches. */
export function plate({ plate: ground, plateLine }) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = PLATE_PX * DENSITY;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  pen.scale(DENSITY, DENSITY);
  pen.fillStyle = ground;
  pen.strokeStyle = plateLine;
  pen.beginPath();
  pen.roundRect(0.5, 0.5, PLATE_PX - 1, PLATE_PX - 1, CORNER_PX);
  pen.fill();
  pen.stroke();
  const middle = [[(CORNER_PX + 1) * DENSITY, (PLATE_PX - CORNER_PX - 1) * DENSITY]];
  const image = pen.getImageData(0, 0, canvas.width, canvas.height);
  return { name: PLATE, image, options: { pixelRatio: DENSITY, stretchX: middle, stretchY: middle } };
}

/**
 * One image for each class out of band, for `map.addImage(name, image, { pixelRatio })`.
 *
 * @param {string[]} inks colour of each class, 0 far too few … 6 far too many
 * @returns {{name: string, image: ImageData, options: {pixelRatio: number}}[]}
 */
export function hatches(inks) {
  return inks.map((ink, number) => ({
    name: hatchName(number),
    image: hatch(ink, number),
    options: { pixelRatio: DENSITY },
  }));
}

/** One image for each tone of ground that changes hands; every other one falls. @param {string[]} tones */
export function toneHatches(tones) {
  return tones.map((ink, number) => ({
    name: toneName(number),
    image: lines(ink, { spacing: 9, width: 1.8, falling: number % 2 === 1 }),
    options: { pixelRatio: DENSITY },
  }));
}

function hatch(ink, number) {
  return lines(ink, { spacing: SPACING[number] || 8, width: WIDTH[number], falling: number < 3 });
}

function lines(ink, { spacing, width, falling }) {
  const size = spacing * DENSITY;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (ink) {
    pen.strokeStyle = ink;
    pen.lineWidth = width * DENSITY;
    pen.lineCap = 'square';
    for (const shift of [-size, 0, size]) {
      pen.beginPath();
      pen.moveTo(shift, falling ? 0 : size);
      pen.lineTo(shift + size, falling ? size : 0);
      pen.stroke();
    }
  }
  return pen.getImageData(0, 0, size, size);
}
