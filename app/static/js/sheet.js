// Keying an answer sheet: the draft keeps itself a second after the last touch; Enter leads to the next field.

const form = document.querySelector('form[data-sheet]');
const said = form.querySelector('[data-said]');
let timer = 0;

async function keep() {
  try {
    const reply = await fetch(form.action, {
      method: 'POST', body: new FormData(form), headers: { Accept: 'application/json' }, credentials: 'same-origin', redirect: 'error',
    });
    if (!reply.ok) throw new Error(reply.status);
    said.textContent = said.dataset.kept;
  } catch {
    said.textContent = said.dataset.lost;
    timer = setTimeout(keep, 5000);
  }
}

if (said) {
  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(keep, 1000);
  });
  form.addEventListener('submit', () => clearTimeout(timer));
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.target.tagName !== 'INPUT') return;
    event.preventDefault();
    const all = [...form.querySelectorAll('input:not([type=hidden]), textarea, button')];
    all[all.indexOf(event.target) + 1].focus();
  });
}
