"""What goes wrong, as pages: the one table from refusal to answer, and an id for what is our fault."""

import logging
import secrets
import traceback

from flask import Flask, Response, make_response, render_template, request
from flask_limiter import RateLimitExceeded
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from extensions import db
from stories import refusal
from stories.catalogue import CatalogueNotLoaded

STATUS_OF = {
    refusal.NoSuchStory: 404,
    refusal.NeedsLead: 403,
    refusal.NeedsAnotherPerson: 403,
    refusal.NoConsent: 403,
    refusal.MoveRefused: 409,
    CatalogueNotLoaded: 503,
    refusal.Refusal: 422,
}
"""From refusal to answer; the first that fits. Views that can show more than an error page catch theirs before."""

log = logging.getLogger("firsthand")


def init_app(app: Flask) -> None:
    """Bind the error pages to `app`."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(RateLimitExceeded, _too_many)
    app.register_error_handler(refusal.Refusal, _refused)
    app.register_error_handler(OperationalError, _database_busy)
    app.register_error_handler(500, _broken)


def _page(status: int, **values: object) -> Response:
    answer = make_response(render_template("errors/error.html", status=status, **values), status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status == 410:
        answer = make_response(render_template("errors/gone.html"), 410)
        answer.headers["Cache-Control"] = "public, no-cache"
        return answer
    if status < 400:
        return make_response(error.get_response())
    answer = _page(status)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _too_many(error: RateLimitExceeded) -> Response:
    seconds = error.limit.limit.get_expiry()
    answer = _page(429, retry_minutes=max(1, round(seconds / 60)))
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _refused(error: refusal.Refusal) -> Response:
    status = next(status for kind, status in STATUS_OF.items() if isinstance(error, kind))
    log.info("refused %s as %s", request.endpoint, type(error).__name__)
    return _page(status)


def _database_busy(error: OperationalError) -> Response:
    db.session.rollback()
    log.warning("database unavailable at %s: %s", request.endpoint, type(error.orig).__name__)
    answer = _page(503)
    answer.headers["Retry-After"] = "30"
    return answer


def _broken(error: BaseException) -> Response:
    # The message of a foreign exception may hold a person's words; its class and an id are enough.
    incident = secrets.token_hex(4)
    original = getattr(error, "original_exception", None) or error
    frames = "".join(traceback.format_tb(original.__traceback__))
    log.error("broken %s incident=%s at %s\n%s", type(original).__name__, incident, request.endpoint, frames)
    return _page(500, incident=incident)
