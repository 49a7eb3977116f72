/**
 * The map itself: MapLibre with our style, and the few things pages ask of it.
 *
 *     const map = makeMap(element, { ground: place.tiles, plan: plan.tiles, bbox: place.bbox });
 *     map.show({ plan: other.tiles });                  // anything `styleOf` knows; the rest stays
 *     map.chooseGrid(17); map.goTo(grid.bbox);
 *     map.on('press', (id, building, position) => …);   // id null beside all grids, building null beside those
 */
import { Map as MapLibre, prewarm, setWorkerUrl } from 'maplibre-gl';
import { PALETTES } from '../core/colours.js';
import { isStep } from '../core/steps.js';
import { isDark } from '../frame/theme.js';
import { language, t } from '../words.js';
import { hatches, plate, toneHatches } from './hatches.js';
import { styleOf } from './style.js';

const QUICK_MS = 200;
const CLOSEST_ZOOM = 17.5; // of a camera that goes to what was chosen
const MARK_ZOOM = 17;
const TINY_PX = 40;
const HAZARD_SLACK_PX = 4;
const RETRY_MS = [1500, 3000, 6000, 12_000, 30_000];
const NOTHING = { type: 'FeatureCollection', features: [] };

setWorkerUrl(document.documentElement.dataset.mapWorker);
prewarm(); // workers start while the page still asks which place it shows

/**
 * @param {HTMLElement} container
 * @param {object} options what `styleOf` knows, and
 * @param {{zoom: number, lat: number, lon: number} | null} [options.camera] where it looks first; without it all of
 * @param {number[]} [options.bbox] west, south, east, north
 * @param {() => object} [options.padding] px at each side that panels cover
 * @param {string} [options.title] the map's name read aloud
 * @param {boolean} [options.presses] false: who asked for the map listens to pointer and keys himself
 * @param {(before: object, next: object) => object} [options.carry] puts what else was drawn into a new style
 */
export function makeMap(
  container,
  {
    camera = null,
    bbox,
    padding = () => 24,
    title = t('map-canvas'),
    presses = true,
    carry = (before, next) => next,
    ...wish
  },
) {
  const heard = {};
  const tell = (name, ...facts) => heard[name]?.map(listener => listener(...facts)).some(Boolean) ?? false;
  const shown = {
    theme: isDark() ? 'dark' : 'light',
    language,
    hide: [],
    ground: null,
    plan: null,
    labels: NOTHING,
    mark: NOTHING,
    sketch: null,
    differences: null,
    locked: null,
    residents: null,
    hazards: null,
    hazardsLate: t('hazards-map-late-count'),
    heat: null,
    areas: null,
  };
  Object.assign(shown, absolute(wish));

  const map = new MapLibre({
    container,
    style: styleOf(shown),
    locale: { 'Map.Title': title },
    attributionControl: false,
    localIdeographFontFamily: '',
    ...(camera
      ? { center: [camera.lon, camera.lat], zoom: camera.zoom }
      : bbox
        ? { bounds: bbox, fitBoundsOptions: { padding: padding() } }
        : {}),
    minZoom: 6,
    maxZoom: 20,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    rollEnabled: false,
    fadeDuration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 120,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();

  const addImages = () => {
    const palette = PALETTES[shown.theme];
    for (const { name, image, options } of [
      ...hatches(palette.inks),
      ...toneHatches(palette.tones),
      plate(palette),
    ]) {
      if (map.hasImage(name)) map.updateImage(name, image);
      else map.addImage(name, image, options);
    }
  };
  const chosen = chooser(map);
  let isReady = false,
    isBehind = false; // MapLibre changes no style that is not loaded yet
  map.on('style.load', () => {
    isReady = true;
    addImages();
    chosen.again();
    if (isBehind) draw();
  });
  const draw = () => {
    isBehind = !isReady;
    if (isReady) map.setStyle(styleOf(shown), { diff: true, transformStyle: carry });
  };
  map.on('styledata', chosen.again);
  const hover = presses ? listenToPointer(map, tell) : () => {};
  if (presses) listenToKeys(map, tell);
  listenToTrouble(map, tell);

  return {
    map,

    /** Take it off the page for good, with all that it listens to. */
    remove: () => map.remove(),

    /**
     * Listen: 'press' (id of a grid or null, building or null, [lon, lat]), 'step' (an arrow key), 'hover' (grid or null,
     * point, building or null), 'hazards' (what was pressed of them; true: it was heard, and no grid is meant), 'trouble'
     * (null or what).
     */
    on(name, listener) {
      (heard[name] ??= []).push(listener);
    },

    /** Draw something else; only what differs is drawn anew. */
    show(change) {
      const before = shown.theme;
      Object.assign(shown, absolute(change));
      draw();
      if (isReady && shown.theme !== before) addImages();
      chosen.again();
    },

    /** The same plan after an edit: tiles and labels are asked for anew, the style stays. */
    refresh({ plan, labels }) {
      Object.assign(shown, absolute({ plan }), { labels });
      map.getSource('plan')?.setTiles([shown.plan]);
      map.getSource('labels')?.setData(labels);
    },

    /** Heat of another time: its tiles take the place of those that are there, and nothing else changes. */
    reheat(heat) {
      Object.assign(shown, absolute({ heat }));
      map.getSource('heat')?.setTiles([shown.heat]);
    },

    /** As if the pointer were on this grid, or on none. */
    hover: id => hover('grid', id),

    chooseGrid: id => chosen.choose('grid', id),
    chooseBuilding: id => chosen.choose('building', id),

    /** Point at something found; null points at nothing. @param {number[] | null} position [lon, lat] */
    point(position) {
      shown.mark = position
        ? { type: 'Feature', geometry: { type: 'Point', coordinates: position }, properties: {} }
        : NOTHING;
      map.getSource('mark')?.setData(shown.mark);
    },

    /** Look at all of a place, with room for panels. */
    goTo(bounds, { quick = QUICK_MS, closest = CLOSEST_ZOOM } = {}) {
      map.fitBounds(bounds, { padding: padding(), duration: quick, maxZoom: closest, linear: true });
    },

    /** Look at all of it, unless it is in sight already and not tiny. */
    bringIntoSight(bounds) {
      const { left = 0, right = 0, top = 0, bottom = 0 } = padding();
      const { clientWidth, clientHeight } = map.getContainer();
      const [{ x: west, y: south }, { x: east, y: north }] = [
        map.project([bounds[0], bounds[1]]),
        map.project([bounds[2], bounds[3]]),
      ];
      const isSeen =
        west >= left && north >= top && east <= clientWidth - right && south <= clientHeight - bottom;
      if (!isSeen || Math.max(east - west, south - north) < TINY_PX) this.goTo(bounds);
    },

    /** Look at a point, no farther away than now. */
    goToPoint(position, { quick = QUICK_MS, zoom = MARK_ZOOM } = {}) {
      map.easeTo({
        center: position,
        zoom: Math.max(map.getZoom(), zoom),
        padding: padding(),
        duration: quick,
        retainPadding: false,
      });
    },

    /** @returns {{zoom: number, lat: number, lon: number}} */
    camera() {
      const { lng, lat } = map.getCenter();
      return { zoom: map.getZoom(), lat, lon: lng };
    },
  };
}

/** Tile addresses with their host: workers do not know the page's. */
function absolute(wish) {
  const whole = address => address && (address.startsWith('/') ? location.origin + address : address);
  const { ground, plan, heat } = wish;
  return {
    ...wish,
    ...(ground !== undefined && { ground: whole(ground) }),
    ...(plan !== undefined && { plan: whole(plan) }),
    ...(heat !== undefined && { heat: whole(heat) }),
  };
}

/** What is highlighted stays so when a source is made anew. */
function chooser(map) {
  const chosen = { grid: null, building: null };
  const mark = (layer, id, yes) => {
    if (id !== null && map.getSource('plan'))
      map.setFeatureState({ source: 'plan', sourceLayer: layer, id }, { chosen: yes });
  };
  return {
    choose(layer, id) {
      mark(layer, chosen[layer], false);
      chosen[layer] = id;
      mark(layer, id, true);
    },
    again() {
      for (const [layer, id] of Object.entries(chosen)) mark(layer, id, true);
    },
  };
}

/** Pressing chooses, hovering tells; a building on top of a grid tells both. */
function listenToPointer(map, tell) {
  const hovered = { grid: null, building: null };
  const layersNow = names => names.filter(name => map.getLayer(name));
  const at = (point, layer) => map.queryRenderedFeatures(point, { layers: layersNow([layer]) })[0];
  const hover = (layer, id) => {
    const set = (one, yes) =>
      one !== null &&
      map.getSource('plan') &&
      map.setFeatureState({ source: 'plan', sourceLayer: layer, id: one }, { hover: yes });
    if (hovered[layer] === id) return;
    set(hovered[layer], false);
    set(id, true);
    hovered[layer] = id;
  };
  map.on('mousemove', ({ point }) => {
    const [grid, building] = [at(point, 'grid-fill'), at(point, 'building-chosen')];
    hover('grid', grid?.id ?? null);
    hover('building', building?.id ?? null);
    map.getCanvas().style.cursor = grid || building || hazardsAt(map, point).length ? 'pointer' : '';
    tell('hover', grid ? { ...grid.properties, id: grid.id } : null, point, building?.properties ?? null);
  });
  map.on('mouseout', () => {
    hover('grid', null);
    hover('building', null);
    tell('hover', null);
  });
  map.on('movestart', () => tell('hover', null));
  map.on('click', ({ point, lngLat }) => {
    if (tellHazards(map, tell, point)) return;
    tell(
      'press',
      at(point, 'grid-fill')?.id ?? null,
      at(point, 'building-chosen')?.properties ?? null,
      lngLat.toArray(),
    );
  });
  return hover;
}

/** What is drawn of hazards at a point of the screen, with room for a finger. */
function hazardsAt(map, { x, y }) {
  if (!map.getLayer('hazard')) return [];
  const around = [
    [x - HAZARD_SLACK_PX, y - HAZARD_SLACK_PX],
    [x + HAZARD_SLACK_PX, y + HAZARD_SLACK_PX],
  ];
  return map.queryRenderedFeatures(around, { layers: ['hazard'] });
}

function tellHazards(map, tell, point) {
  const hazards = hazardsAt(map, point);
  return hazards.length > 0 && tell('hazards', hazards);
}

/**
 * Enter chooses the grid in the middle of the map. Once one is chosen, arrows lead to the next: whoever listens
 * to 'step' says by `true` that there was one; else they move the map, as + and − zoom it (MapLibre's own).
 */
function listenToKeys(map, ask) {
  const canvas = map.getCanvas();
  const press = () => {
    if (tellHazards(map, ask, map.project(map.getCenter()))) return;
    const layers = ['grid-fill'].filter(name => map.getLayer(name));
    const grid = map.queryRenderedFeatures(map.project(map.getCenter()), { layers })[0];
    ask('press', grid?.id ?? null, null, map.getCenter().toArray());
  };
  canvas.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key === 'Enter') {
      if (map.loaded()) press();
      else map.once('idle', press); // what is not drawn yet cannot be found
    } else if (isStep(event.key) && ask('step', event.key)) {
      event.preventDefault();
      event.stopPropagation(); // before MapLibre moves the map
    }
  });
}

/**
 * Tiles that do not come: said once, tried again with growing patience, and taken back when they come.
 * They are asked for by their numbers: a reload of the whole source leaves failed tiles waiting for ever.
 */
function listenToTrouble(map, tell) {
  let tries = 0,
    timer = null;
  const ailing = new Map(); // source -> numbers of its tiles
  const again = () => {
    clearTimeout(timer);
    timer = null;
    const missing = [...ailing];
    ailing.clear();
    for (const [source, tiles] of missing) if (map.getSource(source)) map.refreshTiles(source, tiles);
  };
  map.on('error', ({ error, sourceId, tile }) => {
    if (error?.name === 'AbortError') return;
    if (error?.status === undefined) return void console.error(error);
    if (error.status === 401) return void document.dispatchEvent(new CustomEvent('session-over'));
    if (tile) ailing.set(sourceId, [...(ailing.get(sourceId) ?? []), tile.tileID.canonical]);
    tell('trouble', { status: error.status });
    if (error.status === 0 || error.status === 429 || error.status >= 500)
      timer ??= setTimeout(again, RETRY_MS[Math.min(tries++, RETRY_MS.length - 1)]);
  });
  map.on('idle', () => {
    if (timer || ailing.size) return;
    if (tries) tell('trouble', null);
    tries = 0;
  });
  const gone = new AbortController();
  addEventListener('online', () => ailing.size && again(), { signal: gone.signal });
  map.on('remove', () => {
    clearTimeout(timer);
    gone.abort();
  });
}
