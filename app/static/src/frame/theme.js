/**
 * Light or dark, and big type: the system's wish, or the person's, kept in a cookie of this device so that the
 * server draws it at once.
 */

const YEAR_S = 365 * 24 * 3600;
const wish = matchMedia('(prefers-color-scheme: dark)');
const root = document.documentElement;

/** Whether the page is dark now. */
export function isDark() {
  return root.dataset.theme ? root.dataset.theme === 'dark' : wish.matches;
}

export function switchTheme() {
  const theme = isDark() ? 'light' : 'dark';
  root.dataset.theme = theme;
  keep('theme', theme, YEAR_S);
  document.dispatchEvent(new CustomEvent('theme'));
}

/** Whether what is read is big. */
export function isBig() {
  return root.dataset.type === 'big';
}

export function switchType() {
  const big = !isBig();
  dress('type', big ? 'big' : '');
  keep('type', big ? 'big' : '', big ? YEAR_S : 0);
}

/** As chosen on this device, on a page that was kept before the choice. */
export function asChosen() {
  for (const name of ['theme', 'type'])
    dress(name, document.cookie.match(new RegExp(`(?:^|; )${name}=(light|dark|big)(?:;|$)`))?.[1] ?? '');
}

function dress(name, value) {
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
}

function keep(name, value, seconds) {
  document.cookie = `${name}=${value}; path=/; max-age=${seconds}; SameSite=Lax`;
}

wish.addEventListener('change', () => document.dispatchEvent(new CustomEvent('theme')));
