// The draft of a task saves itself: a second after the last touch, and again until the server has it. Until then the
// text also lies on this device, so that a closed page, a lost connection or an ended sign-in loses nothing.

const form = document.querySelector('form[data-draft]');
const said = form && form.querySelector('[data-said]');
const key = form && `draft.${form.dataset.key}`;

let timer = 0;
let sending = false;
let dirty = false;
let wait = 2000;

function say(name, time = '') {
  said.textContent = said.dataset[name].replace('{time}', time);
  said.dataset.state = ['saved', 'saving', 'unsaved'].includes(name) ? 'ok' : 'warn';
}

function fields() {
  return [...form.elements].filter((el) => /^(r\d+|p)-/.test(el.name));
}

function values() {
  return Object.fromEntries(fields().map((el) => [el.name, el.value]));
}

// Not every device lets a page keep something; then the server's copy is the only one.
function keep() {
  const { revision, writer } = form.elements;
  try {
    localStorage.setItem(key, JSON.stringify({ revision: revision.value, writer: writer.value, values: values() }));
  } catch { /* as above */ }
}

function forget() {
  try {
    localStorage.removeItem(key);
  } catch { /* as above */ }
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function post(body) {
  return fetch(form.dataset.draft, {
    method: 'POST', body, headers: { Accept: 'application/json' }, redirect: 'manual', keepalive: true,
  });
}

function later(delay) {
  clearTimeout(timer);
  timer = setTimeout(send, delay);
}

async function send() {
  if (sending) return;
  clearTimeout(timer);
  timer = 0;
  sending = true;
  dirty = false;
  say('saving');
  try {
    const answer = await post(new FormData(form));
    if (answer.ok) {
      const told = await answer.json();
      if (told.state === 'saved') form.elements.revision.value = told.revision;
      wait = 2000;
      say(told.state, told.at);
      if (dirty) keep();
      else forget();
    } else if ([400, 401, 403].includes(answer.status) || answer.type === 'opaqueredirect') {
      dirty = true;
      say('signin');
      document.dispatchEvent(new CustomEvent('signed-out'));
      later(10000);
    } else if (answer.status === 422) {
      say('refused');
    } else {
      throw new Error(String(answer.status));
    }
  } catch {
    dirty = true;
    say('offline');
    wait = Math.min(wait * 2, 30000);
    later(wait);
  }
  sending = false;
  if (dirty && !timer) later(1000);
}

function touched() {
  dirty = true;
  keep();
  if (!sending) {
    say('unsaved');
    later(1000);
  }
}

// Text that this device still has: the server never got it, or it has it and the page could not know.
async function recover(stored) {
  if (stored.revision === form.elements.revision.value) {
    const changed = fields().filter((el) => typeof stored.values[el.name] === 'string' && stored.values[el.name] !== el.value);
    for (const el of changed) el.value = stored.values[el.name];
    if (changed.length) {
      touched();
      say('restored');
    } else {
      forget();
    }
    return;
  }
  // The draft has moved on: the text is sent as what it was based on, and the server keeps both where they differ.
  const body = new FormData(form);
  for (const el of fields()) body.delete(el.name);
  for (const [name, text] of Object.entries(stored.values)) body.append(name, text);
  body.set('revision', stored.revision);
  body.set('writer', stored.writer);
  const answer = await post(body).catch(() => null);
  if (!answer || !answer.ok) return;
  const told = await answer.json();
  forget();
  if (told.state === 'copied') say('copied');
  else if (String(told.revision) !== form.elements.revision.value) window.location.reload();
}

if (form) {
  const stored = kept();
  if (stored && stored.values) recover(stored);
  form.addEventListener('input', touched);
  document.addEventListener('signed-in', () => dirty && later(0));
  window.addEventListener('online', () => dirty && later(0));
  form.addEventListener('submit', () => {
    clearTimeout(timer);
    keep();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden && dirty && !sending) send();
  });
}
