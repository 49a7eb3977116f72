/**
 * What forms at the door share: reading what was told of people, and sending it until it has arrived. Of who
 * walks, it is kept on the phone first, sealed; else the page holds it and tries again.
 */
import { post } from '../frame/api.js';
import { t } from '../words.js';

const AGAIN_MS = 8000;
const QUEUED = { '/api/visits': 'visit', '/api/arrivals': 'arrival' };

/** What a choice of few was set to, or null. */
export function chosen(root, name) {
  return root.querySelector(`input[name="${name}"]:checked`)?.value ?? null;
}

/** Fields told of a person in an element, those left empty not named. */
export function told(root) {
  const found = {};
  for (const input of root.querySelectorAll('[data-field]')) {
    if (input.value.trim()) found[input.dataset.field] = input.value.trim();
  }
  const [age, registered] = ['age', 'registered'].map(
    name => root.querySelector(`input[name^="${name}-"]:checked`)?.value,
  );
  if (age) found.age_band = age;
  if (registered) found.registered_here = registered === 'yes';
  return found;
}

/** Add another person's fields from the template; the new names and ids are its own. */
export function addPerson(list, template) {
  const number = `n${list.children.length}-${Math.floor(performance.now())}`;
  const made = template.content.firstElementChild.cloneNode(true);
  for (const part of made.querySelectorAll('[id], [for], [name]')) {
    for (const name of ['id', 'for', 'name']) {
      if (part.hasAttribute(name))
        part.setAttribute(name, part.getAttribute(name).replace(/-N$/, `-${number}`));
    }
  }
  made.querySelector('[data-remove]')?.addEventListener('click', () => {
    made.remove();
    list.dispatchEvent(new Event('input', { bubbles: true }));
  });
  list.append(made);
  made.querySelector('input').focus();
  return made;
}

/**
 * Send what a form says. A refusal is shown in the form; without a network it stays and is sent again, with the
 * same client_id, so that it is one entry however often it arrives.
 *
 * @param {HTMLFormElement} form with a `.error` and perhaps a `#sending`
 * @param {string} path
 * @param {object} body
 * @returns {Promise<object | null>} the answer, or null where it was refused
 */
export async function sendWhenPossible(form, path, body) {
  const said = form.querySelector('#sending');
  const busy = is => {
    for (const button of form.querySelectorAll('button')) button.disabled = is;
  };
  complain(form, '');
  busy(true);
  const phone =
    QUEUED[path] && document.documentElement.dataset.walks ? await import('../phone/phone.js') : null;
  if (phone && (await phone.writer()) !== null) {
    try {
      return await sendByQueue(form, phone, QUEUED[path], body);
    } finally {
      busy(false);
    }
  }
  for (;;) {
    try {
      const answer = await post(path, body);
      if (said) said.textContent = '';
      return answer;
    } catch (error) {
      if (error.name !== 'Problem') throw error;
      if (!error.passing) {
        busy(false);
        if (said) said.textContent = '';
        complain(form, error.message);
        return null;
      }
      if (said) said.textContent = t('home-sending-later');
      await signal();
    }
  }
}

/**
 * Keep an entry on the phone, then send it with all before it. The page may be left meanwhile: it is sent from
 * any other. Refused, it is taken back: it is still in the form. Nothing else takes it away.
 */
async function sendByQueue(form, phone, kind, body) {
  const said = form.querySelector('#sending');
  const { client_id: _, ...rest } = body; // the entry has an id of its own, another one for each try
  const id = await phone.write(kind, rest);
  for (;;) {
    try {
      await phone.send();
    } catch (error) {
      if (error.name !== 'Problem') throw error;
      if (said) said.textContent = inTheWay(error);
      await signal();
      continue;
    }
    const entry = await phone.entryOf(id);
    const kept = await phone.theStore();
    if (entry?.state === 'unsent') {
      // Not sent: it waits for one before it, or somebody else is signed in by now, or nobody.
      const own = (await kept.person()) === entry.person_id;
      if (said) said.textContent = t(own ? 'phone-kept-waiting' : 'phone-kept-locked');
      await signal();
      continue;
    }
    if (said) said.textContent = '';
    if (entry?.state === 'done') return entry.answer;
    if (entry?.state === 'refused') await kept.remove(id);
    complain(form, entry?.detail ?? t('phone-wiped'));
    return null;
  }
}

/** Why an entry is not sent yet, in words. */
function inTheWay(error) {
  if (error.passing) return t('phone-kept');
  return error.status === 401 ? t('phone-kept-locked') : error.message;
}

/** Say in the form what is wrong; nothing with ''. */
export function complain(form, words) {
  const line = form.querySelector('.error[role="alert"]');
  line.textContent = words;
  line.hidden = !words;
  if (words) line.scrollIntoView({ block: 'center' });
}

/** Waits until the network is said to be back, or a while. */
function signal() {
  return new Promise(resolve => {
    const go = () => {
      clearTimeout(timer);
      removeEventListener('online', go);
      resolve();
    };
    const timer = setTimeout(go, AGAIN_MS);
    addEventListener('online', go);
  });
}

/** Dialogs close by their Cancel. */
export function closable(dialog) {
  for (const button of dialog.querySelectorAll('[data-close]'))
    button.addEventListener('click', () => dialog.close());
  return dialog;
}
