"""Expressions -> rules, by the engine's laws: what each name stands for, and what an irrelevant one does to the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from formsite.definition.logic.reading import LONGEST_TEXT
from formsite.definition.parts import LARGEST as LARGEST_NUMBER
from formsite.interchange.limesurvey import expressions as x
from formsite.interchange.limesurvey import comparing, php, terms
from formsite.interchange import rules as r
from formsite.interchange.limesurvey.functions import FUNCTIONS, KNOWN_UNTRANSLATED, listed_if
from formsite.interchange.limesurvey.moments import MOMENTS
from formsite.interchange.rules import Rule
from formsite.interchange.limesurvey.survey import Question, Survey, Words
from formsite.interchange.limesurvey.terms import Bool, Cases, Const, Term, Untranslatable
from formsite.interchange.limesurvey.variables import Variable, Variables

FORGIVING = frozenset({"NAOK", "valueNAOK", "shown", "relevanceStatus"})
STATIC = frozenset(
    "qid gid question sgqa type relevance grelevance qseq gseq jsName jsName_on mandatory rowdivid".split()
)
WITHOUT_ANSWER = frozenset({"SAVEDID", "TOKEN", "PASSTHRULABEL", "PASSTHRUVALUE"})
JOINED = {"&&": r.every, "||": r.some}
CHECKED = 8
"""So many operators of a chain may make a rule larger before somebody looks."""
LARGEST = 1_900
"""Nodes of a rule; formsite reads no larger one."""


MOST_WORK = 600_000
"""Over a whole survey: some seconds."""
DEEPEST = 60
"""Levels of its JSON."""


class Broken(Exception):
    """LimeSurvey cannot read the expression either, and shows the question; says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands: names are looked up, and `self` and `this` understood, from there."""

    question: Question | None = None
    this: str = ""
    language: str = ""
    own: bool = False  # it may look at the question itself, as a check does
    at: int = -1  # as far as the questions go that it may look at, where no question tells
    beyond: bool = False  # `at` tells though there is a question


@dataclass(slots=True)
class Relevance:
    """When each question and sub-question counts; filled as the questions are read."""

    questions: dict[str, Rule] = field(default_factory=dict)
    rows: dict[tuple[str, str], Rule] = field(default_factory=dict)

    def of(self, variable: Variable) -> Rule:
        """The condition under which a variable is relevant."""
        whole = self.questions.get(variable.question.qid, r.YES)
        return r.every(whole, self.rows.get((variable.question.qid, variable.row), r.YES))


def tree_of(text: str) -> x.Expression:
    """The tree of an expression.

    Raises:
        Broken: the engine cannot read it either.
    """
    try:
        return x.parse(text)
    except x.Sets as refusal:
        raise Untranslatable(str(refusal)) from None
    except x.Unwritten as refusal:
        raise Broken(str(refusal)) from None


def is_too_large(rule: Rule) -> bool:
    """Whether formsite reads no rule as large or deep."""
    return r.size(rule) > LARGEST or r.depth(rule) > DEEPEST


def bounded(rule: Rule) -> Rule:
    """The rule, if formsite reads one as large.

    Raises:
        Untranslatable: it does not.
    """
    if is_too_large(rule):
        raise Untranslatable("it is larger or deeper than a rule can be")
    for held in r.values(rule):
        if isinstance(held, str) and (len(held) > LONGEST_TEXT or "\x00" in held):
            raise Untranslatable("it holds a text that is longer than a rule's can be")
        if isinstance(held, int | float) and not abs(held) <= LARGEST_NUMBER:
            raise Untranslatable("it holds a number that is larger than a rule's can be")
    return rule


def _small(term: Term) -> Term:
    """The term, if a part of a rule can be as large and deep."""
    if isinstance(term, terms.Words | terms.Number | Bool) and is_too_large(term.rule):
        raise Untranslatable("it is larger or deeper than a rule can be")
    return term


def _in(words: Words, language: str) -> str:
    return words.get(language) or next(iter(words.values()), "")


class Translator:
    """Translates the expressions of one survey."""

    def __init__(self, survey: Survey, variables: Variables) -> None:
        self.survey = survey
        self.variables = variables
        self.relevance = Relevance()
        self.remarks: list[str] = []  # on how what was translated last differs
        self.work = 0  # letters read and nodes made

    # -- whole expressions -------------------------------------------------------------------------------------------
    def condition(self, text: str, place: Place) -> Rule:
        """A condition that is never unknown.

        Raises:
            Broken: the engine cannot read it either.
            Untranslatable: formsite has no rule for it.
        """
        tree = self._tree(text)
        rule = terms.truth(self.term(tree, place))
        needed = [self._needed(name, place, rule) for name in x.names(tree)]
        found = bounded(r.every(*needed, rule))
        self.work += r.size(found)
        return found

    def _tree(self, text: str) -> x.Expression:
        """The tree of an expression, as long as the survey holds no more than can be read in a bounded time."""
        self.work += len(text) // 8
        if self.work > MOST_WORK:
            raise Untranslatable("the survey holds more and larger rules than a form can")
        return tree_of(text)

    def take_remarks(self) -> list[str]:
        """What is to be said about what was translated last."""
        remarks, self.remarks = list(dict.fromkeys(self.remarks)), []
        return remarks

    def value(self, text: str, place: Place) -> Term:
        """The value of an expression.

        Raises:
            Broken: the engine cannot read it either.
            Untranslatable: formsite has no rule for it.
        """
        return self.term(self._tree(text), place)

    def _needed(self, name: x.Name, place: Place, rule: Rule) -> Rule:
        """Without a forgiving suffix, a variable that is irrelevant makes the whole condition false."""
        if name.suffix in FORGIVING | STATIC:
            return r.YES
        conditions = []
        for variable in self._meant(name, place):
            relevant = self.relevance.of(variable)
            if relevant != r.YES and not (variable.dead and r.rejects(rule, variable.dead)):
                conditions.append(relevant)
        return r.every(*conditions)

    def last(self, text: str, place: Place) -> int:
        """The place of the last question that an expression looks at; -1 if it looks at none.

        Raises:
            Broken: the engine cannot read it either.
        """
        found = [variable for name in x.names(tree_of(text)) for variable in self._meant(name, place)]
        return max((self.variables.place[variable.question.qid] for variable in found), default=-1)

    # -- terms -------------------------------------------------------------------------------------------------------
    def term(self, tree: x.Expression, place: Place) -> Term:
        """The term of a tree."""
        if isinstance(tree, x.Literal):
            return terms.constant(tree.text, quoted=tree.quoted)
        if isinstance(tree, x.Name):
            found = self._expanded(tree, place)
            if not found:
                raise Broken(f"“{tree.name}” names nothing")
            return found[-1]
        if isinstance(tree, x.Call):
            return _small(self._call(tree, place))
        if isinstance(tree, x.Prefix):
            return self._prefix(tree, place)
        return self._chain(tree, place)

    def _chain(self, tree: x.Expression, place: Place) -> Term:
        """Operators one after the other, which may be many."""
        steps: list[x.Binary] = []
        while isinstance(tree, x.Binary):
            steps.append(tree)
            tree = tree.left
        found = self.term(tree, place)
        for op, run in groupby(reversed(steps), key=lambda step: step.op):
            others = [self.term(step.right, place) for step in run]
            if op in JOINED:
                found = Bool(JOINED[op](*map(terms.truth, (found, *others))))
                continue
            for at, other in enumerate(others, start=1):
                found = self._binary(op, found, other)
                found = _small(found) if at % CHECKED == 0 or at == len(others) else found
        return found

    def _prefix(self, tree: x.Prefix, place: Place) -> Term:
        of = self.term(tree.of, place)
        if tree.op == "!":
            return Const(not php.truth(of.value)) if isinstance(of, Const) else Bool(r.opposite(terms.truth(of)))
        if tree.op == "-":
            return terms.negative(of)
        return Const(php.number(of.value)) if isinstance(of, Const) else terms.Number(terms.number_or_zero(of))

    def _binary(self, op: str, left: Term, right: Term) -> Term:
        if op in ("==", "!="):
            same = comparing.equal(left, right)
            return Bool(same if op == "==" else r.opposite(same))
        if op in comparing.ORDERS:
            self._remark(left, right)
            return Bool(comparing.order(op, left, right))
        return terms.add(left, right) if op == "+" else terms.calculate(op, left, right)

    def _remark(self, left: Term, right: Term) -> None:
        """Two texts that are no numbers are put in order letter by letter there."""
        if isinstance(left, terms.Words) and isinstance(right, terms.Words):
            self.remarks.append("texts are put in order as numbers here, letter by letter there; compare numbers")

    def _call(self, tree: x.Call, place: Place) -> Term:
        arguments: list[Term] = []
        for argument in tree.arguments:
            arguments += (
                self._expanded(argument, place) if isinstance(argument, x.Name) else [self.term(argument, place)]
            )
        if tree.name in ("is_null", "is_string"):
            return self._is_relevant(tree, place)
        if tree.name == "listifop":
            return self._list_if(tree, place)
        known = FUNCTIONS.get(tree.name) or MOMENTS.get(tree.name)
        if known is None:
            if tree.name in KNOWN_UNTRANSLATED:
                raise Untranslatable(f"there is no rule for {tree.name}()")
            raise Broken(f"there is no function {tree.name}()")
        least, most, apply = known
        if not least <= len(arguments) <= most:
            raise Broken(f"{tree.name}() is given {len(arguments)} values")
        return apply(arguments)

    def _list_if(self, tree: x.Call, place: Place) -> Term:
        """What is asked of each variable and what is listed of it are named by suffixes: `code`, `shown` …"""
        if len(tree.arguments) < 6:
            raise Broken(f"listifop() is given {len(tree.arguments)} values")
        compared, op, value, said, glue = (self.term(each, place) for each in tree.arguments[:5])
        suffixes = [php.written(each.value) if isinstance(each, Const) else "" for each in (compared, said)]
        if not set(suffixes) <= set(x.SUFFIXES):
            raise Broken(f"listifop() knows no “{' or '.join(suffixes)}”")
        meant = [
            variable for each in tree.arguments[5:] for name in x.names(each) for variable in self._meant(name, place)
        ]
        pairs = [
            tuple(self._term_of(variable, x.Name(variable.name, suffix), place) for suffix in suffixes)
            for variable in meant
        ]
        return listed_if(op, value, glue, [(first, second) for first, second in pairs])

    def _is_relevant(self, tree: x.Call, place: Place) -> Term:
        """Answers are texts, and nothing else than irrelevant ones are null."""
        found = [
            variable
            for argument in tree.arguments
            for name in x.names(argument)
            for variable in self._meant(name, place)
        ]
        relevant = r.every(*(self.relevance.of(variable) for variable in found))
        return Bool(relevant if tree.name == "is_string" else r.opposite(relevant))

    # -- names -------------------------------------------------------------------------------------------------------
    def _expanded(self, name: x.Name, place: Place) -> list[Term]:
        """The terms that a name stands for: `self` and `that` may stand for many."""
        known = self._reserved(name, place)
        if known is not None:
            return [known]
        return [self._term_of(variable, name, place) for variable in self._meant(name, place)]

    def _reserved(self, name: x.Name, place: Place) -> Term | None:
        if name.name.startswith("TOKEN:") or name.name in WITHOUT_ANSWER:
            return Const("", quoted=True)
        if name.name == "SID":
            return Const(self.survey.sid)
        if name.name == "LANG" and place.language:
            return Const(place.language, quoted=True)
        if name.name == "LANG":
            raise Untranslatable("no rule knows the language that is spoken")
        if name.name.startswith("ASSESSMENT_"):
            raise Untranslatable("formsite has no assessments")
        return None

    def _meant(self, name: x.Name, place: Place) -> list[Variable]:
        """The variables that a name stands for.

        Raises:
            Broken: none is called so.
        """
        root, *steps = name.name.split(".")
        if root == "this" and place.this:
            return self._meant(replace(name, name=".".join([place.this, *steps])), place)
        if root == "self" and place.question is not None:
            return list(self._of_question(place.question, steps))
        if root == "that" and steps:
            question = self.variables.by_code.get(steps[0])
            if question is None:
                raise Broken(f"there is no question “{steps[0]}”")
            return list(self._of_question(question, steps[1:]))
        variable = self.variables.find(name.name)
        if variable is None:
            if self._reserved(name, place) is not None:
                return []
            raise Broken(f"there is no variable “{name.name}”")
        return [variable]

    def _of_question(self, question: Question, steps: Sequence[str]) -> Iterator[Variable]:
        """Those of a question that the words after `self` or `that` leave: comments or not, codes with some letters."""
        wanted = [step.removeprefix("sq_") for step in steps if step.startswith("sq_")]
        unwanted = [step.removeprefix("nosq_") for step in steps if step.startswith("nosq_")]
        for variable in self.variables.of[question.qid]:
            told = (variable.comment or "comments" not in steps) and not (variable.comment and "nocomments" in steps)
            named = not wanted or any(letters in variable.sub for letters in wanted)
            if told and named and not any(letters in variable.sub for letters in unwanted):
                yield variable

    def _term_of(self, variable: Variable, name: x.Name, place: Place) -> Term:
        suffix = name.suffix
        if suffix in STATIC:
            return Const(self._static(variable, suffix, place), quoted=True)
        self._must_be_earlier(variable, place)
        if suffix == "relevanceStatus":
            return Bool(self.relevance.of(variable))
        if suffix in ("value", "valueNAOK") and variable.values:
            return Cases(tuple(variable.values))
        if suffix == "shown":
            return self.shown(variable, place)
        return variable.term

    def _must_be_earlier(self, variable: Variable, place: Place) -> None:
        if place.question is not None and not place.beyond:
            here = self.variables.place[place.question.qid] + place.own
        else:
            here = place.at if place.at >= 0 else len(self.variables.place)
        if self.variables.place[variable.question.qid] >= here:
            own = place.question is not None and variable.question.qid == place.question.qid
            what = "itself" if own else f"“{variable.name}”, which is asked later"
            raise Untranslatable(f"it looks at {what}")

    def _static(self, variable: Variable, suffix: str, place: Place) -> str:
        question = variable.question
        if suffix == "question":
            return _in(variable.words or question.words, place.language)
        order = list(self.variables.place).index(question.qid)
        group = next((at for at, each in enumerate(self.survey.groups) if each.gid == question.gid), 0)
        held = {
            "qid": question.qid,
            "gid": question.gid,
            "type": question.type,
            "mandatory": question.mandatory,
            "relevance": question.relevance,
            "grelevance": self.survey.groups[group].relevance,
            "qseq": str(order),
            "gseq": str(group),
        }
        sgqa = f"{self.survey.sid}X{question.gid}X{question.qid}{variable.sub}"
        return held.get(suffix, f"java{sgqa}" if suffix.startswith("js") else sgqa)

    def shown(self, variable: Variable, place: Place) -> Term:
        """An answer in the words that the customer saw."""
        term = variable.term
        if variable.labels:
            here = dict(term.cases) if isinstance(term, Cases) else {}
            labels = ((code, _in(words, place.language) or code) for code, words in variable.labels.items())
            same = {code: r.compare("is", terms.text(term), r.value(code)) for code in variable.labels}
            return Cases(tuple((words, here.get(code, same[code])) for code, words in labels))
        if variable.question.type == "I":
            return term
        if isinstance(term, Cases) and variable.question.type in "MP" and not variable.comment:
            return Cases(((_in(variable.words, place.language), term.cases[0][1]),))
        if isinstance(term, Cases) and variable.path:
            return terms.Words({"op": "label", "field": variable.path})
        return term
