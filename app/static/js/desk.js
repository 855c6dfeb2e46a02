// The desk: seats are fetched every 5 seconds while the page is seen, and changed in place. All words come from the
// server; a new need for attention is told once to screen readers.
const table = document.querySelector('[data-seats]');
const VALUES = ['where', 'answered', 'saved', 'ends', 'signs', 'notes'];
const $ = (id) => document.getElementById(id);
const rows = () => [...table.tBodies[0].rows];

function filter() {
  const { shown, room } = table.dataset;
  let any = false;
  for (const row of rows()) {
    row.hidden = !row.dataset.shows.split(' ').includes(shown) || Boolean(room && room !== row.dataset.in);
    any = any || !row.hidden;
  }
  $('desk-none').hidden = any;
}

function update(seat) {
  const row = $(`seat-${seat.number}`);
  if (!row) return location.reload(); // somebody joined the list
  if (!row.querySelector('th a') && seat.ref) return location.reload(); // the seat has a page of its own by now
  for (const name of VALUES) {
    const cell = row.querySelector(`[data-v="${name}"]`);
    if (cell.textContent === seat[name]) continue;
    cell.textContent = seat[name];
    cell.toggleAttribute('data-empty', !seat[name]);
  }
  const tags = row.querySelector('[data-tags]');
  if (tags.dataset.tags !== seat.tags) {
    tags.dataset.tags = seat.tags;
    tags.replaceChildren(...seat.tags.split(' ').map((name) => document.querySelector(`#desk-tags [data-tag="${name}"]`).cloneNode(true)));
  }
  const news = seat.attention && !row.hasAttribute('data-attention');
  row.toggleAttribute('data-attention', seat.attention);
  row.dataset.shows = seat.shows;
  return news ? [seat.name, ...[...tags.children].map((tag) => tag.textContent.trim())].join(' ') : '';
}

async function refresh() {
  if (document.hidden) return;
  const reply = await fetch(table.dataset.seats, { headers: { Accept: 'application/json' }, cache: 'no-store' });
  if (reply.status === 401) return location.reload();
  if (!reply.ok) throw new Error(reply.status);
  const { seats, counts, at } = await reply.json();
  const news = seats.map(update).filter(Boolean);
  for (const el of document.querySelectorAll('[data-count]')) el.textContent = counts[el.dataset.count];
  $('seats-at').textContent = at;
  $('desk-stale').hidden = true;
  filter();
  if (news.length) $('desk-news').textContent = news.join(' · ');
}

// A choice is an address, so that it works without a script and after a reload; with one, nothing is loaded anew.
function choose(event) {
  const link = event.target.closest('[data-choice], .choices [data-room]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const kind = 'choice' in link.dataset ? 'choice' : 'room', key = kind === 'choice' ? 'show' : 'room';
  table.dataset[kind === 'choice' ? 'shown' : 'room'] = link.dataset[kind];
  for (const other of document.querySelectorAll(`.choices [data-${kind}]`)) other.toggleAttribute('aria-current', other === link);
  if (link.hasAttribute('aria-current')) link.setAttribute('aria-current', 'true');
  const address = new URL(location.href);
  address.searchParams.set(key, link.dataset[kind]);
  history.replaceState(null, '', address);
  filter();
}

if (table) {
  let busy = false;
  const look = () => {
    if (busy) return;
    busy = true;
    refresh().catch(() => { $('desk-stale').hidden = false; }).finally(() => { busy = false; });
  };
  setInterval(look, 5000);
  document.addEventListener('visibilitychange', look);
  document.querySelector('.choices').addEventListener('click', choose);
}
