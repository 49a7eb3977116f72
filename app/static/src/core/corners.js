/** An outline as somebody writes it or pastes it: a corner a line, or GeoJSON. */
import { faultOf, withCorner } from './polygon.js';

const NOTHING = Object.freeze([]);

/**
 * @param {string} words "116.3912 39.9051" line by line (a comma between is as good), or GeoJSON of one polygon
 * @returns {{polygon: object | null, fault: 'none' | 'unread' | 'corners' | 'crosses' | 'small' | null}} degrees;
 *   fault: nothing was written, it is no outline, or why it cannot be closed; null where it can
 */
export function outlineOf(words) {
  const written = words.trim();
  if (!written) return { polygon: null, fault: 'none' };
  const corners = written.startsWith('{') ? ofGeoJson(written) : ofLines(written);
  if (!corners) return { polygon: null, fault: 'unread' };
  const fault = faultOf(corners);
  if (fault) return { polygon: null, fault };
  return { polygon: { type: 'Polygon', coordinates: [[...corners, corners[0]]] }, fault: null };
}

function ofLines(written) {
  const rows = written.split(/[\n;；]+/).filter(row => row.trim());
  return cornersOf(
    rows.map(row =>
      row
        .trim()
        .split(/[\s,，]+/)
        .map(Number),
    ),
  );
}

/** The outer ring of a polygon, of a feature, or of a collection of one; holes are left out. */
function ofGeoJson(written) {
  let said;
  try {
    said = JSON.parse(written);
  } catch {
    return null; // told as 'unread'
  }
  const feature = said.type === 'FeatureCollection' && said.features?.length === 1 ? said.features[0] : said;
  const shape = feature?.geometry ?? feature;
  if (shape?.type !== 'Polygon' || !Array.isArray(shape.coordinates?.[0])) return null;
  return cornersOf(shape.coordinates[0]);
}

/** Corners without the repeated first one; null where one is no place on the earth. */
function cornersOf(pairs) {
  const isPlace = pair =>
    Array.isArray(pair) && pair.length >= 2 && Math.abs(pair[0]) <= 180 && Math.abs(pair[1]) <= 90;
  if (!pairs.every(isPlace)) return null;
  const corners = pairs.reduce((ring, [lon, lat]) => withCorner(ring, [lon, lat]), NOTHING);
  const [first, last] = [corners[0], corners.at(-1)];
  const isClosed = corners.length > 1 && first[0] === last[0] && first[1] === last[1];
  return isClosed ? corners.slice(0, -1) : corners;
}
