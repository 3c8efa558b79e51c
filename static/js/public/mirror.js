// Questions, groups and choices that depend on answers, kept in step while the customer types.
//
// The page carries `#form-rules`: `parts` in document order, each named by its path ({id, in?, at?, group?, shown_if?, answer,
// compulsory, choices?, waits?, waiting?, decimals?, computed?, read_only?, composite?}), `answers` of other pages, `scope` (where answers in
// repeats stand), `today` and `words`. The walk below is that of formsite/definition/flow.py: a part is asked if the one
// around it is and its own rule is true, and only answers to what is asked count for the rules after it.
import { evaluate } from "../rules.js";
import { controlsOf, fieldOf, markRequired, valuesOf } from "./fields.js";
import { numberOf, unitOf } from "./numbers.js";

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
function walk(form, { parts, answers: given, scope, today, words }) {
  const answers = { ...given };
  const wordsAt = (path) => (Object.hasOwn(answers, path) ? wordsOf(fieldOf(form, path), answers[path]) : null);
  const shown = new Map([[undefined, true]]);
  const asked = askedOf(form);
  let appeared = 0;
  for (const part of parts) {
    const value = (rule) => evaluate(rule, answers, today, scope, part.at, { now: moment(), say: wordsAt });
    const isAsked = shown.get(part.in) && (!part.shown_if || value(part.shown_if) === true);
    shown.set(part.id, isAsked);
    if (part.group) {
      showGroup(form, part.id, isAsked, answers);
      continue;
    }
    const field = fieldOf(form, part.id);
    if (!field) {
      if (part.computed && isAsked) keep(answers, part.id, value(part.computed)); // worked out, and not drawn
      continue;
    }
    if (field.hidden && isAsked) appeared += part.answer === "nothing" ? 0 : 1;
    show(field, isAsked, part, (rule) => value(rule) === true);
    if (part.shown_if || part.in || mayOfferNothing(field, part)) isAsked && !offersNothing(field, part) ? asked.add(part.id) : asked.delete(part.id);
    const answer = !isAsked ? null : part.computed ? drawComputed(field, value(part.computed), part.decimals) : answerOf(field, part);
    keep(answers, part.id, answer);
    const holds = (given) => (typeof given === "object" ? value(given) === true : Boolean(given));
    const fixed = part.computed || holds(part.read_only);
    const waits = part.waiting || part.waits?.some((path) => shown.get(path) && !Object.hasOwn(answers, path));
    say(field, holds(part.compulsory) && !fixed && (waits || !offersNothing(field, part)), words);
  }
  for (const part of parts) if (part.composite) showWhole(form, part.id);
  form.elements._asked.value = [...asked].join(",");
  drawPipes(form, parts, answers);
  return appeared;
}

/** An answer that counts for the rules after it; what is empty is none. */
function keep(answers, path, value) {
  if (value === null || value === "") delete answers[path];
  else answers[path] = value;
}

/** This moment, as rules know it: YYYY-MM-DDTHH:MM. */
const moment = () => new Date().toISOString().slice(0, 16);

/** A field made of parts is there while one of them is; so is a row of a grid. */
function showWhole(form, path) {
  const whole = fieldOf(form, path);
  if (!whole) return;
  const isThere = (part) => !part.hidden;
  for (const row of whole.querySelectorAll("tr")) {
    const cells = [...row.querySelectorAll("[data-field]")];
    if (cells.length) row.hidden = !cells.some(isThere);
  }
  whole.hidden ||= ![...whole.querySelectorAll("[data-field]")].some(isThere);
}

/** A group, and of one that repeats the number of its instances. */
function showGroup(form, path, isAsked, answers) {
  const group = form.querySelector(`[data-group="${CSS.escape(path)}"]`);
  group.hidden = !isAsked;
  const count = group.querySelector(`:scope > input[type=hidden][name="${CSS.escape(path)}"]`);
  if (!count) return;
  count.disabled = !isAsked;
  answers[path] = Number(count.value);
}

/** A value that follows from others, drawn as the server writes it. */
function drawComputed(field, value, decimals) {
  const output = field.querySelector("output");
  if (output) output.textContent = value === null ? "" : said(value, decimals);
  return value;
}

function said(value, decimals) {
  if (typeof value === "boolean") return value ? "✓" : "✗";
  return typeof value === "number" ? (decimals === undefined ? String(Number(value.toFixed(9))) : value.toFixed(decimals)) : String(value);
}

/** Answers that stand in texts, kept in step; those of other pages stay as the server wrote them. */
function drawPipes(form, parts, answers) {
  const here = new Map(parts.map((part) => [part.id, part]));
  for (const place of form.querySelectorAll("[data-pipe]")) {
    const part = here.get(place.dataset.pipe);
    if (!part || part.composite || part.answer === "file") continue;
    const value = answers[part.id] ?? null;
    place.textContent = value === null ? "" : wordsOf(fieldOf(form, part.id), value);
  }
}

/** An answer in words: those beside the boxes that are ticked, or as it was typed. */
function wordsOf(field, value) {
  const controls = field ? controlsOf(field) : [];
  const ticked = controls.filter((control) => control.checked).map((control) => control.closest("label")?.textContent.trim() ?? control.value);
  const chosen = controls.flatMap((control) => [...(control.selectedOptions ?? [])]).filter((option) => option.value).map((option) => option.textContent.trim());
  const found = [...ticked, ...chosen];
  return found.length ? found.join(", ") : said(value);
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

/** The controls or lines that stand for the choices of a field. */
const offersOf = (field) => controlsOf(field).flatMap((control) => [...(control.options ?? [control])].filter((each) => each.value));

/** Every choice depends on answers. */
const mayOfferNothing = (field, { choices }) => Boolean(choices) && offersOf(field).every((each) => choices[each.value]);

/** Every choice is withheld: nobody could give the answer. */
const offersNothing = (field, { choices }) => Boolean(choices) && offersOf(field).every((each) => each.disabled);

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
  return kind === "number" ? numberOf(values[0], decimals, unitOf(field)) : values[0].normalize("NFC");
}
