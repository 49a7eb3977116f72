/** What is due today: shown by its sort, and by how near it is. The phone's position stays in the phone. */
import { metresBetween } from '../core/doors.js';
import { formats } from '../core/formats.js';
import '../frame/frame.js';
import { post } from '../frame/api.js';
import { toast, toastProblem } from '../frame/toast.js';
import { locale, t } from '../words.js';

const walk = document.getElementById('walk');
const chips = [...document.querySelectorAll('[data-show]')];
const format = formats(locale);

function show(sort) {
  for (const chip of chips) chip.setAttribute('aria-pressed', String(chip.dataset.show === sort));
  const fits = {
    all: () => true,
    now: row => 'now' in row.dataset,
    overdue: row => 'overdue' in row.dataset,
    promise: row => row.dataset.kind === 'promise',
  }[sort];
  let shown = 0;
  for (const building of walk.children) {
    const rows = [...building.querySelectorAll('li')];
    for (const row of rows) row.hidden = !fits(row);
    building.hidden = rows.every(row => row.hidden);
    shown += building.hidden ? 0 : 1;
  }
  document.getElementById('nothing-shown').hidden = shown > 0;
}

for (const chip of chips) chip.addEventListener('click', () => show(chip.dataset.show));
if (walk) show('now');

document.querySelector('[data-act="nearest"]')?.addEventListener('click', () => {
  navigator.geolocation.getCurrentPosition(sortByNearness, () => toast(t('today-no-position')), {
    enableHighAccuracy: true,
    timeout: 10_000,
  });
});

function sortByNearness({ coords }) {
  const here = [coords.longitude, coords.latitude];
  const away = building => metresBetween(here, [Number(building.dataset.lon), Number(building.dataset.lat)]);
  const sorted = [...walk.children].sort((one, other) => away(one) - away(other));
  for (const building of sorted)
    building.querySelector('[data-away]').textContent = format.onFoot(away(building));
  walk.append(...sorted);
}

for (const row of document.querySelectorAll('[data-month]')) {
  row.querySelector('[data-act="report"]')?.addEventListener('click', async event => {
    event.currentTarget.disabled = true;
    try {
      await post('/api/zero-reports', { grid_id: Number(row.dataset.grid), month: row.dataset.month });
      location.reload();
    } catch (error) {
      event.target.disabled = false;
      toastProblem(error);
    }
  });
}

/** Borders that changed: what came, what went, and whom to ask; the pack knows. */
document.addEventListener(
  'phone-pack',
  async ({ detail }) => {
    if (!detail.changes.length) return;
    const { changePanel } = await import('../phone/views/today.js');
    document.querySelector('.page-body').prepend(...detail.changes.map(changePanel));
  },
  { once: true },
);
