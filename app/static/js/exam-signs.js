// What the page notices and tells the candidate at once, and staff; a sign is no verdict. Kept until the server has it.
export default function signs(x) {
  const { data, say, state, form } = x;
  let rows = [], last = 0, known = null, hiddenAt = 0, offlineAt = 0, own = new Set();

  // Numbers go up even if this device keeps nothing: they follow the seconds of its clock.
  const number = () => { last = Math.max(last + 1, Math.floor(Date.now() / 1000) - 1700000000); return last; };
  function sign(kind, ms = 0) {
    const row = { no: number(), kind, slot: state.at, ms: Math.max(0, Math.round(ms)), client_ms: Date.now() };
    rows.push(row);
    x.hold('signs', row.no, row);
    x.pulseSoon();
  }
  x.signs = () => rows.slice(0, 32).map(({ no, kind, slot, ms, client_ms: at }) => ({ no, kind, slot, ms, client_ms: at }));
  // How often the page was left: what the server said it has, and what is still on its way.
  const times = () => known + rows.filter((row) => row.kind === 'left').length;
  x.forget = (acked, left) => {
    known = left;
    if (!acked.length) return;
    rows = rows.filter((row) => !acked.includes(row.no));
    x.release('signs', acked);
    if (rows.length) x.pulseSoon();
  };
  document.addEventListener('stored', ({ detail }) => {
    rows = [...detail.signs, ...rows];
    last = Math.max(last, ...rows.map((row) => row.no));
  });

  /* ---- out of sight ---- */
  function back(ms) {
    if (state.ended || state.paused || state.locked || ms < 1000 * (x.phone ? data.leavePhone : data.leave)) return;
    sign('left', ms);
    x.band(x.fill(known === null ? say.left : say.leftTimes, { s: Math.round(ms / 1000), n: times() }), say.leftMore, 'info');
  }
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (hiddenAt) { const ms = Date.now() - hiddenAt; hiddenAt = 0; back(ms); }
  });

  /* ---- pasting: what was copied or cut from one's own answers does not count ---- */
  const selected = (el) => (el.value === undefined ? String(getSelection()) : el.value.slice(el.selectionStart, el.selectionEnd));
  ['copy', 'cut'].forEach((act) => document.addEventListener(act, ({ target }) => {
    if (target instanceof Element) own = new Set([...own, selected(target).trim()].slice(-20));
  }));
  form.addEventListener('paste', ({ clipboardData }) => {
    const text = clipboardData ? clipboardData.getData('text').trim() : '';
    if (!text || own.has(text)) return;
    sign('paste');
    x.band(say.pasted, say.pastedMore, 'info');
  });

  document.addEventListener('second-window', () => sign('second-window'));
  addEventListener('beforeprint', () => { if (!state.ended) sign('print'); });
  addEventListener('offline', () => { offlineAt = offlineAt || Date.now(); });
  document.addEventListener('back', () => {
    if (offlineAt && Date.now() - offlineAt > 15000) sign('offline', Date.now() - offlineAt);
    offlineAt = 0;
  });
}
