"""Write what comes of the real questionnaires into docs/importing.md: `python -m tests.interop.agreement.table`."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterable, Iterator

from tests.interop.agreement import engines
from tests.interop.agreement.comparing import Outcome, outcomes, read
from tests.interop.agreement.corpus import BROKEN, FOLDERS, files_in, files_of

PAGE = engines.ROOT / "docs" / "importing.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
LONGEST = 160


def main() -> None:
    """Compare the whole corpus, and put the tables between the marks of the page."""
    if reason := engines.missing():
        sys.exit(reason)
    found = {format_: of_format(format_) for format_ in FOLDERS}
    page = PAGE.read_text()
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    PAGE.write_text("\n".join([before + BEGIN, *lines(found), END + after]))


def of_format(format_: str) -> list[Outcome]:
    """All files of a format: compared with its engine, or only imported where there is none."""
    try:
        source = importlib.import_module(f"tests.interop.agreement.{format_}")
    except ModuleNotFoundError:
        return [read(path, format_)[0] for path in files_of(format_)]
    return outcomes(files_of(format_), source, sets=20)


def lines(found: dict[str, list[Outcome]]) -> Iterator[str]:
    """The tables, in Markdown."""
    yield from summary(found)
    yield from refusals([each for some in found.values() for each in some])
    yield from broken()
    for format_ in ("xlsform", "limesurvey"):
        yield from files(format_, found[format_])
    yield from files("surveyjs, where anything is lost or differs", [each for each in found["surveyjs"] if odd(each)])


def odd(each: Outcome) -> bool:
    """Whether there is anything to say of a file."""
    return bool(each.losses or each.differences or each.unmatched) and not each.refused


def summary(found: dict[str, list[Outcome]]) -> Iterator[str]:
    """A line for each folder."""
    yield "| folder | files | imported | refused | questions | without a name | losses | compared | agree | values agree |"
    yield "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
    for format_, folders in FOLDERS.items():
        for folder in folders:
            paths = set(files_in(folder, format_))
            yield row(f"`{folder}`", [each for each in found[format_] if each.path in paths])


def row(name: str, some: list[Outcome]) -> str:
    """Several files in one line."""
    refused = sum(bool(each.refused) for each in some)
    compared, agreed = sum(each.compared for each in some), sum(each.agreed for each in some)
    values, same = sum(each.values for each in some), sum(each.values_agreed for each in some)
    cells = [
        name, len(some), len(some) - refused, refused, sum(each.questions for each in some),
        sum(len(each.unmatched) for each in some), sum(each.losses for each in some), compared,
        share(agreed, compared), share(same, values),
    ]  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def share(part: int, whole: int) -> str:
    """Hundredths, never rounded up to all."""
    return "–" if not whole else "100 %" if part == whole else f"{int(10_000 * part / whole) / 100:.2f} %"


def refusals(found: Iterable[Outcome]) -> Iterator[str]:
    """What formsite refuses, and why."""
    yield from ("", "Refused:", "", "| file | reason |", "|---|---|")
    for each in found:
        if each.refused:
            yield f"| `{each.path.name}` | {cell(each.refused)} |"


def broken() -> Iterator[str]:
    """What comes of the files that are broken on purpose."""
    yield from ("", f"Broken on purpose (`{BROKEN}`):", "", "| file | what comes of it |", "|---|---|")
    for path in files_in(BROKEN, "xlsform"):
        out, imported = read(path, "xlsform")
        yield f"| `{path.name}` | {cell(out.refused) if imported is None else f'{out.questions} questions, {out.losses} losses'} |"


def files(name: str, found: Iterable[Outcome]) -> Iterator[str]:
    """A line for each file that came in."""
    yield from (
        "",
        f"{name}:",
        "",
        "| file | questions | losses | compared | agree | the engine itself |",
        "|---|--:|--:|--:|--:|---|",
    )
    for each in found:
        if not each.refused:
            engine = f"refuses: {cell(each.engine_refused)}" if each.engine_refused else ""
            agree = share(each.agreed, each.compared)
            yield f"| `{each.path.name}` | {each.questions} | {each.losses} | {each.compared or '–'} | {agree} | {engine} |"


def cell(text: str) -> str:
    """A text that fits into a cell."""
    flat = re.sub(r"\s+", " ", text).replace("|", "\\|").strip()
    return flat if len(flat) <= LONGEST else f"{flat[: LONGEST - 1]}…"


if __name__ == "__main__":
    main()
