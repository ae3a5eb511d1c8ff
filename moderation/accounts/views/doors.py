"""The two blueprints of accounts, what both keep in a session for a moment, and their refusals."""

from flask import Blueprint, make_response, render_template, request, session
from flask.typing import ResponseReturnValue

from moderation import access
from moderation.accounts import factors, passkeys, throttle
from moderation.accounts.passkeys import Challenge

bp = Blueprint("account", __name__, url_prefix="/account")
team_bp = Blueprint("team", __name__, url_prefix="/moderation")
for blueprint in (bp, team_bp):
    blueprint.before_request(access.require_moderator)


def keep_once(name: str, secret: str) -> None:
    """Keep a secret for the next page of this browser, sealed."""
    session[name] = factors.seal(secret)


def kept_once(name: str) -> str | None:
    """The secret that was kept for this page; it is forgotten now."""
    return factors.unseal(session.pop(name, ""))


def offer() -> Challenge:
    """A challenge that this browser's passkey may answer, in place of any earlier one."""
    challenge = passkeys.new_challenge()
    session["challenge"] = [challenge.value, challenge.made_at]
    return challenge


def offered() -> Challenge | None:
    """The challenge that this browser was given; it is forgotten now."""
    kept = session.pop("challenge", None)
    return Challenge(*kept) if kept else None


@bp.errorhandler(throttle.TooManyTries)
def _too_many_tries(refused: throttle.TooManyTries) -> ResponseReturnValue:
    page = render_template(
        "moderation/account/wait.html", minutes=refused.wait_minutes, email=request.form.get("email", "")
    )
    response = make_response(page, 429)
    response.headers["Retry-After"] = str(refused.wait_seconds)
    return response
