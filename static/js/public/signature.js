// A signature drawn with a finger, a pen or a mouse. The drawing becomes the file of the control for a picture, and is
// sent like one; who cannot draw types a name instead, above.

const SIZE = { width: 900, height: 300 };
const INK = "#10131a";

export function signHere(form) {
  for (const place of form.querySelectorAll("[data-signature]")) offer(place);
}

function offer(place) {
  const file = place.querySelector("input[type=file]");
  const words = Object.assign(document.createElement("p"), { className: "field__hint", textContent: place.dataset.draw });
  const canvas = Object.assign(document.createElement("canvas"), { ...SIZE, className: "signature__pad" });
  canvas.setAttribute("aria-hidden", "true"); // nothing for a keyboard or a screen reader: the name is theirs
  const clear = Object.assign(document.createElement("button"), { type: "button", className: "link-button", textContent: place.dataset.clear, hidden: true });
  place.append(words, canvas, clear);
  const pen = canvas.getContext("2d");
  wipe(pen);
  const hold = (blob) => {
    const files = new DataTransfer();
    if (blob) files.items.add(new File([blob], "signature.png", { type: "image/png" }));
    file.files = files.files;
    clear.hidden = !blob;
    file.dispatchEvent(new Event("change", { bubbles: true }));
  };
  followPointer(canvas, pen, () => canvas.toBlob(hold));
  clear.addEventListener("click", () => {
    wipe(pen);
    hold(null);
    place.querySelector("input:not([type=file])").focus();
  });
}

function wipe(pen) {
  Object.assign(pen, { fillStyle: "#fff", strokeStyle: INK, lineWidth: 5, lineCap: "round", lineJoin: "round" });
  pen.fillRect(0, 0, SIZE.width, SIZE.height);
}

function followPointer(canvas, pen, done) {
  const at = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    return [((clientX - box.left) / box.width) * SIZE.width, ((clientY - box.top) / box.height) * SIZE.height];
  };
  let drawing = false;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 0 || canvas.closest("[hidden]")) return;
    drawing = true;
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...at(event));
    pen.lineTo(...at(event)); // a dot is a stroke too
    pen.stroke();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) pen.lineTo(...at(each));
    pen.stroke();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(end, () => {
      if (drawing) done();
      drawing = false;
    });
  }
}
