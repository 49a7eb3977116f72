/** How much longer something takes, from the shares it told and when. */

const LEAST_SECONDS = 2;
const LEAST_SHARE = 0.02;

/**
 * @returns {(share: number, now: number) => number | null} seconds left; null while it cannot be said
 */
export function timeLeft() {
  let first = null;
  return (share, now) => {
    if (first === null || share < first.share) first = { share, now };
    const [done, passed] = [share - first.share, now - first.now];
    if (done < LEAST_SHARE || passed < LEAST_SECONDS) return null;
    return (passed * (1 - share)) / done;
  };
}
