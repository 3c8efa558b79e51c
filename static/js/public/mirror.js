// Questions, groups and choices that depend on answers, kept in step while the customer types.
//
// The page carries `#form-rules`: `parts` in document order ({id, in?, group?, shown_if?, answer, compulsory, choices?, decimals?}),
// `answers` of other pages, `today` and `words`. The walk below is that of formsite/definition/flow.py: a part is asked if the
// one around it is and its own rule is true, and only answers to what is asked count for the rules after it.
import { evaluate } from "../rules.js";
import { controlsOf, fieldOf, markRequired, valuesOf } from "./fields.js";
import { numberOf } from "./numbers.js";

export function mirrorRules(form, rules) {
  const status = document.createElement("p");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  form.after(status);
  const run = (announce) => {
    const appeared = walk(form, rules);
    if (announce && appeared) status.textContent = (appeared === 1 ? rules.words.more_one : rules.words.more).replace("{n}", appeared);
  };
  form.addEventListener("input", () => run(true));
  form.addEventListener("change", () => run(true));
  addEventListener("pageshow", () => run(false)); // after the browser has put back what was typed
  run(false);
}

/** Draws what holds now; how many questions appeared. */
function walk(form, { parts, answers: given, today, words }) {
  const answers = { ...given };
  const shown = new Map([[undefined, true]]);
  const asked = askedOf(form);
  let appeared = 0;
  for (const part of parts) {
    const isAsked = shown.get(part.in) && (!part.shown_if || evaluate(part.shown_if, answers, today) === true);
    shown.set(part.id, isAsked);
    if (part.group) {
      form.querySelector(`[data-group="${CSS.escape(part.id)}"]`).hidden = !isAsked;
      continue;
    }
    const field = fieldOf(form, part.id);
    if (field.hidden && isAsked) appeared += part.answer === "nothing" ? 0 : 1;
    show(field, isAsked, part, (rule) => evaluate(rule, answers, today) === true);
    if (part.shown_if || part.in) isAsked ? asked.add(part.id) : asked.delete(part.id);
    const answer = isAsked ? answerOf(field, part) : null;
    if (answer !== null) answers[part.id] = answer;
    const compulsory = typeof part.compulsory === "object" ? evaluate(part.compulsory, answers, today) === true : part.compulsory;
    say(field, compulsory && !offersNothing(field, part), words);
  }
  form.elements._asked.value = [...asked].join(",");
  return appeared;
}

const askedOf = (form) => new Set(form.elements._asked.value.split(",").filter(Boolean));

function show(field, isAsked, { choices = {} }, holds) {
  if (field.hidden && isAsked) field.classList.add("field--appeared");
  field.hidden = !isAsked;
  for (const control of controlsOf(field)) {
    const rule = control.matches(".choice__input") ? choices[control.value] : null;
    const offered = !rule || holds(rule);
    if (rule) control.closest(".choice").hidden = !offered;
    control.disabled = !isAsked || !offered;
    for (const option of control.options ?? []) withhold(control, option, choices[option.value], holds);
  }
}

function withhold(select, option, rule, holds) {
  if (!rule) return;
  option.hidden = option.disabled = !holds(rule);
  if (option.disabled && option.selected) select.value = "";
}

/** Every choice is withheld: nobody could give the answer. */
const offersNothing = (field, { choices }) =>
  Boolean(choices) && controlsOf(field).flatMap((control) => [...(control.options ?? [control])].filter((each) => each.value))
    .every((each) => each.disabled);

function say(field, compulsory, words) {
  const word = field.querySelector(".field__word");
  if (!word) return;
  word.textContent = compulsory ? words.compulsory : words.optional;
  word.toggleAttribute("data-compulsory", compulsory);
  markRequired(field);
  field.dispatchEvent(new Event("formsite:drawn"));
}

/** The answer as rules see it; null while there is none, or none that can be read. */
function answerOf(field, { answer: kind, decimals = 0 }) {
  const values = valuesOf(field);
  if (!values.length) return null;
  if (kind === "choices") return values;
  if (kind === "boolean") return values[0] === "true";
  return kind === "number" ? numberOf(values[0], decimals) : values[0].normalize("NFC");
}
