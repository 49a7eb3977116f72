/** A hazard reported without signal: kind, how bad, where, a photo made smaller on the phone. */
import { el, icon } from '../../frame/dom.js';
import { toast } from '../../frame/toast.js';
import { language, t } from '../../words.js';
import { toBase64 } from '../envelope.js';
import { write } from '../phone.js';
import { formWith, onSave } from './door.js';
import { body, called, choices, field, head, panel, position } from './pieces.js';

const WIDEST_PX = 1600;
const QUALITY = 0.8;
const MOST_PHOTOS = 4;

/** @returns {HTMLElement[]} */
export function formOfHazard({ pack, address }) {
  const chosen = address.searchParams.get('building') ?? '';
  let here = null;
  const houses = el(
    'select',
    {},
    el('option', { value: '' }, '—'),
    ...pack.buildings.map(one =>
      el('option', { value: one.id, selected: String(one.id) === chosen }, called(one)),
    ),
  );
  const words = el('textarea', { rows: 3, maxlength: 500 });
  const photo = el('input', { type: 'file', accept: 'image/*', capture: 'environment', multiple: true });
  const where = el(
    'button',
    {
      type: 'button',
      class: 'button',
      'aria-pressed': 'false',
      onclick: async () => {
        here = await position().catch(() => {
          toast(t('today-no-position'));
          return null;
        });
        where.setAttribute('aria-pressed', String(here !== null));
        if (here) houses.value = '';
      },
    },
    icon('locate-fixed'),
    t('phone-hazard-here'),
  );
  const form = formWith(
    panel(
      null,
      choices(
        'kind',
        t('phone-hazard-kind'),
        pack.kinds.map(kind => [kind.code, kind[`name_${language}`]]),
        null,
        'choices big',
      ),
      choices(
        'severity',
        t('phone-hazard-severity'),
        ['1', '2', '3'].map(one => [one, t(`phone-hazard-severity-${one}`)]),
        '1',
      ),
    ),
    panel(t('phone-hazard-where'), field('building', t('phone-find'), houses), where),
    panel(
      null,
      field('words', t('phone-hazard-words'), words),
      field('photo', t('phone-hazard-photo'), photo),
    ),
  );
  onSave(form, async () => {
    if (!houses.value && !here) return t('phone-hazard-no-place');
    const id = await write('hazard', {
      kind: form.querySelector('[name="kind"]:checked').value,
      severity: Number(form.querySelector('[name="severity"]:checked').value),
      happened_at: new Date().toISOString(),
      description: words.value.trim(),
      ...(houses.value ? { building_id: Number(houses.value) } : { lon: here[0], lat: here[1] }),
    });
    for (const file of [...photo.files].slice(0, MOST_PHOTOS))
      await write('photo', { hazard: id, shows: 'before', photo: await smaller(file) });
    return null;
  });
  return [head(t('phone-hazard')), body(form)];
}

/** A photo as JPEG of at most 1,600 px, in base64; drawn anew, it holds nothing but what is seen. */
async function smaller(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, WIDEST_PX / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
  return toBase64(new Uint8Array(await blob.arrayBuffer()));
}
