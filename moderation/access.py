"""Who may enter the moderators' room: sessions that begin, idle and end, and the one guard of every address."""

import time
from urllib.parse import urlsplit, urlunsplit

from flask import abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security import login_user, logout_user
from sqlalchemy import select

from extensions import db
from moderation.models import Moderator, RoleName

IDLE_HOURS = 12
"""A session that asked for nothing this long is over."""

SEEN_EVERY_SECONDS = 60
"""How often the session notes that it was used; rewriting the cookie each time would let parallel answers race."""

NEXT_MAX_CHARS = 500
HOME = "/moderation/"

EVERYONE = frozenset(RoleName)
DECIDERS = frozenset({RoleName.MODERATOR, RoleName.LEAD})
ROLES_FOR: dict[str, frozenset[RoleName]] = {
    "moderation.overview": EVERYONE,
}
"""By endpoint, the roles of which one is enough. Whatever is not named here is for DECIDERS."""


def require_moderator() -> ResponseReturnValue | None:
    """Closes a whole blueprint: strangers sign in first, and people without the role get 403.

    For `Blueprint.before_request`. Leaves the person in `g.moderator`. Where a stranger wanted to go is kept
    in the session, never in an address, and only for reading: what was being sent is not sent again.
    """
    moderator = signed_in()
    if moderator is None:
        _remember_where()
        return redirect(url_for("account.sign_in"), 303)
    g.moderator = moderator
    if not moderator.role_names & ROLES_FOR.get(request.endpoint or "", DECIDERS):
        abort(403)
    return None


def signed_in() -> Moderator | None:
    """Who asks, as the database has them now, or None."""
    person = current_user._get_current_object()
    if not isinstance(person, Moderator):
        return None
    if time.time() - session["seen_at"] > SEEN_EVERY_SECONDS:
        session["seen_at"] = int(time.time())
    return person


def moderator_of(uniquifier: str) -> Moderator | None:
    """The active account that a session belongs to, or None: unknown, ended, deactivated, or idle too long."""
    if time.time() - session.get("seen_at", 0) > IDLE_HOURS * 3600:
        return None
    return db.session.scalar(select(Moderator).where(Moderator.fs_uniquifier == uniquifier, Moderator.active))


def sign_in(moderator: Moderator) -> str:
    """Where to go now that `moderator` has a new session, which holds nothing of the one before."""
    wanted = session.get("next")
    session.clear()
    login_user(moderator, remember=False, authn_via=["password"])
    session["seen_at"] = int(time.time())
    return wanted if isinstance(wanted, str) and _is_inside(wanted) else HOME


def sign_out() -> None:
    """Forget who asks and everything else that this browser's session held."""
    logout_user()
    session.clear()


def _remember_where() -> None:
    asked = urlsplit(request.url)
    wanted = urlunsplit(("", "", asked.path, asked.query, ""))
    if request.method == "GET" and _is_inside(wanted) and len(wanted) <= NEXT_MAX_CHARS:
        session["next"] = wanted


def _is_inside(path: str) -> bool:
    return path.startswith(HOME) and "\\" not in path
