"""`/healthz`: the process is up. `/readyz`: its database is at the newest migration and holds a catalogue."""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app
from sqlalchemy.exc import SQLAlchemyError

from extensions import db
from stories import catalogue

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> Response:
    """Whether the process answers."""
    return _plain("up")


@bp.get("/readyz")
def ready() -> Response:
    """Whether it can serve: the newest migration, and a catalogue."""
    try:
        is_ready = is_migrated() and bool(catalogue.current(db.session))
    except (SQLAlchemyError, catalogue.CatalogueNotLoaded):
        is_ready = False
    return _plain("ready") if is_ready else _plain("not ready", 503)


def is_migrated() -> bool:
    """Whether the database is at the newest migration of this release."""
    scripts = ScriptDirectory(current_app.extensions["migrate"].directory)
    with db.engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads()) == set(scripts.get_heads())


def _plain(text: str, status: int = 200) -> Response:
    return Response(f"{text}\n", status, {"Cache-Control": "no-store"}, content_type="text/plain; charset=utf-8")
