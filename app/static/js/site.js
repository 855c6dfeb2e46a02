// Small behaviours of every page. Each page works without them; pages do not import this file.

const root = document.documentElement;
root.classList.add('js');

for (const el of document.querySelectorAll('[data-needs-js]')) el.hidden = false;

// After a refused form the focus goes to the summary of what is wrong. Newer browsers do it by its autofocus.
if (!('autofocus' in window.HTMLElement.prototype)) document.querySelector('.err-summary')?.focus();

// 防止重复提交: the second click does nothing, and the button says in words what is going on.
const waiting = new WeakMap();

function release(form) {
  const held = waiting.get(form);
  if (!held) return;
  waiting.delete(form);
  if (!held.button) return;
  held.button.removeAttribute('aria-disabled');
  held.label.textContent = held.words;
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post' || 'noGuard' in form.dataset) return;
  if (waiting.has(form)) {
    event.preventDefault();
    return;
  }
  const button = event.submitter || form.querySelector('button[type=submit], button:not([type])');
  const label = button && (button.querySelector('span') || button);
  waiting.set(form, { button, label, words: label && label.textContent });
  if (button) {
    // aria-disabled and not disabled: a disabled button's name and value would be left out of the form.
    button.setAttribute('aria-disabled', 'true');
    label.textContent = button.dataset.busy || document.body.dataset.busy;
  }
  // An answer that is a download leaves the page standing.
  setTimeout(() => release(form), 15000);
});
window.addEventListener('pageshow', (event) => {
  if (event.persisted) for (const form of document.forms) release(form);
});

// Dialogs: without showModal (Safari before 15.4) the link's own target page is used.
const acts = {
  open(el, event) {
    const dialog = document.getElementById(el.dataset.open);
    if (!dialog || !dialog.showModal) return;
    event.preventDefault();
    dialog.showModal();
  },
  close(el, event) {
    event.preventDefault();
    el.closest('dialog')?.close();
  },
  print() {
    window.print();
  },
  toggle(el, event) {
    event.preventDefault();
    const open = document.getElementById(el.dataset.toggle).classList.toggle('is-open');
    el.setAttribute('aria-expanded', String(open));
  },
  // The server reads the cookie and puts data-theme on the next page, so that no page flashes.
  themeSet(el) {
    const theme = el.dataset.themeSet;
    const secure = window.location.protocol === 'https:' ? '; Secure' : '';
    document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    if (theme === 'auto') delete root.dataset.theme;
    else root.dataset.theme = theme;
    for (const choice of document.querySelectorAll('[data-theme-set]')) {
      choice.setAttribute('aria-pressed', String(choice === el));
    }
  },
  async copy(el) {
    if (!navigator.clipboard) return;
    await navigator.clipboard.writeText(el.dataset.copy);
    const label = el.querySelector('span') || el;
    label.textContent = el.dataset.done || label.textContent;
  },
};
const SELECTORS = {
  open: '[data-open]', close: '[data-close]', print: '[data-print]', toggle: '[data-toggle]',
  themeSet: '[data-theme-set]', copy: '[data-copy]',
};

document.addEventListener('click', (event) => {
  for (const [name, selector] of Object.entries(SELECTORS)) {
    const el = event.target.closest(selector);
    if (el) acts[name](el, event);
  }
  // A click beside a sheet closes it; so does a click beside an open menu.
  if (event.target instanceof window.HTMLDialogElement && event.target.classList.contains('sheet')) event.target.close();
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  const menu = document.querySelector('details.menu[open]');
  if (!menu) return;
  menu.open = false;
  menu.querySelector('summary').focus();
});

// 批量选择: choosing rows of a table shows the bar with what can be done to them.
for (const table of document.querySelectorAll('table[data-select]')) {
  const all = table.querySelector('[data-all]');
  const bar = document.getElementById(table.dataset.select);
  const count = bar.querySelector('[data-count]');
  const boxes = () => [...table.querySelectorAll('tbody .pick input[type=checkbox]')];
  const show = () => {
    const chosen = boxes().filter((box) => box.checked);
    for (const box of boxes()) box.closest('tr').classList.toggle('is-sel', box.checked);
    all.checked = chosen.length > 0 && chosen.length === boxes().length;
    all.indeterminate = chosen.length > 0 && !all.checked;
    bar.hidden = chosen.length === 0;
    count.textContent = count.dataset.count.replace('{n}', chosen.length);
  };
  table.addEventListener('change', (event) => {
    if (event.target === all) for (const box of boxes()) box.checked = all.checked;
    show();
  });
  show();
}
