/** The report of a hazard: where one stands, the photo as it will be sent, and what may be the same nearby. */
import '../frame/frame.js';
import { get } from '../frame/api.js';
import { complain } from '../panels/door_form.js';
import { t } from '../words.js';

const SOON_MS = 4000;
const form = document.getElementById('report');
const here = document.querySelector('[data-act="here"]');

here?.addEventListener('click', () => {
  const complaint = document.getElementById('not-located');
  complaint.hidden = true;
  here.disabled = true;
  here.lastChild.textContent = t('hazard-locating');
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const there = new URL(location.href);
      there.searchParams.set('lon', coords.longitude.toFixed(6));
      there.searchParams.set('lat', coords.latitude.toFixed(6));
      location.assign(there);
    },
    () => {
      complaint.hidden = false;
      here.disabled = false;
      here.lastChild.textContent = t('hazard-here');
    },
    { enableHighAccuracy: true, timeout: 15000 },
  );
});

if (form) {
  form.addEventListener('change', event => {
    if (event.target.name === 'kind') showNear(event.target.value);
    if (event.target.name === 'photo') showPhoto(event.target.files[0]);
  });
}

/** Of who walks: where the server does not answer, the report is kept on the phone and sent later. */
if (form && document.documentElement.dataset.walks) {
  const askFirst = async event => {
    if (form.dataset.sure) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.asking) return; // pressed twice: one report
    form.dataset.asking = 'yes';
    let [kept, wrong] = [false, t('phone-not-kept')];
    try {
      const { keepHazard } = await import('../phone/keep_hazard.js');
      kept = !(await answers()) && (await keepHazard(form));
      wrong = '';
    } catch (error) {
      if (error.name !== 'Unreadable') throw error;
      wrong = error.message;
    } finally {
      delete form.dataset.asking;
      complain(form, wrong);
    }
    if (kept) location.assign('/today');
    if (kept || wrong) return;
    form.dataset.sure = 'yes';
    form.requestSubmit();
  };
  form.addEventListener('submit', askFirst, { capture: true }); // before the frame counts it as sent
}

async function answers() {
  const soon = AbortSignal.timeout(SOON_MS);
  return get('/api/token', { signal: soon }).then(
    () => true,
    error => error.name === 'Problem' && error.status !== 0,
  );
}

/** What was reported nearby of this kind: the person says whether it is another one. */
async function showNear(kind) {
  const asked = new URLSearchParams({ kind });
  for (const name of ['building', 'compound', 'lon', 'lat'])
    if (form.elements[name]) asked.set(name, form.elements[name].value);
  const panel = document.getElementById('near');
  const found = await get(`/api/hazards/near?${asked}`).catch(error => {
    if (error.name !== 'Problem') throw error;
    return null;
  });
  if (found === null || form.elements.kind.value !== kind) return; // the server asks once more
  panel.querySelector('ul').replaceChildren(...found.hazards.map(row));
  panel.querySelector('input').required = found.hazards.length > 0;
  panel.querySelector('input').checked = false;
  panel.hidden = !found.hazards.length;
}

function row(hazard) {
  const link = document.createElement('a');
  link.href = `/hazards/${hazard.id}`;
  link.textContent = [
    hazard.building,
    t('case-state', { state: hazard.state.replace(' ', '_') }),
    t('hazard-near-metres', { n: Math.round(hazard.distance_m) }),
  ]
    .filter(Boolean)
    .join(' · ');
  const made = document.createElement('li');
  made.append(link);
  return made;
}

function showPhoto(file) {
  const shown = document.getElementById('photo-shown');
  if (shown.src) URL.revokeObjectURL(shown.src);
  shown.hidden = !file;
  if (file) shown.src = URL.createObjectURL(file);
}
