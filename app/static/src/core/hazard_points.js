/**
 * Open hazards as the map's source takes them: one feature a hazard, or one a cell where there are too many.
 *
 * Every feature says `n` hazards, `worst` severity and `late`, how many are overdue; a single hazard says the rest too.
 */

/** What a cluster says of its features, in MapLibre's words. */
export const OF_CLUSTERS = {
  n: ['+', ['get', 'n']],
  worst: ['max', ['get', 'worst']],
  late: ['+', ['get', 'late']],
};

const GRAVE = 3;

/**
 * @param {{points: object[], cells: object[]}} found as the API tells it
 * @param {(kind: string) => string} markOf a letter or two for a kind
 */
export function hazardFeatures({ points, cells }, markOf) {
  const feature = ({ lon, lat }, properties) => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [lon, lat] },
    properties,
  });
  return {
    type: 'FeatureCollection',
    features: [
      ...points.map(one =>
        feature(one, {
          ...one,
          n: 1,
          worst: one.severity,
          late: one.overdue ? 1 : 0,
          mark: markOf(one.kind) + (one.severity === GRAVE ? '!' : ''),
        }),
      ),
      ...cells.map(cell =>
        feature(cell, { n: cell.hazards, worst: cell.worst, late: cell.overdue, mark: '' }),
      ),
    ],
  };
}

/** The mark of a kind that has none of its own: how its name begins. @param {string} name */
export function firstLetter(name) {
  return ([...name][0] ?? '?').toLocaleUpperCase();
}

/**
 * The hazards among what was pressed, each once, what is overdue first, then the worst; empty where only
 * clusters and cells lie there.
 *
 * @param {{properties: object}[]} features
 */
export function pressedHazards(features) {
  const byId = new Map(
    features
      .map(({ properties }) => properties)
      .filter(({ id }) => id !== undefined)
      .map(one => [one.id, one]),
  );
  return [...byId.values()].sort(
    (one, other) => other.late - one.late || other.severity - one.severity || one.id - other.id,
  );
}
