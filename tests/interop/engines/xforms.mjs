// What an XForms engine makes of answers. Lines of {form, answers: [...]} in, lines of {results: [...]} or {error} out.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { JSDOM } from "jsdom";

const MOST_ROUNDS = 6;
const OWN_URL = "https://forms.invalid/form.xml";

/** The engine is made for browsers: its bundle wants a document, and names of CommonJS. */
async function engine() {
  const { window } = new JSDOM("<!doctype html>", { url: OWN_URL });
  for (const name of Object.getOwnPropertyNames(window)) {
    if (/^[A-Z]/.test(name) && !(name in globalThis)) globalThis[name] = window[name];
  }
  for (const name of ["File", "Blob", "FormData"]) globalThis[name] = window[name];
  Object.assign(globalThis, { window, document: window.document, localStorage: window.localStorage });
  Object.assign(globalThis, { require: createRequire(import.meta.url), __dirname: import.meta.dirname });
  return import("@getodk/xforms-engine");
}

const nameOf = (node) => node.definition.qualifiedName.localName;

/** Every node that holds a value, with its place: names of questions, and of repeats with numbers. */
function* leavesOf(node, place, twice = namedTwice(node)) {
  for (const child of node.currentState.children ?? []) {
    const name = nameOf(child);
    if (child.nodeType.startsWith("repeat-range")) {
      for (const [number, instance] of child.currentState.children.entries()) {
        yield* leavesOf(instance, [...place, name, number], twice);
      }
    } else if (child.nodeType === "group") {
      yield* leavesOf(child, place, twice);
    } else {
      yield { node: child, place: [...place, twice.has(name) ? `${name}_${nameOf(node)}` : name] };
    }
  }
}

/** Names that stand in several groups, as those of a loop do: there the group tells them apart. */
function namedTwice(root) {
  const homes = new Map();
  const walk = (node, home) => {
    for (const child of node.currentState.children ?? []) {
      if (child.currentState.children) walk(child, child.nodeType === "repeat-instance" ? home : `${home}/${nameOf(child)}`);
      else homes.set(nameOf(child), (homes.get(nameOf(child)) ?? new Set()).add(home));
    }
  };
  walk(root, "");
  return new Set([...homes].filter(([, places]) => places.size > 1).map(([name]) => name));
}

function* repeatsOf(node, place) {
  for (const child of node.currentState.children ?? []) {
    if (child.nodeType.startsWith("repeat-range")) {
      const here = [...place, nameOf(child)];
      yield { node: child, place: here };
      for (const [number, instance] of child.currentState.children.entries()) {
        yield* repeatsOf(instance, [...here, number]);
      }
    } else if (child.nodeType === "group") {
      yield* repeatsOf(child, place);
    }
  }
}

const at = (answers, place) => place.reduce((held, step) => held?.[step], answers);

function put(answers, place, value) {
  const around = place.slice(0, -1).reduce((held, step, index) => {
    held[step] ??= typeof place[index + 1] === "number" ? [] : {};
    return held[step];
  }, answers);
  around[place.at(-1)] = value;
}

/** Give each repeat that is shown as many instances as there are answers for. */
function grow(root, answers) {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    let grown = false;
    for (const { node, place } of repeatsOf(root, [])) {
      const wanted = at(answers, place);
      const there = node.currentState.children.length;
      if (node.nodeType !== "repeat-range:uncontrolled" || !Array.isArray(wanted) || !node.currentState.relevant) continue;
      if (wanted.length > there) {
        node.addInstances(there - 1, wanted.length - there);
        grown = true;
      }
    }
    if (!grown) return;
  }
}

/** Answer a node as a customer could; false where it takes no such answer. */
function answer(node, value) {
  const words = (Array.isArray(value) ? value : String(value).split(" ")).filter(Boolean);
  try {
    if (node.nodeType === "select") {
      if (words.some((word) => node.getValueOption(word) === null)) return false;
      if (node.selectType.startsWith("select1")) node.selectValue(words[0]);
      else node.selectValues(words);
    } else if (node.nodeType === "rank") node.setValues(words);
    else if (node.nodeType === "trigger") node.setValue(value === "OK");
    else if (["input", "range"].includes(node.nodeType)) node.setValue(node.valueType === "int" ? BigInt(value) : String(value));
    else return false;
  } catch (error) {
    if (String(error).includes("not defined")) throw error;
    return false;
  }
  return true;
}

function resultOf(form, answers) {
  const { root } = form.createInstance();
  const taken = new Map();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    let changed = false;
    grow(root, answers);
    for (const { node, place } of leavesOf(root, [])) {
      const key = JSON.stringify(place);
      const value = at(answers, place);
      if (value === undefined || taken.has(key) || !node.currentState.relevant || node.currentState.readonly) continue;
      changed = true;
      taken.set(key, answer(node, value) ? value : undefined);
    }
    if (!changed) break;
  }
  return told(root, taken);
}

function told(root, taken) {
  const answers = {};
  const questions = [];
  const values = {};
  for (const { node, place: path } of repeatsOf(root, [])) {
    if (node.currentState.relevant) put(answers, path, node.currentState.children.map(() => ({})));
  }
  for (const { node, place: path } of leavesOf(root, [])) {
    const { relevant, readonly, required, instanceValue } = node.currentState;
    if (node.nodeType === "model-value") {
      if (relevant) values[path.join("-")] = instanceValue;
      continue;
    }
    const value = taken.get(JSON.stringify(path));
    if (value !== undefined && relevant) put(answers, path, value);
    const wrong = node.validationState?.violation ? [node.validationState.violation.condition] : [];
    const compulsory = relevant && required && !readonly;
    const options = node.nodeType === "select" ? { options: node.currentState.valueOptions.map((each) => each.value) } : {};
    questions.push({ path, type: node.nodeType, shown: relevant, compulsory, errors: relevant ? wrong : [], value: instanceValue, ...options });
  }
  return { answers, questions, values };
}

const { loadForm } = await engine();
const print = (out) => new Promise((written) => process.stdout.write(`${JSON.stringify(out)}\n`, written));
console.warn = console.error = console.log = console.info = console.debug = () => {};

/** What it tells, or why it cannot. */
function orError(told) {
  try {
    return told();
  } catch (error) {
    return { error: String(error?.message ?? error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  if (!line.trim()) continue;
  const { form, answers, files = {} } = JSON.parse(line);
  try {
    const fetchFormAttachment = async (url) => new Response(files[String(url).split("/").at(-1)] ?? "", { status: String(url).split("/").at(-1) in files ? 200 : 404 });
    const loaded = await loadForm(form, { fetchFormAttachment, missingResourceBehavior: "BLANK" });
    if (loaded.status === "failure") throw loaded.error;
    await print({ results: answers.map((each) => orError(() => resultOf(loaded, each))) });
  } catch (error) {
    await print({ error: String(error?.message ?? error) });
  }
}
process.exit(0);
