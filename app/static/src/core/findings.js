/** What snapping a grid layer took: its findings in the order in which a person looks at them. */

/** Kinds, the gravest first. */
export const KINDS = ['cut', 'uncovered', 'doubled', 'torn', 'divided', 'lost', 'renumbered'];

/**
 * Kinds that have findings, with how many there are and those that the report lists.
 *
 * @param {{counts: Record<string, number>, found: Record<string, object[]>}} report
 * @returns {{kind: string, count: number, rows: object[]}[]}
 */
export function groupsOf({ counts, found }) {
  return KINDS.filter(kind => counts[kind] > 0).map(kind => ({
    kind,
    count: counts[kind],
    rows: found[kind],
  }));
}

/** The border of a box as a feature that the map draws. @param {number[]} bbox west, south, east, north */
export function frameOf([west, south, east, north]) {
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  return {
    type: 'Feature',
    properties: { role: 'ring' },
    geometry: { type: 'LineString', coordinates: ring },
  };
}
