"""What one person does to the account of another, or the console to anybody's: each is an event in the chain.

Events name accounts by number, never by address or name, and so outlive them.
"""

from collections.abc import Iterable
from typing import Any

from moderation.accounts import factors, services
from moderation.models import Moderator, RoleName
from stories import events
from stories.models import Actor
from stories.refusal import Refusal


class LastAdmin(Refusal):
    """Nobody could look after accounts any more."""


class OwnAccount(Refusal):
    """One's own account: another admin does this, or the console."""


def invite(email: str, roles: Iterable[RoleName], *, by: Actor) -> Moderator:
    """A new account for a normal address. Raises AccountExists."""
    if services.by_email(email) is not None:
        raise services.AccountExists("There is an account for this address already. You find it under Team.")
    invited = services.add(email, roles)
    _tell("invite", invited, by=by, roles=_names(invited.role_names))
    return invited


def change_roles(moderator: Moderator, roles: Iterable[RoleName], *, by: Actor) -> bool:
    """Whether the account now has other roles than before; its sessions are over then. Raises LastAdmin."""
    before, wanted = moderator.role_names, frozenset(roles)
    services.lock_admins()
    if RoleName.ADMIN not in wanted and services.is_only_admin(moderator):
        raise LastAdmin("Nobody else could look after accounts. Make another person admin first.")
    if not services.give_roles(moderator, wanted):
        return False
    _tell("change_roles", moderator, by=by, before=_names(before), after=_names(wanted))
    return True


def close(moderator: Moderator, *, by: Actor) -> None:
    """Nobody signs in to the account any more; what its owner did stays theirs. Closed already: nothing happens.

    Raises LastAdmin.
    """
    services.lock_admins()
    if services.is_only_admin(moderator):
        raise LastAdmin("Nobody else could look after accounts. Make another person admin first.")
    if not moderator.active:
        return
    services.deactivate(moderator)
    _tell("close_account", moderator, by=by)


def open_again(moderator: Moderator, *, by: Actor) -> bool:
    """Whether a closed account was opened again."""
    if not services.activate(moderator):
        return False
    _tell("open_account", moderator, by=by)
    return True


def reset_password(moderator: Moderator, *, by: Actor) -> None:
    """Take the password, all sessions and earlier links away; a new link is needed. Raises OwnAccount."""
    if by.id == moderator.id:
        raise OwnAccount("Change your own password on the page of your account.")
    services.reset(moderator)
    _tell("reset_password", moderator, by=by)


def reset_factors(moderator: Moderator, *, by: Actor) -> None:
    """Take every second factor and all sessions away.

    Raises OwnAccount for one's own, since whoever took over a session would get rid of the factor that way.
    """
    if by.id == moderator.id:
        raise OwnAccount("Another admin can do this for you, or whoever runs the site.")
    factors.remove_all(moderator)
    services.end_sessions(moderator)
    _tell("reset_factors", moderator, by=by)


def note(kind: str, moderator: Moderator) -> None:
    """Add to the chain what somebody did to their own account."""
    _tell(kind, moderator, by=moderator.keeper)


def _tell(kind: str, moderator: Moderator, *, by: Actor, **details: Any) -> None:
    events.append(kind, by=by, account=moderator.id, **details)


def _names(roles: Iterable[RoleName]) -> list[str]:
    return sorted(role.value for role in roles)
