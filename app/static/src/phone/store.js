/**
 * What the phone keeps, in IndexedDB: who it belongs to at the moment, its key, entries that are sealed, and
 * the pack (ground and due list, with no name, phone number or value in it).
 *
 * An entry: {client_id, person_id, number, kind, written_at, state, sealed, said}. state: 'unsent' until the
 * server has settled it; 'refused' until its writer has looked; 'done' for a while, without what was sealed.
 */

const NAME = 'gridkeeper';
const VERSION = 1;

/** @returns {Promise<ReturnType<typeof storeOn>>} */
export function openStore() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      const database = asked.result;
      database.createObjectStore('facts');
      database.createObjectStore('handsets', { keyPath: 'person_id' });
      database.createObjectStore('packs', { keyPath: 'person_id' });
      database.createObjectStore('entries', { keyPath: 'client_id' }).createIndex('person', 'person_id');
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      resolve(storeOn(asked.result));
    };
    asked.onerror = () => reject(asked.error);
  });
}

function storeOn(database) {
  const read = (name, work) => inOne(database, [name], 'readonly', work);
  const write = (names, work) => inOne(database, names, 'readwrite', work);
  return {
    /** Who is, or was last, signed in on this phone; null after logging out. */
    person: () => read('facts', one => one('facts').get('person')).then(found => found ?? null),
    keepPerson: person => write(['facts'], one => one('facts').put(person, 'person')),
    handset: person => read('handsets', one => one('handsets').get(person)),
    keepHandset: handset => write(['handsets'], one => one('handsets').put(handset)),
    pack: person => read('packs', one => one('packs').get(person)),
    keepPack: pack => write(['packs'], one => one('packs').put(pack)),
    entries: person =>
      read('entries', one => one('entries').index('person').getAll(person)).then(found =>
        found.sort((a, b) => a.number - b.number),
      ),
    everyEntry: () => read('entries', one => one('entries').getAll()),

    /** Keep an entry under the next number of its person's phone; one that is kept already stays as it is. */
    add: entry =>
      write(['entries', 'handsets'], (one, then) => {
        then(one('entries').get(entry.client_id), kept => {
          if (kept) return;
          then(one('handsets').get(entry.person_id), handset => {
            handset.last_number += 1;
            one('handsets').put(handset);
            one('entries').put({ ...entry, number: handset.last_number });
          });
        });
      }),
    change: (clientId, changes) =>
      write(['entries'], (one, then) => {
        then(one('entries').get(clientId), kept => {
          if (kept) one('entries').put({ ...kept, ...changes });
        });
      }),
    remove: clientId => write(['entries'], one => one('entries').delete(clientId)),

    /** Give unsent entries new numbers, in their order, after those the server has settled. */
    renumber: (person, next) =>
      write(['entries', 'handsets'], (one, then) => {
        then(one('entries').index('person').getAll(person), found => {
          const unsent = found.filter(entry => entry.state === 'unsent').sort((a, b) => a.number - b.number);
          unsent.forEach((entry, at) => one('entries').put({ ...entry, number: next + at }));
          then(one('handsets').get(person), handset =>
            one('handsets').put({ ...handset, last_number: next + unsent.length - 1 }),
          );
        });
      }),

    /** Everything of a person, gone for good. */
    wipe: person =>
      write(['entries', 'handsets', 'packs'], (one, then) => {
        then(one('entries').index('person').getAllKeys(person), keys => {
          for (const key of keys) one('entries').delete(key);
        });
        one('handsets').delete(person);
        one('packs').delete(person);
      }),
  };
}

/** Work in one transaction; resolves once it is on the disk, with what was asked for first. */
function inOne(database, names, mode, work) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(names, mode, { durability: 'strict' });
    const then = (request, next) => {
      request.onsuccess = () => next(request.result);
    };
    const asked = work(name => transaction.objectStore(name), then);
    transaction.oncomplete = () => resolve(asked?.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}
