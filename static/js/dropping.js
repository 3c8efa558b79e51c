// A file may be dropped anywhere on a page that takes one; it is put into the plain input and sent, as the button would.
const zone = document.querySelector("[data-drop]");
const input = zone?.querySelector('input[type="file"]');

function holdsFile(event) {
  return event.dataTransfer?.types.includes("Files");
}

if (input) {
  let inside = 0; // enter and leave come for every element on the way
  const show = (step) => {
    inside = Math.max(inside + step, 0);
    zone.classList.toggle("drop--over", inside > 0);
  };
  addEventListener("dragenter", (event) => holdsFile(event) && show(1));
  addEventListener("dragleave", (event) => holdsFile(event) && show(-1));
  addEventListener("dragover", (event) => holdsFile(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    show(-inside);
    if (!event.dataTransfer.files.length) return;
    const one = new DataTransfer();
    one.items.add(event.dataTransfer.files[0]);
    input.files = one.files;
    input.form.requestSubmit();
  });
}
