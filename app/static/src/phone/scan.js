/**
 * Reading the code of a printed sheet with the camera, where the browser can; typing its number where it cannot.
 * The picture is looked at here and kept nowhere.
 */
import { scanned } from '../core/sheets.js';
import { el } from '../frame/dom.js';
import { t } from '../words.js';

const LOOK_MS = 250;

/** Whether this browser finds codes in pictures and may be given a camera. */
async function readsCodes() {
  if (!('BarcodeDetector' in window) || !navigator.mediaDevices?.getUserMedia) return false;
  return (await window.BarcodeDetector.getSupportedFormats()).includes('qr_code');
}

/**
 * Ask for a code.
 *
 * @returns {Promise<{sheet: object} | {typed: string} | null>} a sheet as `scanned` tells it, what was typed
 *   instead, or null where nobody wants to any more
 */
export async function askForCode() {
  const typed = el('input', { id: 'code-typed', maxlength: 60, autocomplete: 'off', autocapitalize: 'off' });
  const line = el('p', { class: 'muted', role: 'status' }, t('phone-scan-none'));
  const video = el('video', { class: 'scan', playsinline: true, muted: true, hidden: true });
  let found;
  const answer = new Promise(resolve => (found = resolve));
  const dialog = el(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'scan-title', onclose: () => found(null) },
    el('h2', { id: 'scan-title' }, t('phone-scan')),
    video,
    line,
    el(
      'form',
      {
        class: 'form',
        onsubmit: event => {
          event.preventDefault();
          const sheet = scanned(typed.value);
          if (typed.value.trim()) found(sheet ? { sheet } : { typed: typed.value.trim() });
        },
      },
      el('div', { class: 'field' }, el('label', { for: 'code-typed' }, t('phone-scan-typed')), typed),
      el(
        'div',
        { class: 'buttons' },
        el('button', { class: 'button primary' }, t('phone-scan-find')),
        el('button', { type: 'button', class: 'button', onclick: () => dialog.close() }, t('phone-cancel')),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  const stop = (await readsCodes()) ? await look(video, line, found) : () => null;
  const said = await answer;
  stop();
  dialog.remove();
  return said;
}

/** Look through the camera until a code of ours is seen; what ends it. */
async function look(video, line, found) {
  const stream = await navigator.mediaDevices
    .getUserMedia({ video: { facingMode: 'environment' } })
    .catch(error => {
      if (!['NotAllowedError', 'NotFoundError', 'NotReadableError'].includes(error.name)) throw error;
      line.textContent = t('phone-scan-no-camera');
      return null;
    });
  if (!stream) return () => null;
  video.srcObject = stream;
  video.hidden = false;
  line.textContent = t('phone-scan-hold');
  await video.play();
  const detector = new window.BarcodeDetector({ formats: ['qr_code'] });
  const looking = setInterval(async () => {
    for (const { rawValue } of await detector.detect(video)) {
      const sheet = scanned(rawValue);
      if (sheet) found({ sheet });
      else line.textContent = t('phone-scan-other');
    }
  }, LOOK_MS);
  return () => {
    clearInterval(looking);
    for (const track of stream.getTracks()) track.stop();
  };
}
