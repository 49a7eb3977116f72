/** What the queue asks of the server. The token goes with each: that of a page from the cache may be old. */
import { get, post } from '../frame/api.js';

export const server = {
  key: id => get(`/api/handsets/${id}`),
  enrol: (token, handset) => post('/api/handsets', handset, withToken(token)),
  send: (token, message) => post('/api/sent', message, withToken(token)),
  pack: () => get('/api/pack'),
  async wiped(id, unsent) {
    const { token } = await get('/api/token');
    return post(`/api/handsets/${id}/wiped`, { unsent }, withToken(token));
  },
};

function withToken(token) {
  return { headers: { 'X-CSRFToken': token } };
}
