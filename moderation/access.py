"""Who may enter what: sessions that begin, idle and end, the rules of every address, and the one guard."""

import time
from collections.abc import Iterator
from enum import StrEnum
from urllib.parse import urlsplit, urlunsplit

from flask import abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security import login_user, logout_user
from sqlalchemy import select
from werkzeug.routing import Map

from extensions import db
from moderation.models import Moderator

IDLE_HOURS = 12
"""A session that asked for nothing this long is over."""

SEEN_EVERY_SECONDS = 60
"""How often the session notes that it was used; rewriting the cookie each time would let parallel answers race."""

HALF_WAY_MINUTES = 30
"""So long after the password somebody may be looking for their telephone, or setting one up."""

PROOF_MINUTES = 10
"""So long after a sign-in what matters may be done without proving again who one is."""

NEXT_MAX_CHARS = 500
HOME = "/moderation/"
INSIDE = (HOME, "/account/")


class Who(StrEnum):
    """Who may ask: anybody, a patient whose story is open, somebody without a second factor yet, the team."""

    STRANGER = "stranger"
    PATIENT = "patient"
    SETTING_UP = "setting_up"
    MODERATOR = "moderator"
    LEAD = "lead"
    ADMIN = "admin"


ANYONE = frozenset(Who)
WITH_STORY_KEY = frozenset({Who.PATIENT})
DECIDERS = frozenset({Who.MODERATOR, Who.LEAD})
ADMINS = frozenset({Who.ADMIN})
TEAM = DECIDERS | ADMINS
ARRIVING = TEAM | {Who.SETTING_UP}

ROOMS: dict[str, frozenset[Who]] = {
    "static": ANYONE,
    "health": ANYONE,
    "reading": ANYONE,
    "telling": ANYONE,
    "my_story": WITH_STORY_KEY,
    "account": TEAM,
    "moderation": DECIDERS,
    "team": ADMINS,
}
"""By blueprint, who may enter what is not named in RULES. A new blueprint gets its line here first."""

RULES: dict[str, frozenset[Who]] = {
    "account.sign_in": ANYONE,
    "account.begin_session": ANYONE,
    "account.code": ANYONE,
    "account.send_code": ANYONE,
    "account.use_passkey": ANYONE,
    "account.end_session": ANYONE,
    "account.signed_out": ANYONE,
    "account.invited": ANYONE,
    "account.second_factor": ARRIVING,
    "account.picture": ARRIVING,
    "account.add_app": ARRIVING,
    "account.add_passkey": ARRIVING,
    "moderation.overview": TEAM,
    "moderation.erase": frozenset({Who.LEAD}),
    "my_story.enter": ANYONE,
    "my_story.open_story": ANYONE,
}
"""By endpoint, who may enter: one of these is enough. The patient's own rooms look after themselves."""

PROVED: dict[str, str] = {
    "account.second_factor": "account.second_factor",
    "account.picture": "account.second_factor",
    "account.add_app": "account.second_factor",
    "account.add_passkey": "account.second_factor",
    "account.password": "account.password",
    "account.change_password": "account.password",
    "account.renew_recovery_codes": "account.recovery_codes",
    "account.remove_app": "account.home",
    "account.remove_passkey": "account.home",
    "team.change_roles": "team.person",
    "team.close": "team.person",
    "team.open_again": "team.person",
    "team.reset_factors": "team.person",
    "team.renew_link": "team.person",
    "team.invitations": "team.invitations",
    "team.invite": "team.invitations",
}
"""What matters: by endpoint, the page to come back to after proving again who one is."""

TABLE_HEAD = f"""# Who may enter what

Made by `flask moderators table` from the rules in `moderation/access.py`. *yes*: the address answers. *sign in*,
*set up*, *story key*: it leads there first. *no*: it answers 403. A person with several roles may do what any of
them may. The last column says where one must have shown who one is within so many minutes.

| method | address | {" | ".join(who.replace("_", " ") for who in Who)} | proof |
| --- | --- |{" --- |" * (len(Who) + 1)}
"""


def require_moderator() -> ResponseReturnValue | None:
    """Closes a whole blueprint: strangers sign in first, and people without the role get 403.

    For `Blueprint.before_request`. Leaves whose account it is in `g.owner`, and in `g.moderator` once they are
    in with both factors. Where a stranger wanted to go is kept in the session, never in an address, and only
    for reading: what was being sent is not sent again.
    """
    endpoint = request.endpoint or ""
    allowed = may_enter(endpoint) or DECIDERS
    if Who.STRANGER in allowed:
        return None
    moderator = signed_in()
    if moderator is None:
        return _to_the_door(allowed)
    g.owner = g.moderator = moderator
    if not allowed & {Who(role) for role in moderator.role_names}:
        abort(403)
    if endpoint in PROVED and not has_proved():
        session["next"] = _page_of(PROVED[endpoint])
        return redirect(url_for("account.again"), 303)
    return None


def may_enter(endpoint: str) -> frozenset[Who] | None:
    """Who may enter an endpoint; None for one that no rule knows."""
    return RULES.get(endpoint) or ROOMS.get(endpoint.partition(".")[0])


def table(addresses: Map) -> str:
    """Who may enter which address by which method, as a Markdown page; `docs/authorization.md` holds it."""
    rows = [
        " | ".join((f"| {method}", f"`{path}`", *(said(who, endpoint) for who in Who), f"{_proof(endpoint)} |"))
        for path, method, endpoint in routes(addresses)
    ]
    return TABLE_HEAD + "".join(f"{row}\n" for row in rows)


def routes(addresses: Map) -> Iterator[tuple[str, str, str]]:
    """Every path of the site with each method and its endpoint, in the order of paths."""
    yield from sorted(
        (rule.rule, method, rule.endpoint)
        for rule in addresses.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )


def said(who: Who, endpoint: str) -> str:
    """What `who` is answered at an endpoint: yes, no, or what comes first. Raises LookupError where no rule is."""
    allowed = may_enter(endpoint)
    if allowed is None:
        raise LookupError(f"no rule says who may enter {endpoint}: add it to access.RULES or access.ROOMS")
    if who in allowed:
        return "yes"
    if allowed == WITH_STORY_KEY:
        return "story key"
    return {Who.STRANGER: "sign in", Who.PATIENT: "sign in", Who.SETTING_UP: "set up"}.get(who, "no")


def _proof(endpoint: str) -> str:
    return f"{PROOF_MINUTES} min" if endpoint in PROVED else ""


def signed_in() -> Moderator | None:
    """Who asks, as the database has them now, with both factors; or None."""
    person = current_user._get_current_object()
    if not isinstance(person, Moderator):
        return None
    if time.time() - session["seen_at"] > SEEN_EVERY_SECONDS:
        session["seen_at"] = int(time.time())
    return person


def half_way() -> Moderator | None:
    """Who gave the right password, or used a link, in this session and has not shown a second factor; or None."""
    if time.time() - session.get("passed_at", 0) > HALF_WAY_MINUTES * 60:
        return None
    return _active(session.get("passed", ""))


def moderator_of(uniquifier: str) -> Moderator | None:
    """The active account that a session belongs to, or None: unknown, ended, deactivated, or idle too long.

    A session that was never proved is from before second factors were asked for, and opens nothing.
    """
    if "proved_at" not in session or time.time() - session.get("seen_at", 0) > IDLE_HOURS * 3600:
        return None
    return _active(uniquifier)


def pass_first(moderator: Moderator) -> str:
    """Where to go now that the password was right: the second factor, or setting one up. Nobody is in yet."""
    wanted = wanted_page()
    session.clear()
    session["next"], session["passed"] = wanted, moderator.fs_uniquifier
    session["passed_at"] = int(time.time())
    return url_for("account.code" if moderator.has_second_factor else "account.second_factor")


def sign_in(moderator: Moderator) -> str:
    """Where to go now that `moderator` has a new session, which holds nothing of the one before."""
    wanted = wanted_page()
    session.clear()
    login_user(moderator, remember=False)
    session["seen_at"] = int(time.time())
    prove()
    return wanted


def sign_out() -> None:
    """Forget who asks and everything else that this browser's session held."""
    logout_user()
    session.clear()


def prove() -> None:
    """Note that this person has just shown who they are."""
    session["proved_at"] = int(time.time())


def has_proved() -> bool:
    """Whether this person has lately shown who they are."""
    proved_at: int = session.get("proved_at", 0)
    return time.time() - proved_at <= PROOF_MINUTES * 60


def wanted_page() -> str:
    """Where this person wanted to be before they were asked who they are; else the overview."""
    wanted = session.get("next")
    return wanted if isinstance(wanted, str) and _is_inside(wanted) else HOME


def _to_the_door(allowed: frozenset[Who]) -> ResponseReturnValue | None:
    arriving = half_way()
    if arriving is not None and not arriving.has_second_factor:
        g.owner = arriving
        return None if Who.SETTING_UP in allowed else redirect(url_for("account.second_factor"), 303)
    _remember_where()
    return redirect(url_for("account.sign_in"), 303)


def _page_of(endpoint: str) -> str:
    number = (request.view_args or {}).get("number")
    return url_for(endpoint, **({"number": number} if endpoint == "team.person" else {}))


def _active(uniquifier: str) -> Moderator | None:
    return db.session.scalar(select(Moderator).where(Moderator.fs_uniquifier == uniquifier, Moderator.active))


def _remember_where() -> None:
    asked = urlsplit(request.url)
    wanted = urlunsplit(("", "", asked.path, asked.query, ""))
    if request.method == "GET" and _is_inside(wanted) and len(wanted) <= NEXT_MAX_CHARS:
        session["next"] = wanted


def _is_inside(path: str) -> bool:
    return path.startswith(INSIDE) and "\\" not in path
