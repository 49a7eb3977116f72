/** The slider of weeks with their counts as bars, and playing through them. */
import { formats } from '../core/formats.js';
import { el, fill, icon, svg } from '../frame/dom.js';
import { locale, t } from '../words.js';

const format = formats(locale);
const STEP_MS = 900;
const HIGH = 28;

/**
 * @param {HTMLElement} bar
 * @param {{go: (day: string) => Promise<void>, settled: () => void}} acts go: show the time that ends on a day; settled:
 *   whoever slides or plays has stopped
 */
export function makeHeatTime(bar, { go, settled }) {
  let weeks = [],
    at = 0,
    playing = null;
  const slider = el('input', {
    type: 'range',
    min: 0,
    'aria-label': t('heat-time'),
    oninput: () => void stand(Number(slider.value)),
    onchange: settled,
  });
  const button = el('button', { type: 'button', class: 'button icon-only', onclick: toggle });
  const said = el('output', { class: 'number' });
  const bars = svg('svg', { class: 'heat-weeks', preserveAspectRatio: 'none', 'aria-hidden': 'true' });

  async function stand(number) {
    at = number;
    slider.value = number;
    tell();
    await go(weeks[at].to);
  }

  function tell() {
    const { to, hazards } = weeks[at];
    const words = t('heat-week', { day: format.dateShort(to), n: hazards });
    said.textContent = words;
    slider.setAttribute('aria-valuetext', words);
    [...bars.children].forEach((one, number) => one.classList.toggle('now', number === at));
  }

  function toggle() {
    if (playing) return stop();
    playing = setInterval(() => void step(), STEP_MS);
    if (at === weeks.length - 1) void stand(0);
    showButton();
  }

  async function step() {
    if (at === weeks.length - 1) return stop();
    await stand(at + 1);
  }

  function stop() {
    clearInterval(playing);
    playing = null;
    showButton();
    settled();
  }

  function showButton() {
    const words = t(playing ? 'heat-pause' : 'heat-play');
    fill(button, playing ? icon('pause') : icon('play'));
    button.setAttribute('aria-label', words);
    button.title = words;
  }

  return {
    /** Other weeks; the slider stands on the last. @param {{to: string, hazards: number}[]} found */
    show(found) {
      if (playing) {
        clearInterval(playing);
        playing = null;
      }
      weeks = found;
      at = weeks.length - 1;
      slider.max = at;
      slider.value = at;
      const most = Math.max(1, ...weeks.map(week => week.hazards));
      bars.setAttribute('viewBox', `0 0 ${weeks.length} ${HIGH}`);
      bars.replaceChildren(
        ...weeks.map(({ hazards }, number) => {
          const high = Math.max(0.5, (HIGH * hazards) / most);
          return svg('rect', { x: number + 0.1, y: HIGH - high, width: 0.8, height: high });
        }),
      );
      showButton();
      fill(bar, button, el('div', { class: 'heat-slide' }, bars, slider), said);
      bar.hidden = false;
      tell();
    },
  };
}
