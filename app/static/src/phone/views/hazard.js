/** A hazard reported without signal: kind, how bad, where, a photo made smaller on the phone. */
import { el, icon } from '../../frame/dom.js';
import { toast } from '../../frame/toast.js';
import { language, t } from '../../words.js';
import { writeHazard } from '../keep_hazard.js';
import { formWith, onSave } from './door.js';
import { body, called, choices, field, head, panel, position } from './pieces.js';

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
    const told = {
      kind: form.querySelector('[name="kind"]:checked').value,
      severity: Number(form.querySelector('[name="severity"]:checked').value),
      description: words.value.trim(),
      ...(houses.value ? { building_id: Number(houses.value) } : { lon: here[0], lat: here[1] }),
    };
    await writeHazard(told, photo.files);
    return null;
  });
  return [head(t('phone-hazard')), body(form)];
}
