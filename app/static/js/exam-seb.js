// The door before a paper in Safe Exam Browser: ask its script interface for the proof of this page, and tell the server.
const door = document.getElementById('seb-door');
const security = window.SafeExamBrowser?.security;

async function tell(proof) {
  try {
    const answer = await fetch(door.dataset.prove, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({ address: location.href.split('#')[0], proof }),
    });
    if (!answer.ok) return;
    const said = await answer.json();
    if (said.ok) location.reload();
    else if (said.locked) document.getElementById('seb-locked').hidden = false;
  } catch {
    // Without a network nothing is proved and nothing locked; the page stays and can be loaded again.
  }
}

if (!security) tell(null);
else if (typeof security.updateKeys === 'function') security.updateKeys(() => tell(security.configKey || null));
else tell(security.configKey || null);
