/** Ground that changes hands between two plans, as the map draws it. */

const TONES = 6; // see `tones` in core/colours.js

/**
 * Every polygon in the tone of the grid it goes to, with a point for its label; the most households first.
 *
 * @param {{features: object[]}} found as the API tells it
 * @param {(from: string | null, to: string) => string} titled what stands on it
 */
export function drawn({ features }, titled) {
  const targets = [...new Set(features.map(one => one.properties.to))].sort();
  const ground = features.map(({ geometry, properties: { to } }) => ({
    type: 'Feature',
    geometry,
    properties: { role: 'ground', tone: targets.indexOf(to) % TONES },
  }));
  const labels = features.map(({ properties: { from, to, label } }, rank) => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: label },
    properties: { role: 'label', tone: targets.indexOf(to) % TONES, title: titled(from, to), rank },
  }));
  return { type: 'FeatureCollection', features: [...ground, ...labels] };
}

/** The box around all of it, null where nothing changes hands. @returns {number[] | null} */
export function boundsOf({ features }) {
  if (!features.length) return null;
  const boxes = features.map(one => one.properties.bbox);
  return [0, 1, 2, 3].map(side => Math[side < 2 ? 'min' : 'max'](...boxes.map(box => box[side])));
}
