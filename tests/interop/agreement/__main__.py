"""Print a table of agreement, and the first differences with what stands behind them.

`python -m tests.interop.agreement FILE|FOLDER ... [--sets N] [--seed S] [--differences N] [--raw]`
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

from tests.interop.agreement import engines
from tests.interop.agreement.comparing import Outcome, outcomes

SOURCES = {".json": "surveyjs", ".xlsx": "xlsform", ".xls": "xlsform", ".xlsm": "xlsform"}


def main() -> None:
    """Compare the files named, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.interop.agreement", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--sets", type=int, default=20, help="sets of answers for each file")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--differences", type=int, default=5, help="how many to print for each file")
    parser.add_argument("--raw", action="store_true", help="keep answers to questions that are not shown")
    given = parser.parse_args()
    if reason := engines.missing():
        parser.exit(1, f"{reason}\n")
    found = []
    for format_, paths in itertools.groupby(sorted(files(given.paths), key=format_of), key=format_of):
        source = importlib.import_module(f"tests.interop.agreement.{format_}")
        some = outcomes(paths, source, sets=given.sets, seed=given.seed, prune=not given.raw)
        for each in some:
            show(each, source, given.differences)
        found += some
    total(found)


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """Files as they are, those of folders that some module here knows."""
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.suffix in SOURCES)
        else:
            yield path


def format_of(path: Path) -> str:
    """The format of a file, and the name of the module that knows it."""
    return SOURCES[path.suffix.lower()]


def show(found: Outcome, source: ModuleType, most: int) -> None:
    """One line for a file, and its first differences, one for each question and aspect."""
    if found.refused or found.engine_refused:
        print(f"{found.path.name}: REFUSED {found.refused or 'by the engine: ' + found.engine_refused}")
        return
    unmatched = f"  UNMATCHED {found.unmatched[:6]}" if found.unmatched else ""
    values = f"  values {found.values_agreed}/{found.values}" if found.values else ""
    print(f"{found.path.name}: {found.share:7.2%} of {found.compared}, {found.losses} losses{values}{unmatched}")
    told = set()
    for each in found.differences:
        if (each.name, each.aspect) in told or len(told) >= most:
            continue
        told.add((each.name, each.aspect))
        print(f"    {each.name}: {each.aspect}: engine {each.engine!r}, formsite {each.formsite!r}")
        last = [step for step in each.name.split("-") if not step.isdecimal()][-1]
        print(f"        {source.where(found.path.read_bytes(), last)}")
        print(f"        answers {json.dumps(each.answers, ensure_ascii=False)[:600]}")


def total(found: list[Outcome]) -> None:
    """The last line."""
    compared, agreed = sum(each.compared for each in found), sum(each.agreed for each in found)
    values, same = sum(each.values for each in found), sum(each.values_agreed for each in found)
    refused = sum(bool(each.refused) for each in found)
    lost = sum(len(each.unmatched) for each in found)
    if compared:
        print(
            f"{len(found)} files, {refused} refused: {agreed / compared:.3%} of {compared} agree; "
            f"values {same} of {values}; {lost} questions without a name"
        )


if __name__ == "__main__":
    main()
