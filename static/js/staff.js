// Staff screens. Everything works without it; htmx swaps the parts that change (attributes `hx-*` in the templates).
import "htmx.org";
import "./sieve.js";
import "./dropping.js";

// A page that came back begins with what is wrong with it.
document.getElementById("error-summary")?.focus();
