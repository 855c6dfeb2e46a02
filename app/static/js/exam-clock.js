// The server's deadline, counted on without the device's own clock, and what happens at the end.
export default function clock(x) {
  const { $, data, say, state, form } = x;
  let left = 0, since = 0, ends = 0, level = '', covered = false;
  const told = new Set();
  function setClock({ now, deadline }) {
    if (ends && deadline > ends + 30000) { told.clear(); x.band(x.fill(say.extra, { n: Math.round((deadline - ends) / 60000) }), '', true); }
    // One second early, so that what is sent then still arrives.
    ends = deadline; left = (deadline - now) / 1000 - 1; since = performance.now();
  }
  // The time of an answer is the server's as this page knows it, however wrong the clock of the device is.
  const serverNow = () => Math.round(ends - (left + 1) * 1000 + performance.now() - since);
  const remaining = () => Math.max(0, left - (performance.now() - since) / 1000);
  const inWords = (s) => (s >= 60 ? x.fill(say.minutes, { n: Math.round(s / 60) }) : x.fill(say.seconds, { n: Math.round(s) }));
  function tick() {
    const s = remaining(), whole = Math.ceil(s - 0.001), two = (v) => String(v).padStart(2, '0');
    const now = s <= 60 ? 'last' : s <= 300 ? 'low' : 'ok';
    if (now !== level) { level = now; $('timer').dataset.level = now; if (now !== 'ok') hideTimer(false); }
    const hours = Math.floor(whole / 3600), text = `${hours ? `${hours}:` : ''}${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
    $('timer-v').textContent = covered ? '•• ••' : text;
    for (const point of [1800, 600, 300, 60]) {
      if (whole <= point && whole > point - 5 && !told.has(point)) { told.add(point); x.speak(inWords(point), point === 60); }
    }
    if (s <= 0 && !state.ended) end();
  }
  function hideTimer(yes) {
    covered = yes;
    x.icon($('timer-hide'), yes ? 'eye-off' : 'eye');
    $('timer-hide').setAttribute('aria-label', yes ? say.showTimer : say.hideTimer);
  }
  $('timer-hide').addEventListener('click', () => { hideTimer(!covered); tick(); });

  /* ---- the end ---- */
  const code = () => {
    let h = 2166136261;
    for (const c of JSON.stringify(state.queue)) h = Math.imul(h ^ c.codePointAt(0), 16777619);
    return (h >>> 0).toString(16).toUpperCase().padStart(8, '0').replace(/(.{4})/, '$1-');
  };
  const lock = (yes) => { state.ended = yes; [...form.elements, $('note')].forEach((el) => { el.disabled = yes; }); };
  function end() {
    lock(true); state.paused = false;
    document.querySelectorAll('dialog[open]:not(.cover)').forEach((el) => { if (el.id !== 'dlg-login') x.uncover(el); });
    x.cover('gate-end');
    x.speak(say.timeUp, true);
    finish();
  }
  // Time is up: what still differs after it was sent once more is written down, and what the server has is handed in.
  async function handOver() {
    const { handIn } = await x.part('exam-hand-in'), at = { handIn: data.handIn, save: data.save };
    const said = await handIn(x.post, at, data.ref, await x.shown());
    return said.differ ? handIn(x.post, at, data.ref, await x.shown(), said.digest) : said;
  }
  async function finish() {
    if (!state.ended) return;
    x.stopPlan();
    $('end-text').textContent = x.waiting().length ? x.fill(say.lastUpload, { n: x.waiting().length }) : say.handingIn;
    await x.opened;
    await state.busy;
    let turns = 0; // one request carries a part of a long queue
    do await x.flush({ beat: true }); while (state.online && state.queue.length && !state.paused && ++turns < 64);
    if (state.paused || !state.ended) return;
    // Extra time was given while this page could not hear of it; a second is the clocks' own difference.
    if (remaining() > 1 && !state.shut) { lock(false); x.uncover($('gate-end')); x.show(state.at); x.plan(0); return; }
    x.stopPlan();
    const more = state.online && state.held && !state.queue.length;
    if (more && state.late) { $('end-text').textContent = say.late; $('end-wait').hidden = true; $('end-receipt').hidden = false; return; }
    if (more && (await handOver().catch(() => null))) { location.assign(data.receipt); return; }
    $('end-text').textContent = say.endOffline; $('end-wait').hidden = false;
    const list = x.waiting();
    $('end-n').textContent = list.length ? x.fill(say.these, { n: list.length, list: list.join(say.comma) }) : '0';
    $('end-code').textContent = code();
    setTimeout(finish, 8000);
  }
  $('end-retry').addEventListener('click', finish);
  document.querySelectorAll('[data-receipt-link]').forEach((link) => { link.href = data.receipt; });

  Object.assign(x, { lock, setClock, serverNow, remaining, tick, finish, sayTime: () => x.speak(inWords(remaining()), true) });
}
