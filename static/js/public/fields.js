// Fields on the page: their controls, what is answered, and what is said when a compulsory answer was taken out again.

export const fieldOf = (form, id) => form.querySelector(`[data-field="${CSS.escape(id)}"]`);
/** The controls of a field itself that are sent: without those of the parts that stand in it, and without mere faces. */
export const controlsOf = (field) =>
  [...field.querySelectorAll("input, select, textarea")].filter((control) => control.name && control.name !== "_drop" && control.closest("[data-field]") === field);
/** Those, and what stands for one before the customer's eyes. */
const facesOf = (field) => [...controlsOf(field), ...field.querySelectorAll("[data-face]")];
/** A file of an earlier page that is to be removed. */
const isDropped = (field, { type, value }) =>
  type === "hidden" && Boolean(field.querySelector(`[name="_drop"][value="${CSS.escape(value)}"]`)?.checked);
const isTick = (control) => control.type === "radio" || control.type === "checkbox";

/** What the field would send: the values of its live controls, without blanks. */
export function valuesOf(field) {
  return controlsOf(field)
    .filter((control) => !control.disabled && (!isTick(control) || control.checked))
    .filter((control) => !control.selectedOptions?.[0]?.disabled && !isDropped(field, control))
    .map((control) => control.value.trim())
    .filter(Boolean);
}

/** What the first word says: those after it are of parts. */
export const isCompulsory = (field) => field.querySelector(".field__word")?.hasAttribute("data-compulsory") ?? false;

/** `required` as the server sets it: a group of boxes requires none of them once one is ticked. */
export function markRequired(field) {
  const compulsory = isCompulsory(field) && !field.hidden;
  const ticked = valuesOf(field).length > 0;
  for (const control of controlsOf(field)) control.required = compulsory && !(["checkbox", "file"].includes(control.type) && ticked);
}

export function watchFields(form) {
  const touched = new Set();
  for (const field of form.querySelectorAll("[data-field]")) addClear(field, form.dataset.clear);
  const changed = ({ target }) => {
    const field = target.closest?.("[data-field]");
    if (!field) return;
    touched.add(field);
    markRequired(field);
    if (valuesOf(field).length) takeBack(field);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("focusout", ({ target, relatedTarget }) => {
    const field = target.closest("[data-field]");
    if (!field || field.contains(relatedTarget) || !touched.has(field) || field.hidden) return;
    if (isCompulsory(field) && !valuesOf(field).length) complain(field);
  });
}

function complain(field) {
  if (!field.dataset.missing || field.querySelector(".field__error")) return;
  const id = `${field.dataset.field}-error`;
  const said = document.createElement("p");
  Object.assign(said, { id, className: "field__error", textContent: field.dataset.missing });
  said.dataset.live = "";
  const legend = field.querySelector(".field__label");
  const before = [...field.querySelectorAll(".field__hint, .field__why")].at(-1) ?? legend;
  before.after(said);
  field.classList.add("field--wrong");
  describe(field, (ids) => [id, ...ids]);
  for (const control of facesOf(field)) control.setAttribute("aria-invalid", "true");
}

/** Takes back what `complain` said; what the server said stays until it looks again. */
function takeBack(field) {
  const said = field.querySelector(".field__error[data-live]");
  if (!said) return;
  said.remove();
  field.classList.remove("field--wrong");
  describe(field, (ids) => ids.filter((id) => id !== said.id));
  for (const control of facesOf(field)) control.removeAttribute("aria-invalid");
}

function describe(field, change) {
  const described = field.querySelector("fieldset, [data-face]") ?? controlsOf(field)[0];
  const ids = change((described.getAttribute("aria-describedby") ?? "").split(" ").filter(Boolean));
  if (ids.length) described.setAttribute("aria-describedby", ids.join(" "));
  else described.removeAttribute("aria-describedby");
}

/** A chosen radio cannot be unchosen by itself: an optional question gets a button that does it. */
function addClear(field, words) {
  const radios = controlsOf(field).filter((control) => control.type === "radio");
  if (!words || !radios.length) return;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "link-button field__clear", textContent: words });
  const label = field.querySelector(".field__label");
  label.id ||= `${field.dataset.field}-label`;
  button.setAttribute("aria-describedby", label.id);
  const update = () => { button.hidden = isCompulsory(field) || !radios.some((radio) => radio.checked); };
  button.addEventListener("click", () => {
    for (const radio of radios) radio.checked = false;
    radios.find((radio) => !radio.disabled)?.focus();
    radios[0].dispatchEvent(new Event("change", { bubbles: true }));
  });
  field.addEventListener("change", update);
  field.addEventListener("formsite:drawn", update);
  (field.cells?.[0] ?? field.querySelector("fieldset") ?? field).append(button); // of a row of a grid: beside its words
  update();
}
