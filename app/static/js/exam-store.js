// What this device keeps: IndexedDB survives a killed browser, localStorage does not.
export const asked = (request) => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = no; });
const within = (ms, work) => Promise.race([work, new Promise((_, no) => { setTimeout(no, ms); })]);
// The base of this device, the same for the exam page and for what sends the rest (exam-rest.js).
export async function openBase() {
  const request = indexedDB.open('exam', 2);
  request.onupgradeneeded = ({ oldVersion }) => {
    const { result } = request;
    if (oldVersion < 1) {
      result.createObjectStore('queue', { keyPath: ['ref', 'epoch', 'seq'] });
      result.createObjectStore('device');
    }
    ['signs', 'reports'].forEach((name) => result.createObjectStore(name, { keyPath: ['ref', 'key'] }));
  };
  const found = await asked(request);
  found.onversionchange = () => found.close(); // a newer page of this site may need another shape
  return found;
}
const name128 = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

export default function store(x) {
  const { data, say, state } = x;
  let base = null;
  const table = (name, mode = 'readwrite') => base.transaction(name, mode).objectStore(name);
  const mine = () => IDBKeyRange.bound([data.ref], [data.ref, []]);
  const noStore = () => { if (state.online) x.mark('error', say.noStorage); };

  x.stores = () => Boolean(base);
  x.keep = (entry) => { try { table('queue').put({ ref: data.ref, ...entry }); } catch (e) { noStore(); } };
  x.drop = (entries) => {
    try { const rows = table('queue'); entries.forEach((e) => rows.delete([data.ref, e.epoch, e.seq])); } catch (e) { /* told before */ }
  };
  // Signs and reports wait in a store of their own; what is there is {key, …} by the key.
  x.hold = (name, key, value) => { try { table(name).put({ ref: data.ref, key, ...value }); } catch (e) { /* it stays in memory */ } };
  x.release = (name, keys) => { try { const rows = table(name); keys.forEach((key) => rows.delete([data.ref, key])); } catch (e) { /* as above */ } };

  async function openStore() {
    const found = await openBase(), from = (name, mode) => found.transaction(name, mode).objectStore(name);
    const known = await asked(from('device', 'readonly').get('writer')), writer = named(known);
    if (!known) from('device', 'readwrite').put(writer, 'writer');
    const [rows, signs, reports] = await Promise.all(['queue', 'signs', 'reports'].map((name) => asked(from(name, 'readonly').getAll(mine()))));
    return { found, writer, rows, signs, reports };
  }
  // The name of this device, the same after every reload as long as anything here can be stored.
  function named(known) {
    const each = (act) => ['sessionStorage', 'localStorage'].forEach((at) => { try { act(window[at]); } catch (e) { /* blocked */ } });
    let writer = known;
    each((at) => { writer = writer || at.getItem('exam-writer'); });
    writer = writer || name128();
    each((at) => at.setItem('exam-writer', writer));
    return writer;
  }
  x.name128 = name128;
  // A busy device may open its store after the page has gone on without it.
  async function late(stored) {
    await x.opened;
    if (state.ended) return;
    base = stored.found;
    x.comeLate(stored.rows);
    tell(stored);
  }
  x.begin = () => {
    const opening = openStore(), tell = ({ signs, reports }) => document.dispatchEvent(new CustomEvent('stored', { detail: { signs, reports } }));
    x.opened = within(3000, opening)
      .catch(() => { noStore(); opening.then(late, () => null); return { found: null, writer: named(), rows: [], signs: [], reports: [] }; })
      .then((stored) => {
        base = stored.found; state.writer = stored.writer;
        x.recover(stored.rows);
        tell(stored);
      })
      .then(() => { x.flush(); });
  };
}
