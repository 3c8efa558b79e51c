// Livelier faces for controls. The control that the page came with keeps the answer and is sent; a face has no name.

/** Tells the form that the control behind a face was changed. */
export const announce = (control) => {
  for (const type of ["input", "change"]) control.dispatchEvent(new Event(type, { bubbles: true }));
};

/** An element with attributes and children; `null` leaves an attribute out. */
export function made(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** The id of the words of a field, for `aria-labelledby`. */
export function labelOf(control) {
  const field = control.closest("[data-field]");
  const label = field.querySelector(".field__label");
  label.id ||= `${field.dataset.field}-label`;
  return label.id;
}

/** Keeps a face in step: now, after rules were run, and after the browser has put back what was typed. */
export function inStep(control, draw) {
  control.closest("[data-field]").addEventListener("formsite:drawn", draw);
  addEventListener("pageshow", draw);
  draw();
}
