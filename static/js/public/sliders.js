// A number on a scale gets a slider beside it. Until it is touched there is no answer, which a slider by itself could not say.
import { announce, inStep, labelOf, made } from "./faces.js";
import { numberOf, unitOf } from "./numbers.js";

const DECIMALS = 9;

export function slide(form) {
  for (const number of form.querySelectorAll(".slider__number")) addRange(number);
}

function addRange(number) {
  const { min, max, step, unanswered } = number.dataset;
  const described = number.getAttribute("aria-describedby");
  const range = made("input", { type: "range", class: "slider__range", min, max, step, "aria-labelledby": labelOf(number), "aria-describedby": described });
  number.before(range);
  const draw = () => {
    const held = number.value.trim() ? numberOf(number.value, DECIMALS, unitOf(number.closest("[data-field]"))) : null;
    range.toggleAttribute("data-untouched", held === null);
    if (held === null) range.setAttribute("aria-valuetext", unanswered);
    else range.removeAttribute("aria-valuetext");
    range.value = held ?? (Number(min) + Number(max)) / 2;
    range.disabled = number.disabled;
  };
  const take = () => {
    if (number.value === range.value) return;
    number.value = range.value;
    announce(number);
  };
  number.addEventListener("input", draw);
  range.addEventListener("input", take);
  range.addEventListener("click", take); // where it stands already: nothing moves, but it was meant
  range.addEventListener("keydown", ({ key }) => { if (key === " ") take(); });
  inStep(number, draw);
}
