// What the exam page shows: the questions with their answers, the answer sheet, messages, and dialogs.
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
const CASE = ['facts', 'clause', 'requirement', 'grade', 'reason'];
const answered = (value) => Boolean(value && (typeof value === 'object' ? Object.keys(value).length : value.trim()));

export default function view(x) {
  const { $, form, qs, say, state, FLAGS } = x, last = qs.length;
  const cells = [...document.querySelectorAll('#palette .pal .cell')];
  cells.forEach((cell, i) => { cell.dataset.cell = i + 1; });

  /* ---- the answers on the page ---- */
  const field = (n, name, of = form) => of.elements[`q${n}${name ? `.${name}` : ''}`];
  const gaps = (n, of) => { const found = field(n, '', of); return found.length === undefined ? [found] : [...found]; };
  const readers = {
    single: (n, of) => field(n, '', of).value || null,
    judge: (n, of) => field(n, '', of).value || null,
    multiple: (n, of) => [...field(n, '', of)].filter((box) => box.checked).map((box) => box.value),
    short: (n, of) => field(n, '', of).value,
    blank: (n, of) => { const given = gaps(n, of).map((box) => box.value); return given.some((text) => text.trim()) ? given : null; },
    case: (n, of) => Object.fromEntries(CASE.map((name) => [name, field(n, name, of).value]).filter((pair) => pair[1])),
  };
  const kind = (n) => qs[n - 1].dataset.kind;
  function read(slot, of = form) {
    if (slot === FLAGS) return [...state.flags];
    return slot < 0 ? x.own(-slot) : readers[kind(slot)](slot, of);
  }
  function write(slot, value) {
    if (slot === FLAGS) { state.flags = new Set(value); return; }
    if (slot < 0) { x.setOwn(-slot, value); return; }
    if (kind(slot) === 'case') CASE.forEach((name) => { field(slot, name).value = (value || {})[name] || ''; });
    else if (kind(slot) === 'short') field(slot).value = value || '';
    else if (kind(slot) === 'blank') gaps(slot).forEach((box, i) => { box.value = (value || [])[i] || ''; });
    else [...field(slot)].forEach((box) => { box.checked = [].concat(value || []).includes(box.value); });
    qs[slot - 1].dispatchEvent(new CustomEvent('written'));
  }
  const flagged = (page) => [...page.querySelectorAll('#palette .pal .cell')].flatMap((el, i) => ('flag' in el.dataset ? [i + 1] : []));

  /* ---- drawing ---- */
  function paint(n) {
    const el = cells[n - 1], done = answered(read(n)), flag = state.flags.has(n);
    const unsent = state.aside.has(n) || (!state.online && state.queue.some((entry) => entry.slot === n));
    el.toggleAttribute('data-answered', done); el.toggleAttribute('data-flag', flag); el.toggleAttribute('data-unsynced', unsent);
    const parts = [fill(say.question, { n }), done ? say.answered : say.unanswered, flag && say.flagged, unsent && say.unsent];
    el.setAttribute('aria-label', parts.filter(Boolean).join(say.comma));
    if (n === state.at) el.setAttribute('aria-current', 'true'); else el.removeAttribute('aria-current');
    qs[n - 1].querySelectorAll('.opt').forEach((o) => o.classList.toggle('opt--on', o.querySelector('input').checked));
    if (n === state.at) document.querySelector('[data-mark]').setAttribute('aria-pressed', flag);
  }
  // What a slot stands for: a question, its own marks, or (0) the flags of all.
  function repaint(slot) {
    if (slot > 0) paint(slot);
    else if (slot < 0) x.drawOwn(-slot);
    else qs.forEach((_, i) => paint(i + 1));
  }
  function totals() {
    const done = qs.filter((_, i) => answered(read(i + 1))).length;
    $('t-done').textContent = done; $('t-left').textContent = last - done; $('t-flag').textContent = state.flags.size;
    $('dock-n').textContent = `${done}/${last}`; $('progress').setAttribute('width', (done / last) * 100);
  }
  const titleRest = document.title.slice(fill(say.question, { n: 1 }).length);
  const nexts = [...document.querySelectorAll('[data-next] [data-last]')], next = nexts.map((el) => el.textContent);
  function show(to, focus = true) {
    const n = Math.min(last, Math.max(1, to)), was = state.at;
    state.at = n;
    qs.forEach((q, i) => q.toggleAttribute('data-hidden', i + 1 !== n));
    qs[n - 1].setAttribute('aria-label', fill(say.question, { n }));
    paint(was); paint(n); x.drawOwn(n, true);
    history.replaceState(null, '', `#q${n}`);
    document.title = fill(say.question, { n }) + titleRest;
    document.querySelectorAll('[data-prev]').forEach((b) => { b.disabled = n === 1; });
    nexts.forEach((el, i) => { el.textContent = n === last ? el.dataset.last : next[i]; });
    document.dispatchEvent(new CustomEvent('question', { detail: n }));
    if (focus) { qs[n - 1].focus({ preventScroll: true }); window.scrollTo(0, 0); }
  }
  function flag() {
    const n = state.at;
    if (!state.flags.delete(n)) state.flags.add(n);
    paint(n); x.speak(state.flags.has(n) ? say.flagOn : say.flagOff); x.touch(FLAGS);
  }

  /* ---- messages and dialogs ---- */
  function speak(text, now) {
    const el = $(now ? 'announce-now' : 'announce');
    el.textContent = '';
    setTimeout(() => { el.textContent = text; }, 60);
  }
  function icon(holder, name) {
    const drawn = document.querySelector(`[data-icon="${name}"] svg`).cloneNode(true), old = holder.querySelector('svg');
    if (old) old.replaceWith(drawn); else holder.prepend(drawn);
  }
  function mark(kindOf, text) {
    if ($('save').dataset.state !== kindOf) {
      $('save').dataset.state = kindOf;
      icon($('save'), { saved: 'cloud-check', saving: 'refresh-cw' }[kindOf] || 'cloud-off');
    }
    $('save-text').textContent = text;
  }
  // look: wifi-off for trouble, circle-check for what is good again, info for what the candidate should know.
  function band(first, second, look) {
    const name = look === true ? 'circle-check' : look || 'wifi-off';
    $('banner').hidden = false; $('banner').dataset.look = name;
    icon($('banner').firstElementChild, name);
    $('banner-1').textContent = first; $('banner-2').textContent = second;
    speak(first);
    if (name !== 'wifi-off') setTimeout(() => { if (state.online && $('banner-1').textContent === first) $('banner').hidden = true; }, look === true ? 6000 : 12000);
  }
  function cover(id) {
    const el = $(id);
    if (el.open) return;
    if (el.showModal) el.showModal(); else el.setAttribute('open', '');
  }
  function uncover(el) { // no showModal before Safari 15.4
    if (el.close) el.close(); else if (el.hasAttribute('open')) { el.removeAttribute('open'); el.dispatchEvent(new Event('close')); }
  }
  // Above the states that cover the page: the exam and whose it is, as in the bar.
  document.querySelectorAll('[data-eyebrow]').forEach((el) => el.append(...[...document.querySelector('.exam-id').cloneNode(true).children]));
  document.querySelectorAll('.cover').forEach((el) => el.addEventListener('cancel', (event) => event.preventDefault()));
  const clockTime = (ms) => new Intl.DateTimeFormat(document.documentElement.lang, {
    hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false, timeZone: 'Asia/Shanghai',
  }).format(ms);

  Object.assign(x, { last, fill, kind, read, write, answered, flagged, paint, repaint, totals, show, flag, speak, icon, mark, band, cover, uncover, clockTime });
}
