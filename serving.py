"""`flask serve`: make ready what is missing, say how to make the first account, and serve."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from gunicorn.app.base import BaseApplication

from extensions import db, settings, transaction, utcnow
from health import is_migrated
from moderation.accounts import first_account_link
from stories import catalogue, drafts

THREADS = 8
"""Threads of the one process: more processes only with PostgreSQL."""

GRACEFUL_SECONDS = 20


class Server(BaseApplication):
    """Gunicorn with this application, already made, on the address of the settings."""

    def __init__(self, app: Flask, bind: str) -> None:
        self._app, self._bind = app, bind
        super().__init__()

    def load_config(self) -> None:
        chosen: dict[str, Any] = {
            "bind": self._bind,
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            "graceful_timeout": GRACEFUL_SECONDS,
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        for name, value in chosen.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        return self._app


@click.command("serve")
@with_appcontext
def serve() -> None:
    """Migrate the database, load the catalogue, print the link for the first account, and serve."""
    make_ready()
    link = first_account_link()
    if link:
        click.echo(f"No account yet. Make the first one (admin and lead) here:\n  {link}")
    click.echo(f"{settings().site_name} is served at {settings().base_url}")
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    db.session.remove()
    db.engine.dispose()
    app.extensions["firsthand_reader"].dispose()
    Server(app, settings().bind).run()


def make_ready() -> None:
    """Bring the database to the newest migration and the catalogue to this release; erase what is over its time."""
    if not is_migrated():
        upgrade()
    with transaction():
        catalogue.load_folder(catalogue.FOLDER)
        drafts.erase_old(utcnow())


def time_filters(timezone: str) -> dict[str, Callable[..., str]]:
    """How times are printed, in the site's zone: `moment`, `brief`, `day`, `month`, and `iso` for `datetime=`."""
    zone = ZoneInfo(timezone)

    def moment(at: datetime) -> str:
        at = at.astimezone(zone)
        return f"{at.day} {at:%B}, {at:%H:%M}"

    def brief(at: datetime) -> str:
        at = at.astimezone(zone)
        return f"{at.day} {at:%b}, {at:%H:%M}"

    def day(at: datetime) -> str:
        at = at.astimezone(zone)
        return f"{at.day} {at:%B %Y}"

    def month(year_and_month: str) -> str:
        return f"{datetime.strptime(year_and_month, '%Y-%m'):%B %Y}"  # noqa: DTZ007 (a month has no zone)

    def iso(at: datetime) -> str:
        return at.isoformat(timespec="seconds")

    return {"moment": moment, "brief": brief, "day": day, "month": month, "iso": iso}
