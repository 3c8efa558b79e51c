// Numbers as formsite/definition/fieldtypes/numbers.py reads them: in the digits of any script, with a point or a comma
// before the decimals and marks between the thousands.

const LARGEST = Number.MAX_SAFE_INTEGER;
const PLAIN = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)$/;
const GROUPED = /^[+-]?[1-9]\d{0,2}((,\d{3})+(\.\d+)?|(\.\d{3})+(,\d+)?)$/;
const UNSEEN = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const EITHER = /^[+-]?[1-9]\d{0,2}([.,])\d{3}$/; // a thousand to one, a fraction to another

/** The number, or null for what is none or could be two. `beside` is the unit that may be written with it. */
export function numberOf(typed, decimals, beside = "") {
  const text = bare(plainDigits(typed), beside).replace(/(?<=\d)[ \u00a0\u2009\u202f'’\u066c](?=\d)/g, "");
  const either = EITHER.exec(text);
  if (either) return either[1] === "." && decimals >= 3 ? Number(text) : null;
  const number = GROUPED.test(text) ? Number(ungrouped(text)) : PLAIN.test(text) ? Number(text.replace(",", ".")) : NaN;
  return Math.abs(number) <= LARGEST ? number : null;
}

function bare(text, beside) {
  const [said, word] = [text.toLowerCase(), beside.trim().toLowerCase()];
  if (!word || /^\p{Nd}+$/u.test(word)) return text;
  if (said.startsWith(word)) return text.slice(word.length).trim();
  return said.endsWith(word) ? text.slice(0, -word.length).trim() : text;
}

/** The unit that a page draws beside the control of a field. */
export const unitOf = (field) => field.querySelector(".with-unit__unit")?.textContent ?? "";

function ungrouped(text) {
  const last = Math.max(text.lastIndexOf("."), text.lastIndexOf(","));
  const isMixed = text.includes(".") && text.includes(",");
  return isMixed ? `${text.slice(0, last).replace(/[.,]/g, "")}.${text.slice(last + 1)}` : text.replace(/[.,]/g, "");
}

/** Digits of every script stand in unbroken runs of ten, or of several tens. */
function plainDigits(text) {
  return text.replace(UNSEEN, "").trim().replaceAll("\u2212", "-").replaceAll("\u066b", ".").replace(/\p{Nd}/gu, (digit) => {
    const at = digit.codePointAt(0);
    let first = at;
    while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
    return (at - first) % 10;
  });
}
