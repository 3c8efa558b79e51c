// The browser's own picker beside a colour that is typed. It always holds some colour, so it only lends its own when used.
import { announce, inStep, labelOf, made } from "./faces.js";

const COLOUR = /^#[0-9a-f]{6}$/i;

export function pickColours(form) {
  for (const text of form.querySelectorAll(".colour__text")) {
    const picker = made("input", { type: "color", class: "colour__picker", "aria-labelledby": labelOf(text) });
    text.after(picker);
    const draw = () => {
      const held = text.value.trim();
      picker.toggleAttribute("data-untouched", !COLOUR.test(held));
      if (COLOUR.test(held)) picker.value = held;
      picker.disabled = text.disabled;
    };
    text.addEventListener("input", draw);
    picker.addEventListener("input", () => {
      text.value = picker.value;
      announce(text);
    });
    inStep(text, draw);
  }
}
