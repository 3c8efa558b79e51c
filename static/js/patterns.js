// Patterns in the browser. They are written in RE2's syntax (https://github.com/google/re2/wiki/Syntax) and matched by the
// server with RE2; here each is said as a RegExp that means the same: classes are those of RE2, `^` and `$` too.
// Only `\b` beside ſ or K (the sign of Kelvin) in a pattern without case may differ.

const compiled = new Map();

/** Whether the pattern is found anywhere in a text (in one with half a character nothing is); null where this browser cannot tell. */
export function matches(text, pattern) {
  if (/\p{Surrogate}/u.test(text)) return false;
  if (!compiled.has(pattern)) compiled.set(pattern, compile(pattern));
  return compiled.get(pattern)?.test(text) ?? null;
}

function compile(pattern) {
  try {
    const { source, isFolded } = translated(pattern);
    return new RegExp(source, isFolded ? "sui" : "su");
  } catch {
    return null;
  }
}

const PERL = { d: "0-9", s: "\\t\\n\\f\\r ", w: "0-9A-Za-z_" };
const POSIX = {
  alnum: "0-9A-Za-z", alpha: "A-Za-z", ascii: "\\u{0}-\\u{7f}", blank: "\\t ", cntrl: "\\u{0}-\\u{1f}\\u{7f}", digit: "0-9",
  graph: "\\u{21}-\\u{7e}", lower: "a-z", print: "\\u{20}-\\u{7e}", punct: "\\u{21}-\\u{2f}\\u{3a}-\\u{40}\\u{5b}-\\u{60}\\u{7b}-\\u{7e}",
  space: "\\t\\n\\v\\f\\r ", upper: "A-Z", word: PERL.w, xdigit: "0-9A-Fa-f",
};
const CONTROLS = { a: "\x07", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };
const ASSERTIONS = { A: "(?:^)", z: "(?:$)", b: "(?:\\b)", B: "(?:\\B)" };
const ANY = "[^]";

const literal = (char) => (/[0-9A-Za-z]/.test(char) ? char : `\\u{${char.codePointAt(0).toString(16)}}`);
const either = (pieces) => (pieces.length === 1 ? pieces[0] : `(?:${pieces.join("|")})`);

/** Takes a pattern apart, from left to right. */
class Reader {
  constructor(pattern) {
    this.pattern = pattern;
    this.at = 0;
  }

  get isDone() {
    return this.at >= this.pattern.length;
  }

  /** What stands here, if it has the shape; it is passed then. */
  take(shape) {
    const sticky = new RegExp(shape.source, "suy");
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.pattern);
    if (found) this.at = sticky.lastIndex;
    return found;
  }

  /** A class of Perl or Unicode, as [is it negated, what stands between its brackets]. */
  set() {
    const perl = this.take(/\\([dswDSW])/);
    if (perl) return [perl[1] < "a", PERL[perl[1].toLowerCase()]];
    const found = this.take(/\\([pP])(?:\{(\^?)([^}]*)\}|(.))/);
    if (!found) return null;
    const name = found[3] ?? found[4];
    const isCategory = (name.length <= 2 && name !== "Yi") || name === "Any";
    return [(found[1] === "P") !== (found[2] === "^"), isCategory ? `\\p{${name}}` : `\\p{Script=${name}}`];
  }

  /** One character, written as itself or behind a backslash. */
  char() {
    const code = this.take(/\\x\{([0-9A-Fa-f]+)\}/) ?? this.take(/\\x([0-9A-Fa-f]{2})/);
    if (code) return String.fromCodePoint(parseInt(code[1], 16));
    const octal = this.take(/\\([0-7]{1,3})/);
    if (octal) return String.fromCodePoint(parseInt(octal[1], 8));
    const escaped = this.take(/\\(.)/);
    if (escaped) return CONTROLS[escaped[1]] ?? escaped[1];
    return this.take(/./)[0];
  }

  /** A class in brackets, behind its first one. */
  brackets() {
    const isNegated = Boolean(this.take(/\^/));
    let within = "";
    const without = [];
    for (let isFirst = true; isFirst || !this.take(/\]/); isFirst = false) {
      const posix = this.take(/\[:(\^?)(\w+):\]/);
      const [isOpposite, members] = posix ? [Boolean(posix[1]), POSIX[posix[2]]] : (this.set() ?? [false, this.range()]);
      if (isOpposite) without.push(`[^${members}]`);
      else within += members;
    }
    if (isNegated && !without.length) return `[^${within}]`;
    const pieces = [...(within ? [`[${within}]`] : []), ...without];
    return isNegated ? `(?:(?!${pieces.join("|")})${ANY})` : either(pieces);
  }

  range() {
    const first = literal(this.char());
    return this.take(/-(?!\])/) ? `${first}-${literal(this.char())}` : first;
  }
}

/** The pattern as the source of a RegExp, and whether all of it is without case. */
function translated(pattern) {
  const reader = new Reader(pattern);
  const isFolded = /^\(\?[msU]*i[imsU]*(-[msU]+)?\)/.test(pattern);
  let state = { i: isFolded, m: false, s: true, outside: isFolded, open: 0 };
  const around = [];
  let source = "";
  const closed = () => ")".repeat(state.open);
  const fold = () => { // a change of case holds to the end of its group
    state.open = state.i === state.outside ? 0 : 1;
    return state.open ? `(?${state.i ? "" : "-"}i:` : "";
  };
  while (!reader.isDone) {
    let found;
    if ((found = reader.take(/\\Q(.*?)(?:\\E|$)/))) source += [...found[1]].map(literal).join("");
    else if ((found = reader.set())) source += `[${found[0] ? "^" : ""}${found[1]}]`;
    else if ((found = reader.take(/\\([AzbB])/))) source += ASSERTIONS[found[1]];
    else if ((found = reader.take(/\(\?([imsU]*)(?:-([imsU]+))?([:)])/))) {
      const set = {};
      for (const flag of found[1]) set[flag] = true;
      for (const flag of found[2] ?? "") set[flag] = false;
      if (found[3] === ":") {
        around.push(state);
        state = { ...state, ...set, outside: state.i, open: 0 };
        source += `(?:${fold()}`;
      } else {
        source += closed();
        Object.assign(state, set);
        source += fold();
      }
    } else if (reader.take(/\((?:\?P?<[^>]*>)?/)) {
      around.push(state);
      state = { ...state, outside: state.i, open: 0 };
      source += "(?:";
    } else if (reader.take(/\)/)) {
      source += `${closed()})`;
      state = around.pop();
    } else if (reader.take(/\|/)) source += `${closed()}|${fold()}`;
    else if (reader.take(/\[/)) source += reader.brackets();
    else if ((found = reader.take(/(?:[*+?]|\{\d+(?:,\d*)?\})\??/))) source += found[0];
    else if (reader.take(/\./)) source += state.s ? ANY : "[^\\n]";
    else if (reader.take(/\^/)) source += state.m ? "(?:(?<![^\\n]))" : "(?:^)";
    else if (reader.take(/\$/)) source += state.m ? "(?:(?![^\\n]))" : "(?:$)";
    else source += literal(reader.char());
  }
  return { source: source + closed(), isFolded };
}
