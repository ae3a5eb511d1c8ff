"""Setting a second factor up: the first one before anything else is open, more of them later."""

from collections.abc import Callable

from flask import flash, g, make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from extensions import transact
from moderation import access
from moderation.accounts import factors, passkeys, services, team, throttle
from moderation.accounts.forms import CodeForm, NewPasskeyForm
from moderation.accounts.throttle import Proof
from moderation.accounts.views.doors import bp, keep_once, offer, offered
from moderation.models import Moderator

NO_SUCH_CODE = (
    "This code does not fit. Check the clock of your telephone, and write the code that the app shows now."
)
NO_PASSKEY = "This passkey could not be added. Try again, or use an app."


@bp.get("/second-factor")
def second_factor() -> ResponseReturnValue:
    """What to set a second factor up with: a picture and a key for an app, a button for a passkey."""
    return _page(CodeForm(formdata=None))


@bp.get("/second-factor/picture.png")
def picture() -> ResponseReturnValue:
    """The picture that an app reads."""
    answer = make_response(factors.picture(_key(), g.owner.email))
    answer.mimetype = "image/png"
    return answer


@bp.post("/second-factor/app")
def add_app() -> ResponseReturnValue:
    """Add the app that shows this code, in place of an earlier one."""
    form, key = CodeForm(), _key()
    if form.validate_on_submit():
        typed = form.code.data or ""
        if _added(lambda owner: factors.add_app(owner, key, typed)):
            session.pop("new_key", None)
            return _go_on("The app is set up.")
        form.code.errors = [NO_SUCH_CODE]
    return _page(form), 422


@bp.post("/second-factor/passkey")
def add_passkey() -> ResponseReturnValue:
    """Add a passkey."""
    form, challenge = NewPasskeyForm(), offered()
    if form.validate_on_submit() and challenge is not None:
        credential, name = form.credential.data or "", form.passkey_name.data or ""
        if _added(lambda owner: passkeys.add(owner, credential, challenge, name)):
            return _go_on("The passkey is added.")
    page = CodeForm(formdata=None)
    page.form_errors.append(NO_PASSKEY)
    return _page(page), 422


def _page(form: CodeForm) -> str:
    return render_template(
        "moderation/account/second_factor.html",
        form=form,
        key=factors.in_groups(_key()),
        passkey=passkeys.to_add(g.owner, offer()),
        new_passkey=NewPasskeyForm(formdata=None),
        owner=g.owner,
    )


def _key() -> str:
    """The key that this browser is shown until an app has it: the same after a reload, or the app would not fit."""
    kept = factors.unseal(session.get("new_key", ""))
    if kept is not None:
        return kept
    key = factors.new_key()
    session["new_key"] = factors.seal(key)
    return key


def _added(add: Callable[[Moderator], bool]) -> bool:
    """Whether the factor was added, the first or another. With the first come recovery codes and a session."""
    number, is_first = g.owner.id, "moderator" not in g
    codes = throttle.heard(Proof.CODE, str(number), lambda: transact(lambda: _add(number, add, is_first=is_first)))
    if codes is None:
        return False
    if is_first:
        wanted = access.sign_in(g.owner)
        session["next"] = wanted
        keep_once("codes", " ".join(codes))
    return True


def _add(number: int, add: Callable[[Moderator], bool], *, is_first: bool) -> list[str] | None:
    """The recovery codes that come with a first factor, none with another; None when nothing was added."""
    owner = services.by_id(number)
    if owner is None or owner.has_second_factor == is_first or not add(owner):
        return None
    team.note("add_factor", owner)
    if not is_first:
        return []
    services.end_sessions(owner)
    return factors.renew_recovery_codes(owner)


def _go_on(said: str) -> ResponseReturnValue:
    if "codes" in session:
        return redirect(url_for(".recovery_codes"), 303)
    flash(said)
    return redirect(url_for(".home"), 303)
