// A customer's page, made livelier. All of it works without this file: the server decides, the browser mirrors it.
import { standAlone } from "./public/choices.js";
import { pickColours } from "./public/colours.js";
import { watchFields } from "./public/fields.js";
import { lookUp } from "./public/lookup.js";
import { mirrorRules } from "./public/mirror.js";
import { findPlaces } from "./public/place.js";
import { rankRows } from "./public/ranking.js";
import { searchLists } from "./public/search.js";
import { watchSums } from "./public/sums.js";
import { guardSending, leadToProblems } from "./public/sending.js";
import { signHere } from "./public/signature.js";
import { slide } from "./public/sliders.js";

leadToProblems();
for (const form of document.querySelectorAll("form[data-form]")) {
  for (const enhance of [standAlone, slide, pickColours, searchLists, lookUp, rankRows, signHere, findPlaces]) enhance(form);
  watchFields(form);
  watchSums(form);
  guardSending(form);
  const rules = document.getElementById("form-rules");
  if (rules) mirrorRules(form, JSON.parse(rules.textContent));
}
