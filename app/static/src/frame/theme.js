/** Light or dark: the system's wish, or the person's, kept in a cookie so that the server draws it at once. */

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
  document.cookie = `theme=${theme}; path=/; max-age=${YEAR_S}; SameSite=Lax`;
  document.dispatchEvent(new CustomEvent('theme'));
}

wish.addEventListener('change', () => document.dispatchEvent(new CustomEvent('theme')));
