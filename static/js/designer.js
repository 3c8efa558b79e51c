// The designer's workbench: dragging parts in the outline, and controls that show only while they mean something.
// Everything here has a button or a plain submit that does the same.
import Sortable from "sortablejs";

const bench = document.querySelector("[data-designer]");

/** Sends a move like the buttons do, and shows the page that comes back. */
async function move(name, inside, before) {
  const body = new URLSearchParams({ csrf_token: bench.dataset.csrf });
  if (inside) body.set("inside", inside);
  if (before) body.set("before", before);
  const answer = await fetch(bench.dataset.move.replace("NAME", encodeURIComponent(name)), { method: "POST", body });
  location.assign(answer.redirected ? answer.url : location.href);
}

/** The page or group a row of the outline ends up in: the nearest container above it. */
function container(row) {
  for (let above = row.previousElementSibling; above; above = above.previousElementSibling) {
    if (above.dataset.kind === "page") return above.dataset.part;
    if (above.dataset.kind === "group" && Number(above.dataset.depth) < Number(row.dataset.depth)) return above.dataset.part;
  }
  return null;
}

function dropped({ item }) {
  const next = item.nextElementSibling;
  if (item.dataset.kind === "page") {
    let page = next;
    while (page && page.dataset.kind !== "page") page = page.nextElementSibling;
    return move(item.dataset.part, null, page?.dataset.part);
  }
  const inside = container(item);
  const beside = next && next.dataset.kind !== "page" && container(next) === inside ? next.dataset.part : null;
  return inside ? move(item.dataset.part, inside, beside) : location.reload();
}

const outline = bench?.querySelector(".outline");
if (outline && bench.dataset.csrf) {
  Sortable.create(outline, { animation: 120, delay: 150, delayOnTouchOnly: true, onEnd: dropped });
  outline.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    const row = event.target.closest("[data-part]");
    if (!row) return;
    event.preventDefault();
    const body = new URLSearchParams({ csrf_token: bench.dataset.csrf, direction: event.key === "ArrowUp" ? "up" : "down" });
    fetch(bench.dataset.move.replace("NAME", encodeURIComponent(row.dataset.part)), { method: "POST", body })
      .then((answer) => location.assign(answer.redirected ? answer.url : location.href));
  });
}

/** What belongs to an answer (`data-when="name=value,value"`) shows while that is chosen; the reason, while it is needed. */
function follow() {
  const chosen = (name) => document.querySelector(`[name="${name}"]:checked, select[name="${name}"]`)?.value;
  for (const part of document.querySelectorAll("[data-when]")) {
    const [name, values] = part.dataset.when.split("=");
    part.hidden = !values.split(",").includes(chosen(name));
  }
  const why = document.querySelector(".why-box");
  if (why && chosen("answering")) why.hidden = chosen("answering") === "optional" || chosen("personal") !== "yes";
}

document.addEventListener("change", (event) => {
  if (event.target.closest("#panel")) follow();
  if (event.target.matches("[data-pick-anew]")) {
    // Another question or comparison has other values to choose from: the server draws them.
    event.target.closest(".rule").querySelector(':scope > .rule__row > [name="_pick"][value$="|refresh"]')?.click();
  }
});
follow();
document.addEventListener("htmx:after:swap", follow);
