// A long list is found by typing: an editable combobox with a list (ARIA Authoring Practices). The list that the page came
// with keeps the answer.
import { announce, inStep, labelOf, made } from "./faces.js";

const MOST_DRAWN = 100;

export function searchLists(form) {
  for (const box of form.querySelectorAll(".search")) new Combobox(box, box.querySelector("select"));
}

const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();

class Combobox {
  constructor(box, select) {
    this.select = select;
    this.none = box.dataset.none;
    const id = select.id;
    select.removeAttribute("id");
    select.hidden = true;
    this.input = made("input", {
      id, type: "text", class: "control search__input", role: "combobox", autocomplete: "off", spellcheck: "false", "data-face": "",
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": `${id}-list`, placeholder: select.options[0].textContent,
    });
    for (const name of ["aria-describedby", "aria-invalid"]) {
      if (select.hasAttribute(name)) this.input.setAttribute(name, select.getAttribute(name));
    }
    this.list = made("ul", { id: `${id}-list`, class: "search__list", role: "listbox", "aria-labelledby": labelOf(select), hidden: "" });
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
    inStep(select, () => this.draw());
  }

  /** The line as the hidden list stands. */
  draw() {
    this.input.disabled = this.select.disabled;
    this.input.required = this.select.required;
    if (this.input !== document.activeElement) this.input.value = this.held();
  }

  held() {
    const chosen = this.select.selectedOptions[0];
    return chosen?.value ? chosen.textContent.trim() : "";
  }

  /** What may be chosen, those that begin with what was typed first. */
  found(typed) {
    const wanted = folded(typed);
    const options = [...this.select.options].filter((option) => option.value && !option.disabled);
    const at = (option) => folded(option.textContent).indexOf(wanted);
    const fitting = options.filter((option) => at(option) >= 0);
    return wanted ? [...fitting.filter((option) => at(option) === 0), ...fitting.filter((option) => at(option) > 0)] : fitting;
  }

  open(typed) {
    const found = this.found(typed).slice(0, MOST_DRAWN);
    this.list.replaceChildren(...found.map((option, number) => made("li", {
      id: `${this.list.id}-${number}`, role: "option", class: "search__option", "data-value": option.value,
      "aria-selected": String(option.selected),
    }, option.textContent.trim())));
    this.status.textContent = found.length ? "" : this.none;
    if (!found.length) this.list.append(made("li", { class: "search__none", "aria-hidden": "true" }, this.none));
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
    const changed = this.select.value !== value;
    this.select.value = value;
    this.input.value = this.held();
    if (changed) announce(this.select);
  }

  /** A name that was typed in full is chosen; an empty line takes the answer back; anything else leaves it as it was. */
  leave(as_it_was = false) {
    const typed = folded(this.input.value);
    const named = [...this.select.options].find((option) => option.value && !option.disabled && folded(option.textContent) === typed);
    this.choose(as_it_was ? this.select.value : !typed ? "" : named?.value ?? this.select.value);
  }
}
