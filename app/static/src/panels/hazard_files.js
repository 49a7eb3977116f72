/**
 * The hazards that are meant as files. What is short is had at once; a long workbook or GeoPackage is made by the
 * server meanwhile: how far it is stands here, also after the page was left, and then where to fetch it.
 */
import { formats } from '../core/formats.js';
import { get, post } from '../frame/api.js';
import { el, fill, icon } from '../frame/dom.js';
import { locale, t } from '../words.js';

const FORMS = [
  ['csv', 'CSV'],
  ['xlsx', 'Excel'],
  ['gpkg', 'GeoPackage'],
];
const AT_WORK = ['queued', 'running'];
const ASK_AGAIN_MS = 1500;
const MEGABYTE = 1_000_000;
const format = formats(locale);

/**
 * @param {(form: string) => string} askedOf what asks for a file: path and query, `/api/places/…/hazards/files?…`
 * @param {(act: () => Promise<void>) => Promise<void>} orSay does it; says where the server refuses
 * @returns {HTMLElement} the same for as long as the page is open; `look()` shows what was asked for earlier
 */
export function makeHazardFiles(askedOf, orSay) {
  const list = el('ul', { class: 'made-files' });
  let [waiting, isMaking] = [0, false];
  const root = el(
    'div',
    { class: 'hazard-files' },
    el('h2', {}, t('heat-sheet-files')),
    el(
      'div',
      { class: 'buttons' },
      ...FORMS.map(([form, called]) =>
        el(
          'button',
          { type: 'button', class: 'button', 'data-file': form, onclick: () => void orSay(() => take(form)) },
          icon('download'),
          called,
        ),
      ),
    ),
    el('div', { role: 'status' }, list),
  );

  async function take(form) {
    const { at_once: address } = await post(askedOf(form));
    if (address) location.assign(address);
    else await look();
  }

  async function look() {
    clearTimeout(waiting);
    try {
      const { files } = await get('/api/hazard-files');
      fill(list, ...files.map(line));
      isMaking = files.some(({ state }) => AT_WORK.includes(state));
    } finally {
      if (isMaking) waiting = setTimeout(() => void orSay(look), ASK_AGAIN_MS); // also after a lost answer
    }
  }

  return Object.assign(root, { look });
}

function line(file) {
  if (AT_WORK.includes(file.state)) {
    const said = t('hazard-file-making', { share: format.percent(file.share) });
    return el(
      'li',
      { 'data-state': file.state },
      el('span', {}, file.name),
      el('progress', { max: 1, value: file.share, 'aria-label': said }),
      el('span', { class: 'hint' }, said),
    );
  }
  if (file.state === 'failed')
    return el(
      'li',
      { 'data-state': file.state },
      el('span', {}, file.name),
      el('span', { class: 'hint' }, file.refusal.detail),
    );
  return el(
    'li',
    { 'data-state': file.state },
    el('a', { href: file.address, download: '' }, icon('download', 'icon small'), file.name),
    el(
      'span',
      { class: 'hint' },
      t('hazard-file-there', {
        n: file.rows,
        size: format.tenth(file.bytes / MEGABYTE),
        until: format.dateTime(file.until),
      }),
    ),
  );
}
