/** Hatches over grids out of band: lines falling to the right for too few, rising for too many; closer, the further off. */
import { hatchName } from './style.js';

const DENSITY = 2; // pixels of the image for one on the map
const SPACING = [6, 8, 10, 0, 10, 8, 6]; // px between lines
const WIDTH = [2, 1.6, 1.2, 0, 1.2, 1.6, 2];

/**
 * One image for each class out of band, for `map.addImage(name, image, { pixelRatio })`.
 *
 * @param {string[]} inks colour of each class, 0 far too few … 6 far too many
 * @returns {{name: string, image: ImageData, pixelRatio: number}[]}
 */
export function hatches(inks) {
  return inks.map((ink, number) => ({ name: hatchName(number), image: hatch(ink, number), pixelRatio: DENSITY }));
}

function hatch(ink, number) {
  const size = (SPACING[number] || 8) * DENSITY;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (ink) {
    const falling = number < 3;
    pen.strokeStyle = ink;
    pen.lineWidth = WIDTH[number] * DENSITY;
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
