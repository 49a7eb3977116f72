/**
 * Plots, borders and hatches on the map, from close by. What the map shows follows from a plan: `show(plan)` finds
 * what differs from the plan shown before and changes only that.
 */
import { PALETTES } from '../core/colours.js';
import { sideOf } from '../core/deviation.js';
import { isDark } from '../frame/theme.js';
import { t } from '../words.js';
import { gridLabels } from '../panels/grid_labels.js';
import { BORDER, CHANGED, editLayers, editSources, FORBIDDEN, NEAR_ZOOM } from './style.js';
import { classOf, loadOf } from './figures.js';
import { isSpecial } from '../core/slots.js';
import { tintOf } from './tints.js';

const IMAGE_PX = 10,
  DENSITY = 2;

const dangerNow = () => (isDark() ? '#f0917f' : '#a8321f');
export const paletteNow = () => PALETTES[isDark() ? 'dark' : 'light'];

/**
 * @param {object} shown what `makeMap` made
 * @param {object} editor
 */
export function makeLayers(shown, editor) {
  const { map } = shown;
  const fills = new Map(), // plot -> the colour it is drawn in
    borders = new Map(), // number of a line -> what it is drawn as
    held = new Map([
      ['edit-hatched', ';'],
      ['edit-handles', '[]'],
    ]), // source -> what it holds
    numbers = new Map(); // smaller plot -> larger plot -> number of the line they share
  let plan = null, // as drawn
    tintBy = 'load',
    count = 0,
    fresh = [],
    waiting = null,
    chosen = new Set(),
    former = null,
    ground = null,
    kept = null; // what the map is to be told once it is let go: name -> act

  function add() {
    if (map.getSource('edit-plots')) return;
    for (const [name, source] of Object.entries(editSources())) map.addSource(name, source);
    addImages();
    for (const { before, layer } of editLayers(paletteNow()))
      map.addLayer(layer, map.getLayer(before) ? before : undefined);
  }

  function addImages() {
    const { text } = paletteNow();
    const danger = dangerNow();
    for (const [name, image] of [
      [CHANGED, hatch(text, 0.45, 1.1)],
      [FORBIDDEN, hatch(danger, 0.95, 2.4)],
    ]) {
      if (map.hasImage(name)) map.updateImage(name, image);
      else map.addImage(name, image, { pixelRatio: DENSITY });
    }
  }

  /** Cells come one by one; what came within a frame goes to the map together. */
  function takeCell(cell) {
    fresh.push(cell);
    waiting ??= requestAnimationFrame(() => {
      waiting = null;
      const cells = fresh.splice(0);
      map.getSource('edit-plots').updateData({ add: cells.flatMap(({ plots }) => plots.map(plotFeature)) });
      map.getSource('edit-lines').updateData({ add: cells.flatMap(({ lines }) => lines.map(lineFeature)) });
      for (const { plots } of cells) for (const { id } of plots) paintPlot(id);
      for (const { plots } of cells) for (const { id } of plots) paintBorders(id);
    });
  }

  function lineFeature([plot, other, drawn]) {
    const id = ++count;
    if (!numbers.has(plot)) numbers.set(plot, new Map());
    numbers.get(plot).set(other, id);
    return {
      type: 'Feature',
      id,
      geometry: { type: 'MultiLineString', coordinates: drawn.map(paired) },
      properties: {},
    };
  }

  function paintPlot(id) {
    const grid = plan?.grid(plan.gridOf(id));
    if (!grid || !ground.plot(id)) return;
    const colour = tintOf(tintBy, grid, editor.row, paletteNow(), editor.answersFor);
    const key = `${colour.fill}${colour.tint}`;
    if (fills.get(id) === key) return;
    fills.set(id, key);
    map.setFeatureState({ source: 'edit-plots', id }, colour);
  }

  function paintBorders(id) {
    for (const other of ground.around(id).keys()) {
      const number = numbers.get(Math.min(id, other))?.get(Math.max(id, other));
      if (number === undefined) continue;
      const border = borderOf(id, other);
      if ((borders.get(number) ?? BORDER.none) === border) continue;
      borders.set(number, border);
      map.setFeatureState({ source: 'edit-lines', id: number }, { border });
    }
  }

  function borderOf(one, other) {
    const [a, b] = [plan.gridOf(one), plan.gridOf(other)];
    if (a === b) return former && former.gridOf(one) !== former.gridOf(other) ? BORDER.moved : BORDER.none;
    if (chosen.has(a) && chosen.has(b)) return BORDER.between;
    return chosen.has(a) || chosen.has(b) ? BORDER.chosen : BORDER.grid;
  }

  function repaint(plots) {
    for (const id of plots) paintPlot(id);
    for (const id of plots) paintBorders(id);
  }

  function plotsOf(ids, ...plans) {
    return new Set(plans.flatMap(one => ids.flatMap(id => one?.grid(id)?.plots ?? [])));
  }

  /** Draw this plan; `before` is the plan whose borders are shown as ghosts. */
  function show(next, before = null) {
    if (!map.getSource('edit-plots')) return;
    listenToGround();
    const last = plan;
    [plan, former] = [next, before];
    if (!last) return repaint([...ground.plots()].map(({ id }) => id));
    repaint(plotsOf(last.differing(next), last, next));
  }

  /**
   * What differs between the plan on the map and another one, for the overlay.
   *
   * @param {object} next @param {object | null} before the plan whose borders are ghosts @param {number[]} forbidden
   */
  function differences(next, before, forbidden) {
    const [palette, isForbidden] = [paletteNow(), new Set(forbidden)];
    const [plots, borders, ghosts] = [[], [], []];
    const differ = plan ? [...plotsOf(plan.differing(next), plan, next)] : [];
    const moved = differ.filter(id => plan.gridOf(id) !== next.gridOf(id) && ground.plot(id));
    const marked = new Set([...moved, ...forbidden.filter(id => ground.plot(id))]);
    for (const id of marked) {
      const colour = tintOf(tintBy, next.grid(next.gridOf(id)), editor.row, palette, editor.answersFor);
      const role = isForbidden.has(id) ? 'forbidden' : 'changed';
      plots.push({ rings: ground.plot(id).rings, role, ...(role === 'changed' ? colour : { tint: 0 }) });
      for (const other of ground.around(id).keys()) {
        if (marked.has(other) && other < id) continue; // once
        const line = ground.line(Math.min(id, other), Math.max(id, other));
        if (!line.length || !moved.length) continue;
        if (next.gridOf(id) !== next.gridOf(other)) borders.push(...line);
        else if ((before ?? plan).gridOf(id) !== (before ?? plan).gridOf(other)) ghosts.push(...line);
      }
    }
    const { text: ink, halo } = palette;
    return { plots, borders, ghosts, ink, halo, danger: dangerNow() };
  }

  function listenToGround() {
    if (ground === editor.ground) return;
    ground = editor.ground;
    for (const name of ['edit-plots', 'edit-lines']) {
      map.removeFeatureState({ source: name });
      map.getSource(name).setData({ type: 'FeatureCollection', features: [] });
    }
    for (const known of [fills, borders, numbers]) known.clear();
    const heardBy = ground;
    ground.onCell(cell => heardBy === ground && takeCell(cell));
    const lines = [...ground.lines()].flatMap(([plot, others]) =>
      [...others].map(([other, drawn]) => [plot, other, drawn]),
    );
    if (ground.size) takeCell({ plots: [...ground.plots()], lines }); // came before the map had loaded
    fetchSeen();
  }

  function fetchSeen() {
    if (!editor.ground || map.getZoom() < NEAR_ZOOM) return;
    const { _sw: sw, _ne: ne } = map.getBounds();
    editor.ground.need([sw.lng, sw.lat, ne.lng, ne.lat]).catch(problem => editor.complain(problem));
  }

  /** Leave the map as it is: it is asked to draw nothing until `letGo`. */
  function hold() {
    kept ??= new Map();
  }

  function letGo() {
    const acts = kept ? [...kept.values()] : [];
    kept = null;
    for (const act of acts) act();
  }

  function choose(ids) {
    if (kept) return void kept.set('choose', () => choose(ids));
    const were = [...chosen];
    chosen = new Set(ids);
    if (!plan) return;
    for (const id of plotsOf([...were, ...ids], plan)) paintBorders(id);
  }

  /** Plots drawn hatched: those that would change hands, and those that must not. */
  function hatchPlots(changed, forbidden) {
    const role = (plots, name) =>
      plots.filter(id => ground.plot(id)).map(id => plotFeature(ground.plot(id), name));
    setOnce('edit-hatched', `${changed.join()};${forbidden.join()}`, () => [
      ...role(changed, 'changed'),
      ...role(forbidden, 'forbidden'),
    ]);
  }

  /** Corners and handles to drag. @param {object[]} features points with their `role` */
  function handles(features) {
    setOnce('edit-handles', JSON.stringify(features), () => features);
  }

  /** What a small source holds, sent to its worker only when it is something else. */
  function setOnce(name, key, make) {
    if (kept) return void kept.set(name, () => setOnce(name, key, make));
    const source = map.getSource(name);
    if (!source || held.get(name) === key) return;
    held.set(name, key);
    source.setData({ type: 'FeatureCollection', features: make() });
  }

  /** What is being drawn: its corners, and the line or ring so far. */
  function sketch(corners, { isOpen = false, corners: set = 0 } = {}) {
    const closed = !isOpen && corners.length > 2 ? [...corners, corners[0]] : corners;
    const feature = (role, geometry) => ({ type: 'Feature', geometry, properties: { role } });
    map.getSource('sketch')?.setData({
      type: 'FeatureCollection',
      features: [
        ...(corners.length > 1 ? [feature('ring', { type: 'LineString', coordinates: closed })] : []),
        ...corners.slice(0, set).map(corner => feature('corner', { type: 'Point', coordinates: corner })),
      ],
    });
  }

  map.on('moveend', fetchSeen);
  document.addEventListener('theme', () => {
    shown.show({ theme: isDark() ? 'dark' : 'light' });
    addImages();
    repaintAll();
  });

  function repaintAll() {
    fills.clear();
    if (plan) for (const { id } of ground.plots()) paintPlot(id);
  }

  return {
    add,
    show,
    differences,
    hold,
    letGo,
    choose,
    hatchPlots,
    handles,
    sketch,
    fetchSeen,

    /** @param {string} by one of TINTS */
    tint(by) {
      tintBy = by;
      repaintAll();
    },
    get tintBy() {
      return tintBy;
    },
  };
}

/** Labels of a plan's grids: numbers, households and who answers for them. */
export function labelsOf(plan, band, ground, answersFor) {
  const rows = [...plan.grids()].map(grid => {
    const load = loadOf(grid);
    const counts = grid.households > 0 && !isSpecial(grid);
    return {
      ...grid,
      class: counts ? classOf(load, band) : null,
      in_band: counts ? sideOf(load, band) === '' : null,
      label: grid.label ?? middleOf(grid.plots, ground),
      coordinator: answersFor(grid),
      mark: grid.locked ? t('edit-lock-mark') : null,
    };
  });
  return gridLabels(rows.filter(row => row.label));
}

function middleOf(ids, ground) {
  const points = ids.map(id => ground.plot(id)?.point).filter(Boolean);
  if (!points.length) return null;
  const mean = axis => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const centre = [mean(0), mean(1)];
  const away = ([lon, lat]) => Math.hypot(lon - centre[0], lat - centre[1]);
  return points.reduce((best, point) => (away(point) < away(best) ? point : best));
}

function plotFeature({ id, rings }, role) {
  const feature = {
    type: 'Feature',
    id,
    geometry: { type: 'Polygon', coordinates: rings.map(paired) },
    properties: {},
  };
  return typeof role === 'string' ? { ...feature, properties: { role } } : feature;
}

/** [lon, lat, lon, lat, …] as pairs. */
function paired(flat) {
  const pairs = [];
  for (let at = 0; at < flat.length; at += 2) pairs.push([flat[at], flat[at + 1]]);
  return pairs;
}

/** Slanted lines for `map.addImage`. */
function hatch(ink, opacity, width) {
  const size = IMAGE_PX * DENSITY;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  pen.strokeStyle = ink;
  pen.globalAlpha = opacity;
  pen.lineWidth = width * DENSITY;
  pen.lineCap = 'square';
  for (const shift of [-size, 0, size]) {
    pen.beginPath();
    pen.moveTo(shift, size);
    pen.lineTo(shift + size, 0);
    pen.stroke();
  }
  return pen.getImageData(0, 0, size, size);
}
