"""Archives of LimeSurvey made for tests: small surveys as XML, in the older layout and in the newer one."""

from __future__ import annotations

from html import escape
from typing import Any

Row = dict[str, Any]
FIRST = {"relevance": 150, "grelevance": 154, "randomization_group": 154}
"""Columns, and the first version of the tables that has them."""


def question(code: str, type: str = "S", text: str = "", **rest: Any) -> Row:
    """A question; `rows`, `columns`, `answers` and `attributes` stand beside it, others are columns of its table."""
    return {"title": code, "type": type, "question": text or f"About {code}?", **rest}


def archive(
    *groups: list[Row] | tuple[Row, list[Row]],
    newer: bool = False,
    version: int = 0,
    languages: tuple[str, ...] = ("en",),
    tables: dict[str, list[Row]] | None = None,
    survey: Row | None = None,
    settings: Row | None = None,
) -> bytes:
    """An `.lss` file. Texts are texts or `{language: text}`; they stand beside the tables from version 400 on."""
    maker = _Maker(version or (495 if newer else 261), languages)
    for gid, each in enumerate(groups, start=10):
        about, questions = each if isinstance(each, tuple) else ({}, each)
        maker.group(gid, about)
        for held in questions:
            maker.question(gid, held)
    base = {"sid": 77, "language": languages[0], "additional_languages": " ".join(languages[1:]), "format": "G"}
    maker.rows("surveys", base | (survey or {}))
    for language in languages:
        titles = {"surveyls_survey_id": 77, "surveyls_language": language, "surveyls_title": f"Survey {language}"}
        maker.rows("surveys_languagesettings", titles | {k: _in(v, language) for k, v in (settings or {}).items()})
    for name, rows in (tables or {}).items():
        for row in rows:
            maker.rows(name, row)
    return maker.xml()


def _in(text: Any, language: str) -> Any:
    return text.get(language, "") if isinstance(text, dict) else text


class _Maker:
    def __init__(self, version: int, languages: tuple[str, ...]) -> None:
        self.version, self.languages = version, languages
        self.newer = version >= 400
        self.tables: dict[str, list[Row]] = {}
        self.next = 100
        self.subquestions: dict[tuple[int, str], int] = {}

    def rows(self, table: str, row: Row) -> None:
        self.tables.setdefault(table, []).append(row)

    def number(self) -> int:
        self.next += 1
        return self.next

    def texts(self, table: str, beside: str, key: str, row: Row, texts: Row) -> None:
        row = {name: held for name, held in row.items() if self.version >= FIRST.get(name, 0)}
        if self.newer:
            self.rows(table, row)
            for language in self.languages:
                held = {name: _in(text, language) for name, text in texts.items()}
                self.rows(beside, {"id": self.number(), key: row[key], "language": language} | held)
        else:
            for language in self.languages:
                self.rows(table, row | {"language": language} | {n: _in(t, language) for n, t in texts.items()})

    def group(self, gid: int, about: Row) -> None:
        about = {"group_name": f"Group {gid}", "description": ""} | about
        row = {"gid": gid, "sid": 77, "group_order": gid, "grelevance": about.pop("grelevance", "")}
        row["randomization_group"] = about.pop("randomization_group", "")
        self.texts("groups", "group_l10ns", "gid", row, about)

    def question(self, gid: int, held: Row) -> None:
        held = dict(held)
        qid = held.pop("qid", None) or self.number()
        extras = {
            name: held.pop(name, {}) for name in ("rows", "columns", "answers", "answers2", "attributes", "defaults")
        }
        texts = {"question": held.pop("question"), "help": held.pop("help", ""), "script": held.pop("script", "")}
        usual = {"parent_qid": 0, "sid": 77, "gid": gid, "preg": "", "other": "N", "mandatory": "N", "relevance": "1"}
        row = {"qid": qid} | usual | {"question_order": qid, "scale_id": 0} | held
        self.texts("questions", "question_l10ns", "qid", row, texts)
        for scale, name in enumerate(("rows", "columns")):
            for code, words in extras[name].items():
                self.subquestion(gid, qid, scale, code, words)
        for scale, name in enumerate(("answers", "answers2")):
            for order, (code, words) in enumerate(extras[name].items()):
                text, value = words if isinstance(words, tuple) else (words, 0)
                answer = {"aid": self.number(), "qid": qid, "code": code, "sortorder": order, "scale_id": scale}
                self.texts("answers", "answer_l10ns", "aid", answer | {"assessment_value": value}, {"answer": text})
        for name, value in extras["attributes"].items():
            self.rows("question_attributes", {"qid": qid, "attribute": name, "value": value})
        for code, value in extras["defaults"].items():
            sub = self.subquestions.get((qid, code), 0)
            self.default({"qid": qid, "scale_id": 0, "sqid": sub, "specialtype": "" if sub else code}, value)

    def default(self, row: Row, value: str) -> None:
        if self.newer:
            row = {"dvid": self.number()} | row
            self.rows("defaultvalues", row)
            row = {"id": self.number(), "dvid": row["dvid"]}
        self.rows(
            "defaultvalue_l10ns" if self.newer else "defaultvalues",
            row | {"language": self.languages[0], "defaultvalue": value},
        )

    def subquestion(self, gid: int, qid: int, scale: int, code: str, words: Any) -> None:
        text, relevance = words if isinstance(words, tuple) else (words, "1")
        row = {"qid": self.number(), "parent_qid": qid, "sid": 77, "gid": gid, "type": "T", "title": code}
        self.subquestions[qid, code] = self.next
        row |= {"relevance": relevance, "question_order": self.next, "scale_id": scale}
        self.texts("subquestions", "question_l10ns", "qid", row, {"question": text, "help": ""})

    def xml(self) -> bytes:
        parts = ['<?xml version="1.0" encoding="UTF-8"?><document><LimeSurveyDocType>Survey</LimeSurveyDocType>']
        parts.append(f"<DBVersion>{self.version}</DBVersion><languages>")
        parts += [f"<language>{language}</language>" for language in self.languages]
        parts.append("</languages>")
        for name, rows in self.tables.items():
            parts.append(f"<{name}><rows>")
            for row in rows:
                cells = "".join(f"<{column}>{escape(str(value))}</{column}>" for column, value in row.items())
                parts.append(f"<row>{cells}</row>")
            parts.append(f"</rows></{name}>")
        return ("".join(parts) + "</document>").encode()
