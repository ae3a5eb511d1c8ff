"""`flask moderators`: accounts from the command line, their links printed. `flask demo`: an instance to try."""

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from extensions import transaction
from moderation import access
from moderation.accounts import links, services, team
from moderation.demo import Filled, fill, holds_a_story
from moderation.models import Moderator, RoleName
from serving import make_ready
from stories.demo import TooMany, invented
from stories.models import SYSTEM, State

moderators = AppGroup("moderators", help="Accounts of the people who moderate.")


@moderators.command("add")
@click.argument("email")
@click.option(
    "--role", "roles", multiple=True, required=True, help=f"One of {', '.join(RoleName)}; may be repeated."
)
def add(email: str, roles: tuple[str, ...]) -> None:
    """Add an account for EMAIL, or give the one that exists exactly these roles.

    Prints a link at which the person chooses a password, unless they have one.
    """
    address, wanted = _address(email), _role_names(roles)
    with transaction():
        moderator = services.by_email(address)
        if moderator is None:
            moderator, said = team.invite(address, wanted, by=SYSTEM), "Added"
        else:
            said = _updated(moderator, wanted)
        if moderator.password is None:
            services.end_sessions(moderator)
    click.echo(f"{said} {moderator.email} as {', '.join(sorted(wanted))}.")
    if moderator.password is None:
        _print_link(links.invitation_link(moderator))


@moderators.command("reset")
@click.argument("email")
@click.option("--factors", is_flag=True, help="Take the second factors away, and leave the password.")
def reset(email: str, *, factors: bool) -> None:
    """Take the password and all sessions of EMAIL away and print a link for a new password.

    With --factors it is the app, the passkeys and the recovery codes instead: the next sign-in with the
    password leads to setting a new one up.
    """
    address = _address(email)
    with transaction():
        moderator = services.by_email(address)
        if moderator is None:
            raise click.ClickException(f"There is no account for {address}. Add it with: flask moderators add.")
        if not moderator.active:
            raise click.ClickException(f"{address} is deactivated. Open it with: flask moderators add.")
        (team.reset_factors if factors else team.reset_password)(moderator, by=SYSTEM)
    if factors:
        click.echo(f"{moderator.email} sets up a new second factor at the next sign-in.")
        return
    click.echo(f"{moderator.email} can no longer sign in with the old password.")
    _print_link(links.invitation_link(moderator))


@moderators.command("table")
def table() -> None:
    """Print who may enter which address: what docs/authorization.md holds."""
    click.echo(access.table(current_app.url_map), nl=False)


@click.command("demo")
@click.option("--published", type=click.IntRange(min=0), default=60, show_default=True, help="How many are public.")
@click.option("--waiting", type=click.IntRange(min=0), default=25, show_default=True, help="How many wait.")
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed makes the same stories.")
@with_appcontext
def demo(published: int, waiting: int, seed: int) -> None:
    """Fill a new instance with invented stories, believable and hostile ones, and some in every other state.

    Refused where there is a story already.
    """
    if holds_a_story():
        raise click.ClickException("This instance already holds a story. Run the demo in a new one.")
    try:
        stories = invented(published, waiting, seed)
    except TooMany as too_many:
        raise click.ClickException(f"There are not so many stories to invent. {too_many}") from too_many
    make_ready()
    click.echo("\n".join(_what_was_filled(fill(stories))))


def _what_was_filled(filled: Filled) -> list[str]:
    return [
        ", ".join(f"{filled.counts[state]} {_in_words(state)}" for state in State) + ".",
        f"Of the published, {filled.amended} wait with an amendment.",
        "Story keys to try at /my-story:",
        *(f"  {key}  ({_in_words(state)}, story {number})" for state, number, key in filled.to_try),
    ]


def _in_words(state: State) -> str:
    return state.value.replace("_", " ")


def _address(email: str) -> str:
    try:
        return services.normal_email(email)
    except services.BadEmail as bad:
        raise click.ClickException(f"{email!r} is not an e-mail address. {bad}") from bad


def _role_names(roles: tuple[str, ...]) -> frozenset[RoleName]:
    try:
        return frozenset(RoleName(role) for role in roles)
    except ValueError as unknown:
        raise click.ClickException(f"{unknown}. The roles are {', '.join(RoleName)}.") from unknown


def _updated(moderator: Moderator, wanted: frozenset[RoleName]) -> str:
    is_reopened = team.open_again(moderator, by=SYSTEM)
    try:
        is_changed = team.change_roles(moderator, wanted, by=SYSTEM)
    except team.LastAdmin as refused:
        raise click.ClickException(str(refused)) from refused
    if is_reopened:
        return "Opened again the account of"
    return "Updated the roles of" if is_changed else "Nothing changed:"


def _print_link(link: str) -> None:
    click.echo(f"To choose a password, open within {links.DAYS} days, once:")
    click.echo(link)
