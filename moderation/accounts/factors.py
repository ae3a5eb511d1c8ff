"""Second factors that need no script: an authenticator app (RFC 6238), and recovery codes for when it is lost."""

import re
import secrets
import unicodedata
from enum import StrEnum
from io import BytesIO

import segno
import sqlalchemy as sa
from passlib.exc import TokenError
from passlib.totp import TOTP

from extensions import db, settings, utcnow
from moderation.models import Authenticator, Moderator, Passkey, RecoveryCode
from stories import keys
from stories.refusal import Refusal

STEP_SECONDS = 30
"""How long a code of an app is shown, and how far the clocks may be apart either way (RFC 6238, section 5.2)."""

RECOVERY_CODES = 10
FEW_RECOVERY_CODES = 3
"""With so many left, or fewer, one is told to make new ones."""

RECOVERY_GROUPS, RECOVERY_GROUP_CHARS = 3, 4
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base32 digits: 12 of them are 60 bits, and none is taken for another."""

MISREAD = str.maketrans("ilou", "110v")
"""What people write for digits that they read."""

PICTURE_SCALE = 5

_APP_CODE = re.compile(r"[0-9]{6}")


class Taken(StrEnum):
    """What somebody typed that was right."""

    APP_CODE = "app_code"
    RECOVERY_CODE = "recovery_code"


class LastFactor(Refusal):
    """Taking this one away would leave an account without a second factor."""


def new_key() -> str:
    """A key for an app: 160 bits, in base32 (RFC 4226, section 4, requirement 6)."""
    return str(TOTP.new().base32_key)


def in_groups(key: str) -> str:
    """A key as it is typed into an app by hand: groups of four."""
    return " ".join(re.findall(".{1,4}", key))


def picture(key: str, email: str) -> bytes:
    """The PNG that an app reads with a camera: key, account and site."""
    told = TOTP(key=key, format="base32").to_uri(label=email.replace(":", " "), issuer=_issuer())
    drawn = BytesIO()
    segno.make_qr(told).save(drawn, kind="png", scale=PICTURE_SCALE)
    return drawn.getvalue()


def seal(secret: str) -> str:
    """A secret as it may lie in the database or in the session of a browser: nobody else can read it."""
    return keys.seal(settings().data_key, secret).decode("ascii")


def unseal(sealed: str) -> str | None:
    """What was sealed; None when it was not sealed by us."""
    try:
        return keys.unseal(settings().data_key, sealed.encode())
    except keys.WrongSecret:
        return None


def add_app(moderator: Moderator, key: str, typed: str) -> bool:
    """Whether `typed` is a code of the app that holds `key`; it then is the account's, in place of another."""
    counter = _counter(key, typed, after=0)
    if counter is None:
        return False
    app = moderator.authenticator or Authenticator()
    app.sealed_key, app.last_counter, app.added_at = seal(key).encode("ascii"), counter, utcnow()
    moderator.authenticator = app
    db.session.flush()
    return True


def remove_app(moderator: Moderator) -> None:
    """Take the app away. Raises LastFactor where there is no passkey."""
    if not moderator.passkeys:
        raise LastFactor("Add a passkey before you take the app away: an account needs a second factor.")
    moderator.authenticator = None
    db.session.flush()


def taken(moderator: Moderator, typed: str) -> Taken | None:
    """Which code of the account `typed` is, used up now; None for none. Each works once, however many ask."""
    if _APP_CODE.fullmatch(_plain(typed)):
        return Taken.APP_CODE if _takes_app_code(moderator, typed) else None
    return Taken.RECOVERY_CODE if _takes_recovery_code(moderator, typed) else None


def renew_recovery_codes(moderator: Moderator) -> list[str]:
    """New recovery codes, to be shown once; the earlier ones work no more."""
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.moderator_id == moderator.id))
    codes = [_new_recovery_code() for _ in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(hash=_hash(moderator, code), moderator_id=moderator.id) for code in codes)
    db.session.flush()
    return codes


def recovery_codes_left(moderator: Moderator) -> int:
    """How many recovery codes were not used yet."""
    left = sa.select(sa.func.count()).where(RecoveryCode.moderator_id == moderator.id)
    return db.session.scalar(left) or 0


def remove_all(moderator: Moderator) -> None:
    """Take every second factor away: the next sign-in leads to setting one up."""
    for kind in (Authenticator, Passkey, RecoveryCode):
        db.session.execute(sa.delete(kind).where(kind.moderator_id == moderator.id))
    db.session.expire(moderator)


def _takes_app_code(moderator: Moderator, typed: str) -> bool:
    app = moderator.authenticator
    key = unseal(app.sealed_key.decode("ascii")) if app is not None else None
    if app is None or key is None:
        return False
    counter = _counter(key, typed, after=app.last_counter)
    if counter is None:
        return False
    # Of two who send one code at the same moment, the database lets one be first.
    newer = sa.update(Authenticator).where(
        Authenticator.moderator_id == moderator.id, Authenticator.last_counter < counter
    )
    return _changed_one(newer.values(last_counter=counter))


def _takes_recovery_code(moderator: Moderator, typed: str) -> bool:
    return _changed_one(sa.delete(RecoveryCode).where(RecoveryCode.hash == _hash(moderator, typed)))


def _changed_one(statement: sa.Update | sa.Delete) -> bool:
    result = db.session.execute(statement.execution_options(synchronize_session=False))
    return isinstance(result, sa.CursorResult) and result.rowcount == 1


def _counter(key: str, typed: str, *, after: int) -> int | None:
    """The time step whose code was typed, if it is of now or a step beside it, and later than `after`."""
    try:
        found = TOTP(key=key, format="base32").match(_plain(typed), window=STEP_SECONDS, last_counter=after)
    except TokenError:
        return None
    return int(found.counter)


def _plain(typed: str) -> str:
    return "".join(
        character
        for character in unicodedata.normalize("NFKC", typed)
        if not (character.isspace() or character == "-")
    )


def _new_recovery_code() -> str:
    groups = (
        "".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_GROUP_CHARS)) for _ in range(RECOVERY_GROUPS)
    )
    return "-".join(groups)


def _hash(moderator: Moderator, typed: str) -> str:
    plain = _plain(typed).casefold().translate(MISREAD)
    return keys.keyed_hash(settings().data_key, "recovery code", str(moderator.id), plain)


def _issuer() -> str:
    return settings().site_name.replace(":", " ")
