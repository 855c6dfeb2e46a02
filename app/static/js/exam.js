// The exam page. An answer is written to this device before it is sent; an entry is forgotten only when the server
// has acknowledged its number; the server's clock is the only clock; a lost network never blocks answering.
const $ = (id) => document.getElementById(id);
const root = $('exam'), form = $('form'), say = $('words').dataset, data = root.dataset;
const qs = [...form.querySelectorAll('.q')], last = qs.length, FLAGS = 0, BATCH = 64;
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
const speak = (text, now) => {
  const el = $(now ? 'announce-now' : 'announce');
  el.textContent = '';
  setTimeout(() => { el.textContent = text; }, 60);
};
const icon = (holder, name) => {
  const drawn = document.querySelector(`[data-icon="${name}"] svg`).cloneNode(true), old = holder.querySelector('svg');
  if (old) old.replaceWith(drawn); else holder.prepend(drawn);
};
const clockTime = (ms) => new Intl.DateTimeFormat(document.documentElement.lang, {
  hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false, timeZone: 'Asia/Shanghai',
}).format(ms);

/* ---- the questions ---- */
const field = (n, name, of = form) => of.elements[`q${n}${name ? `.${name}` : ''}`];
const gaps = (n, of) => { const found = field(n, '', of); return found.length === undefined ? [found] : [...found]; };
const CASE = ['facts', 'clause', 'requirement', 'grade', 'reason'];
const readers = {
  single: (n, of) => field(n, '', of).value || null,
  judge: (n, of) => field(n, '', of).value || null,
  multiple: (n, of) => [...field(n, '', of)].filter((box) => box.checked).map((box) => box.value),
  short: (n, of) => field(n, '', of).value,
  blank: (n, of) => { const given = gaps(n, of).map((box) => box.value); return given.some((text) => text.trim()) ? given : null; },
  case: (n, of) => Object.fromEntries(CASE.map((name) => [name, field(n, name, of).value]).filter((pair) => pair[1])),
};
const kind = (n) => qs[n - 1].dataset.kind;
const read = (n, of = form) => (n ? readers[kind(n)](n, of) : [...state.flags]);
const answered = (value) => Boolean(value && (typeof value === 'object' ? Object.keys(value).length : value.trim()));
function write(n, value) {
  if (n === FLAGS) { state.flags = new Set(value); qs.forEach((_, i) => paint(i + 1)); return; }
  if (kind(n) === 'case') CASE.forEach((name) => { field(n, name).value = (value || {})[name] || ''; });
  else if (kind(n) === 'short') field(n).value = value || '';
  else if (kind(n) === 'blank') gaps(n).forEach((box, i) => { box.value = (value || [])[i] || ''; });
  else [...field(n)].forEach((box) => { box.checked = [].concat(value || []).includes(box.value); });
}

/* ---- state ---- */
const state = {
  at: 1, flags: new Set(), queue: [], next: 0, epoch: +data.epoch, writer: '', ready: false, held: false, online: true,
  fails: 0, most: BATCH, busy: null, paused: false, ended: false, touched: new Set(), early: new Set(), aside: new Set(),
};
const cell = (n) => document.querySelector(`[data-cell="${n}"]`);
const flagged = (page) => [...page.querySelectorAll('[data-cell][data-flag]')].map((el) => +el.dataset.cell);
state.flags = new Set(flagged(document));
const waiting = () => [...new Set(state.queue.map((entry) => entry.slot))].filter((n) => n !== FLAGS).sort((a, b) => a - b);

/* ---- the device: IndexedDB survives a killed browser, localStorage does not ---- */
let store = null;
const asked = (request) => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = no; });
const table = (name, mode = 'readwrite') => store.transaction(name, mode).objectStore(name);
const keep = (entry) => { try { table('queue').put({ ref: data.ref, ...entry }); } catch (e) { noStore(); } };
const drop = (entries) => {
  try { const rows = table('queue'); entries.forEach((e) => rows.delete([data.ref, e.epoch, e.seq])); } catch (e) { /* told before */ }
};
const mine = () => IDBKeyRange.bound([data.ref], [data.ref, []]);
function noStore() { if (state.online) mark('error', say.noStorage); }
async function openStore() {
  const request = indexedDB.open('exam', 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('queue', { keyPath: ['ref', 'epoch', 'seq'] });
    request.result.createObjectStore('device');
  };
  const found = await asked(request), part = (name, mode) => found.transaction(name, mode).objectStore(name);
  const known = await asked(part('device', 'readonly').get('writer')), writer = named(known);
  if (!known) part('device', 'readwrite').put(writer, 'writer');
  return { found, writer, rows: await asked(part('queue', 'readonly').getAll(mine())) };
}
const within = (ms, work) => Promise.race([work, new Promise((_, no) => { setTimeout(no, ms); })]);
const name128 = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
// The name of this device, the same after every reload as long as anything here can be stored.
function named(known) {
  const each = (act) => ['sessionStorage', 'localStorage'].forEach((at) => { try { act(window[at]); } catch (e) { /* blocked */ } });
  let writer = known;
  each((at) => { writer = writer || at.getItem('exam-writer'); });
  writer = writer || name128();
  each((at) => at.setItem('exam-writer', writer));
  return writer;
}

// What this device still has is newer than what the page shows, unless another device answered later. It keeps the
// numbers under which it was written until the pen is granted: only then is it known that nobody answers meanwhile.
const inOrder = (a, b) => a.epoch - b.epoch || a.seq - b.seq;
const own = (entry) => entry.epoch === state.epoch && Number.isInteger(entry.seq);
function recover(rows) {
  const newer = (entry) => {
    const shown = entry.slot ? qs[entry.slot - 1].dataset : { epoch: data.flagsEpoch, seq: data.flagsSeq };
    return own(entry) || inOrder(entry, { epoch: +shown.epoch, seq: +shown.seq }) > 0;
  };
  drop(rows.filter((entry) => !newer(entry)));
  state.queue = rows.filter(newer).sort(inOrder).map((entry) => ({ ...entry, sent: true }));
  for (const { slot, value } of state.queue) if (!state.touched.has(slot)) { write(slot, value); if (slot) paint(slot); }
  state.ready = true;
  for (const slot of state.early) number(slot, read(slot));
  state.early.clear();
  totals();
}
// The pen is granted: what has no number of this epoch gets one after the last that the server has.
function settle(from) {
  const rest = state.queue.filter((entry) => !own(entry)).sort(inOrder);
  state.queue = state.queue.filter(own);
  state.held = true;
  state.next = Math.max(from, ...state.queue.map((entry) => entry.seq)) + 1;
  for (const [slot, entry] of new Map(rest.map((one) => [one.slot, one]))) number(slot, entry.value, entry.ms);
  drop(rest);
}
function number(slot, value, ms = serverNow()) {
  let entry = state.queue.find((one) => one.slot === slot && !one.sent);
  if (entry) entry.value = value;
  // Without the pen: newer than what the page shows, older than what another device answers from now on.
  else state.queue.push(entry = { epoch: state.epoch, seq: state.next ? state.next++ : +data.last + (slot + 1) / 1000, slot, value });
  entry.ms = ms;
  keep(entry);
}
function renumber(from) {
  drop(state.queue);
  state.queue.sort((a, b) => a.seq - b.seq);
  state.queue.forEach((entry, i) => { entry.seq = from + i; entry.sent = false; keep(entry); });
  state.next = from + state.queue.length;
}
function touch(slot, pause = 400) {
  state.touched.add(slot);
  if (state.aside.delete(slot)) $('banner').hidden = state.online;
  if (state.ready) number(slot, read(slot)); else state.early.add(slot);
  if (slot) paint(slot);
  totals();
  if (state.online && store) mark('saving', say.saving);
  plan(remaining() < 6 ? 0 : pause);
}

/* ---- drawing ---- */
function paint(n) {
  const el = cell(n), done = answered(read(n)), flagged = state.flags.has(n);
  const unsent = state.aside.has(n) || (!state.online && state.queue.some((entry) => entry.slot === n));
  el.toggleAttribute('data-answered', done); el.toggleAttribute('data-flag', flagged); el.toggleAttribute('data-unsynced', unsent);
  const parts = [fill(say.question, { n }), done ? say.answered : say.unanswered, flagged && say.flagged, unsent && say.unsent];
  el.setAttribute('aria-label', parts.filter(Boolean).join(say.comma));
  if (n === state.at) el.setAttribute('aria-current', 'true'); else el.removeAttribute('aria-current');
  qs[n - 1].querySelectorAll('.opt').forEach((o) => o.classList.toggle('opt--on', o.querySelector('input').checked));
  qs[n - 1].querySelector('[data-mark]').setAttribute('aria-pressed', flagged);
}
function totals() {
  const done = qs.filter((_, i) => answered(read(i + 1))).length;
  $('t-done').textContent = done; $('t-left').textContent = last - done; $('t-flag').textContent = state.flags.size;
  $('dock-n').textContent = `${done}/${last}`; $('progress').setAttribute('width', (done / last) * 100);
}
const titleRest = document.title.slice(fill(say.question, { n: 1 }).length);
function show(to, focus = true) {
  const n = Math.min(last, Math.max(1, to)), was = state.at;
  state.at = n;
  qs.forEach((q, i) => q.toggleAttribute('data-hidden', i + 1 !== n));
  paint(was); paint(n);
  history.replaceState(null, '', `#q${n}`);
  document.title = fill(say.question, { n }) + titleRest;
  document.querySelectorAll('[data-prev]').forEach((b) => { b.disabled = n === 1; });
  if (focus) { qs[n - 1].focus({ preventScroll: true }); window.scrollTo(0, 0); }
}
function mark(kindOf, text) {
  if ($('save').dataset.state !== kindOf) {
    $('save').dataset.state = kindOf;
    icon($('save'), { saved: 'cloud-check', saving: 'refresh-cw' }[kindOf] || 'cloud-off');
  }
  $('save-text').textContent = text;
}
function settled(text) {
  if (state.aside.size) mark('error', refusal());
  else if (store) mark('saved', text); else mark('error', say.noStorage);
}
const refusal = () => fill(say.refused, { list: [...state.aside].join(say.comma) });
function band(first, second, good) {
  $('banner').hidden = false; $('banner').classList.toggle('exam-banner--ok', good);
  icon($('banner').firstElementChild, good ? 'circle-check' : 'wifi-off');
  $('banner-1').textContent = first; $('banner-2').textContent = second;
  speak(first);
  if (good) setTimeout(() => { if (state.online) $('banner').hidden = true; }, 6000);
}
function cover(id) {
  const el = $(id);
  if (el.open) return;
  if (el.showModal) el.showModal(); else el.setAttribute('open', '');
}
const uncover = (el) => (el.close ? el.close() : el.removeAttribute('open')); // no showModal before Safari 15.4
document.querySelectorAll('.cover').forEach((el) => el.addEventListener('cancel', (e) => e.preventDefault()));

/* ---- the server ---- */
const token = document.querySelector('meta[name="csrf-token"]');
async function freshToken() {
  const page = await (await fetch(location.pathname)).text();
  const found = /(?:csrf-token" content|csrf_token"[^>]* value)="([^"]+)"/.exec(page);
  if (found) token.content = found[1];
}
async function post(url, body, keepalive = false) {
  const stop = new AbortController(), kill = setTimeout(() => stop.abort(), 8000);
  const send = () => fetch(url, {
    method: 'POST', keepalive, signal: stop.signal, body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-Token': token.content },
  });
  try {
    let reply = await send();
    if (reply.status === 400) { await freshToken(); reply = await send(); }
    return reply;
  } finally { clearTimeout(kill); }
}
let timer = 0;
const plan = (ms) => { clearTimeout(timer); timer = setTimeout(flush, ms); };
function flush(options) { return state.busy || (state.busy = exchange(options || {}).finally(() => { state.busy = null; })); }
async function exchange({ keepalive, beat }) {
  clearTimeout(timer);
  if (state.paused || !state.ready || (!state.queue.length && state.held && !beat)) return;
  let pause = 0;
  try {
    if (!state.held) {
      const granted = await lease(false);
      if (!granted) return;
      settle(granted.last);
    }
    if (!state.queue.length && !beat) { settled(say.ready); return; }
    const batch = state.queue.sort((a, b) => a.seq - b.seq).slice(0, state.most);
    if (batch.some((entry, i) => entry.seq !== batch[0].seq + i)) return renumber(batch[0].seq), plan(0);
    batch.forEach((entry) => { entry.sent = true; });
    const entries = batch.map(({ seq, slot, value, ms }) => ({ seq, slot, value, ms }));
    const reply = await post(data.save, { epoch: state.epoch, writer: state.writer, entries }, keepalive);
    if (!reply.ok) return await refused(reply, batch);
    const said = await reply.json(), taken = new Set(said.acked);
    const gone = state.queue.filter((entry) => taken.has(entry.seq));
    state.queue = state.queue.filter((entry) => !taken.has(entry.seq));
    drop(gone);
    if (said.late && gone.length) state.late = true;
    connected(gone);
    setClock(said); tick();
    if (!state.queue.length) state.most = BATCH;
    if (!state.queue.length) settled(fill(say.saved, { t: clockTime(said.now) }));
  } catch (e) { pause = offline(); } finally { if (state.queue.length || pause) plan(pause || 50); }
}
async function lease(takeOver) {
  const reply = await post(data.lease, { writer: state.writer, take_over: takeOver });
  if (!reply.ok) return refused(reply);
  const said = await reply.json();
  return said.granted && (takeOver || said.epoch === state.epoch) ? said : pauseHere();
}
async function refused(reply, batch = []) {
  if ([401, 403, 404].includes(reply.status)) return signIn();
  if (reply.status === 410) return closed();
  const said = await reply.json().catch(() => ({}));
  if (said.code === 'Gap') { renumber(said.expected); return plan(0); }
  if (said.code === 'BadEntry' && batch.length) return batch.length > 1 ? (state.most = 1) : setAside(batch[0]);
  if (reply.status === 409) return pauseHere();
  throw new Error(reply.status);
}
// An answer that the server cannot take must not hold up the others; it stays here and is tried again after a reload.
function setAside(entry) {
  state.queue = state.queue.filter((one) => one !== entry);
  drop([entry]);
  renumber(entry.seq);
  keep({ ...entry, seq: entry.seq - 0.5 });
  if (!entry.slot || state.queue.some((one) => one.slot === entry.slot)) return;
  state.aside.add(entry.slot);
  paint(entry.slot); settled(); band(refusal(), '', false);
}
function connected(gone) {
  const back = !state.online;
  state.online = true; state.fails = 0;
  (back ? qs.map((_, i) => i + 1) : gone.map((entry) => entry.slot).filter(Boolean)).forEach(paint);
  if (back) band(say.back, '', true);
}
function offline() {
  const first = state.online;
  state.online = false; state.fails += 1;
  waiting().forEach(paint);
  mark('local', waiting().length ? fill(say.waiting, { n: waiting().length }) : say.offline);
  if (first || $('banner').hidden) band(say.lost, say.lostMore, false);
  return Math.min(30000, 1000 * 2 ** state.fails) * (0.75 + Math.random() / 2);
}
function closed() { state.ended = state.paused = true; drop(state.queue); state.queue = []; location.assign(data.receipt); }
function signIn() {
  state.paused = true;
  mark('error', say.signIn);
  $('relogin-n').textContent = waiting().length;
  document.dispatchEvent(new CustomEvent('signed-out'));
}
document.addEventListener('signed-in', () => {
  state.paused = false;
  if (state.ended) finish(); else flush({ beat: true });
});
addEventListener('online', () => plan(0));
addEventListener('offline', () => plan(offline()));
document.addEventListener('visibilitychange', () => { if (document.hidden) flush({ keepalive: true }); });
addEventListener('pagehide', () => flush({ keepalive: true }));
addEventListener('beforeunload', (event) => { if ((state.queue.length || state.early.size) && !state.ended) { event.preventDefault(); event.returnValue = ''; } });
setInterval(() => { if (!state.ended) flush({ beat: true }); }, 60000);

/* ---- one window at a time ---- */
const TAB = name128(), CLAIM = `exam-${data.ref}`;
const claim = () => { try { localStorage.setItem(CLAIM, TAB); } catch (e) { /* the server's numbers keep order */ } };
addEventListener('storage', (event) => { if (event.key === CLAIM && event.newValue !== TAB && !state.ended) flush().finally(pauseHere); });
function pauseHere() { state.paused = true; cover('gate-tab'); $('take-over').focus(); }
$('take-over').addEventListener('click', async () => {
  try {
    await state.busy;
    const said = await lease(true);
    if (said && store) { state.queue = []; location.reload(); } else if (said) await adopt(said);
  } catch (e) { $('take-over-error').hidden = false; }
});
// By XMLHttpRequest, because the policy of trusted types lets no script turn text into a document.
const pageNow = () => new Promise((yes, no) => {
  const ask = new XMLHttpRequest();
  ask.open('GET', location.pathname);
  ask.responseType = 'document'; ask.timeout = 8000; ask.onload = () => yes(ask.response); ask.onerror = ask.ontimeout = no;
  ask.send();
});
// Without a store a reload would lose what is unsent: the page takes over in place what the server has by now.
async function adopt(said) {
  const page = await pageNow(), there = page && page.getElementById('form');
  if (!there) return location.reload();
  const { flagsEpoch, flagsSeq, last: highest } = page.getElementById('exam').dataset;
  Object.assign(data, { flagsEpoch, flagsSeq, last: highest });
  state.epoch = said.epoch; state.next = 0; state.touched.clear();
  write(FLAGS, flagged(page));
  there.querySelectorAll('.q').forEach(({ dataset: { epoch, seq } }, i) => {
    Object.assign(qs[i].dataset, { epoch, seq });
    write(i + 1, read(i + 1, there)); paint(i + 1);
  });
  recover(state.queue); settle(said.last);
  state.paused = false;
  uncover($('gate-tab')); $('take-over-error').hidden = true;
  claim();
  return flush({ beat: true });
}

/* ---- the clock ---- */
let left = 0, since = 0, ends = 0, level = '', covered = false;
const told = new Set();
function setClock({ now, deadline }) {
  if (ends && deadline > ends + 30000) { told.clear(); band(fill(say.extra, { n: Math.round((deadline - ends) / 60000) }), '', true); }
  // One second early, so that what is sent at the end still arrives in time.
  ends = deadline; left = (deadline - now) / 1000 - 1; since = performance.now();
}
// The time of an answer is the server's as this page knows it, however wrong the clock of the device is.
const serverNow = () => Math.round(ends - (left + 1) * 1000 + performance.now() - since);
const remaining = () => Math.max(0, left - (performance.now() - since) / 1000);
const inWords = (s) => (s >= 60 ? fill(say.minutes, { n: Math.round(s / 60) }) : fill(say.seconds, { n: Math.round(s) }));
function tick() {
  const s = remaining(), whole = Math.ceil(s - 0.001), two = (v) => String(v).padStart(2, '0');
  const now = s <= 60 ? 'last' : s <= 300 ? 'low' : 'ok';
  if (now !== level) { level = now; $('timer').dataset.level = now; if (now !== 'ok') hideTimer(false); }
  const hours = Math.floor(whole / 3600), text = `${hours ? `${hours}:` : ''}${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  $('timer-v').textContent = covered ? '•• ••' : text;
  for (const point of [1800, 600, 300, 60]) {
    if (whole <= point && whole > point - 5 && !told.has(point)) { told.add(point); speak(inWords(point), point === 60); }
  }
  if (s <= 0 && !state.ended) end();
}
function hideTimer(yes) {
  covered = yes;
  icon($('timer-hide'), yes ? 'eye-off' : 'eye');
  $('timer-hide').setAttribute('aria-label', yes ? say.showTimer : say.hideTimer);
}
$('timer-hide').addEventListener('click', () => { hideTimer(!covered); tick(); });
const code = () => {
  let h = 2166136261;
  for (const c of JSON.stringify(state.queue)) h = Math.imul(h ^ c.codePointAt(0), 16777619);
  return (h >>> 0).toString(16).toUpperCase().padStart(8, '0').replace(/(.{4})/, '$1-');
};
const lock = (yes) => { state.ended = yes; [...form.elements].forEach((el) => { el.disabled = yes; }); };
function end() {
  lock(true); state.paused = false;
  document.querySelectorAll('dialog[open]:not(.cover)').forEach((el) => { if (el.id !== 'dlg-login') uncover(el); });
  cover('gate-end');
  speak(say.timeUp, true);
  finish();
}
const part = (name) => import(document.querySelector(`script[src*="/${name}.js"]`).src);
// The answers that this page shows, in the shape in which the server stores them.
async function shown() {
  const { settled } = await part('exam-digest');
  const rows = qs.map((_, i) => [i + 1, settled(kind(i + 1), read(i + 1))]).filter(([, value]) => value !== null);
  return { epoch: state.epoch, writer: state.writer, rows };
}
// Time is up: what still differs after it was sent once more is written down, and what the server has is handed in.
async function handOver() {
  const { handIn } = await part('exam-hand-in'), at = { handIn: data.handIn, save: data.save };
  const said = await handIn(post, at, data.ref, await shown());
  return said.differ ? handIn(post, at, data.ref, await shown(), said.digest) : said;
}
async function finish() {
  if (!state.ended) return;
  clearTimeout(timer);
  $('end-text').textContent = waiting().length ? fill(say.lastUpload, { n: waiting().length }) : say.handingIn;
  await opened;
  await state.busy;
  await flush({ beat: true });
  if (state.paused || !state.ended) return;
  // Extra time was given while this page could not hear of it; a second is the clocks' own difference.
  if (remaining() > 1) { lock(false); uncover($('gate-end')); show(state.at); plan(0); return; }
  clearTimeout(timer);
  const more = state.online && state.held && !state.queue.length;
  if (more && state.late) { $('end-text').textContent = say.late; $('end-wait').hidden = true; $('end-receipt').hidden = false; return; }
  if (more && (await handOver().catch(() => null))) { location.assign(data.receipt); return; }
  $('end-text').textContent = say.endOffline; $('end-wait').hidden = false;
  $('end-n').textContent = waiting().length ? fill(say.these, { n: waiting().length, list: waiting().join(say.comma) }) : '0';
  $('end-code').textContent = code();
  setTimeout(finish, 8000);
}
$('end-retry').addEventListener('click', finish);

/* ---- input ---- */
const slotOf = (el) => +el.closest('.q').dataset.n;
form.addEventListener('change', (event) => { if (!event.target.matches('textarea')) touch(slotOf(event.target)); });
form.addEventListener('input', (event) => { if (event.target.matches('textarea')) touch(slotOf(event.target), 1500); });
form.addEventListener('submit', (event) => event.preventDefault());
function flag() {
  const n = state.at;
  if (!state.flags.delete(n)) state.flags.add(n);
  paint(n); speak(state.flags.has(n) ? say.flagOn : say.flagOff); touch(FLAGS);
}
function clear() { write(state.at, null); touch(state.at); }
async function toCheck() {
  await opened;
  await state.busy;
  await flush({ beat: true });
  if (state.online && state.held && !state.queue.length && !state.paused) {
    (await part('exam-hand-in')).remember(data.ref, await shown());
    location.assign(data.check);
  }
  else if (!state.paused) { $('banner').hidden = true; band(say.notYet, say.lostMore, false); }
}
document.addEventListener('click', (event) => {
  const el = event.target.closest('[data-prev],[data-next],[data-mark],[data-clear],[data-cell],[data-open],[data-close],#to-check');
  if (!el) return;
  if (el.id === 'to-check') { event.preventDefault(); toCheck(); }
  else if ('prev' in el.dataset) show(state.at - 1);
  else if ('next' in el.dataset) { if (state.at === last) toCheck(); else show(state.at + 1); }
  else if ('mark' in el.dataset) flag();
  else if ('clear' in el.dataset) clear();
  else if (el.dataset.cell) { event.preventDefault(); show(+el.dataset.cell); uncover($('dlg-pal')); }
  else if ('close' in el.dataset) uncover(el.closest('dialog'));
  else { if (el.dataset.open === 'dlg-pal') $('palette-sheet').append($('palette')); cover(el.dataset.open); }
});
$('dlg-pal').addEventListener('close', () => $('palette-home').append($('palette')));
const keys = $('keys-on');
try {
  keys.checked = localStorage.getItem('exam-keys') !== '0';
  keys.addEventListener('change', () => localStorage.setItem('exam-keys', keys.checked ? '1' : '0'));
} catch (e) { /* the choice lasts for this page */ }
document.addEventListener('keydown', (event) => {
  if (!keys.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || state.ended || document.querySelector('dialog[open]')) return;
  const el = event.target instanceof Element ? event.target : document.body;
  if (el.matches('input[type=text],textarea,select')) return;
  // By code and not by key: with a Chinese input method on, the key is "Process".
  const { code: c } = event, options = [...qs[state.at - 1].querySelectorAll('.opt input')];
  const i = /^(Digit|Numpad)[1-9]$/.test(c) ? +c.slice(-1) - 1 : /^Key[A-EGH]$/.test(c) ? c.charCodeAt(3) - 65 : -1;
  const radio = el.type === 'radio';
  if (options[i]) { options[i].click(); options[i].focus({ preventScroll: true }); }
  else if (c === 'KeyN' || (c === 'ArrowRight' && !radio)) show(state.at + 1);
  else if (c === 'KeyP' || (c === 'ArrowLeft' && !radio)) show(state.at - 1);
  else if (c === 'KeyF') flag();
  else if (c === 'KeyT') speak(inWords(remaining()), true);
  else if (c === 'Slash' && event.shiftKey) cover('dlg-keys');
  else return;
  event.preventDefault();
});

/* ---- start ---- */
qs.forEach((_, i) => paint(i + 1));
totals();
setClock({ now: +data.now, deadline: +data.deadline });
show(+(/^#q(\d+)$/.exec(location.hash) || [0, data.at])[1], false);
const opened = within(3000, openStore())
  .catch(() => { noStore(); return { found: null, writer: named(), rows: [] }; })
  .then(({ found, writer, rows }) => { store = found; state.writer = writer; recover(rows); })
  .then(() => { flush(); });
tick();
setInterval(tick, 250);
claim();
