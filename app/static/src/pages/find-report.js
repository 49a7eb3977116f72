/** The report of a place: where one stands, when asked, and never twice by two presses. */
import { t } from '../words.js';

const form = document.querySelector('.report-form');

for (const button of document.querySelectorAll('[data-act="print"]'))
  button.addEventListener('click', () => print());

const here = document.querySelector('[data-act="here"]');
if (here && navigator.geolocation && form.elements.lon) {
  here.hidden = false;
  here.addEventListener('click', () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.lon.value = coords.longitude.toFixed(6);
        form.elements.lat.value = coords.latitude.toFixed(6);
        document.querySelector('[data-where]').textContent = t('site-report-point');
      },
      () => (document.querySelector('[data-where]').textContent = t('site-report-not-found')),
      { enableHighAccuracy: true, timeout: 15_000 },
    ),
  );
}

form?.addEventListener('submit', event => {
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = 'yes';
});
