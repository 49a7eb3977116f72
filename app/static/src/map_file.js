/**
 * A plan on one page: `showPlan(map, plan)` draws it on a Leaflet map that folium has made.
 *
 * `plan` is what app/services/map_file.py writes: figures of every grid in columns, geometries as steps
 * of 1e-6 degree. Text reaches the page through `textContent` only.
 */
import { STEP_DEG, element, firstLanguage, lonLatRings, narrow, svgElement, tellSource } from './one_page.js';

const L = window.L;

const FILLS = ['#2166ac', '#67a9cf', '#d1e5f0', '#f7f7f7', '#fee0b6', '#f1a340', '#b35806', '#c9ccd0'];
const INKS = ['#0f3f73', '#2166ac', '#4e8fbd', '#f7f7f7', '#d08a2e', '#9c5a08', '#6e3403', '#8a9097'];
const IN_BAND = 3;
const UNINHABITED = 7;
const FAR_ZOOM = 13;
const BUILDINGS_ZOOM = 14;
const ROWS_SHOWN = 100;

const WORDS = {
  en: {
    other: '中文',
    gridCount: n => `${n} grids`,
    kind: 'Grid plan',
    grids: 'Grids',
    households: 'Households',
    inBand: 'In band',
    onePiece: 'In one piece',
    physical: 'On physical lines',
    compact: 'Compactness',
    mean: 'mean',
    of: 'of',
    legend: 'Households per grid',
    aim: (t, a, b) => `Target ${t} households; the band is ${a} to ${b}.`,
    count: 'grids',
    nobody: 'nobody',
    hatch: 'Hatched: out of band. Falling to the right: too few. Rising: too many.',
    street: 'street',
    water: 'water',
    rail: 'railway',
    building: 'building',
    compound: 'compound',
    outOfBand: 'Out of band',
    all: 'All grids',
    noneOut: 'Every grid is in band.',
    find: 'Find a grid by its code',
    more: n => `${n} more: type a code to find one.`,
    noneFound: 'No grid has this code.',
    hh: 'households',
    buildings: 'Buildings',
    area: 'Area',
    onLines: 'Border on physical lines',
    onStreets: 'Border between grids on streets',
    pieces: 'Pieces',
    complete: 'Indicators answered',
    near: 'Neighbours',
    unknown: 'not measured yet',
    ok: 'in band',
    panel: 'Plan',
    sheet: 'More or less of the panel',
    hectares: 'ha',
    deviation: 'from target',
  },
  zh: {
    other: 'English',
    gridCount: n => `${n}个网格`,
    kind: '网格划分方案',
    grids: '网格',
    households: '户数',
    inBand: '户数达标',
    onePiece: '连成一片',
    physical: '界线沿实体线',
    compact: '紧凑度',
    mean: '平均',
    of: '/',
    legend: '每格户数',
    aim: (t, a, b) => `目标${t}户，允许${a}至${b}户。`,
    count: '网格数',
    nobody: '无住户',
    hatch: '斜线：户数超限；向右下倾为偏少，向右上倾为偏多。',
    street: '道路',
    water: '水域',
    rail: '铁路',
    building: '楼栋',
    compound: '大院',
    outOfBand: '户数超限',
    all: '全部网格',
    noneOut: '全部网格户数达标。',
    find: '按编码查找网格',
    more: n => `另有${n}个：输入编码查找。`,
    noneFound: '没有此编码的网格。',
    hh: '户',
    buildings: '楼栋',
    area: '面积',
    onLines: '界线沿实体线',
    onStreets: '网格间界线沿道路',
    pieces: '片数',
    complete: '指标完整度',
    near: '相邻网格',
    unknown: '尚未测量',
    ok: '达标',
    panel: '方案',
    sheet: '展开或收起',
    hectares: '公顷',
    deviation: '偏差',
  },
};

export function showPlan(map, plan) {
  const grids = rowsOf(plan.grids);
  const page = {
    map,
    plan,
    grids,
    outline: lonLatRings(plan.base.land).flat(),
    language: firstLanguage(),
    chosen: null,
  };
  drawHatches();
  drawGround(map, plan.base);
  drawGrids(page);
  const panel = element('section', 'panel');
  document.body.append(panel);
  L.DomEvent.disableClickPropagation(panel);
  L.control.zoom({ position: narrow() ? 'bottomright' : 'topleft' }).addTo(map);
  L.control.scale({ imperial: false, maxWidth: 140, position: 'bottomleft' }).addTo(map);
  tellSource(map, plan.attribution, 'bottomleft');
  if (narrow()) panel.classList.add('peek');
  page.panel = panel;
  fillPanel(page);
  fitAll(page);
  drawLabels(page);
  map.on('click', () => choose(page, null));
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape') choose(page, null);
  });
}

/* --- What was written ------------------------------------------------------------------------ */

/** Columns to rows, each with its number and outline. */
function rowsOf(columns) {
  const outlines = lonLatRings(columns.outlines);
  return columns.code.map((code, number) => ({
    number,
    code,
    name: code.length === 15 ? code.slice(12) : code,
    households: columns.households[number],
    buildings: columns.buildings[number],
    area_m2: columns.area_m2[number],
    deviation: columns.deviation[number],
    compactness: columns.compactness[number],
    physical_share: columns.physical_share[number],
    street_share: columns.street_share[number],
    pieces: columns.pieces[number],
    completeness: columns.completeness[number],
    neighbours: columns.neighbours[number],
    reason: columns.reasons[columns.reason[number]],
    class: columns.class[number],
    label: [columns.label[number][1] * STEP_DEG, columns.label[number][0] * STEP_DEG],
    radius_m: columns.label_radius_m[number],
    outline: outlines[number],
  }));
}

/** The rings of geometries for drawing by hand: Mercator coordinates 0–1, where each geometry begins, and its extent. */
function worldRings({ rings, corners, xy }) {
  const world = new Float64Array(xy.length);
  const starts = new Uint32Array(corners.length + 1);
  const first = new Uint32Array(rings.length + 1);
  const extent = new Float64Array(rings.length * 4);
  let at = 0,
    ring = 0,
    lon = 0,
    lat = 0;
  rings.forEach((count, shape) => {
    first[shape + 1] = first[shape] + count;
    let [west, north, east, south] = [1, 1, 0, 0];
    for (; ring < first[shape + 1]; ring++) {
      starts[ring + 1] = starts[ring] + corners[ring];
      for (let left = corners[ring]; left > 0; left--) {
        lon += xy[at];
        lat += xy[at + 1];
        const x = (world[at++] = (lon * STEP_DEG) / 360 + 0.5);
        const y = (world[at++] =
          0.5 - Math.asinh(Math.tan((lat * STEP_DEG * Math.PI) / 180)) / (2 * Math.PI));
        if (x < west) west = x;
        if (x > east) east = x;
        if (y < north) north = y;
        if (y > south) south = y;
      }
    }
    extent.set([west, north, east, south], shape * 4);
  });
  return { world, starts, first, extent, length: rings.length };
}

/* --- The ground beneath ---------------------------------------------------------------------- */

/** Land, water, buildings and streets, painted into tiles from what is in the page. */
function drawGround(map, base) {
  const layers = Object.fromEntries(Object.entries(base).map(([name, shapes]) => [name, worldRings(shapes)]));
  const Ground = L.GridLayer.extend({
    createTile(coords) {
      const tile = document.createElement('canvas');
      const size = this.getTileSize().x,
        density = window.devicePixelRatio || 1;
      tile.width = tile.height = size * density;
      const pen = tile.getContext('2d');
      pen.scale(density, density);
      pen.lineJoin = pen.lineCap = 'round';
      paintGround(pen, layers, coords, size);
      return tile;
    },
  });
  map.addLayer(new Ground({ tileSize: 256, minZoom: 1, maxZoom: 20, keepBuffer: 3, pane: 'tilePane' }));
}

function paintGround(pen, layers, { x, y, z }, size) {
  const scale = size * 2 ** z;
  const view = {
    scale,
    left: x * size,
    top: y * size,
    west: x / 2 ** z,
    north: y / 2 ** z,
    east: (x + 1) / 2 ** z,
    south: (y + 1) / 2 ** z,
  };
  const middle = (view.north + view.south) / 2;
  const pixels_per_m = scale / (EQUATOR_M / Math.cosh((0.5 - middle) * 2 * Math.PI));
  const street = (metres, least) => Math.max(least, metres * pixels_per_m);
  area(pen, layers.land, view, '#f7f6f3');
  area(pen, layers.compounds, view, '#eeebe3');
  area(pen, layers.water, view, '#cfe2ec');
  lines(pen, layers.streams, view, '#cfe2ec', street(4, 1));
  if (z >= BUILDINGS_ZOOM) area(pen, layers.buildings, view, '#e2ded7', '#d0cac0');
  const widths = [
    ['local', 5, z < FAR_ZOOM ? 0.4 : 0.9],
    ['secondary', 9, 1.2],
    ['arterial', 14, 1.8],
  ];
  for (const [name, metres, least] of widths)
    lines(
      pen,
      layers[name],
      view,
      z >= 15 ? '#d8d3cb' : '#cdc7bc',
      street(metres, least) + (z >= 15 ? 2 : 0),
    );
  if (z >= 15)
    for (const [name, metres, least] of widths)
      lines(pen, layers[name], view, '#ffffff', street(metres, least));
  lines(pen, layers.railways, view, '#b9b4ab', 2);
  lines(pen, layers.railways, view, '#ffffff', 1, [6, 6]);
}

function area(pen, shapes, view, fill, edge) {
  pen.fillStyle = fill;
  trace(pen, shapes, view, 4, () => {
    pen.fill('evenodd');
    if (edge) {
      pen.strokeStyle = edge;
      pen.lineWidth = view.scale > 2 ** 23 ? 0.7 : 0.3;
      pen.stroke();
    }
  });
}

function lines(pen, shapes, view, colour, width, dashes = []) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.setLineDash(dashes);
  trace(pen, shapes, view, width, () => pen.stroke());
  pen.setLineDash([]);
}

/** The path of each geometry that reaches into the view, then `finish`. */
function trace(pen, { world, starts, first, extent, length }, view, margin_px, finish) {
  const margin = margin_px / view.scale;
  for (let shape = 0; shape < length; shape++) {
    const e = shape * 4;
    if (extent[e] > view.east + margin || extent[e + 2] < view.west - margin) continue;
    if (extent[e + 1] > view.south + margin || extent[e + 3] < view.north - margin) continue;
    pen.beginPath();
    for (let ring = first[shape]; ring < first[shape + 1]; ring++) {
      for (let corner = starts[ring]; corner < starts[ring + 1]; corner++) {
        const x = world[2 * corner] * view.scale - view.left,
          y = world[2 * corner + 1] * view.scale - view.top;
        if (corner === starts[ring]) pen.moveTo(x, y);
        else pen.lineTo(x, y);
      }
    }
    finish();
  }
}

/* --- The grids ------------------------------------------------------------------------------- */

/** Patterns for what is out of band: falling lines for too few, rising lines for too many. */
function drawHatches() {
  const svg = svgElement('svg', { class: 'hatches', 'aria-hidden': 'true' });
  for (const kind of [0, 1, 2, 4, 5, 6, UNINHABITED]) {
    const turn = kind === UNINHABITED ? 0 : kind < IN_BAND ? -45 : 45;
    const pattern = svgElement('pattern', {
      id: `hatch-${kind}`,
      width: 7,
      height: 7,
      patternUnits: 'userSpaceOnUse',
      patternTransform: `rotate(${turn})`,
    });
    pattern.append(svgElement('rect', { width: 7, height: 7, fill: FILLS[kind], 'fill-opacity': 0.42 }));
    pattern.append(
      kind === UNINHABITED
        ? svgElement('circle', { cx: 3.5, cy: 3.5, r: 1, fill: INKS[kind] })
        : svgElement('line', { x1: 0, y1: 0, x2: 0, y2: 7, stroke: INKS[kind], 'stroke-width': 2.2 }),
    );
    svg.append(pattern);
  }
  document.body.append(svg);
}

function drawGrids(page) {
  const renderer = L.svg({ padding: 0.3 });
  page.paths = page.grids.map(grid => {
    const path = L.polygon(grid.outline, {
      renderer,
      className: 'grid',
      bubblingMouseEvents: false,
      fillColor: grid.class === IN_BAND ? FILLS[IN_BAND] : `url(#hatch-${grid.class})`,
      fillOpacity: grid.class === IN_BAND ? 0.25 : 1,
    });
    path.on('click', event => choose(page, grid, event.latlng));
    if (window.matchMedia('(hover: hover)').matches)
      path.bindTooltip(() => element('span', '', shortText(page, grid)), { sticky: true });
    return path.addTo(page.map);
  });
  L.polygon(page.outline, { renderer, className: 'outline', fill: false, interactive: false }).addTo(
    page.map,
  );
  page.halo = L.polygon([], { renderer, className: 'halo', fill: false, interactive: false }).addTo(page.map);
  page.map.on('zoomend', () => thinBorders(page));
}

/** The smaller the usual grid is on the screen, the thinner its border. */
function thinBorders({ map, grids }) {
  const radii = grids.map(grid => grid.radius_m).sort((a, b) => a - b);
  const usual_px = radii[radii.length >> 1] / metresPerPixel(map);
  map.getContainer().classList.toggle('far', usual_px < 14);
  map.getContainer().classList.toggle('farther', usual_px < 6);
}

/** Mark a grid and open its facts; `null` lets go. */
function choose(page, grid, at) {
  letGo(page);
  if (!grid) {
    page.map.closePopup();
    return;
  }
  const path = page.paths[grid.number];
  path.closeTooltip();
  page.chosen = grid;
  page.halo.setLatLngs(grid.outline).bringToFront();
  path.bringToFront().getElement()?.classList.add('chosen');
  page.popup = L.popup({
    maxWidth: 320,
    autoPanPadding: [20, 20],
    autoPanPaddingBottomRight: [panelWidth() + 20, panelHeight() + 20],
  })
    .setLatLng(at ?? grid.label)
    .setContent(factsOf(page, grid))
    .openOn(page.map);
  page.popup.once('remove', () => {
    if (page.chosen === grid) letGo(page);
  });
}

function letGo(page) {
  page.paths[page.chosen?.number]?.getElement()?.classList.remove('chosen');
  page.halo.setLatLngs([]);
  page.chosen = null;
}

function zoomTo(page, grid) {
  const panel = page.panel;
  if (narrow()) stopAt(panel, 'peek');
  page.map.once('moveend', () => choose(page, grid)); // a popup opened in flight is not brought into view
  page.map.fitBounds(page.paths[grid.number].getBounds(), { ...paddings(), maxZoom: 17, duration: 0.2 });
}

/** Labels where there is room, grids out of band and then the roomiest first: code, then households. */
function drawLabels(page) {
  const { map } = page;
  const pane = map.createPane('labels');
  pane.style.zIndex = 620;
  pane.style.pointerEvents = 'none';
  const inBand = grid => Number(grid.class === IN_BAND);
  const inTurn = [...page.grids].sort((a, b) => inBand(a) - inBand(b) || b.radius_m - a.radius_m);
  const draw = () => {
    const view = map.getBounds().pad(0.1);
    const metres_per_pixel = metresPerPixel(map);
    const taken = [];
    pane.replaceChildren();
    for (const grid of inTurn) {
      const room = grid.radius_m / metres_per_pixel;
      if (room < 13) continue;
      if (taken.length > 400) break;
      if (!view.contains(grid.label)) continue;
      const off = grid.class !== IN_BAND && grid.class !== UNINHABITED;
      const both = room >= 20;
      const half = [both && off ? 40 : 4.5 * Math.max(grid.name.length, 3) + 4, both ? 18 : 9];
      const point = map.latLngToLayerPoint(grid.label);
      const box = [point.x - half[0], point.y - half[1], point.x + half[0], point.y + half[1]];
      if (
        taken.some(other => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])
      )
        continue;
      taken.push(box);
      const label = element('div', 'label');
      label.style.left = `${point.x}px`;
      label.style.top = `${point.y}px`;
      label.append(element('b', '', grid.name));
      if (both) label.append(element('span', off ? 'off' : '', loadText(page, grid, off)));
      pane.append(label);
    }
  };
  map.on('moveend', draw);
  page.redrawLabels = draw;
  draw();
}

/* --- The panel ------------------------------------------------------------------------------- */

function fillPanel(page) {
  const { plan, panel } = page;
  const say = WORDS[page.language];
  document.documentElement.lang = page.language === 'zh' ? 'zh-CN' : 'en';
  panel.setAttribute('aria-label', say.panel);
  const head = element('header');
  const titles = element('div');
  titles.append(element('h1', '', plan.title[page.language]), element('p', '', kindText(page)));
  const other = element('button', 'quiet', say.other);
  other.lang = page.language === 'zh' ? 'en' : 'zh-CN';
  other.addEventListener('click', () => switchLanguage(page));
  head.append(titles, other);

  const sheet = element('button', 'sheet');
  sheet.setAttribute('aria-label', say.sheet);
  sheet.addEventListener('click', () => nextStop(panel));
  const body = element('div', 'body');
  body.append(figuresOf(page), element('h2', '', say.legend), ...legendOf(page), ...listOf(page));
  panel.replaceChildren(sheet, head, body);
}

function kindText(page) {
  const { summary } = page.plan;
  const say = WORDS[page.language];
  return `${say.kind} · ${say.gridCount(count(page, summary.grids))} · ${say.inBand.toLowerCase()} ${percent(page, summary.in_band)}`;
}

function figuresOf(page) {
  const { summary } = page.plan;
  const say = WORDS[page.language];
  const list = element('dl', 'figures');
  const add = (name, value, small) => {
    const pair = element('div');
    const figure = element('dd', '', value);
    figure.append(' ', element('small', '', small || '\u00a0'));
    pair.append(element('dt', '', name), figure);
    list.append(pair);
  };
  const share = (name, part) =>
    add(
      name,
      percent(page, part),
      `${count(page, Math.round(part * summary.grids))} ${say.of} ${count(page, summary.grids)}`,
    );
  add(say.households, count(page, summary.households), `${say.mean} ${count(page, summary.households_mean)}`);
  share(say.inBand, summary.in_band);
  share(say.onePiece, summary.one_piece);
  add(say.physical, percent(page, summary.inner_physical_share));
  add(say.compact, decimal(page, summary.compactness_mean), say.mean);
  add(say.complete, percent(page, summary.completeness_mean));
  return list;
}

/** Colours, ranges in households and in per cent, and how many grids are in each: legend and histogram in one. */
function legendOf(page) {
  const { band, classes } = page.plan;
  const say = WORDS[page.language];
  const counts = FILLS.map((_, kind) => page.grids.filter(grid => grid.class === kind).length);
  const most = Math.max(...counts);
  const table = element('table', 'legend');
  const headRow = element('tr');
  headRow.append(
    element('th'),
    element('th', '', say.hh),
    element('th', 'share', say.deviation),
    element('th', '', ''),
    element('th', '', say.count),
  );
  table.append(headRow);
  const row = (kind, range, share) => {
    const line = element('tr');
    const bar = element('td', 'bar');
    const length = element('div');
    length.style.width = `${Math.round((100 * counts[kind]) / Math.max(most, 1))}%`;
    if (counts[kind]) bar.append(length);
    const swatch = element('td');
    swatch.append(swatchOf(kind));
    line.append(
      swatch,
      element('td', '', range),
      element('td', 'share', share),
      bar,
      element('td', '', count(page, counts[kind])),
    );
    table.append(line);
  };
  classes.forEach(([from, to], kind) => {
    if (to !== null && to < Math.max(from, 1)) return;
    const low = from <= 1 ? null : from,
      sign = value => signed(page, (value - band.target) / band.target);
    const range =
      low === null
        ? `≤ ${count(page, to)}`
        : to === null
          ? `≥ ${count(page, low)}`
          : `${count(page, low)}–${count(page, to)}`;
    row(
      kind,
      range,
      low === null
        ? `< ${sign(to + 1)}`
        : to === null
          ? `> ${sign(low - 1)}`
          : kind < IN_BAND
            ? `${sign(low)} … ${sign(to + 1)}`
            : kind > IN_BAND
              ? `${sign(low - 1)} … ${sign(to)}`
              : `${sign(low)} … ${sign(to)}`,
    );
  });
  if (counts[UNINHABITED]) row(UNINHABITED, '0', say.nobody);
  const keys = element('ul', 'lines');
  const { base } = page.plan;
  const key = (colour, name) => {
    const entry = element('li');
    const patch = element('i');
    patch.style.background = colour;
    entry.append(patch, name);
    keys.append(entry);
  };
  key('#d8d3cb', say.street);
  if (base.water.rings.length + base.streams.rings.length) key('#cfe2ec', say.water);
  if (base.railways.rings.length)
    key('repeating-linear-gradient(90deg, #b9b4ab 0 5px, #fff 5px 9px)', say.rail);
  if (base.compounds.rings.length) key('#eeebe3', say.compound);
  if (base.buildings.rings.length) key('#d0cac0', say.building);
  return [
    element('p', 'note', say.aim(band.target, band.least, band.most)),
    table,
    element('p', 'note', say.hatch),
    keys,
  ];
}

function swatchOf(kind) {
  const svg = svgElement('svg', { 'aria-hidden': 'true' });
  svg.append(
    svgElement('rect', {
      width: 26,
      height: 16,
      rx: 3,
      fill: kind === IN_BAND ? FILLS[IN_BAND] : `url(#hatch-${kind})`,
      stroke: '#9aa3ab',
      'stroke-width': 1,
    }),
  );
  return svg;
}

/** Grids out of band with their reason, furthest first; or those whose code is typed. */
function listOf(page) {
  const say = WORDS[page.language];
  const out = page.grids
    .filter(grid => grid.reason.en)
    .sort((a, b) => Math.abs(b.deviation) - Math.abs(a.deviation));
  const byCode = [...page.grids].sort((a, b) => (a.code < b.code ? -1 : 1));
  const title = element('h2');
  const find = element('input', 'find');
  find.type = 'search';
  find.placeholder = say.find;
  find.setAttribute('aria-label', say.find);
  const rows = element('ul', 'rows');
  const note = element('p', 'note');
  const fill = () => {
    const typed = find.value.trim();
    const found = typed ? byCode.filter(grid => grid.code.includes(typed)) : out.length ? out : byCode;
    title.textContent =
      typed || !out.length
        ? `${say.all} (${count(page, found.length)})`
        : `${say.outOfBand} (${count(page, out.length)})`;
    rows.replaceChildren(...found.slice(0, ROWS_SHOWN).map(grid => rowOf(page, grid)));
    const left = found.length - ROWS_SHOWN;
    note.textContent =
      left > 0
        ? say.more(count(page, left))
        : found.length
          ? out.length || typed
            ? ''
            : say.noneOut
          : say.noneFound;
  };
  find.addEventListener('input', fill);
  fill();
  return [title, find, rows, note];
}

function rowOf(page, grid) {
  const say = WORDS[page.language];
  const entry = element('li');
  const button = element('button');
  button.append(
    element('span', '', grid.code),
    element('span', 'number', `${count(page, grid.households)} ${say.hh}`),
    element('span', 'number', signed(page, grid.deviation)),
  );
  if (grid.reason.en) button.append(element('span', 'why', grid.reason[page.language]));
  button.addEventListener('click', () => zoomTo(page, grid));
  entry.append(button);
  return entry;
}

/** Everything about one grid. */
function factsOf(page, grid) {
  const say = WORDS[page.language];
  const facts = element('div', 'facts');
  const load = element('p', 'load');
  load.append(element('strong', '', count(page, grid.households)), ` ${say.hh} `);
  if (grid.class !== UNINHABITED) load.append(`${mark(grid)}${signed(page, grid.deviation)} `);
  if (grid.class === IN_BAND) load.append(element('span', 'note', say.ok));
  const list = element('dl');
  const add = (name, value) => list.append(element('dt', '', name), element('dd', '', value));
  add(say.buildings, count(page, grid.buildings));
  add(say.area, `${decimal(page, grid.area_m2 / 10000)} ${say.hectares}`);
  add(say.onLines, percent(page, grid.physical_share));
  add(say.onStreets, percent(page, grid.street_share));
  add(say.pieces, count(page, grid.pieces));
  add(say.compact, decimal(page, grid.compactness));
  add(say.complete, percent(page, grid.completeness));
  add(
    say.near,
    grid.neighbours
      .map(number => page.grids[number].name)
      .sort()
      .join(', ') || '–',
  );
  facts.append(element('h2', '', grid.code), load, list);
  if (grid.reason.en) facts.append(element('p', 'why', grid.reason[page.language]));
  return facts;
}

function switchLanguage(page) {
  page.language = page.language === 'zh' ? 'en' : 'zh';
  history.replaceState(null, '', `#${page.language}`);
  fillPanel(page);
  page.redrawLabels();
  if (page.chosen && page.popup?.isOpen()) page.popup.setContent(factsOf(page, page.chosen));
  page.panel.querySelector('.quiet').focus();
}

/** On a phone the panel has three stops: peek, half, full. */
function nextStop(panel) {
  const now = panel.classList.contains('peek') ? 'peek' : panel.classList.contains('full') ? 'full' : 'half';
  stopAt(panel, { peek: 'half', half: 'full', full: 'peek' }[now]);
}

function stopAt(panel, stop) {
  panel.className = `panel ${stop}`;
  if (stop === 'peek') panel.querySelector('.body').scrollTop = 0;
}

/* --- Small things ---------------------------------------------------------------------------- */

const EQUATOR_M = 40075016.686;
const metresPerPixel = map =>
  (EQUATOR_M * Math.cos((map.getCenter().lat * Math.PI) / 180)) / (256 * 2 ** map.getZoom());
const panelWidth = () => (narrow() ? 0 : 392);
const panelHeight = () => (narrow() ? 96 : 0);
const paddings = () => ({
  paddingTopLeft: [24, 24],
  paddingBottomRight: [panelWidth() + 24, panelHeight() + 24],
});

function fitAll(page) {
  const bounds = L.latLngBounds(
    page.paths.map(path => path.getBounds()).flatMap(b => [b.getSouthWest(), b.getNorthEast()]),
  );
  page.map.options.zoomSnap = 0.25;
  page.map.setMaxZoom(19);
  page.map.fitBounds(bounds, { ...paddings(), animate: false });
  page.map.setMinZoom(Math.min(page.map.getZoom(), 12) - 1);
  page.map.setMaxBounds(bounds.pad(1));
}

const locale = page => (page.language === 'zh' ? 'zh-CN' : 'en');
const count = (page, value) =>
  new Intl.NumberFormat(locale(page), { maximumFractionDigits: 0 }).format(value);
const decimal = (page, value) =>
  value === null
    ? WORDS[page.language].unknown
    : new Intl.NumberFormat(locale(page), { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(
        value,
      );
const percent = (page, share) =>
  share === null
    ? WORDS[page.language].unknown
    : `${new Intl.NumberFormat(locale(page), { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(share * 100)}\u00a0%`;
const signed = (page, share) =>
  `${new Intl.NumberFormat(locale(page), { maximumFractionDigits: 0, signDisplay: 'exceptZero' }).format(share * 100).replace('-', '−')}\u00a0%`;
const mark = grid =>
  grid.class < IN_BAND ? '▼ ' : grid.class > IN_BAND && grid.class !== UNINHABITED ? '▲ ' : '';
const loadText = (page, grid, off) =>
  off
    ? `${count(page, grid.households)} ${mark(grid)}${signed(page, grid.deviation)}`
    : count(page, grid.households);
const shortText = (page, grid) => `${grid.code} · ${count(page, grid.households)} ${WORDS[page.language].hh}`;
