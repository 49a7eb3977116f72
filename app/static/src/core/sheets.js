/** What the codes of printed sheets and doors say, and where they lead. */

/**
 * What `/q/…` of a scanned sheet or door names, typed by a scanner as the address it holds; null for other words.
 *
 * @returns {{kind: 'building' | 'grid', id: number, border: string | null} | null} border: of the grid when printed
 */
export function scanned(words) {
  const found = /\/q\/(building|grid)\/(\d{1,18})(?:\/([0-9a-f]{8}))?(?:\/|$|\?)/.exec(words.trim());
  return found ? { kind: found[1], id: Number(found[2]), border: found[3] ?? null } : null;
}

/**
 * Where a sheet leads: with signal to the server, which says when it is old; without, to what is on the phone.
 *
 * @param {{kind: string, id: number, border: string | null}} sheet
 * @param {{grids: {border: string}[]}} pack
 */
export function leadsTo({ kind, id, border }, pack, isOnline) {
  if (isOnline) return `/q/${kind}/${id}${border ? `/${border}` : ''}`;
  if (kind === 'grid') return '/map';
  const isOld = border !== null && !pack.grids.some(grid => grid.border === border);
  return `/buildings/${id}${isOld ? '?old' : ''}`;
}
