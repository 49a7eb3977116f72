/** The tabs of the dock: one panel at a time, arrows lead from tab to tab (the pattern of ARIA). */
import { shortCount } from '../../core/labels.js';

/**
 * @param {HTMLElement} list role="tablist", with a role="tab" for each panel named by aria-controls
 * @param {(name: string) => void} [chosen]
 */
export function makeTabs(list, chosen = () => {}) {
  const tabs = [...list.querySelectorAll('[role="tab"]')];
  const panelOf = tab => document.getElementById(tab.getAttribute('aria-controls'));

  function choose(name, { focus = false } = {}) {
    for (const tab of tabs) {
      const isHere = tab.getAttribute('aria-controls') === name;
      tab.setAttribute('aria-selected', String(isHere));
      tab.tabIndex = isHere ? 0 : -1;
      panelOf(tab).hidden = !isHere;
      if (isHere && focus) tab.focus();
    }
    chosen(name);
  }

  for (const tab of tabs) tab.addEventListener('click', () => choose(tab.getAttribute('aria-controls')));
  list.addEventListener('keydown', event => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation(); // arrows move a border elsewhere
    const at = tabs.findIndex(tab => tab.getAttribute('aria-selected') === 'true');
    const next = Number.isFinite(step)
      ? (at + step + tabs.length) % tabs.length
      : step < 0
        ? 0
        : tabs.length - 1;
    choose(tabs[next].getAttribute('aria-controls'), { focus: true });
  });

  return {
    choose,
    get chosen() {
      return tabs.find(tab => tab.getAttribute('aria-selected') === 'true')?.getAttribute('aria-controls');
    },

    /** A number beside a tab's words, such as how many problems there are; `words` tell it to the last one. */
    count(name, n, words) {
      const tab = tabs.find(one => one.getAttribute('aria-controls') === name);
      let badge = tab.querySelector('.badge');
      if (!badge) tab.append((badge = document.createElement('span')));
      badge.className = `badge number ${n ? '' : 'none'}`;
      badge.textContent = shortCount(n);
      tab.title = words;
      badge.setAttribute('aria-label', words);
    },
  };
}
