// Answers that the server has not acknowledged: numbered, kept on this device, sent until they are taken.
export default function queue(x) {
  const { $, qs, data, say, state, given, BATCH } = x;
  const waiting = () => [...new Set(state.queue.map((entry) => entry.slot))].filter((n) => n > 0).sort((a, b) => a - b);

  /* ---- numbers ---- */
  // What this device still has is newer than what the page shows, unless another device answered later. It keeps the
  // numbers under which it was written until the pen is granted: only then is it known that nobody answers meanwhile.
  const inOrder = (a, b) => a.epoch - b.epoch || a.seq - b.seq;
  const own = (entry) => entry.epoch === state.epoch && Number.isInteger(entry.seq);
  const numberOf = (slot) => { const [epoch, seq] = given[slot] || [0, 0]; return { epoch, seq }; };
  function recover(rows) {
    const newer = (entry) => own(entry) || inOrder(entry, numberOf(entry.slot)) > 0;
    x.drop(rows.filter((entry) => !newer(entry)));
    state.queue = rows.filter(newer).sort(inOrder).map((entry) => ({ ...entry, sent: true }));
    for (const { slot, value } of state.queue) if (!state.touched.has(slot)) { x.write(slot, value); x.repaint(slot); }
    state.ready = true;
    for (const slot of state.early) number(slot, x.read(slot));
    state.early.clear();
    x.totals();
  }
  // This device's store opened only after the page had gone on without it: what was found there comes in as new.
  function comeLate(rows) {
    const fresh = rows.filter(({ slot, epoch, seq }) => !state.touched.has(slot) && inOrder({ epoch, seq }, numberOf(slot)) > 0).sort(inOrder);
    x.drop(rows);
    state.queue.forEach(x.keep);
    for (const [slot, { value, ms }] of new Map(fresh.map((one) => [one.slot, one]))) {
      x.write(slot, value); number(slot, value, ms); x.repaint(slot);
    }
    x.totals();
    if (!state.queue.length && state.held) settled(say.ready);
    plan(0);
  }
  // The pen is granted: what has no number of this epoch gets one after the last that the server has.
  function settle(from) {
    const rest = state.queue.filter((entry) => !own(entry)).sort(inOrder);
    state.queue = state.queue.filter(own);
    state.held = true;
    state.next = Math.max(from, ...state.queue.map((entry) => entry.seq)) + 1;
    for (const [slot, entry] of new Map(rest.map((one) => [one.slot, one]))) number(slot, entry.value, entry.ms);
    x.drop(rest);
  }
  // Without the pen: newer than what the page shows, older than what another device answers from now on.
  const between = (slot) => +data.last + (slot + 512) / 1024;
  function number(slot, value, ms = x.serverNow()) {
    let entry = state.queue.find((one) => one.slot === slot && !one.sent);
    if (entry) entry.value = value;
    else state.queue.push(entry = { epoch: state.epoch, seq: state.next ? state.next++ : between(slot), slot, value });
    entry.ms = ms;
    x.keep(entry);
  }
  function renumber(from) {
    x.drop(state.queue);
    state.queue.sort((a, b) => a.seq - b.seq);
    state.queue.forEach((entry, i) => { entry.seq = from + i; entry.sent = false; x.keep(entry); });
    state.next = from + state.queue.length;
  }
  function touch(slot, pause = 400) {
    state.touched.add(slot);
    if (state.aside.delete(slot)) $('banner').hidden = state.online;
    if (state.ready) number(slot, x.read(slot)); else state.early.add(slot);
    if (slot) x.repaint(slot);
    x.totals();
    if (state.online && x.stores()) x.mark('saving', say.saving);
    plan(x.remaining() < 6 ? 0 : pause);
  }

  /* ---- the server ---- */
  const token = document.querySelector('meta[name="csrf-token"]');
  async function freshToken() {
    const page = await (await fetch(location.pathname)).text();
    const found = /(?:csrf-token" content|csrf_token"[^>]* value)="([^"]+)"/.exec(page);
    if (found) token.content = found[1];
  }
  async function post(url, body, keepalive = false) {
    const stop = new AbortController(), kill = setTimeout(() => stop.abort(), 8000), text = JSON.stringify(body);
    const send = () => fetch(url, {
      method: 'POST', keepalive: keepalive && text.length < 20000, signal: stop.signal, body: text, // browsers refuse more than 64 kB
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-Token': token.content },
    });
    try {
      let reply = await send();
      if (reply.status === 400) { await freshToken(); reply = await send(); }
      return reply;
    } finally { clearTimeout(kill); }
  }
  let timer = 0, heard = 0;
  const plan = (ms) => { clearTimeout(timer); timer = setTimeout(flush, ms); };
  function flush(options) { return state.busy || (state.busy = exchange(options || {}).finally(() => { state.busy = null; })); }
  const body = (batch) => ({ epoch: state.epoch, writer: state.writer, entries: batch.map(({ seq, slot, value, ms }) => ({ seq, slot, value, ms })) });
  async function exchange({ keepalive, beat }) {
    clearTimeout(timer);
    if (state.paused || !state.ready || (!state.queue.length && state.held && !beat)) return;
    let pause = 0;
    try {
      if (!state.held) {
        const granted = await x.lease(false);
        if (!granted) return;
        settle(granted.last);
      }
      if (!state.queue.length && !beat) { settled(say.ready); return; }
      const batch = state.queue.sort((a, b) => a.seq - b.seq).slice(0, state.most);
      if (batch.some((entry, i) => entry.seq !== batch[0].seq + i)) { renumber(batch[0].seq); plan(0); return; }
      batch.forEach((entry) => { entry.sent = true; });
      const reply = await post(data.save, body(batch), keepalive);
      if (!reply.ok) { await refused(reply, batch); return; }
      taken(await reply.json());
    } catch (e) {
      // Not even begun is no network; not done in eight seconds is a weak one, which may carry less at a time.
      if (e.name === 'AbortError') state.most = Math.ceil(Math.min(state.most, state.queue.length) / 2);
      pause = offline();
    } finally { if (state.queue.length || pause) plan(pause || 50); }
  }
  function taken(said) {
    const acked = new Set(said.acked), gone = state.queue.filter((entry) => acked.has(entry.seq));
    state.queue = state.queue.filter((entry) => !acked.has(entry.seq));
    x.drop(gone);
    if (said.late && gone.length) state.late = true;
    heard = performance.now();
    connected(gone);
    x.setClock(said); x.tick();
    state.most = Math.min(BATCH, 2 * state.most);
    if (!state.queue.length) settled(x.fill(say.saved, { t: x.clockTime(said.now) }));
  }
  async function refused(reply, batch = []) {
    if ([401, 403, 404].includes(reply.status)) return x.signIn();
    const said = await reply.json().catch(() => ({}));
    if (reply.status === 410 || (state.shut && said.noted)) return shut(batch, said);
    if (said.code === 'Gap') { renumber(said.expected); return plan(0); }
    if (said.code === 'BadEntry' && batch.length) { if (batch.length > 1) state.most = 1; else setAside(batch[0]); return null; }
    if (reply.status === 409) return x.pauseHere();
    throw new Error(reply.status);
  }
  // The sitting is closed. What is here still goes to the server, which keeps it for staff; only then it is forgotten.
  function shut(batch, said) {
    state.shut = true; state.paused = false; x.lock(true);
    if (!state.held) settle(+data.last);
    if (batch.length && !said.noted) throw new Error(said.code);
    state.online = true; state.fails = 0;
    state.queue = state.queue.filter((entry) => !batch.includes(entry));
    x.drop(batch);
    if (!state.queue.length) { x.closed(); return; }
    x.uncover($('gate-tab')); x.band(say.shut, '', 'info');
  }
  // What the server cannot take holds up no others; a reload tries it again.
  function setAside(entry) {
    state.queue = state.queue.filter((one) => one !== entry);
    x.drop([entry]);
    renumber(entry.seq);
    x.keep({ ...entry, seq: entry.seq - 0.5 });
    if (entry.slot <= 0 || state.queue.some((one) => one.slot === entry.slot)) return;
    state.aside.add(entry.slot);
    x.paint(entry.slot); settled(); x.band(refusal(), '', false);
  }

  /* ---- what is said of it ---- */
  const refusal = () => x.fill(say.refused, { list: [...state.aside].join(say.comma) });
  function settled(text) {
    if (state.aside.size) x.mark('error', refusal());
    else if (x.stores()) x.mark('saved', text); else x.mark('error', say.noStorage);
  }
  function connected(gone) {
    const back = !state.online;
    state.online = true; state.fails = 0;
    (back ? qs.map((_, i) => i + 1) : gone.map((entry) => entry.slot).filter((n) => n > 0)).forEach(x.paint);
    if (back) x.band(say.back, '', true);
    if (back) document.dispatchEvent(new CustomEvent('back'));
  }
  function offline() {
    const first = state.online;
    state.online = false; state.fails += 1;
    waiting().forEach(x.paint);
    x.mark('local', waiting().length ? x.fill(say.waiting, { n: waiting().length }) : say.offline);
    if (first || $('banner').hidden) x.band(state.shut ? say.shut : say.lost, state.shut ? say.shutMore : say.lostMore, false);
    return Math.min(30000, 1000 * 2 ** state.fails) * (0.75 + Math.random() / 2);
  }

  addEventListener('online', () => plan(0));
  addEventListener('offline', () => plan(offline()));
  // A page that goes away may never run again: what a running request does not carry is sent beside it.
  function leave() {
    const rest = state.queue.filter((entry) => !entry.sent && own(entry)).sort(inOrder).slice(0, BATCH);
    if (!state.busy) flush({ keepalive: true });
    else if (rest.length && !state.paused && state.held) post(data.save, body(rest), true).catch(() => null);
  }
  document.addEventListener('visibilitychange', () => { if (document.hidden) leave(); });
  addEventListener('pagehide', leave);
  addEventListener('beforeunload', (event) => { if (state.queue.length || state.early.size) { event.preventDefault(); event.returnValue = ''; } });
  // A minute without a save: the page asks how the sitting stands.
  setInterval(() => { if (!state.ended && performance.now() - heard > 55000) flush({ beat: true }); }, 20000);

  Object.assign(x, { waiting, recover, comeLate, settle, touch, post, plan, flush, refused, connected, stopPlan: () => clearTimeout(timer) });
}
