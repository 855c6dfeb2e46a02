// The clock of the page before handing in.
const timer = document.getElementById('timer-v');
if (timer) {
  const left = timer.dataset.deadline - timer.dataset.now;
  const two = (v) => String(v).padStart(2, '0');
  const show = () => {
    const s = Math.max(0, Math.ceil((left - performance.now()) / 1000));
    timer.textContent = `${s >= 3600 ? `${Math.floor(s / 3600)}:` : ''}${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
    timer.closest('.timer').dataset.level = s <= 60 ? 'last' : s <= 300 ? 'low' : 'ok';
    if (!s) location.assign(timer.dataset.over);
  };
  show();
  setInterval(show, 500);
}
