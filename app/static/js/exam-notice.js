// The notice before the exam: what this device can do, shown before the clock starts. And the clock of the check page.
const set = (name, good) => {
  const row = document.querySelector(`[data-check="${name}"]`);
  if (!row) return;
  for (const el of row.querySelectorAll('[data-state]')) el.hidden = el.dataset.state !== (good ? 'good' : 'bad');
};

function checkStorage() {
  try {
    const request = indexedDB.open('exam-check', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('t');
    request.onerror = () => set('storage', false);
    request.onsuccess = () => {
      const change = request.result.transaction('t', 'readwrite');
      change.objectStore('t').put(1, 1);
      change.oncomplete = () => { set('storage', true); request.result.close(); indexedDB.deleteDatabase('exam-check'); };
      change.onerror = () => set('storage', false);
    };
  } catch (e) { set('storage', false); }
}

// The device's clock is not used by the exam; a wrong one is only said, because it confuses people.
async function checkClock() {
  try {
    const sent = Date.now();
    const reply = await fetch(document.querySelector('[data-ping]').dataset.ping, { method: 'HEAD', cache: 'no-store' });
    const server = Date.parse(reply.headers.get('Date'));
    set('connection', reply.ok);
    set('clock', Math.abs((sent + Date.now()) / 2 - server) < 120000);
  } catch (e) { set('connection', false); }
}

if (document.querySelector('[data-check]')) {
  checkStorage();
  checkClock();
  document.addEventListener('keydown', (event) => { if (/^(Key|Digit|Arrow)/.test(event.code)) set('keys', true); });
}

const timer = document.getElementById('timer-v');
if (timer) {
  const left = timer.dataset.deadline - timer.dataset.now;
  const two = (v) => String(v).padStart(2, '0');
  const show = () => {
    const s = Math.max(0, Math.ceil((left - performance.now()) / 1000));
    timer.textContent = `${s >= 3600 ? `${Math.floor(s / 3600)}:` : ''}${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
    timer.closest('.timer').dataset.level = s <= 60 ? 'last' : s <= 300 ? 'low' : 'ok';
    if (!s) location.assign(timer.dataset.over);
  };
  show();
  setInterval(show, 500);
}

const opens = document.querySelector('[data-opens-in]');
if (opens) {
  const start = () => { opens.hidden = true; document.getElementById('begin').removeAttribute('aria-disabled'); };
  setTimeout(start, Math.max(0, opens.dataset.opensIn - performance.now()));
}
