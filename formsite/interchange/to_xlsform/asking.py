"""Pages, groups and fields -> rows of the survey sheet, and lists of the choices sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from formsite.definition import logic
from formsite.definition.document import END, MOST_INSTANCES, Definition, Field, Group, Item, Limit, Page
from formsite.definition.logic import AnswerType
from formsite.definition.logic import nodes as n
from formsite.definition.parts import Choice, Text, joined
from formsite.interchange.losses import Loss
from formsite.interchange.to_xlsform.places import Places, Spot
from formsite.interchange.to_xlsform.saying import Saying
from formsite.interchange.to_xlsform.shapes import Shape, shape_of
from formsite.interchange.to_xlsform.terms import Unsayable

T = AnswerType
ALWAYS = "always"
YES_NO = ("yes", "no")
COLUMN = "when"
"""The column of the choices sheet that a choice filter looks at."""
CANNOT = "an XLSForm cannot say it"
MATRICES = ("matrix_one", "likert", "matrix_several")


@dataclass(slots=True)
class Row:
    """A row of the survey sheet: its texts by column and language, and its other cells."""

    type: str
    name: str = ""
    texts: dict[str, Text] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offered:
    """A row of the choices sheet. `when` is what a choice filter calls the rule under which it is offered."""

    name: str
    label: Text
    when: str = ALWAYS


class Asking:
    """Writes the rows of a definition, once."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.places = Places(definition)
        self.rows: list[Row] = []
        self.lists: dict[str, tuple[Offered, ...]] = {}
        self.losses: list[Loss] = []

    def lose(self, where: str, what: str, why: str = CANNOT) -> None:
        """Name what is not in the spreadsheet."""
        self.losses.append(Loss(where, what, why))

    def write(self) -> None:
        """All pages."""
        for page in self.definition.pages:
            self._page(page)

    # -- pages and groups --------------------------------------------------------------------------------------------
    def _page(self, page: Page) -> None:
        spot = self.places.spots[page.id]
        shown = self._page_condition(page)
        if page.random:
            self.lose(page.id, "the order of chance", "the order stands as it is written")
        if page.exit:
            self.lose(page.id, "that the form ends here", "the page is shown, and the form goes on")
        for limit in page.limits:
            self._lose_limit(page.id, limit)
        if self.places.is_paged:
            row = Row(
                "begin group", spot.name, {"label": page.title} if page.title else {}, {"appearance": "field-list"}
            )
            self._condition(row, "relevant", page.id, shown, spot)
            self.rows.append(row)
        self._items(page.items)
        if self.places.is_paged:
            self.rows.append(Row("end group"))

    def _page_condition(self, page: Page) -> logic.Node | None:
        """Its own, and that no jump from an earlier page passes it."""
        order = [each.id for each in self.definition.pages]
        at = order.index(page.id)
        passing: list[logic.Node] = []
        for earlier in self.definition.pages[:at]:
            before: list[logic.Node] = []
            for jump in earlier.jumps:
                taken = n.Sure("sure", jump.condition)
                around = [] if earlier.shown_if is None else [n.Sure("sure", earlier.shown_if)]
                if jump.to == END or order.index(jump.to) > at:
                    passing.append(n.Many("all", (*around, *before, taken)))
                before.append(n.Not("not", taken))
        conditions = [*([] if page.shown_if is None else [page.shown_if]), *(n.Not("not", each) for each in passing)]
        return n.Many("all", tuple(conditions)) if conditions else None

    def _items(self, items: Sequence[Item]) -> None:
        for item in items:
            if isinstance(item, Group):
                self._group(item)
            else:
                self._field(item)

    def _group(self, group: Group) -> None:
        spot = self.places.spots[group.id]
        around = Spot(spot.chain, spot.homes[:-1]) if group.repeat else spot
        kind = "repeat" if group.repeat else "group"
        row = Row(f"begin {kind}", spot.name, {"label": group.label} if group.label else {})
        self._condition(row, "relevant", group.id, group.shown_if, around)
        if group.repeat:
            self._repeat(group, row, around)
        if group.hint:
            self.lose(group.id, "the hint", "groups have none")
        if group.random:
            self.lose(group.id, "the order of chance", "the order stands as it is written")
        for limit in group.limits:
            self._lose_limit(group.id, limit)
        self.rows.append(row)
        self._items(group.items)
        self.rows.append(Row(f"end {kind}"))

    def _repeat(self, group: Group, row: Row, around: Spot) -> None:
        repeat = group.repeat
        assert repeat is not None
        if repeat.count is not None:
            count = repeat.count
            self._say(row, "repeat_count", group.id, lambda: Saying(self.places, around).expression(count))
        elif repeat.min == repeat.max:
            row.cells["repeat_count"] = str(repeat.min)
        elif repeat.max < MOST_INSTANCES or repeat.min or repeat.start != 1:
            said = f"at least {repeat.min}, at most {repeat.max}, {repeat.start} at first"
            self.lose(group.id, f"how often: {said}", "the customer decides how often")

    def _lose_limit(self, where: str, limit: Limit) -> None:
        self.lose(where, f"the check “{limit.message.say(self.definition.language)}”", "only questions have checks")

    # -- fields ------------------------------------------------------------------------------------------------------
    def _field(self, asked: Field) -> None:
        asked = self.places.questions[asked.id].field
        if asked.kind.composite:
            self._composite(asked)
        else:
            self._question(asked)
            for part in self.places.questions.parts(asked.id):
                self._part(part.field, asked)

    def _part(self, part: Field, whole: Field) -> None:
        """What stands beside the answer: the text of “other”, and comments."""
        label = (
            joined(whole.label, part.hint) if part.id.count("-") > 1 and part.hint else joined(whole.label, part.label)
        )
        self._question(part.model_copy(update={"label": label, "hint": None, "shown_if": _both(whole, part)}))

    def _composite(self, asked: Field) -> None:
        """A group; its rows share one list where they share what they offer."""
        spot = self.places.spots[asked.id]
        appearance = {"appearance": "table-list" if asked.type in MATRICES else "field-list"}
        row = Row("begin group", spot.name, {"label": asked.label}, appearance)
        self._condition(row, "relevant", asked.id, asked.shown_if, spot)
        self.rows.append(row)
        self._lose_of_whole(asked)
        parts = [part.field for part in self.places.questions.parts(asked.id)]
        if asked.hint:
            self.rows.append(Row("note", self.places.fresh(f"{spot.name}_hint"), {"label": asked.hint}))
        for part in parts:
            self._question(self._compelled(part, parts, asked))
        self._sums(asked, parts)
        self.rows.append(Row("end group"))

    def _compelled(self, part: Field, parts: list[Field], whole: Field) -> Field:
        """Where any one is enough, the first is asked for while the others are empty."""
        if whole.kind.compulsory_parts(whole) != "any" or whole.compulsory is False or part is not parts[0]:
            return part
        others = tuple(n.Not("not", n.Answered("answered", other.id)) for other in parts[1:])
        whole_rule = () if whole.compulsory is True else (whole.compulsory,)
        return part.model_copy(update={"compulsory": n.Many("all", (*whole_rule, *others)) if others else True})

    def _lose_of_whole(self, asked: Field) -> None:
        for limit in asked.limits:
            self._lose_limit(asked.id, limit)
        self._lose_members(asked)
        if getattr(asked.settings, "random", False):
            self.lose(asked.id, "the order of chance", "the order stands as it is written")
        if getattr(asked.settings, "each_row_unique", False):
            self.lose(asked.id, "that no two rows have one answer")

    def _sums(self, asked: Field, parts: list[Field]) -> None:
        """What the parts must amount to together is looked at where the last of them is answered."""
        names = [self.places.spots[part.id].name for part in parts]
        if not names:
            return
        last = next(row for row in reversed(self.rows) if row.name == names[-1])
        rules: list[str] = []
        if asked.type in ("date_range", "time_range", "number_range"):
            rules.append(f". >= ${{{names[0]}}} or ${{{names[0]}}} = ''")
        if asked.type in ("several_numbers", "constant_sum"):
            total = " + ".join([*(f"coalesce(${{{name}}}, 0)" for name in names[:-1]), "."])
            rules += [f"{total} {op} {bound}" for op, bound in _sum_bounds(asked)]
        if rules:
            held = last.cells.get("constraint")
            last.cells["constraint"] = " and ".join(
                [*([f"({held})"] if held else []), *(f"({rule})" for rule in rules)]
            )
            self.lose(asked.id, "that its parts fit together", "it is looked at where the last of them is answered")

    # -- one question ------------------------------------------------------------------------------------------------
    def _question(self, asked: Field) -> None:
        spot, shape = self.places.spots[asked.id], shape_of(asked)
        if asked.type == "computed" and not asked.settings.hidden:
            kinds = {T.NUMBER: "decimal", T.DATE: "date", T.TIME: "time", T.MOMENT: "datetime"}
            shape = Shape(kinds.get(self.places.kind(asked.id), "text"))
        row = Row(shape.type, spot.name, self._texts(asked))
        row.cells |= {"appearance": shape.appearance, "parameters": shape.parameters}
        saying = Saying(self.places, spot)
        if shape.type in ("select_one", "select_multiple", "rank"):
            self._offer(asked, row, saying)
        for lost in shape.lost:
            self.lose(asked.id, lost)
        self._lose_members(asked)
        self._condition(row, "relevant", asked.id, asked.shown_if, spot)
        if asked.kind.asks:
            self._logic(asked, row, shape, spot)
        self.rows.append(row)

    def _texts(self, asked: Field) -> dict[str, Text]:
        texts = {"label": asked.label}
        body = getattr(asked.settings, "body", None)
        if body is not None and body != asked.label:
            texts["label"] = _below(asked.label, body)
        if asked.type == "media" and asked.settings.link:
            words = asked.settings.link_label or Text({self.definition.language: asked.settings.link})
            links = Text({tag: f"[{said}]({asked.settings.link})" for tag, said in words.root.items()})
            texts["label"] = _below(asked.label, links)
        hint = asked.hint
        if asked.why is not None:
            hint = asked.why if hint is None else _below(hint, asked.why)
        if hint is not None:
            texts["hint"] = hint
        if asked.type == "computed" and asked.settings.hidden:
            return {}
        return texts

    def _lose_members(self, asked: Field) -> None:
        if asked.personal and "-" not in asked.id:
            self.lose(asked.id, "that the answer is personal")
        if asked.wanted is not False:
            self.lose(asked.id, "that who leaves it empty is asked once more")
        if getattr(asked.settings, "picture", None):
            self.lose(asked.id, "the picture", "pictures are files beside the workbook")
        for choice in asked.kind.choices(asked):
            for name, what in (
                ("capacity", "its seats"),
                ("picture", "its picture"),
                ("fixed", "that it keeps its place"),
            ):
                if getattr(choice, name, None):
                    self.lose(f"{asked.id}: {choice.id}", what)

    def _logic(self, asked: Field, row: Row, shape: Shape, spot: Spot) -> None:
        self._condition(row, "required", asked.id, asked.compulsory, spot)
        if row.cells.get("required") and asked.compulsory_message:
            row.texts["required_message"] = asked.compulsory_message
        self._limits(asked, row, shape, spot)
        saying = Saying(self.places, spot)
        if asked.computed is not None:
            computed = asked.computed
            self._say(row, "calculation", asked.id, lambda: saying.expression(computed))
            if row.type != "calculate":
                row.cells["read_only"] = "yes"
            elif "calculation" not in row.cells:
                row.cells["calculation"] = "''"
        elif asked.read_only is not False:
            self._condition(row, "read_only", asked.id, asked.read_only, spot)
        if asked.default is not None:
            default = asked.default
            self._say(row, "default", asked.id, lambda: _literal(default) or saying.expression(default))

    def _limits(self, asked: Field, row: Row, shape: Shape, spot: Spot) -> None:
        rules, messages = list(shape.constraints), []
        saying = Saying(self.places, spot, own=asked.id)
        for limit in asked.limits:
            try:
                if said := saying.permission(limit.rule):
                    rules.append(said)
                    messages.append(limit.message)
            except Unsayable as lost:
                self.lose(
                    asked.id,
                    f"the check “{limit.message.say(self.definition.language)}”",
                    f"there is no {lost} in XPath",
                )
        if rules:
            row.cells["constraint"] = rules[0] if len(rules) == 1 else " and ".join(f"({rule})" for rule in rules)
        if messages:
            message = messages[0]
            for each in messages[1:]:
                message = _beside(message, each)
            row.texts["constraint_message"] = message
        if len(messages) > 1:
            self.lose(
                asked.id, "that each check has a message of its own", "the question has one message for all of them"
            )

    def _condition(self, row: Row, column: str, where: str, rule: bool | logic.Node | None, spot: Spot) -> None:
        if rule is None or rule is False:
            return
        if rule is True:
            row.cells[column] = "yes"
            return
        self._say(row, column, where, lambda: Saying(self.places, spot).condition(rule) or "true()")

    def _say(self, row: Row, column: str, where: str, say: Callable[[], str]) -> None:
        try:
            said = say()
        except Unsayable as lost:
            self.lose(where, column, f"there is no {lost} in XPath")
            return
        if said:
            row.cells[column] = said

    # -- choices -----------------------------------------------------------------------------------------------------
    def _offer(self, asked: Field, row: Row, saying: Saying) -> None:
        offered: list[Offered] = []
        conditions: dict[str, str] = {}
        for choice in self._choices(asked):
            key = ALWAYS
            if choice.shown_if is not None:
                try:
                    said = saying.condition(choice.shown_if)
                except Unsayable as lost:
                    self.lose(
                        f"{asked.id}: {choice.id}", "shown_if", f"there is no {lost} in XPath; it is always offered"
                    )
                    said = ""
                if said:
                    key = conditions.setdefault(said, f"case_{len(conditions) + 1}")
            offered.append(Offered(choice.id, choice.label, key))
        if conditions:
            held = [
                f"{COLUMN} = '{ALWAYS}'",
                *(f"({COLUMN} = '{key}' and ({said}))" for said, key in conditions.items()),
            ]
            row.cells["choice_filter"] = " or ".join(held)
        row.type += f" {self._list(row.name, tuple(offered))}"

    def _list(self, wanted: str, offered: tuple[Offered, ...]) -> str:
        """The name of a list with these choices."""
        for name, held in self.lists.items():
            if held == offered:
                return name
        name, number = wanted, 1
        while name in self.lists:
            number += 1
            name = f"{wanted}_{number}"
        self.lists[name] = offered
        return name

    def _choices(self, asked: Field) -> Iterable[Choice]:
        if asked.type == "yes_no":
            told = {tag: dict(asked.kind.options(asked, tag)) for tag in self.definition.languages}
            words = [list(held.values()) for held in told.values()]
            return tuple(
                Choice(id=name, label=Text({tag: each[at] for tag, each in zip(told, words, strict=True)}))
                for at, name in enumerate(YES_NO)
            )
        if asked.kind.choices(asked):
            return asked.kind.choices(asked)
        told = {tag: dict(asked.kind.options(asked, tag)) for tag in self.definition.languages}
        names = told[self.definition.language]
        return tuple(Choice(id=name, label=Text({tag: held[name] for tag, held in told.items()})) for name in names)


def _both(whole: Field, part: Field) -> logic.Node | None:
    """A part stands beside an answer only where the question is shown."""
    conditions = tuple(each for each in (whole.shown_if, part.shown_if) if each is not None)
    return n.Many("all", conditions) if len(conditions) > 1 else conditions[0] if conditions else None


def _sum_bounds(asked: Field) -> list[tuple[str, str]]:
    from formsite.definition.fieldtypes.numbers import plain

    least, most = asked.kind.between(asked)  # type: ignore[attr-defined]  # of those that have a sum
    if least is not None and least == most:
        return [("=", plain(least))]
    return [(op, plain(bound)) for op, bound in ((">=", least), ("<=", most)) if bound is not None]


def _literal(rule: logic.Node) -> str:
    """A plain value as a spreadsheet holds it."""
    if isinstance(rule, n.Day):
        return rule.date
    if isinstance(rule, n.Value) and not isinstance(rule.value, bool):
        return str(rule.value)
    return ""


def _below(one: Text, other: Text) -> Text:
    return _joined(one, other, "\n\n")


def _beside(one: Text, other: Text) -> Text:
    return _joined(one, other, " ")


def _joined(one: Text, other: Text, between: str) -> Text:
    tags = dict.fromkeys((*one.root, *other.root))
    return Text({tag: between.join(filter(None, (one.say(tag), other.say(tag)))) for tag in tags})
