"""Settings: every one typed, described, and checked before anything starts.

They come from the environment or a `.env` file. A wrong or misspelt one stops the start with a line that names it.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from formsite.foundation.storage import open_storage

PREFIX = "FORMSITE_"
ADDRESS = re.compile(r"https?://[A-Za-z0-9.\-_~%:/?#\[\]@!$&()*+,;=]+")
MAILBOX = re.compile(r"[^\s<>@,;\"]+@[^\s<>@,;\"]+")
SENDER = re.compile(rf"{MAILBOX.pattern}|[^\r\n<>]*<{MAILBOX.pattern}>")
SECRETS = frozenset({"secret_key", "mail_password", "database_url"})


class ConfigError(Exception):
    """A setting is wrong; says which, and what is expected."""


@dataclass(frozen=True, slots=True)
class Described:
    """A setting as `formsite doctor --settings` lists it."""

    name: str
    value: str
    default: str
    meaning: str


class Settings(BaseSettings):
    """All settings. The meaning of each is its description."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    database_url: str = Field("", description="SQLite or PostgreSQL URL; empty: SQLite in the data folder")
    data_dir: Path = Field(Path("instance"), description="Folder of the database and of what is uploaded")
    key_file: Path = Field(
        Path("instance-keys/formsite.keys"), description="The keys; outside the data folder, mode 0600"
    )
    secret_key: SecretStr | None = Field(
        None, min_length=16, description="Signs staff sessions; derived from the key file if unset"
    )
    base_url: str = Field(
        "http://127.0.0.1:8000", description="The address of this site, as mails and receipts write it"
    )
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on")
    site_name: str = Field("formsite", max_length=80, description="Name of the site, at the top of each page")
    organisation: str = Field(
        "", max_length=200, description="Who is responsible for the data; the site's name if unset"
    )
    contact_email: str = Field("", description="Where people write about their data")
    contact_address: str = Field("", max_length=500, description="Postal address of the organisation")
    privacy_url: str | None = Field(None, description="The organisation's privacy policy")
    time_zone: str = Field("UTC", description="Zone in which times are shown, like Europe/London")
    mail_server: str = Field("127.0.0.1", description="Host of the SMTP server")
    mail_port: int = Field(25, ge=1, le=65535, description="Port of the SMTP server")
    mail_username: str | None = Field(None, description="User of the SMTP server")
    mail_password: SecretStr | None = Field(None, description="Password of the SMTP server")
    mail_tls: Literal["off", "starttls", "tls"] = Field(
        "off", description="How mail is encrypted on its way: off, starttls or tls"
    )
    mail_sender: str = Field("formsite@localhost", description="The From address of all mail")
    trusted_proxies: int = Field(0, ge=0, le=5, description="How many proxies stand in front and set X-Forwarded-…")
    embed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Origins that may show forms in a frame, by commas"
    )
    log_format: Literal["auto", "json", "pretty"] = Field("auto", description="How logs are written")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="The least that is logged")
    storage_url: str = Field(
        "",
        description="Where files are kept: empty: the data folder; or s3://bucket/prefix?endpoint=…&region=…, file:///a/folder",
    )
    redis_url: str = Field("", description="For limits shared by machines; they are kept in the database so far")
    demo: bool = Field(False, description="Demo: weak passwords are shown, mail is caught on a page")

    @model_validator(mode="before")
    @classmethod
    def _own_port(cls, given: dict[str, Any]) -> dict[str, Any]:
        """A site that was told its port but no address is at that port of this machine."""
        return {"base_url": f"http://127.0.0.1:{given['port']}"} | given if given.get("port") else given

    @field_validator("embed_origins", mode="before")
    @classmethod
    def _split(cls, given: Any) -> Any:
        return tuple(part.strip() for part in given.split(",") if part.strip()) if isinstance(given, str) else given

    @field_validator("embed_origins")
    @classmethod
    def _origins(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for origin in given:
            if not origin.startswith(("https://", "http://")) or any(c in origin for c in " ;,'\""):
                raise ValueError("expected origins like https://www.example.org, separated by commas")
        return given

    @field_validator("base_url", "privacy_url")
    @classmethod
    def _address(cls, given: str | None) -> str | None:
        if given is not None and not ADDRESS.fullmatch(given):
            raise ValueError("expected an address like https://forms.example.org")
        return given and given.rstrip("/")

    @field_validator("contact_email")
    @classmethod
    def _contact(cls, given: str) -> str:
        if given and not MAILBOX.fullmatch(given):
            raise ValueError("expected an address like privacy@example.org")
        return given

    @field_validator("mail_sender")
    @classmethod
    def _sender(cls, given: str) -> str:
        if not SENDER.fullmatch(given):
            raise ValueError("expected an address like forms@example.org, or Our forms <forms@example.org>")
        return given

    @field_validator("database_url")
    @classmethod
    def _database(cls, given: str) -> str:
        """A path is of the folder that formsite is started in. A database in memory would be lost, and is refused."""
        if given.startswith("sqlite:///"):
            path, _, options = given.removeprefix("sqlite:///").partition("?")
            if path and path != ":memory:":
                return f"sqlite:///{Path(path).resolve()}" + ("?" + options if options else "")
        elif not given or given.startswith(("postgresql://", "postgresql+psycopg://")):
            return given
        raise ValueError("expected sqlite:///path/of/a/file or postgresql://user:password@host/name")

    @field_validator("storage_url")
    @classmethod
    def _storage(cls, given: str) -> str:
        open_storage(given, Path())  # nothing is made before the first file comes
        return given

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, given: str) -> str:
        try:
            ZoneInfo(given)  # a look at one file, where a list of all zones reads hundreds
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("expected a zone like Europe/London") from None
        return given

    @model_validator(mode="after")
    def _keys_apart(self) -> Settings:
        if self.key_file.resolve().is_relative_to(self.data_dir.resolve()):
            raise ValueError(
                "FORMSITE_KEY_FILE: expected a place outside the data folder, so that who copies one lacks the other"
            )
        return self

    @property
    def database(self) -> str:
        """The URL of the database."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'formsite.db'}"

    @property
    def sqlite_file(self) -> Path | None:
        """Where the database is, if it is a file."""
        url = self.database
        return Path(url.removeprefix("sqlite:///").partition("?")[0]) if url.startswith("sqlite") else None

    @property
    def controller(self) -> str:
        """The name of the organisation."""
        return self.organisation or self.site_name

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which times are shown."""
        return ZoneInfo(self.time_zone)

    @property
    def https(self) -> bool:
        """Whether the site is reached encrypted."""
        return self.base_url.startswith("https://")

    def describe(self) -> list[Described]:
        """Every setting; secrets are not shown."""
        found = []
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            shown = ("set" if value else "not set") if name in SECRETS else _plain(value)
            found.append(Described(PREFIX + name.upper(), shown, _plain(field.default), field.description or ""))
        return found


def _plain(value: Any) -> str:
    if value is None or value == () or value == "":
        return "(none)"
    return ",".join(value) if isinstance(value, tuple) else str(value)


def load(**given: Any) -> Settings:
    """The settings of this process.

    Raises:
        ConfigError: one line that names the wrong setting.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name in sorted({*os.environ, *dotenv_values(".env")}):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            raise ConfigError(f"{name}: there is no such setting. `formsite doctor --settings` lists them")
    try:
        return Settings(**given)
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        name = PREFIX + str(detail["loc"][0]).upper().removeprefix(PREFIX) + ": " if detail["loc"] else ""
        raise ConfigError(f"{name}{detail['msg'].removeprefix('Value error, ')}") from None
