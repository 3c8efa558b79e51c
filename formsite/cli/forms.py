"""`formsite forms`: definitions in, out and tried."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import click

from formsite.cli.running import actor, as_json, faults_json, print_json, refuse, refusals, within
from formsite.definition.faults import Faulty
from formsite.foundation import clock
from formsite.interchange import apart, files
from formsite.interchange.losses import Imported, Unimportable
from formsite.interchange.progress import Stage

if TYPE_CHECKING:  # the reader of a file starts before all that
    from formsite.definition.document import Definition
    from formsite.definition.evaluation import Dialect

FORMATS = ["auto", *files.READERS]
FORMAT = click.option("--format", "format_", type=click.Choice(FORMATS), default="auto", show_default=True)


@click.group()
def forms() -> None:
    """Definitions: import, check, show, evaluate, convert."""


@forms.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@FORMAT
@click.option("--slug", help="The form's address; made from its title if not given.")
@click.option("--publish", is_flag=True, help="Publish it as version 1, or as the next version of SLUG.")
@as_json
@refusals
def import_(file: Path, format_: str, slug: str | None, publish: bool, json_out: bool) -> None:
    """Make a form out of FILE. What could not be brought over is listed."""
    with _application_loads():
        imported = _read(file, format_)
    from flask import url_for

    from formsite.designer import forms as designed
    from formsite.designer import publishing
    from formsite.foundation.database import unit_of_work

    with within() as app, unit_of_work(write=True), app.test_request_context(base_url=app.config["FORMSITE"].base_url):
        now = clock.now()
        form = designed.import_form(
            imported.definition, slug=slug or imported.slug, taken_slug_is_new=slug is None, actor=actor(), now=now
        )
        number = None
        if publish:
            try:
                number = publishing.publish(form, actor=actor(), now=now).number
            except Faulty as refusal:
                _refuse_json(faults_json(refusal) | {"error": _first(refusal)})
        answer = {
            "slug": form.slug,
            "version": number,
            "url": url_for("filling.open_form", slug=form.slug, _external=True),
            "questions": imported.questions,
            "names": imported.names,
            "losses": [loss.as_json() for loss in imported.losses],
        }
    if json_out:
        print_json(answer)
        return
    click.echo(f"{answer['slug']}: {answer['questions']} questions, {len(imported.losses)} losses. {answer['url']}")
    for loss in imported.losses:
        click.echo(f"  {loss.where}: {loss.what}: {loss.why}. {loss.fix}")


@forms.command()
@click.argument("what", metavar="FILE|SLUG")
@FORMAT
@as_json
def check(what: str, format_: str, json_out: bool) -> None:
    """Say what stands in the way of publishing; status 1 if anything does."""
    from formsite.definition import checks

    try:
        faults = checks.faults(_definition(what, format_)[0])
    except Faulty as refusal:
        faults = refusal.faults
    if json_out:
        print_json({"faults": [fault.as_json() for fault in faults]})
    else:
        for fault in faults:
            click.echo(f"{fault.where or '/'}: {fault.what}. {fault.fix}.")
    sys.exit(1 if faults else 0)


@forms.command()
@click.argument("slug")
@click.option(
    "--version", type=click.IntRange(1), help="A published version; the newest, else the draft, if not given."
)
@as_json
@refusals
def show(slug: str, version: int | None, json_out: bool) -> None:
    """Print the canonical definition."""
    with within():
        print_json(_stored(slug, version).as_json())


@forms.command()
@click.argument("what", metavar="FILE|SLUG")
@FORMAT
@click.option("--answers", type=click.File("r"), help="A JSON object {field: value}.")
@click.option("--batch", type=click.File("r"), help="Many of them, one a line; one result a line.")
@click.option("--language", help="Language of the messages; the definition's first if not given.")
@as_json
def evaluate(
    what: str, format_: str, answers: TextIO | None, batch: TextIO | None, language: str | None, json_out: bool
) -> None:
    """What a form would show and ask for the answers given. Stores nothing."""
    if (answers is None) == (batch is None):
        raise click.UsageError("Give --answers or --batch.")
    from formsite.definition.evaluation import Evaluator

    try:
        definition, imported = _definition(what, format_)
        dialect = _dialect(Path(what), imported) if imported else None
        evaluator = Evaluator(definition, language=language, dialect=dialect)
    except Faulty as refusal:
        _refuse_json(faults_json(refusal))
    now = clock.now()
    if answers is not None:
        print_json(evaluator.evaluate(_object(answers.read(), "the file"), now.date(), now))
        return
    for number, line in enumerate(_lines(batch), start=1):
        click.echo(json.dumps(evaluator.evaluate(_object(line, f"line {number}"), now.date(), now), ensure_ascii=False))


@forms.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@FORMAT
@click.option("--to", type=click.Choice(list(files.WRITERS)), required=True, help="The format to write.")
@click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, allow_dash=True),
    default="-",
    help="Where to, if not standard output.",
)
def convert(file: Path, format_: str, to: str, out: str) -> None:
    """Write FILE in another format. What could not be brought over is listed on standard error."""
    if to == "xlsform" and out == "-" and sys.stdout.isatty():
        raise click.UsageError("A spreadsheet is nothing to read on a terminal: say where to with -o FILE.")
    imported = _read(file, format_, is_printed=False)
    content, losses = files.write(imported.definition, to, imported.slug)
    try:
        with click.open_file(out, "wb", atomic=out != "-") as target:
            target.write(content)
    except OSError as error:
        refuse(f"{out}: {error.strerror}")
    for loss in (*imported.losses, *losses):
        click.echo(f"{loss.where}: {loss.what}: {loss.why}", err=True)


def _lines(file: TextIO | None) -> Iterator[str]:
    return (line for line in file or () if line.strip())


def _object(text: str, where: str) -> dict[str, Any]:
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        refuse(f"{where}, line {error.lineno}, column {error.colno}: this is not JSON: {error.msg}")
    if not isinstance(raw, dict):
        refuse(f"{where}: answers are a JSON object {{field: value}}")
    return raw


@contextmanager
def _application_loads() -> Iterator[None]:
    """The application's modules are read while another process reads the file."""
    with ThreadPoolExecutor(1) as beside:
        for each in ("application", "features", "designer.publishing"):
            beside.submit(import_module, f"formsite.{each}")
        yield


def _read(file: Path, format_: str, *, is_printed: bool = True) -> Imported:
    """The file; a refusal is printed as JSON too, where standard output is not the file that was asked for."""
    try:
        files.refuse_size(file.stat().st_size, file.name)
        return apart.read(file.read_bytes(), file.name, format_, told=_told)
    except Unimportable as error:
        _refuse_json({"error": error.as_json()}, is_printed=is_printed)
    except Faulty as refusal:
        _refuse_json({"error": _first(refusal)} | faults_json(refusal), is_printed=is_printed)


def _told(stage: Stage) -> None:
    """How far the reading is, for who watches."""
    if _is_watched():
        click.echo(f"{stage.number} of {len(Stage)}: {stage.value} …", err=True)


def _is_watched() -> bool:
    return sys.stderr.isatty()


def _first(refusal: Faulty) -> dict[str, str]:
    return refusal.faults[0].as_json()


def _refuse_json(document: dict[str, Any], *, is_printed: bool = True) -> NoReturn:
    """A refusal that says where, what and how to mend it, for programs and people alike."""
    if is_printed:
        print_json(document)
    error = document.get("error") or document["faults"][0]
    refuse(f"{error['where'] or '/'}: {error['what']}. {error['fix']}.")


def _definition(what: str, format_: str) -> tuple[Definition, Imported | None]:
    """A definition, and what it came in with where it is a file."""
    if Path(what).is_file():
        imported = _read(Path(what), format_)
        return imported.definition, imported
    with within():
        return _stored(what, None), None


def _dialect(file: Path, imported: Imported) -> Dialect | None:
    """How its source writes answers. What was read apart brings no dialect, so what can be read is read once more."""
    if imported.format not in files.OWN:
        imported = files.read(file.read_bytes(), file.name, imported.format)
    if imported.dialect is not None:
        return imported.dialect
    from formsite.interchange.dialects import NameByName

    return NameByName(imported.names) if any(name != path for name, path in imported.names.items()) else None


def _stored(slug: str, version: int | None) -> Definition:
    from formsite.definition.document import parse
    from formsite.designer import queries
    from formsite.foundation.database import unit_of_work

    with unit_of_work(write=False):
        found = queries.definition(slug, version)
    if found is None:
        refuse(f"There is no form “{slug}”" + (f" with a version {version}" if version else ""))
    return parse(found)
