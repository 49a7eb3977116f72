/** A grid drawn freely: it gets the plots most of whose ground lies within. */
import { covers } from '../ground.js';
import { NEW } from './divide.js';

const SAMPLES = 6; // points across and down a plot by which its ground is judged

/**
 * @param {object} plan @param {object} ground
 * @param {number[][]} corners [lon, lat] @param {{kind: string, name: string | null}} about
 */
export function drawGrid(plan, ground, corners, { kind, name }) {
  const moves = Object.fromEntries(plotsWithin(ground, corners).map(id => [id, [plan.gridOf(id), NEW]]));
  return {
    kind: 'draw',
    moves,
    grids: { [NEW]: { kind, name } },
    parameters: { polygon: [...corners, corners[0]] },
  };
}

/** Plots of which at least half of the ground lies within a polygon. @returns {number[]} */
export function plotsWithin(ground, corners) {
  if (corners.length < 3) return [];
  const area = areaOf(corners);
  return ground
    .plotsIn(area.bbox)
    .filter(plot => shareWithin(plot, area) >= 0.5)
    .map(({ id }) => id);
}

function areaOf(corners) {
  const [lons, lats] = [0, 1].map(axis => corners.map(corner => corner[axis]));
  return {
    rings: [corners.flat()],
    bbox: [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)],
  };
}

/** The share (0–1) of a plot's ground within an area, by points upon it. */
function shareWithin(plot, area) {
  const [west, south, east, north] = plot.bbox;
  let [on, within] = [0, 0];
  for (let x = 0.5; x < SAMPLES; x++) {
    for (let y = 0.5; y < SAMPLES; y++) {
      const [lon, lat] = [west + ((east - west) * x) / SAMPLES, south + ((north - south) * y) / SAMPLES];
      if (!covers(plot, lon, lat)) continue;
      on += 1;
      if (covers(area, lon, lat)) within += 1;
    }
  }
  return on ? within / on : Number(covers(area, ...plot.point));
}
