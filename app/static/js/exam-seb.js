// The door before a paper in Safe Exam Browser: ask its script interface for the proof of this page, and tell the server.
// A locked page looks again by itself, so that it goes on when the invigilator has unlocked it.
const door = document.getElementById('seb-door');
const token = document.querySelector('meta[name="csrf-token"]').content;
const again = (ms) => setTimeout(() => location.reload(), ms);

async function tell(proof) {
  try {
    const answer = await fetch(door.dataset.prove, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-Token': token },
      body: JSON.stringify({ address: location.href.split('#')[0], proof }),
    });
    if (!answer.ok) return;
    const said = await answer.json();
    if (said.ok) location.reload();
    else if (said.locked) { document.getElementById('seb-locked').hidden = false; again(15000); }
  } catch (e) { /* Without a network nothing is proved and nothing locked; the page stays and can be loaded again. */ }
}

function look() {
  const security = window.SafeExamBrowser && window.SafeExamBrowser.security;
  if (!security) { tell(null); return; }
  if (security.configKey) { tell(security.configKey); return; }
  // Older versions work the proof out when asked and call a function back by its name; if none comes, nothing is locked.
  function sebKeysAreThere() { if (security.configKey) tell(security.configKey); }
  window.sebKeysAreThere = sebKeysAreThere;
  if (typeof security.updateKeys === 'function') security.updateKeys(sebKeysAreThere);
}

if (door.hasAttribute('data-locked')) again(15000); else if (!door.hasAttribute('data-wrong')) look();
