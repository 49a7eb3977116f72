/** The panel at the right: its width, putting it away, and on a phone a sheet with three stops. */

const NARROWEST = 300,
  WIDEST = 900,
  USUAL = 420,
  WIDE = 780,
  STEP = 20;
const STOPS = ['peek', 'half', 'full'];
const phone = matchMedia('(max-width: 719px)');

/**
 * @param {HTMLElement} side
 * @param {HTMLElement} opener the button that brings it back
 * @param {() => void} changed the map has more or less room
 */
export function makeSide(side, opener, changed) {
  const grip = side.querySelector('.side-grip');
  let width = Number(sessionStorage.getItem('side-width')) || USUAL;

  const setWidth = wanted => {
    width = Math.round(Math.min(WIDEST, innerWidth * 0.7, Math.max(NARROWEST, wanted)));
    side.parentElement.style.setProperty('--side', `${width}px`);
    side.classList.toggle('wide', width >= 600);
    grip.setAttribute('aria-valuenow', width);
    sessionStorage.setItem('side-width', width);
    changed();
  };
  grip.setAttribute('aria-valuemin', NARROWEST);
  grip.setAttribute('aria-valuemax', WIDEST);

  grip.addEventListener('pointerdown', event => {
    grip.setPointerCapture(event.pointerId);
    const follow = ({ clientX }) => setWidth(side.getBoundingClientRect().right - clientX);
    grip.addEventListener('pointermove', follow);
    grip.addEventListener('pointerup', () => grip.removeEventListener('pointermove', follow), { once: true });
  });
  grip.addEventListener('dblclick', () => setWidth(width < 600 ? WIDE : USUAL));
  grip.addEventListener('keydown', event => {
    const step = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key];
    if (step) setWidth(width + step);
  });

  const close = () => {
    side.hidden = true;
    opener.hidden = false;
    opener.focus();
    changed();
  };
  const open = () => {
    side.hidden = false;
    opener.hidden = true;
    changed();
  };
  opener.addEventListener('click', open);

  setWidth(width);
  if (phone.matches) restAtOnce(side, 'peek'); // the map first
  dragSheet(side, changed);

  return {
    open,
    close,
    toggleWide: () => setWidth(width < 600 ? WIDE : USUAL),
    /** On a phone: 'peek', 'half' or 'full'. @param {'peek' | 'half' | 'full'} stop */
    rest(stop) {
      side.dataset.stop = stop;
      changed();
    },
    get stop() {
      return side.dataset.stop;
    },
    /** px that it covers of the map, at the right or below. */
    get covers() {
      if (side.hidden) return { right: 0, bottom: 0 };
      return phone.matches
        ? { right: 0, bottom: side.dataset.stop === 'full' ? 0 : side.offsetHeight }
        : { right: width, bottom: 0 };
    },
    get hasFocus() {
      return side.contains(document.activeElement);
    },
    get onPhone() {
      return phone.matches;
    },
  };
}

/** Without the movement: whoever asks how much it covers is told how it rests. */
function restAtOnce(side, stop) {
  side.classList.add('dragged');
  side.dataset.stop = stop;
  void side.offsetHeight; // laid out before it may move again
  side.classList.remove('dragged');
}

/** The sheet follows the finger and comes to rest at the nearest stop; pressing its grip goes to the next. */
export function dragSheet(side, changed) {
  const grip = side.querySelector('.sheet-grip');
  let dragged = false;
  grip.addEventListener('click', () => {
    if (dragged) return;
    side.dataset.stop = STOPS[(STOPS.indexOf(side.dataset.stop) + 1) % STOPS.length];
    changed();
  });
  grip.addEventListener('pointerdown', event => {
    grip.setPointerCapture(event.pointerId);
    const [from, height] = [event.clientY, side.offsetHeight];
    dragged = false;
    const follow = ({ clientY }) => {
      dragged ||= Math.abs(clientY - from) > 4;
      if (!dragged) return;
      side.classList.add('dragged');
      side.style.height = `${height + from - clientY}px`;
    };
    const rest = () => {
      grip.removeEventListener('pointermove', follow);
      side.classList.remove('dragged');
      const reached = side.offsetHeight / side.parentElement.offsetHeight;
      side.style.height = '';
      if (dragged) side.dataset.stop = reached < 0.28 ? 'peek' : reached < 0.68 ? 'half' : 'full';
      if (dragged) changed();
    };
    grip.addEventListener('pointermove', follow);
    grip.addEventListener('pointerup', rest, { once: true });
    grip.addEventListener('pointercancel', rest, { once: true });
  });
}
