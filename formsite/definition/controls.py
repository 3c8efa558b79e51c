"""What is drawn for a field, a group or a page: plain values for templates, in one language.

The public pages, the preview and the designer's middle column draw the same controls by the same templates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from typing import Any

from markupsafe import Markup, escape

from formsite.definition import piping
from formsite.definition.document import Field, Group, Item, Page
from formsite.definition.flow import Plan
from formsite.definition.state import State
from formsite.definition.chance import shuffled
from formsite.definition.logic import AnswerType
from formsite.definition.messages import Message, Words, words
from formsite.definition.parts import Choice, Text
from formsite.foundation.richtext import render


MOST_SIDE_BY_SIDE, MOST_CELLS_SIDE_BY_SIDE = 7, 4
"""Columns that a page has room for."""
SHORT = 3
"""Letters of a column that can stand in a row on a phone."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A choice as it is drawn."""

    id: str
    label: str
    hidden: bool = False
    full: str = ""  # said where its seats are taken
    picture: str = ""
    exclusive: bool = False
    opens: str = ""  # the id of the text that it opens
    markup: Markup = Markup()  # its label, where answers stand in it that the browser keeps in step


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a grid: its words, and a control for each column, or one for all of them."""

    id: str
    label: Markup
    hidden: bool
    cells: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A field of rows and columns as it is drawn."""

    columns: tuple[Markup, ...]
    rows: tuple[Row, ...]
    spans: bool  # each row is one control that spans the columns

    @property
    def is_wide(self) -> bool:
        """Whether it may need a box of its own to scroll in."""
        return len(self.columns) > (MOST_SIDE_BY_SIDE if self.spans else MOST_CELLS_SIDE_BY_SIDE)

    @property
    def is_short(self) -> bool:
        """Whether the words of its columns are no more than numbers."""
        return all(len(column.striptags()) <= SHORT for column in self.columns)


@dataclass(frozen=True, slots=True)
class Control:
    """A field as it is drawn. Its `name` is its path; an error links to `#id`."""

    id: str
    type: str
    widget: str
    label: Markup
    word: str  # compulsory or optional, in the language of the page
    is_compulsory: bool
    hidden: bool  # not shown with the answers so far
    conditional: bool  # whether it is before the customer's eyes, or has something to choose, depends on answers
    hint: Markup = Markup()
    help: str = ""  # what the type itself says of how to answer
    why: str = ""
    body: Markup = Markup()
    typed: tuple[str, ...] = ()
    line: str = ""  # what was typed, or the words of what was found by typing
    errors: tuple[str, ...] = ()
    choices: tuple[Offered, ...] = ()
    field: str = ""  # the id of its field, whichever instance it stands in
    parent: str = ""  # the path of the question on whose answer depends what is offered
    parent_answers: tuple[str, ...] = ()
    input: Mapping[str, str] = member(default_factory=dict)
    ends: tuple[str, str] = ("", "")
    unit: str = ""
    again: str = ""  # the words of a second control, where it is typed twice
    choose: str = ""  # the line of a list on which nothing is chosen
    missing: str = ""  # what is said where an answer is, or may become, compulsory and is not there
    personal: bool = False
    read_only: bool = False
    text: str = ""  # the answer in words, where it is only shown
    unsure: str = ""  # said where it was left empty, and the customer is asked whether that is meant
    composite: bool = False
    parts: tuple[Control, ...] = ()  # of a composite, or what stands beside the answer
    grid: Grid | None = None
    settings: Any = None
    wording: Mapping[str, str] = member(default_factory=dict)  # what the widget says
    takes_files: bool = False
    files: tuple[tuple[str, str], ...] = ()  # what was uploaded before: id and name

    @property
    def is_seen(self) -> bool:
        """Whether the customer can answer it: it is shown, and offers something where it offers choices."""
        return not self.hidden and (not self.choices or not all(choice.hidden for choice in self.choices))

    @property
    def described_by(self) -> str:
        """The ids of the texts that describe the control, errors first as they are most urgent."""
        hints = (("hint", self.hint), ("help", self.help), ("why", self.why))
        told = (("error", self.errors), *hints, ("unit", "" if self.composite else self.unit))
        return " ".join(f"{self.about}-{name}" for name, text in told if text)

    @property
    def about(self) -> str:
        """What the ids of those texts begin with; a part may be called as one of them is, like `hint`."""
        return f"{self.id}-" if self.composite else self.id


@dataclass(frozen=True, slots=True)
class Section:
    """A group as it is drawn; one that repeats holds its instances, each of them a section."""

    id: str
    label: Markup
    hidden: bool
    items: tuple[Control | Section, ...]
    hint: Markup = Markup()
    errors: tuple[str, ...] = ()
    repeats: bool = False
    may_add: bool = False
    may_remove: bool = False
    add: str = ""  # the words of the button
    remove: str = ""
    number: int | None = None  # of an instance, from 0
    count: int | None = None  # of instances, where the customer decides


@dataclass(frozen=True, slots=True)
class Drawing:
    """What controls are drawn from. `seed` is that of the response, for orders of chance; `full` the choices without
    seats, by field.
    """

    plan: Plan
    state: State
    language: str
    typed: Mapping[str, Sequence[str]] = member(default_factory=dict)
    errors: Mapping[str, Sequence[Message]] = member(default_factory=dict)
    seed: str | None = None
    full: Mapping[str, frozenset[str]] = member(default_factory=dict)
    unsure: frozenset[str] = frozenset()
    uploads: Mapping[str, str] = member(default_factory=dict)  # the names of files that were uploaded before, by id

    @property
    def words(self) -> Words:
        """The catalogue."""
        return words(self.language)

    @property
    def default(self) -> str:
        """The language that stands in."""
        return self.plan.definition.language

    def page(self, page: Page) -> tuple[Control | Section, ...]:
        """Everything on a page, hidden parts included: the browser may bring them up."""
        return tuple(self._items(self._ordered(page), ""))

    def _ordered(self, part: Page | Group) -> Sequence[Item]:
        if not part.random or self.seed is None:
            return part.items
        by_id = {item.id: item for item in part.items}
        still = {item.id for item in part.items if isinstance(item, Field) and not item.kind.asks}
        return [by_id[name] for name in shuffled(list(by_id), self.seed, part.id, still)]

    def _items(self, items: Sequence[Item], prefix: str) -> Iterator[Control | Section]:
        for item in items:
            if isinstance(item, Group):
                yield self._repeated(item, prefix) if item.repeat else self._section(item, item.id, prefix, prefix)
            elif item.kind.drawn(item):
                yield self.control(self.plan.field(item.id), prefix)

    def _section(self, group: Group, path: str, at: str, prefix: str, **members: Any) -> Section:
        """The items of a group; `prefix` is that of what stands in it."""
        number = members.get("number")
        label = self._markup(group.label, prefix) if group.label else Markup()
        if number is not None and label:
            label = Markup("{} {}").format(label, number + 1)
        return Section(
            id=at + path if number is None else prefix.removesuffix("-"),
            label=label,
            hidden=(at + path if number is None else at + group.id) not in self.state.parts,
            items=tuple(self._items(self._ordered(group), prefix)),
            hint=self._rich(group.hint, prefix) if number is None else Markup(),
            errors=self._said(at + path if number is None else prefix.removesuffix("-")),
            **members,
        )

    def _repeated(self, group: Group, prefix: str) -> Section:
        assert group.repeat is not None
        path = prefix + group.id
        number = self.state.answers.get(path, 0)
        free = group.repeat.count is None
        said = self._say(group.repeat.add_label, prefix) or self.words["add_another"]
        may_remove = free and number > group.repeat.min
        instances = tuple(
            self._section(
                group, group.id, prefix, f"{path}-{at}-", number=at, may_remove=may_remove, remove=self.words["remove"]
            )
            for at in range(number)
        )
        return Section(
            id=path,
            label=self._markup(group.label, prefix) if group.label else Markup(),
            hidden=path not in self.state.parts,
            items=instances,
            hint=self._rich(group.hint, prefix),
            errors=self._said(path),
            repeats=True,
            may_add=free and number < group.repeat.max,
            add=said,
            count=number if free else None,
        )

    def control(self, field: Field, prefix: str = "") -> Control:
        """One field, in the instance of a repeat that `prefix` names."""
        path = prefix + field.id
        settings: Any = field.settings
        is_compulsory = path in self.state.compulsory
        parts = {q.local: self.control(q.field, prefix) for q in self.plan.questions.parts(field.id)}
        typed = self._typed(path, field)
        wanted = field.compulsory is not False and field.kind.asks
        return Control(
            id=path,
            type=field.type,
            widget=field.kind.widget,
            label=self._markup(field.label, path),
            word=self.words["compulsory" if is_compulsory else "optional"],
            is_compulsory=is_compulsory,
            hidden=path not in self.state.shown,
            conditional=self.plan.is_conditional(path) or self.plan.may_offer_nothing(path),
            hint=self._rich(field.hint, path),
            help=field.kind.help(field, self.language),
            why=self._say(field.why, path),
            body=self._rich(getattr(settings, "body", None), path),
            typed=typed,
            line=field.kind.line(typed, field, self.language),
            errors=self._said(path),
            choices=tuple(self._offered(field, path, typed)),
            field=field.id,
            parent=(parent := self._parent(field, path)),
            parent_answers=_listed(self.state.answers.get(parent)),
            input=self._input(field),
            again=self.words[field.kind.again] if field.kind.again else "",
            ends=self._ends(field, path),
            unit=self._say(getattr(settings, "unit", None), path),
            choose=self.words["choose"],
            missing=self._missing(field, path) if wanted else "",
            personal=field.personal,
            read_only=path in self.state.read_only,
            text=self._text(path),
            unsure=self.words["unsure"] if path in self.unsure else "",
            composite=field.kind.composite,
            parts=tuple(parts.values()),
            grid=self._grid(field, path, parts),
            settings=settings,
            wording=field.kind.wording(field, self.language),
            takes_files=field.kind.answer is AnswerType.FILE,
            files=tuple((name, self.uploads[name]) for name in typed if name in self.uploads),
        )

    def _input(self, field: Field) -> Mapping[str, str]:
        given = field.kind.input(field, self.language)
        question = self.plan.questions[field.id]
        return {**given, **question.of.kind.part_input(field, question.local)} if question.of else given

    def _ends(self, field: Field, path: str) -> tuple[str, str]:
        """The designer's words at the ends of a scale, else those that the type usually has."""
        low, high = (self._say(getattr(field.settings, name, None), path) for name in ("low_label", "high_label"))
        usual_low, usual_high = (self.words.get(key, "") for key in field.kind.ends)
        return low or usual_low, high or usual_high

    def _grid(self, field: Field, path: str, parts: Mapping[str, Control]) -> Grid | None:
        grid = field.kind.grid(field)
        if grid is None:
            return None
        rows = []
        for row in self._shuffled_rows(grid.rows, field, path):
            cells = tuple(parts[name] for name in row.parts)
            rows.append(Row(row.id, self._markup(row.label, path), all(cell.hidden for cell in cells), cells))
        columns = tuple(self._markup(label, path) for label in grid.columns)
        return Grid(columns, tuple(rows), spans=all(row.parts == (row.id,) for row in grid.rows))

    def _shuffled_rows(self, rows: Sequence[Any], field: Field, path: str) -> Sequence[Any]:
        if not getattr(field.settings, "random", False):
            return rows
        by_name = {row.id: row for row in rows}
        still = {row.id for row in rows if row.fixed}
        return [by_name[name] for name in shuffled(list(by_name), self.seed, path, still)]

    def _missing(self, field: Field, path: str) -> str:
        if field.compulsory_message is not None:
            return self._say(field.compulsory_message, path)
        label = self.plan.described(path, self.state, self.language)
        return self.words.say(Message(field.kind.missing, {"label": label}))

    def _said(self, path: str) -> tuple[str, ...]:
        return tuple(self.words.say(message) for message in self.errors.get(path, ()))

    def _say(self, text: Text | None, path: str) -> str:
        return self.plan.piped(text, self.state, self.language, path) if text else ""

    def _markup(self, text: Text | None, path: str) -> Markup:
        """A text whose filled-in answers the browser can keep in step."""
        return self._filled(escape(text.say(self.language, self.default)), path) if text else Markup()

    def _live(self, text: Text, path: str) -> Markup:
        named = any(piping.names(text))
        return self._markup(text, path) if named else Markup()

    def _rich(self, text: Text | None, path: str) -> Markup:
        return self._filled(render(text.say(self.language, self.default)), path) if text else Markup()

    def _filled(self, html: Markup, path: str) -> Markup:
        if piping.MARK not in html:
            return html

        def answer(name: str) -> Markup:
            return escape(self.plan.answer_text(name, self.state, self.language, path))

        def say(name: str) -> Markup:
            return Markup('<span data-pipe="{}">{}</span>').format(self.plan.placed(name, path), answer(name))

        return Markup(piping.fill_markup(str(html), say, answer))  # noqa: S704  (markup already; what is filled in is escaped)

    def _text(self, path: str) -> str:
        value = self.state.answers.get(path)
        return "" if value is None or path not in self.state.read_only else self.plan.text(path, value, self.language)

    def _typed(self, path: str, field: Field) -> tuple[str, ...]:
        if path in self.typed:
            return tuple(self.typed[path])
        value = self.state.answers.get(path)
        return () if value is None or not field.kind.holds_answer else tuple(field.kind.typed(value, field))

    def _parent(self, field: Field, path: str) -> str:
        parent = getattr(field.settings, "parent", None)
        return self.plan.placed(parent, path) if parent and parent in self.plan.questions else ""

    def _offered(self, field: Field, path: str, typed: Sequence[str]) -> Iterator[Offered]:
        yield from (Offered(name, label) for name, label in field.kind.options(field, self.language))
        withheld = self.state.withheld.get(path, frozenset())
        full = self.full.get(field.id, frozenset())
        for choice in self._shuffled(field, path, typed):
            yield Offered(
                choice.id,
                self._say(choice.label, path),
                choice.id in withheld,
                self.words["no_seats"] if choice.id in full else "",
                choice.picture or "",
                choice.exclusive,
                f"{path}-other" if choice.other else "",
                self._live(choice.label, path),
            )

    def _shuffled(self, field: Field, path: str, typed: Sequence[str]) -> Sequence[Choice]:
        choices = field.kind.fitting(field, typed, self.language, self.state.withheld.get(path, frozenset()))
        if not getattr(field.settings, "random", False):
            return choices
        by_id = {choice.id: choice for choice in choices}
        still = {choice.id for choice in choices if choice.fixed or choice.other or choice.exclusive}
        return [by_id[name] for name in shuffled(list(by_id), self.seed, path, still)]


def _listed(value: Any) -> tuple[str, ...]:
    """The choices of an answer, one or several."""
    return tuple(value) if isinstance(value, list) else (value,) if isinstance(value, str) else ()


def controls(parts: Sequence[Control | Section]) -> Iterator[Control]:
    """Every control, sections and composites opened."""
    for part in parts:
        if isinstance(part, Section):
            yield from controls(part.items)
        else:
            yield part
            yield from controls(part.parts)


def sections(parts: Sequence[Control | Section]) -> Iterator[Section]:
    """Every section, whatever stands in it."""
    for part in parts:
        if isinstance(part, Section):
            yield part
            yield from sections(part.items)
