"""Ways to reach a person: e-mail and phone."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field as Member

from formsite.definition.faults import Fault
from formsite.definition.fieldtypes.base import Unreadable, Value, registry, unmarked
from formsite.definition.fieldtypes.texts import LineOfText
from formsite.definition.fieldtypes.countries import named
from formsite.definition.messages import Message, languages, words
from formsite.definition.parts import Part, Text

if TYPE_CHECKING:
    from formsite.definition.document import Field

LONGEST_EMAIL = 254  # RFC 5321 section 4.5.3.1.3, less the brackets


@registry.register
class Email(LineOfText):
    """An e-mail address; its spelling is checked, never whether somebody reads it."""

    name: ClassVar[str] = "email"
    title: ClassVar[str] = "E-mail address"
    family: ClassVar[str] = "Contact"
    personal: ClassVar[bool] = True
    missing: ClassVar[str] = "missing_email"
    longest: ClassVar[int] = LONGEST_EMAIL

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """The address with its domain in small letters."""
        text = super().parse([unmarked(text) for text in raw], field)
        if text is None:
            return None
        from email_validator import EmailNotValidError, validate_email  # 20 ms: not at start

        try:
            found = validate_email(str(text), check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            raise Unreadable("email") from None
        if "." not in found.domain:  # a bare `test` passes for the library's own tests
            raise Unreadable("email")
        return found.normalized

    def input(self, field: Field, language: str) -> dict[str, str]:
        """The keyboard for addresses; no capital letters put in."""
        return {"type": "email", "autocomplete": "email", "autocapitalize": "none"}

    def mask(self, value: Value, field: Field) -> str:
        """The first letters of its parts."""
        local, _, domain = str(value).partition("@")
        end = domain.rpartition(".")[2]
        return f"{local[:1]}•••@{domain[:1]}•••.{end}"

    def sample(self, field: Field, rng: random.Random) -> Value:
        """An address in a domain that is nobody's (RFC 2606)."""
        return f"customer{rng.randrange(10**6):06}@example.org"

    def schema(self, field: Field) -> dict[str, Any]:
        """A string like an address."""
        return {"type": "string", "pattern": r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "maxLength": LONGEST_EMAIL}


class PhoneSettings(Part):
    """Where a number without a country code is, and of which countries numbers are taken."""

    country: Annotated[str, Member(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2")] = "GB"
    countries: tuple[Annotated[str, Member(pattern="^[A-Z]{2}$")], ...] = Member(
        default=(), description="Whose numbers are taken; those of all where none is named"
    )


@registry.register
class Phone(LineOfText):
    """A phone number, stored in E.164, shown in the international format."""

    name: ClassVar[str] = "phone"
    title: ClassVar[str] = "Phone number"
    family: ClassVar[str] = "Contact"
    personal: ClassVar[bool] = True
    missing: ClassVar[str] = "missing_phone"
    Settings: ClassVar[type[Part]] = PhoneSettings
    longest: ClassVar[int] = 40

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """The number in E.164, like +442079460018."""
        text = super().parse([unmarked(text) for text in raw], field)
        if text is None:
            return None
        import phonenumbers  # 60 ms: not at start

        try:
            number = phonenumbers.parse(str(text), field.settings.country)
        except phonenumbers.NumberParseException:
            raise Unreadable("phone") from None
        if len(str(text)) > self.longest or not phonenumbers.is_possible_number(number) or number.extension:
            raise Unreadable("phone")
        written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        if phonenumbers.parse(written) != number:  # zeros too many: it would be another number when read again
            raise Unreadable("phone")
        return written

    def check(self, value: Value, field: Field, today: date) -> list[Message]:
        """Of one of the countries; reading it was the rest."""
        if not re.fullmatch(r"\+[0-9]{3,17}", str(value)):
            return [Message("phone")]
        countries = field.settings.countries
        if not countries or _region(str(value)) in countries:
            return []
        said = {tag: _countries(countries, tag) for tag in languages()}
        return [Message("phone_country", {"countries": Text.model_construct(said)})]

    def text(self, value: Value, field: Field, language: str) -> str:
        """Like +44 20 7946 0018."""
        import phonenumbers

        return phonenumbers.format_number(phonenumbers.parse(str(value)), phonenumbers.PhoneNumberFormat.INTERNATIONAL)

    def help(self, field: Field, language: str) -> str:
        """From where a number needs its country code; of one country alone none does."""
        if field.settings.countries == (field.settings.country,):
            return ""
        return words(language)["phone_help"].replace("{country}", _countries((field.settings.country,), language))

    def input(self, field: Field, language: str) -> dict[str, str]:
        """The keyboard for numbers."""
        return {"type": "tel", "autocomplete": "tel"}

    def mask(self, value: Value, field: Field) -> str:
        """The last two digits."""
        return f"••• {str(value)[-2:]}"

    def sample(self, field: Field, rng: random.Random) -> Value:
        """A number that is kept for fiction (Ofcom: 020 7946 0000 to 0999), or an example of a country that is taken."""
        countries = field.settings.countries
        if not countries or "GB" in countries:
            return f"+442079460{rng.randrange(1000):03}"
        import phonenumbers

        example = phonenumbers.example_number(rng.choice(countries))
        if example is None:
            raise LookupError(f"no number of “{', '.join(countries)}” is known")
        return phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)

    def schema(self, field: Field) -> dict[str, Any]:
        """E.164."""
        return {"type": "string", "pattern": r"^\+[0-9]{3,17}$"}

    def faults(self, field: Field) -> list[Fault]:
        """A country that there is not."""
        import phonenumbers

        settings, found = field.settings, []
        for name, codes in (("country", (settings.country,)), ("countries", settings.countries)):
            for code in codes:
                if code not in phonenumbers.SUPPORTED_REGIONS:
                    what = f"“{code}” is no country that numbers are known of"
                    found.append(Fault(f"/settings/{name}", what, "Use its two letters, like GB"))
        return found


def _region(number: str) -> str | None:
    import phonenumbers

    return phonenumbers.region_code_for_number(phonenumbers.parse(number))


def _countries(codes: Sequence[str], language: str) -> str:
    """Their names in a language, as a list in words."""
    names = dict(named(language))
    return ("، " if language == "ar" else ", ").join(names.get(code, code) for code in codes)
