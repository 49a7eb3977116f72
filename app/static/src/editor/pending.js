/** Edits that the server has not taken yet, kept by the browser (IndexedDB) across reload and a lost network. */

const STORE = 'pending';

/** @param {number} plan whose edits they are @param {number} me who made them: a shared computer has several people */
export function pendingStore(plan, me) {
  const opening = open();
  opening.catch(() => {}); // said by whoever asks for it
  const act = async (mode, wish) => {
    const base = await opening;
    return done(wish(base.transaction(STORE, mode).objectStore(STORE)));
  };
  return {
    async all() {
      const entries = await act('readonly', store => store.getAll());
      return entries.filter(entry => entry.plan === plan && entry.me === me);
    },
    put: entry => act('readwrite', store => store.put({ ...entry, me })),
    remove: key => act('readwrite', store => store.delete(key)),
  };
}

function open() {
  const asked = indexedDB.open('gridkeeper', 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: 'key' });
  return done(asked);
}

function done(asked) {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}
