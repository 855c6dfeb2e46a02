// The waiting room: what this device can do, told to the server; the countdown by the server's clock; the bell.
const bell = document.getElementById('bell'), found = {};
const two = (v) => String(v).padStart(2, '0');
const token = document.querySelector('#start [name=csrf_token]').value;

function set(name, good) {
  const row = document.querySelector(`[data-check="${name}"]`);
  found[name] = good;
  if (row) for (const el of row.querySelectorAll('[data-state]')) el.hidden = el.dataset.state !== (good ? 'good' : 'bad');
}

function checkStorage() {
  return new Promise((done) => {
    const end = (good) => { set('storage', good); done(); };
    try {
      const request = indexedDB.open('exam-check', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('t');
      request.onerror = () => end(false);
      request.onsuccess = () => {
        const base = request.result, change = base.transaction('t', 'readwrite'), store = change.objectStore('t');
        store.put(7, 1);
        const read = store.get(1);
        change.oncomplete = () => { base.close(); indexedDB.deleteDatabase('exam-check'); end(read.result === 7); };
        change.onerror = () => end(false);
      };
    } catch (e) { end(false); }
  });
}

// The device's clock is not used by the exam; a wrong one is only said, because it confuses people.
async function checkConnection() {
  const times = [], url = document.querySelector('[data-ping]').dataset.ping;
  try {
    for (let turn = 0; turn < 3; turn += 1) {
      const sent = performance.now(), began = Date.now();
      const reply = await fetch(url, { method: 'HEAD', cache: 'no-store' });
      if (!reply.ok) throw new Error(reply.status);
      times.push(performance.now() - sent);
      found.clock_ms = Math.round((began + Date.now()) / 2 - Date.parse(reply.headers.get('Date')));
    }
    found.round_trip_ms = Math.round(times.sort((a, b) => a - b)[1]);
    set('connection', found.round_trip_ms < 1500);
    set('clock', Math.abs(found.clock_ms) < 120000);
  } catch (e) { set('connection', false); }
}

let opens = performance.now() + Number(bell.dataset.opensIn), known = Number(bell.dataset.opensIn) > 0;

// The session was cancelled meanwhile: nothing begins any more, and the page says why instead of counting down.
const turns = [];
function callOff(reason) {
  const room = document.getElementById('waiting'), off = document.getElementById('off');
  if (!room) return;
  known = false;
  for (const turn of turns) clearInterval(turn);
  room.remove();
  off.querySelector('[data-reason]').textContent = reason;
  off.hidden = false;
  off.focus();
}

// The server keeps what was found and tells how long it still is: sleeping devices and moved sessions are put right.
async function report() {
  try {
    const reply = await fetch(bell.dataset.checkUrl, {
      method: 'POST', body: JSON.stringify(found), headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token },
    });
    if (!reply.ok) return;
    const told = await reply.json(), left = told.opens_in, now = opens - performance.now();
    if (told.called_off !== null) { callOff(told.called_off); return; }
    if (known && left - now > 60000) document.getElementById('bell-said').textContent = bell.dataset.moved;
    if (known) opens = performance.now() + left;
  } catch (e) { /* the next turn tells it */ }
}

const said = new Set();
function say(key) {
  if (said.has(key)) return;
  said.add(key);
  document.getElementById('bell-said').textContent = bell.dataset[key];
}

function ring() {
  known = false;
  say('said-0');
  const button = document.getElementById('begin');
  if (!button.hasAttribute('data-wait')) return; // what is typed stays; the button begins the exam from now on
  button.removeAttribute('aria-disabled');
  setTimeout(() => { if (button.isConnected) button.form.requestSubmit(button); }, Math.random() * 800);
}

function tick() {
  if (!known) return;
  const s = Math.max(0, Math.ceil((opens - performance.now()) / 1000));
  document.getElementById('bell-left').textContent = `${s >= 3600 ? `${Math.floor(s / 3600)}:` : ''}${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
  if (s <= 60) say('said-1'); else if (s <= 300) say('said-5');
  if (s === 0) ring();
}

await Promise.all([checkStorage(), checkConnection(), set('screen', innerWidth >= 320)]);
report();
turns.push(setInterval(report, 45000));
document.addEventListener('visibilitychange', () => { if (!document.hidden) report(); });
document.addEventListener('keydown', (event) => {
  if (found.keys || !/^(Key|Digit|Arrow)/.test(event.code)) return;
  set('keys', true);
  report();
});
// Whether paper came out only the candidate sees: the page asks, and keeps what he says.
const printed = document.getElementById('printed');
document.getElementById('try-print').addEventListener('click', () => { printed.hidden = false; window.print(); });
for (const answer of printed.querySelectorAll('[data-came]')) answer.addEventListener('click', () => {
  found.printing = answer.dataset.came === 'yes';
  for (const one of printed.querySelectorAll('[data-came]')) one.setAttribute('aria-pressed', String(one === answer));
  for (const one of document.querySelectorAll('[data-said]')) one.hidden = one.dataset.said !== answer.dataset.came;
  report();
});
document.querySelector('#begin[data-wait]')?.setAttribute('aria-disabled', 'true');
if (known) { tick(); turns.push(setInterval(tick, 250)); }
