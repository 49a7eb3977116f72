/** What is on this phone: entries that wait, that were refused and that have arrived; and taking it all off. */
import { formats } from '../../core/formats.js';
import { el, fill, icon } from '../../frame/dom.js';
import { isBig, switchTheme, switchType } from '../../frame/theme.js';
import { toast, toastProblem } from '../../frame/toast.js';
import { locale, t } from '../../words.js';
import { send, wipeThis } from '../phone.js';
import { drop, read } from '../queue.js';
import { server } from '../server.js';
import { body, head, panel } from './pieces.js';

const MOST_ARRIVED = 20;

/** @returns {Promise<HTMLElement[]>} */
export async function meView({ store, person }) {
  const list = el('ul', { class: 'rows held', id: 'entries' });
  const draw = async () => {
    const entries = (await store.entries(person)).reverse();
    const arrived = entries.filter(one => one.state === 'done').slice(0, MOST_ARRIVED);
    const rows = [...entries.filter(one => one.state !== 'done'), ...arrived].map(one =>
      row(one, { store, person, draw }),
    );
    fill(list, ...(rows.length ? rows : [el('li', { class: 'muted' }, t('phone-me-none'))]));
  };
  document.addEventListener('phone-queue', draw);
  await draw();
  return [
    head(t('phone-me')),
    body(
      panel(
        null,
        list,
        el(
          'div',
          { class: 'buttons' },
          el(
            'button',
            { type: 'button', class: 'button primary', onclick: () => send().catch(toastProblem) },
            icon('send'),
            t('phone-send-now'),
          ),
        ),
      ),
      el('div', { class: 'buttons' }, ...looks()),
      el(
        'div',
        { class: 'buttons' },
        el(
          'button',
          { type: 'button', class: 'button danger', onclick: () => emptyIt(store, person, draw) },
          icon('trash-2'),
          t('phone-empty'),
        ),
      ),
    ),
  ];
}

/** How this phone shows things, by day, by night, to who reads little. */
function looks() {
  const big = el(
    'button',
    {
      type: 'button',
      class: 'button',
      'aria-pressed': String(isBig()),
      onclick: () => {
        switchType();
        big.setAttribute('aria-pressed', String(isBig()));
      },
    },
    icon('a-large-small'),
    t('find-big'),
  );
  const theme = el(
    'button',
    { type: 'button', class: 'button', onclick: switchTheme },
    icon('sun-moon'),
    t('frame-theme'),
  );
  return [big, theme];
}

function row(entry, { store, person, draw }) {
  const shown = el('p', { class: 'small', hidden: true });
  const act = (words, onclick) => el('button', { type: 'button', class: 'button quiet', onclick }, words);
  const readIt = async () => {
    try {
      shown.textContent = Object.values(await read(store, server, person, entry))
        .flatMap(inWords)
        .join(' · ');
    } catch (error) {
      if (error.name !== 'Problem') throw error;
      shown.textContent = t('phone-read-needs');
    }
    shown.hidden = false;
  };
  const dropIt = async () => {
    if (!(await sure(t('phone-drop-sure'), t('phone-drop')))) return;
    await drop(store, entry);
    await draw();
  };
  const open = entry.state !== 'done' && entry.kind !== 'dropped';
  return el(
    'li',
    { 'data-state': entry.state },
    el(
      'span',
      { class: 'row-main' },
      el('b', {}, t(`phone-kind-${entry.kind}`)),
      ` ${t('phone-written', { when: formats(locale).dateTime(entry.written_at) })}`,
      entry.detail ? el('p', { class: 'small' }, entry.detail) : null,
      shown,
    ),
    el(
      'span',
      { class: 'row-side' },
      el(
        'span',
        { class: `tag ${entry.state === 'refused' ? 'warn' : entry.state === 'done' ? 'good' : ''}` },
        t(`phone-state-${entry.state}`),
      ),
      open ? act(t('phone-read'), readIt) : null,
      open ? act(t('phone-drop'), dropIt) : null,
    ),
  );
}

/** Words of what was written, not its photos. */
function inWords(value) {
  if (value === null || typeof value === 'boolean') return [];
  if (typeof value === 'object') return Object.values(value).flatMap(inWords);
  return String(value).length > 500 ? [] : [String(value)];
}

async function emptyIt(store, person, draw) {
  const unsent = (await store.entries(person)).filter(one => one.state === 'unsent').length;
  if (!(await sure(t('phone-empty-sure', { n: unsent }), t('phone-empty')))) return;
  await wipeThis().catch(error => error.name === 'Problem' || Promise.reject(error));
  toast(t('phone-emptied'));
  await draw();
}

/** Ask before what cannot be undone. */
function sure(question, yes) {
  return new Promise(resolve => {
    const done = answer => () => {
      dialog.remove();
      resolve(answer);
    };
    const dialog = el(
      'dialog',
      { class: 'dialog', oncancel: done(false) },
      el('p', {}, question),
      el(
        'div',
        { class: 'buttons' },
        el('button', { type: 'button', class: 'button danger', onclick: done(true) }, yes),
        el('button', { type: 'button', class: 'button', onclick: done(false) }, t('phone-cancel')),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}
