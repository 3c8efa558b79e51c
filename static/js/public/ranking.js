// A ranking as rows that move: by buttons, by keys on them, and by dragging. The lists that the page came with, one for each
// place, keep the answer.
import { announce, inStep, labelOf, made } from "./faces.js";

export function rankRows(form) {
  for (const box of form.querySelectorAll(".ranking")) new Ranking(box);
}

class Ranking {
  constructor(box) {
    this.words = box.dataset;
    this.selects = [...box.querySelectorAll("select")];
    const [first] = this.selects;
    if (!first) return;
    this.list = made("ol", { class: "ranking__list", id: first.id, tabindex: "-1", "data-face": "", "aria-labelledby": labelOf(first) });
    first.removeAttribute("id");
    this.status = made("p", { class: "visually-hidden", role: "status" });
    this.rows = new Map([...first.options].filter((option) => option.value).map((option) => [option.value, this.row(option)]));
    for (const place of box.querySelectorAll(".ranking__place")) place.hidden = true;
    box.append(this.list, this.status);
    inStep(first, () => this.draw());
  }

  row(option) {
    const name = option.textContent.trim();
    const told = made("span", { class: "visually-hidden" });
    const parts = { number: made("span", { class: "ranking__number", "aria-hidden": "true" }), words: made("span", { class: "ranking__words" }, `${name} `, told), told };
    const row = made("li", { class: "ranking__row" }, parts.number, parts.words);
    for (const [verb, sign] of [["add", "+"], ["up", "↑"], ["down", "↓"], ["remove", "×"]]) {
      const button = made("button", { type: "button", class: "ranking__button", "aria-label": `${this.words[verb]}: ${name}`, "data-verb": verb }, sign);
      button.addEventListener("click", () => this.press(option.value, verb));
      parts[verb] = button;
      row.append(button);
    }
    for (const handle of [parts.number, parts.words]) handle.addEventListener("pointerdown", (event) => this.drag(option.value, event));
    return { row, option, name, ...parts };
  }

  get ranked() {
    return this.selects.filter((select) => !select.disabled).map((select) => select.value).filter((value) => this.rows.get(value) && !this.rows.get(value).option.disabled);
  }

  /** Gives the places; `moved` is told to those who do not see it. */
  rank(values, moved) {
    const places = values.slice(0, this.selects.length);
    this.selects.forEach((select, at) => { select.value = places[at] ?? ""; });
    announce(this.selects[0]);
    this.draw();
    const at = places.indexOf(moved);
    const { name } = this.rows.get(moved);
    this.status.textContent = at < 0 ? `${name}: ${this.words.unranked}` : this.words.now.replace("{choice}", name).replace("{n}", at + 1);
  }

  press(value, verb) {
    const values = this.ranked;
    const at = values.indexOf(value);
    const without = values.filter((each) => each !== value);
    if (verb === "add" && at < 0) without.push(value);
    else if (verb === "up") without.splice(Math.max(at - 1, 0), 0, value);
    else if (verb === "down") without.splice(at + 1, 0, value);
    else if (verb !== "remove") return;
    this.rank(without, value);
    const row = this.rows.get(value);
    const next = row[verb].hidden || row[verb].disabled ? [row.up, row.down, row.add].find((each) => !each.hidden && !each.disabled) : row[verb];
    next?.focus();
  }

  draw() {
    const values = this.ranked;
    const rest = [...this.rows.keys()].filter((value) => !values.includes(value));
    const full = values.length >= this.selects.length;
    this.arrange([...values, ...rest].map((value) => this.rows.get(value).row));
    for (const [value, { row, option, number, told, add, up, down, remove }] of this.rows) {
      const at = values.indexOf(value);
      row.hidden = option.disabled;
      row.toggleAttribute("data-ranked", at >= 0);
      number.textContent = at < 0 ? "–" : at + 1;
      told.textContent = at < 0 ? this.words.unranked : this.words.rank.replace("{n}", at + 1);
      add.hidden = at >= 0;
      add.disabled = full;
      up.hidden = down.hidden = remove.hidden = at < 0;
      up.disabled = at === 0;
      down.disabled = at === values.length - 1;
    }
  }

  /** Puts the rows in order around the one that is dragged: that one must stay in the page, or the pointer would lose it. */
  arrange(rows) {
    const still = this.moving ?? rows[0];
    const at = rows.indexOf(still);
    if (still && still.parentNode !== this.list) this.list.append(still);
    for (const row of rows.slice(0, at)) this.list.insertBefore(row, still);
    for (const row of rows.slice(at + 1)) this.list.append(row);
  }

  drag(value, event) {
    const { row } = this.rows.get(value);
    const handle = event.currentTarget;
    if (event.button || this.selects[0].disabled) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    this.moving = row;
    row.setAttribute("data-moving", "");
    const move = ({ clientY }) => {
      const values = this.ranked;
      const others = values.filter((each) => each !== value);
      if (!values.includes(value) && values.length >= this.selects.length) return;
      const passed = others.filter((each) => {
        const { top, height } = this.rows.get(each).row.getBoundingClientRect();
        return clientY > top + height / 2;
      }).length;
      const lowest = this.rows.get(others.at(-1))?.row.getBoundingClientRect().bottom ?? this.list.getBoundingClientRect().top;
      if (!values.includes(value) && clientY > lowest + row.offsetHeight) return; // among those without a place it stays one of them
      if (values[passed] !== value) this.rank(others.toSpliced(passed, 0, value), value);
    };
    const drop = () => {
      handle.removeEventListener("pointermove", move);
      row.removeAttribute("data-moving");
      this.moving = null;
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", drop, { once: true });
  }
}
