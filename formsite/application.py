"""The application: `create_app` is the one place where the parts meet."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from formsite import config
from formsite.config import ConfigError, Settings
from formsite.extensions import csrf, db, login, mail, migrate
from formsite.foundation import logs
from formsite.foundation.crypto import KeyFileError, Keyring
from formsite.foundation.database import migrations_folder
from formsite.foundation.parts import PLACE, HashCost, Organisation, Parts
from formsite.foundation.storage import open_storage
from formsite.foundation.tokens import Tokens
from formsite.web.limits import LimitedRequest

PACKAGE = Path(__file__).parent
MOST_BYTES = 1024 * 1024
MOST_PARTS = 2_000


def create_app(settings: Settings | None = None, *, hash_cost: HashCost | None = None) -> Flask:
    """The application.

    Args:
        settings: those of the environment, if not given.
        hash_cost: of passwords; tests make it cheap.

    Raises:
        ConfigError: a setting or the key file is wrong; one line that says which.
    """
    settings = settings or config.load()
    logs.set_up(settings.log_format, settings.log_level)
    app = Flask("formsite", template_folder=str(_folder("templates")), static_folder=str(_folder("static")))
    _configure(app, settings)
    keyring = _keyring(settings)
    app.secret_key = settings.secret_key.get_secret_value() if settings.secret_key else keyring.derive("sessions")
    app.extensions[PLACE] = Parts(
        keyring=keyring,
        tokens=Tokens(keyring),
        storage=open_storage(settings.storage_url, settings.data_dir / "files"),
        organisation=_organisation(settings),
        site_name=settings.site_name,
        mail_sender=settings.mail_sender,
        time_zone=settings.time_zone,
        hash_cost=hash_cost or HashCost(),
    )
    app.request_class = LimitedRequest
    _bind_extensions(app)
    _set_up_web(app, settings)
    register_features(app)
    _set_up_around(app, settings)
    return app


def register_features(app: Flask) -> None:
    """Every feature's address space, and the hooks by which lower features call upper ones."""
    from formsite import features

    features.register(app)


def _folder(name: str) -> Path:
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def _keyring(settings: Settings) -> Keyring:
    database = settings.sqlite_file
    if database is not None and database.exists() and not settings.key_file.exists():
        raise ConfigError(
            f"FORMSITE_KEY_FILE: {settings.key_file} is gone, but {database} is there, and nothing personal in it can "
            "be read without its keys: restore the key file from its backup"
        )
    try:
        return Keyring.load_or_create(settings.key_file)
    except (KeyFileError, OSError) as error:
        raise ConfigError(f"FORMSITE_KEY_FILE: {error}") from None


def _configure(app: Flask, settings: Settings) -> None:
    try:
        settings.data_dir.mkdir(mode=0o750, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"FORMSITE_DATA_DIR: {error}") from None
    database = settings.database.replace("postgresql://", "postgresql+psycopg://")
    engine: dict[str, object] = {"hide_parameters": True}  # an error in a log must not carry answers
    if database.startswith("postgresql"):
        engine |= {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10}
    app.config.update(
        FORMSITE=settings,
        SQLALCHEMY_DATABASE_URI=database,
        SQLALCHEMY_ENGINE_OPTIONS=engine,
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
        MAX_FORM_PARTS=MOST_PARTS,
        SESSION_COOKIE_NAME="__Host-formsite" if settings.https else "formsite_session",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        WTF_CSRF_SSL_STRICT=settings.https,
        MAIL_SERVER=settings.mail_server,
        MAIL_PORT=settings.mail_port,
        MAIL_USERNAME=settings.mail_username,
        MAIL_PASSWORD=settings.mail_password.get_secret_value() if settings.mail_password else None,
        MAIL_USE_TLS=settings.mail_tls == "starttls",
        MAIL_USE_SSL=settings.mail_tls == "tls",
        MAIL_DEFAULT_SENDER=settings.mail_sender,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.undefined = StrictUndefined


def _organisation(settings: Settings) -> Organisation:
    return Organisation(
        name=settings.controller,
        email=settings.contact_email,
        address=settings.contact_address,
        base_url=settings.base_url,
        privacy_url=settings.privacy_url,
    )


def _bind_extensions(app: Flask) -> None:
    db.init_app(app)
    csrf.init_app(app)
    login.init_app(app, add_context_processor=False)  # a page must not ask the database who is there: error pages
    mail.init_app(app)
    migrate.init_app(app, db, directory=str(migrations_folder()), render_as_batch=True, compare_type=True)


def _set_up_web(app: Flask, settings: Settings) -> None:
    from formsite.web import assets, errors, health, requestlog, sessions

    requestlog.set_up(app, settings.log_level)
    sessions.set_up(app)
    errors.set_up(app)
    health.set_up(app)
    assets.set_up(app)
    app.jinja_env.globals.update(site_name=settings.site_name, organisation=app.extensions[PLACE].organisation)


def _set_up_around(app: Flask, settings: Settings) -> None:
    """What stands around the application, from the inside out."""
    from formsite.filling import front
    from formsite.web import headers

    front.set_up(app, logged=settings.log_level in ("debug", "info"))
    headers.set_up(app, settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
