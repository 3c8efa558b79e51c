"""What the names in an expression stand for, by where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from formsite.interchange import rules as r
from formsite.interchange.rules import Rule
from formsite.interchange.surveyjs import js
from formsite.interchange.surveyjs.elements import PANELS, Element
from formsite.interchange.surveyjs.layouts import Layout, Layouts
from formsite.interchange.surveyjs.steps import Steps, length_of, lines_of, moved, nth_of, steps_of
from formsite.interchange.surveyjs.terms import (
    NOTHING,
    Bool,
    Chosen,
    Const,
    Number,
    Records,
    Table,
    Term,
    Untranslatable,
    Words,
)
from formsite.interchange.surveyjs.totals import total_of

BUILT_IN = frozenset(
    {"pageno", "pagecount", "locale", "timespent", "totaltime", "correctedanswers", "correctedanswercount"}
) | {
    "correctanswercount",
    "correctanswers",
    "incorrectanswers",
    "incorrectanswercount",
    "questioncount",
}


AROUND = frozenset({"self", "survey", "item", "row", "panel", "page", "question", "parentpanel", "composite"})
"""What `$` may stand before that is no question's name."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an expression stands. Names are looked up from there, and only what stands earlier may be looked at."""

    element: Element | None
    order: int
    homes: tuple[str, ...] = ()
    item: Const | None = None  # the choice, row or column that a condition is about
    own: bool = False  # it may look at the element itself
    inside: bool = False  # it looks from within an entry of the element


@dataclass(frozen=True, slots=True)
class Found:
    """What a name stands for: its term, and the field where it is the answer of one and nothing else."""

    term: Term
    field: str = ""
    known: bool = True


class Finder:
    """Finds what names stand for in one survey."""

    def __init__(self, layouts: Layouts) -> None:
        self.layouts = layouts
        self.values: dict[str, Layout] = {}  # what is worked out for the whole survey
        self.unknown: list[str] = []
        self.shown: dict[Element, Rule] = {}  # of the elements that are translated already

    def find(self, name: str, place: Place) -> Found:
        """What a name in braces stands for."""
        steps = steps_of(name)
        if name.startswith("$"):
            return self._property(name, place)
        found = self._around(steps, place) or self._anywhere(steps, place)
        if found is not None:
            return found
        if len(steps) == 1 and steps[0][0].lower() in BUILT_IN:
            raise Untranslatable(f"formsite's rules do not know “{name}”")
        if steps[-1] == ("length", None):
            return Found(Const(0))
        return Found(NOTHING, known=False)

    def _named(self, name: str, place: Place) -> Term:
        found = self.find(name, place)
        if not found.known and name not in self.unknown:
            self.unknown.append(name)
        return found.term

    def _property(self, name: str, place: Place) -> Found:
        """What is told of a question rather than its answer: only whether it is shown, and its value."""
        owner, _, member = name[1:].rpartition(".") if "." in name else (name[1:], "", "value")
        if name.lower() in ("$self.value", "$self"):
            return self._self(place)
        if name.lower() in ("$survey.readonly", "$survey.isdisplaymode", "$survey.isreadonly"):
            return Found(Const(False))
        layout = self.layouts.top.get(owner.lower())
        if layout is not None and layout.order < place.order:
            if member.lower() == "value":
                return Found(layout.term, layout.id)
            if member.lower() in ("isvisible", "visible") and layout.element in self.shown:
                return Found(Bool(self.shown[layout.element]))
        if layout is None and owner.lower() not in AROUND:
            return Found(NOTHING, known=False)
        raise Untranslatable("it looks at how a question is set up, and rules see answers only")

    def _self(self, place: Place) -> Found:
        layout = self.layouts.of.get(place.element) if place.element is not None else None
        if layout is None or not place.own:
            raise Untranslatable("it looks at the answer that it is about")
        return Found(layout.term, layout.id)

    def _around(self, steps: Steps, place: Place) -> Found | None:
        """Names that stand for something by where the expression stands."""
        first, rest = steps[0][0].lower(), steps[1:]
        if not rest:
            return self._alone(first, place)
        if first in ("panel", "row", "parentpanel", "composite"):
            for holder in self._holders(first, place):
                scope = self._scope(holder)
                found = self._among(rest, scope, place) or self._followed(holder, rest)
                if found is not None:
                    return found
            return None
        if first in ("prevpanel", "nextpanel", "prevrow", "nextrow"):
            return self._beside(first, rest, place)
        if first in ("$row", "$panel", "totalrow"):
            raise Untranslatable("it looks at a total or at how a question is set up")
        return None

    def _alone(self, name: str, place: Place) -> Found | None:
        if name in ("item", "choice") and place.item is not None:
            return Found(place.item)
        if name in ("self", "question"):
            return self._self(place)
        repeat = self._entry(place)
        line = next((each for each in lines_of(place.element) if each.kind == "row"), None)
        if name in ("panelindex", "visiblepanelindex", "rowindex", "visiblerowindex"):
            if repeat is not None:
                position: Rule = {"op": "position", "over": self.layouts.of[repeat].id}
                zero_based = name.endswith("panelindex")
                return Found(
                    Number({"op": "minus", "of": [position, r.value(1)]} if zero_based else position, filled=True)
                )
            if line is not None and line.parent is not None:
                return Found(Const(line.parent.children.index(line) + 1))
        if name in ("item", "rowvalue", "rowname") and line is not None:
            return Found(Const(line.row))
        if name == "rowtitle" and line is not None:
            title = line.get("title")
            return Found(Const(title if isinstance(title, str) else js.text(line.row)))
        return None

    @staticmethod
    def _entry(place: Place) -> Element | None:
        """The repeating group that the expression stands in."""
        lines = lines_of(place.element)
        if place.element is not None and place.element.repeats and not place.inside:
            lines = lines[1:]
        return next((each for each in lines if each.repeats), None)

    def _holders(self, name: str, place: Place) -> list[Element]:
        """What `panel` or `row` may mean, from inside out."""
        lines = lines_of(place.element)
        if not place.inside:
            lines = lines[1:]
        if name == "row":
            return [each for each in lines if each.kind in ("row", "matrixdynamic")][:1]
        dynamic = [each for each in lines if each.kind == "paneldynamic"]
        if name == "parentpanel":
            return dynamic[1:2]
        if name == "composite":
            return [each for each in lines if each.kind == "panel"]
        near = [each for each in lines if each.kind in PANELS and each.kind != "page"]
        return [*near[:1], *dynamic[:1]]

    def _followed(self, holder: Element, rest: Steps) -> Found | None:
        """What the question holds, in the same place, that keeps the entries under the same name."""
        layout = self.layouts.of[holder]
        first = layout.first if holder.repeats else None
        if first is None or len(rest) != 1 or rest[0][1] is not None:
            return None
        index: Rule = {"op": "minus", "of": [{"op": "position", "over": layout.id}, r.value(1)]}
        name = rest[0][0].lower()
        if isinstance(first.term, Chosen) and name == first.element.word("valuePropertyName").lower():
            return Found(nth_of(first.term, index))
        if first.element.repeats and name in first.inside:
            return Found(moved(first.inside[name].term, first.id, index))
        return None

    def _scope(self, holder: Element) -> Mapping[str, Layout]:
        if holder.repeats or holder.kind == "row":
            return self.layouts.of[holder].inside
        inside: dict[str, Layout] = {}
        for each in holder.walk():
            layout = self.layouts.of.get(each)
            if layout is not None and each is not holder and each.name:
                inside.setdefault(each.value_name.lower(), layout)
        return inside

    def _beside(self, first: str, rest: Steps, place: Place) -> Found | None:
        """The entry or row before or after this one."""
        step = -1 if first.startswith("prev") else 1
        line = next((each for each in lines_of(place.element) if each.kind == "row"), None)
        if line is not None and line.parent is not None:
            at = line.parent.children.index(line) + step
            rows = line.parent.children
            return self._among(rest, self._scope(rows[at]), place) if 0 <= at < len(rows) else Found(NOTHING)
        repeat = self._entry(place)
        if repeat is None:
            return None
        found = self._among(rest, self.layouts.of[repeat].inside, place)
        if found is None:
            return None
        name = self.layouts.of[repeat].id
        position: Rule = {"op": "position", "over": name}
        index: Rule = {"op": "plus", "of": [position, r.value(step - 1)]}
        return Found(moved(found.term, name, index))

    def _anywhere(self, steps: Steps, place: Place) -> Found | None:
        scopes = [self._scope(each) for each in lines_of(place.element) if each.repeats] if place.inside else []
        for scope in (self.values, *scopes, self.layouts.top):
            found = self._among(steps, scope, place)
            if found is not None:
                return found
        return None

    def _among(self, steps: Steps, scope: Mapping[str, Layout], place: Place) -> Found | None:
        """The longest name that is known, and then what the rest of the steps picks of it."""
        last = next((at for at, (_, index) in enumerate(steps) if index is not None), len(steps) - 1)
        for end in range(last, -1, -1):
            own = ".".join(step for step, _ in steps[: end + 1])
            name = own.lower()
            index, rest = steps[end][1], steps[end + 1 :]
            layout = scope.get(own) or scope.get(name) or scope.get(name.removesuffix("-unwrapped"))
            if layout is not None:
                return self._picked(layout, index, rest, place)
            if name.endswith("-total") and index is None and len(rest) == 1:
                table = scope.get(name.removesuffix("-total"))
                if table is not None and table.element.list("columns"):
                    self._must_be_earlier(table, place)
                    return Found(total_of(table, rest[0][0]))
            if name.endswith("-comment") and index is None and not rest:
                beside = scope.get(name.removesuffix("-comment"))
                if beside is not None and (beside.other or beside.comment):
                    self._must_be_earlier(beside, place)
                    path = beside.other or beside.comment
                    return Found(Words(r.field(path)), path)
        return None

    def _picked(self, layout: Layout, index: int | None, rest: Steps, place: Place) -> Found | None:
        self._must_be_earlier(layout, place)
        term = layout.term
        if rest == [("length", None)] and index is None:
            return Found(length_of(term))
        if index is None and rest and rest[0][0].isdecimal() and isinstance(term, Records | Chosen):
            index, rest = int(rest[0][0][:6]), rest[1:]  # `{group.0.question}` is `{group[0].question}`
        if isinstance(term, Records):
            return self._entry_of(layout, term, index, rest, place)
        if index is not None:
            if layout.type == "number_range" and index in (0, 1) and not rest:
                end = f"{layout.id}-{'to' if index else 'from'}"
                return Found(Number(r.field(end)), end)
            if isinstance(term, Chosen) and term.field and not rest and index >= 0:
                return Found(nth_of(term, r.value(index)))
            raise Untranslatable("it picks one of several by its place")
        path = layout.id if layout.type else ""
        for at, (name, at_index) in enumerate(rest):
            if not isinstance(term, Table) or at_index is not None:
                return None if not isinstance(term, Table) else Found(NOTHING)
            joined = ".".join(step for step, _ in rest[at:]).lower()
            if joined in term.members and joined != name.lower():
                return Found(term.members[joined].term)
            if name.lower() not in term.members:
                return Found(NOTHING)
            member = term.members[name.lower()]
            if isinstance(member, Layout):
                self._must_be_earlier(member, place)
            path = getattr(member, "id", "")
            term = member.term
        return Found(term, path if not isinstance(term, Table) else "")

    def _entry_of(self, layout: Layout, term: Records, index: int | None, rest: Steps, place: Place) -> Found | None:
        if index is None:
            return Found(term) if not rest else None
        if not rest:
            raise Untranslatable("it takes a whole entry of a group")
        found = self._among(rest, layout.inside, replace(place, homes=(*layout.homes, layout.id)))
        if found is None:
            return Found(NOTHING)
        count: Rule = {"op": "instances", "over": layout.id}
        at = r.value(index) if index >= 0 else {"op": "plus", "of": [count, r.value(index)]}
        return Found(moved(found.term, layout.id, at))

    def _must_be_earlier(self, layout: Layout, place: Place) -> None:
        own = place.element is not None and layout.element is place.element
        if layout.order < place.order or (own and place.own):
            return
        if place.element is not None and place.own and layout.element in set(place.element.walk()):
            return
        what = "itself" if own else f"“{layout.element.name}”, which is asked later"
        raise Untranslatable(f"it looks at {what}")
