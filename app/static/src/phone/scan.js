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
  // Beside the answer: a number can be typed while the browser still asks for the camera.
  const looking = readsCodes().then(reads => (reads ? look(video, line, found) : () => null));
  const said = await answer;
  dialog.remove();
  void looking.then(stop => stop());
  return said;
}

/** Look through the camera until a code of ours is seen; what ends it. Without a camera there is typing. */
async function look(video, line, found) {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    video.srcObject = stream;
    await video.play();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    stopped(stream);
    line.textContent = t('phone-scan-no-camera');
    return () => null;
  }
  video.hidden = false;
  line.textContent = t('phone-scan-hold');
  const detector = new window.BarcodeDetector({ formats: ['qr_code'] });
  const looking = setInterval(async () => {
    const seen = await detector.detect(video).catch(() => []); // a picture that is not there yet
    for (const { rawValue } of seen) {
      const sheet = scanned(rawValue);
      if (sheet) found({ sheet });
      else line.textContent = t('phone-scan-other');
    }
  }, LOOK_MS);
  return () => {
    clearInterval(looking);
    stopped(stream);
  };
}

/** @param {MediaStream | undefined} stream whose camera is let go */
function stopped(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
