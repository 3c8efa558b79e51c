// A list too long to come with the page: what fits is asked of the server while the customer types. The line that the page
// came with keeps the answer, the id of an entry, or what was typed where that names none: the server says so.
import { Combobox } from "./search.js";
import { fieldOf, valuesOf } from "./fields.js";

const PAUSE = 150; // milliseconds without a key before the server is asked

export function lookUp(form) {
  if (!form.dataset.entries) return;
  for (const box of form.querySelectorAll(".search--lookup")) new Lookup(form, box);
}

class Lookup extends Combobox {
  constructor(form, box) {
    const line = box.querySelector("input");
    box.querySelector(".search__fitting")?.remove(); // the list that opens has them
    super(box, line, { placeholder: null });
    this.form = form;
    this.words = line.value;
    if (box.dataset.chosen) line.value = box.dataset.chosen;
    const parent = box.dataset.parent && fieldOf(form, box.dataset.parent);
    if (parent) {
      let before = valuesOf(parent).join();
      form.addEventListener("change", () => {
        const now = valuesOf(parent).join();
        if (now === before) return;
        before = now;
        this.choose("");
      });
    }
    this.draw();
  }

  held() {
    return this.words ?? "";
  }

  /** Asks, once no key was pressed for a moment; an answer that comes late is passed over. */
  find(typed, show) {
    const asked = (this.asked = Symbol("asked"));
    clearTimeout(this.pause);
    this.pause = setTimeout(async () => {
      const found = await this.ask(typed);
      if (found && asked === this.asked) {
        this.known = new Map(found.entries);
        show(found.entries.map(([value, words]) => ({ value, words, chosen: value === this.control.value })), found.more);
      }
    }, typed ? PAUSE : 0);
  }

  async ask(typed) {
    const { fieldName, parent, of } = this.box.dataset;
    const address = new URL(this.form.dataset.entries, location.href);
    address.searchParams.set("field", fieldName);
    address.searchParams.set("q", typed.trim());
    const there = parent && fieldOf(this.form, parent);
    for (const answer of there ? valuesOf(there) : (of ?? "").split(" ").filter(Boolean)) address.searchParams.append("of", answer);
    try {
      const answer = await fetch(address);
      return answer.ok ? await answer.json() : null;
    } catch {
      return null; // no network: what is typed is sent, and the next page offers what fits
    }
  }

  choose(value) {
    this.asked = null;
    this.words = value ? this.known?.get(value) ?? this.words : "";
    super.choose(value);
  }

  /** What names no entry is kept as it was typed, for the server to look at. */
  leave(as_it_was = false) {
    const typed = this.input.value.trim();
    if (as_it_was || typed === this.held().trim()) return super.choose(this.control.value);
    const named = [...(this.known ?? [])].find(([, words]) => words.trim().toLowerCase() === typed.toLowerCase());
    if (named || !typed) return this.choose(named?.[0] ?? "");
    this.words = typed;
    this.asked = null;
    super.choose(typed);
  }
}
