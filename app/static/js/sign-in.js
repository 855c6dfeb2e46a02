// Signing in again in place: a page that hears of an ended sign-in says signed-out, and what is on it stays. When it is
// done, every form has the new token and the page hears signed-in. The dialog is components/sign_in.html.
const dialog = document.getElementById('dlg-login');
const form = document.getElementById('relogin');
const account = document.getElementById('relogin-user');
const password = document.getElementById('relogin-pw');
const error = document.getElementById('relogin-error');
const meta = document.querySelector('meta[name="csrf-token"]');

function renew(token) {
  meta.content = token;
  for (const input of document.querySelectorAll('input[name=csrf_token]')) input.value = token;
}

function post() {
  return fetch(form.dataset.address, {
    method: 'POST', body: JSON.stringify({ account: account.value, password: password.value }),
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-Token': meta.content },
  });
}

// Without any cookie the token of this page is worth nothing; the page that asks to sign in has a good one.
async function freshToken() {
  const page = await (await fetch(window.location.pathname)).text();
  const found = /(?:csrf-token" content|csrf_token"[^>]* value)="([^"]+)"/.exec(page);
  if (found) renew(found[1]);
}

function tell(words) {
  error.hidden = !words;
  error.textContent = words;
}

async function signIn(event) {
  event.preventDefault();
  try {
    let reply = await post();
    if (reply.status === 400) {
      await freshToken();
      reply = await post();
    }
    const answer = await reply.json();
    if (!reply.ok) {
      tell(answer.code === 'wait' ? form.dataset.wait.replace('{n}', answer.wait) : form.dataset.wrong);
      return;
    }
    renew(answer.csrf);
    tell('');
    password.value = '';
    if (dialog.close) dialog.close();
    else dialog.removeAttribute('open');
    document.dispatchEvent(new CustomEvent('signed-in'));
  } catch {
    tell(form.dataset.lost);
  }
}

function open() {
  if (dialog.open) return;
  if (dialog.showModal) dialog.showModal(); // not before Safari 15.4
  else dialog.setAttribute('open', '');
}

dialog.addEventListener('cancel', (event) => event.preventDefault());
form.addEventListener('submit', signIn);
document.addEventListener('signed-out', open);
