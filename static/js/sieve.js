// A list that follows what is typed: what lacks one of the words is hidden, as the server would. The address follows too,
// so that who comes back finds the same.
const form = document.querySelector("[data-sieve]");

if (form) {
  const list = document.getElementById(form.dataset.sieve);
  const said = form.querySelector("[data-sieve-said]");
  const input = form.querySelector('input[type="search"]');
  const items = [...list.querySelectorAll("[data-sieve-words]")];

  const follow = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of items) {
      item.hidden = !words.every((word) => item.dataset.sieveWords.includes(word));
      shown += item.hidden ? 0 : 1;
    }
    for (const group of list.querySelectorAll("[data-sieve-group]")) {
      group.hidden = !group.querySelector("[data-sieve-words]:not([hidden])");
      const way = document.querySelector(`a[href="#${group.id}"]`);
      if (way) way.parentElement.hidden = group.hidden;
    }
    document.querySelector("[data-sieve-empty]").hidden = shown > 0;
    said.textContent = words.length ? `${shown} of ${items.length}` : "";
    const address = new URL(location.href);
    address.searchParams.delete("q");
    if (input.value.trim()) address.searchParams.set("q", input.value.trim());
    history.replaceState(null, "", address);
  };

  input.addEventListener("input", follow);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    follow();
  });
}
