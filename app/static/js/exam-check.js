// The check page: hand in by script, so that the answers of this device and of the server are compared first.
const form = document.getElementById('hand-in'), box = document.getElementById('differ'), away = document.getElementById('away');
const tools = import(document.querySelector('script[src*="/exam-hand-in.js"]').src);
const data = form.dataset, at = { handIn: form.action, save: data.save };
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
const post = (url, body) => fetch(url, {
  method: 'POST', body: JSON.stringify(body),
  headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-Token': document.querySelector('meta[name="csrf-token"]').content },
});
const words = (value) => {
  if (value === null) return box.dataset.nothing;
  return Array.isArray(value) ? value.join(', ') : typeof value === 'object' ? Object.values(value).join(' · ') : value;
};
function tell(said) {
  const row = box.querySelector('template').content;
  box.querySelector('ul').replaceChildren(...said.differ.map((one) => {
    const item = row.cloneNode(true);
    item.querySelector('[data-no]').textContent = fill(box.dataset.question, { n: one.slot });
    item.querySelector('[data-mine]').textContent = words(one.mine);
    item.querySelector('[data-theirs]').textContent = words(one.theirs);
    const link = item.querySelector('a'); // a template's links have no address of their own yet
    link.setAttribute('href', `${link.getAttribute('href')}#q${one.slot}`);
    return item;
  }));
  box.querySelector('button').dataset.digest = said.digest;
  box.hidden = false;
  box.focus();
}
async function send(accepted) {
  const { handIn, remembered } = await tools, shown = remembered(data.ref);
  const buttons = document.querySelectorAll('#hand-in button, #differ button');
  buttons.forEach((button) => { button.disabled = true; });
  away.hidden = true;
  try {
    const said = await handIn(post, at, data.ref, shown, accepted);
    if (said.differ) tell(said); else location.assign(said.location || data.receipt);
  } catch (e) {
    // Not reached: nothing is handed in, and the page stays. Whatever else it was, the form without a script says it.
    if (e.name === 'TypeError') { away.hidden = false; away.focus(); } else form.submit();
  } finally { buttons.forEach((button) => { button.disabled = false; }); }
}
// Without the answers of the exam page, as in a window opened on its own, there is nothing to compare: the form is sent.
tools.then(({ remembered }) => {
  if (remembered(data.ref)) form.addEventListener('submit', (event) => { event.preventDefault(); send(''); });
});
box.querySelector('button').addEventListener('click', (event) => send(event.currentTarget.dataset.digest));
