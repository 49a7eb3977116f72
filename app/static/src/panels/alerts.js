/** Grids in force that have left their band: a notice with the list and the way to put it right. */
import { get } from '../frame/api.js';
import { el, icon } from '../frame/dom.js';
import { formats } from '../core/formats.js';
import { locale, t } from '../words.js';
import { toldWith } from './households.js';

const format = formats(locale);

/**
 * @param {string} code of a place
 * @param {boolean} mayManage whether the person may re-balance
 * @returns {Promise<HTMLElement | null>} null where nothing is amiss; problems are thrown
 */
export async function alertsOf(code, mayManage) {
  const { alerts } = await get(`/api/places/${code}/alerts`);
  if (!alerts.length) return null;
  return el(
    'div',
    { class: 'notice warn alerts', role: 'status' },
    icon('triangle-alert'),
    el(
      'div',
      { class: 'alerts-body' },
      el('strong', {}, t('alert-notice', { n: alerts.length })),
      el(
        'details',
        {},
        el('summary', {}, t('alert-list')),
        el(
          'ul',
          { class: 'plain' },
          ...alerts.map(alert =>
            el(
              'li',
              {},
              toldWith('alert-line', 'alert-line-untold', {
                code: alert.grid.code,
                households: alert.households,
                least: format.count(alert.least),
                most: format.count(alert.most),
              }),
            ),
          ),
        ),
      ),
      mayManage &&
        el(
          'a',
          { class: 'button', href: `/plans/${alerts[0].plan}/rebalance` },
          icon('scale'),
          t('rebalance-act'),
        ),
    ),
  );
}
