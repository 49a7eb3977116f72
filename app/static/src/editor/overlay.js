/**
 * What changes under the hand, drawn beside the map instead of by it. The map takes as long to draw one plot anew as
 * to draw everything in sight; a drag cannot wait for that. So the plots that would change hands and their borders
 * are drawn here at once, on a canvas over the map, and the map follows when the hand lets go (`drawing.js`).
 */
import { el } from '../frame/dom.js';

const WIDTH = { border: 4, ghost: 1.4 };
const DASHES = [5, 4];
const HATCH = { changed: [9, 1.2], forbidden: [6, 2.2] }; // pixels apart, and how wide

/** @param {object} map of MapLibre */
export function makeOverlay(map) {
  const canvas = el('canvas', { class: 'edit-overlay', 'aria-hidden': 'true' });
  const pen = canvas.getContext('2d');
  let isEmpty = true;
  map.getCanvasContainer().append(canvas);
  fit();
  map.on('resize', fit);
  map.on('move', clear); // what was drawn lies elsewhere now

  function fit() {
    const { clientWidth: width, clientHeight: height } = map.getContainer();
    const density = devicePixelRatio || 1;
    [canvas.width, canvas.height] = [width * density, height * density];
    [canvas.style.width, canvas.style.height] = [`${width}px`, `${height}px`];
    pen.setTransform(density, 0, 0, density, 0, 0);
    isEmpty = true;
  }

  function clear() {
    if (isEmpty) return;
    pen.clearRect(0, 0, canvas.width, canvas.height);
    isEmpty = true;
  }

  /**
   * @param {{plots: {rings: number[][], fill: string, tint: number, role: 'changed' | 'forbidden'}[],
   *   borders: number[][][], ghosts: number[][][], ink: string, halo: string, danger: string}} picture
   *   rings and lines are [lon, lat, lon, lat, …]
   */
  function draw({ plots, borders, ghosts, ink, halo, danger }) {
    clear();
    isEmpty = false;
    for (const plot of plots) {
      const outline = pathOf(plot.rings, true);
      if (plot.tint) fillWith(outline, plot.fill, plot.tint);
      hatch(outline, plot.role === 'forbidden' ? danger : ink, HATCH[plot.role]);
    }
    stroke(ghosts, halo, WIDTH.border, []);
    stroke(ghosts, ink, WIDTH.ghost, DASHES);
    stroke(borders, halo, WIDTH.border + 3, []);
    stroke(borders, ink, WIDTH.border, []);
  }

  function fillWith(outline, colour, opacity) {
    pen.globalAlpha = opacity;
    pen.fillStyle = colour;
    pen.fill(outline, 'evenodd');
    pen.globalAlpha = 1;
  }

  function hatch(outline, colour, [apart, width]) {
    pen.save();
    pen.clip(outline, 'evenodd');
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    const [west, north, east, south] = outline.box;
    pen.beginPath();
    for (let x = west - ((west + south) % apart) - (south - north); x < east; x += apart) {
      pen.moveTo(x, south);
      pen.lineTo(x + south - north, north);
    }
    pen.stroke();
    pen.restore();
  }

  function stroke(lines, colour, width, dashes) {
    if (!lines.length) return;
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.lineCap = pen.lineJoin = 'round';
    pen.setLineDash(dashes);
    pen.stroke(pathOf(lines, false));
    pen.setLineDash([]);
  }

  function pathOf(lines, isClosed) {
    const path = new Path2D();
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const line of lines) {
      for (let at = 0; at < line.length; at += 2) {
        const { x, y } = map.project([line[at], line[at + 1]]);
        if (at) path.lineTo(x, y);
        else path.moveTo(x, y);
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], y);
      }
      if (isClosed) path.closePath();
    }
    path.box = box;
    return path;
  }

  return { draw, clear };
}
