/** The page that is there without signal: which of its views is shown, the address says. */
import '../frame/frame.js';
import { el, fill, icon } from '../frame/dom.js';
import { asChosen } from '../frame/theme.js';
import { say, startWithoutServer, taken, theStore } from '../phone/phone.js';
import { t } from '../words.js';
import { buildingView } from '../phone/views/building.js';
import { formOfArrival, formOfVisit } from '../phone/views/door.js';
import { formOfHazard } from '../phone/views/hazard.js';
import { mapView } from '../phone/views/map.js';
import { meView } from '../phone/views/me.js';
import { empty, head } from '../phone/views/pieces.js';
import { todayView } from '../phone/views/today.js';

// What an address is about, the first that fits; what fits none is told so, above what is due.
const VIEWS = [
  [/^\/(today|walk)?$/, 'today', todayView],
  [/^\/map/, 'map', mapView],
  [/^\/(phone|me)$/, 'me', meView],
  [/^\/hazards\/new$/, 'report', formOfHazard],
  [/^\/visits\/new$/, 'today', formOfVisit],
  [/^\/arrivals\/new$/, 'today', formOfArrival],
  [/^\/buildings\/\d+$/, 'today', buildingView],
];

const view = document.getElementById('view');
asChosen();

async function show() {
  const store = await theStore();
  const person = await store.person();
  const [, tab, made] = VIEWS.find(([path]) => path.test(location.pathname)) ?? [null, 'today', elsewhere];
  document.querySelector(`[data-tab="${tab}"]`).setAttribute('aria-current', 'page');
  if (person === null) return fill(view, empty(icon('log-in'), t('phone-nobody'), t('phone-nobody-about')));
  const known = await store.pack(person);
  const pack = known || made === meView ? known : await taken(person);
  if (!pack && made !== meView)
    return fill(view, empty(icon('cloud-off'), t('phone-no-pack'), t('phone-no-pack-about')));
  fill(view, ...(await made({ store, person, pack, address: new URL(location.href) })));
  await say();
}

async function elsewhere(about) {
  const notice = el(
    'div',
    { class: 'page-body' },
    el('p', { class: 'notice warn' }, `${t('phone-not-here')} ${t('phone-not-here-about')}`),
  );
  return [head(t('frame-today')), notice, ...(await todayView(about)).slice(1)];
}

await show();
await startWithoutServer();
