/**
 * How everything is drawn: one MapLibre style from palette, language and what is hidden. A pure function,
 * so that a change of theme or language is a new style, and the map changes only what differs.
 */
import { CLASS_FILLS, PALETTES } from '../core/colours.js';
import { SPECIALS as SPECIAL_KINDS } from '../core/wishes.js';
import { OF_CLUSTERS } from '../core/hazard_points.js';
import { CHANGES, RAMPS, rgba } from '../core/heat_colours.js';
import { nameExpression, shortNameExpression } from '../core/names.js';

/** Layers a person can switch off, and the style layers each stands for. */
export const LAYERS = {
  grids: ['grid-fill', 'grid-hatch', 'grid-hover', 'grid-hover-line', 'grid-line'],
  labels: ['grid-label'],
  micro: ['micro-grid', 'micro-grid-label'],
  buildings: ['building', 'building-line', 'building-label'],
  plots: ['plot'],
  compounds: ['compound', 'compound-line', 'compound-label'],
  names: ['street-name', 'water-name', 'green-name', 'place-name', 'community-name', 'community-name-near'],
};

/** Without glyph files MapLibre draws letters with the fonts of the system. */
const FONT = ['Noto Sans CJK SC', 'Microsoft YaHei', 'sans-serif'];
const FONT_BOLD = ['Gridkeeper Semibold', ...FONT]; // no such font: the weight is read off the first name, the letters are the next one's

const FIRST_ZOOM = 8,
  LAST_TILES_ZOOM = 17;
const DETAIL_ZOOM = 14;
const LABEL_ZOOMS = [10, 11, 12, 13, 14, 15, 16, 17, 18];
const MICRO_LABEL_ZOOM = 15.5; // numbers of micro-grids have room
const NEAR_ZOOM = 15; // from here on a community's name steps back behind grids and buildings
const CLUSTER_PX = 48,
  CLUSTERS_TO_ZOOM = 16;
const COMMUNITIES = ['==', ['get', 'kind'], 'community'];
const NOTHING = { type: 'FeatureCollection', features: [] };

/** Layers that tell which ground is whose. */
const OF_GRIDS = new Set([
  ...LAYERS.grids,
  ...LAYERS.micro,
  ...LAYERS.plots,
  ...['grid-chosen', 'grid-chosen-halo'],
]);

// What would lie in colours of its own under ground that changes hands.
const COVERED = ['grid-fill', 'grid-hatch'];

/** Name of the image behind names of communities. */
export const PLATE = 'plate';

/**
 * @param {object} wish
 * @param {'light' | 'dark'} wish.theme
 * @param {'en' | 'zh'} wish.language
 * @param {string[]} wish.hide keys of LAYERS
 * @param {string | null} wish.ground address template of the base map's tiles
 * @param {string | null} wish.plan address template of the plan's tiles
 * @param {object} [wish.labels] GeoJSON points with what `labelOf` tells
 * @param {object} [wish.mark] GeoJSON of what a search or list points at
 * @param {object | null} [wish.sketch] GeoJSON of what is being drawn, see `sketchLayers`
 * @param {object | null} [wish.differences] GeoJSON of ground that changes hands, see `core/differences.js`
 * @param {{grids: number[], buildings: number[]} | null} [wish.locked] ids of what stays as it is
 * @param {object | null} [wish.residents] GeoJSON points of counts, see `map/residents.js`
 * @param {object | null} [wish.hazards] GeoJSON points, see `core/hazard_points.js`
 * @param {string} [wish.hazardsLate] the word behind how many of a cluster are overdue
 * @param {string | null} [wish.heat] address template of the heat's tiles
 * @param {object | null} [wish.areas] GeoJSON of areas with `class` (0 for none, −1 where nothing is told), `change`
 *   (true where classes are those of a difference) and `spot` (hot, cold)
 * @param {number | null} [wish.tilesTo] zoom from which on others draw the grids, from plots
 */
export function styleOf({
  theme,
  language,
  hide,
  ground,
  plan,
  labels = NOTHING,
  mark = NOTHING,
  sketch = null,
  differences = null,
  locked = null,
  tilesTo = null,
  residents = null,
  hazards = null,
  hazardsLate = '',
  heat = null,
  areas = null,
}) {
  const palette = PALETTES[theme];
  const hidden = new Set(hide.flatMap(key => LAYERS[key] ?? []));
  if (differences || heat || areas) COVERED.forEach(name => hidden.add(name));
  const sources = {
    ...(ground && { ground: tiles(ground) }),
    ...(plan && { plan: tiles(plan) }),
    labels: { type: 'geojson', data: labels },
    mark: { type: 'geojson', data: mark },
    ...(sketch && { sketch: { type: 'geojson', data: sketch } }),
    ...(differences && { differences: { type: 'geojson', data: differences } }),
    ...(residents && { residents: { type: 'geojson', data: residents } }),
    ...(hazards && { hazards: clustered(hazards) }),
    ...(heat && { heat: { type: 'raster', tiles: [heat], tileSize: 512, maxzoom: LAST_TILES_ZOOM } }),
    ...(areas && { areas: { type: 'geojson', data: areas } }),
  };
  const layers = [
    { id: 'beyond', type: 'background', paint: { 'background-color': palette.beyond } },
    ...groundLayers(palette),
    ...planLayers(palette),
    ...(locked ? lockedLayers(palette, locked) : []),
    ...sketchLayers(palette),
    ...heatLayers(palette, theme),
    ...nameLayers(palette, language),
    ...residentLayers(palette),
    ...labelLayers(palette),
    ...communityLayers(palette, language),
    ...differenceLayers(palette),
    ...markLayers(palette),
    ...hazardLayers(palette, hazardsLate),
  ]
    .filter(layer => !layer.source || sources[layer.source])
    .map(layer => (tilesTo !== null && OF_GRIDS.has(layer.id) ? { ...layer, maxzoom: tilesTo } : layer))
    .filter(({ minzoom = 0, maxzoom = 24 }) => minzoom < maxzoom)
    .map(layer =>
      hidden.has(layer.id) ? { ...layer, layout: { ...layer.layout, visibility: 'none' } } : layer,
    );
  return { version: 8, name: 'gridkeeper', sources, layers, transition: { duration: 0, delay: 0 } };
}

function tiles(address) {
  return { type: 'vector', tiles: [address], minzoom: FIRST_ZOOM, maxzoom: LAST_TILES_ZOOM };
}

function clustered(data) {
  return {
    type: 'geojson',
    data,
    cluster: true,
    clusterRadius: CLUSTER_PX,
    clusterMaxZoom: CLUSTERS_TO_ZOOM,
    clusterProperties: OF_CLUSTERS,
  };
}

/** A width (or other number) that grows by half powers of two between the zooms named. */
function byZoom(...stops) {
  return ['interpolate', ['exponential', 1.5], ['zoom'], ...stops];
}

function linear(...stops) {
  return ['interpolate', ['linear'], ['zoom'], ...stops];
}

function ofKind(choices, otherwise) {
  return ['match', ['get', 'kind'], ...choices, otherwise];
}

/* --- The ground ------------------------------------------------------------------------------- */

function groundLayers(palette) {
  const on = (layer, rest) => ({ source: 'ground', 'source-layer': layer, ...rest });
  const lines = { 'line-cap': 'round', 'line-join': 'round' };
  const street = {
    'line-sort-key': ofKind(['arterial', 3, 'secondary', 2], 1),
    ...lines,
  };
  const width = extra =>
    byZoom(
      9,
      ofKind(['arterial', 0.8 + extra, 'secondary', 0.4], 0),
      13,
      ofKind(['arterial', 3 + extra, 'secondary', 2 + extra], 0.8 + extra / 2),
      16,
      ofKind(['arterial', 10 + extra, 'secondary', 8 + extra], 5 + extra),
      19,
      ofKind(['arterial', 34 + extra, 'secondary', 26 + extra], 18 + extra),
    );
  const inTunnel = ['case', ['to-boolean', ['get', 'tunnel']], 0.35, 1];
  return [
    on('place', { id: 'land', type: 'fill', paint: { 'fill-color': palette.land, 'fill-antialias': false } }),
    on('green', { id: 'green', type: 'fill', paint: { 'fill-color': palette.green } }),
    on('water', {
      id: 'water',
      type: 'fill',
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': palette.water },
    }),
    on('water', {
      id: 'water-line',
      type: 'line',
      filter: ['==', ['geometry-type'], 'LineString'],
      layout: lines,
      paint: { 'line-color': palette.water, 'line-width': byZoom(11, 0.8, 15, 3, 18, 10) },
    }),
    on('building', {
      id: 'building',
      type: 'fill',
      minzoom: DETAIL_ZOOM,
      paint: { 'fill-color': palette.building, 'fill-opacity': linear(14, 0.55, 15, 1) },
    }),
    on('building', {
      id: 'building-line',
      type: 'line',
      minzoom: 15,
      paint: { 'line-color': palette.buildingLine, 'line-width': linear(15, 0.4, 18, 1.2) },
    }),
    on('street', {
      id: 'street-casing',
      type: 'line',
      layout: street,
      paint: { 'line-color': palette.streetCasing, 'line-width': width(1.6), 'line-opacity': inTunnel },
    }),
    on('street', {
      id: 'street',
      type: 'line',
      layout: street,
      minzoom: 12,
      paint: { 'line-color': palette.street, 'line-width': width(0), 'line-opacity': inTunnel },
    }),
    on('railway', {
      id: 'railway',
      type: 'line',
      paint: { 'line-color': palette.railway, 'line-width': byZoom(10, 1, 16, 3, 19, 6) },
    }),
    on('railway', {
      id: 'railway-ties',
      type: 'line',
      minzoom: 13,
      paint: {
        'line-color': palette.land,
        'line-width': byZoom(13, 0.8, 16, 1.6, 19, 4),
        'line-dasharray': [5, 5],
      },
    }),
  ];
}

/* --- The plan --------------------------------------------------------------------------------- */

function planLayers(palette) {
  const on = (layer, rest) => ({ source: 'plan', 'source-layer': layer, ...rest });
  const state = (name, yes, no) => ['case', ['boolean', ['feature-state', name], false], yes, no];
  const nobody = ['!', ['has', 'class']];
  const special = ['match', ['get', 'kind'], SPECIAL_KINDS, true, false];
  const byClass = (choices, otherwise) => [
    'match',
    ['coalesce', ['get', 'class'], 9],
    ...choices.flatMap((choice, number) => [number - 3, choice]),
    otherwise,
  ];
  const rental = ['==', ['get', 'kind'], 'rental compound'];
  const ofLevel = (district, subdistrict, community) => [
    'match',
    ['get', 'level'],
    'district',
    district,
    'subdistrict',
    subdistrict,
    community,
  ];
  const place = (id, paint) => ({
    source: 'ground',
    'source-layer': 'place',
    id,
    type: 'line',
    layout: { 'line-join': 'round' },
    paint,
  });
  return [
    on('grid', {
      id: 'grid-fill',
      type: 'fill',
      paint: {
        'fill-color': ['case', special, palette.sketch, byClass(CLASS_FILLS, palette.uninhabited)],
        'fill-opacity': [
          'case',
          special,
          palette.specialOpacity,
          ['==', ['coalesce', ['get', 'class'], 9], 0],
          palette.neutralOpacity,
          palette.fillOpacity,
        ],
        'fill-antialias': false,
      },
    }),
    on('grid', {
      id: 'grid-hatch',
      type: 'fill',
      filter: ['all', ['to-boolean', ['get', 'out_of_band']], ['!', nobody]],
      paint: {
        'fill-pattern': byClass(
          [0, 1, 2, 3, 4, 5, 6].map(number => hatchName(number)),
          hatchName(3),
        ),
        'fill-opacity': linear(15, palette.hatchOpacity, 18, palette.hatchOpacity * 0.5),
      },
    }),
    on('grid', {
      id: 'grid-hover',
      type: 'fill',
      paint: { 'fill-color': palette.text, 'fill-opacity': state('hover', 0.07, 0) },
    }),
    on('plot', {
      id: 'plot',
      type: 'line',
      minzoom: DETAIL_ZOOM,
      paint: {
        'line-color': palette.plot,
        'line-width': linear(14, 0.4, 17, 0.9),
        'line-opacity': linear(14, 0.3, 16, 0.55),
        'line-dasharray': [3, 2],
      },
    }),
    on('micro_grid', {
      id: 'micro-grid',
      type: 'line',
      minzoom: DETAIL_ZOOM,
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': palette.micro,
        'line-width': linear(14, 0.8, 17, 1.4),
        'line-opacity': linear(14, 0.7, 16, 1),
        'line-dasharray': [4, 2.5],
      },
    }),
    on('compound', {
      id: 'compound',
      type: 'fill',
      minzoom: DETAIL_ZOOM,
      filter: rental,
      paint: { 'fill-color': palette.compound, 'fill-opacity': 0.1 },
    }),
    on('compound', {
      id: 'compound-line',
      type: 'line',
      minzoom: DETAIL_ZOOM,
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': palette.compound,
        'line-width': linear(14, 1, 17, 2.2),
        'line-opacity': ['case', rental, 0.9, 0.4],
        'line-dasharray': [4, 1.6],
      },
    }),
    on('building', {
      id: 'building-chosen',
      type: 'fill',
      minzoom: DETAIL_ZOOM,
      paint: { 'fill-color': palette.accent, 'fill-opacity': state('chosen', 0.75, state('hover', 0.3, 0)) },
    }),
    on('grid', {
      id: 'grid-line',
      type: 'line',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.gridLine, 'line-width': linear(10, 0.5, 12, 0.9, 14, 1.4, 17, 2) },
    }),
    place('place-band', {
      'line-color': palette.outline,
      'line-opacity': palette.bandOpacity,
      'line-width': linear(11, ofLevel(3, 2.5, 2), 14, ofLevel(7, 6, 6), 17, ofLevel(12, 11, 10)),
    }),
    place('place-line', {
      'line-color': palette.outline,
      'line-width': linear(11, ofLevel(1.4, 1, 0.7), 14, ofLevel(2.2, 1.8, 1.5)),
    }),
    on('grid', {
      id: 'grid-hover-line',
      type: 'line',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.text, 'line-width': 2.2, 'line-opacity': state('hover', 0.85, 0) },
    }),
    on('grid', {
      id: 'grid-chosen-halo',
      type: 'line',
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': palette.accentHalo,
        'line-width': 11,
        'line-blur': 8,
        'line-opacity': state('chosen', 0.55, 0),
      },
    }),
    on('grid', {
      id: 'grid-chosen',
      type: 'line',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.accent, 'line-width': 3, 'line-opacity': state('chosen', 1, 0) },
    }),
  ];
}

/** What no split touches: a dark broken line along the inside of its border. */
function lockedLayers(palette, { grids, buildings }) {
  const of = ids => ['in', ['id'], ['literal', ids]];
  const line = (id, layer, ids, width) => ({
    id,
    type: 'line',
    source: 'plan',
    'source-layer': layer,
    filter: of(ids),
    paint: {
      'line-color': palette.text,
      'line-width': width,
      'line-offset': width,
      'line-dasharray': [2, 1.4],
    },
  });
  return [
    {
      id: 'grid-locked-fill',
      type: 'fill',
      source: 'plan',
      'source-layer': 'grid',
      filter: of(grids),
      paint: { 'fill-color': palette.text, 'fill-opacity': 0.1 },
    },
    line('grid-locked', 'grid', grids, 2),
    { ...line('building-locked', 'building', buildings, 1.6), minzoom: DETAIL_ZOOM },
  ];
}

/**
 * What a person draws. Features say their `role`: `special` (a polygon, with `title`), `ring` (the line so
 * far), `corner` (of it), `seed` (with its `number`).
 */
function sketchLayers(palette) {
  const on = (role, rest) => ({ source: 'sketch', filter: ['==', ['get', 'role'], role], ...rest });
  const line = (id, role, more) =>
    on(role, {
      id,
      type: 'line',
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: { 'line-color': palette.sketch, 'line-width': 2.5, ...more },
    });
  const text = { 'text-font': FONT_BOLD, 'text-allow-overlap': true, 'text-ignore-placement': true };
  return [
    on('special', {
      id: 'sketch-special',
      type: 'fill',
      paint: { 'fill-color': palette.sketch, 'fill-opacity': 0.22 },
    }),
    line('sketch-special-line', 'special', {}),
    line('sketch-ring', 'ring', { 'line-dasharray': [2, 1.2] }),
    on('corner', {
      id: 'sketch-corner',
      type: 'circle',
      paint: {
        'circle-radius': 5,
        'circle-color': palette.land,
        'circle-stroke-width': 2.5,
        'circle-stroke-color': palette.sketch,
      },
    }),
    on('special', {
      id: 'sketch-title',
      type: 'symbol',
      layout: { ...text, 'text-field': ['get', 'title'], 'text-size': 13, 'text-max-width': 9 },
      paint: { 'text-color': palette.sketch, 'text-halo-color': palette.halo, 'text-halo-width': 1.8 },
    }),
    on('seed', {
      id: 'sketch-seed',
      type: 'circle',
      paint: {
        'circle-radius': 11,
        'circle-color': palette.sketch,
        'circle-stroke-width': 2.5,
        'circle-stroke-color': palette.land,
      },
    }),
    on('seed', {
      id: 'sketch-seed-number',
      type: 'symbol',
      layout: { ...text, 'text-field': ['to-string', ['get', 'number']], 'text-size': 12 },
      paint: { 'text-color': palette.land },
    }),
  ];
}

/** Ground that changes hands: hatched in the tone of the grid it goes to, with from → to on it. */
function differenceLayers(palette) {
  const on = (role, rest) => ({ source: 'differences', filter: ['==', ['get', 'role'], role], ...rest });
  const tone = ['match', ['get', 'tone'], ...palette.tones.flatMap((colour, n) => [n, colour]), palette.text];
  return [
    on('ground', {
      id: 'difference-fill',
      type: 'fill',
      paint: { 'fill-color': tone, 'fill-opacity': 0.22 },
    }),
    on('ground', {
      id: 'difference-hatch',
      type: 'fill',
      paint: {
        'fill-pattern': ['concat', toneName(''), ['to-string', ['get', 'tone']]],
        'fill-opacity': 0.8,
      },
    }),
    on('ground', {
      id: 'difference-line',
      type: 'line',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': tone, 'line-width': 2 },
    }),
    on('label', {
      id: 'difference-label',
      type: 'symbol',
      layout: {
        'text-field': ['get', 'title'],
        'text-font': FONT_BOLD,
        'text-size': 12,
        'symbol-sort-key': ['get', 'rank'],
      },
      paint: { 'text-color': tone, 'text-halo-color': palette.halo, 'text-halo-width': 2 },
    }),
  ];
}

/** Name of the image that hatches a tone. */
export function toneName(number) {
  return `difference-${number}`;
}

/** Name of the image that hatches a class, 0 far too few … 6 far too many. */
export function hatchName(number) {
  return `hatch-${number}`;
}

/** Number and households of a micro-grid; tiles tell no count under five, and none to who only looks. */
const microLabel = [
  'concat',
  ['get', 'number'],
  [
    'case',
    ['!', ['has', 'households']],
    '',
    ['==', ['get', 'households'], 'few'],
    ' · < 5',
    ['concat', ' · ', ['to-string', ['get', 'households']]],
  ],
];

/* --- Names ------------------------------------------------------------------------------------ */

function nameLayers(palette, language) {
  const name = nameExpression(language);
  const text = (colour, rest = {}) => ({
    'text-color': colour,
    'text-halo-color': palette.halo,
    'text-halo-width': 1.4,
    ...rest,
  });
  const point = (size, rest = {}) => ({
    'text-field': name,
    'text-font': FONT,
    'text-size': size,
    'text-max-width': 8,
    'text-padding': 4,
    ...rest,
  });
  const along = (size, rest = {}) => ({
    ...point(size),
    'symbol-placement': 'line',
    'symbol-spacing': 380,
    'text-max-angle': 35,
    ...rest,
  });
  return [
    {
      id: 'building-label',
      source: 'plan',
      'source-layer': 'building_label',
      type: 'symbol',
      minzoom: 16.5,
      layout: point(linear(16, 11, 19, 13), {
        'text-field': ['case', ['==', name, ''], ['get', 'code'], name],
      }),
      paint: text(palette.muted),
    },
    {
      id: 'micro-grid-label',
      source: 'plan',
      'source-layer': 'micro_grid_label',
      type: 'symbol',
      minzoom: MICRO_LABEL_ZOOM,
      layout: point(linear(15, 11, 18, 13), { 'text-field': microLabel }),
      paint: text(palette.micro, { 'text-halo-width': 1.6 }),
    },
    {
      id: 'green-name',
      source: 'ground',
      'source-layer': 'name',
      type: 'symbol',
      minzoom: 14,
      filter: ['==', ['get', 'kind'], 'green'],
      layout: point(12),
      paint: text(palette.greenText),
    },
    {
      id: 'water-name',
      source: 'ground',
      'source-layer': 'water',
      type: 'symbol',
      minzoom: 13,
      filter: ['==', ['geometry-type'], 'LineString'],
      layout: along(12),
      paint: text(palette.waterText),
    },
    {
      id: 'street-name',
      source: 'ground',
      'source-layer': 'street',
      type: 'symbol',
      minzoom: 13.5,
      filter: ['any', ['!=', ['get', 'kind'], 'local'], ['>=', ['zoom'], 15]],
      layout: along(linear(14, 11, 18, 14), {
        'symbol-sort-key': ofKind(['arterial', 1, 'secondary', 2], 3),
      }),
      paint: text(palette.muted),
    },
    {
      id: 'compound-label',
      source: 'plan',
      'source-layer': 'compound_label',
      type: 'symbol',
      minzoom: 15,
      layout: point(12),
      paint: text(palette.compound),
    },
    {
      id: 'place-name',
      source: 'ground',
      'source-layer': 'name',
      type: 'symbol',
      minzoom: 9,
      maxzoom: 12,
      filter: ['match', ['get', 'kind'], ['subdistrict'], true, ['district'], ['<', ['zoom'], 11], false],
      layout: point(ofKind(['district', 20], 16), {
        'symbol-sort-key': ['get', 'rank'],
        'text-max-width': 10,
      }),
      paint: text(palette.muted, { 'text-halo-width': 1.8 }),
    },
    {
      id: 'community-name-near',
      source: 'ground',
      'source-layer': 'name',
      type: 'symbol',
      minzoom: NEAR_ZOOM,
      filter: COMMUNITIES,
      layout: point(13),
      paint: text(palette.muted, { 'text-halo-width': 1.8 }),
    },
  ];
}

/**
 * Names of communities from afar, on plates of their own: grids are numbered anew in each, so a number alone
 * says little. They come before the grids' labels, which give way.
 */
function communityLayers(palette, language) {
  return [
    {
      id: 'community-name',
      source: 'ground',
      'source-layer': 'name',
      type: 'symbol',
      minzoom: 12,
      maxzoom: NEAR_ZOOM,
      filter: COMMUNITIES,
      layout: {
        'text-field': shortNameExpression(language),
        'text-font': FONT,
        'text-size': linear(12, 11, 14, 13),
        'text-max-width': 9,
        'text-line-height': 1.15,
        'text-padding': 2,
        'icon-image': PLATE,
        'icon-text-fit': 'both',
        'icon-text-fit-padding': [2, 6, 2, 6],
      },
      paint: { 'text-color': palette.text },
    },
  ];
}

/** Number, households and coordinator of each grid, as its ground has room at each zoom. */
/** Counts of residents on a plate of their own, beneath the grid's number; amber where visits are due. */
function residentLayers(palette) {
  return [
    {
      id: 'residents',
      source: 'residents',
      type: 'symbol',
      layout: {
        'text-field': [
          'format',
          ['get', 'text'],
          {},
          ['case', ['==', ['get', 'due'], ''], '', ['concat', '\n', ['get', 'due']]],
          { 'font-scale': 0.9 },
        ],
        'text-font': FONT,
        'text-size': ['match', ['get', 'kind'], 'building', 12, 11.5],
        'text-offset': ['match', ['get', 'kind'], 'building', ['literal', [0, 0]], ['literal', [0, 2.4]]],
        'text-line-height': 1.15,
        'icon-image': PLATE,
        'icon-text-fit': 'both',
        'icon-text-fit-padding': [2, 5, 2, 5],
        'symbol-sort-key': ['-', 0, ['get', 'open']],
      },
      paint: { 'text-color': ['case', ['>', ['get', 'open'], 0], palette.due, palette.accent] },
    },
  ];
}

/** Heat as a picture, or areas in classes; hot spots have a pattern, for colour never speaks alone. */
function heatLayers(palette, theme) {
  const classes = RAMPS[theme].flatMap((colour, number) => [number + 1, rgba(colour)]);
  const changes = CHANGES[theme].flatMap((colour, number) => [number, rgba(colour)]);
  const [ofClass, ofChange] = [classes, changes].map(colours => [
    'match',
    ['get', 'class'],
    -1,
    palette.uninhabited,
    ...colours,
    'rgba(0, 0, 0, 0)',
  ]);
  const spot = name => ['==', ['get', 'spot'], name];
  return [
    {
      id: 'heat',
      source: 'heat',
      type: 'raster',
      paint: { 'raster-resampling': 'linear', 'raster-fade-duration': 150 },
    },
    {
      id: 'area',
      source: 'areas',
      type: 'fill',
      paint: { 'fill-color': ['case', ['get', 'change'], ofChange, ofClass], 'fill-opacity': 0.8 },
    },
    {
      id: 'area-hot',
      source: 'areas',
      type: 'fill',
      filter: spot('hot'),
      paint: { 'fill-pattern': hatchName(6) },
    },
    {
      id: 'area-cold',
      source: 'areas',
      type: 'fill',
      filter: spot('cold'),
      paint: { 'fill-pattern': hatchName(0) },
    },
    {
      id: 'area-line',
      source: 'areas',
      type: 'line',
      paint: {
        'line-color': palette.outline,
        'line-width': ['case', ['any', spot('hot'), spot('cold')], 2.2, 0.6],
        'line-opacity': 0.8,
      },
    },
  ];
}

function labelLayers(palette) {
  const bold = { 'text-font': ['literal', FONT_BOLD], 'font-scale': 1.05 };
  const number = [
    'concat',
    ['get', 'number'],
    ['case', ['!=', ['get', 'sign'], ''], ['concat', ' ', ['get', 'sign']], ''],
  ];
  const lines = (...texts) => [
    'format',
    number,
    bold,
    ...texts.flatMap(text => ['\n', {}, ['get', text], { 'font-scale': 0.92 }]),
  ];
  // A label is laid out once for each whole zoom and stands until the next: it is to fit half-way.
  const at = zoom => [
    'case',
    ['>=', zoom + 0.5, ['get', 'zoomCoordinator']],
    lines('households', 'coordinator'),
    ['>=', zoom + 0.5, ['get', 'zoomHouseholds']],
    lines('households'),
    ['>=', zoom + 0.5, ['get', 'zoomNumber']],
    lines(),
    '',
  ];
  return [
    {
      id: 'grid-label',
      source: 'labels',
      type: 'symbol',
      layout: {
        'text-field': ['step', ['zoom'], at(9), ...LABEL_ZOOMS.flatMap(zoom => [zoom, at(zoom)])],
        'text-font': FONT,
        'text-size': 13,
        'text-line-height': 1.25,
        'text-max-width': 14,
        'text-padding': 3,
        'symbol-sort-key': ['get', 'rank'],
      },
      paint: { 'text-color': palette.text, 'text-halo-color': palette.halo, 'text-halo-width': 1.8 },
    },
  ];
}

/**
 * Open hazards: a disc whose colour and size say the worst severity, in it the letter of the kind or how many
 * there are, around it a ring where one is overdue.
 */
function hazardLayers(palette, late) {
  const isOne = ['==', ['get', 'n'], 1];
  const radius = extra => [
    'case',
    isOne,
    ['match', ['get', 'worst'], 1, 9 + extra, 2, 11 + extra, 13 + extra],
    ['step', ['get', 'n'], 15 + extra, 20, 18 + extra, 100, 22 + extra, 1000, 27 + extra],
  ];
  const order = ['+', ['*', 10, ['get', 'worst']], ['min', 1, ['get', 'late']]];
  const text = {
    'text-font': FONT_BOLD,
    'text-allow-overlap': true,
    'text-ignore-placement': true,
    'symbol-z-order': 'auto',
  };
  const on = rest => ({ source: 'hazards', ...rest });
  return [
    on({
      id: 'hazard-ring',
      type: 'circle',
      filter: ['>', ['get', 'late'], 0],
      layout: { 'circle-sort-key': order },
      paint: {
        'circle-radius': radius(4),
        'circle-color': palette.halo,
        'circle-stroke-width': 2.5,
        'circle-stroke-color': palette.text,
      },
    }),
    on({
      id: 'hazard',
      type: 'circle',
      layout: { 'circle-sort-key': order },
      paint: {
        'circle-radius': radius(0),
        'circle-color': [
          'match',
          ['get', 'worst'],
          ...[1, 2].flatMap(severityOf(palette)),
          palette.severities[2],
        ],
        'circle-stroke-width': 1.5,
        'circle-stroke-color': palette.land,
      },
    }),
    on({
      id: 'hazard-mark',
      type: 'symbol',
      layout: {
        ...text,
        'text-field': ['case', isOne, ['get', 'mark'], ['to-string', ['get', 'n']]],
        'text-size': 12,
        'symbol-sort-key': order,
      },
      paint: { 'text-color': palette.onSeverity },
    }),
    on({
      id: 'hazard-late',
      type: 'symbol',
      filter: ['all', ['!', isOne], ['>', ['get', 'late'], 0]],
      layout: {
        'text-field': ['concat', ['to-string', ['get', 'late']], ' ', late],
        'text-font': FONT_BOLD,
        'text-size': 11,
        'text-anchor': 'top',
        'text-offset': [
          'step',
          ['get', 'n'],
          ['literal', [0, 1.9]],
          20,
          ['literal', [0, 2.2]],
          100,
          ['literal', [0, 2.5]],
          1000,
          ['literal', [0, 3]],
        ],
      },
      paint: { 'text-color': palette.text, 'text-halo-color': palette.halo, 'text-halo-width': 1.8 },
    }),
  ];
}

function severityOf(palette) {
  return severity => [severity, palette.severities[severity - 1]];
}

/** What a search or a list points at: a ring, or the outline of a compound or place. */
function markLayers(palette) {
  return [
    {
      id: 'mark-halo',
      source: 'mark',
      type: 'circle',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: { 'circle-radius': 15, 'circle-color': palette.accent, 'circle-opacity': 0.22 },
    },
    {
      id: 'mark',
      source: 'mark',
      type: 'circle',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-radius': 6,
        'circle-color': palette.accent,
        'circle-stroke-width': 2,
        'circle-stroke-color': palette.land,
      },
    },
  ];
}
