// A quiz saves each tick a moment after it is set. What the server does not have yet lies on this device as well, so that
// a closed page, a lost connection or an ended sign-in loses nothing; the server forgets nothing that it was told.
const form = document.querySelector('form[data-quiz]');
const over = document.querySelector('[data-quiz-over]');
const key = `quiz.${form ? form.dataset.quiz : over && over.dataset.quizOver}`;
const said = form && form.querySelector('[data-said]');
const token = document.querySelector('meta[name="csrf-token"]');

let waiting = {};
let sending = false;
let timer = 0;
let wait = 2000;

function say(name, time = '') {
  said.textContent = said.dataset[name].replace('{time}', time);
  said.dataset.state = ['saved', 'saving', 'unsaved'].includes(name) ? 'ok' : 'warn';
}

function boxes(number) {
  return [...form.querySelectorAll(`input[name="q${number}"]`)];
}

function value(number) {
  const ticked = boxes(number).filter((box) => box.checked).map((box) => box.value);
  if (form.elements[`kind-${number}`].value === 'multiple') return ticked;
  return ticked[0] || null;
}

// Not every device lets a page keep something; then the server's copy is the only one.
function keep() {
  try {
    if (Object.keys(waiting).length) localStorage.setItem(key, JSON.stringify(waiting));
    else localStorage.removeItem(key);
  } catch { /* as above */ }
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(key)) || {};
  } catch {
    return {};
  }
}

function later(delay) {
  clearTimeout(timer);
  timer = setTimeout(send, delay);
}

function acknowledged(sent) {
  for (const [number, given] of Object.entries(sent)) {
    if (JSON.stringify(waiting[number]) === JSON.stringify(given)) delete waiting[number];
  }
  keep();
}

async function send() {
  clearTimeout(timer);
  if (sending || !Object.keys(waiting).length) return;
  sending = true;
  const sent = { ...waiting };
  say('saving');
  let next = 0;
  try {
    const answer = await fetch(form.dataset.keep, {
      method: 'POST', body: JSON.stringify({ answers: sent }), redirect: 'manual', keepalive: true,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-Token': token.content },
    });
    if (answer.ok) {
      const told = await answer.json();
      acknowledged(sent);
      wait = 2000;
      say(told.state, told.at);
      next = 300;
    } else if ([400, 401, 403].includes(answer.status) || answer.type === 'opaqueredirect') {
      say('signin');
      document.dispatchEvent(new CustomEvent('signed-out'));
      next = 10000;
    } else {
      throw new Error(String(answer.status));
    }
  } catch {
    say('offline');
    wait = Math.min(wait * 2, 30000);
    next = wait;
  }
  sending = false;
  if (Object.keys(waiting).length) later(next);
}

function touched(event) {
  const named = /^q(\d+)$/.exec(event.target.name);
  if (!named) return;
  waiting[named[1]] = value(named[1]);
  keep();
  if (sending) return;
  say('unsaved');
  later(300);
}

// Ticks that this device still has and the server never got.
function recover() {
  waiting = kept();
  for (const [number, given] of Object.entries(waiting)) {
    for (const box of boxes(number)) box.checked = Array.isArray(given) ? given.includes(box.value) : given === box.value;
  }
  if (!Object.keys(waiting).length) return;
  say('restored');
  later(300);
}

if (form) {
  recover();
  form.addEventListener('change', touched);
  document.addEventListener('signed-in', () => later(0));
  window.addEventListener('online', () => later(0));
  document.addEventListener('visibilitychange', () => document.hidden && send());
  form.addEventListener('submit', () => clearTimeout(timer));
} else if (over) {
  keep();
}
