// A long list is found by typing: an editable combobox with a list (ARIA Authoring Practices). The control that the page came
// with keeps the answer.
import { announce, inStep, labelOf, made } from "./faces.js";

const MOST_DRAWN = 100;

export function searchLists(form) {
  for (const box of form.querySelectorAll(".search:not(.search--lookup)")) new SelectBox(box, box.querySelector("select"));
}

const PLAIN = { ß: "ss", ø: "o", đ: "d", ð: "d", ł: "l", ħ: "h", ŧ: "t", ı: "i", æ: "ae", œ: "oe", þ: "th" };
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[ßøđðłħŧıæœþ]/g, (letter) => PLAIN[letter]).trim();

export class Combobox {
  constructor(box, control, { placeholder }) {
    this.box = box;
    this.control = control;
    const id = control.id;
    control.removeAttribute("id");
    control.hidden = true;
    this.input = made("input", {
      id, type: "text", class: "control search__input", role: "combobox", autocomplete: "off", spellcheck: "false", "data-face": "",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`, placeholder,
    });
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (control.hasAttribute(name)) this.input.setAttribute(name, control.getAttribute(name));
    }
    this.list = made("ul", { id: `${id}-list`, class: "search__list", role: "listbox", "aria-labelledby": labelOf(control), hidden: "" });
    this.status = made("p", { class: "visually-hidden", role: "status" });
    box.append(this.input, this.list, this.status);
    for (const type of ["input", "change"]) this.input.addEventListener(type, (event) => event.stopPropagation()); // a word half typed is no answer
    this.input.addEventListener("input", () => this.open(this.input.value));
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("click", () => this.open(""));
    this.input.addEventListener("blur", () => this.leave());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the line
    this.list.addEventListener("click", ({ target }) => {
      const option = target.closest("[data-value]");
      if (option) this.choose(option.dataset.value);
    });
    inStep(control, () => this.draw());
  }

  /** The line as the hidden control stands. */
  draw() {
    this.input.disabled = this.control.disabled;
    this.input.required = this.control.required;
    if (this.input !== document.activeElement) this.input.value = this.held();
  }

  open(typed) {
    this.find(typed, (found, more) => this.show(found, more));
  }

  /** The list, as it was found: what each is called, and whether there are more. */
  show(found, more) {
    this.list.replaceChildren(...found.map(({ value, words, chosen }, number) => made("li", {
      id: `${this.list.id}-${number}`, role: "option", class: "search__option", "data-value": value, "aria-selected": String(chosen),
    }, words)));
    const said = !found.length ? this.box.dataset.none : more ? this.box.dataset.more : "";
    this.status.textContent = said ?? "";
    if (said) this.list.append(made("li", { class: "search__none", "aria-hidden": "true" }, said));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.activate(null);
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.activate(null);
  }

  activate(option) {
    this.active?.removeAttribute("data-active");
    this.active = option;
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("data-active", "");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  press(event) {
    const { key, altKey } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) this.open("");
      if (!altKey) this.move(key === "ArrowDown" ? 1 : -1);
    } else if (key === "Enter" && !this.list.hidden) {
      event.preventDefault();
      this.active ? this.choose(this.active.dataset.value) : this.leave();
    } else if (key === "Escape") {
      if (this.list.hidden) this.choose("");
      else this.leave(true);
    }
  }

  move(step) {
    const options = [...this.list.querySelectorAll("[role=option]")];
    if (!options.length) return;
    const at = options.indexOf(this.active);
    this.activate(options.at(at < 0 && step < 0 ? -1 : (at + step) % options.length));
  }

  choose(value) {
    this.close();
    const changed = this.control.value !== value;
    this.control.value = value;
    this.input.value = this.held();
    if (changed) announce(this.control);
  }
}

class SelectBox extends Combobox {
  constructor(box, select) {
    super(box, select, { placeholder: select.options[0].textContent });
  }

  held() {
    const chosen = this.control.selectedOptions[0];
    return chosen?.value ? chosen.textContent.trim() : "";
  }

  /** What may be chosen, those that begin with what was typed first. */
  find(typed, show) {
    const wanted = folded(typed);
    const options = [...this.control.options].filter((option) => option.value && !option.disabled);
    const at = (option) => folded(option.textContent).indexOf(wanted);
    const fitting = options.filter((option) => at(option) >= 0);
    const found = wanted ? [...fitting.filter((option) => at(option) === 0), ...fitting.filter((option) => at(option) > 0)] : fitting;
    show(found.slice(0, MOST_DRAWN).map((option) => ({ value: option.value, words: option.textContent.trim(), chosen: option.selected })));
  }

  /** A name that was typed in full is chosen; an empty line takes the answer back; anything else leaves it as it was. */
  leave(as_it_was = false) {
    const typed = folded(this.input.value);
    const named = [...this.control.options].find((option) => option.value && !option.disabled && folded(option.textContent) === typed);
    this.choose(as_it_was ? this.control.value : !typed ? "" : named?.value ?? this.control.value);
  }
}
