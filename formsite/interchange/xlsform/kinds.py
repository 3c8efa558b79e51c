"""What the question types of XLSForms are in formsite: the type, its settings, and the kind of value that rules see."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from formsite.definition.parts import LARGEST

from formsite.definition.fieldtypes.choices import MOST_CHOICES

SYNONYMS = {
    "string": "text",
    "str": "text",
    "int": "integer",
    "gps": "geopoint",
    "location": "geopoint",
    "date_time": "datetime",
    "tel": "phone",
    "photo": "image",
    "picture": "image",
    "trigger": "acknowledge",
    "ack": "acknowledge",
    "number": "decimal",
    "numeric": "decimal",
    "imei": "deviceid",
    "device_id": "deviceid",
    "sim_id": "simserial",
    "simid": "simserial",
    "subscriber_id": "subscriberid",
    "start_time": "start",
    "end_time": "end",
}
METADATA = frozenset(
    "deviceid subscriberid simserial username audit start_geopoint background_geopoint email_address uri_subscriberid "
    "uri_deviceid uri_username uri_phonenumber uri_email uri_simserial background_audio caseid text_audit audio_audit "
    "sensor_stream sensor_statistic speed_violations_count speed_violations_list speed_violations_audit meta "
    "device_info instanceid".split()
)
ASKED_WITH_LABEL = frozenset({"phonenumber", "email", "comments", "username"})
"""What a device fills in, unless the row says something to people."""
TIMES = {"start": "now", "end": "now", "today": "today"}
UNASKED = {
    "xml_external": "external data is not read",
    "csv_external": "external data is not read",
    "include": "formsite reads one file at a time",
}
CALCULATED = frozenset({"calculate", "calculate_here"})
RECORDED = "formsite records only what it needs, by itself"
MANY_CHOICES = 15
BOUNDED = {
    "percentage": 100,
    "number_of_days_in_last_month": 31,
    "number_of_days_in_last_six_months": 183,
    "number_of_days_in_last_year": 365,
}
_OLD_SELECT = (
    (re.compile(r"^select1(?=_|$)"), "select_one"),
    (re.compile(r"^select(_all_that_apply|_many|_all)?(?!_one|_multiple)(?=_|$)"), "select_multiple"),
)
_SELECT = re.compile(
    r"(?:add_)?(select_one|select_multiple|rank)(_external|_from_file)?(?:_from|_prompt_using|_using)?(?:_|$)"
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A question type: formsite's, with settings, and what rules see of the answer. One without a type is not asked."""

    type: str
    value: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    personal: bool = False
    loss: str = ""  # why it is not quite the same, or not asked
    constraint: str = ""  # what the type itself asks of an answer
    shape: str = ""  # how its answers are written, where not as formsite writes them: month, year

    @property
    def is_computed(self) -> bool:
        """Whether nobody types it."""
        return self.type == "computed"


def normal(words: str) -> str:
    """A type as it is compared: small letters, underscores for what stands between words, old spellings replaced."""
    name = re.sub(r"[\s_\-:]+", "_", words.strip().lower())
    if name.startswith(("q_", "get_")):
        name = name.partition("_")[2]
    if found := re.fullmatch(r"add_(\w+)_prompt", name):
        name = found[1]
    for old_select, new in _OLD_SELECT:
        name = old_select.sub(new, name)
    return SYNONYMS.get(name, name)


def is_select(name: str) -> re.Match[str] | None:
    """Whether a type chooses from a list: (one or several, where the list is)."""
    return _SELECT.match(name)


def kind_of(name: str, appearance: str, parameters: Mapping[str, str], *, has_label: bool = True) -> Kind:
    """The kind of a type that has no list."""
    if name in METADATA or (name in ASKED_WITH_LABEL and not has_label):
        return Kind("", "nothing", loss=RECORDED)
    if name in UNASKED:
        return Kind("", "nothing", loss=UNASKED[name])
    if name in TIMES:
        return Kind("computed", {"now": "moment", "today": "date"}[TIMES[name]])
    if name in BOUNDED:
        return Kind("number", "number", constraint=f"0 <= . and . <= {BOUNDED[name]}")
    made = _KINDS.get(name)
    if made is not None:
        return made(appearance, parameters)
    return Kind("short_text", "text", loss="formsite does not know the type; it is asked as text")


def select_kind(which: str, appearance: str, number: int) -> Kind:
    """The kind of a type that chooses from a list."""
    random = {"random": True} if "randomize" in appearance else {}
    if which == "rank":
        return Kind("ranking", "choices", random)
    if which == "select_multiple":
        return Kind("several_choices", "choices", random)
    if number > MOST_CHOICES:
        return Kind("list_choice", "choice")
    if re.search(r"autocomplete|search", appearance):
        return Kind("search_choice", "choice", random)
    if re.search(r"\blikert\b|\bcolumns-pack\b", appearance) and number <= MANY_CHOICES:
        return Kind("buttons", "choice", random)
    small = "minimal" in appearance or number > MANY_CHOICES
    return Kind("dropdown" if small else "single_choice", "choice", random)


def parameters(text: str) -> dict[str, str]:
    """`start=1 end=5 step=1`, by name."""
    return {name.lower(): value for name, value in re.findall(r"([A-Za-z_\-]+)\s*=\s*([^\s,;]+)", text)}


def _text(appearance: str, _parameters: Mapping[str, str]) -> Kind:
    return Kind("long_text" if "multiline" in appearance else "short_text", "text")


def _date(appearance: str, _parameters: Mapping[str, str]) -> Kind:
    """A month or a year by itself is another type, where no rule looks at the day."""
    shape = next((shape for shape in ("month", "year") if re.search(rf"\b{shape}(-year)?\b", appearance)), "")
    return Kind("date", "date", shape="year" if re.search(r"(?<!-)\byear\b", appearance) else shape)


def shortened(kind: Kind) -> Kind:
    """A date of which only the month or the year is asked."""
    if kind.shape == "month":
        return replace(kind, type="month", value="month")
    return replace(kind, type="number", value="year", settings={"min": 1000, "max": 9999})


def _range(appearance: str, given: Mapping[str, str]) -> Kind:
    settings: dict[str, Any] = {}
    for name, ours, usual in (("start", "min", "1"), ("end", "max", "10"), ("step", "step", "1")):
        try:
            number = float(given.get(name, usual))
        except ValueError:
            number = math.nan
        number = number if abs(number) <= LARGEST else float(usual)  # neither NaN nor beyond what JSON holds
        settings[ours] = int(number) if number.is_integer() else number
    if settings["min"] > settings["max"]:
        settings["min"], settings["max"] = settings["max"], settings["min"]
    settings["step"] = abs(settings["step"]) or 1
    if "rating" in appearance and settings["step"] == 1 and settings["min"] in (0, 1) and 2 <= settings["max"] <= 10:
        return Kind("rating", "number", {"from": settings["min"], "to": settings["max"], "look": "stars"})
    return Kind("slider", "number", settings)


def _picture(appearance: str, _parameters: Mapping[str, str]) -> Kind:
    if re.search(r"\bdraw\b|\bannotate\b", appearance):
        return Kind("photo", "file", loss="nothing is drawn on it; a picture is asked for")
    return Kind("signature" if "signature" in appearance else "photo", "file")


def _plain(kind: Kind) -> Callable[[str, Mapping[str, str]], Kind]:
    return lambda _appearance, _parameters: kind


_KINDS: dict[str, Callable[[str, Mapping[str, str]], Kind]] = {
    "text": _text,
    "integer": _plain(Kind("number", "number")),
    "decimal": _plain(Kind("number", "number", {"decimals": 9})),
    "range": _range,
    "date": _date,
    "time": _plain(Kind("time", "time")),
    "datetime": _plain(Kind("date_time", "moment")),
    "note": _plain(Kind("statement", "nothing")),
    "email": _plain(Kind("email", "text", personal=True)),
    "phone": _plain(Kind("short_text", "text", personal=True)),
    "phonenumber": _plain(Kind("short_text", "text", personal=True)),
    "phone_number": _plain(Kind("short_text", "text", personal=True, constraint="regex(., '^\\d*$')")),
    "comments": _plain(Kind("long_text", "text")),
    "username": _plain(Kind("short_text", "text", personal=True)),
    "acknowledge": _plain(Kind("declaration", "ok")),
    "geopoint": _plain(Kind("location", "place", personal=True)),
    "geotrace": _plain(Kind("long_text", "text", loss="a path on the map is asked as text")),
    "geoshape": _plain(Kind("long_text", "text", loss="an area on the map is asked as text")),
    "osm": _plain(Kind("short_text", "text", loss="a thing on the map is asked as text")),
    "barcode": _plain(Kind("short_text", "text")),
    "image": _picture,
    "audio": _plain(Kind("file", "file", {"types": ["audio"]})),
    "video": _plain(Kind("file", "file", {"types": ["video"]})),
    "file": _plain(Kind("file", "file", {"types": ["image", "pdf", "document", "sheet", "text", "audio", "video"]})),
    "hidden": _plain(Kind("hidden", "text")),
    "calculate": _plain(Kind("computed", "text")),
    "calculate_here": _plain(Kind("computed", "text")),
}
