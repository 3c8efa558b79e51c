"""Why each page, group, question and choice was shown or not, compulsory or not: the rules in words, as they came out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from formsite.definition import logic, piping, secrecy
from formsite.definition.document import Field, Group, Item, Limit, Page
from formsite.definition.flow import Plan
from formsite.definition.logic.explaining import MOST_INSTANCES
from formsite.definition.orders import orders
from formsite.definition.parts import Text, followed
from formsite.definition.secrecy import Secrets
from formsite.definition.state import Answers, Moment


class Topic(StrEnum):
    """What a reason bears on."""

    SHOWN = "shown"
    JUMP = "jump"  # a page before leads past it
    EXIT = "exit"  # the form ended before it
    COMPULSORY = "compulsory"
    WANTED = "wanted"
    READ_ONLY = "read_only"
    COMPUTED = "computed"
    DEFAULT = "default"
    COUNT = "count"
    LIMIT = "limit"
    CHOICE = "choice"
    LEADS = "leads"  # a jump of this page


class Demand(StrEnum):
    """What is asked of the customer at a question."""

    NOTHING = "nothing"
    OPTIONAL = "optional"
    COMPULSORY = "compulsory"
    WANTED = "wanted"
    READ_ONLY = "read_only"
    UNTOLD = "untold"


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule as it came out. `about`: the choice, the page a jump is of or leads to, or a limit's message, in words."""

    topic: Topic
    line: logic.Line | None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """One page, group, instance, question or part. `shown` is None where that must not be told.

    `around`: it is not shown as what it stands in is not. `order`: how its parts stood where chance decided.
    """

    path: str
    kind: str  # page, group, instance, question or part
    label: str
    shown: bool | None
    demand: Demand = Demand.NOTHING
    personal: bool = False
    around: bool = False
    reasons: tuple[Reason, ...] = ()
    order: tuple[str, ...] = ()
    items: tuple[Why, ...] = ()


def whys(
    plan: Plan, answers: Answers, moment: Moment, *, secrets: Secrets = secrecy.NOTHING, seed: str | None = None
) -> tuple[Why, ...]:
    """Every page with what stands on it, in the order that the pages had.

    Args:
        answers: those at hand; what follows from others is named by `secrets`.
        seed: of the orders of chance.
    """
    found = {why.path: why for why in _Teller(plan, answers, moment, secrets, seed).pages()}
    return tuple(found[name] for name in plan.order(seed))


def said(plan: Plan, seen: logic.Seen, language: str) -> str:
    """A value that a rule saw, in words; empty where there was none."""
    value = seen.value
    question = plan.questions.at(seen.field) if seen.field else None
    if value is None:
        return ""
    if question is not None and question.field.kind.holds_answer:
        return question.field.kind.text(value, question.field, language)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple | frozenset):
        return ", ".join(str(each) for each in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


class _Teller:
    def __init__(self, plan: Plan, answers: Answers, moment: Moment, secrets: Secrets, seed: str | None) -> None:
        self.plan, self.moment, self.secrets = plan, moment, secrets
        self.state = plan.state(answers, moment.today, now=moment.now, language=moment.language)
        self.context = plan.context(self.state, moment)
        self.orders = orders(plan, self.state, seed, moment.language) if seed else {}

    # -- pages -------------------------------------------------------------------------------------------------------
    def pages(self) -> Iterator[Why]:
        """Every page, and what led past it."""
        past: tuple[Reason, str] | None = None  # the jump that was made, and where to
        ended: Reason | None = None
        for page in self.plan.definition.pages:
            if past and page.id == past[1]:
                past = None
            passed = ended or (past[0] if past else None)
            yield self._page(page, passed)
            if page.id not in self.state.parts:
                continue
            if self.state.exit == page.id:
                ended = Reason(Topic.EXIT, None, self._title(page))
            elif not page.exit:
                past = self._jump(page)

    def _page(self, page: Page, passed: Reason | None) -> Why:
        told = page.id not in self.secrets.shown
        shown = page.id in self.state.parts if told else None
        reasons = [passed] if passed and told else list(self._rule(Topic.SHOWN, page.shown_if))
        reasons += self._limits(page.limits)
        reasons += [self._reason(Topic.LEADS, jump.condition, self._page_name(jump.to)) for jump in page.jumps]
        return Why(
            page.id,
            "page",
            self._title(page),
            shown,
            reasons=tuple(reasons),
            order=self.orders.get(page.id, ()),
            items=self._items(page.items, "", shown),
        )

    def _jump(self, page: Page) -> tuple[Reason, str] | None:
        """The first of a page's jumps that was made."""
        for jump in page.jumps:
            if logic.compile_rule(jump.condition, self.plan.scope)(self.context) is True:
                return self._reason(Topic.JUMP, jump.condition, self._title(page)), jump.to
        return None

    def _title(self, page: Page) -> str:
        return (self._say(page.title) if page.title else "") or page.id

    def _page_name(self, name: str) -> str:
        page = self.plan.pages.get(name)
        return self._title(page) if page else name

    # -- what stands on them -----------------------------------------------------------------------------------------
    def _items(self, items: Iterable[Item], prefix: str, shown: bool | None) -> tuple[Why, ...]:
        return tuple(
            self._group(item, prefix, shown) if isinstance(item, Group) else self._field(item.id, prefix, shown)
            for item in items
        )

    def _group(self, group: Group, prefix: str, inside: bool | None) -> Why:
        path = prefix + group.id
        shown = self._shown(group.id, path in self.state.parts, inside)
        why = Why(
            path,
            "group",
            (self._say(group.label) if group.label else "") or group.id,
            shown,
            around=inside is False,
            reasons=() if inside is False else tuple(self._about_group(group)),
            order=self.orders.get(path, ()),
        )
        if group.repeat:
            return replace(why, items=tuple(self._instances(group, path, why.label, shown)))
        return replace(why, items=self._items(group.items, prefix, shown))

    def _about_group(self, group: Group) -> Iterator[Reason]:
        yield from self._rule(Topic.SHOWN, group.shown_if)
        if group.repeat:
            yield from self._rule(Topic.COUNT, group.repeat.count)
        yield from self._limits(group.limits)

    def _instances(self, group: Group, path: str, label: str, shown: bool | None) -> Iterator[Why]:
        if not shown or group.id in self.secrets.answers:
            return
        outer = self.context
        for number in range(min(self.state.answers.get(path, 0), MOST_INSTANCES)):
            self.context = replace(outer, at={**outer.at, group.id: number})
            inner = f"{path}-{number}-"
            items = self._items(group.items, inner, shown=True)
            order = self.orders.get(inner[:-1], ())
            yield Why(inner[:-1], "instance", f"{label} {number + 1}", shown=True, order=order, items=items)
        self.context = outer

    def _field(self, name: str, prefix: str, inside: bool | None, kind: str = "question") -> Why:
        """A field or a part; of its parts those that a rule decides about."""
        field, path = self.plan.questions[name].field, prefix + name
        shown = self._shown(name, path in self.state.shown, inside) if field.kind.drawn(field) else inside
        parts = [self._field(part.id, prefix, shown, "part") for part in self.plan.questions.parts(name)]
        return Why(
            path,
            kind,
            self._say(field.label) or name,
            shown,
            self._demand(field, path, shown),
            personal=field.personal,
            around=inside is False,
            reasons=() if inside is False else tuple(self._about_field(field)),
            order=self.orders.get(path, ()),
            items=tuple(part for part in parts if part.reasons or part.shown is not shown),
        )

    def _about_field(self, field: Field) -> Iterator[Reason]:
        yield from self._rule(Topic.SHOWN, field.shown_if)
        rules = {
            Topic.COMPULSORY: field.compulsory,
            Topic.WANTED: field.wanted,
            Topic.READ_ONLY: field.read_only,
            Topic.COMPUTED: field.computed,
            Topic.DEFAULT: field.default,
        }
        for topic, rule in rules.items():
            yield from self._rule(topic, rule)
        for choice in () if field.kind.looked_up else field.kind.choices(field):
            yield from self._rule(Topic.CHOICE, choice.shown_if, self._say(choice.label) or choice.id)
        yield from self._limits(field.limits)

    def _shown(self, name: str, shown: bool, inside: bool | None) -> bool | None:
        return None if name in self.secrets.shown or inside is None else shown

    def _demand(self, field: Field, path: str, shown: bool | None) -> Demand:
        if not field.kind.asks or not field.kind.drawn(field) or shown is False:
            return Demand.NOTHING
        rules = [field.compulsory, field.wanted, field.read_only]
        rules += {id(choice.shown_if): choice.shown_if for choice in field.kind.choices(field)}.values()
        if shown is None or any(isinstance(rule, logic.NODES) and self.secrets.sealed(rule) for rule in rules):
            return Demand.UNTOLD
        held = {
            Demand.READ_ONLY: self.state.read_only,
            Demand.COMPULSORY: self.state.compulsory,
            Demand.WANTED: self.state.wanted,
        }
        return next((demand for demand, paths in held.items() if path in paths), Demand.OPTIONAL)

    # -- rules -------------------------------------------------------------------------------------------------------
    def _rule(self, topic: Topic, rule: object, about: str = "") -> Iterator[Reason]:
        """Nothing where it is not a rule that decides."""
        if isinstance(rule, logic.NODES):
            yield self._reason(topic, rule, about)

    def _limits(self, limits: Sequence[Limit]) -> Iterator[Reason]:
        return (self._reason(Topic.LIMIT, limit.rule, self._say(limit.message)) for limit in limits)

    def _reason(self, topic: Topic, rule: logic.Node, about: str) -> Reason:
        names: Mapping[str, str] = _Names(self.plan, self.moment.language)
        line = logic.explain(
            rule,
            self.context,
            self.plan.scope,
            name=names.__getitem__,
            choice=lambda field, value: _choice_words(self.plan, field, value, self.moment.language),
            sealed=self.secrets.sealed,
        )
        return Reason(topic, line, about)

    def _say(self, text: Text) -> str:
        return _unfilled(self.plan, text, self.moment.language)


class _Names(dict[str, str]):
    """The words of a field, part or group, in quotation marks where they are more than one word."""

    def __init__(self, plan: Plan, language: str) -> None:
        self.plan, self.language = plan, language

    def __missing__(self, name: str) -> str:
        step = self.plan.by_id.get(name)
        if step is None:
            return name
        if isinstance(step.part, Field):
            question = self.plan.questions[name]
            own = _unfilled(self.plan, question.field.label, self.language)
            whole = _unfilled(self.plan, question.of.label, self.language) if question.of else ""
            return f"“{followed(whole, own) if whole and own else own or whole or name}”"
        label = getattr(step.part, "label", None)
        return f"“{_unfilled(self.plan, label, self.language) if label else name}”"


def _choice_words(plan: Plan, name: str, value: str, language: str) -> str:
    question = plan.questions.at(name)
    if question is None:
        return value
    labels = {choice.id: choice.label for choice in question.field.kind.choices(question.field)}
    return _unfilled(plan, labels[value], language) if value in labels else value


def _unfilled(plan: Plan, text: Text, language: str) -> str:
    """A text with no answer filled in: what stood in it may be more than its reader may know."""
    return piping.fill(text.say(language, plan.definition.language), lambda _name: "…")
