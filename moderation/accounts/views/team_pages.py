"""The team: who belongs to it, invitations, roles, accounts that are closed and opened, factors that were lost."""

from collections.abc import Callable

from flask import Response, abort, flash, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from extensions import transact
from moderation.accounts import factors, links, services, team
from moderation.accounts.forms import InviteForm, PressForm, RolesForm
from moderation.accounts.views.doors import keep_once, kept_once, team_bp
from moderation.models import Moderator

STALE = "This page was too old to be sent. It is fresh now: press the button once more."


@team_bp.get("/team")
def people() -> ResponseReturnValue:
    """Everybody with an account: roles, since when, which second factors, open or closed."""
    return render_template("moderation/account/team.html", people=services.everyone())


@team_bp.get("/team/<int:number>")
def person(number: int) -> ResponseReturnValue:
    """One account, with what an admin may do to it."""
    found = _found(number)
    return _person_page(found, RolesForm(formdata=None, roles=[role.value for role in found.role_names]))


@team_bp.post("/team/<int:number>/roles")
def change_roles(number: int) -> ResponseReturnValue:
    """Give somebody other roles, which ends their sessions."""
    form, by = RolesForm(), g.moderator.keeper
    if not form.validate_on_submit():
        return _person_page(_found(number), form), 422
    chosen = form.chosen()
    return _done(number, form, lambda other: team.change_roles(other, chosen, by=by), "The roles are saved.")


@team_bp.post("/team/<int:number>/close")
def close(number: int) -> ResponseReturnValue:
    """Close an account; what its owner did stays in the history."""
    by = g.moderator.keeper
    return _pressed(number, lambda other: team.close(other, by=by), "The account is closed.")


@team_bp.post("/team/<int:number>/open")
def open_again(number: int) -> ResponseReturnValue:
    """Open a closed account again."""
    by = g.moderator.keeper
    return _pressed(number, lambda other: team.open_again(other, by=by), "The account is open again.")


@team_bp.post("/team/<int:number>/factors")
def reset_factors(number: int) -> ResponseReturnValue:
    """Take somebody else's second factors away, who then sets one up with their password."""
    by = g.moderator.keeper
    said = "The second factors are taken away. The next sign-in leads to setting one up."
    return _pressed(number, lambda other: team.reset_factors(other, by=by), said)


@team_bp.post("/team/<int:number>/link")
def renew_link(number: int) -> ResponseReturnValue:
    """A new link for somebody else to choose a password with; an earlier password is gone."""
    by = g.moderator.keeper
    answer = _pressed(number, lambda other: team.reset_password(other, by=by), "")
    if answer.status_code == 303:
        keep_once("link", links.invitation_link(_found(number)))
    return answer


@team_bp.get("/invitations")
def invitations() -> ResponseReturnValue:
    """The form to invite somebody."""
    return render_template("moderation/account/invite.html", form=InviteForm(formdata=None))


@team_bp.post("/invitations")
def invite() -> ResponseReturnValue:
    """Make an account for an address, and show its link, once."""
    form, by = InviteForm(), g.moderator.keeper
    if form.validate_on_submit():
        address, chosen = services.normal_email(form.email.data or ""), form.chosen()
        try:
            invited = transact(lambda: team.invite(address, chosen, by=by))
        except services.AccountExists as exists:
            form.email.errors = [str(exists)]
        else:
            keep_once("link", links.invitation_link(invited))
            return redirect(url_for(".person", number=invited.id), 303)
    return render_template("moderation/account/invite.html", form=form), 422


def _found(number: int) -> Moderator:
    return services.by_number(number) or abort(404)


def _pressed(number: int, work: Callable[[Moderator], object], said: str) -> Response:
    """The answer to a button on somebody's page."""
    form = RolesForm(formdata=None, roles=[role.value for role in _found(number).role_names])
    if not PressForm().validate_on_submit():
        form.form_errors.append(STALE)
        return make_response(_person_page(_found(number), form), 422)
    return _done(number, form, work, said)


def _done(number: int, form: RolesForm, work: Callable[[Moderator], object], said: str) -> Response:
    """Back to somebody's page, where it says what was done, or why not."""
    try:
        transact(lambda: work(services.by_id(number) or abort(404)))
    except (team.LastAdmin, team.OwnAccount) as refused:
        form.form_errors.append(str(refused))
        return make_response(_person_page(_found(number), form), 422)
    if said:
        flash(said)
    return make_response(redirect(url_for(".person", number=number), 303))


def _person_page(found: Moderator, form: RolesForm) -> str:
    return render_template(
        "moderation/account/person.html",
        form=form,
        person=found,
        codes_left=factors.recovery_codes_left(found),
        link=kept_once("link"),
        days=links.DAYS,
        is_own=found.id == g.moderator.id,
    )
