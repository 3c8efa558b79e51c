"""Settings: a wrong one stops the start with one line that names it and says what is expected."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from formsite import config, create_app
from formsite.config import ConfigError, Settings
from tests.conftest import settings_for


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


WRONG = {
    "FORMSITE_PORT": ["eighty", "0", "65536", ""],
    "FORMSITE_DATABASE_URL": ["mysql://x/y", "formsite.db", "sqlite://", "sqlite:///", "sqlite:///:memory:"],
    "FORMSITE_BASE_URL": ["forms.example.org", "ftp://x", "https://", "https://a b", 'https://a"b', "https://a\nb"],
    "FORMSITE_PRIVACY_URL": ["javascript:alert(1)", "/privacy", "data:text/html,x"],
    "FORMSITE_CONTACT_EMAIL": ["nobody", "a@b\nBcc: c@d", "a b@c"],
    "FORMSITE_MAIL_SENDER": ["", "nobody", "a@b\nBcc: c@d", "X\r\nBcc: c@d <a@b>", "<a@b> <c@d>"],
    "FORMSITE_MAIL_TLS": ["yes", "ssl"],
    "FORMSITE_MAIL_PORT": ["-1"],
    "FORMSITE_SECRET_KEY": ["short", ""],
    "FORMSITE_TIME_ZONE": ["Mars/Olympus", "", "../etc/passwd"],
    "FORMSITE_TRUSTED_PROXIES": ["-1", "9", "all"],
    "FORMSITE_EMBED_ORIGINS": ["*", "example.org", "https://a;script-src *", "https://a 'unsafe-inline'"],
    "FORMSITE_LOG_FORMAT": ["xml"],
    "FORMSITE_LOG_LEVEL": ["chatty"],
    "FORMSITE_DEMO": ["perhaps"],
    "FORMSITE_STORAGE_URL": ["ftp://files", "s3://", "s3://key:secret@bucket", "s3://bucket?endpiont=x", "uploads"],
    "FORMSITE_SITE_NAME": ["x" * 81],
    "FORMSITE_KEY_FILE": ["instance/keys", "instance/../instance/a/b"],
    "FORMSITE_MAIL_SERVR": ["localhost"],
    "FORMSITE_": ["x"],
    "FORMSITE_DATABASE": ["sqlite:///x"],
}
CASES = [(name, value) for name, values in WRONG.items() for value in values]


@pytest.mark.parametrize(("name", "value"), CASES)
def test_a_wrong_value_or_name_in_the_environment(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as refused:
        create_app()
    said = str(refused.value)
    assert said.startswith(f"{name}: ")
    assert len(said.splitlines()) == 1
    assert len(said) > len(name) + 15
    assert not Path("instance").exists()  # nothing was begun


@pytest.mark.parametrize(("name", "value"), [case for case in CASES if case[0] != "FORMSITE_" and "\n" not in case[1]])
def test_a_wrong_value_or_name_in_the_file(name: str, value: str) -> None:
    Path(".env").write_text(f"{name}='{value}'\n" if "'" not in value else f'{name}="{value}"\n')
    with pytest.raises(ConfigError) as refused:
        create_app()
    said = str(refused.value)
    assert said.startswith(f"{name}: ")
    assert len(said.splitlines()) == 1


def test_other_programs_lines_in_the_file_are_theirs() -> None:
    Path(".env").write_text("POSTGRES_PASSWORD=x\nPATH_OF_SOMETHING=/y\nFORMSITE_PORT=8123\n")
    assert config.load().port == 8123


def test_a_value_that_is_secret_is_not_in_the_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORMSITE_SECRET_KEY", "canary")
    monkeypatch.setenv("FORMSITE_DATABASE_URL", "mysql://me:canary@host/x")
    with pytest.raises(ConfigError) as refused:
        config.load()
    assert "canary" not in str(refused.value)


def test_the_environment_beats_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("FORMSITE_PORT=8123\nFORMSITE_SITE_NAME=From the file\n")
    monkeypatch.setenv("FORMSITE_PORT", "8124")
    settings = config.load()
    assert (settings.port, settings.site_name) == (8124, "From the file")


def test_with_nothing_set_it_starts_here(empty_folder: Path) -> None:
    app = create_app()
    assert (empty_folder / "instance").is_dir()
    assert (empty_folder / "instance-keys" / "formsite.keys").stat().st_mode & 0o777 == 0o600
    assert app.config["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{empty_folder / 'instance' / 'formsite.db'}"
    assert app.secret_key == create_app().secret_key


def test_a_path_of_a_database_is_of_the_folder_one_is_in(monkeypatch: pytest.MonkeyPatch, empty_folder: Path) -> None:
    monkeypatch.setenv("FORMSITE_DATABASE_URL", "sqlite:///data/forms.db")
    assert config.load().database == f"sqlite:///{empty_folder / 'data' / 'forms.db'}"


@pytest.mark.parametrize("name", ["FORMSITE_DATA_DIR", "FORMSITE_KEY_FILE"])
def test_a_folder_that_cannot_be_made(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    Path("taken").write_text("a file")
    monkeypatch.setenv(name, "taken/inside")
    with pytest.raises(ConfigError, match=rf"^{name}: .*taken"):
        create_app()


def test_a_key_file_that_others_can_read(monkeypatch: pytest.MonkeyPatch) -> None:
    create_app()
    Path("instance-keys/formsite.keys").chmod(0o644)
    with pytest.raises(ConfigError, match=r"^FORMSITE_KEY_FILE: .*chmod 600"):
        create_app()


def test_a_lost_key_file_is_not_replaced_in_silence(migrated: Path) -> None:
    Path("instance").mkdir()
    Path("instance/formsite.db").write_bytes(migrated.read_bytes())
    with pytest.raises(ConfigError, match=r"^FORMSITE_KEY_FILE: .*restore"):
        create_app()
    assert not Path("instance-keys").exists()


def test_origins_are_split_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORMSITE_EMBED_ORIGINS", "https://a.example, http://b.example:81 ,")
    assert config.load().embed_origins == ("https://a.example", "http://b.example:81")


@pytest.mark.parametrize("sender", ["forms@example.org", "Our forms <forms@example.org>", "<forms@example.org>"])
def test_senders(monkeypatch: pytest.MonkeyPatch, sender: str) -> None:
    monkeypatch.setenv("FORMSITE_MAIL_SENDER", sender)
    assert config.load().mail_sender == sender


def test_the_list_of_settings_has_all_and_shows_no_secret(tmp_path: Path) -> None:
    given: dict[str, Any] = {
        "secret_key": SecretStr("canary" * 6),
        "mail_password": SecretStr("canary"),
        "database_url": "postgresql://me:canary@host/x",
        "port": 8123,
    }
    settings = settings_for(tmp_path, **given)
    described = {each.name: each for each in settings.describe()}
    assert set(described) == {f"FORMSITE_{name.upper()}" for name in Settings.model_fields}
    assert all(each.meaning and each.default for each in described.values())
    assert described["FORMSITE_PORT"].value == "8123"
    assert described["FORMSITE_PORT"].default == "8000"
    assert described["FORMSITE_PRIVACY_URL"].value == "(none)"
    assert "canary" not in str(described)
    assert "canary" not in repr(settings.model_dump(exclude={"database_url"}))
