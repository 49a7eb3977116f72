/** Whose phone it is at the moment, on pages of staff who do not walk. */
import { openStore } from './store.js';

/** Where somebody else is signed in now, whoever was here before writes no more until they are back. */
export async function handOver(person) {
  const kept = await openStore();
  const before = await kept.person();
  if (before !== null && before !== person) await kept.keepPerson(null);
}
