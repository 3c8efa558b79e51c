// What SurveyJS makes of answers. Lines of {definition, answers: [...]} in, lines of {results: [...]} or {error} out.
import { createInterface } from "node:readline";
import { Model } from "survey-core";

const MOST_ROUNDS = 6;

/** Every question with its place: its own, those of dynamic panels and matrices by number or row, parts by name. */
function* questionsOf(survey) {
  for (const question of survey.getAllQuestions(false, false, false)) {
    yield* under(question, [], [], question.isVisibleInSurvey);
  }
}

function* under(question, names, keys, visible) {
  const path = [...names, question.name];
  const place = [...keys, question.getValueName?.() ?? question.valueName ?? question.name];
  yield { question, path, place, visible };
  for (const [nested, step, key] of childrenOf(question)) {
    yield* under(nested, [...path, ...step], [...place, ...key], visible && nested.isVisible && nested.isParentVisible);
  }
}

function* childrenOf(question) {
  const type = question.getType();
  if (type === "paneldynamic") {
    for (const [number, panel] of question.panels.entries()) {
      for (const nested of panel.questions) yield [nested, [number], [number]];
    }
  } else if (type === "matrixdynamic" || type === "matrixdropdown") {
    const rows = question.allRows ?? question.visibleRows ?? [];
    for (const [number, row] of rows.entries()) {
      const key = type === "matrixdropdown" ? row.rowName : number;
      for (const cell of row.cells) yield [cell.question, [key], [key]];
      for (const nested of row.detailPanel?.questions ?? []) yield [nested, [key], [key]];
    }
  } else if (type === "multipletext") {
    for (const item of question.items) yield [item.editor, [], []];
  } else if (question.contentPanel) {
    for (const nested of question.contentPanel.questions) yield [nested, [], []];
  }
}

function stateOf(definition, answers) {
  const survey = new Model(definition);
  survey.mergeData(structuredClone(answers));
  survey.runTriggers();
  survey.mergeData(structuredClone(answers)); // what a trigger sets may be answered otherwise
  for (const question of survey.getAllQuestions(false, false, true)) {
    for (const row of question.allRows ?? []) row.showDetailPanel?.();
  }
  for (const question of survey.getAllQuestions(false, false, true)) void question.allRows; // they are made when seen
  survey.runConditions();
  return survey;
}

/** A copy of the answers without those of questions that are not visible; the same object where there are none. */
function pruned(answers, found) {
  const held = new Set(found.filter((each) => each.visible).map((each) => JSON.stringify(each.place)));
  const copy = structuredClone(answers);
  let changed = false;
  for (const { place, visible } of found) {
    if (visible || held.has(JSON.stringify(place))) continue;
    const around = place.slice(0, -1).reduce((at, key) => at?.[key], copy);
    if (around && typeof around === "object" && place.at(-1) in around) {
      delete around[place.at(-1)];
      changed = true;
    }
  }
  return changed ? copy : answers;
}

function resultOf(definition, given, prune) {
  let answers = given;
  for (let round = 0; ; round += 1) {
    const survey = stateOf(definition, answers);
    const found = [...questionsOf(survey)];
    const fewer = prune && round < MOST_ROUNDS ? pruned(answers, found) : answers;
    if (fewer === answers) return { answers, ...told(survey, found) };
    answers = fewer;
  }
}

/** A table is compulsory too where each of its rows is. */
function isCompulsory(question) {
  return question.isRequired || Boolean(question.eachRowRequired ?? question.isAllRowRequired);
}

/** Warnings and notes do not stand in the way. */
const isGrave = (error) => !["warning", "info"].includes(error.notificationType);

/** What is shown is told before the check: checking may lose what was filled in beforehand. */
function told(survey, found) {
  const questions = found.map(({ question, path, visible }) => ({
    path,
    type: question.getType(),
    shown: visible,
    compulsory: visible && isCompulsory(question) && !question.isReadOnly,
    ...(question.getType() === "expression" ? { value: question.value ?? null } : {}),
  }));
  const values = Object.fromEntries(survey.calculatedValues.map((each) => [each.name, each.value ?? null]));
  survey.validate(true, false);
  for (const [at, { question, visible }] of found.entries()) {
    questions[at].errors = visible ? question.errors.filter(isGrave).map((error) => error.text) : [];
  }
  return { questions, values };
}

console.warn = console.error = console.log = () => {};

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
  const { definition, answers, prune = true } = JSON.parse(line);
  let out;
  try {
    out = { results: answers.map((each) => orError(() => resultOf(definition, each, prune))) };
  } catch (error) {
    out = { error: String(error?.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(out)}\n`);
}
