"""What the question types of XLSForms are in formsite: the type, its settings, and the kind of value that rules see."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

SYNONYMS = {
    "string": "text",
    "str": "text",
    "int": "integer",
    "gps": "geopoint",
    "location": "geopoint",
    "date_time": "datetime",
    "dateTime": "datetime",
    "tel": "phone",
    "phone_number": "phone",
    "photo": "image",
    "picture": "image",
    "select1": "select_one",
    "select_all_that_apply": "select_multiple",
    "select_many": "select_multiple",
    "trigger": "acknowledge",
    "ack": "acknowledge",
    "number": "decimal",
    "numeric": "decimal",
    "comment": "note",
    "q_string": "text",
    "q_int": "integer",
}
METADATA = frozenset(
    "start end deviceid device_id subscriberid simserial simid phonenumber username audit imei start_geopoint email_address "
    "uri_subscriberid uri_deviceid uri_username uri_phonenumber background_audio caseid comments text_audit audio_audit "
    "sensor_stream sensor_statistic speed_violations_count speed_violations_list speed_violations_audit".split()
)
UNASKED = {
    "xml_external": "external data is not read",
    "csv_external": "external data is not read",
    "include": "formsite reads one file at a time",
}
FILES = {"audio": ["audio"], "video": ["video"], "file": []}
MANY_CHOICES = 15


@dataclass(frozen=True, slots=True)
class Kind:
    """A question type: formsite's, with settings, and what rules see of the answer."""

    type: str
    value: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    personal: bool = False
    loss: str = ""  # why it is not quite the same


def normal(words: str) -> str:
    """A type as it is compared: small letters, underscores for what stands between words, old spellings replaced."""
    name = re.sub(r"[\s_\-]+", "_", words.strip().lower())
    for old, new in SYNONYMS.items():
        if name == old.lower() or name.startswith(old.lower() + "_from_"):
            return new + name[len(old) :]
    return name


def is_select(name: str) -> re.Match[str] | None:
    """Whether a type chooses from a list: (one or several, where the list is)."""
    return re.match(
        r"(?:add_)?(select_one|select_multiple|rank)(_external|_from_file)?(?:_from|_prompt_using|_using)?(?:_|$)", name
    )


def kind_of(name: str, appearance: str, parameters: Mapping[str, str]) -> Kind:
    """The kind of a type that has no list."""
    made = _KINDS.get(name)
    if made is not None:
        return made(appearance, parameters)
    return Kind("short_text", "text", loss="formsite does not know the type; it is asked as text")


def select_kind(which: str, appearance: str, number: int) -> Kind:
    """The kind of a type that chooses from a list."""
    if which == "rank":
        return Kind("ranking", "choices")
    random = {"random": True} if "randomize" in appearance else {}
    if which == "select_multiple":
        return Kind("several_choices", "choices", random)
    if re.search(r"autocomplete|search", appearance):
        return Kind("search_choice", "choice", random)
    small = "minimal" in appearance or number > MANY_CHOICES
    return Kind("dropdown" if small else "single_choice", "choice", random)


def parameters(text: str) -> dict[str, str]:
    """`start=1 end=5 step=1`, by name."""
    return {name.lower(): value for name, value in re.findall(r"([A-Za-z_\-]+)\s*=\s*([^\s,;]+)", text)}


def _text(appearance: str, _parameters: Mapping[str, str]) -> Kind:
    return Kind("long_text" if "multiline" in appearance else "short_text", "text")


def _range(_appearance: str, given: Mapping[str, str]) -> Kind:
    settings: dict[str, Any] = {}
    for name, ours, usual in (("start", "min", "1"), ("end", "max", "10"), ("step", "step", "1")):
        try:
            number = float(given.get(name, usual))
        except ValueError:
            number = float(usual)
        settings[ours] = int(number) if number.is_integer() else number
    if settings["min"] > settings["max"]:
        settings["min"], settings["max"] = settings["max"], settings["min"]
    settings["step"] = abs(settings["step"]) or 1
    return Kind("slider", "number", settings)


def _picture(appearance: str, _parameters: Mapping[str, str]) -> Kind:
    return Kind("signature" if re.search(r"signature|draw", appearance) else "photo", "file")


def _file(name: str) -> Callable[[str, Mapping[str, str]], Kind]:
    kinds = FILES[name]
    return lambda _appearance, _parameters: Kind("file", "file", {"types": kinds} if kinds else {})


def _plain(kind: Kind) -> Callable[[str, Mapping[str, str]], Kind]:
    return lambda _appearance, _parameters: kind


_KINDS: dict[str, Callable[[str, Mapping[str, str]], Kind]] = {
    "text": _text,
    "integer": _plain(Kind("number", "number")),
    "decimal": _plain(Kind("number", "number", {"decimals": 6})),
    "range": _range,
    "date": _plain(Kind("date", "date")),
    "time": _plain(Kind("time", "time")),
    "datetime": _plain(Kind("date_time", "moment")),
    "note": _plain(Kind("statement", "nothing")),
    "email": _plain(Kind("email", "text", personal=True)),
    "phone": _plain(Kind("phone", "text", personal=True)),
    "phonenumber": _plain(Kind("phone", "text", personal=True)),
    "acknowledge": _plain(Kind("declaration", "ok")),
    "geopoint": _plain(Kind("location", "place", personal=True)),
    "geotrace": _plain(Kind("long_text", "text", loss="a path on the map is asked as text")),
    "geoshape": _plain(Kind("long_text", "text", loss="an area on the map is asked as text")),
    "osm": _plain(Kind("short_text", "text", loss="a thing on the map is asked as text")),
    "barcode": _plain(Kind("short_text", "text")),
    "image": _picture,
    "audio": _file("audio"),
    "video": _file("video"),
    "file": _file("file"),
    "hidden": _plain(Kind("hidden", "text")),
}
