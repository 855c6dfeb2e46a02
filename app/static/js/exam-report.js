// A report of a faulty question: written in a dialog, kept on this device until the server has it.
export default function report(x) {
  const { $, data, say, state } = x;
  let rows = [], busy = false;
  const NOW = [429, 410, 400];

  async function send() {
    if (busy || !rows.length) return;
    busy = true;
    try {
      for (const row of [...rows]) {
        const reply = await x.post(data.reports, { key: row.key, slot: row.slot, body: row.body });
        if (!reply.ok && !NOW.includes(reply.status)) break;
        rows = rows.filter((one) => one !== row);
        x.release('reports', [row.key]);
        x.band(reply.ok ? x.fill(say.reported, { n: row.slot }) : say.reportRefused, '', reply.ok || 'wifi-off');
      }
    } catch (e) { /* tried again when the network is back */ } finally { busy = false; }
  }
  $('report-form').addEventListener('submit', (event) => {
    event.preventDefault();
    const text = $('report-text'), body = text.value.trim();
    if (!body) { text.focus(); return; }
    const row = { key: x.name128(), slot: state.at, body };
    rows.push(row);
    x.hold('reports', row.key, row);
    text.value = '';
    x.uncover($('dlg-report'));
    x.band(x.fill(say.reporting, { n: row.slot }), '', 'info');
    send();
  });
  document.addEventListener('question', ({ detail }) => { $('report-no').textContent = x.fill(say.question, { n: detail }); });
  document.addEventListener('stored', ({ detail }) => { rows = [...detail.reports, ...rows]; send(); });
  ['back', 'signed-in'].forEach((name) => document.addEventListener(name, send));
  setInterval(send, 30000);
}
