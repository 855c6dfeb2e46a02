// What the page hears while the exam runs, and the pulse, twice a minute, with what it noticed (exam-signs.js).
export default function live(x) {
  const { $, data, say, state } = x, news = $('news'), MARK = `exam-news-${data.ref}`;
  const phone = matchMedia('(pointer: coarse) and (max-width: 900px)').matches;
  const stored = () => { try { return +localStorage.getItem(MARK) || 0; } catch (e) { return 0; } };
  let timer = 0, due = 0, busy = false, again = false, seen = stored();
  const asked = new Map();

  // What is due earlier stays due: a sign noticed during a pulse goes with the next one, at once.
  function soon(ms) {
    const at = performance.now() + ms;
    if (timer && due <= at) return;
    clearTimeout(timer);
    due = at; timer = setTimeout(pulse, ms);
  }
  const later = () => soon(20000 + Math.random() * 10000);
  // A page that waits for its own window only tells what it still has to tell.
  const speaks = () => $('gate-tab').open && x.signs().length;
  async function pulse() {
    clearTimeout(timer); timer = 0;
    again = busy;
    if (busy) return;
    if (state.ended || !state.ready || (state.paused && !speaks())) { later(); return; }
    busy = true;
    try {
      const reply = await x.post(data.pulse, {
        writer: state.writer, slot: state.at, hidden: document.hidden, phone, seen_no: seen, events: x.signs(),
      });
      if (reply.ok) heard(await reply.json());
      else if ([401, 403, 404].includes(reply.status)) x.signIn();
    } catch (e) { /* the next one tells it all again */ } finally { busy = false; if (again) soon(1500); else later(); again = false; }
  }
  function heard(said) {
    x.forget(said.acked, said.left);
    if (said.closed) { handedIn(said.closed); return; }
    if (said.deadline && !state.busy) { x.setClock(said); x.tick(); }
    lock(said.locked);
    if (!said.held && state.held && !state.paused) x.pauseHere();
    said.announcements.forEach(announce);
    asked.forEach((el, ref) => { if (!said.incidents.some((one) => one.ref === ref)) drop(ref); });
    said.incidents.filter((one) => !asked.has(one.ref)).forEach(ask);
  }

  /* ---- announcements and questions, below the bar until they are read ---- */
  function line(head, text, button, act) {
    const el = $('news-line').content.firstElementChild.cloneNode(true);
    el.querySelector('b').textContent = head; el.querySelector('span').textContent = text;
    el.querySelector('button span').textContent = button;
    el.querySelector('button').addEventListener('click', () => act(el));
    news.append(el); news.hidden = false;
    x.speak(`${head} ${text}`, true);
    return el;
  }
  const away = (el) => { el.remove(); news.hidden = !news.children.length; };
  function announce({ no, text, at }) {
    if (no <= seen) return;
    seen = no;
    line(x.fill(say.announced, { t: at }), text, say.understood, (el) => {
      away(el);
      try { localStorage.setItem(MARK, no); } catch (e) { /* it comes again after a reload */ }
    });
  }
  function ask(incident) {
    asked.set(incident.ref, line(x.fill(say.askedAt, { t: incident.at }), incident.text, say.reply, () => open(incident)));
  }
  function drop(ref) { away(asked.get(ref)); asked.delete(ref); }
  let current = '';
  function open({ ref, text }) {
    if (current !== ref) $('ask-text').value = '';
    current = ref;
    $('ask-what').textContent = text; $('ask-error').hidden = true;
    x.cover('dlg-ask');
    $('ask-text').focus();
  }
  $('ask-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const body = $('ask-text').value.trim();
    if (!body) { $('ask-text').focus(); return; }
    try {
      const reply = await x.post(data.reply.replace('0'.repeat(32), current), { body });
      if (!reply.ok && reply.status !== 409) throw new Error(reply.status);
      if (asked.has(current)) drop(current);
      $('ask-text').value = '';
      x.uncover($('dlg-ask'));
      x.band(say.replied, '', true);
    } catch (e) { $('ask-error').hidden = false; }
  });

  /* ---- locked (answers go on being sent), or handed in by staff ---- */
  function lock(why) {
    if (why) { state.locked = true; x.cover('gate-locked'); x.flush(); }
    else if (state.locked) { state.locked = false; x.uncover($('gate-locked')); x.flush({ beat: true }); }
  }
  function handedIn({ by, reason }) {
    x.uncover($('gate-locked'));
    state.paused = false;
    if (by === 'staff') {
      $('closed-why').textContent = reason || '';
      $('closed-wait').hidden = !state.queue.length;
      x.closed = () => { state.ended = state.paused = true; $('closed-wait').hidden = true; };
      x.cover('gate-closed');
    }
    x.flush({ beat: true }); // what was on its way is shown to staff; it no longer counts
  }

  Object.assign(x, { pulse, pulseSoon: (ms = 1500) => soon(ms), phone });
  document.addEventListener('stored', () => soon(2000 + Math.random() * 8000));
  document.addEventListener('back', () => soon(500));
  document.addEventListener('signed-in', () => soon(500));
  addEventListener('online', () => soon(500));
}
