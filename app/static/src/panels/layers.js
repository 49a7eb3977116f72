/** Which layers are drawn. */
import { el, fill, icon } from '../frame/dom.js';
import { LAYERS } from '../map/style.js';
import { t } from '../words.js';

/**
 * @param {(hide: string[]) => void} changed
 * @param {{hasMicro?: boolean}} [plan] hasMicro: whether there are micro-grids to show
 */
export function showLayers(list, hide, changed, { hasMicro = false } = {}) {
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
    el('p', { class: 'hint' }, t('map-layers-near')),
  );
}
