// Choices that exclude the others: ticking one unticks the rest, and the other way round. The server has the same law.
import { controlsOf } from "./fields.js";

export function standAlone(form) {
  form.addEventListener("change", ({ target }) => {
    const field = target.closest?.("[data-field]");
    if (!field || target.type !== "checkbox" || !target.checked) return;
    for (const control of controlsOf(field)) {
      const leaves = "alone" in target.dataset || "alone" in control.dataset;
      if (control !== target && leaves) control.checked = false;
    }
  });
}
