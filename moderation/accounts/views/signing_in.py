"""Signing in with both factors, or with a passkey, which is both; signing out; links of invitations."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from extensions import transact, transaction
from moderation import access
from moderation.accounts import factors, links, passkeys, passwords, services, throttle
from moderation.accounts.factors import Taken
from moderation.accounts.forms import CodeForm, FirstAccountForm, InvitedForm, PasskeyForm, PressForm, SignInForm
from moderation.accounts.throttle import Proof
from moderation.accounts.views.doors import bp, offer, offered
from moderation.models import Moderator

DOES_NOT_FIT = "This address and password do not open an account. Check both and try again."
"""The one answer to an unknown address, a wrong password, a closed account and one without a password."""

NO_SUCH_CODE = "This code does not fit. Wait for the next one that your app shows: each works once."
NO_SUCH_PASSKEY = "This passkey does not open an account. Try again, or use your password."


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The form to sign in with."""
    return _sign_in_page(SignInForm())


@bp.post("/sign-in")
def begin_session() -> ResponseReturnValue:
    """Give the password; a program may send the code along, or after it to the same address."""
    if "email" not in request.form and access.half_way() is not None:
        return send_code()
    form = SignInForm()
    if form.validate_on_submit():
        name, password = services.account_name(form.email.data or ""), form.password.data or ""
        moderator = throttle.heard(Proof.PASSWORD, name, lambda: services.whose(name, password))
        if moderator is not None:
            where = access.pass_first(moderator)
            is_complete = form.code.data and moderator.has_second_factor
            return _answer_to(form.code.data, moderator) if is_complete else redirect(where, 303)
        form.form_errors.append(DOES_NOT_FIT)
    return _sign_in_page(form), 422


@bp.get("/sign-in/code")
def code() -> ResponseReturnValue:
    """The form for the second factor, after the password."""
    moderator = access.half_way()
    if moderator is None:
        return redirect(url_for(".sign_in"), 303)
    return _code_page(moderator, CodeForm())


@bp.post("/sign-in/code")
def send_code() -> ResponseReturnValue:
    """Sign in with a code of the app or a recovery code, and go where one wanted to be."""
    moderator, form = access.half_way(), CodeForm()
    if moderator is None:
        return redirect(url_for(".sign_in"), 303)
    if form.validate_on_submit():
        return _answer_to(form.code.data, moderator)
    return _code_page(moderator, form), 422


@bp.post("/sign-in/passkey")
def use_passkey() -> ResponseReturnValue:
    """Sign in with a passkey, which needs no password, and go where one wanted to be."""
    form, challenge = PasskeyForm(), offered()
    if form.validate_on_submit() and challenge is not None:
        credential = form.credential.data or ""
        moderator = throttle.heard(
            Proof.PASSKEY,
            passkeys.claimed(credential),
            lambda: transact(lambda: passkeys.whose(credential, challenge)),
        )
        if moderator is not None:
            return redirect(access.sign_in(moderator), 303)
    page = SignInForm(formdata=None)
    page.form_errors.append(NO_SUCH_PASSKEY)
    return _sign_in_page(page), 422


@bp.post("/sign-out")
def end_session() -> ResponseReturnValue:
    """Sign out on every device: a copy of the session's cookie opens nothing any more."""
    if not PressForm().validate_on_submit():
        return render_template("moderation/account/sign_out.html"), 422
    moderator = access.signed_in()
    if moderator is not None:
        with transaction():
            services.end_sessions(moderator)
    access.sign_out()
    return redirect(url_for(".signed_out"), 303)


@bp.get("/signed-out")
def signed_out() -> ResponseReturnValue:
    """That one is signed out."""
    return render_template("moderation/account/signed_out.html")


@bp.route("/invited/<token>", methods=["GET", "POST"])
def invited(token: str) -> ResponseReturnValue:
    """Choose a name and a password with a link, then go on to the second factor."""
    link = links.opened(token)
    moderator = links.invited(link)
    form = FirstAccountForm() if moderator is None else InvitedForm(moderator.email)
    if form.validate_on_submit():
        hashed = passwords.hashed(form.password.data or "")
        try:
            with transaction():
                moderator = _accepted(link, form, hashed)
            return redirect(access.pass_first(moderator), 303)
        except services.AccountExists as exists:
            form["email"].errors = [str(exists)]
    status = 422 if form.is_submitted() else 200
    return render_template("moderation/account/invited.html", form=form, moderator=moderator), status


def _sign_in_page(form: SignInForm) -> str:
    return render_template("moderation/account/sign_in.html", form=form, passkey=passkeys.to_use(offer()))


def _code_page(moderator: Moderator, form: CodeForm) -> str:
    passkey = passkeys.to_use(offer()) if moderator.passkeys else None
    return render_template("moderation/account/code.html", form=form, passkey=passkey, owner=moderator)


def _answer_to(typed: str, moderator: Moderator) -> ResponseReturnValue:
    taken = _taken(moderator, typed)
    if taken is not None:
        return redirect(_welcome(moderator, taken), 303)
    form = CodeForm(formdata=None)
    form.code.errors = [NO_SUCH_CODE]
    return _code_page(moderator, form), 422


def _taken(moderator: Moderator, typed: str) -> Taken | None:
    """Which code of the account was typed, used up now; None for a wrong one."""
    number = moderator.id

    def attempt() -> Taken | None:
        locked = services.by_id(number)
        return factors.taken(locked, typed) if locked is not None else None

    return throttle.heard(Proof.CODE, str(number), lambda: transact(attempt))


def _welcome(moderator: Moderator, taken: Taken) -> str:
    """Where to go with a new session: after a recovery code to one's factors, one of which is probably lost."""
    wanted = access.sign_in(moderator)
    if taken is Taken.APP_CODE:
        return wanted
    flash("You are signed in with a recovery code, which works no more.")
    return url_for(".home")


def _accepted(link: links.Link, form: InvitedForm, hashed: str) -> Moderator:
    services.lock_admins()
    moderator = links.invited(link)
    if moderator is None:
        return services.make_first_account(form.address, form.name.data or "", hashed)
    services.accept(moderator, form.name.data or "", hashed)
    return moderator


@bp.errorhandler(links.UnknownLink)
def _unknown_link(_refused: links.UnknownLink) -> ResponseReturnValue:
    return render_template("moderation/account/link.html", is_spent=False), 404


@bp.errorhandler(links.SpentLink)
def _spent_link(_refused: links.SpentLink) -> ResponseReturnValue:
    return render_template("moderation/account/link.html", is_spent=True), 410
