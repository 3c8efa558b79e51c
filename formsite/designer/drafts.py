"""Edits of a draft: a definition as plain JSON in, the changed one out. Nothing is changed in place.

A part is a page, a group or a field, named by its id. What an edit makes is parsed before it is kept, so that a draft
can always be opened again; what is missing for publishing is another matter (`definition.checks`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from formsite.definition import logic, piping
from formsite.definition.document import RESERVED, Definition, Field, Group, Page, walk
from formsite.definition.fieldtypes import registry
from formsite.foundation import canonical
from formsite.foundation.errors import Refused

Draft = dict[str, Any]
Part = dict[str, Any]


class NoSuchPart(Refused):
    """It was deleted meanwhile, or never was."""

    status = 404


class StillUsed(Refused):
    """A rule looks at it."""


class NameTaken(Refused):
    """Another part has this name."""


def parts(draft: Draft) -> Iterator[tuple[Part, list[Part]]]:
    """Every page, group and field with the list it stands in, in document order."""

    def inside(items: list[Part]) -> Iterator[tuple[Part, list[Part]]]:
        for item in items:
            yield item, items
            yield from inside(item.get("items", []))

    for page in draft.get("pages", []):
        yield page, draft["pages"]
        yield from inside(page.get("items", []))


def opened(draft: Draft) -> Draft:
    """A copy to change, in which every page and group has its list, be it empty (the stored document leaves it out)."""
    changed = deepcopy(draft)
    for part, listed in list(parts(changed)):
        if part.get("type") == "group" or listed is changed["pages"]:
            part.setdefault("items", [])
    return changed


def find(draft: Draft, name: str) -> tuple[Part, list[Part]]:
    """A part and the list it stands in.

    Raises:
        NoSuchPart.
    """
    for part, listed in parts(draft):
        if part["id"] == name:
            return part, listed
    raise NoSuchPart(f"“{name}” is not in this form (any more).")


def own_hash(part: Part) -> str:
    """What tells whether a part was changed: over itself, not what stands inside it."""
    return canonical.sha256_hex({name: held for name, held in part.items() if name not in ("items", "pages")})[:16]


def is_page(draft: Draft, part: Part) -> bool:
    """Whether it is a page."""
    return any(part is page for page in draft.get("pages", []))


def add_page(draft: Draft) -> tuple[Draft, str]:
    """A new page at the end; its id."""
    changed = opened(draft)
    name = free_name(changed, "page")
    changed.setdefault("pages", []).append({"id": name, "items": []})
    return changed, name


def add_item(draft: Draft, kind: str, *, where: str, label: str, language: str) -> tuple[Draft, str]:
    """A new field or group.

    Args:
        kind: a field type, or `group`.
        where: the part it goes into (a page or group, at its end) or after (a field).
    """
    changed = opened(draft)
    part, listed = find(changed, where)
    name = free_name(changed, kind)
    made: Part = {"id": name, "type": kind, "items": []} if kind == "group" else _new_field(name, kind, label, language)
    if "items" in part:
        part["items"].append(made)
    else:
        listed.insert(listed.index(part) + 1, made)
    return changed, name


def _new_field(name: str, kind: str, label: str, language: str) -> Part:
    field_type = registry.get(kind)
    made: Part = {"id": name, "type": kind, "label": {language: label or field_type.title}, "compulsory": False}
    return made | ({"personal": True} if field_type.personal else {})


def replace(draft: Draft, name: str, new: Part) -> Draft:
    """A part with other settings; what stands inside it stays. Another id is changed in every rule as well.

    Raises:
        NoSuchPart, NameTaken.
    """
    changed = opened(draft)
    part, listed = find(changed, name)
    if new["id"] != name and any(each["id"] == new["id"] for each, _ in parts(changed)):
        raise NameTaken(f"“{new['id']}” is the name of another part of this form.")
    kept = {"items": part["items"]} if "items" in part else {}
    listed[listed.index(part)] = new | kept
    return _renamed(changed, name, new["id"]) if new["id"] != name else changed


def delete(draft: Draft, name: str) -> Draft:
    """Without a part and what stands inside it.

    Raises:
        NoSuchPart; StillUsed: names who uses it.
    """
    changed = opened(draft)
    part, listed = find(changed, name)
    gone = {part["id"], *(inner["id"] for inner, _ in parts({"pages": [part]}))}
    listed.remove(part)
    if found := users(changed, gone):
        raise StillUsed(f"A rule or text of {', '.join(f'“{user}”' for user in found)} looks at it. Change that first.")
    return changed


def move(draft: Draft, name: str, direction: str) -> Draft:
    """One place up or down; a field or group at the edge of its page goes on to the next page."""
    changed = opened(draft)
    part, listed = find(changed, name)
    at, step = listed.index(part), 1 if direction == "down" else -1
    if 0 <= at + step < len(listed):
        listed[at], listed[at + step] = listed[at + step], listed[at]
        return changed
    if is_page(changed, part):
        return changed
    neighbour = _list_beside(changed, listed, step)
    if neighbour is not None:
        listed.remove(part)
        neighbour.insert(0 if step > 0 else len(neighbour), part)
    return changed


def place(draft: Draft, name: str, *, inside: str | None, before: str | None) -> Draft:
    """Where it was dropped: before a part, or at the end of `inside` (or of the pages).

    Raises:
        NoSuchPart; Refused: a page into a page, or a group into itself.
    """
    changed = opened(draft)
    part, listed = find(changed, name)
    page = is_page(changed, part)
    if page == (inside is not None):
        raise Refused("Pages stand side by side; questions and groups stand on pages.")
    target: list[Part] = changed["pages"] if inside is None else find(changed, inside)[0].get("items", [])
    if inside is not None and any(inner["id"] == inside for inner, _ in parts({"pages": [part]})):
        raise Refused("A group cannot stand inside itself.")
    listed.remove(part)
    at = next((index for index, each in enumerate(target) if each["id"] == before), len(target))
    target.insert(at, part)
    return changed


def free_name(draft: Draft, kind: str) -> str:
    """A name that nothing in the form has."""
    taken = {part["id"] for part, _ in parts(draft)} | RESERVED
    number = 1
    while f"{kind}_{number}" in taken:
        number += 1
    return f"{kind}_{number}"


def describe(definition: Definition) -> list[dict[str, Any]]:
    """The outline: every part with its depth and what there is to say of it at a glance."""
    rows = []
    for where, part in walk(definition):
        label = part.title if isinstance(part, Page) else part.label
        words = label.say(definition.language) if label else ""
        rows.append(
            {
                "id": part.id,
                "kind": "page" if isinstance(part, Page) else part.type,
                "depth": where.count("/items/"),
                "label": words
                or ("Page" if isinstance(part, Page) else "Group" if isinstance(part, Group) else part.id),
                "note": _note(part),
                "pointer": where,
            }
        )
    return rows


def _note(part: Page | Group | Field) -> str:
    if part.shown_if is not None:
        return "by rule"
    if isinstance(part, Field) and part.kind.asks:
        if not isinstance(part.compulsory, bool):
            return "compulsory by rule"
        return "compulsory" if part.compulsory else "optional"
    return ""


def _list_beside(draft: Draft, listed: list[Part], step: int) -> list[Part] | None:
    pages = draft["pages"]
    at = next((i for i, page in enumerate(pages) if page["items"] is listed), None)
    if at is None:  # out of a group, to the list the group stands in
        return next((outer for part, outer in parts(draft) if part.get("items") is listed), None)
    return pages[at + step]["items"] if 0 <= at + step < len(pages) else None


def users(draft: Draft, names: set[str]) -> list[str]:
    """The ids of the parts and quotas that look at one of these, by a rule, a jump, carried choices or a text."""
    found = [part["id"] for part, _ in parts(draft) if names & _looked_at(part)]
    return found + [
        quota["id"] for quota in draft.get("quotas", []) if names & logic.fields_of(logic.parse(quota["rule"]))
    ]


def _rules(part: Part) -> Iterator[tuple[dict[str, Any], str]]:
    """Where rules stand in a part: the object and the member."""
    for member in ("shown_if", "compulsory", "wanted", "read_only", "default", "computed"):
        if isinstance(part.get(member), dict):
            yield part, member
    yield from ((limit, "rule") for limit in part.get("limits", []))
    yield from ((jump, "if") for jump in part.get("jumps", []))
    if (part.get("repeat") or {}).get("count"):
        yield part["repeat"], "count"
    for name in ("choices", "rows", "items", "columns"):
        for choice in part.get("settings", {}).get(name, []):
            if isinstance(choice.get("shown_if"), dict):
                yield choice, "shown_if"


def _looked_at(part: Part) -> set[str]:
    looked = {name for holder, member in _rules(part) for name in logic.fields_of(logic.parse(holder[member]))}
    own = {name: held for name, held in part.items() if name != "items"}
    named = {name for text in _texts(own) for name in piping.GAP.findall(text)}
    carried = part.get("settings", {}).get("choices_from")
    parent = part.get("settings", {}).get("parent")
    goals = {jump["to"] for jump in part.get("jumps", [])}
    sources = {carried["field"]} if carried else set()
    return {name.partition("-")[0] for name in looked | named} | goals | sources | ({parent} if parent else set())


def _texts(held: Any) -> Iterator[str]:
    """Every text in a piece of a draft; rules name nothing in the way of texts."""
    if isinstance(held, str):
        yield held
    elif isinstance(held, list | dict):
        for each in held.values() if isinstance(held, dict) else held:
            yield from _texts(each)


def _renamed(draft: Draft, old: str, new: str) -> Draft:
    """With another name for a part wherever a rule, a jump, carried choices or a text names it."""
    change: Callable[[Any], Any] = lambda rule: logic.to_json(logic.rename_field(logic.parse(rule), old, new))  # noqa: E731
    for part, _ in parts(draft):
        for holder, member in list(_rules(part)):
            holder[member] = change(holder[member])
        for jump in part.get("jumps", []):
            jump["to"] = new if jump["to"] == old else jump["to"]
        carried = part.get("settings", {}).get("choices_from")
        if carried and carried["field"] == old:
            carried["field"] = new
        if part.get("settings", {}).get("parent") == old:
            part["settings"]["parent"] = new
    for quota in draft.get("quotas", []):
        quota["rule"] = change(quota["rule"])
    return {name: held if name == "quotas" else _repiped(held, old, new) for name, held in draft.items()}


def _repiped(held: Any, old: str, new: str) -> Any:
    """The same with another name in every text."""
    if isinstance(held, str):
        return piping.renamed(held, old, new)
    if isinstance(held, list):
        return [_repiped(each, old, new) for each in held]
    return {name: _repiped(each, old, new) for name, each in held.items()} if isinstance(held, dict) else held
