// What this device still has of an exam that takes no answers any more: it is sent, and forgotten when the server says
// that it is kept. The server shows it to staff; it does not count.
const box = document.getElementById('rest'), { ref, save } = box.dataset, MOST = 64;
const { openBase, asked } = await import(document.querySelector('script[src*="/exam-store.js"]').src);
const token = document.querySelector('meta[name="csrf-token"]').content;
let base = null, writer = '', most = MOST, timer = 0, busy = false, all = 0;
const table = (name, mode) => base.transaction(name, mode).objectStore(name);

function say(name) {
  for (const el of box.children) el.hidden = el.dataset.say !== name;
  for (const el of box.querySelectorAll('[data-n]')) el.textContent = all;
  box.hidden = false;
}
async function post(epoch, entries) {
  const stop = new AbortController(), kill = setTimeout(() => stop.abort(), 8000);
  try {
    const reply = await fetch(save, {
      method: 'POST', signal: stop.signal, body: JSON.stringify({ epoch, writer, entries }),
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-Token': token },
    });
    return { ok: reply.ok, ...(await reply.json()) };
  } finally { clearTimeout(kill); }
}
// The rows of one epoch, in their order, under numbers without gaps: those they have, or those the server asks for.
async function sendEpoch(rows) {
  let from = Math.ceil(rows[0].seq), asked = 0;
  while (rows.length) {
    const batch = rows.slice(0, most);
    const said = await post(batch[0].epoch, batch.map(({ slot, value, ms }, i) => ({ seq: from + i, slot, value, ms })));
    if (said.code === 'Gap' && asked !== said.expected) { from = asked = said.expected; continue; }
    if (!said.ok && !said.noted) throw new Error(said.code);
    const gone = table('queue', 'readwrite');
    batch.forEach((one) => gone.delete([ref, one.epoch, one.seq]));
    rows = rows.slice(batch.length);
    from += batch.length; most = Math.min(MOST, 2 * most);
  }
}
async function send() {
  if (busy) return;
  busy = true; clearTimeout(timer);
  try {
    const rows = await asked(table('queue', 'readonly').getAll(IDBKeyRange.bound([ref], [ref, []])));
    if (rows.length) { all = Math.max(all, rows.length); say('sending'); }
    for (const epoch of new Set(rows.map((one) => one.epoch))) await sendEpoch(rows.filter((one) => one.epoch === epoch));
    if (all) say('done');
  } catch (e) {
    most = Math.ceil(most / 2);
    say('away');
    timer = setTimeout(send, 8000);
  } finally { busy = false; }
}
base = await openBase().catch(() => null);
if (base) {
  writer = (await asked(table('device', 'readonly').get('writer'))) || '0'.repeat(32);
  addEventListener('online', send);
  send();
}
