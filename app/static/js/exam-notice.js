// The clock of the page before handing in.
const timer = document.getElementById('timer-v');
if (timer) {
  const left = timer.dataset.deadline - timer.dataset.now, since = performance.now();
  const two = (v) => String(v).padStart(2, '0');
  let leaving = false;
  // The time is over: on to the receipt, as soon as the server can be reached.
  const leave = () => {
    if (leaving) return;
    leaving = true;
    fetch(timer.dataset.over, { method: 'HEAD' }).then(() => location.assign(timer.dataset.over), () => setTimeout(() => { leaving = false; }, 4000));
  };
  const show = () => {
    const s = Math.max(0, Math.ceil((left - performance.now() + since) / 1000));
    timer.textContent = `${s >= 3600 ? `${Math.floor(s / 3600)}:` : ''}${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
    timer.closest('.timer').dataset.level = s <= 60 ? 'last' : s <= 300 ? 'low' : 'ok';
    if (!s) leave();
  };
  show();
  setInterval(show, 500);
}
