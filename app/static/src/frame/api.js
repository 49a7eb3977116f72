/**
 * Asking the server. Every way of not getting an answer becomes a `Problem` with a sentence a person can read:
 * what the server refused (in its words), no network, a server that is busy, a session that is over.
 */
import { t } from '../words.js';

/** The server, or the way to it, said no. `message` is the sentence, `code` and `facts` are for programs. */
export class Problem extends Error {
  /** @param {{status: number, code: string, detail: string, facts?: object, pointer?: string}} said */
  constructor({ status, code, detail, facts = {}, pointer }) {
    super(detail);
    Object.assign(this, { name: 'Problem', status, code, facts, pointer });
  }

  /** Worth trying again by itself: nothing was decided. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }
}

/** @param {string} path @param {{signal?: AbortSignal, as?: 'json' | 'text'}} [options] */
export function get(path, options = {}) {
  return ask('GET', path, options);
}

/** @param {string} path @param {object | FormData} [body] @param {{headers?: Record<string, string>, signal?: AbortSignal}} [options] */
export function post(path, body, options = {}) {
  return ask('POST', path, { ...options, body });
}

/** The same for PUT, PATCH and DELETE: `send('DELETE', '/api/uploads/7')`. */
export function send(method, path, body, options = {}) {
  return ask(method, path, { ...options, body });
}

async function ask(method, path, { body, headers = {}, signal, as = 'json' }) {
  const wanted = new Headers({ Accept: 'application/json', ...headers });
  // A page kept for when there is no signal has no token of its own: who sends from there brings one.
  if (method !== 'GET' && !wanted.has('X-CSRFToken'))
    wanted.set('X-CSRFToken', document.querySelector('meta[name="csrf-token"]')?.content ?? '');
  if (body && !(body instanceof FormData)) {
    wanted.set('Content-Type', 'application/json');
    body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: wanted,
      body,
      signal,
      credentials: 'same-origin',
      redirect: 'manual',
    });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Problem({ status: 0, code: 'network_gone', detail: t('frame-network-gone') });
  }
  if (answer.ok) return answer.status === 204 ? null : answer[as]();
  throw await problemOf(answer);
}

/** What an answer that is no success means; asking to sign in again is said to whoever listens. */
async function problemOf(answer) {
  const said = await answer.json().catch(() => ({}));
  const detail = said.detail || t(answer.status >= 500 ? 'frame-server-busy' : 'frame-refused');
  const problem = new Problem({ ...said, status: answer.status, code: said.code ?? 'unknown', detail });
  if (answer.status === 401) document.dispatchEvent(new CustomEvent('session-over'));
  return problem;
}
