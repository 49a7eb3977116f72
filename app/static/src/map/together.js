/** Maps that move together. */

/**
 * What one map looks at, the others do too.
 *
 * @param {object[]} maps of MapLibre
 */
export function moveTogether(maps) {
  let isLed = false;
  for (const leader of maps) {
    leader.on('move', () => {
      if (isLed) return;
      isLed = true;
      for (const follower of maps)
        if (follower !== leader) follower.jumpTo({ center: leader.getCenter(), zoom: leader.getZoom() });
      isLed = false;
    });
  }
}
