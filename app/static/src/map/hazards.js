/**
 * Open hazards on the map: fetched for what is in view, clustered by the map, kept nowhere.
 *
 * A press on many goes closer; a press on one, or on several at one site, opens them.
 */
import { firstLetter, hazardFeatures, pressedHazards } from '../core/hazard_points.js';
import { get } from '../frame/api.js';
import { toastProblem } from '../frame/toast.js';
import { language, t } from '../words.js';
import { makeInView } from './in_view.js';

const CLOSER = 2; // zooms, into a cell
const CLOSEST_ZOOM = 18;

/**
 * @param {object} map as `makeMap` gives it
 * @param {() => {place: object | null, date: string | null}} looked what the page looks at
 * @param {(hazards: object[], nameOf: (kind: string) => string) => void} open what was pressed
 */
export function makeHazards(map, looked, open) {
  const names = new Map();
  const nameOf = kind => names.get(kind) ?? kind;
  const layer = makeInView(map, draw);
  map.on('hazards', features => {
    const hazards = pressedHazards(features);
    if (hazards.length) open(hazards, nameOf);
    else void goCloser(features[0]);
    return true;
  });

  async function draw(isOn, signal) {
    const { place, date } = looked();
    if (!isOn || !place || date) return map.show({ hazards: null }); // what is open is so today
    try {
      const found = await get(`/api/places/${place.code}/hazards/open?${inView()}`, { signal });
      for (const kind of found.kinds) names.set(kind.code, language === 'zh' ? kind.name_zh : kind.name_en);
      if (!signal.aborted) map.show({ hazards: hazardFeatures(found, markOf) });
    } catch (error) {
      if (error.name !== 'Problem') throw error;
      toastProblem(error); // the map stands without them, and must not read as if none were open
    }
  }

  function inView() {
    const box = map.map.getBounds();
    return new URLSearchParams({
      west: Math.max(-180, box.getWest()),
      south: Math.max(-90, box.getSouth()),
      east: Math.min(180, box.getEast()),
      north: Math.min(90, box.getNorth()),
    });
  }

  /** The letter of a kind; of one a city has added, the first of its name. */
  function markOf(kind) {
    const mark = t('hazards-map-mark', { kind });
    return mark === '-' ? firstLetter(nameOf(kind)) : mark;
  }

  async function goCloser({ properties, geometry }) {
    const source = map.map.getSource('hazards');
    const zoom =
      properties.cluster_id === undefined
        ? map.map.getZoom() + CLOSER
        : await source.getClusterExpansionZoom(properties.cluster_id);
    map.goToPoint(geometry.coordinates, { zoom: Math.min(zoom, CLOSEST_ZOOM) });
  }

  return {
    /** Show them or not. */
    set on(yes) {
      if (yes !== layer.on) layer.on = yes;
    },
    get on() {
      return layer.on;
    },
    /** Another place or day is looked at. */
    again() {
      if (layer.on) layer.again();
    },
  };
}
