"""What happens to accounts. Each verb changes rows in the caller's transaction; none knows a request."""

import unicodedata
import uuid
from collections.abc import Iterable

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from extensions import db
from moderation.accounts import passwords
from moderation.models import Moderator, Role, RoleName
from stories import keys
from stories.content import EMAIL_MAX_CHARS
from stories.refusal import Refusal


class BadEmail(Refusal):
    """Not an e-mail address."""


class AccountExists(Refusal):
    """There is an account for this address, with a password of its own."""


def normal_email(typed: str) -> str:
    """An address as accounts keep it: valid by its form, NFC, casefolded, without surrounding spaces.

    Names of a local network are fine, since nothing is sent there. Raises BadEmail.
    """
    try:
        valid = validate_email(
            typed.strip(), check_deliverability=False, globally_deliverable=False, test_environment=True
        )
    except EmailNotValidError as error:
        raise BadEmail("Write an e-mail address, such as name@example.org.") from error
    normal = unicodedata.normalize("NFC", valid.normalized.casefold())
    if len(normal) > EMAIL_MAX_CHARS:
        raise BadEmail(f"Write an e-mail address of {EMAIL_MAX_CHARS} characters or fewer.")
    return normal


def account_name(typed: str) -> str:
    """Whom somebody who signs in says they are: the normal address, or what they typed if it is none."""
    try:
        return normal_email(typed)
    except BadEmail:
        return typed.strip().casefold()


def by_email(email: str) -> Moderator | None:
    """The account for a normal address."""
    return db.session.scalar(select(Moderator).where(Moderator.email == email))


def by_number(number: int) -> Moderator | None:
    """The account with this number, to look at."""
    return db.session.get(Moderator, number)


def by_id(moderator_id: int) -> Moderator | None:
    """The account with this number, locked against others until the transaction ends."""
    return db.session.get(Moderator, moderator_id, with_for_update=True, populate_existing=True)


def whose(name: str, password: str) -> Moderator | None:
    """The active account that `name` and `password` open, or None.

    An unknown name, a deactivated account and one without a password cost the same work as a wrong password.
    """
    wanted = select(Moderator.id, Moderator.password).where(Moderator.email == name, Moderator.active)
    found = db.session.execute(wanted).one_or_none()
    is_right = passwords.is_right(password, found.password if found else None)
    return db.session.get(Moderator, found.id) if found and is_right else None


def has_admin() -> bool:
    """Whether there is an account with a password and the role admin, deactivated or not."""
    return any(admin.password is not None for admin in _admins())


def admins_standing() -> str:
    """A hash that changes whenever an account becomes admin, or an admin's account changes."""
    return keys.digest({"admins": [admin.fs_uniquifier for admin in _admins()]})


def add(email: str, roles: Iterable[RoleName]) -> Moderator:
    """A new account for a normal address, with these roles and no password yet."""
    moderator = Moderator(email=email, name="", password=None, active=True, fs_uniquifier=_fresh())
    moderator.roles = _rows(roles)
    db.session.add(moderator)
    db.session.flush()
    return moderator


def give_roles(moderator: Moderator, roles: Iterable[RoleName]) -> bool:
    """Whether the account now has other roles than before; its sessions are over then."""
    wanted = frozenset(roles)
    if wanted == moderator.role_names:
        return False
    moderator.roles = _rows(wanted)
    end_sessions(moderator)
    return True


def accept(moderator: Moderator, name: str, hashed: str) -> None:
    """The invited person chose a name and a password (as its hash). Their link and older sessions are over."""
    moderator.name, moderator.password = name, hashed
    end_sessions(moderator)


def make_first_account(email: str, name: str, hashed: str) -> Moderator:
    """The first account, with every role; the caller has locked `admins` and found that there is none.

    An account that was added for this address and never used becomes it. Raises AccountExists.
    """
    moderator = by_email(email) or add(email, RoleName)
    if moderator.password is not None:
        raise AccountExists("There is an account for this address already. Use another one.")
    give_roles(moderator, RoleName)
    activate(moderator)
    accept(moderator, name, hashed)
    return moderator


def rename(moderator: Moderator, name: str) -> None:
    """Colleagues see `name` from now on, also beside what was done before."""
    moderator.name = name
    db.session.flush()


def reset(moderator: Moderator) -> None:
    """Take the password and all sessions away; a new link is needed to choose another."""
    moderator.password = None
    end_sessions(moderator)


def deactivate(moderator: Moderator) -> None:
    """Close the account: its sessions and links are over, and nobody can sign in to it."""
    moderator.active = False
    end_sessions(moderator)


def activate(moderator: Moderator) -> bool:
    """Whether a closed account was opened again."""
    if moderator.active:
        return False
    moderator.active = True
    end_sessions(moderator)
    return True


def end_sessions(moderator: Moderator) -> None:
    """End every session of the account, on all devices, and every link to it."""
    moderator.fs_uniquifier = _fresh()
    db.session.flush()


def everyone() -> list[Moderator]:
    """Every account, open ones first, then by name."""
    order = (Moderator.active.desc(), Moderator.name, Moderator.id)
    factors = (selectinload(Moderator.authenticator), selectinload(Moderator.passkeys))
    return list(db.session.scalars(select(Moderator).options(*factors).order_by(*order)))


def is_only_admin(moderator: Moderator) -> bool:
    """Whether nobody else who can sign in is admin; true for the one admin there is."""
    usable = {admin.id for admin in _admins() if admin.active and admin.password is not None}
    return usable == {moderator.id}


def lock_admins() -> None:
    """Let nobody else become admin until the transaction ends."""
    _row(RoleName.ADMIN)


def others_decide(moderator_id: int | None) -> bool:
    """Whether anybody but the account `moderator_id` may decide on stories."""
    decides = Moderator.roles.any(Role.name.in_((RoleName.MODERATOR, RoleName.LEAD)))
    other = select(Moderator.id).where(Moderator.active.is_(True), Moderator.id != moderator_id, decides)
    return db.session.scalar(other.limit(1)) is not None


def _admins() -> list[Moderator]:
    is_admin = Moderator.roles.any(Role.name == RoleName.ADMIN)
    return list(db.session.scalars(select(Moderator).where(is_admin).order_by(Moderator.id)))


def _rows(roles: Iterable[RoleName]) -> list[Role]:
    # One order for all, so that two who give roles wait for each other and never in a circle.
    return [_row(role) for role in sorted(roles)]


def _row(role: RoleName) -> Role:
    """The role's row, locked; made if nobody had the role before."""
    locked = select(Role).where(Role.name == role).with_for_update()
    found = db.session.scalar(locked)
    if found is not None:
        return found
    try:
        with db.session.begin_nested():
            made = Role(name=role)
            db.session.add(made)
    except IntegrityError:
        return db.session.scalars(locked).one()
    return made


def _fresh() -> str:
    return uuid.uuid4().hex
