"""One instance of a repeating group more or less, in what a page sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from formsite.definition import paths


def changed(sent: Mapping[str, Sequence[str]], go: str) -> dict[str, Sequence[str]]:
    """What was sent, as it would have been from a page after the change.

    Args:
        go: `add:<path of the group>` or `remove:<path of the group>:<number of the instance, from 0>`.
    """
    verb, _, rest = go.partition(":")
    path, _, number = rest.partition(":")
    count = _number(sent.get(path, ("",))[-1:])
    if verb == "add":
        return {**sent, path: [str(count + 1)]}
    if not number.isdecimal() or len(number) > 6 or int(number) >= count:
        return dict(sent)
    return {**paths.without_instance(sent, path, int(number)), path: [str(count - 1)]}


def _number(raw: Sequence[str]) -> int:
    return int(raw[0]) if raw and raw[0].isdecimal() and len(raw[0]) < 6 else 0
