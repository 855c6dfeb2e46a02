// Notes 笔记 save themselves while one writes. What is not yet on the server is kept on the device, for this person
// and this lesson, and sent as soon as it can be: after a lost connection, a closed page, or signing in again.

const place = document.querySelector('[data-notes]');
const token = document.querySelector('meta[name=csrf-token]');
const PAUSE = 1200;
const AGAIN = 15_000;

const keep = {
  name: (key) => `note:${place.dataset.owner}:${place.dataset.lesson}:${key}`,
  put(key, draft) {
    try { localStorage.setItem(this.name(key), JSON.stringify(draft)); return true; } catch { return false; }
  },
  drop(key) {
    try { localStorage.removeItem(this.name(key)); } catch { /* nothing was kept */ }
  },
  all() {
    const found = new Map();
    try {
      const prefix = this.name('');
      for (const name of Object.keys(localStorage)) {
        if (name.startsWith(prefix)) found.set(name.slice(prefix.length), JSON.parse(localStorage.getItem(name)));
      }
    } catch { /* the device keeps nothing */ }
    return found;
  },
};

const freshKey = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, '0')).join('');

class Note {
  constructor(form) {
    this.form = form;
    this.text = form.elements.text;
    this.state = form.querySelector('[data-state]');
    this.sent = this.value();
    this.timer = 0;
    this.busy = false;
    for (const name of ['input', 'change']) form.addEventListener(name, () => this.changed());
    form.addEventListener('submit', (event) => {
      if (event.submitter && event.submitter.hasAttribute('formaction')) { keep.drop(this.key); return; }
      event.preventDefault();
      this.save();
    });
  }

  get key() { return this.form.elements.key.value; }

  value() { return JSON.stringify([this.text.value, this.form.elements.section.value]); }

  say(words, kind, link) {
    this.state.textContent = words;
    this.state.dataset.state = kind;
    if (link) this.state.append(' ', link);
  }

  changed() {
    clearTimeout(this.timer);
    if (this.value() === this.sent || !this.text.value.trim()) { keep.drop(this.key); return; }
    const kept = keep.put(this.key, {
      text: this.text.value, section: this.form.elements.section.value, version: this.form.elements.version.value,
    });
    this.say(kept ? place.dataset.saving : place.dataset.full, kept ? 'busy' : 'bad');
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  async save() {
    clearTimeout(this.timer);
    if (this.busy) { this.timer = setTimeout(() => this.save(), PAUSE); return; }
    const sending = this.value();
    if (sending === this.sent || !this.text.value.trim()) return;
    this.busy = true;
    const { key, version, section } = this.form.elements;
    const body = { key: key.value, version: Number(version.value), section: Number(section.value), text: this.text.value };
    try {
      const answer = await fetch(place.dataset.notes, {
        method: 'POST',
        keepalive: true,
        body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-Token': token.content },
      });
      await this.told(answer, sending);
    } catch {
      this.say(place.dataset.offline, 'bad');
      this.timer = setTimeout(() => this.save(), AGAIN);
    } finally {
      this.busy = false;
    }
  }

  async told(answer, sending) {
    if (answer.ok) {
      const reply = await answer.json();
      const { key, version } = this.form.elements;
      keep.drop(this.key);
      key.value = reply.key;
      version.value = reply.version;
      this.sent = sending;
      this.form.id = `note-${reply.id}`;
      const remove = this.form.querySelector('[data-remove]');
      remove.setAttribute('formaction', remove.getAttribute('formaction').replace(/\d+(?=\/delete$)/, reply.id));
      remove.hidden = false;
      if (reply.apart) this.say(place.dataset.apart, 'warn');
      else this.say(place.dataset.saved.replace('{time}', reply.saved), 'saved');
      if (this.value() !== sending) this.changed();
      another();
    } else if (answer.status === 401) {
      const link = document.createElement('a');
      link.href = place.dataset.signInAt;
      link.textContent = place.dataset.signIn;
      this.say(place.dataset.signedOut, 'bad', link);
    } else if (answer.status === 400) {
      this.say(place.dataset.old, 'bad');
    } else if (answer.status >= 500) {
      this.say(place.dataset.offline, 'bad');
      this.timer = setTimeout(() => this.save(), AGAIN);
    } else {
      const problem = await answer.json();
      this.say(`${problem.detail} ${problem.todo || ''}`, 'bad');
    }
  }
}

const notes = new Map();
let blank = null;

function add(form) {
  const note = new Note(form);
  notes.set(form, note);
  return note;
}

// When the form for a new note has become a note, a new one takes its place.
function another() {
  if (blank && [...notes.keys()].some((form) => form.id === 'note-new')) return null;
  const form = blank.cloneNode(true);
  const key = freshKey();
  form.elements.key.value = key;
  for (const name of ['section', 'text']) {
    form.elements[name].id = `${name}-${key}`;
    form.querySelector(`label[for^="${name}-"]`).htmlFor = `${name}-${key}`;
  }
  place.append(form);
  return add(form);
}

function newest() {
  return [...notes.values()].find((note) => note.form.id === 'note-new') || another();
}

// What this device kept and the server does not have.
function bringBack() {
  for (const [key, draft] of keep.all()) {
    let note = [...notes.values()].find((one) => one.key === key);
    if (!note) {
      note = newest();
      if (note.text.value.trim()) continue;
      note.form.elements.key.value = key;
    }
    note.text.value = draft.text;
    note.form.elements.section.value = draft.section;
    note.form.elements.version.value = draft.version;
    note.changed();
    if (note.form.id === 'note-new') another();
  }
}

function buttonFor(head, number) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'note-here no-print';
  button.setAttribute('aria-label', `${place.dataset.here}: ${head.textContent}`);
  button.title = place.dataset.here;
  button.append(document.querySelector('[data-note-icon] svg').cloneNode(true));
  button.addEventListener('click', () => {
    const note = newest();
    note.form.elements.section.value = String(number);
    note.text.focus();
    note.form.scrollIntoView({ block: 'center' });
  });
  head.after(button);
}

if (place && token) {
  const forms = [...place.querySelectorAll('[data-note]')];
  blank = forms.at(-1).cloneNode(true);
  blank.elements.text.value = '';
  for (const form of forms) add(form);
  bringBack();
  document.querySelectorAll('.prose h2[id]').forEach((head, at) => buttonFor(head, at + 1));
  window.addEventListener('online', () => notes.forEach((note) => note.save()));
  window.addEventListener('pagehide', () => notes.forEach((note) => note.save()));
}
