// Single keys, which can be switched off, and how the page looks: size of letters and contrast.
export default function keys(x) {
  const { $, qs, state } = x, on = $('keys-on'), page = document.documentElement;
  const remembered = (name, value) => { try { if (value === undefined) return localStorage.getItem(name); localStorage.setItem(name, value); } catch (e) { /* for this page only */ } return null; };

  on.checked = remembered('exam-keys') !== '0';
  on.addEventListener('change', () => remembered('exam-keys', on.checked ? '1' : '0'));
  const look = { font: page.dataset.font || '100', contrast: 'normal' };
  function apply(name, value) {
    page.dataset[name] = value;
    document.querySelectorAll(`input[name="look-${name}"]`).forEach((one) => { one.checked = one.value === value; });
  }
  Object.keys(look).forEach((name) => apply(name, remembered(`exam-${name}-${x.data.ref}`) || look[name]));
  $('dlg-keys').addEventListener('change', ({ target }) => {
    const name = (target.name || '').replace('look-', '');
    if (!look[name]) return;
    apply(name, target.value); remembered(`exam-${name}-${x.data.ref}`, target.value);
  });

  document.addEventListener('keydown', (event) => {
    if (!on.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || state.ended || document.querySelector('dialog[open]')) return;
    const el = event.target instanceof Element ? event.target : document.body;
    if (el.matches('input[type=text],input[type=search],textarea,select')) return;
    // By code and not by key: with a Chinese input method on, the key is "Process".
    const { code: c } = event, options = [...qs[state.at - 1].querySelectorAll('.opts input')];
    const i = /^(Digit|Numpad)[1-9]$/.test(c) ? +c.slice(-1) - 1 : /^Key[A-EGH]$/.test(c) ? c.charCodeAt(3) - 65 : -1;
    const radio = el.type === 'radio';
    if (options[i] && event.shiftKey) x.strike(state.at, i);
    else if (options[i]) { options[i].click(); options[i].focus({ preventScroll: true }); }
    else if (c === 'KeyN' || (c === 'ArrowRight' && !radio)) x.show(state.at + 1);
    else if (c === 'KeyP' || (c === 'ArrowLeft' && !radio)) x.show(state.at - 1);
    else if (c === 'KeyF') x.flag();
    else if (c === 'KeyM') x.openNote();
    else if (c === 'KeyR') x.openReading();
    else if (c === 'KeyT') x.sayTime();
    else if (c === 'Slash' && event.shiftKey) x.cover('dlg-keys');
    else return;
    event.preventDefault();
  });
}
