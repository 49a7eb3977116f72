/** A small map of what a phone has with it, as paths in metres: no tiles, no library, no signal. */
import { boxOf } from './polygon.js';

const METRES_A_DEGREE = 111_195;

/**
 * @param {{grids: object[], buildings: object[], streets: object[], due: object[]}} pack
 * @returns {{box: number[], grids: string[], streets: string, buildings: {id: number, path: string, due: boolean,
 *   at: number[]}[], place: (lonlat: number[]) => number[]}} box: x, y, width, height
 */
export function drawn(pack) {
  const corners = pack.grids.flatMap(grid => linesOf(grid.outline).flat());
  const points = corners.length ? corners : pack.buildings.map(one => [one.lon, one.lat]);
  const [west, south, east, north] = boxOf(points);
  const narrow = Math.cos((((north + south) / 2) * Math.PI) / 180);
  const place = ([lon, lat]) => [
    Math.round((lon - west) * narrow * METRES_A_DEGREE * 10) / 10,
    Math.round((north - lat) * METRES_A_DEGREE * 10) / 10,
  ];
  const [width, height] = place([east, south]);
  const margin = Math.max(width, height, 50) * 0.04;
  const due = new Set(pack.due.map(one => one.building_id));
  const path = (geometry, close) =>
    linesOf(geometry)
      .map(line => line.map((point, at) => `${at ? 'L' : 'M'}${place(point).join(' ')}`).join('') + close)
      .join('');
  return {
    box: [-margin, -margin, width + 2 * margin, height + 2 * margin],
    grids: pack.grids.map(grid => path(grid.outline, 'Z')),
    streets: pack.streets.map(street => path(street, '')).join(''),
    buildings: pack.buildings.map(one => ({
      id: one.id,
      path: path(one.ground, 'Z'),
      due: due.has(one.id),
      at: place([one.lon, one.lat]),
    })),
    place,
  };
}

/** All lines of a geometry, whatever it is. */
function linesOf({ type, coordinates, geometries }) {
  if (type === 'LineString') return [coordinates];
  if (type === 'MultiLineString' || type === 'Polygon') return coordinates;
  if (type === 'MultiPolygon') return coordinates.flat();
  return type === 'GeometryCollection' ? geometries.flatMap(linesOf) : [];
}
