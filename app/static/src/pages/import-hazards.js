/**
 * Bringing hazards in: what the server says of a file is put into the page, so that the file stays chosen while its
 * columns and kinds are. Without this script the form works too; the file is chosen again then.
 */
import '../frame/frame.js';
import { t } from '../words.js';

const form = document.querySelector('#import');
const PARTS = ['told', 'reading'];

form.addEventListener('submit', event => {
  if (event.submitter?.value === 'report') return; // a file: the browser takes it by itself
  event.preventDefault();
  void send(event.submitter);
});

/** @param {HTMLElement} pressed the button that says what is to be done */
async function send(pressed) {
  const buttons = [...form.querySelectorAll('button')];
  const body = new FormData(form, pressed);
  for (const button of buttons) button.disabled = true;
  form.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(form.action, { method: 'POST', body }).catch(() => null);
    if (answer?.status === 401) return void location.reload();
    const page = answer && new DOMParser().parseFromString(await answer.text(), 'text/html');
    const parts = PARTS.map(id => page?.getElementById(id) ?? null);
    if (parts.includes(null)) {
      // Another page, with what the server says of its own; or none.
      const said = page?.querySelector('main')?.textContent.trim() || t('frame-network-gone');
      return void (document.getElementById('told').textContent = said);
    }
    for (const part of parts) document.getElementById(part.id).replaceWith(part);
    document.getElementById('told').scrollIntoView({ block: 'start' });
  } finally {
    for (const button of buttons) button.disabled = false;
    form.removeAttribute('aria-busy');
  }
}
