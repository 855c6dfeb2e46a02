// One window and one device at a time: the pen, taking it over, and signing in again in place.
export default function pen(x) {
  const { $, qs, data, say, state, given, FLAGS } = x;
  const TAB = x.name128(), CLAIM = `exam-${data.ref}`;

  x.lease = async (takeOver) => {
    const reply = await x.post(data.lease, { writer: state.writer, take_over: takeOver });
    if (!reply.ok) return x.refused(reply);
    const said = await reply.json();
    return said.granted && (takeOver || said.epoch === state.epoch) ? said : x.pauseHere();
  };
  x.closed = () => { state.ended = state.paused = true; location.assign(data.receipt); };
  x.claim = () => { try { localStorage.setItem(CLAIM, TAB); } catch (e) { /* the server's numbers keep order */ } };
  x.pauseHere = () => { state.paused = true; x.cover('gate-tab'); $('take-over').focus(); };
  addEventListener('storage', (event) => {
    if (event.key !== CLAIM || event.newValue === TAB || state.ended) return;
    document.dispatchEvent(new CustomEvent('second-window'));
    x.flush().finally(x.pauseHere);
  });

  $('take-over').addEventListener('click', async () => {
    try {
      await state.busy;
      const said = await x.lease(true);
      if (said && x.stores()) { state.queue = []; location.reload(); } else if (said) await adopt(said);
    } catch (e) { $('take-over-error').hidden = false; }
  });
  // By XMLHttpRequest, because the policy of trusted types lets no script turn text into a document.
  x.pageAt = (address) => new Promise((yes, no) => {
    const ask = new XMLHttpRequest();
    ask.open('GET', address);
    ask.responseType = 'document'; ask.timeout = 8000; ask.onload = () => yes(ask.status < 400 ? ask.response : null); ask.onerror = ask.ontimeout = no;
    ask.send();
  });
  // Without a store a reload would lose what is unsent: the page takes over in place what the server has by now.
  async function adopt(said) {
    const page = await x.pageAt(location.pathname), there = page && page.getElementById('form');
    if (!there) { location.reload(); return; }
    const fresh = page.getElementById('exam').dataset, marks = JSON.parse(fresh.own);
    data.last = fresh.last;
    Object.keys(given).forEach((slot) => delete given[slot]);
    Object.assign(given, JSON.parse(fresh.given));
    state.epoch = said.epoch; state.next = 0; state.touched.clear();
    x.write(FLAGS, x.flagged(page));
    qs.forEach((_, i) => { x.write(i + 1, x.read(i + 1, there)); x.setOwn(i + 1, marks[i + 1]); x.paint(i + 1); x.drawOwn(i + 1); });
    x.recover(state.queue); x.settle(said.last);
    state.paused = false;
    x.uncover($('gate-tab')); $('take-over-error').hidden = true;
    x.claim();
    await x.flush({ beat: true });
  }

  x.signIn = () => {
    state.paused = true;
    x.mark('error', say.signIn);
    $('relogin-n').textContent = x.waiting().length;
    document.dispatchEvent(new CustomEvent('signed-out'));
  };
  document.addEventListener('signed-in', () => {
    state.paused = false;
    if (state.ended && !state.shut) x.finish(); else x.flush({ beat: true });
  });
}
