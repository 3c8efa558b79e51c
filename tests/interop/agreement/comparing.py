"""Formsite own an engine: question by question, for every set of answers."""

from __future__ import annotations

import math
import re
import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from formsite.definition.evaluation import Evaluator
from formsite.definition.faults import Faulty
from formsite.interchange import files
from formsite.interchange.dialects import NameByName
from formsite.interchange.losses import Imported, Unimportable
from tests.interop.agreement.engines import Asked, Verdict, ask

ASPECTS = ("shown", "compulsory", "errors")
GENERATED = re.compile(r"reserved_name_for_field_list_labels_|generated_")
"""What pyxform adds: no question of the form."""


@dataclass(frozen=True)
class Difference:
    """One question about which the two are not of one mind."""

    name: str
    aspect: str
    engine: Any
    formsite: Any
    answers: Mapping[str, Any]


@dataclass
class Outcome:
    """A whole file: how much was compared, and what differed."""

    path: Path
    refused: str = ""
    crash: str = ""
    engine_refused: str = ""
    questions: int = 0
    losses: int = 0
    unmatched: list[str] = field(default_factory=list)
    """Questions that the engine asks and formsite has no name for."""
    compared: int = 0
    agreed: int = 0
    values: int = 0
    values_agreed: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Of the questions compared, those that agree in all aspects."""
        return self.agreed / self.compared if self.compared else 1.0


def outcomes(
    paths: Iterable[Path], source: ModuleType, *, sets: int = 20, seed: str = "1", prune: bool = True
) -> list[Outcome]:
    """Import files, answer them, and compare; `source` is one of the modules of formats own this one."""
    found, asked = [], []
    for path in paths:
        out, imported = read(path, source.FORMAT)
        found.append(out)
        if imported is None:
            continue
        content = path.read_bytes()
        line = source.line(content, source.answers_for(content, sets, f"{seed}/{path.name}"), prune)
        if isinstance(line, str):
            out.engine_refused = line
        else:
            asked.append((out, imported, line))
    for (out, imported, _), verdicts in zip(asked, ask(source.SCRIPT, [line for *_, line in asked]), strict=True):
        if isinstance(verdicts, str):
            out.engine_refused = verdicts
        else:
            compare(out, imported, verdicts, source, source.volatile(out.path.read_bytes()))
    return found


def read(path: Path, format: str) -> tuple[Outcome, Imported | None]:
    """A file as formsite imports it, or its refusal."""
    out = Outcome(path)
    try:
        imported = files.read(path.read_bytes(), path.name, format)
    except Unimportable as refusal:
        out.refused = f"{refusal.where}: {refusal.what}"
    except Faulty as refusal:
        out.refused = "; ".join(f"{fault.where}: {fault.what}" for fault in refusal.faults[:3])
    except Exception:
        out.refused = out.crash = traceback.format_exc()
    else:
        out.questions, out.losses = imported.questions, len(imported.losses)
        return out, imported
    return out, None


def compare(
    out: Outcome,
    imported: Imported,
    verdicts: Iterable[Verdict],
    source: ModuleType,
    volatile: frozenset[str] = frozenset(),
) -> None:
    """Count agreement over all sets of answers, leaving out the questions and values named in `volatile`."""
    evaluator = Evaluator(imported.definition, dialect=imported.dialect or NameByName(imported.names))
    now = datetime.now(UTC)
    for verdict in verdicts:
        told = evaluator.evaluate(verdict.answers, now.date(), now)
        questions = [each for each in verdict.questions if each.path[-1] not in volatile]
        engine = dict(rolled_up(questions, source))
        _unmatched(out, engine, imported)
        _aspects(out, engine, told, verdict.answers, source)
        _values(out, verdict, {name: each for name, each in told["computed"].items() if name not in volatile})


def rolled_up(questions: Iterable[Asked], source: ModuleType) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is asked by name; the parts of a matrix or of several texts count as the question they belong to."""
    found: dict[str, dict[str, Any]] = {}
    whole: list[tuple[str | int, ...]] = []
    for each in questions:
        if each.type in source.UNASKED:
            continue
        path = next((start for start in whole if each.path[: len(start)] == start), each.path)
        if each.type in source.PARTS_INSIDE and path == each.path:
            whole.append(path)
        if GENERATED.match(str(path[-1])):
            continue
        held = found.setdefault("-".join(map(str, path)), {"path": path, **dict.fromkeys(ASPECTS, False)})
        for aspect in ASPECTS:
            held[aspect] = held[aspect] or bool(getattr(each, aspect))
    return iter(found.items())


def _unmatched(out: Outcome, engine: Mapping[str, dict[str, Any]], imported: Imported) -> None:
    named = set(imported.names) | set(imported.dialect.names if isinstance(imported.dialect, NameByName) else ())
    for name, held in engine.items():
        steps = [step for step in held["path"] if isinstance(step, str)]
        known = {name, "-".join(steps), steps[0], steps[-1]} & named
        if not known and name not in out.unmatched:
            out.unmatched.append(name)


def _aspects(
    out: Outcome,
    engine: dict[str, dict[str, Any]],
    told: dict[str, Any],
    answers: Mapping[str, Any],
    source: ModuleType,
) -> None:
    own = [name for name in told["compulsory"] if not name.endswith(source.BESIDE)]
    formsite = {aspect: _rolled(own if aspect == "compulsory" else told[aspect], engine) for aspect in ASPECTS}
    for name, says in engine.items():
        if name in out.unmatched:
            continue
        differing = [aspect for aspect in ASPECTS if says[aspect] != (name in formsite[aspect])]
        out.compared += 1
        out.agreed += not differing
        if differing:
            aspect = differing[0]
            ours = (
                told["errors"].get(name, name in formsite[aspect]) if aspect == "errors" else name in formsite[aspect]
            )
            out.differences.append(Difference(name, aspect, says[aspect], ours, answers))


def _rolled(names: Iterable[str], engine: Mapping[str, Any]) -> set[str]:
    """Names of formsite, those of parts as the question that the engine knows them by."""
    found = set()
    for name in names:
        steps = name.split("-")
        starts = ("-".join(steps[:end]) for end in range(len(steps), 0, -1))
        found.add(next((start for start in starts if start in engine), name))
    return found


def _values(out: Outcome, verdict: Verdict, computed: dict[str, Any]) -> None:
    known = {each.name: each.value for each in verdict.questions if each.value is not None} | verdict.values
    for name, value in computed.items():
        if name in known:
            out.values += 1
            same = alike(known[name], value)
            out.values_agreed += same
            if not same:
                out.differences.append(Difference(name, "value", known[name], value, verdict.answers))


def alike(theirs: Any, ours: Any) -> bool:
    """Whether two computed values say the same; nothing and an empty text do."""
    if theirs in (None, "") or ours in (None, ""):
        return theirs in (None, "") and ours in (None, "")
    if isinstance(theirs, bool) or isinstance(ours, bool):
        return str(theirs).lower() == str(ours).lower()
    try:
        return math.isclose(float(theirs), float(ours), rel_tol=1e-9, abs_tol=1e-9)
    except (TypeError, ValueError):
        return str(theirs) == str(ours)
