"""The application: binds settings, extensions, blueprints, error pages and commands. No route, no rule."""

import hashlib
from pathlib import Path

from flask import Flask
from flask_wtf.csrf import generate_csrf
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

import errors
import extensions
import health
import serving
import web
from config import Settings
from moderation import accounts
from moderation.commands import demo, moderators
from moderation.views import bp as moderation
from stories.catalogue.commands import cli as catalogue_commands
from stories.checks.commands import checks
from stories.checks.runner import Runner
from stories.commands import COMMANDS as STORY_COMMANDS
from stories.reading.views import bp as reading
from stories.telling.my_story import bp as my_story
from stories.telling.views import bp as telling

MAX_REQUEST_BYTES = 500_000
STATIC_SECONDS = 365 * 24 * 3600
"""How long browsers keep styles and fonts; the addresses of styles carry the release."""


class QuietFlask(Flask):
    """Flask that leaves the logging of a bug to `errors`: its own would write the address, and with it a token."""

    def log_exception(self, exc_info: object) -> None:
        """Nothing: see `errors`."""


def create_app(settings: Settings | None = None) -> Flask:
    """Firsthand, ready to serve. Raises BadSetting when a setting makes no sense."""
    settings = settings or Settings.from_environment()
    app = QuietFlask(__name__, instance_path=str(settings.instance))
    app.config.update(_flask_settings(settings))
    web.init_app(app, settings)
    _bind_database(app, settings)
    _bind_templates(app, settings)
    for door in (health.bp, reading, telling, my_story, accounts.bp, accounts.team_bp, moderation):
        app.register_blueprint(door)
    accounts.init_app(app)
    errors.init_app(app)
    for command in (*STORY_COMMANDS, catalogue_commands, checks, moderators, demo, serving.serve):
        app.cli.add_command(command)
    app.extensions["firsthand_checks"] = Runner(seconds=settings.check_seconds, workers=settings.check_workers)
    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _flask_settings(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_keys[0],
        "SECRET_KEY_FALLBACKS": list(settings.secret_keys[1:]),
        "SESSION_COOKIE_NAME": "__Host-session" if settings.is_https else "session",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "MAX_CONTENT_LENGTH": MAX_REQUEST_BYTES,
        "MAX_FORM_MEMORY_SIZE": MAX_REQUEST_BYTES,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": extensions.engine_options(settings.database_url),
        "SEND_FILE_MAX_AGE_DEFAULT": STATIC_SECONDS,
        "WTF_CSRF_TIME_LIMIT": None,
        "TESTING": settings.testing,
    }


def _bind_database(app: Flask, settings: Settings) -> None:
    extensions.db.init_app(app)
    extensions.migrate.init_app(app, extensions.db, directory=f"{app.root_path}/migrations")
    with app.app_context():
        extensions.prepare_engines(settings.database_url)


def _bind_templates(app: Flask, settings: Settings) -> None:
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    app.jinja_loader = ChoiceLoader([FileSystemLoader(f"{app.root_path}/templates"), govuk])
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.config["RELEASE"] = _release(Path(app.root_path))
    app.jinja_env.globals.update(
        csrf_token=generate_csrf,
        release=app.config["RELEASE"],
        settings=settings,
        site_name=settings.site_name,
    )
    app.jinja_env.filters.update(serving.time_filters(settings.timezone))


def _release(root: Path) -> str:
    """A name for what this release shows: readers' caches are fresh exactly as long as it stays the same."""
    made_of = hashlib.sha256()
    for folder in ("templates", "static", "stories/reading"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                made_of.update(path.read_bytes())
    return made_of.hexdigest()[:12]
