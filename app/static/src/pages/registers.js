/**
 * The ledgers: what is chosen or typed is looked for at once, more rows come while one scrolls, arrows walk the rows.
 *
 * Words that are searched for may be a name: they travel in the body alone. The address says the rest, so that Back
 * and a bookmark lead to the same sheet. The server works without any of this, by its buttons.
 */
import '../frame/frame.js';
import { toast } from '../frame/toast.js';
import { t } from '../words.js';

const TYPING_MS = 250;
const NEAR_END_PX = 600;

const form = document.querySelector('.ledger');
const body = form.querySelector('.ledger-body');
let asking = new AbortController();
let typing = 0;
let isFetching = false;

form.classList.add('alive');
form.addEventListener('submit', event => {
  const by = event.submitter;
  if (by?.hasAttribute('formaction')) return; // files and paper are the browser's to fetch
  event.preventDefault();
  document.getElementById('ledger-columns').hidePopover?.();
  void look(by?.name === 'order' ? by.value : undefined);
});
form.addEventListener('input', ({ target }) => {
  if (target.name !== 'q') return;
  clearTimeout(typing);
  typing = setTimeout(() => void look(), TYPING_MS);
});
form.addEventListener('change', ({ target }) => {
  if (['grid', 'show'].includes(target.name)) void look();
});
body.addEventListener('keydown', walk);
body.addEventListener('scroll', mayNeedMore, { capture: true, passive: true });
addEventListener('scroll', mayNeedMore, { passive: true });
addEventListener('popstate', () => location.reload());
void showTotals(asking.signal);
mayNeedMore();

/** Fetch the sheet anew. @param {string} [order] a column, with "-" for downwards; without it as before */
async function look(order) {
  clearTimeout(typing);
  asking.abort();
  asking = new AbortController();
  isFetching = false;
  const { signal } = asking;
  const asked = said(order);
  body.setAttribute('aria-busy', 'true');
  const sheet = await part('table', asked, signal);
  if (!sheet) return;
  body.removeAttribute('aria-busy');
  body.replaceChildren(...sheet.children);
  tellAddress(asked);
  mayNeedMore();
  await showTotals(signal);
}

/** What the form says; `order` as it stands in the sheet unless another is given. */
function said(order) {
  const asked = new FormData(form);
  asked.set('order', order ?? form.querySelector('[data-order]')?.dataset.order ?? '');
  return asked;
}

/** All but the words and the token. */
function tellAddress(asked) {
  const kept = new URLSearchParams();
  for (const name of ['ledger', 'grid', 'show', 'order'])
    if (asked.get(name)) kept.set(name, asked.get(name));
  const usual = [...form.querySelectorAll('[name="columns"]')].every(
    box => box.checked === box.defaultChecked,
  );
  if (!usual || new URL(location).searchParams.has('columns'))
    for (const name of asked.getAll('columns')) kept.append('columns', name);
  const language = new URL(location).searchParams.get('lang');
  if (language) kept.set('lang', language);
  history.replaceState(null, '', `${location.pathname}?${kept}`);
}

/** A part of the page as the server draws it; null where it cannot, which is said. */
async function part(name, asked, signal) {
  try {
    const answer = await fetch(form.action, {
      method: 'POST',
      body: asked,
      headers: { 'X-Part': name },
      credentials: 'same-origin',
      redirect: 'manual',
      signal,
    });
    if (answer.ok) return drawn(await answer.text());
    toast(
      t(
        answer.status === 401 || answer.type === 'opaqueredirect' ? 'ledger-signed-out' : 'frame-server-busy',
      ),
    );
  } catch (error) {
    if (error.name === 'AbortError') return null;
    toast(t('frame-network-gone'));
  }
  body.removeAttribute('aria-busy');
  return null;
}

/** Rows stand in a table, or the parser drops them. */
function drawn(markup) {
  const isRows = markup.trimStart().startsWith('<tbody');
  const read = new DOMParser().parseFromString(isRows ? `<table>${markup}</table>` : markup, 'text/html');
  return isRows ? read.querySelector('table') : read.body;
}

/** Close to the end of what is there: fetch the rows that follow. */
function mayNeedMore() {
  const last = body.querySelector('tbody:last-of-type');
  const after = last?.dataset.after;
  const frame = body.querySelector('.ledger-frame');
  if (!after || isFetching) return;
  // On a phone the page scrolls and the frame is as long as its rows: what is seen ends with the window.
  const seenTo = Math.min(frame.getBoundingClientRect().bottom, innerHeight);
  const isNear = last.getBoundingClientRect().bottom < seenTo + NEAR_END_PX;
  if (isNear) void more(after, last);
}

async function more(after, last) {
  isFetching = true;
  const { signal } = asking;
  const asked = said();
  asked.set('after', after);
  const rows = await part('more', asked, signal);
  if (signal.aborted) return;
  isFetching = false;
  if (!rows) return;
  last.dataset.after = '';
  last.after(...rows.children);
  mayNeedMore();
}

async function showTotals(signal) {
  try {
    const answer = await fetch('/registers/totals', {
      method: 'POST',
      body: said(),
      credentials: 'same-origin',
      redirect: 'manual',
      signal,
    });
    if (!answer.ok) return;
    const totals = await answer.json();
    for (const cell of body.querySelectorAll('[data-total]')) {
      const value = totals[cell.dataset.total];
      if (value !== undefined)
        cell.textContent = cell.dataset.total === 'rows' ? t('ledger-rows', { n: value }) : value;
    }
  } catch (error) {
    if (error.name !== 'AbortError' && error.name !== 'TypeError') throw error; // the sheet stands without its sums
  }
}

/** Up, down, Home and End go from row to row. */
function walk(event) {
  const links = [...body.querySelectorAll('tbody th a')];
  const at = links.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
  if (next === undefined || !links[next] || event.target.closest('input, select')) return;
  event.preventDefault();
  links[next].focus();
  links[next].scrollIntoView({ block: 'nearest' });
}
