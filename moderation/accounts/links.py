"""Links that make an account usable: signed, for seven days, void once what they name changes."""

from dataclasses import dataclass

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from extensions import settings
from moderation.accounts import services
from moderation.models import Moderator
from stories.refusal import Refusal

DAYS = 7
INVITATION = "invitation of a moderator"
FIRST_ACCOUNT = "first account"


class UnknownLink(Refusal):
    """No link of ours."""


class SpentLink(Refusal):
    """A link that was used, is too old, or was replaced by a newer one."""


@dataclass(frozen=True)
class Link:
    """What a link says: for which account (None for the first one), and how things stood when it was made."""

    moderator_id: int | None
    standing: str


def invitation_link(moderator: Moderator) -> str:
    """The address at which `moderator` chooses a password. Holds until used, 7 days, or their next change."""
    return _address(INVITATION, [moderator.id, moderator.fs_uniquifier])


def first_account_link() -> str | None:
    """The address at which the first account is made; None once there is an admin with a password."""
    if services.has_admin():
        return None
    return _address(FIRST_ACCOUNT, [None, services.admins_standing()])


def opened(token: str) -> Link:
    """What the link with `token` says. Raises UnknownLink if it is not ours, SpentLink if it is too old."""
    for purpose in (INVITATION, FIRST_ACCOUNT):
        try:
            return Link(*_signer(purpose).loads(token, max_age=DAYS * 24 * 3600))
        except SignatureExpired as old:
            raise SpentLink from old
        except BadSignature:
            continue
    raise UnknownLink


def invited(link: Link) -> Moderator | None:
    """Whose account the link makes usable, None for the first account. Raises SpentLink if it no longer does."""
    if link.moderator_id is None:
        if services.has_admin() or services.admins_standing() != link.standing:
            raise SpentLink
        return None
    moderator = services.by_id(link.moderator_id)
    if moderator is None or moderator.fs_uniquifier != link.standing or not moderator.active:
        raise SpentLink
    return moderator


def _address(purpose: str, content: list[object]) -> str:
    return f"{settings().base_url}/account/invited/{_signer(purpose).dumps(content)}"


def _signer(purpose: str) -> URLSafeTimedSerializer:
    # itsdangerous signs with the last key; ours stand newest first.
    return URLSafeTimedSerializer(list(reversed(settings().secret_keys)), salt=purpose)
