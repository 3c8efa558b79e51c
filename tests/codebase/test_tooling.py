"""The checkout itself: locks without hosts, a reason for each dependency, one place that commits, a quick start."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENGINES = ROOT / "tests" / "interop" / "engines"
SOURCES = sorted((ROOT / "formsite").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
INDIRECT = {
    "tzdata": "data for zoneinfo",
    "psycopg": "named in the database URL",
    "alembic": "imported by the migrations and inside functions",
}


def dependencies(*extras: str) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    listed = [*project["dependencies"]] if not extras else []
    for extra in extras:
        listed += project["optional-dependencies"][extra]
    names = {re.match(r"[A-Za-z0-9._-]+", each)[0] for each in listed}
    return {name.lower() for name in names} - {"formsite"}


def test_locks_name_no_host() -> None:
    assert "://" not in (ROOT / "requirements.lock").read_text("utf-8")
    for lock in (ROOT / "package-lock.json", ENGINES / "package-lock.json"):
        packages = json.loads(lock.read_text("utf-8"))["packages"]
        assert not [name for name, package in packages.items() if "resolved" in package]


def test_every_dependency_has_its_reason() -> None:
    said = (ROOT / "docs" / "dependencies.md").read_text("utf-8").lower()
    front = json.loads((ROOT / "package.json").read_text("utf-8"))
    engines = json.loads((ENGINES / "package.json").read_text("utf-8"))
    names = dependencies() | dependencies("postgres", "test") | {*front["dependencies"], *front["devDependencies"]}
    names |= {*engines["devDependencies"]}
    assert not [name for name in names if not re.search(rf"(\| |, ){re.escape(name)}( \||,)", said)]


def test_every_dependency_is_used() -> None:
    modules = {
        "python-calamine": "python_calamine",
        "phonenumberslite": "phonenumbers",
        "markdown-it-py": "markdown_it",
    }
    modules |= {"email-validator": "email_validator", "argon2-cffi": "argon2", "pillow": "PIL"}
    modules |= {"google-re2": "re2", "pyyaml": "yaml"}
    text = "\n".join(path.read_text("utf-8") for path in [*SOURCES, *(ROOT / "scripts").glob("*.py")])
    unused = [
        name
        for name in dependencies()
        if name not in INDIRECT and not re.search(rf"(from|import) {modules.get(name, name.replace('-', '_'))}\b", text)
    ]
    assert unused == []


def test_one_place_commits() -> None:
    commits = re.compile(r"\.commit\(|engine\.begin\(")
    found = {path.relative_to(ROOT).as_posix() for path in SOURCES if commits.search(path.read_text("utf-8"))}
    assert found == {"formsite/foundation/database.py"}


def test_one_place_asks_what_time_it_is() -> None:
    asked = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(")
    found = {path.relative_to(ROOT).as_posix() for path in SOURCES if asked.search(path.read_text("utf-8"))}
    assert found <= {"formsite/foundation/clock.py", "formsite/foundation/ids.py"}


def test_nothing_is_called_safe_in_a_template() -> None:
    assert not [path.name for path in TEMPLATES if re.search(r"\|\s*safe\b", path.read_text("utf-8"))]


def test_every_template_is_used() -> None:
    text = "\n".join(path.read_text("utf-8") for path in [*SOURCES, *TEMPLATES])
    named_by_value = {"closed.html", "full.html", "not_yet.html", "gone.html", "answered.html"}
    unused = [
        path.relative_to(ROOT / "templates").as_posix()
        for path in TEMPLATES
        if path.name not in named_by_value
        and path.relative_to(ROOT / "templates").as_posix() not in text
        and path.name not in text
        and path.parent.name != "feedback"
    ]
    assert unused == []


def test_heavy_libraries_stay_out_of_start_up(tmp_path: Path) -> None:
    code = (
        "import sys; from formsite import create_app; from formsite.config import Settings; from pathlib import Path;"
        f"create_app(Settings(_env_file=None, data_dir=Path({str(tmp_path / 'd')!r}), key_file=Path({str(tmp_path / 'k' / 'k')!r})));"
        "print(' '.join(m for m in ('phonenumbers', 'python_calamine', 'aiosmtpd', 'granian', 'playwright', 'psycopg') if m in sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert said.stdout.strip() == ""


def test_a_file_is_read_before_the_application_is() -> None:
    code = (
        "import sys; import formsite.cli.forms, formsite.interchange.confined;"
        "print(' '.join(m for m in ('formsite.definition.document', 'flask', 'sqlalchemy', 'structlog') if m in sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert said.stdout.strip() == ""
