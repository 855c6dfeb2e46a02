// The candidate's own random number: it goes into the seed of the paper, so that the server alone cannot choose one.
for (const field of document.querySelectorAll('[data-nonce]')) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  field.value = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
