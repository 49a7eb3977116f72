/** Keeping a hazard on the phone with its photos, made smaller and drawn anew there. */
import { t } from '../words.js';
import { toBase64 } from './envelope.js';
import { write, writer } from './phone.js';

const WIDEST_PX = 1600;
const QUALITY = 0.8;
const MOST_PHOTOS = 4;

/**
 * Write a hazard down, then each of its photos, which find it by its id. Rejects with an `Unreadable` photo before
 * anything is written.
 */
export async function writeHazard(told, photos) {
  const small = [];
  for (const photo of [...photos].slice(0, MOST_PHOTOS)) small.push(await smaller(photo));
  const id = await write('hazard', { ...told, happened_at: new Date().toISOString() });
  for (const photo of small) await write('photo', { hazard: id, shows: 'before', photo });
}

/** Keep what the form of a page says; false where this phone keeps nothing, or it closes an inspection too. */
export async function keepHazard(form) {
  const said = new FormData(form);
  if (said.get('inspection') || (await writer()) === null) return false;
  const number = name => (said.get(name) ? Number(said.get(name)) : undefined);
  const told = {
    kind: said.get('kind'),
    severity: number('severity') ?? 1,
    description: String(said.get('description') ?? '').trim(),
    site: String(said.get('site') ?? '').trim(),
    emergency: said.get('emergency') === 'yes',
    building_id: number('building'),
    compound_id: number('compound'),
    lon: number('lon'),
    lat: number('lat'),
  };
  if (told.building_id || told.compound_id) [told.lon, told.lat] = [undefined, undefined];
  await writeHazard(
    told,
    said.getAll('photo').filter(photo => photo.size),
  );
  return true;
}

/** A file that is no photo this phone can draw; its message is for who chose it. */
class Unreadable extends Error {
  name = 'Unreadable';
}

/** A photo as JPEG of at most 1,600 px, in base64; drawn anew, it holds nothing but what is seen. */
async function smaller(file) {
  const picture = await createImageBitmap(file).catch(error => {
    throw new Unreadable(t('phone-photo-unreadable', { name: file.name }), { cause: error });
  });
  const scale = Math.min(1, WIDEST_PX / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
  return toBase64(new Uint8Array(await blob.arrayBuffer()));
}
