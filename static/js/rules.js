// Rules in the browser: the mirror of formsite/definition/logic/evaluation.py, which decides.
// Both run tests/definition/vectors/rules.json. Unknown is null; nothing here throws, and nothing is compiled from text.

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

/** Days since 1970-01-01. */
function serial([year, month, date]) {
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, date);
  return Math.round(at.getTime() / 86400000);
}

function addDays(start, days) {
  const from = day(start);
  if (!from || !isNumber(days) || !Number.isInteger(days) || Math.abs(days) > 4000000) return null;
  const at = new Date((serial(from) + days) * 86400000);
  const year = at.getUTCFullYear();
  if (year < 1 || year > 9999) return null;
  const two = (number) => String(number).padStart(2, "0");
  return `${String(year).padStart(4, "0")}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
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
  (isNumber(a) && isNumber(b)) || (isText(a) && isText(b) && day(a) && day(b)) ? decide(a, b) : null;

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
  starts_with: (a, b) => (isText(a) && isText(b) ? nfc(a).startsWith(nfc(b)) : null),
};

const arithmetic = (step) => (values) => (values.every(isNumber) ? finite(values.reduce(step)) : null);
const extreme = (pick) => (values) => {
  if (values.every(isNumber)) return values.reduce((a, b) => (pick(b, a) ? b : a));
  return values.every((value) => day(value)) ? values.reduce((a, b) => (pick(b, a) ? b : a)) : null;
};

const LISTS = {
  plus: arithmetic((a, b) => a + b),
  minus: arithmetic((a, b) => a - b),
  times: arithmetic((a, b) => a * b),
  divided_by: (values) => (values.every(isNumber) && values[1] !== 0 ? finite(values[0] / values[1]) : null),
  least: extreme((a, b) => a < b),
  greatest: extreme((a, b) => a > b),
  join: (values) => (values.every(isText) ? values.join("") : null),
};

const part = (index) => (value) => { const found = day(value); return found ? found[index] : null; };

const UNARIES = {
  count: (value) => (Array.isArray(value) ? value.length : null),
  length: (value) => (isText(value) ? [...value].length : null),
  lower: (value) => {
    if (!isText(value)) return null;
    return [...value].map((char) => { const small = char.toLowerCase(); return [...small].length === 1 ? small : char; }).join("");
  },
  trim: (value) => (isText(value) ? value.replace(/^[ \t\r\n\u00a0]+|[ \t\r\n\u00a0]+$/g, "") : null),
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

/** True, false or null for a rule; a value or null for an expression. `today` is YYYY-MM-DD. */
export function evaluate(rule, answers, today) {
  const run = (node) => evaluate(node, answers, today);
  if ("field" in rule && !("op" in rule)) {
    const value = Object.hasOwn(answers, rule.field) ? answers[rule.field] : null;
    return value === undefined || value === "" || (Array.isArray(value) && !value.length) ? null : value;
  }
  if ("value" in rule) return rule.value;
  if ("date" in rule && !("op" in rule)) return rule.date;
  switch (rule.op) {
    case "all": return kleene(rule.of, false, run);
    case "any": return kleene(rule.of, true, run);
    case "not": { const value = run(rule.of); return isBoolean(value) ? !value : null; }
    case "answered": return run({ field: rule.field }) !== null;
    case "today": return today;
    case "if": { const value = run(rule.if); return isBoolean(value) ? run(value ? rule.then : rule.else) : null; }
    case "one_of": {
      const left = run(rule.left);
      const found = rule.values.map((value) => (left === null ? null : same(left, run(value))));
      return found.includes(true) ? true : found.includes(null) ? null : false;
    }
    case "round": return round(run(rule.of), rule.places ?? 0);
    case "add_days": return addDays(run(rule.date), run(rule.days));
    case "days_between":
    case "years_between": {
      const a = day(run(rule.from)), b = day(run(rule.to));
      if (!a || !b) return null;
      return rule.op === "days_between" ? serial(b) - serial(a) : yearsBetween(a, b);
    }
  }
  if (Object.hasOwn(COMPARISONS, rule.op)) {
    const left = run(rule.left), right = run(rule.right);
    return left === null || right === null ? null : COMPARISONS[rule.op](left, right);
  }
  if (Object.hasOwn(UNARIES, rule.op)) {
    const value = run(rule.of);
    return value === null ? null : UNARIES[rule.op](value);
  }
  if (!Object.hasOwn(LISTS, rule.op)) return null;
  const values = rule.of.map(run);
  return values.includes(null) ? null : LISTS[rule.op](values);
}
