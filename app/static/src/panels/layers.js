/** Which layers are drawn. */
import { el, fill, icon } from '../frame/dom.js';
import { LAYERS } from '../map/style.js';
import { t } from '../words.js';

/**
 * @param {(hide: string[]) => void} changed
 * @param {object} [plan] hasMicro: whether there are micro-grids to show
 * @param {{isOn: boolean, turn: (on: boolean) => void} | null} [plan.residents] the layer that is off until it is asked for
 * @param {{isOn: boolean, turn: (on: boolean) => void} | null} [plan.hazards] another one, for who reads cases
 */
export function showLayers(list, hide, changed, { hasMicro = false, residents = null, hazards = null } = {}) {
  const hidden = new Set(hide);
  const choice = name =>
    el(
      'label',
      { class: 'choice' },
      el('input', {
        type: 'checkbox',
        checked: !hidden.has(name),
        onchange: ({ target }) => {
          if (target.checked) hidden.delete(name);
          else hidden.add(name);
          changed(Object.keys(LAYERS).filter(key => hidden.has(key)));
        },
      }),
      el('span', {}, t('map-layer', { layer: name })),
    );
  fill(
    list,
    el('h2', {}, icon('layers'), t('map-layers')),
    ...Object.keys(LAYERS)
      .filter(name => hasMicro || name !== 'micro')
      .map(choice),
    residents && askedFor(residents, t('residents-layer')),
    hazards && askedFor(hazards, t('hazards-map-layer')),
    el('p', { class: 'hint' }, t('map-layers-near')),
  );
}

/** A layer that is off until it is asked for. */
function askedFor({ isOn, turn }, words) {
  return el(
    'label',
    { class: 'choice' },
    el('input', { type: 'checkbox', checked: isOn, onchange: ({ target }) => turn(target.checked) }),
    el('span', {}, words),
  );
}
