"""Countries."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field as Member

from formsite.definition.faults import Fault
from formsite.definition.fieldtypes.base import FieldType, Summary, Unreadable, Value, counted, one_text, registry
from formsite.definition.locales import locale_of
from formsite.definition.logic import AnswerType, Operand
from formsite.definition.messages import words
from formsite.definition.parts import Part

if TYPE_CHECKING:
    from formsite.definition.document import Field

CODES = tuple(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
    CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
    GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO
    JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR
    MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO
    RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV
    TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
    """.split()
)
"""ISO 3166-1 alpha-2, and XK, which is in use for Kosovo though not assigned."""


@cache
def named(language: str) -> tuple[tuple[str, str], ...]:
    """Every code with its name in a language, in the order of the names; in English where the language is not known."""
    locale = locale_of(language) or locale_of("en")
    assert locale is not None
    names = {code: str(locale.territories.get(code, code)) for code in CODES}
    return tuple(sorted(names.items(), key=lambda item: _sorted_as(item[1])))


def _sorted_as(name: str) -> str:
    """Without accents, so that Österreich stands near Oman and not behind Zypern."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


class CountrySettings(Part):
    """Which countries are offered; all of them where none is named."""

    countries: tuple[Annotated[str, Member(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2")], ...] = ()


@registry.register
class Country(FieldType):
    """A country, by its name in the customer's language; stored as its code."""

    name: ClassVar[str] = "country"
    title: ClassVar[str] = "Country"
    family: ClassVar[str] = "Contact"
    widget: ClassVar[str] = "search"
    answer: ClassVar[AnswerType] = AnswerType.CHOICE
    missing: ClassVar[str] = "missing_choice"
    Settings: ClassVar[type[Part]] = CountrySettings

    def codes(self, field: Field) -> tuple[str, ...]:
        """Those that are offered."""
        return field.settings.countries or CODES

    def options(self, field: Field, language: str) -> Sequence[tuple[str, str]]:
        """Codes and names, in the order of the names."""
        offered = frozenset(self.codes(field))
        return [(code, name) for code, name in named(language) if code in offered]

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """The code of a country."""
        code = one_text(raw).strip().upper()
        if code and code not in self.codes(field):
            raise Unreadable("not_a_choice")
        return code or None

    def text(self, value: Value, field: Field, language: str) -> str:
        """Its name."""
        return dict(named(language)).get(str(value), str(value))

    def input(self, field: Field, language: str) -> dict[str, str]:
        """What the script says where nothing is found."""
        return {"data-none": words(language)["nothing_found"]}

    def summary(self, values: Iterable[Value], field: Field, language: str) -> Summary:
        """How many of each country, of those that were given."""
        given = list(values)
        told = {str(code) for code in given}
        labels = [(code, name) for code, name in named(language) if code in told]
        return Summary(len(given), counted(given, labels))

    def schema(self, field: Field) -> dict[str, Any]:
        """One of the codes."""
        return {"enum": list(self.codes(field))}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """Any that is offered."""
        return rng.choice(self.codes(field))

    def operand(self, field: Field) -> Operand:
        """A rule may compare it with a code."""
        return Operand(self.answer, self.codes(field))

    def faults(self, field: Field) -> list[Fault]:
        """A code that is no country's."""
        unknown = [code for code in field.settings.countries if code not in CODES]
        what = f"“{', '.join(unknown[:5])}”: there is no such country"
        return [Fault("/settings/countries", what, "Use two letters for each, like GB")] if unknown else []
