/**
 * Before and after on one ground: where the divider stands, as a share of the width from the left. What was
 * lies left of it, what comes right of it; 0 shows only the latter, 1 only the former.
 */

const STEP = 0.02,
  LEAP = 0.1;

/** A share within 0 and 1. */
export function within(share) {
  return Math.min(1, Math.max(0, share));
}

/** Where a pointer at `x` (px from the window's left) puts the divider. @param {{left: number, width: number}} box */
export function shareAt(x, { left, width }) {
  return width > 0 ? within((x - left) / width) : 0.5;
}

/**
 * Where a key leads from `share`; null for keys that move nothing.
 *
 * @param {string} key as events name it
 */
export function shareAfterKey(key, share) {
  const ways = {
    ArrowLeft: share - STEP,
    ArrowDown: share - STEP,
    ArrowRight: share + STEP,
    ArrowUp: share + STEP,
    PageDown: share - LEAP,
    PageUp: share + LEAP,
    Home: 0,
    End: 1,
  };
  return key in ways ? Math.round(within(ways[key]) * 1000) / 1000 : null;
}

/** The part of each picture that is seen, as CSS `clip-path`. */
export function clipsOf(share) {
  const percent = Number((within(share) * 100).toFixed(3));
  return { before: `inset(0 ${Number((100 - percent).toFixed(3))}% 0 0)`, after: `inset(0 0 0 ${percent}%)` };
}
