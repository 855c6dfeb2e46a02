// The exam page. An answer is written to this device before it is sent; an entry is forgotten only when the server
// has acknowledged its number; the server's clock is the only clock; a lost network never blocks answering.
// Each part is a module of its own and adds what the others may use to one object, x.
const $ = (id) => document.getElementById(id);
const part = (name) => import(document.querySelector(`script[src*="/${name}.js"]`).src);
const PARTS = ['exam-view', 'exam-own', 'exam-store', 'exam-queue', 'exam-pen', 'exam-clock', 'exam-live', 'exam-signs',
  'exam-report', 'exam-clause', 'exam-read', 'exam-keys'];
const root = $('exam'), form = $('form');

const x = {
  $, part, root, form, FLAGS: 0, BATCH: 64,
  state: {
    at: 1, flags: new Set(), queue: [], next: 0, epoch: 1, writer: '', ready: false, held: false, online: true, fails: 0,
    most: 64, busy: null, paused: false, ended: false, touched: new Set(), early: new Set(), aside: new Set(),
  },
};

function onClick(event) {
  const el = event.target.closest('[data-prev],[data-next],[data-mark],[data-clear],[data-note],[data-cell],[data-open],[data-close],#to-check');
  if (!el) return;
  const { state } = x, act = el.dataset;
  if (el.id === 'to-check') { event.preventDefault(); x.toCheck(); }
  else if ('prev' in act) x.show(state.at - 1);
  else if ('next' in act) { if (state.at === x.last) x.toCheck(); else x.show(state.at + 1); }
  else if ('mark' in act) x.flag();
  else if ('note' in act) x.openNote();
  else if ('clear' in act) { x.write(state.at, null); x.touch(state.at); }
  else if (act.cell) { event.preventDefault(); x.uncover($('dlg-pal')); x.show(+act.cell); }
  else if ('close' in act) x.uncover(el.closest('dialog'));
  else { if (act.open === 'dlg-pal') $('palette-sheet').append($('palette')); x.cover(act.open); }
}

// The answers that this page shows, in the shape in which the server stores them.
x.shown = async () => {
  const { settled } = await part('exam-digest'), { state } = x;
  const rows = x.qs.map((_, i) => [i + 1, settled(x.kind(i + 1), x.read(i + 1))]).filter(([, value]) => value !== null);
  return { epoch: state.epoch, writer: state.writer, rows };
};
x.toCheck = async () => {
  const { state } = x;
  await x.opened;
  await state.busy;
  await x.flush({ beat: true });
  if (state.online && state.held && !state.queue.length && !state.paused) {
    (await part('exam-hand-in')).remember(x.data.ref, await x.shown());
    location.assign(x.data.check);
  } else if (!state.paused) { $('banner').hidden = true; x.band(x.say.notYet, x.say.lostMore, false); }
};

function start(parts) {
  Object.assign(x, { data: root.dataset, say: $('words').dataset, given: JSON.parse(root.dataset.given), qs: [...form.querySelectorAll('.q')] });
  x.state.epoch = +root.dataset.epoch;
  parts.forEach((one) => one.default(x));
  x.state.flags = new Set(x.flagged(document));
  const slotOf = (el) => +el.closest('.q').id.slice(1), late = 'textarea,input[type=text]';
  form.addEventListener('change', (event) => { if (!event.target.matches('textarea')) x.touch(slotOf(event.target)); });
  form.addEventListener('input', (event) => { if (event.target.matches(late)) x.touch(slotOf(event.target), 1500); });
  form.addEventListener('submit', (event) => event.preventDefault());
  document.addEventListener('click', onClick);
  $('dlg-pal').addEventListener('close', () => $('palette-home').append($('palette')));
  x.qs.forEach((_, i) => x.paint(i + 1));
  x.totals();
  x.setClock({ now: +x.data.now, deadline: +x.data.deadline });
  x.show(+(/^#q(\d+)$/.exec(location.hash) || [0, x.data.at])[1], false);
  x.begin();
  x.tick();
  setInterval(x.tick, 250);
  x.claim();
}
if (root) Promise.all(PARTS.map(part)).then(start);
