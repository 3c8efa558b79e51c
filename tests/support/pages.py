"""Reads a page as a person and a screen reader would, and judges it while reading.

One h1, a title, no doubled id, a label for each control, no inline style or script, and an error summary whose links
lead somewhere: every test that opens a page is a test of these.
"""

from __future__ import annotations

from functools import cached_property
from html.parser import HTMLParser
from typing import Any

from werkzeug.test import TestResponse

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


class Element:
    """An element with its attributes, children and text."""

    def __init__(self, name: str, attributes: dict[str, str], parent: Element | None) -> None:
        self.name, self.attributes, self.parent = name, attributes, parent
        self.children: list[Element | str] = []

    def walk(self) -> list[Element]:
        """Itself and everything inside, in order."""
        found = [self]
        for child in self.children:
            if isinstance(child, Element):
                found += child.walk()
        return found

    @property
    def text(self) -> str:
        """All text inside, white space folded."""
        parts = [child if isinstance(child, str) else child.text for child in self.children]
        return " ".join(" ".join(parts).split())

    def get(self, name: str, default: str = "") -> str:
        """An attribute."""
        return self.attributes.get(name, default)

    def inside(self, *names: str) -> bool:
        """Whether it stands in an element of one of these names."""
        above = self.parent
        while above is not None:
            if above.name in names:
                return True
            above = above.parent
        return False


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("#root", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_endtag(self, tag: str) -> None:
        above: Element | None = self.here
        while above is not None and above.name != tag:
            above = above.parent
        if above is not None and above.parent is not None:
            self.here = above.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


class Page:
    """An answer, read and judged."""

    def __init__(self, answer: TestResponse, expect: int = 200) -> None:
        assert answer.status_code == expect, f"{answer.status_code}, expected {expect}: {answer.text[:600]}"
        builder = _Builder()
        builder.feed(answer.text)
        self.answer, self.html, self.root = answer, answer.text, builder.root
        self.judge()

    @cached_property
    def elements(self) -> list[Element]:
        """Every element."""
        return self.root.walk()

    def all(self, name: str, **attributes: str) -> list[Element]:
        """Elements of a name with these attributes (`class_` matches one of the classes)."""
        found = []
        for element in self.elements:
            matches = all(
                value in element.get("class").split()
                if key == "class_"
                else element.get(key.replace("_", "-")) == value
                for key, value in attributes.items()
            )
            if element.name == name and matches:
                found.append(element)
        return found

    def by_id(self, id_: str) -> Element:
        """The element with an id."""
        found = [element for element in self.elements if element.get("id") == id_]
        assert found, f"nothing has the id {id_}"
        return found[0]

    @property
    def text(self) -> str:
        """What can be read on it."""
        return " ".join(element.text for element in self.all("body")) or self.root.text

    def judge(self) -> None:
        """What holds for every page."""
        assert len(self.all("h1")) == 1, f"{len(self.all('h1'))} h1"
        titles = self.all("title")
        assert titles and titles[0].text, "no title"
        ids = [element.get("id") for element in self.elements if element.get("id")]
        assert len(ids) == len(set(ids)), f"doubled ids: {sorted({i for i in ids if ids.count(i) > 1})}"
        for element in self.elements:
            assert "style" not in element.attributes, f"inline style on {element.name}"
            assert not any(name.startswith("on") for name in element.attributes), f"inline handler on {element.name}"
            if element.name == "script" and element.get("type") != "application/json":
                assert element.get("nonce") and element.get("src"), "a script without nonce or source"
            assert element.name != "style", "an inline style sheet"
        self._judge_labels(set(ids))
        for link in self.problem_links:
            assert link.get("href").removeprefix("#") in ids, f"{link.get('href')} leads nowhere"

    def _judge_labels(self, ids: set[str]) -> None:
        labelled = {element.get("for") for element in self.all("label")} - {""}
        assert labelled <= ids, f"labels for nothing: {labelled - ids}"
        for element in self.elements:
            if element.name in ("input", "select", "textarea") and element.get("type") not in ("hidden", "submit"):
                named = element.get("id") in labelled or element.inside("label")
                assert named or element.get("aria-label") or element.get("aria-labelledby"), (
                    f"{element.get('name')} has no label"
                )
            for described in element.get("aria-describedby").split():
                assert described in ids, f"described by {described}, which is not there"

    @property
    def problem_links(self) -> list[Element]:
        """The links of the error summary."""
        return [
            link for alert in self.elements if alert.get("role") == "alert" for link in alert.walk() if link.name == "a"
        ]

    @property
    def problems(self) -> dict[str, str]:
        """The error summary: field -> message."""
        return {link.get("href").removeprefix("#"): link.text for link in self.problem_links}

    def error(self, field: str) -> str:
        """The message beside a control."""
        return self.by_id(f"{field}-error").text

    def controls(self, name: str) -> list[Element]:
        """The controls of a name."""
        return [e for e in self.elements if e.name in ("input", "select", "textarea") and e.get("name") == name]

    def typed(self, name: str) -> Any:
        """What stands in a control: a text, or the list of what is chosen."""
        found = self.controls(name)
        assert found, f"no control is called {name}"
        first = found[0]
        if first.name == "textarea":
            return "".join(child for child in first.children if isinstance(child, str)).removeprefix("\n")
        if first.name == "select":
            return [o.get("value") for o in first.walk() if o.name == "option" and "selected" in o.attributes]
        if first.get("type") in ("radio", "checkbox"):
            return [element.get("value") for element in found if "checked" in element.attributes]
        return first.get("value")

    def form_data(self, action: str | None = None) -> dict[str, Any]:
        """Everything the (first, or named) POST form would send, buttons aside."""
        forms = [
            f
            for f in self.all("form")
            if f.get("method").lower() == "post" and (action is None or f.get("action") == action)
        ]
        assert forms, "no form to send"
        own = [f for f in forms if "sign-out" not in f.get("action")] or forms
        data: dict[str, Any] = {}
        for element in own[0].walk():
            name = element.get("name")
            if not name or "disabled" in element.attributes or element.name not in ("input", "select", "textarea"):
                continue
            if element.get("type") in ("radio", "checkbox"):
                if "checked" in element.attributes:
                    data.setdefault(name, []).append(element.get("value"))
            elif element.name == "select":
                options = [o for o in element.walk() if o.name == "option"]
                chosen = [o for o in options if "selected" in o.attributes] or options[:1]
                data[name] = [o.get("value") for o in chosen]
            elif element.name == "textarea":
                data[name] = self.typed(name)
            elif element.get("type") != "file":  # in which nothing is chosen
                before, value = data.get(name, []), element.get("value")
                data[name] = [*(before if isinstance(before, list) else [before]), value] if before else value
        return data
