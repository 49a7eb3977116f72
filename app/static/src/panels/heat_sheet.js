/** To take along: the view as PDF or as PNG drawn here from the server's SVG, and beneath it the hazards as files. */
import { get } from '../frame/api.js';
import { el, icon } from '../frame/dom.js';
import { t } from '../words.js';

const WIDTH_PX = 2339, // A4 lying, 200 to the inch
  HEIGHT_PX = 1654;

/**
 * @param {(form: string) => string} addressOf address of the view as `svg` or `pdf`
 * @param {HTMLElement} files what has the hazards as files
 * @param {string} name of the file
 * @param {(act: () => Promise<void>) => Promise<void>} orSay does it; says where the server refuses
 */
export function sheetButtons(addressOf, files, name, orSay) {
  const said = el('p', { class: 'hint', role: 'status' });
  const button = (form, take) =>
    el(
      'button',
      { type: 'button', class: 'button', 'data-take': form, onclick: () => void orSay(take) },
      icon('download'),
      form.toUpperCase(),
    );
  return el(
    'div',
    { class: 'side-section heat-sheet' },
    el('h2', {}, t('heat-sheet-take')),
    el(
      'div',
      { class: 'buttons' },
      button('png', async () => {
        said.textContent = t('heat-sheet-making');
        try {
          save(await pngOf(await get(addressOf('svg'), { as: 'text' })), `${name}.png`);
        } finally {
          said.textContent = '';
        }
      }),
      button('pdf', async () => location.assign(addressOf('pdf'))),
    ),
    said,
    el('p', { class: 'hint' }, t('heat-sheet-about')),
    files,
  );
}

/** @param {string} svg @returns {Promise<Blob>} the same as a picture of dots */
export async function pngOf(svg) {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: WIDTH_PX, height: HEIGHT_PX });
    canvas.getContext('2d').drawImage(image, 0, 0, WIDTH_PX, HEIGHT_PX);
    return await new Promise(done => canvas.toBlob(done, 'image/png'));
  } finally {
    URL.revokeObjectURL(address);
  }
}

function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = el('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000); // not before the browser has read it
}
