"""Paths of answers: `full_name`, `service-speed`, `children-0-age`; and answers flat by path or nested as objects.

A path joins ids by dashes; in a repeat the number of the instance (from 0) follows the repeat's id. A repeat's own path
holds how many instances there are. Ids of pages, groups and fields hold no dash and are unique in the form.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

DASH = "-"


def plain(path: str, repeats: Collection[str]) -> str:
    """The path without the numbers of instances: `children-0-age` is `age`, `children-0-service-speed` `service-speed`.

    The repeats around a field are dropped with their numbers, as a field's id is unique without them.
    """
    if DASH not in path or not repeats:
        return path
    steps = path.split(DASH)
    while len(steps) > 2 and steps[0] in repeats and steps[1].isdecimal():
        steps = steps[2:]
    return DASH.join(steps)


def places(path: str, repeats: Collection[str]) -> dict[str, int]:
    """Which instance of each repeat a path stands in: `{"children": 0}`."""
    found: dict[str, int] = {}
    if DASH not in path or not repeats:
        return found
    steps = path.split(DASH)
    while len(steps) > 2 and steps[0] in repeats and steps[1].isdecimal():
        found[steps[0]] = int(steps[1])
        steps = steps[2:]
    return found


def nested(answers: Mapping[str, Any], repeats: Collection[str]) -> dict[str, Any]:
    """Answers as they are stored and exported: a repeat is a list of objects, everything else stays under its path."""
    out: dict[str, Any] = {}
    for path, value in answers.items():
        steps = path.split(DASH)
        held = out
        while len(steps) > 2 and steps[0] in repeats and steps[1].isdecimal():
            held = _instance(held.setdefault(steps[0], []), int(steps[1]))
            steps = steps[2:]
        name = DASH.join(steps)
        if name in repeats:
            _instance(held.setdefault(name, []), int(value) - 1)
        else:
            held[name] = value
    return out


def _instance(instances: list[dict[str, Any]], number: int) -> dict[str, Any]:
    """The instance with that number; those before it are made with it."""
    while len(instances) <= number:
        instances.append({})
    return instances[number] if number >= 0 else {}


def flat(answers: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Answers by path out of nested ones: a list of objects is a repeat, an object holds parts. Flat ones stay so."""
    return dict(_flat(answers, prefix))


def _flat(answers: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in answers.items():
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}{DASH}")
        elif isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
            yield path, len(value)
            for number, each in enumerate(value):
                yield from _flat(each, f"{path}{DASH}{number}{DASH}")
        else:
            yield path, value


def without_instance(answers: Mapping[str, Any], repeat: str, number: int) -> dict[str, Any]:
    """The answers without one instance of the repeat at path `repeat`; those after it move up."""
    start = f"{repeat}{DASH}"

    def moved(path: str) -> str | None:
        if not path.startswith(start):
            return path
        at, dash, rest = path[len(start) :].partition(DASH)
        if not at.isdecimal() or int(at) < number:
            return path
        return None if int(at) == number else f"{start}{int(at) - 1}{dash}{rest}"

    return _renamed(answers, moved)


def _renamed(answers: Mapping[str, Any], rename: Callable[[str], str | None]) -> dict[str, Any]:
    return {name: value for path, value in answers.items() if (name := rename(path)) is not None}
