// 查验: drop a PDF on its field. What is chosen is named before it is sent; without this file the field works as ever.

const LARGEST = 10 * 1024 * 1024;

for (const form of document.querySelectorAll('[data-drop]')) {
  const field = form.querySelector('input[type=file]');
  const box = form.querySelector('.drop');
  const said = form.querySelector('[data-said]');

  const look = () => {
    const file = field.files[0];
    said.textContent = '';
    if (!file) return;
    let words = form.dataset.chosen;
    if (!/\.pdf$/i.test(file.name) && file.type !== 'application/pdf') words = form.dataset.wrong;
    else if (file.size > LARGEST) words = form.dataset.large;
    if (words !== form.dataset.chosen) field.value = '';
    said.textContent = words.replace('{name}', file.name);
  };
  field.addEventListener('change', look);

  for (const type of ['dragenter', 'dragover']) {
    box.addEventListener(type, (event) => {
      event.preventDefault();
      box.classList.add('is-over');
    });
  }
  for (const type of ['dragleave', 'drop']) box.addEventListener(type, () => box.classList.remove('is-over'));
  box.addEventListener('drop', (event) => {
    event.preventDefault();
    if (!event.dataTransfer || !event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    look();
  });
}
