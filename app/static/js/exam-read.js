// Reading beside the question: the documents of a question, the materials that lie open, and the tree of clauses.
// On wide screens they stand beside it; on phones they come as a sheet. Within them one can search.
export default function reading(x) {
  const { $, qs, say, data, state } = x, panel = $('reading'), body = $('reading-body'), tabs = $('reading-tabs'), find = $('reading-find');
  const opener = document.querySelector('[data-read]'), narrow = matchMedia('(max-width: 900px)');
  let shared = [], docs = [], at = '', open = false, hits = [], hit = -1;

  /* ---- what there is to read ---- */
  const own = (n) => [...qs[n - 1].querySelectorAll('.doc')].map((el, i) => ({
    key: `${n}.${i}`, title: el.querySelector('summary span').textContent, node: el.querySelector('.doc__text'),
  }));
  // The materials are a page of their own, fetched once; until it has come, it is asked for again.
  async function fetchShared(pause = 2000) {
    if (!data.materials) return;
    try {
      const page = await x.pageAt(data.materials);
      shared = [...page.querySelectorAll('[data-material]')].map((el) => ({
        key: el.id, title: el.querySelector('h2').textContent, node: document.importNode(el.querySelector('.material'), true),
      }));
      collect();
    } catch (e) { setTimeout(fetchShared, pause, Math.min(60000, pause * 2)); }
  }
  function collect() {
    docs = [...own(state.at), ...shared];
    opener.hidden = !docs.length;
    if (!docs.length) { toggle(false); return; }
    if (!docs.some((one) => one.key === at) || own(state.at).length) at = docs[0].key;
    if (open) draw();
  }
  function draw() {
    const chosen = docs.find((one) => one.key === at) || docs[0];
    tabs.replaceChildren(...docs.map(({ key, title }) => {
      const button = document.createElement('button');
      button.type = 'button'; button.className = 'tab'; button.textContent = title;
      button.setAttribute('aria-pressed', key === chosen.key);
      button.addEventListener('click', () => { at = key; draw(); body.scrollTop = 0; });
      return button;
    }));
    tabs.hidden = docs.length < 2;
    body.replaceChildren(chosen.node.cloneNode(true));
    $('reading-h').textContent = chosen.title;
    search();
  }

  /* ---- searching ---- */
  function search() {
    body.querySelectorAll('mark').forEach((el) => { el.replaceWith(...el.childNodes); });
    body.normalize();
    const word = find.value.trim().toLowerCase();
    hits = []; hit = -1;
    if (word) {
      const texts = [], walk = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) texts.push(walk.currentNode);
      texts.forEach((node) => {
        for (let rest = node, i; rest && (i = rest.data.toLowerCase().indexOf(word)) >= 0;) {
          const found = rest.splitText(i), after = found.splitText(word.length), mark = document.createElement('mark');
          found.replaceWith(mark); mark.append(found); hits.push(mark); rest = after;
        }
      });
    }
    if (hits.length) go(0); else count();
  }
  function count() {
    $('reading-n').textContent = find.value.trim() ? (hits.length ? x.fill(say.hits, { n: hit + 1, t: hits.length }) : say.noHits) : '';
  }
  function go(to) {
    if (!hits.length) return;
    if (hits[hit]) hits[hit].classList.remove('is-hit');
    hit = (to + hits.length) % hits.length;
    hits[hit].classList.add('is-hit');
    body.scrollTop += hits[hit].getBoundingClientRect().top - body.getBoundingClientRect().top - body.clientHeight / 3;
    count();
  }
  find.addEventListener('input', search);
  find.addEventListener('keydown', (event) => { if (event.key === 'Enter') { event.preventDefault(); go(hit + (event.shiftKey ? -1 : 1)); } });
  $('reading-next').addEventListener('click', () => go(hit + 1));

  /* ---- where it stands ---- */
  function toggle(yes, focus = false) {
    open = yes;
    opener.setAttribute('aria-expanded', yes);
    $('grid').toggleAttribute('data-reading', yes && !narrow.matches);
    panel.hidden = !yes;
    if (yes && narrow.matches) { $('reading-sheet').append(panel); x.cover('dlg-read'); } else { $('reading-home').append(panel); x.uncover($('dlg-read')); }
    if (yes) draw();
    if (focus) (yes ? body : opener).focus();
  }
  $('dlg-read').addEventListener('close', () => { if (open && narrow.matches) toggle(false); });
  narrow.addEventListener('change', () => { if (open) toggle(true); });
  opener.addEventListener('click', () => toggle(!open, true));
  $('reading-close').addEventListener('click', () => toggle(false, true));
  x.openReading = () => { if (docs.length) toggle(!open, true); };
  document.addEventListener('question', ({ detail }) => {
    collect();
    if (own(detail).length && !narrow.matches && !open) toggle(true);
  });
  fetchShared();
}
