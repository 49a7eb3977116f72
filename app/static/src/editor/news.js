/**
 * What others do in a draft: server-sent events, and asking now and then where the server has no room for one more
 * listener.
 */

const ASK_MS = 10_000;

/**
 * @param {number} plan
 * @param {{edit: (version: number) => void, people: (people: object[]) => void, ask: () => Promise<void>}} hears
 * @returns {() => void} stops listening
 */
export function listenToNews(plan, { edit, people, ask }) {
  let timer = null;
  const stream = new EventSource(`/api/plans/${plan}/news`);
  stream.addEventListener('edit', ({ data }) => edit(JSON.parse(data).version));
  stream.addEventListener('people', ({ data }) => people(JSON.parse(data).people));
  stream.addEventListener('error', () => {
    if (stream.readyState === EventSource.CLOSED) timer ??= setInterval(ask, ASK_MS);
  });
  return () => {
    stream.close();
    clearInterval(timer);
  };
}
