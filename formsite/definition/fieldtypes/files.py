"""Files, photos and signatures. The answer is the id of what was uploaded; the file itself is kept elsewhere.

Whoever takes in the uploads of a page puts their ids among what was sent, and for a file that is not taken a mark that
says why (`refused`): so that it is said beside its control, like everything else that is wrong with an answer.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from pydantic import Field as Member

from formsite.definition.faults import Fault
from formsite.definition.fieldtypes.base import UNSEEN_SIGNS, FieldType, Unreadable, Value, registry
from formsite.definition.fieldtypes.texts import UNSHOWN, LineOfText
from formsite.definition.logic import AnswerType
from formsite.definition.messages import Message, languages, words
from formsite.definition.parts import WHOLE, Part, Text
from formsite.foundation.filekinds import ENDINGS, LONGEST_NAME, Kind

if TYPE_CHECKING:
    from formsite.definition.document import Field

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MEGABYTE = 1024 * 1024
MOST_FILES = 20
MOST_MEGABYTES = 100
SIGNATURE_MEGABYTES = 2
MARK = "!"
SAID = (
    "file_kind",
    "file_other",
    "file_large",
    "file_empty",
    "picture_broken",
    "picture_large",
    "files_together",
)
"""Why a file is not taken."""


def refused(key: str, name: str) -> str:
    """What stands among the values of a control for a file that is not taken; `key` is one of `SAID`."""
    return f"{MARK}{key}?{urlencode({'name': name})}"


def kind_words(kinds: Iterable[Kind], language: str) -> str:
    """Kinds of files in words."""
    said = words(language)
    named: Mapping[Kind, str] = {
        "image": said["kinds_image"],
        "pdf": said["kinds_pdf"],
        "document": said["kinds_document"],
        "sheet": said["kinds_sheet"],
        "text": said["kinds_text"],
        "audio": said["kinds_audio"],
        "video": said["kinds_video"],
    }
    return ("، " if said.language == "ar" else ", ").join(named[kind] for kind in kinds)


class Uploaded(FieldType):
    """What answers share whose value is the id of an upload, or the ids of several."""

    family: ClassVar[str] = "File"
    widget: ClassVar[str] = "file"
    answer: ClassVar[AnswerType] = AnswerType.FILE
    personal: ClassVar[bool] = True
    missing: ClassVar[str] = "missing_file"

    # -- what is taken -----------------------------------------------------------------------------------------------
    def kinds(self, field: Field) -> tuple[Kind, ...]:
        """The kinds of files that the field takes."""
        return ("image",)

    def megabytes(self, field: Field) -> int:
        """How large a file may be."""
        return SIGNATURE_MEGABYTES

    def most(self, field: Field) -> int:
        """How many files the field takes."""
        return 1

    def longest_side(self, field: Field) -> int | None:
        """To which size a picture is made smaller, if it is larger."""
        return None

    # -- reading -----------------------------------------------------------------------------------------------------
    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """The id; a list of them where the field takes several."""
        given = list(dict.fromkeys(text.strip() for text in raw if text.strip()))
        for text in given:
            if text.startswith(MARK):
                raise self._not_taken(text, field)
            if not ID.fullmatch(text):
                raise Unreadable("file_gone")
        if not given:
            return None
        if self.most(field) > 1:
            return given
        if len(given) > 1:
            raise Unreadable("files_many", n=1)
        return given[0]

    def load(self, value: object, field: Field) -> Value | None:
        """The id of what was uploaded before."""
        if value is None or value == "":
            return None
        several = self.most(field) > 1
        given = value if several and isinstance(value, list) else [value]
        texts = [one for one in given if isinstance(one, str) and not one.startswith(MARK)]
        if len(texts) < len(given) or several != isinstance(value, list):
            raise Unreadable("wrong_type")
        return self.parse(texts, field)

    def check(self, value: Value, field: Field, today: date) -> list[Message]:
        """More than the field takes."""
        most = self.most(field)
        return [Message("files_many", {"n": most})] if isinstance(value, list) and len(value) > most else []

    def _not_taken(self, mark: str, field: Field) -> Unreadable:
        key, _, query = mark.removeprefix(MARK).partition("?")
        if key not in SAID:
            return Unreadable("file_gone")
        name = UNSHOWN[False].sub("", dict(parse_qsl(query)).get("name", ""))[:LONGEST_NAME]
        kinds = Text.model_construct({tag: kind_words(self.kinds(field), tag) for tag in languages()})
        refusal = Unreadable(key)
        refusal.message = Message(key, {"name": name, "kinds": kinds, "n": self.megabytes(field)})
        return refusal

    # -- showing -----------------------------------------------------------------------------------------------------
    def typed(self, value: Value, field: Field) -> list[str]:
        """The ids, which the page sends back."""
        return list(value) if isinstance(value, list) else [str(value)]

    def text(self, value: Value, field: Field, language: str) -> str:
        """How many files; their names are no part of the answer."""
        said = words(language)
        return said.count("files_number", len(value) if isinstance(value, list) else 1)

    def input(self, field: Field, language: str) -> dict[str, str]:
        """A browser offers what is likely to be taken."""
        kinds = self.kinds(field)
        accepted = [f"{kind}/*" for kind in kinds if kind in ("image", "audio", "video")]
        accepted += [f".{ending}" for kind in kinds if f"{kind}/*" not in accepted for ending in ENDINGS[kind]]
        several = {"multiple": ""} if self.most(field) > 1 else {}
        return {"type": "file", "accept": ",".join(accepted)} | several

    def help(self, field: Field, language: str) -> str:
        """What is taken."""
        said = words(language)
        facts = said["file_facts"].replace("{kinds}", kind_words(self.kinds(field), language))
        facts = facts.replace("{n}", str(self.megabytes(field)))
        most = self.most(field)
        return f"{facts}. {said.count('file_most', most)}." if most > 1 else facts

    def wording(self, field: Field, language: str) -> Mapping[str, str]:
        """What stands beside a file that was chosen before."""
        said = words(language)
        return {"remove": said["file_remove"], "kept": said["file_kept"]}

    # -- giving ------------------------------------------------------------------------------------------------------
    def schema(self, field: Field) -> dict[str, Any]:
        """The id of an upload, or a list of them."""
        one = {"type": "string", "pattern": f"^{ID.pattern}$"}
        if self.most(field) == 1:
            return one
        return {"type": "array", "items": one, "minItems": 1, "maxItems": self.most(field), "uniqueItems": True}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """The id of something that was never uploaded."""
        return str(UUID(int=rng.getrandbits(128), version=4)) if self.most(field) == 1 else [_id(rng)]


def _id(rng: random.Random) -> str:
    return str(UUID(int=rng.getrandbits(128), version=4))


class FileSettings(Part):
    """Which files are taken, how large, and how many."""

    types: Annotated[tuple[Kind, ...], Member(max_length=7)] = ("image", "pdf", "document")
    max_megabytes: Annotated[int, Member(ge=1, le=MOST_MEGABYTES), WHOLE] = 10
    most_files: Annotated[int, Member(ge=1, le=MOST_FILES), WHOLE] = 1


@registry.register
class File(Uploaded):
    """A file of the customer's."""

    name: ClassVar[str] = "file"
    title: ClassVar[str] = "File"
    Settings: ClassVar[type[Part]] = FileSettings

    def kinds(self, field: Field) -> tuple[Kind, ...]:
        """Those that the designer chose."""
        chosen: tuple[Kind, ...] = field.settings.types
        return chosen

    def megabytes(self, field: Field) -> int:
        """What the designer set."""
        return int(field.settings.max_megabytes)

    def most(self, field: Field) -> int:
        """What the designer set."""
        return int(field.settings.most_files)

    def faults(self, field: Field) -> list[Fault]:
        """No kind at all, or more at once than a page can carry."""
        found = []
        if not field.settings.types:
            found.append(Fault("/settings/types", "No kind of file is taken", "Name at least one"))
        if self.megabytes(field) * self.most(field) > MOST_MEGABYTES:
            what = f"These files together may be larger than a page can carry ({MOST_MEGABYTES} MB)"
            found.append(Fault("/settings/max_megabytes", what, "Take fewer or smaller files"))
        return found


class PhotoSettings(Part):
    """How many photos are taken, and how large."""

    max_megabytes: Annotated[int, Member(ge=1, le=MOST_MEGABYTES), WHOLE] = 20
    most_files: Annotated[int, Member(ge=1, le=MOST_FILES), WHOLE] = 1


@registry.register
class Photo(File):
    """A photo, taken now or chosen. It is kept without the place and time that a camera writes into it."""

    name: ClassVar[str] = "photo"
    title: ClassVar[str] = "Photo"
    missing: ClassVar[str] = "missing_photo"
    Settings: ClassVar[type[Part]] = PhotoSettings

    def kinds(self, field: Field) -> tuple[Kind, ...]:
        """Pictures."""
        return ("image",)

    def longest_side(self, field: Field) -> int | None:
        """As sharp as a screen or a sheet of paper can show."""
        return 4_096

    def faults(self, field: Field) -> list[Fault]:
        """More at once than a page can carry."""
        together = self.megabytes(field) * self.most(field)
        what = f"These photos together may be larger than a page can carry ({MOST_MEGABYTES} MB)"
        fault = Fault("/settings/max_megabytes", what, "Take fewer or smaller photos")
        return [fault] if together > MOST_MEGABYTES else []


class _FullName(LineOfText):
    """The name that stands for a signature."""

    longest: ClassVar[int] = 200


@registry.register
class Signature(Uploaded):
    """A signature: drawn, or a picture of one, or the full name typed by who cannot or will not draw."""

    name: ClassVar[str] = "signature"
    title: ClassVar[str] = "Signature"
    widget: ClassVar[str] = "signature"
    missing: ClassVar[str] = "missing_signature"
    full_name: ClassVar[FieldType] = _FullName()

    def longest_side(self, field: Field) -> int | None:
        """Enough for a sheet of paper."""
        return 1_600

    def parse(self, raw: Sequence[str], field: Field) -> Value | None:
        """What was drawn, else the name that was typed."""
        files = [text for text in raw if ID.fullmatch(text.strip()) or text.startswith(MARK)]
        if files:
            return super().parse(files, field)
        return self.full_name.parse([text for text in raw if text.strip()], field)

    def load(self, value: object, field: Field) -> Value | None:
        """The id of an upload, or a name."""
        if value is not None and not isinstance(value, str):
            raise Unreadable("wrong_type")
        return self.parse([value or ""], field)

    def check(self, value: Value, field: Field, today: date) -> list[Message]:
        """A name that is too long."""
        return self.full_name.check(value, field, today)

    def text(self, value: Value, field: Field, language: str) -> str:
        """The name, or that there is a signature."""
        return words(language)["signed"] if ID.fullmatch(str(value)) else str(value)

    def help(self, field: Field, language: str) -> str:
        """Nothing: each part of the control says what it is."""
        return ""

    def wording(self, field: Field, language: str) -> Mapping[str, str]:
        """What the parts of the control are called."""
        said = words(language)
        return {
            "remove": said["file_remove"],
            "kept": said["signed"],
            "type": said["sign_type"],
            "choose": said["sign_choose"],
            "draw": said["sign_draw"],
            "clear": said["sign_clear"],
        }

    def schema(self, field: Field) -> dict[str, Any]:
        """A line of text that says something."""
        pattern = rf"^(?=.*[^\s{UNSEEN_SIGNS}])[^\x00-\x1f\x7f-\x9f\ud800-\udfff]*$"
        return {"type": "string", "maxLength": _FullName.longest, "pattern": pattern}

    def sample(self, field: Field, rng: random.Random) -> Value:
        """A made-up name."""
        return rng.choice(["Amara Okafor", "Béla Novák", "Chiara Rossi", "Emre Haddad", "Joy Silva"])
