"""The pages of accounts, under /account."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from extensions import transaction
from moderation import access
from moderation.accounts import links, passwords, services, throttle
from moderation.accounts.forms import FirstAccountForm, InvitedForm, SignInForm, SignOutForm
from moderation.models import Moderator

bp = Blueprint("account", __name__, url_prefix="/account")

DOES_NOT_FIT = "This address and password do not open an account. Check both and try again."
"""The one answer to an unknown address, a wrong password, a closed account and one without a password."""


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The form to sign in with."""
    return render_template("moderation/account/sign_in.html", form=SignInForm())


@bp.post("/sign-in")
def begin_session() -> ResponseReturnValue:
    """Sign in, and go where one wanted to be."""
    form = SignInForm()
    if form.validate_on_submit():
        name, password = services.account_name(form.email.data or ""), form.password.data or ""
        moderator = throttle.heard(name, lambda: services.whose(name, password))
        if moderator is not None:
            return redirect(access.sign_in(moderator), 303)
        form.form_errors.append(DOES_NOT_FIT)
    return render_template("moderation/account/sign_in.html", form=form), 422


@bp.post("/sign-out")
def end_session() -> ResponseReturnValue:
    """Sign out on every device: a copy of the session's cookie opens nothing any more."""
    if not SignOutForm().validate_on_submit():
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
    """Choose a name and a password with a link, then be signed in."""
    link = links.opened(token)
    moderator = links.invited(link)
    form = FirstAccountForm() if moderator is None else InvitedForm(moderator.email)
    if form.validate_on_submit():
        hashed = passwords.hashed(form.password.data or "")
        try:
            with transaction():
                moderator = _accepted(link, form, hashed)
            return redirect(access.sign_in(moderator), 303)
        except services.AccountExists as exists:
            form["email"].errors = [str(exists)]
    status = 422 if form.is_submitted() else 200
    return render_template("moderation/account/invited.html", form=form, moderator=moderator), status


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


@bp.errorhandler(throttle.TooManyTries)
def _too_many_tries(refused: throttle.TooManyTries) -> ResponseReturnValue:
    page = render_template(
        "moderation/account/wait.html", minutes=refused.wait_minutes, email=request.form.get("email", "")
    )
    response = make_response(page, 429)
    response.headers["Retry-After"] = str(refused.wait_seconds)
    return response
