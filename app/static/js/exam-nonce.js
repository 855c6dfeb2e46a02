// The draw number: 128 random bits of this device, so that not even the house can choose the questions of a paper.
for (const field of document.querySelectorAll('[data-nonce]')) {
  field.value = Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, '0')).join('');
}
