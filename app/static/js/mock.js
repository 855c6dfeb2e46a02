// The mock exam: one question at a time, each answer saved soon after it is given, the server's clock counts.
const $ = (id) => document.getElementById(id);
const root = $('mock'), form = $('form'), data = root.dataset;
const qs = [...form.querySelectorAll('.q')], last = qs.length;
const token = document.querySelector('meta[name="csrf-token"]');
const began = performance.now(), allowed = +data.deadline - +data.now;
const CASE = ['facts', 'clause', 'requirement', 'grade', 'reason'];
let at = 1, timer = 0, busy = null, out = false, over = false;
const waiting = new Set();

/* ---- the answers ---- */
const field = (n, name) => form.elements[`q${n}${name ? `.${name}` : ''}`];
const group = (n) => [...form.querySelectorAll(`[name="q${n}"]`)];
function read(n) {
  const kind = qs[n - 1].dataset.kind;
  if (kind === 'case') return Object.fromEntries(CASE.map((name) => [name, field(n, name).value]).filter((pair) => pair[1].trim()));
  if (kind === 'multiple') return group(n).filter((box) => box.checked).map((box) => box.value);
  if (kind === 'blank') return group(n).map((input) => input.value);
  return field(n).value || null;
}
const answered = (value) => Boolean(value && (typeof value === 'string' ? value.trim() : Array.isArray(value) ? value.some((one) => one.trim()) : Object.keys(value).length));

function paint(n) {
  const cell = document.querySelector(`[data-cell="${n}"]`), done = answered(read(n));
  cell.toggleAttribute('data-answered', done);
  cell.setAttribute('aria-label', `${data.question.replace('{n}', n)}, ${done ? data.answered : data.unanswered}`);
  if (n === at) cell.setAttribute('aria-current', 'true'); else cell.removeAttribute('aria-current');
  qs[n - 1].querySelectorAll('.opt').forEach((one) => one.classList.toggle('opt--on', one.querySelector('input').checked));
}
function totals() {
  const done = qs.filter((_, i) => answered(read(i + 1))).length;
  $('t-done').textContent = done; $('t-left').textContent = last - done; $('dock-n').textContent = `${done}/${last}`;
}
function show(to, focus = true) {
  const n = Math.min(last, Math.max(1, to)), was = at;
  at = n;
  qs.forEach((q, i) => q.toggleAttribute('data-hidden', i + 1 !== n));
  paint(was); paint(n);
  history.replaceState(null, '', `#q${n}`);
  document.querySelectorAll('[data-prev]').forEach((b) => { b.disabled = n === 1; });
  document.querySelector('.dock [data-next] span').textContent = n === last ? data.lastWords : data.nextWords;
  if (focus) { qs[n - 1].focus({ preventScroll: true }); window.scrollTo(0, 0); }
}
async function next() {
  if (at < last) show(at + 1);
  else await toCheck();
}

/* ---- saving ---- */
let failed = false;
function save() {
  clearTimeout(timer);
  busy = busy || send().finally(() => { busy = null; });
  return busy;
}
async function send() {
  while (waiting.size && !out) {
    const slots = [...waiting].slice(0, 60);
    slots.forEach((slot) => waiting.delete(slot));
    $('save-text').textContent = data.saving;
    const status = await post(slots);
    if (status === 422) { window.location.assign(data.result); return; }
    failed = !(status >= 200 && status < 300);
    if (failed) slots.forEach((slot) => waiting.add(slot));
    if ([400, 401, 403, 404].includes(status)) { document.dispatchEvent(new CustomEvent('signed-out')); return; }
    $('save-text').textContent = failed ? data.unsaved : data.saved;
    if (failed) { timer = setTimeout(save, 4000); return; }
  }
}
async function post(slots) {
  try {
    const answer = await fetch(data.save, {
      method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-Token': token.content },
      body: JSON.stringify({ answers: slots.map((slot) => ({ slot, value: read(slot) })) }), keepalive: true,
    });
    return answer.status;
  } catch (e) {
    return 0;
  }
}
// What is not saved stays on this page: it is not left for the check before the server has everything.
async function toCheck() {
  await save();
  await save();
  if (!waiting.size) window.location.assign(data.check);
}
addEventListener('beforeunload', (event) => { if (waiting.size && !over) { event.preventDefault(); event.returnValue = ''; } });
document.addEventListener('signed-out', () => {
  out = true;
  $('save-text').textContent = data.signIn;
  $('relogin-n').textContent = waiting.size;
});
document.addEventListener('signed-in', async () => {
  out = false;
  $('save-text').textContent = '';
  await save();
  if (over) end();
});
function touched(event, pause) {
  const q = event.target.closest('.q');
  if (!q) return;
  waiting.add(+q.dataset.n);
  paint(+q.dataset.n); totals();
  clearTimeout(timer);
  timer = setTimeout(save, pause);
}
form.addEventListener('change', (event) => touched(event, 150));
form.addEventListener('input', (event) => { if (event.target.matches('textarea, input[type=text]')) touched(event, 1200); });
document.addEventListener('visibilitychange', () => { if (document.hidden) save(); });
$('to-check').addEventListener('click', (event) => {
  event.preventDefault();
  toCheck();
});

/* ---- moving ---- */
document.addEventListener('click', (event) => {
  const cell = event.target.closest('[data-cell]');
  if (cell) {
    event.preventDefault();
    $('dlg-pal').close?.();
    show(+cell.dataset.cell);
  } else if (event.target.closest('[data-next]')) next();
  else if (event.target.closest('[data-prev]')) show(at - 1);
  else if (event.target.closest('[data-open="dlg-pal"]')) $('palette-sheet').append($('palette'));
});
$('dlg-pal').addEventListener('close', () => $('palette-home').append($('palette')));

const keys = $('keys-on');
try {
  keys.checked = localStorage.getItem('exam-keys') !== '0';
  keys.addEventListener('change', () => localStorage.setItem('exam-keys', keys.checked ? '1' : '0'));
} catch (e) { /* nothing can be stored: the keys are on */ }
document.addEventListener('keydown', (event) => {
  if (!keys.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector('dialog[open]')) return;
  const el = event.target instanceof Element ? event.target : document.body;
  if (el.matches('input[type=text], textarea, select')) return;
  const { code } = event, options = [...qs[at - 1].querySelectorAll('.opt input')];
  const place = /^(Digit|Numpad)[1-9]$/.test(code) ? +code.slice(-1) - 1 : /^Key[A-H]$/.test(code) ? code.charCodeAt(3) - 65 : -1;
  if (options[place]) { options[place].click(); options[place].focus({ preventScroll: true }); }
  else if (code === 'KeyN') next();
  else if (code === 'KeyP') show(at - 1);
  else return;
  event.preventDefault();
});

/* ---- the clock ---- */
function tick() {
  const left = Math.max(0, allowed - (performance.now() - began)), whole = Math.ceil(left / 1000);
  $('timer-v').textContent = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
  $('timer').dataset.level = whole <= 60 ? 'last' : whole <= 300 ? 'low' : 'ok';
  if (whole > 0) return;
  clearInterval(ticking);
  over = true;
  end();
}
// The server closes the paper when it is handed in; what was typed last is sent before.
async function end() {
  await save();
  if (!out) $('end').submit();
}
const ticking = setInterval(tick, 500);

qs.forEach((_, i) => paint(i + 1));
totals();
show(+(/^#q(\d+)$/.exec(window.location.hash) || [0, 1])[1], false);
tick();
