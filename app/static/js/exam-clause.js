// Choosing the clause of a case: a dialog with the tree of the edition, searched by number or words.
export default function clauses(x) {
  const { $, form, say } = x, dialog = $('dlg-clause');
  const inputs = [...form.querySelectorAll('input[list=clauses]')];
  if (!inputs.length || !dialog) return;
  const all = [...$('clauses').options].map((one) => ({ no: one.value, label: `${one.value} ${one.label}` }));
  const labels = new Map(all.map((one) => [one.no, one.label]));
  const find = $('clause-find'), list = $('clause-list');
  let current = null, active = -1, rows = [];

  const rowOf = ({ no, label }, i) => {
    const row = document.createElement('li');
    row.setAttribute('role', 'option');
    row.id = `clause-${i}`; row.dataset.no = no; row.dataset.level = no ? no.split('.').length : 1;
    row.textContent = label;
    row.setAttribute('aria-selected', current.value === no);
    return row;
  };
  function move(to) {
    if (rows[active]) rows[active].classList.remove('is-active');
    active = Math.max(0, Math.min(rows.length - 1, to));
    const row = rows[active];
    if (!row) { find.removeAttribute('aria-activedescendant'); return; }
    row.classList.add('is-active');
    find.setAttribute('aria-activedescendant', row.id);
    row.scrollIntoView({ block: 'nearest' });
  }
  function draw() {
    const wanted = find.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const found = all.filter(({ label }) => wanted.every((word) => label.toLowerCase().includes(word)));
    rows = (wanted.length || !current.value ? found : [{ no: '', label: say.noClause }, ...found]).map(rowOf);
    list.replaceChildren(...rows);
    $('clause-none').hidden = rows.length > 0;
    active = -1;
    move(wanted.length ? 0 : rows.findIndex((row) => row.dataset.no === current.value));
  }
  function choose(row) {
    if (!row) return;
    current.value = row.dataset.no;
    x.uncover(dialog);
    current.dispatchEvent(new Event('change', { bubbles: true }));
  }
  find.addEventListener('input', draw);
  find.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) move(active + step); else if (event.key === 'Enter' && !event.isComposing) choose(rows[active]); else return;
    event.preventDefault();
  });
  list.addEventListener('click', (event) => choose(event.target.closest('li')));

  inputs.forEach((input) => {
    const button = document.createElement('button'), text = document.createElement('span'), label = input.closest('.field').querySelector('label');
    button.type = 'button'; button.className = 'input pick'; button.setAttribute('aria-haspopup', 'dialog');
    button.id = `${input.id}.pick`; label.htmlFor = button.id; text.id = `${input.id}.text`; label.id = `${input.id}.label`;
    button.setAttribute('aria-labelledby', `${label.id} ${text.id}`);
    input.removeAttribute('id'); input.removeAttribute('list'); input.type = 'hidden';
    button.append(text); x.icon(button, 'chevron-down'); button.append(button.querySelector('svg'));
    input.after(button);
    const tell = () => {
      text.textContent = input.value ? labels.get(input.value) || input.value : say.chooseClause;
      button.classList.toggle('pick--empty', !input.value);
    };
    input.addEventListener('change', tell);
    input.closest('.q').addEventListener('written', tell);
    tell();
    button.addEventListener('click', () => {
      current = input;
      find.value = '';
      dialog.addEventListener('close', () => button.focus(), { once: true });
      x.cover('dlg-clause');
      draw();
      find.focus();
    });
  });
}
