// A button beside a place that takes it from the device, once, when it is pressed.

export function findPlaces(form) {
  if (!navigator.geolocation || !isSecureContext) return;
  for (const place of form.querySelectorAll("[data-place]")) offer(place);
}

function offer(place) {
  const input = place.querySelector("input");
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button button--secondary", textContent: place.dataset.use });
  const status = Object.assign(document.createElement("p"), { className: "field__hint" });
  status.setAttribute("role", "status");
  place.append(button, status);
  button.addEventListener("click", () => {
    status.textContent = place.dataset.searching;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        status.textContent = "";
        input.value = [coords.latitude, coords.longitude].map((degrees) => String(Number(degrees.toFixed(6)))).join(", ");
        input.dispatchEvent(new Event("change", { bubbles: true }));
        input.focus();
      },
      () => { status.textContent = place.dataset.denied; },
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 60_000 },
    );
  });
}
