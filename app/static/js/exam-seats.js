// The seats of a session: fetched again every 10 seconds while the page is seen, row by row, without a reload.
const table = document.querySelector('[data-seats]');
const COPIED = ['answered', 'saved', 'deadline'];

async function refresh() {
  if (document.hidden) return;
  const reply = await fetch(table.dataset.seats, { headers: { Accept: 'application/json' } });
  if (!reply.ok) return;
  const { seats, at } = await reply.json();
  for (const seat of seats) {
    const row = document.getElementById(`seat-${seat.number}`);
    if (!row || row.dataset.version === seat.version) continue;
    row.dataset.version = seat.version;
    for (const name of COPIED) {
      const cell = row.querySelector(`[data-v="${name}"]`);
      cell.textContent = seat[name];
      cell.toggleAttribute('data-empty', !seat[name]);
    }
    for (const tag of row.querySelectorAll('[data-state]')) tag.hidden = tag.dataset.state !== seat.state;
  }
  document.getElementById('seats-at').textContent = at;
}

if (table) setInterval(() => refresh().catch(() => {}), 10000);
