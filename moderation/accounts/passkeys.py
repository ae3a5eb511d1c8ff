"""Passkeys (WebAuthn level 3): kept as public keys. One that verified its owner is both factors at once."""

import ipaddress
import json
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import sqlalchemy as sa
import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from extensions import db, settings, utcnow
from moderation.accounts.factors import LastFactor
from moderation.models import Moderator, Passkey
from stories import keys

CHALLENGE_MINUTES = 10
CREDENTIAL_ID_MAX_BYTES = 1023
"""Web Authentication level 3, section 4, "credential ID"."""

NONSENSE = (WebAuthnException, ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What reading a credential raises that no authenticator made."""


@dataclass(frozen=True)
class Challenge:
    """What a passkey has to sign: 32 random bytes, and when they were made."""

    value: str
    made_at: float

    @property
    def is_fresh(self) -> bool:
        """Whether it may still be answered."""
        return 0 <= time.time() - self.made_at <= CHALLENGE_MINUTES * 60


def new_challenge() -> Challenge:
    """A challenge, made now."""
    return Challenge(secrets.token_urlsafe(32), time.time())


def site_name() -> str | None:
    """The name that passkeys are for; None where the site has a number only, for which there are none."""
    host = urlsplit(settings().base_url).hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host
    return None


def to_add(moderator: Moderator, challenge: Challenge) -> str | None:
    """What a browser needs to make a passkey for this account, as JSON; None where there are none.

    The owner is verified, by their finger or a number, so that the passkey alone is two factors, and the
    passkey is discoverable, so that signing in with it names no account. Keys that have one are left out.
    """
    site = site_name()
    if site is None:
        return None
    return webauthn.options_to_json(
        webauthn.generate_registration_options(
            rp_id=site,
            rp_name=settings().site_name,
            user_id=_handle(moderator),
            user_name=moderator.email,
            user_display_name=moderator.name,
            challenge=base64url_to_bytes(challenge.value),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in moderator.passkeys],
        )
    )


def to_use(challenge: Challenge) -> str | None:
    """What a browser needs to ask for any passkey of this site, as JSON; None where there are none."""
    site = site_name()
    if site is None:
        return None
    return webauthn.options_to_json(
        webauthn.generate_authentication_options(
            rp_id=site,
            challenge=base64url_to_bytes(challenge.value),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def add(moderator: Moderator, credential: str, challenge: Challenge, name: str) -> bool:
    """Whether `credential` is a new passkey that answers `challenge`; it then is one of the account."""
    site = site_name()
    if site is None or not challenge.is_fresh:
        return False
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge.value),
            expected_rp_id=site,
            expected_origin=settings().base_url,
            require_user_verification=True,
        )
    except NONSENSE:
        return False
    if len(made.credential_id) > CREDENTIAL_ID_MAX_BYTES or _known(made.credential_id) is not None:
        return False
    added = Passkey(
        name=name,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
    )
    moderator.passkeys.append(added)
    db.session.flush()
    return True


def whose(credential: str, challenge: Challenge) -> Moderator | None:
    """The active account with a password whose passkey answers `challenge`, or None.

    Each answer opens once, however many send it.
    """
    site, found = site_name(), _known(_credential_id(credential))
    if site is None or found is None or not challenge.is_fresh:
        return None
    try:
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge.value),
            expected_rp_id=site,
            expected_origin=settings().base_url,
            credential_public_key=found.public_key,
            credential_current_sign_count=found.sign_count,
            require_user_verification=True,
        )
    except NONSENSE:
        return None
    made_at = datetime.fromtimestamp(challenge.made_at, UTC)
    unused = sa.update(Passkey).where(
        Passkey.id == found.id, sa.or_(Passkey.used_at.is_(None), Passkey.used_at < made_at)
    )
    used = db.session.execute(unused.values(used_at=utcnow(), sign_count=verified.new_sign_count))
    if not (isinstance(used, sa.CursorResult) and used.rowcount == 1):
        return None
    is_usable = sa.and_(Moderator.active, Moderator.password.is_not(None))
    return db.session.scalar(sa.select(Moderator).where(Moderator.id == found.moderator_id, is_usable))


def remove(moderator: Moderator, number: int) -> None:
    """Take a passkey of the account away. Raises LastFactor where nothing else would be left."""
    left = [one for one in moderator.passkeys if one.id != number]
    if moderator.authenticator is None and not left:
        raise LastFactor("Add an app or another passkey first: an account needs a second factor.")
    moderator.passkeys = left
    db.session.flush()


def claimed(credential: str) -> str:
    """Which passkey `credential` says that it is, for counting tries; empty when it says nothing."""
    return bytes_to_base64url(_credential_id(credential))


def _known(credential_id: bytes) -> Passkey | None:
    return db.session.scalar(sa.select(Passkey).where(Passkey.credential_id == credential_id))


def _credential_id(credential: str) -> bytes:
    try:
        return bytes(base64url_to_bytes(json.loads(credential)["id"]))
    except NONSENSE:
        return b""


def _handle(moderator: Moderator) -> bytes:
    """What authenticators call the account: the same each time, and nobody can tell whose it is."""
    return bytes.fromhex(keys.keyed_hash(settings().data_key, "owner of passkeys", str(moderator.id)))
