"""What is asked of a person in parts: names, addresses, and an e-mail address that is typed twice."""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field as Member
from pydantic import StrictBool, field_validator
from pydantic_core import PydanticCustomError

from formsite.definition.faults import Fault
from formsite.definition.fieldtypes.base import Unreadable, Value, registry
from formsite.definition.fieldtypes.composites import Composite
from formsite.definition.messages import usual
from formsite.definition.fieldtypes.contact import Email
from formsite.definition.fieldtypes.countries import CountrySettings
from formsite.definition.parts import Part

if TYPE_CHECKING:
    from formsite.definition.document import Field


class FullNameSettings(Part):
    """Which parts are asked besides the given name and the family name."""

    title: StrictBool = False
    middle: StrictBool = False


@registry.register
class FullName(Composite):
    """A person's name in parts. Where one line will do, a name is the kinder question."""

    name: ClassVar[str] = "full_name"
    title: ClassVar[str] = "Name in parts"
    family: ClassVar[str] = "Contact"
    personal: ClassVar[bool] = True
    Settings: ClassVar[type[Part]] = FullNameSettings

    def parts(self, field: Field) -> tuple[Field, ...]:
        """Given and family name are as compulsory as the whole."""
        settings = field.settings
        made = [
            field.part("given", "name", label=usual("name_given"), compulsory=True),
            field.part("family", "name", label=usual("name_family"), compulsory=True),
        ]
        if settings.middle:
            made.insert(1, field.part("middle", "name", label=usual("name_middle")))
        if settings.title:
            made.insert(0, field.part("title", "short_text", label=usual("name_title"), settings={"max_length": 40}))
        return tuple(made)

    def compulsory_parts(self, field: Field) -> Literal["all", "any", "own"]:
        """Nobody has to have a title or a middle name."""
        return "own"

    def part_input(self, part: Field, local: str) -> Mapping[str, str]:
        """Browsers may fill it in."""
        return {"autocomplete": AUTOCOMPLETE[local]}

    def sample_parts(self, field: Field, rng: random.Random, shown: Collection[str] | None = None) -> dict[str, Value]:
        """A made-up person."""
        made = {local: rng.choice(NAMES[local]) for local in NAMES}
        return {name: made[name] for name in (part.id[len(field.id) + 1 :] for part in self.parts(field))}


NAMES = {
    "title": ("Dr", "Ms", "Mr", "Mx"),
    "given": ("Amara", "Béla", "Chiara", "Dmitri", "Fiona", "Grace", "Hiro"),
    "middle": ("A.", "Jo", "Maria", "Lee"),
    "family": ("Okafor", "Novák", "O’Brien", "Larsson", "Haddad", "Müller", "Silva"),
}
AUTOCOMPLETE = {
    "title": "honorific-prefix",
    "given": "given-name",
    "middle": "additional-name",
    "family": "family-name",
    "line1": "address-line1",
    "line2": "address-line2",
    "city": "address-level2",
    "region": "address-level1",
    "postcode": "postal-code",
    "country": "country",
}
"""The names that HTML gives to the parts (section “autofill”)."""

Line = Literal["line1", "line2", "city", "region", "postcode", "country"]
LONGEST = {"line1": 200, "line2": 200, "city": 120, "region": 120, "postcode": 20}


class AddressSettings(CountrySettings):
    """Which parts are asked, in which order, and which of them may be left empty even where the address may not."""

    parts: Annotated[tuple[Line, ...], Member(min_length=1)] = (
        "line1",
        "line2",
        "city",
        "region",
        "postcode",
        "country",
    )
    optional: tuple[Line, ...] = ("line2", "region")

    @field_validator("parts")
    @classmethod
    def _distinct(cls, parts: tuple[Line, ...]) -> tuple[Line, ...]:
        if len(set(parts)) != len(parts):
            raise PydanticCustomError("parts", "A part of the address is listed twice")
        return parts


@registry.register
class Address(Composite):
    """A postal address, line by line."""

    name: ClassVar[str] = "address"
    title: ClassVar[str] = "Postal address"
    family: ClassVar[str] = "Contact"
    personal: ClassVar[bool] = True
    Settings: ClassVar[type[Part]] = AddressSettings

    def parts(self, field: Field) -> tuple[Field, ...]:
        """In the designer's order."""
        return tuple(self._part(field, local) for local in field.settings.parts)

    def _part(self, field: Field, local: Line) -> Field:
        compulsory = local not in field.settings.optional
        if local == "country":
            offered = CountrySettings(countries=field.settings.countries)
            return field.part(local, "country", label=usual("address_country"), settings=offered, compulsory=compulsory)
        label = LABELS[local]
        bounds = {"max_length": LONGEST[local]}
        return field.part(local, "short_text", label=label, settings=bounds, compulsory=compulsory)

    def compulsory_parts(self, field: Field) -> Literal["all", "any", "own"]:
        """As the designer set it."""
        return "own"

    def part_input(self, part: Field, local: str) -> Mapping[str, str]:
        """Browsers may fill it in."""
        return {"autocomplete": AUTOCOMPLETE[local]}

    def sample_parts(self, field: Field, rng: random.Random, shown: Collection[str] | None = None) -> dict[str, Value]:
        """A made-up address."""
        town, region, postcode = rng.choice(TOWNS)
        made: dict[str, Value] = {
            "line1": f"{rng.randint(1, 150)} {rng.choice(STREETS)}",
            "line2": f"Flat {rng.randint(1, 20)}",
            "city": town,
            "region": region,
            "postcode": postcode,
            "country": rng.choice(field.settings.countries or ("GB", "IE", "CA")),
        }
        return {local: made[local] for local in field.settings.parts}

    def faults(self, field: Field) -> list[Fault]:
        """Countries that there are not."""
        return [fault for part in self.parts(field) for fault in part.kind.faults(part)]


STREETS = ("Example Street", "Mill Lane", "Station Road", "Orchard Way")
TOWNS = (("Leeds", "West Yorkshire", "LS1 1AA"), ("Cork", "Munster", "T12 XY00"), ("Halifax", "Nova Scotia", "B3H 0A1"))
LABELS = {
    "line1": usual("address_street"),
    "line2": usual("address_more"),
    "city": usual("address_city"),
    "region": usual("address_region"),
    "postcode": usual("address_postcode"),
}


@registry.register
class EmailConfirmed(Email):
    """An e-mail address that is typed twice, under one name. What is stored is the address, once."""

    name: ClassVar[str] = "email_confirmed"
    title: ClassVar[str] = "E-mail address, typed twice"
    widget: ClassVar[str] = "twice"
    again: ClassVar[str] = "again"

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """The address, if it was typed twice alike."""
        typed = [text for text in raw if text.strip()]
        if len(raw) > 2:
            raise Unreadable("one_answer")
        read = [super(EmailConfirmed, self).parse([text], field) for text in typed]
        if len(read) == 1:
            raise Unreadable("email_again")
        if len(set(read)) > 1:
            raise Unreadable("email_differs")
        return read[0] if read else None

    def load(self, value: object, field: Field) -> Value | None:
        """One text: programs do not mistype."""
        if value is not None and not isinstance(value, str):
            raise Unreadable("wrong_type")
        return super().parse([value or ""], field)

    def typed(self, value: Value, field: Field) -> list[str]:
        """In both controls."""
        return [str(value), str(value)]
