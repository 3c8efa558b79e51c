// A customer's page, made livelier. All of it works without this file: the server decides, the browser mirrors it.
import { watchFields } from "./public/fields.js";
import { mirrorRules } from "./public/mirror.js";
import { guardSending, leadToProblems } from "./public/sending.js";

leadToProblems();
for (const form of document.querySelectorAll("form[data-form]")) {
  watchFields(form);
  guardSending(form);
  const rules = document.getElementById("form-rules");
  if (rules) mirrorRules(form, JSON.parse(rules.textContent));
}
