# mypy: disable-error-code="assignment"
# Flask-Security 5.9 declares its columns as plain values, not as Mapped ones; until it types them, ours win.
"""The people who moderate: accounts, and the roles that say what each may do."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_security import RoleMixin, UserMixin
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from extensions import Model, utcnow
from stories.content import EMAIL_MAX_CHARS

if TYPE_CHECKING:
    from stories.models import Actor

NAME_MAX_CHARS = 80
PASSKEY_NAME_MAX_CHARS = 40


class RoleName(StrEnum):
    """What a person may do: decide, decide on the hard ones, look after accounts. One may have several."""

    MODERATOR = "moderator"
    LEAD = "lead"
    ADMIN = "admin"


moderator_roles = sa.Table(
    "moderator_roles",
    Model.metadata,
    sa.Column("moderator_id", ForeignKey("moderators.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("role_id", ForeignKey("roles.id"), primary_key=True),
)


class Role(RoleMixin, Model):
    """A role, as a row: made when someone first gets it, locked by whoever gives it."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[RoleName] = mapped_column(unique=True)


class Moderator(UserMixin, Model):
    """The account of one person of the team. Never deleted, since events name its number; deactivated instead.

    `email` is in its normal form (`accounts.services.normal_email`); `name` is shown to colleagues and empty
    until the invitation is accepted, `password` is an argon2 hash and absent until then. Sessions and links
    hold `fs_uniquifier`: a new one ends them all.
    """

    __tablename__ = "moderators"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(EMAIL_MAX_CHARS), unique=True)
    name: Mapped[str] = mapped_column(sa.String(NAME_MAX_CHARS), default="")
    password: Mapped[str | None] = mapped_column(sa.String(255))
    active: Mapped[bool] = mapped_column("is_active", default=True)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)

    roles: Mapped[list[Role]] = relationship(secondary=moderator_roles, lazy="selectin", order_by=Role.id)
    authenticator: Mapped["Authenticator | None"] = relationship(cascade="all, delete-orphan")
    passkeys: Mapped[list["Passkey"]] = relationship(cascade="all, delete-orphan", order_by="Passkey.id")
    recovery_codes: Mapped[list["RecoveryCode"]] = relationship(cascade="all, delete-orphan")

    @property
    def has_second_factor(self) -> bool:
        """Whether there is an authenticator app or a passkey; recovery codes alone are none."""
        return self.authenticator is not None or bool(self.passkeys)

    @property
    def role_names(self) -> frozenset[RoleName]:
        """The names of this person's roles."""
        return frozenset(role.name for role in self.roles)

    @property
    def actor(self) -> "Actor":
        """Whom events name when this person makes a move: a lead if they are one, else a moderator.

        Raises PermissionError for someone who is neither, since they make no moves.
        """
        from stories.models import Actor, ActorKind

        for role, kind in ((RoleName.LEAD, ActorKind.LEAD), (RoleName.MODERATOR, ActorKind.MODERATOR)):
            if role in self.role_names:
                return Actor(kind, self.id)
        raise PermissionError("only a moderator or a lead makes moves")

    @property
    def keeper(self) -> "Actor":
        """Whom events name when this person changes an account: an admin if they are one, else as for moves."""
        from stories.models import Actor, ActorKind

        return Actor(ActorKind.ADMIN, self.id) if RoleName.ADMIN in self.role_names else self.actor


class Authenticator(Model):
    """The authenticator app of an account: its key, sealed, and the time step of the last code that was taken."""

    __tablename__ = "authenticators"

    moderator_id: Mapped[int] = mapped_column(ForeignKey("moderators.id", ondelete="CASCADE"), primary_key=True)
    sealed_key: Mapped[bytes]
    last_counter: Mapped[int] = mapped_column(sa.BigInteger)
    added_at: Mapped[datetime] = mapped_column(default=utcnow)


class Passkey(Model):
    """A passkey of an account: what it is called, its public key, and how often it says that it was used.

    `used_at` is when it last signed somebody in; a challenge that is older opens nothing.
    """

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    moderator_id: Mapped[int] = mapped_column(ForeignKey("moderators.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(sa.String(PASSKEY_NAME_MAX_CHARS))
    credential_id: Mapped[bytes] = mapped_column(sa.LargeBinary(1023), unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(sa.BigInteger)
    added_at: Mapped[datetime] = mapped_column(default=utcnow)
    used_at: Mapped[datetime | None]


class RecoveryCode(Model):
    """A recovery code that was not used yet, as a keyed hash; its row is gone once it was."""

    __tablename__ = "recovery_codes"

    hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    moderator_id: Mapped[int] = mapped_column(ForeignKey("moderators.id", ondelete="CASCADE"), index=True)
