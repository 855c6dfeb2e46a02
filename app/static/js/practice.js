// Practice by keyboard: letters choose, Enter answers and goes on, 1 to 3 say how hard it was. Works without it too.
const ask = document.querySelector('form#ask');
const on = document.getElementById('keys-on');
const options = ask ? [...ask.querySelectorAll('.opt input')] : [];

if (on) {
  try {
    on.checked = localStorage.getItem('exam-keys') !== '0';
    on.addEventListener('change', () => localStorage.setItem('exam-keys', on.checked ? '1' : '0'));
  } catch (e) { /* nothing can be stored: the keys are on */ }
}

const paint = () => options.forEach((input) => input.closest('.opt').classList.toggle('opt--on', input.checked));
ask?.addEventListener('change', paint);
paint();

// By code and not by key: with a Chinese input method on, the key is "Process".
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || (on && !on.checked)) return;
  const el = event.target instanceof Element ? event.target : document.body;
  if (el.matches('input[type=text], textarea, select, summary')) return;
  const { code } = event;
  if (code === 'Enter' || code === 'NumpadEnter') {
    if (el.matches('a, button, [type=checkbox]:not(.opt input)')) return;
    const go = ask ? ask.querySelector('[value=answer]') : document.querySelector('[data-go]');
    if (!go) return;
    event.preventDefault();
    go.click();
    return;
  }
  const key = /^(Digit|Numpad)[1-9]$/.test(code) ? code.slice(-1) : '';
  const place = key ? +key - 1 : /^Key[A-H]$/.test(code) ? code.charCodeAt(3) - 65 : -1;
  const target = options[place] || (key && document.querySelector(`[data-key="${key}"]`));
  if (!target) return;
  event.preventDefault();
  target.click();
  if (options[place]) target.focus({ preventScroll: true });
});
