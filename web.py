"""What every request and answer of the site has: sessions only where they belong, headers, throttles."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, abort, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_limiter import Limiter
from werkzeug.routing import IntegerConverter

from config import Settings
from extensions import settings, utcnow

SESSION_PATHS = ("/share", "/my-story", "/account", "/moderation", "/invited")
"""The only paths with a session; every other one sends neither Set-Cookie nor Vary: Cookie."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
SCRIPTED_PATHS = ("/account/sign-in", "/account/second-factor", "/account/again")
"""The only paths whose pages may run a script: a file of ours that can make no code out of text (Trusted Types)."""

SCRIPT_POLICY = "; ".join(("script-src 'self'", "require-trusted-types-for 'script'", "trusted-types 'none'"))
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
HSTS = "max-age=63072000; includeSubDomains"


def has_session(path: str) -> bool:
    """Whether `path` is one of the few that may have a session."""
    return _is_under(path, SESSION_PATHS)


def content_security_policy(path: str) -> str:
    """What a browser may load on the page at `path`: our own files, and scripts only where they belong."""
    is_scripted = _is_under(path, SCRIPTED_PATHS)
    return f"{CONTENT_SECURITY_POLICY}; {SCRIPT_POLICY}" if is_scripted else CONTENT_SECURITY_POLICY


def _is_under(path: str, roots: tuple[str, ...]) -> bool:
    return any(path == root or path.startswith(f"{root}/") for root in roots)


class SessionsWhereTheyBelong(SecureCookieSessionInterface):
    """Signed cookie sessions on SESSION_PATHS; elsewhere an empty session that is never read nor sent."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if not has_session(request.path):
            return SecureCookieSession()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        if has_session(request.path):
            super().save_session(app, session, response)


def is_foreign() -> bool:
    """Whether the browser says that another site made this request (Fetch Metadata, else Origin)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host


@dataclass
class _DailyKey:
    day: date = field(default_factory=lambda: date.min)
    key: bytes = b""

    def of(self, day: date) -> bytes:
        if day != self.day:
            self.day, self.key = day, secrets.token_bytes(32)
        return self.key


_daily_key = _DailyKey()


def client_of_today() -> str:
    """Who asks, for throttles: a hash of the address under a key that lives in memory for one day."""
    key = _daily_key.of(utcnow().date())
    return hashlib.blake2b((request.remote_addr or "").encode(), key=key, digest_size=16).hexdigest()


limiter = Limiter(key_func=client_of_today, storage_uri="memory://", strategy="moving-window")


def is_refused(response: Response) -> bool:
    """Whether an answer counts against a throttle: only tries that did not succeed do."""
    return response.status_code >= 400


def add_headers(response: Response) -> Response:
    """Security headers on every route; `no-store` wherever a session may be shown, else asked for each time."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", content_security_policy(request.path))
    if settings().is_https:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    if has_session(request.path):
        response.headers["Cache-Control"] = "no-store"
    response.headers.setdefault("Cache-Control", "public, no-cache")
    return response


class Number(IntegerConverter):
    """The number of a row in an address, as short as rows are many: a longer one is no address."""

    regex = r"\d{1,9}"


def refuse_nulls() -> None:
    """404 for an address with a null character: none of ours has one, and PostgreSQL takes none."""
    if "\0" in request.path or b"%00" in request.query_string or b"\0" in request.query_string:
        abort(404)


def cookie_options(path: str = "/") -> dict[str, Any]:
    """Options of a cookie of ours: HttpOnly, SameSite=Lax, and Secure exactly when the site is https."""
    return {"httponly": True, "samesite": "Lax", "secure": settings().is_https, "path": path}


def init_app(app: Flask, chosen: Settings) -> None:
    """Bind sessions, headers and throttles to `app`."""
    app.extensions["firsthand_settings"] = chosen
    app.session_interface = SessionsWhereTheyBelong()
    limiter.init_app(app)
    app.url_map.converters["int"] = Number
    app.before_request(refuse_nulls)
    app.after_request(add_headers)
