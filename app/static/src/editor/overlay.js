/**
 * What changes under the hand, drawn beside the map instead of by it. The map takes as long to draw one plot anew as
 * to draw everything in sight; a drag cannot wait for that. So the plots that would change hands and their borders
 * are drawn here at once, on a canvas over the map, and the map follows when the hand lets go (`drawing.js`).
 */
import { el } from '../frame/dom.js';

const WIDTH = { border: 4, ghost: 1.4 };
const DASHES = [5, 4];
const EDGE_PX = 8; // beyond the middle of a line
const STEP_PX = 128; // the canvas grows by so much at once, for a new size costs a new canvas
const NOTHING = Object.freeze([0, 0, 0, 0]);
const HATCH = { changed: [9, 1.2], forbidden: [6, 2.2] }; // pixels apart, and how wide

/** @param {object} map of MapLibre */
export function makeOverlay(map) {
  const canvas = el('canvas', { class: 'edit-overlay', 'aria-hidden': 'true' });
  const pen = canvas.getContext('2d');
  let isEmpty = true,
    covered = NOTHING; // of the map, in pixels: west, north, east, south
  map.getCanvasContainer().append(canvas);
  map.on('resize', clear);
  map.on('move', clear); // what was drawn lies elsewhere now

  function clear() {
    wipe();
    covered = NOTHING; // what is drawn next may be small
  }

  function wipe() {
    if (isEmpty) return;
    const [west, north, east, south] = covered;
    pen.clearRect(west, north, east - west, south - north);
    isEmpty = true;
  }

  /**
   * Lay the canvas over a box. It is no larger than what is drawn, for the browser puts all that a canvas
   * covers together anew with the map below; and it stays where the box lies in what it covers.
   */
  function cover(box) {
    const [west, north, east, south] = covered;
    if (box[0] >= west && box[1] >= north && box[2] <= east && box[3] <= south) return wipe();
    covered = box;
    const density = devicePixelRatio || 1;
    const [width, height] = [box[2] - box[0], box[3] - box[1]];
    [canvas.width, canvas.height] = [width * density, height * density]; // empty after that
    [canvas.style.width, canvas.style.height] = [`${width}px`, `${height}px`];
    canvas.style.transform = `translate(${box[0]}px, ${box[1]}px)`;
    pen.setTransform(density, 0, 0, density, -box[0] * density, -box[1] * density);
    isEmpty = true;
  }

  /** The box of paths with their strokes, in whole steps, as far as it is in sight. */
  function boxOf(paths) {
    const { clientWidth, clientHeight } = map.getContainer();
    const least = axis => Math.min(...paths.map(({ box }) => box[axis])) - EDGE_PX;
    const most = axis => Math.max(...paths.map(({ box }) => box[axis])) + EDGE_PX;
    const [west, north] = [0, 1].map(axis => Math.max(0, Math.floor(least(axis) / STEP_PX) * STEP_PX));
    const [east, south] = [clientWidth, clientHeight].map((end, axis) =>
      Math.min(end, Math.ceil(most(axis + 2) / STEP_PX) * STEP_PX),
    );
    return west < east && north < south ? [west, north, east, south] : NOTHING;
  }

  /**
   * @param {{plots: {rings: number[][], fill: string, tint: number, role: 'changed' | 'forbidden'}[],
   *   borders: number[][][], ghosts: number[][][], ink: string, halo: string, danger: string}} picture
   *   rings and lines are [lon, lat, lon, lat, …]
   */
  function draw({ plots, borders, ghosts, ink, halo, danger }) {
    const outlines = plots.map(plot => pathOf(plot.rings, true));
    const [ghost, border] = [pathOf(ghosts, false), pathOf(borders, false)];
    const box = boxOf([...outlines, ghost, border]);
    if (box === NOTHING) return clear();
    cover(box);
    isEmpty = false;
    plots.forEach((plot, at) => {
      if (plot.tint) fillWith(outlines[at], plot.fill, plot.tint);
      hatch(outlines[at], plot.role === 'forbidden' ? danger : ink, HATCH[plot.role]);
    });
    stroke(ghost, halo, WIDTH.border, []);
    stroke(ghost, ink, WIDTH.ghost, DASHES);
    stroke(border, halo, WIDTH.border + 3, []);
    stroke(border, ink, WIDTH.border, []);
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

  function stroke(path, colour, width, dashes) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.lineCap = pen.lineJoin = 'round';
    pen.setLineDash(dashes);
    pen.stroke(path);
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
