// Study time 学习时间: tells the server every 30 seconds that this page is being read. The server measures the time.
// Nothing is sent while the page is hidden, or after five minutes without a touch of mouse, keys or screen; a video
// that plays in the lesson counts as a touch.
// A page that offers to sign in again in place hears of an ended sign-in (signed-out) and says when it is over (signed-in).

const EVERY = 30_000;
const IDLE = 300_000;

const page = document.querySelector('[data-study]');
const shown = page && page.querySelector('[data-minutes]');
const token = document.querySelector('meta[name=csrf-token]');
const heads = page ? [...page.querySelectorAll('.prose h2[id]')] : [];

let touched = Date.now();
let hiddenAt = document.hidden ? touched : 0;
let away = 0;
let timer = 0;

const seconds = (from) => Math.max(0, Math.round((Date.now() - from) / 1000));

// The section in view: the last heading above the lower half of the window.
function section() {
  return heads.filter((head) => head.getBoundingClientRect().top < window.innerHeight / 2).length;
}

function stop() {
  clearInterval(timer);
  timer = 0;
}

async function beat(idle = seconds(touched)) {
  const body = JSON.stringify({
    lesson: page.dataset.lesson, exercise: page.dataset.exercise, course: page.dataset.course, visit: page.dataset.visit,
    idle, away, section: section(),
  });
  away = 0;
  try {
    const answer = await fetch(page.dataset.study, {
      method: 'POST',
      body,
      keepalive: true,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-Token': token.content },
    });
    // Signed out, or what was read is gone: more signs of life would change nothing.
    if (answer.status >= 400 && answer.status < 500) stop();
    if (answer.status === 401) document.dispatchEvent(new CustomEvent('signed-out'));
    if (!answer.ok || !shown) return;
    const { minutes } = await answer.json();
    shown.textContent = shown.dataset.minutes.replace('{n}', minutes);
    shown.hidden = false;
  } catch {
    // No connection. The gap shows on the server as time without a signal.
  }
}

function touch() {
  const idle = Date.now() - touched;
  touched = Date.now();
  if (idle > IDLE && timer && !document.hidden) beat(Math.round(idle / 1000));
}

// A video that plays is in use, although nobody touches anything.
function playing() {
  return [...page.querySelectorAll('video')].some((one) => !one.paused && !one.ended);
}

function tick() {
  if (playing()) touched = Date.now();
  if (!document.hidden && Date.now() - touched <= IDLE) beat();
}

function turn() {
  if (document.hidden) {
    if (Date.now() - touched <= IDLE) beat();
    hiddenAt = Date.now();
  } else if (hiddenAt) {
    away = seconds(hiddenAt);
    hiddenAt = 0;
    touched = Date.now();
    if (timer) beat(0);
  }
}

function start() {
  if (!timer) timer = setInterval(tick, EVERY);
  if (!document.hidden) beat(0);
}

if (page && token) {
  if (shown && shown.textContent) shown.hidden = false;
  for (const name of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'scroll']) {
    document.addEventListener(name, touch, { passive: true, capture: true });
  }
  document.addEventListener('visibilitychange', turn);
  document.addEventListener('signed-in', start);
  start();
}
