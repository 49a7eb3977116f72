/**
 * Residents on the map, as counts: on each grid from afar, on each building from close up.
 *
 * The counts are fetched for what is in view and kept nowhere. Buildings come for who keeps their registers alone.
 */
import { get } from '../frame/api.js';
import { t } from '../words.js';
import { makeInView } from './in_view.js';

export const NEAR_ZOOM = 15.5;

/**
 * @param {object} map as `makeMap` gives it
 * @param {() => {plan: object | null, place: object | null, grids: object[]}} looked what the page looks at
 * @param {boolean} keepsRegisters whether buildings are told
 */
export function makeResidents(map, looked, keepsRegisters) {
  const layer = makeInView(map, draw);
  let ofPlan = null; // { id, counts by grid }

  async function draw(isOn, signal) {
    const { plan, place, grids } = looked();
    if (!isOn || !plan) return map.show({ residents: null });
    try {
      const isNear = keepsRegisters && map.map.getZoom() >= NEAR_ZOOM;
      const features = isNear ? await buildings(place, signal) : await ofGrids(plan, grids, signal);
      if (!signal.aborted && features) map.show({ residents: { type: 'FeatureCollection', features } });
    } catch (error) {
      if (error.name !== 'Problem') throw error; // the map stands without them
    }
  }

  async function ofGrids(plan, grids, signal) {
    if (ofPlan?.id !== plan.id) {
      const { grids: counted } = await get(`/api/plans/${plan.id}/residents`, { signal });
      ofPlan = { id: plan.id, counts: new Map(counted.map(one => [one.id, one])) };
    }
    return grids
      .map(grid => [grid.label, ofPlan.counts.get(grid.id)])
      .filter(([, counts]) => counts && counts.households !== 0)
      .map(([position, counts]) => feature(position, counts, 'grid'));
  }

  async function buildings(place, signal) {
    const box = map.map.getBounds();
    const asked = new URLSearchParams({
      west: box.getWest(),
      south: box.getSouth(),
      east: box.getEast(),
      north: box.getNorth(),
    });
    const { buildings: found } = await get(`/api/places/${place.code}/residents?${asked}`, { signal });
    return found && found.map(one => feature(one.position, one, 'building'));
  }

  return {
    /** Show them or not. */
    set on(yes) {
      if (!yes) ofPlan = null;
      layer.on = yes;
    },
    get on() {
      return layer.on;
    },
    /** Another plan or place is looked at. */
    again: layer.again,
  };
}

function feature(position, counts, kind) {
  const said = count => (count === null ? t('residents-few') : String(count));
  const due =
    counts.households === null || counts.verified === null ? null : counts.households - counts.verified;
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: position },
    properties: {
      kind,
      text: t('residents-label', { households: said(counts.households), residents: said(counts.residents) }),
      due: due ? t('residents-label-due', { n: due }) : '',
      open: due === null || !counts.households ? 0 : due / counts.households,
    },
  };
}
