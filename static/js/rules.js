// Rules in the browser: the mirror of formsite/definition/logic/evaluation.py, which decides.
// Both run tests/definition/vectors/rules.json. Unknown is null; nothing here throws, and no code is made of text.
import { matches } from "./patterns.js";

const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const nfc = (text) => text.normalize("NFC");
const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
const isText = (value) => typeof value === "string";
const isBoolean = (value) => typeof value === "boolean";
const finite = (value) => (Number.isFinite(value) ? value : null);
const isLeap = (year) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** A day as [year, month, day], or null for what is no day of the proleptic Gregorian calendar. */
function day(text) {
  if (!isText(text) || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const [year, month, date] = text.split("-").map(Number);
  if (year < 1 || month < 1 || month > 12 || date < 1) return null;
  return date <= MONTHS[month - 1] + (month === 2 && isLeap(year) ? 1 : 0) ? [year, month, date] : null;
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** date, time, moment or month; null for any other text. */
function shape(text) {
  if (!isText(text)) return null;
  if (day(text)) return "date";
  if (TIME.test(text)) return "time";
  if (text[10] === "T" && day(text.slice(0, 10)) && TIME.test(text.slice(11))) return "moment";
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text) && !text.startsWith("0000") ? "month" : null;
}

/** The day of a date or moment. */
const dayOf = (text) => (["date", "moment"].includes(shape(text)) ? day(text.slice(0, 10)) : null);

/** Minutes since midnight of a time or moment. */
function minutesOf(text) {
  if (!["time", "moment"].includes(shape(text))) return null;
  const [hour, minute] = text.slice(-5).split(":").map(Number);
  return hour * 60 + minute;
}

function dayNumber(text) {
  const kind = shape(text), past = minutesOf(text) ?? 0, at = dayOf(text);
  if (kind === "time") return past / 1440;
  return at ? serial(at) + past / 1440 : null;
}

/** Days since 1970-01-01. */
function serial([year, month, date]) {
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, date);
  return Math.round(at.getTime() / 86400000);
}

const two = (number) => String(number).padStart(2, "0");
const written = (year, month, date) => (year < 1 || year > 9999 ? null : `${String(year).padStart(4, "0")}-${two(month)}-${two(date)}`);
const isWhole = (value) => isNumber(value) && Number.isInteger(value) && Math.abs(value) <= 4000000;

/** The day with a number of days since 1970-01-01. */
function dayOfNumber(number) {
  if (!isNumber(number) || Math.abs(number) > 4000000) return null;
  const at = new Date(Math.floor(number) * 86400000);
  return written(at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate());
}

function addDays(start, days) {
  const from = day(start);
  return !from || !isWhole(days) ? null : dayOfNumber(serial(from) + days);
}

function addMonths(start, months) {
  const from = day(start);
  if (!from || !isWhole(months)) return null;
  const count = from[0] * 12 + from[1] - 1 + months, year = Math.floor(count / 12), month = count - year * 12 + 1;
  const last = MONTHS[month - 1] + (month === 2 && isLeap(year) ? 1 : 0);
  return written(year, month, Math.min(from[2], last));
}

function monthsBetween(a, b) {
  if (serial(b) < serial(a)) return -monthsBetween(b, a);
  return (b[0] - a[0]) * 12 + b[1] - a[1] - (b[2] < a[2] ? 1 : 0);
}

const MONTH_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAY_NAMES = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const weekday = (at) => ((((serial(at) + 3) % 7) + 7) % 7) + 1;

function formatDate(value, pattern) {
  const at = dayOf(value);
  if (!at) return null;
  const past = minutesOf(value) ?? 0, hour = Math.floor(past / 60);
  const marks = {
    Y: String(at[0]).padStart(4, "0"), y: two(at[0] % 100), m: two(at[1]), n: String(at[1]), b: MONTH_NAMES[at[1] - 1], d: two(at[2]),
    e: String(at[2]), H: two(hour), h: String(hour), M: two(past % 60), S: "00", a: DAY_NAMES[weekday(at) - 1],
  };
  return pattern.replace(/%([^])/gu, (mark, letter) => (Object.hasOwn(marks, letter) ? marks[letter] : mark));
}

function yearsBetween(a, b) {
  const before = a[1] * 100 + a[2], after = b[1] * 100 + b[2];
  if (serial(b) < serial(a)) return -yearsBetween(b, a);
  return b[0] - a[0] - (after < before ? 1 : 0);
}

function same(a, b) {
  if (isBoolean(a) || isBoolean(b)) return isBoolean(a) && isBoolean(b) ? a === b : null;
  if (isText(a) && isText(b)) return nfc(a) === nfc(b);
  return isNumber(a) && isNumber(b) ? a === b : null;
}

const ordered = (decide) => (a, b) =>
  (isNumber(a) && isNumber(b)) || (shape(a) !== null && shape(a) === shape(b)) ? decide(a, b) : null;

const texts = (apply) => (a, b) => (isText(a) && isText(b) ? apply(nfc(a), nfc(b)) : null);
const codePoints = (text) => [...text].length;

const COMPARISONS = {
  is: same,
  is_not: (a, b) => { const equal = same(a, b); return equal === null ? null : !equal; },
  less: ordered((a, b) => a < b),
  at_most: ordered((a, b) => a <= b),
  more: ordered((a, b) => a > b),
  at_least: ordered((a, b) => a >= b),
  contains: (a, b) => {
    if (!isText(b)) return null;
    if (Array.isArray(a)) return a.some((each) => same(each, b) === true);
    return isText(a) ? nfc(a).includes(nfc(b)) : null;
  },
  starts_with: texts((a, b) => a.startsWith(b)),
  ends_with: texts((a, b) => a.endsWith(b)),
  before: texts((a, b) => (b && a.includes(b) ? a.slice(0, a.indexOf(b)) : "")),
  after: texts((a, b) => (!b ? a : a.includes(b) ? a.slice(a.indexOf(b) + b.length) : "")),
  find: texts((a, b) => (a.includes(b) ? codePoints(a.slice(0, a.indexOf(b))) : -1)),
};

const arithmetic = (step) => (values) => (values.every(isNumber) ? finite(values.reduce(step)) : null);
const extreme = (pick) => (values) => {
  if (values.every(isNumber)) return values.reduce((a, b) => (pick(b, a) ? b : a));
  const kind = shape(values[0]);
  return kind && values.every((value) => shape(value) === kind) ? values.reduce((a, b) => (pick(b, a) ? b : a)) : null;
};
const pair = (apply) => (values) => (values.every(isNumber) ? finite(apply(values[0], values[1]) + 0) : null);

/** Rounded to 14 digits: libraries of mathematics differ in the last ones. */
const settled = (number) => (Number.isFinite(number) ? Number(number.toPrecision(14)) : number);

/** By multiplication where the exponent is whole, which is the same everywhere; else settled. */
function power(base, exponent) {
  if (!Number.isInteger(exponent) || Math.abs(exponent) > 1024) return settled(base ** exponent);
  let result = 1;
  for (let times = Math.abs(exponent), square = base; times; times = Math.floor(times / 2), square *= square) if (times % 2) result *= square;
  return exponent < 0 ? 1 / result : result;
}

/** A text that a rule makes; a longer one is unknown, so that texts put into texts do not grow without end. */
const MOST_LETTERS = 100000;
const bounded = (text) => (text.length <= MOST_LETTERS || codePoints(text) <= MOST_LETTERS ? text : null);
const joined = (separator, values) => (Array.isArray(values) && values.every(isText) ? bounded(values.join(separator)) : null);

const LISTS = {
  plus: arithmetic((a, b) => a + b),
  minus: arithmetic((a, b) => a - b),
  times: arithmetic((a, b) => a * b),
  divided_by: (values) => (values.every(isNumber) && values[1] !== 0 ? finite(values[0] / values[1]) : null),
  mod: (values) => (values.every(isNumber) && values[1] !== 0 ? finite(values[0] % values[1]) : null),
  power: pair(power),
  least: extreme((a, b) => a < b),
  greatest: extreme((a, b) => a > b),
  join: (values) => joined("", values),
};

const part = (index) => (value) => { const found = dayOf(value); return found ? found[index] : null; };
const clock = (pick) => (value) => { const found = minutesOf(value); return found === null ? null : pick(found); };
const ofNumber = (apply) => (value) => (isNumber(value) ? finite(apply(value) + 0) : null);
const cased = (change) => (value) =>
  isText(value) ? [...value].map((char) => { const changed = change(char); return codePoints(changed) === 1 ? changed : char; }).join("") : null;
const trimmed = (value) => value.replace(/^[ \t\r\n\u00a0]+|[ \t\r\n\u00a0]+$/g, "");

function toNumber(value) {
  if (isBoolean(value)) return Number(value);
  if (isNumber(value)) return value;
  const text = isText(value) ? trimmed(value) : "";
  return /^-?(\d+(\.\d*)?|\.\d+)$/.test(text) && text.length <= 400 ? finite(Number(text)) : null;
}

/** A number is written in the fewest decimals that tell it; beyond 21 digits it is unknown. */
function toText(value) {
  if (isBoolean(value) || isText(value)) return String(value);
  if (Array.isArray(value)) return joined(" ", value);
  if (!isNumber(value)) return null;
  if (value === 0) return "0";
  return Math.abs(value) >= 1e-6 && Math.abs(value) < 1e21 ? String(value) : null;
}

function substring(text, start, length) {
  if (!isText(text) || !isNumber(start) || (length !== undefined && !isNumber(length))) return null;
  const first = Math.max(Math.floor(start), 0), letters = [...text];
  if (length === undefined) return letters.slice(first).join("");
  return letters.slice(first, Math.max(Math.floor(start) + Math.floor(length), first)).join("");
}

function replaced(text, old, fresh) {
  if (![text, old, fresh].every(isText)) return null;
  if (!old) return text;
  const times = text.split(old).length - 1;
  const grown = codePoints(text) + times * (codePoints(fresh) - codePoints(old));
  return grown <= MOST_LETTERS ? text.replaceAll(old, () => fresh) : null;
}

const nth = (list, index) => (Array.isArray(list) && isNumber(index) && Number.isInteger(index) && index >= 0 && index < list.length ? list[index] : null);

const UNARIES = {
  count: (value) => (Array.isArray(value) ? value.length : null),
  length: (value) => (isText(value) ? [...value].length : null),
  lower: cased((char) => char.toLowerCase()),
  upper: cased((char) => char.toUpperCase()),
  trim: (value) => (isText(value) ? trimmed(value) : null),
  number: toNumber,
  text: toText,
  sqrt: ofNumber(Math.sqrt),
  abs: ofNumber(Math.abs),
  floor: ofNumber(Math.floor),
  ceil: ofNumber(Math.ceil),
  exp: ofNumber((number) => settled(Math.exp(number))),
  log: ofNumber((number) => settled(Math.log(number))),
  day_number: dayNumber,
  day_of_number: dayOfNumber,
  date_of: (value) => (isText(value) && day(value.slice(0, 10)) ? value.slice(0, 10) : null),
  time_of: (value) => (shape(value) === "moment" ? value.slice(11) : null),
  weekday: (value) => { const found = dayOf(value); return found ? weekday(found) : null; },
  hour: clock((minutes) => Math.floor(minutes / 60)),
  minute: clock((minutes) => minutes % 60),
  year: part(0),
  month: part(1),
  day: part(2),
};

function kleene(rules, decisive, run) {
  let unknown = false;
  for (const rule of rules) {
    const value = run(rule);
    if (value === decisive) return decisive;
    unknown ||= !isBoolean(value);
  }
  return unknown ? null : !decisive;
}

function round(value, places) {
  if (!isNumber(value)) return null;
  const scale = 10 ** places, scaled = Math.abs(value) * scale + 0.5;
  return Number.isFinite(scaled) ? (value < 0 ? -1 : 1) * (Math.floor(scaled) / scale) : null;
}

const SPANS = { days_between: (a, b) => serial(b) - serial(a), months_between: monthsBetween, years_between: yearsBetween };
const known = (values) => values.filter((value) => value !== null);
const someOver = (decisive) => (values) =>
  values.includes(decisive) ? decisive : values.every(isBoolean) ? !decisive : null;
const OVER = {
  sum_over: (values) => finite(values.filter(isNumber).reduce((a, b) => a + b, 0)),
  least_over: (values) => (known(values).length ? LISTS.least(known(values)) : null),
  greatest_over: (values) => (known(values).length ? LISTS.greatest(known(values)) : null),
  count_over: (values) => values.filter((value) => value === true).length,
  any_over: someOver(true),
  all_over: someOver(false),
};

/** The path of a field or repeat: with the number of the instance of each repeat around it; null outside of one. */
function pathOf(name, { homes = {} }, at) {
  let path = "";
  for (const home of Object.hasOwn(homes, name) ? homes[name] : []) {
    if (!Object.hasOwn(at, home)) return null;
    path += `${home}-${at[home]}-`;
  }
  return path + name;
}

/**
 * True, false or null for a rule; a value or null for an expression.
 *
 * `answers` are by path. `today` is YYYY-MM-DD. `scope` ({homes, repeats, parts, scores}) tells where answers stand, `at` in
 * which instance of each repeat the rule stands, `now` the moment (YYYY-MM-DDTHH:MM), `say` the words of an answer.
 */
export function evaluate(rule, answers, today, scope = {}, at = {}, { now = null, say = () => null } = {}) {
  return run(rule, { answers, today, scope, at, now, say });
}

function lookUp(name, context) {
  const path = pathOf(name, context.scope, context.at);
  const value = path !== null && Object.hasOwn(context.answers, path) ? context.answers[path] : null;
  return value === undefined || value === "" || (Array.isArray(value) && !value.length) ? null : value;
}

function isAnswered(name, context) {
  const { repeats = [], parts = {} } = context.scope;
  if (repeats.includes(name)) return instancesOf(name, context) > 0;
  return [name, ...(Object.hasOwn(parts, name) ? parts[name] : [])].some((each) => lookUp(each, context) !== null);
}

function scoreOf(name, context) {
  const value = lookUp(name, context);
  if (value === null) return null;
  const { scores = {} } = context.scope, own = Object.hasOwn(scores, name) ? scores[name] : {};
  return finite([value].flat().reduce((sum, each) => sum + (isText(each) && Object.hasOwn(own, each) ? own[each] : 0), 0));
}

/** Of a group, whatever the answers say. */
const MOST_INSTANCES = 1000;

function instancesOf(name, context) {
  const number = lookUp(name, context);
  return Number.isInteger(number) ? Math.max(0, Math.min(number, MOST_INSTANCES)) : 0;
}

/** The values of an expression in the instances that `where` picks. */
function overEach({ over, of, where }, context) {
  const values = [];
  for (let index = 0; index < instancesOf(over, context); index++) {
    const inside = { ...context, at: { ...context.at, [over]: index } };
    if (!where || run(where, inside) === true) values.push(run(of, inside));
  }
  return values;
}

function instanceAt({ over, index, of }, context) {
  const number = run(index, context);
  if (!isNumber(number) || !Number.isInteger(number) || number < 0 || number >= instancesOf(over, context)) return null;
  return run(of, { ...context, at: { ...context.at, [over]: number } });
}

function run(rule, context) {
  const inner = (node) => run(node, context);
  const strict = (apply, ...nodes) => {
    const values = nodes.map(inner);
    return values.includes(null) ? null : apply(...values);
  };
  if (!("op" in rule)) return "field" in rule ? lookUp(rule.field, context) : "value" in rule ? rule.value : rule.date;
  switch (rule.op) {
    case "all": return kleene(rule.of, false, inner);
    case "any": return kleene(rule.of, true, inner);
    case "not": { const value = inner(rule.of); return isBoolean(value) ? !value : null; }
    case "sure": return inner(rule.of) === true;
    case "or_else": { for (const node of rule.of) { const value = inner(node); if (value !== null) return value; } return null; }
    case "answered": return isAnswered(rule.field, context);
    case "score": return scoreOf(rule.field, context);
    case "label": { const path = pathOf(rule.field, context.scope, context.at); return path === null ? null : context.say(path); }
    case "today": return context.today;
    case "now": return context.now;
    case "if": { const value = inner(rule.if); return isBoolean(value) ? inner(value ? rule.then : rule.else) : null; }
    case "one_of": {
      const left = inner(rule.left);
      const found = rule.values.map((value) => (left === null ? null : same(left, inner(value))));
      return found.includes(true) ? true : found.includes(null) ? null : false;
    }
    case "round": return round(inner(rule.of), rule.places ?? 0);
    case "matches": return strict((value) => (isText(value) ? matches(value, rule.pattern) : null), rule.of);
    case "substring": return strict(substring, rule.of, rule.from, ...(rule.length ? [rule.length] : []));
    case "replace": return strict(replaced, rule.of, rule.old, rule.new);
    case "nth": return strict(nth, rule.of, rule.index);
    case "list_text": return strict((value) => joined(rule.separator, value), rule.of);
    case "format_date": return strict((value) => formatDate(value, rule.pattern), rule.of);
    case "add_days": return addDays(inner(rule.date), inner(rule.days));
    case "add_months": return addMonths(inner(rule.date), inner(rule.months));
    case "instances": return instancesOf(rule.over, context);
    case "position": return Object.hasOwn(context.at, rule.over) ? context.at[rule.over] + 1 : null;
    case "at": return instanceAt(rule, context);
    case "join_over": return joined(rule.separator, overEach(rule, context).filter(isText));
  }
  if (Object.hasOwn(OVER, rule.op)) return OVER[rule.op](overEach(rule, context));
  if (Object.hasOwn(COMPARISONS, rule.op)) return strict(COMPARISONS[rule.op], rule.left, rule.right);
  if (Object.hasOwn(UNARIES, rule.op)) return strict(UNARIES[rule.op], rule.of);
  if (Object.hasOwn(SPANS, rule.op)) {
    const a = day(inner(rule.from)), b = day(inner(rule.to));
    return a && b ? SPANS[rule.op](a, b) : null;
  }
  if (!Object.hasOwn(LISTS, rule.op)) return null;
  return strict((...values) => LISTS[rule.op](values), ...rule.of);
}
