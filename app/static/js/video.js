// A lesson's video 视频: goes on where it was left, on any device, and tells the server which parts were played.
// What is jumped over, or played in the background, is not told; the server counts each part once.

const EVERY = 10_000;

const video = document.querySelector('video[data-report]');
const page = document.querySelector('[data-lesson]');
const shown = document.querySelector('[data-watched]');
const token = document.querySelector('meta[name=csrf-token]');

let spans = [];
let open = null;
let last = -1;
let timer = 0;

const round = (seconds) => Math.round(seconds * 10) / 10;
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

function close() {
  if (open && open[1] > open[0]) spans.push(open.map(round));
  open = null;
}

// Time that ran on by itself is played; a jump begins a new part.
function run() {
  const now = video.currentTime;
  if (video.seeking || document.hidden || now < last || now - last > 2) close();
  else if (now > last) {
    if (!open) open = [last, now];
    open[1] = now;
  }
  last = now;
}

async function report(leaving = false) {
  const playing = open !== null && !leaving;
  close();
  if (playing) open = [last, last];
  const sent = spans;
  spans = [];
  try {
    const answer = await fetch(video.dataset.report, {
      method: 'POST',
      body: JSON.stringify({ lesson: page.dataset.lesson, course: page.dataset.course, position: Math.floor(video.currentTime), spans: sent }),
      keepalive: true,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-Token': token.content },
    });
    if (!answer.ok) return;
    const { watched } = await answer.json();
    shown.textContent = shown.dataset.watched.replace('{n}', clock(watched)).replace('{of}', clock(Number(video.dataset.seconds)));
  } catch {
    // No connection: the parts go with the next report.
    spans = [...sent, ...spans];
  }
}

function stop() {
  clearInterval(timer);
  timer = 0;
  run();
  report(true);
}

function resume() {
  const left = Number(video.dataset.position);
  if (left > 0 && left < video.duration - 3) video.currentTime = left;
}

if (video && page && token) {
  if (video.readyState >= 1) resume();
  else video.addEventListener('loadedmetadata', resume, { once: true });
  video.addEventListener('play', () => {
    last = video.currentTime;
    if (!timer) timer = setInterval(report, EVERY, false);
    report();
  });
  video.addEventListener('timeupdate', () => { if (!video.paused) run(); });
  video.addEventListener('seeking', close);
  video.addEventListener('seeked', () => { last = video.currentTime; });
  video.addEventListener('pause', stop);
  document.addEventListener('visibilitychange', () => { if (document.hidden && timer) { run(); report(); } });
  window.addEventListener('pagehide', () => { if (timer) stop(); });
}
