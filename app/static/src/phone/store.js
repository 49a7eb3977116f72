/**
 * What the phone keeps, in IndexedDB: who it belongs to at the moment, its key, entries that are sealed, and
 * the pack (ground and due list, with no name, phone number or value in it).
 *
 * An entry: {client_id, person_id, number, kind, written_at, state, sealed}. state: 'unsent' until the
 * server has settled it; 'refused' until its writer has looked; 'done' for a while, without what was sealed.
 * The fact 'wiped': [{id, person_id, unsent}] of phones that were emptied and of which the server has not heard.
 */

const NAME = 'gridkeeper-phone'; // the editor keeps what waits in one of its own
const VERSION = 2; // 2: entries are counted by their state

/** @returns {Promise<ReturnType<typeof storeOn>>} */
export function openStore() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      if (!asked.result.objectStoreNames.contains('entries')) makeStores(asked.result);
      const entries = asked.transaction.objectStore('entries');
      entries.createIndex('state', 'state');
      entries.createIndex('standing', ['person_id', 'state']);
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      resolve(storeOn(asked.result));
    };
    asked.onerror = () => reject(asked.error);
  });
}

function makeStores(database) {
  database.createObjectStore('facts');
  database.createObjectStore('handsets', { keyPath: 'person_id' });
  database.createObjectStore('packs', { keyPath: 'person_id' });
  database.createObjectStore('entries', { keyPath: 'client_id' }).createIndex('person', 'person_id');
}

function storeOn(database) {
  const read = (name, work) => inOne(database, [name], 'readonly', work);
  const write = (names, work) => inOne(database, names, 'readwrite', work);
  return {
    /** Who is, or was last, signed in on this phone; null after logging out. */
    person: () => read('facts', one => one('facts').get('person')).then(found => found ?? null),
    keepPerson: person => write(['facts'], one => one('facts').put(person, 'person')),
    handset: person => read('handsets', one => one('handsets').get(person)),
    /** Keep a phone's facts where none are kept yet; those that are kept then. */
    addHandset: handset =>
      write(['handsets'], (one, then) => {
        const asked = one('handsets').get(handset.person_id);
        then(asked, kept => {
          if (!kept) one('handsets').put(handset);
        });
        return asked;
      }).then(kept => kept ?? handset),
    changeHandset: (person, changes) =>
      write(['handsets'], (one, then) => {
        then(one('handsets').get(person), kept => {
          if (kept) one('handsets').put({ ...kept, ...changes });
        });
      }),
    pack: person => read('packs', one => one('packs').get(person)),
    keepPack: pack => write(['packs'], one => one('packs').put(pack)),
    /** In their order; of nobody none (a search for nothing would find all). */
    entries: async person => {
      if (person === null) return [];
      const found = await read('entries', one => one('entries').index('person').getAll(person));
      return found.sort((a, b) => a.number - b.number);
    },
    entry: clientId => read('entries', one => one('entries').get(clientId)),
    /** How many a person has in a state; none of them is loaded. */
    count: (person, state) => read('entries', one => one('entries').index('standing').count([person, state])),
    /** How many wait, whoever wrote them. */
    unsentOfAll: () => read('entries', one => one('entries').index('state').count('unsent')),

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

    /** Forget what has arrived, but for the last of it. */
    forgetDone: (person, most) =>
      write(['entries'], (one, then) => {
        then(one('entries').index('standing').getAll([person, 'done']), found => {
          found.sort((a, b) => b.written_at.localeCompare(a.written_at) || b.number - a.number);
          for (const entry of found.slice(most)) one('entries').delete(entry.client_id);
        });
      }),

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

    /** Everything of a person, gone for good; how much it was is noted in the same breath, for the server. */
    wipe: (person, note) =>
      write(['entries', 'handsets', 'packs', 'facts'], (one, then) => {
        then(one('entries').index('person').getAllKeys(person), keys => {
          for (const key of keys) one('entries').delete(key);
        });
        one('handsets').delete(person);
        one('packs').delete(person);
        if (note)
          then(one('facts').get('wiped'), kept =>
            one('facts').put([...(kept ?? []), { ...note, person_id: person }], 'wiped'),
          );
      }),
    /** Phones of a person that were emptied and of which the server has not heard. */
    wiped: person =>
      read('facts', one => one('facts').get('wiped')).then(kept =>
        (kept ?? []).filter(one => one.person_id === person),
      ),
    forgetWiped: id =>
      write(['facts'], (one, then) => {
        then(one('facts').get('wiped'), kept =>
          one('facts').put(
            (kept ?? []).filter(note => note.id !== id),
            'wiped',
          ),
        );
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
