/** What every page does: switches of language and theme, and signing in again when the session is over. */
import { t } from '../words.js';
import { get } from './api.js';
import { isBig, switchTheme, switchType } from './theme.js';
import { toast } from './toast.js';

for (const button of document.querySelectorAll('[data-act="theme"]'))
  button.addEventListener('click', switchTheme);
for (const button of document.querySelectorAll('[data-act="type"]')) {
  button.setAttribute('aria-pressed', String(isBig()));
  button.addEventListener('click', () => {
    switchType();
    button.setAttribute('aria-pressed', String(isBig()));
  });
}

/** On a phone the first four tasks are in sight, and all of them where more is asked for. */
const rail = document.querySelector('.rail');
const more = rail?.querySelector('[data-act="tasks"]');
if (more) {
  const open = yes => {
    rail.classList.toggle('open', yes);
    more.setAttribute('aria-expanded', String(yes));
  };
  more.addEventListener('click', () => open(more.getAttribute('aria-expanded') === 'false'));
  document.addEventListener('click', event => rail.contains(event.target) || open(false));
  rail.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    open(false);
    more.focus();
  });
}

/** The address may have changed since the server wrote the link: keep all of it but the language. */
for (const link of document.querySelectorAll('a[data-language]')) {
  link.addEventListener('click', () => {
    const address = new URL(location.href);
    address.searchParams.set('lang', link.dataset.language);
    link.href = address.href;
  });
}

/** A form names itself busy so that it is not sent twice. */
for (const form of document.querySelectorAll('form[data-once]')) {
  form.addEventListener('submit', () => {
    for (const button of form.querySelectorAll('button')) button.setAttribute('aria-disabled', 'true');
  });
  form.addEventListener('submit', event =>
    form.dataset.sent ? event.preventDefault() : (form.dataset.sent = 'yes'),
  );
}

document.addEventListener('session-over', () => {
  const here = location.pathname + location.search + location.hash;
  toast(t('frame-session-over'), {
    stays: true,
    label: t('frame-sign-in-again'),
    act: () => location.assign(`/sign-in?next=${encodeURIComponent(here)}`),
  });
});

/** How much of the public waits to be looked at, beside the task it is; a page without signal says nothing. */
const held = document.querySelector('[data-held]');
if (held)
  get('/api/hazards/held').then(
    ({ waiting }) => {
      held.textContent = waiting > 99 ? '99+' : waiting;
      held.hidden = !waiting;
    },
    error => {
      if (error.name !== 'Problem') throw error;
    },
  );

/** Who walks has an app: entries that wait, a pack to take along, pages without signal. Others end who was here. */
const { walks, person } = document.documentElement.dataset;
if (person && 'indexedDB' in window && window.isSecureContext) {
  if (walks) import('../phone/phone.js').then(phone => phone.start(Number(walks)));
  else import('../phone/hand_over.js').then(phone => phone.handOver(Number(person)));
}
