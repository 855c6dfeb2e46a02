// Terms 术语 explained on the spot: the link to the page of terms becomes a button that opens the explanation beside it.

let open = null;

function turn(button, shown) {
  button.setAttribute('aria-expanded', String(shown));
  document.getElementById(button.getAttribute('aria-controls')).hidden = !shown;
  if (shown && open && open !== button) turn(open, false);
  open = shown ? button : null;
}

for (const link of document.querySelectorAll('.term__word')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'term__word';
  button.textContent = link.textContent;
  button.setAttribute('aria-expanded', 'false');
  button.setAttribute('aria-controls', link.dataset.term);
  button.addEventListener('click', () => turn(button, button.getAttribute('aria-expanded') === 'false'));
  link.replaceWith(button);
}

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || !open) return;
  const button = open;
  turn(button, false);
  button.focus();
});

document.addEventListener('click', (event) => {
  if (open && !event.target.closest('.term')) turn(open, false);
});
