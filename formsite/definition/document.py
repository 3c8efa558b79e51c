"""The definition document: pages of fields, rules, consents and texts. Immutable; JSON in and out.

The document is read as untrusted: everything wrong with it is found in one pass and named by JSON pointer (RFC 6901).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from itertools import islice
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    SerializerFunctionWrapHandler,
    StrictBool,
    Tag,
    ValidationError,
    field_validator,
    model_serializer,
)
from pydantic import (
    Field as Member,
)
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import ValidationInfo

from formsite.definition import paths
from formsite.definition.faults import Fault, Faulty
from formsite.definition.fieldtypes import FieldType, registry
from formsite.definition.parts import LANGUAGE_PATTERN, LARGEST, WHOLE, BoolOrRule, Id, Part, Rule, Text
from formsite.definition.reading import FIELD, GROUP, faults_of, read_part, step
from formsite.foundation import canonical

FORMAT = 1
MOST_FIELDS = 5_000
MOST_DEPTH = 12
MOST_LEVELS = 180
"""Of JSON, so that nothing recursive is walked too far: the deepest rule alone has 120."""
MOST_UNFIT = 100
MOST_INSTANCES = 200
"""Of a group that repeats."""
END = "end"
"""Where a jump goes that ends the form."""
RESERVED = frozenset({"about", "consent", "end", "group", "lang"})


class Kind(StrEnum):
    """What a form is for."""

    QUESTIONNAIRE = "questionnaire"
    REGISTRATION = "registration"
    COMPETITION = "competition"
    PROMOTION = "promotion"
    FEEDBACK = "feedback"


class Purpose(StrEnum):
    """What a customer may agree to. Taking part itself needs no consent statement."""

    FEEDBACK = "feedback"
    MARKETING = "marketing"
    SUPPORT = "support"
    PROFILE = "profile"
    RESEARCH = "research"


class Channel(StrEnum):
    """How the customer agrees to be reached."""

    EMAIL = "email"
    PHONE = "phone"
    SMS = "sms"
    POST = "post"


class Limit(Part):
    """What must hold, and what is said where it does not. What is unknown is no violation."""

    rule: Rule
    message: Text


Limits = Annotated[tuple[Limit, ...], Member(max_length=50)]


class Field(Part):
    """One question, or one thing shown."""

    id: Id
    type: str
    label: Text
    hint: Text | None = None
    compulsory: BoolOrRule = False
    compulsory_message: Text | None = Member(default=None, description="Said in place of the usual words")
    wanted: BoolOrRule = Member(default=False, description="Soft compulsory: who leaves it empty is asked once more")
    why: Text | None = Member(default=None, description="Told to the customer: why a personal answer is compulsory")
    personal: StrictBool = False
    shown_if: Rule | None = None
    limits: Limits = Member(default=(), description="Looked at once it is answered; may look at the field itself")
    default: Rule | None = Member(default=None, description="The answer until the customer touches it")
    computed: Rule | None = Member(default=None, description="The answer is this; the customer cannot change it")
    read_only: BoolOrRule = Member(default=False, description="Drawn, but not to be changed, and never compulsory")
    settings: Any = Member(default=None, validate_default=True)

    @field_validator("id")
    @classmethod
    def _not_reserved(cls, name: str) -> str:
        if name in RESERVED:
            raise PydanticCustomError("reserved", "“{name}” is a name that formsite uses itself", {"name": name})
        return name

    @field_validator("type")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in registry:
            raise PydanticCustomError(
                "field_type",
                "There is no field type “{name}”",
                {"name": name, "fix": "Use one of: " + ", ".join(registry.names())},
            )
        return name

    @field_validator("settings", mode="before")
    @classmethod
    def _settings(cls, raw: object, info: ValidationInfo) -> Part | None:
        name = info.data.get("type")  # absent where the type itself is the fault
        return None if name is None else read_part(registry.get(name).Settings, raw)

    @model_serializer(mode="wrap")
    def _write(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        out: dict[str, Any] = handler(self)
        out["compulsory"] = out.get("compulsory", False)
        settings = self.settings.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
        out.pop("settings", None)
        return out | ({"settings": settings} if settings else {})

    @property
    def kind(self) -> FieldType:
        """The type of the field, with all it knows."""
        return registry.get(self.type)

    def part(
        self,
        name: str,
        type: str,
        *,
        label: Text,
        settings: Mapping[str, Any] | Part | None = None,
        **members: Any,
    ) -> Field:
        """A field that is a part of this one: its path is `<this>-<name>`, and it is as personal as this one.

        Raises:
            Faulty: the settings do not suit the type.
        """
        held = self._settings_of(type, settings or {})
        usual = {"personal": self.personal, "read_only": self.read_only}
        return Field.model_construct(id=f"{self.id}-{name}", type=type, label=label, settings=held, **usual | members)

    @staticmethod
    def _settings_of(name: str, raw: Mapping[str, Any] | Part) -> Part:
        model = registry.get(name).Settings
        try:
            return raw if isinstance(raw, model) else model.model_validate(raw)
        except ValidationError as error:
            raise Faulty(faults_of(error)) from None


class Repeat(Part):
    """How often a group is asked: by the customer's wish within bounds, or as often as a rule says."""

    min: Annotated[int, Member(ge=0, le=MOST_INSTANCES), WHOLE] = 0
    max: Annotated[int, Member(ge=1, le=MOST_INSTANCES), WHOLE] = 20
    start: Annotated[int, Member(ge=0, le=MOST_INSTANCES), WHOLE] = 1
    count: Rule | None = None
    add_label: Text | None = None


class Group(Part):
    """A section: items that stand together and are shown together. Groups nest, and may repeat."""

    id: Id
    type: Literal["group"] = "group"
    label: Text | None = None
    hint: Text | None = None
    shown_if: Rule | None = None
    repeat: Repeat | None = None
    limits: Limits = ()
    random: StrictBool = Member(default=False, description="Its items stand in an order of chance")
    items: tuple[Item, ...] = ()

    @model_serializer(mode="wrap")
    def _write(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        out: dict[str, Any] = handler(self)
        return {"type": "group"} | out


def _tag(raw: object) -> str:
    kind = raw.get("type") if isinstance(raw, dict) else getattr(raw, "type", None)
    return GROUP if kind == "group" else FIELD


Item = Annotated[Annotated[Group, Tag(GROUP)] | Annotated[Field, Tag(FIELD)], Discriminator(_tag)]


class Jump(Part):
    """Where the form goes on after a page: to a later page, or to its end. What lies between is not shown."""

    condition: Rule = Member(alias="if")
    to: Annotated[str, Member(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class Page(Part):
    """What is asked at a time. An exit page ends the form without sending anything."""

    id: Id
    title: Text | None = None
    shown_if: Rule | None = None
    limits: Limits = ()
    random: StrictBool = Member(default=False, description="Its items stand in an order of chance")
    jumps: Annotated[tuple[Jump, ...], Member(max_length=50)] = ()
    exit: StrictBool = False
    items: tuple[Item, ...] = ()

    def fields(self) -> Iterator[Field]:
        """Every field of the page, groups opened, in the order they are asked."""
        return _fields(self.items)


class ConsentStatement(Part):
    """One thing the customer may agree to: its wording, for what, and by which channel."""

    id: Id
    purpose: Purpose
    channel: Channel | None = None
    wording: Text


class FeedbackRequest(Part):
    """Asks those who agreed, once and later, how it went."""

    form: Annotated[str, Member(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$", description="Slug of the feedback form")]
    after_hours: Annotated[int, Member(ge=0, le=24 * 90), WHOLE] = 24
    subject: Text
    body: Text


class Quota(Part):
    """How many submitted responses may fulfil a rule; who comes later is told so."""

    id: Id
    rule: Rule
    limit: Annotated[int, Member(ge=0, le=10_000_000), WHOLE]
    message: Text


def _version(raw: object) -> object:
    return None if isinstance(raw, bool) else raw  # Python holds true for 1


class Definition(Part):
    """A whole form as it is published."""

    formsite: Annotated[Literal[1], BeforeValidator(_version)] = 1
    kind: Kind = Kind.QUESTIONNAIRE
    languages: Annotated[
        tuple[Annotated[str, Member(pattern=LANGUAGE_PATTERN)], ...], Member(min_length=1, max_length=60)
    ]
    title: Text
    intro: Text | None = None
    done: Text | None = None
    notice: Text | None = None
    pages: Annotated[tuple[Page, ...], Member(max_length=500)] = ()
    random_pages: StrictBool = Member(default=False, description="All pages but the first in an order of chance")
    consents: Annotated[tuple[ConsentStatement, ...], Member(max_length=30)] = ()
    quotas: Annotated[tuple[Quota, ...], Member(max_length=200)] = ()
    feedback: FeedbackRequest | None = None

    @field_validator("languages")
    @classmethod
    def _distinct(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(languages)) != len(languages):
            raise PydanticCustomError("languages", "A language is listed twice")
        return languages

    @property
    def language(self) -> str:
        """The language the form is written in first."""
        return self.languages[0]

    def fields(self) -> Iterator[Field]:
        """Every field, in the order they are asked."""
        for page in self.pages:
            yield from page.fields()

    @cached_property
    def by_id(self) -> dict[str, Field]:
        """The fields by id."""
        return {field.id: field for field in self.fields()}

    @cached_property
    def repeats(self) -> frozenset[str]:
        """The ids of the groups that repeat."""
        return frozenset(part.id for _, part in walk(self) if isinstance(part, Group) and part.repeat)

    def is_repeat(self, path: str) -> bool:
        """Whether a path holds the number of a group's instances."""
        return paths.plain(path, self.repeats) in self.repeats

    def field_at(self, path: str) -> Field | None:
        """The field that an answer belongs to, itself or in parts, in whichever instance; None if there is none."""
        return self.by_id.get(paths.plain(path, self.repeats).partition(paths.DASH)[0])

    def as_json(self) -> dict[str, Any]:
        """The document as plain JSON values; what is unset or as usual is left out."""
        out: dict[str, Any] = self.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
        return {"formsite": FORMAT, "kind": self.kind.value} | out

    @cached_property
    def sha256(self) -> str:
        """SHA-256 over the canonical JSON (RFC 8785), in hex."""
        return canonical.sha256_hex(self.as_json())


def parse(raw: object) -> Definition:
    """A definition out of untrusted JSON values.

    Raises:
        Faulty: with every fault found, each naming its place by JSON pointer.
    """
    if not isinstance(raw, dict):
        raise Faulty((Fault("", "A definition is a JSON object", 'Start with {"formsite": 1, …}'),))
    if unfit := tuple(islice(_unfit(raw), MOST_UNFIT)):
        raise Faulty(unfit)
    try:
        definition = Definition.model_validate(raw)
    except ValidationError as error:
        raise Faulty(faults_of(error)) from None
    if faults := tuple(_doubles(definition)):
        raise Faulty(faults)
    return definition


def _fields(items: tuple[Item, ...]) -> Iterator[Field]:
    for item in items:
        if isinstance(item, Group):
            yield from _fields(item.items)
        else:
            yield item


def _unfit(raw: object) -> Iterator[Fault]:
    """What canonical JSON cannot hold, told before anything else walks the document."""
    level: list[tuple[str, object]] = [("", raw)]
    for _ in range(MOST_LEVELS):
        below: list[tuple[str, object]] = []
        for where, held in level:
            if fault := _unfit_value(where, held):
                yield fault
            elif isinstance(held, dict):
                for name in held:
                    if not _is_text(name):
                        yield Fault(where, "The name of a member is no text of Unicode", "Mend its spelling")
                below += [(where + step(name), child) for name, child in held.items() if _is_text(name)]
            elif isinstance(held, list):
                below += [(f"{where}/{index}", child) for index, child in enumerate(held)]
        if not below:
            return
        level = below
    yield Fault("", "The document is nested too deeply", "Take groups and rules apart")


def _unfit_value(where: str, held: object) -> Fault | None:
    if held is None or isinstance(held, bool | dict | list) or _is_text(held):
        return None
    if isinstance(held, str):
        return Fault(where, "The text holds half a character (a lone surrogate)", "Write it again")
    if isinstance(held, int | float):
        if abs(held) <= LARGEST:  # floats too: PostgreSQL hands 1e17 back as a whole number
            return None
        return Fault(where, "The number is not finite, or larger than JSON can hold exactly", "Write a smaller number")
    return Fault(
        where, f"{type(held).__name__} is no JSON value", "Write a text, a number, true, false, a list or an object"
    )


def _is_text(held: object) -> bool:
    if not isinstance(held, str):
        return False
    try:
        held.encode()
    except UnicodeEncodeError:
        return False
    return True


def walk(definition: Definition) -> Iterator[tuple[str, Page | Group | Field]]:
    """Every page, group and field with its JSON pointer, in document order."""

    def items(parts: tuple[Item, ...], base: str) -> Iterator[tuple[str, Group | Field]]:
        for index, item in enumerate(parts):
            where = f"{base}/items/{index}"
            yield where, item
            if isinstance(item, Group):
                yield from items(item.items, where)

    for index, page in enumerate(definition.pages):
        yield f"/pages/{index}", page
        yield from items(page.items, f"/pages/{index}")


def _doubles(definition: Definition) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    count = 0
    for where, part in walk(definition):
        count += part.kind.size(part) if isinstance(part, Field) else 0
        if part.id in seen:
            yield Fault(f"{where}/id", f"“{part.id}” is used twice", f"It is already the name of {seen[part.id]}")
        seen.setdefault(part.id, where)
        if where.count("/items/") > MOST_DEPTH:
            yield Fault(where, "Groups are nested too deeply", f"Nest at most {MOST_DEPTH} levels")
    if count > MOST_FIELDS:
        yield Fault("/pages", f"{count} fields and cells are more than a form can hold", f"Keep to {MOST_FIELDS}")
    named: set[str] = set()
    for index, statement in enumerate(definition.consents):
        if statement.id in named:
            yield Fault(f"/consents/{index}/id", f"“{statement.id}” is used twice", "Give each statement its own name")
        named.add(statement.id)
