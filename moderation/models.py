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
