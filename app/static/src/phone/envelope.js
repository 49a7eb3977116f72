/**
 * Sealing what is written on a phone, so that writing needs nobody and reading back needs signing in.
 *
 * An entry is sealed for the public half of a key: ECDH on P-256 with a key made for this entry alone, HKDF
 * (SHA-256), AES-GCM. The private half leaves the phone when it is made, wrapped by a secret that the server
 * tells its person once they are signed in; the phone forgets both.
 */

const CURVE = { name: 'ECDH', namedCurve: 'P-256' };
const IV_BYTES = 12;
const ABOUT = new TextEncoder().encode('gridkeeper entry 1');

/**
 * A new key: the public half to keep here, the private half wrapped for the server.
 *
 * @param {string} secret 32 bytes as hex
 * @returns {Promise<{publicKey: JsonWebKey, wrapped: string}>}
 */
export async function makeKey(secret) {
  const made = await crypto.subtle.generateKey(CURVE, true, ['deriveBits']);
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', made.publicKey);
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const wrapped = await crypto.subtle.wrapKey('pkcs8', made.privateKey, await wrapping(secret), {
    name: 'AES-GCM',
    iv,
  });
  return { publicKey: { kty, crv, x, y }, wrapped: toBase64(joined(iv, new Uint8Array(wrapped))) };
}

/**
 * The private half back, for this page alone; it cannot be taken out again.
 *
 * @param {string} wrapped @param {string} secret @returns {Promise<CryptoKey>}
 */
export async function unwrapKey(wrapped, secret) {
  const bytes = fromBase64(wrapped);
  const iv = bytes.slice(0, IV_BYTES);
  return crypto.subtle.unwrapKey(
    'pkcs8',
    bytes.slice(IV_BYTES),
    await wrapping(secret),
    { name: 'AES-GCM', iv },
    CURVE,
    false,
    ['deriveBits'],
  );
}

/**
 * Seal something for the holder of the private half.
 *
 * @param {JsonWebKey} publicKey
 * @param {any} said what JSON can hold
 * @param {string} label what it goes with; opened with another it does not open
 * @returns {Promise<{from: JsonWebKey, iv: Uint8Array, box: Uint8Array}>}
 */
export async function seal(publicKey, said, label) {
  const once = await crypto.subtle.generateKey(CURVE, true, ['deriveBits']);
  const theirs = await crypto.subtle.importKey('jwk', publicKey, CURVE, false, []);
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const key = await shared(once.privateKey, theirs, 'encrypt');
  const text = new TextEncoder().encode(JSON.stringify(said));
  const box = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bytesOf(label) }, key, text);
  return { from: await crypto.subtle.exportKey('jwk', once.publicKey), iv, box: new Uint8Array(box) };
}

/** What was sealed; throws where key or label are others. */
export async function open(privateKey, { from, iv, box }, label) {
  const theirs = await crypto.subtle.importKey('jwk', from, CURVE, false, []);
  const key = await shared(privateKey, theirs, 'decrypt');
  const text = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: bytesOf(label) }, key, box);
  return JSON.parse(new TextDecoder().decode(text));
}

async function shared(privateKey, publicKey, use) {
  const bits = await crypto.subtle.deriveBits({ name: 'ECDH', public: publicKey }, privateKey, 256);
  const base = await crypto.subtle.importKey('raw', bits, 'HKDF', false, ['deriveKey']);
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info: ABOUT };
  return crypto.subtle.deriveKey(how, base, { name: 'AES-GCM', length: 256 }, false, [use]);
}

function wrapping(secret) {
  const bytes = Uint8Array.from(secret.match(/../g), pair => Number.parseInt(pair, 16));
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['wrapKey', 'unwrapKey']);
}

function bytesOf(text) {
  return new TextEncoder().encode(text);
}

function joined(one, other) {
  const made = new Uint8Array(one.length + other.length);
  made.set(one);
  made.set(other, one.length);
  return made;
}

/** Bytes as base64, also many of them. */
export function toBase64(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
}
