// Sending a page, once; and a page that came back begins with what is wrong with it.

const STUCK_MS = 10_000; // a stopped or lost request must not leave the page without buttons

export function guardSending(form) {
  const buttons = [...form.querySelectorAll("button[type=submit]")];
  let sending = false;
  const release = () => {
    sending = false;
    for (const button of buttons) button.removeAttribute("aria-disabled");
  };
  form.addEventListener("submit", (event) => {
    if (sending) {
      event.preventDefault();
      return;
    }
    sending = true;
    for (const button of buttons) button.setAttribute("aria-disabled", "true"); // not `disabled`: the button's value is sent
    setTimeout(release, STUCK_MS);
  });
  addEventListener("pageshow", release); // back from the next page, kept by the browser as it was left
}

export function leadToProblems() {
  const summary = document.getElementById("error-summary");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const control = document.getElementById(event.target.closest("a")?.hash.slice(1) ?? "");
    if (!control) return;
    event.preventDefault();
    (control.closest("[data-field]") ?? control).scrollIntoView();
    control.focus({ preventScroll: true });
  });
}
