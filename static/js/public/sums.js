// The sum of several numbers, said while they are typed. The server adds them up again.
import { numberOf, unitOf } from "./numbers.js";

export function watchSums(form) {
  for (const whole of form.querySelectorAll("[data-sum]")) watchSum(form, whole);
}

function watchSum(form, whole) {
  const { sum: words, least, most, decimals } = whole.dataset;
  const shown = document.createElement("output");
  shown.className = "sum";
  whole.append(shown);
  const update = () => {
    const sum = sumOf(whole, Number(decimals));
    const goal = least !== undefined && least === most ? ` / ${said(Number(most))}` : "";
    const text = `${words}: ${said(sum)}${goal}`;
    if (shown.textContent !== text) shown.textContent = text;
    shown.classList.toggle("sum--right", goal !== "" && sum === Number(most));
    shown.classList.toggle("sum--over", most !== undefined && sum > Number(most));
  };
  for (const event of ["input", "change"]) form.addEventListener(event, update);
  addEventListener("pageshow", update); // after the browser has put back what was typed
  update();
}

/** Rounded to nine decimals, so that a tenth and two tenths are three tenths. */
function sumOf(whole, decimals) {
  const typed = [...whole.querySelectorAll("input")].filter((control) => !control.disabled);
  const numbers = typed.map((control) => numberOf(control.value.trim(), decimals, unitOf(control.closest("[data-field]")))).filter((number) => number !== null);
  return Math.round(numbers.reduce((sum, number) => sum + number, 0) * 1e9) / 1e9;
}

const said = (number) => number.toLocaleString(document.documentElement.lang || undefined, { maximumFractionDigits: 9 });
