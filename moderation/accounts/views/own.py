"""One's own account: name, password, second factors, recovery codes, and proving again who one is."""

from collections.abc import Callable
from typing import TypeVar

from flask import abort, flash, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from extensions import transact
from moderation import access
from moderation.accounts import factors, passkeys, passwords, services, team, throttle
from moderation.accounts.factors import LastFactor, Taken
from moderation.accounts.forms import (
    AccountForm,
    CodeForm,
    NameForm,
    NewPasswordForm,
    OwnPasswordForm,
    PasskeyForm,
    PressForm,
)
from moderation.accounts.throttle import Proof
from moderation.accounts.views.doors import bp, keep_once, kept_once, offer, offered
from moderation.models import Moderator

T = TypeVar("T")

DOES_NOT_PROVE = "This does not fit. Try once more, or use another way."


@bp.get("/")
def home() -> ResponseReturnValue:
    """One's account, with what can be changed."""
    return _home_page(NameForm(formdata=None, name=g.moderator.name))


@bp.post("/name")
def rename() -> ResponseReturnValue:
    """Be shown to colleagues by another name."""
    form = NameForm()
    if not form.validate_on_submit():
        return _home_page(form), 422
    _change(lambda owner: services.rename(owner, form.name.data or ""))
    flash("Your name is changed.")
    return redirect(url_for(".home"), 303)


@bp.get("/password")
def password() -> ResponseReturnValue:
    """The form for a new password."""
    return render_template("moderation/account/password.html", form=NewPasswordForm(formdata=None))


@bp.post("/password")
def change_password() -> ResponseReturnValue:
    """Choose a new password, which ends every other session."""
    form = NewPasswordForm(g.moderator.email)
    if not form.validate_on_submit():
        return render_template("moderation/account/password.html", form=form), 422
    hashed = passwords.hashed(form.password.data or "")
    _change(lambda owner: services.accept(owner, owner.name, hashed), "change_password")
    access.sign_in(g.moderator)
    flash("Your password is changed. On other devices you are signed out.")
    return redirect(url_for(".home"), 303)


@bp.get("/recovery-codes")
def recovery_codes() -> ResponseReturnValue:
    """New recovery codes, this once; later only how many are left."""
    return _recovery_codes_page(kept_once("codes") or "")


@bp.post("/recovery-codes")
def renew_recovery_codes() -> ResponseReturnValue:
    """Make new recovery codes; the earlier ones work no more."""
    if not PressForm().validate_on_submit():
        return _recovery_codes_page(), 422
    codes = _change(factors.renew_recovery_codes, "renew_recovery_codes")
    keep_once("codes", " ".join(codes))
    session["next"] = url_for(".home")
    return redirect(url_for(".recovery_codes"), 303)


@bp.post("/app/remove")
def remove_app() -> ResponseReturnValue:
    """Take the app away, if a passkey is left."""
    return _remove(factors.remove_app, "The app is taken away.")


@bp.post("/passkeys/<int:number>/remove")
def remove_passkey(number: int) -> ResponseReturnValue:
    """Take a passkey away, if another factor is left."""
    return _remove(lambda owner: passkeys.remove(owner, number), "The passkey is taken away.")


@bp.get("/again")
def again() -> ResponseReturnValue:
    """The forms to prove once more who one is, before something that matters."""
    return _again_page()


@bp.post("/again")
def prove() -> ResponseReturnValue:
    """Prove who one is with the password, and go on."""
    form, email = OwnPasswordForm(), g.moderator.email
    typed = form.password.data or ""
    if form.validate_on_submit() and _is_proved(lambda: services.whose(email, typed)):
        return redirect(_wanted(), 303)
    return _again_page(form if form.errors else None, is_refused=True), 422


@bp.post("/again/code")
def prove_by_code() -> ResponseReturnValue:
    """Prove who one is with a code of the app or a recovery code, and go on."""
    form, number = CodeForm(), g.moderator.id
    typed = form.code.data or ""

    def attempt() -> Taken | None:
        owner = services.by_id(number)
        return factors.taken(owner, typed) if owner is not None else None

    if form.validate_on_submit() and _is_proved(lambda: transact(attempt)):
        return redirect(_wanted(), 303)
    return _again_page(form if form.errors else None, is_refused=True), 422


@bp.post("/again/passkey")
def prove_by_passkey() -> ResponseReturnValue:
    """Prove who one is with a passkey of this account, and go on."""
    form, challenge, number = PasskeyForm(), offered(), g.moderator.id
    credential = form.credential.data or ""

    def attempt() -> Moderator | None:
        found = passkeys.whose(credential, challenge) if challenge is not None else None
        return found if found is not None and found.id == number else None

    if form.validate_on_submit() and _is_proved(lambda: transact(attempt)):
        return redirect(_wanted(), 303)
    return _again_page(is_refused=True), 422


def _is_proved(attempt: Callable[[], object]) -> bool:
    """Whether `attempt` shows that this is the owner of the account; it is noted then."""
    found = throttle.heard(Proof.AGAIN, str(g.moderator.id), attempt)
    if found is not None:
        access.prove()
    return found is not None


def _wanted() -> str:
    wanted = access.wanted_page()
    session.pop("next", None)
    return wanted


def _change(change: Callable[[Moderator], T], kind: str | None = None) -> T:
    """What `change` of one's own account brings; an event of that kind tells of it."""
    number = g.moderator.id

    def work() -> T:
        owner = services.by_id(number) or abort(404)
        done = change(owner)
        if kind is not None:
            team.note(kind, owner)
        return done

    return transact(work)


def _remove(change: Callable[[Moderator], None], said: str) -> ResponseReturnValue:
    form = NameForm(formdata=None, name=g.moderator.name)
    if not PressForm().validate_on_submit():
        return _home_page(form), 422
    try:
        _change(change, "remove_factor")
    except LastFactor as refused:
        form.form_errors.append(str(refused))
        return _home_page(form), 422
    flash(said)
    return redirect(url_for(".home"), 303)


def _recovery_codes_page(codes: str = "") -> str:
    return render_template(
        "moderation/account/recovery_codes.html",
        codes=codes.split(),
        left=factors.recovery_codes_left(g.moderator),
        few=factors.FEW_RECOVERY_CODES,
        wanted=access.wanted_page(),
    )


def _home_page(form: NameForm) -> str:
    return render_template(
        "moderation/account/home.html",
        form=form,
        owner=g.moderator,
        codes_left=factors.recovery_codes_left(g.moderator),
        few=factors.FEW_RECOVERY_CODES,
    )


def _again_page(form: AccountForm | None = None, *, is_refused: bool = False) -> str:
    """The page with what was wrong: at a field of `form`, else in general."""
    shown = form or PressForm(formdata=None)
    if is_refused and not shown.errors:
        shown.form_errors.append(DOES_NOT_PROVE)
    return render_template(
        "moderation/account/again.html",
        form=shown,
        password_form=shown if isinstance(shown, OwnPasswordForm) else OwnPasswordForm(formdata=None),
        code_form=shown if isinstance(shown, CodeForm) else CodeForm(formdata=None),
        passkey=passkeys.to_use(offer()) if g.moderator.passkeys else None,
    )
