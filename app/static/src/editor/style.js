/**
 * How plots and borders are drawn from close by: pure layers of the map's style. What changes under the pointer is
 * feature state (`fill`, `tint` of a plot, `border` of a line two plots share), so a plot that changes hands costs no
 * new geometry.
 */

export const NEAR_ZOOM = 14; // from here on plots are drawn; before it the plan's tiles

/** What a line that two plots share is. */
export const BORDER = { none: 0, grid: 1, chosen: 2, moved: 3, between: 4 };

export const CHANGED = 'edit-changed',
  FORBIDDEN = 'edit-forbidden';

const TROUBLE = '#c8452f'; // what stands in the way, on light ground and dark
const NOTHING = { type: 'FeatureCollection', features: [] };
const SOURCES = ['edit-plots', 'edit-lines', 'edit-hatched', 'edit-handles'];

export function editSources() {
  const finely = { type: 'geojson', data: NOTHING, tolerance: 0.2, maxzoom: 17 };
  return Object.fromEntries(SOURCES.map(name => [name, finely]));
}

/** @returns {{before: string, layer: object}[]} layers, and above which layer of the map each one comes not */
export function editLayers(palette) {
  const border = ['coalesce', ['feature-state', 'border'], 0];
  const near = { minzoom: NEAR_ZOOM };
  const lines = {
    source: 'edit-lines',
    type: 'line',
    ...near,
    layout: { 'line-join': 'round', 'line-cap': 'round' },
  };
  const width = (...stops) => ['interpolate', ['linear'], ['zoom'], ...stops];
  const of = (choices, otherwise) => ['match', border, ...choices, otherwise];
  const { grid, chosen, moved, none, between } = BORDER;
  const hatch = (id, role) => ({
    id,
    source: 'edit-hatched',
    type: 'fill',
    ...near,
    filter: ['==', ['get', 'role'], role],
    paint: { 'fill-pattern': id },
  });
  return [
    {
      before: 'compound',
      layer: {
        id: 'edit-plot',
        source: 'edit-plots',
        type: 'fill',
        ...near,
        paint: {
          'fill-color': ['to-color', ['coalesce', ['feature-state', 'fill'], palette.land]],
          'fill-opacity': ['coalesce', ['feature-state', 'tint'], 0],
          'fill-antialias': false,
        },
      },
    },
    { before: 'compound', layer: hatch(CHANGED, 'changed') },
    { before: 'compound', layer: hatch(FORBIDDEN, 'forbidden') },
    {
      before: 'compound',
      layer: {
        ...lines,
        id: 'edit-plot-line',
        paint: {
          'line-color': palette.plot,
          'line-opacity': width(14, 0.35, 16, 0.6),
          'line-width': width(14, of([none, 0.4], 0), 17, of([none, 1], 0)),
          'line-dasharray': [3, 2.4],
        },
      },
    },
    {
      before: 'place-band',
      layer: {
        ...lines,
        id: 'edit-border-halo',
        paint: {
          'line-color': palette.accentHalo,
          'line-opacity': 0.28,
          'line-width': width(14, of([chosen, 8, between, 12], 0), 17, of([chosen, 12, between, 18], 0)),
          'line-blur': 5,
        },
      },
    },
    {
      before: 'place-band',
      layer: {
        ...lines,
        id: 'edit-border',
        paint: {
          'line-color': of([chosen, palette.accent, between, palette.accent], palette.outline),
          'line-width': width(
            14,
            of([grid, 1.5, chosen, 2.2, between, 4], 0),
            17,
            of([grid, 2.6, chosen, 3, between, 6], 0),
          ),
        },
      },
    },
    {
      before: 'place-band',
      layer: {
        ...lines,
        id: 'edit-ghost',
        layout: { 'line-join': 'round' },
        paint: {
          'line-color': palette.text,
          'line-opacity': 0.75,
          'line-width': width(14, of([moved, 1.4], 0), 17, of([moved, 2.4], 0)),
          'line-dasharray': [1.5, 1.8],
        },
      },
    },
    {
      before: 'sketch-special',
      layer: {
        id: 'edit-handle',
        source: 'edit-handles',
        type: 'circle',
        ...near,
        paint: {
          'circle-radius': ['case', ['==', ['get', 'role'], 'cursor'], 9, 6.5],
          'circle-color': [
            'match',
            ['get', 'role'],
            'cursor',
            palette.accent,
            'trouble',
            TROUBLE,
            palette.halo,
          ],
          'circle-stroke-color': ['case', ['==', ['get', 'role'], 'cursor'], palette.halo, palette.accent],
          'circle-stroke-width': 2.5,
        },
      },
    },
  ];
}

/** The map's style with what the editor drew into the former one. For `makeMap`'s `carry`. */
export function carriedBy(paletteNow) {
  return (before, next) => {
    if (!before?.sources?.['edit-plots']) return next;
    const kept = Object.fromEntries(SOURCES.map(name => [name, before.sources[name]]));
    const layers = [...next.layers];
    for (const { before: above, layer } of editLayers(paletteNow())) {
      const at = layers.findIndex(one => one.id === above);
      layers.splice(at < 0 ? layers.length : at, 0, layer);
    }
    return { ...next, sources: { ...next.sources, ...kept }, layers };
  };
}
