// A candidate's own marks: options struck out and a note on each question. They are kept like answers, in slot -n, and
// nobody marks them.
export default function own(x) {
  const { $, qs, say, state } = x, note = $('note');
  const marks = new Map(Object.entries(JSON.parse(x.data.own)).map(([n, value]) => [+n, value]));
  const struck = (n) => new Set((marks.get(n) || {}).struck || []);

  x.own = (n) => marks.get(n) || null;
  x.setOwn = (n, value) => { if (value) marks.set(n, value); else marks.delete(n); };
  function change(n, more, pause) {
    const now = { ...marks.get(n), ...more };
    const kept = Object.entries(now).filter(([, value]) => value.length);
    x.setOwn(n, kept.length ? Object.fromEntries(kept) : null);
    x.touch(-n, pause);
  }
  function strike(n, letter, yes) {
    const now = struck(n);
    if (yes === now.has(letter)) return;
    if (yes) now.add(letter); else now.delete(letter);
    change(n, { struck: [...now].sort() });
    x.speak(x.fill(yes ? say.strikeOn : say.strikeOff, { n: letter }));
  }
  x.strike = (n, i) => {
    const input = qs[n - 1].querySelectorAll('.opts input')[i];
    if (input && x.kind(n) !== 'judge') strike(n, input.value, !struck(n).has(input.value));
  };

  // The buttons are made when a question is first shown: they would be a third of the page.
  function buttons(n) {
    if (x.kind(n) === 'judge' || qs[n - 1].querySelector('.strike')) return;
    qs[n - 1].querySelectorAll('.opt').forEach((label) => {
      const row = document.createElement('div'), button = document.createElement('button'), letter = label.querySelector('input').value;
      row.className = 'opt-row'; button.className = 'icon-btn strike'; button.type = 'button';
      button.setAttribute('aria-label', x.fill(say.strike, { n: letter })); button.title = button.getAttribute('aria-label');
      x.icon(button, 'strikethrough');
      button.addEventListener('click', () => strike(n, letter, !struck(n).has(letter)));
      label.replaceWith(row); row.append(label, button);
    });
  }
  // `fresh` when the question has just been turned to: only then is an empty note put away.
  x.drawOwn = (n, fresh = false) => {
    const now = struck(n), text = (marks.get(n) || {}).note || '';
    if (n === state.at) buttons(n);
    qs[n - 1].querySelectorAll('.opt-row').forEach((row) => {
      const yes = now.has(row.querySelector('input').value);
      row.classList.toggle('opt-row--struck', yes);
      row.querySelector('.strike').setAttribute('aria-pressed', yes);
    });
    if (n !== state.at) return;
    if (note.value !== text) note.value = text;
    if (text || fresh) openNote(Boolean(text), false);
  };
  // Choosing an option takes its stroke away.
  x.form.addEventListener('change', (event) => {
    if (event.target.checked && event.target.closest('.opt-row')) strike(state.at, event.target.value, false);
  });

  function openNote(yes, focus = true) {
    $('own').hidden = !yes;
    document.querySelector('[data-note]').setAttribute('aria-expanded', yes);
    if (yes && focus) note.focus();
  }
  x.openNote = () => openNote($('own').hidden);
  note.addEventListener('input', () => change(state.at, { note: note.value }, 1500));
}
