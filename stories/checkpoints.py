"""Signed checkpoints: where the chain of events ended at one moment, to be kept where the site cannot write."""

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, replace

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from config import kept_key, make_key
from extensions import settings, utcnow
from stories.events import Head
from stories.refusal import Refusal

FORM = "firsthand checkpoint 1"
"""What every checkpoint begins with, signed like the rest, so that a signature fits nothing else."""

KEY_FILE = "checkpoint_key"


class BadCheckpoint(Refusal):
    """What was kept is no checkpoint, was changed, or is signed by another key."""


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """What a checkpoint says, and its signature (Ed25519, RFC 8032). Keys, hashes and signatures are in hex."""

    form: str
    site: str
    at: str
    position: int
    hash: str
    public_key: str
    signature: str

    @property
    def head(self) -> Head:
        """Where the chain ended."""
        return Head(self.position, self.hash)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public key, in hex: what the owner of the site keeps apart."""
        return hashlib.sha256(bytes.fromhex(self.public_key)).hexdigest()

    @property
    def signed(self) -> bytes:
        """What the signature is about: the RFC 8785 JSON of everything else."""
        return rfc8785.dumps({name: value for name, value in asdict(self).items() if name != "signature"})

    def to_json(self) -> str:
        """The file that is kept: one small JSON object, a line for each field."""
        return json.dumps(asdict(self), indent=2) + "\n"


def sign(head: Head) -> Checkpoint:
    """A checkpoint of `head`, signed now. The first makes the key in the instance, unless a setting holds it."""
    key = _own_key() or _new_key()
    unsigned = Checkpoint(
        form=FORM,
        site=settings().base_url,
        at=utcnow().isoformat(timespec="seconds"),
        position=head.count,
        hash=head.hash,
        public_key=key.public_key().public_bytes_raw().hex(),
        signature="",
    )
    return replace(unsigned, signature=key.sign(unsigned.signed).hex())


def own_fingerprint() -> str | None:
    """The fingerprint of the key with which this site signs, or None before its first checkpoint."""
    key = _own_key()
    return None if key is None else hashlib.sha256(key.public_key().public_bytes_raw()).hexdigest()


def read(told: bytes, *, fingerprint: str) -> Checkpoint:
    """The checkpoint that `told` holds, signed by the key with this fingerprint. Raises BadCheckpoint."""
    try:
        kept = Checkpoint(**json.loads(told))
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(kept.public_key)).verify(
            bytes.fromhex(kept.signature), kept.signed
        )
    except InvalidSignature as error:
        raise BadCheckpoint("was changed after it was signed") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise BadCheckpoint("is not a checkpoint") from error
    if kept.fingerprint != fingerprint:
        raise BadCheckpoint(f"is signed by another key, with the fingerprint {kept.fingerprint}")
    if kept.form != FORM or type(kept.position) is not int or kept.position < 1:
        raise BadCheckpoint("is not a checkpoint")
    return kept


def _own_key() -> Ed25519PrivateKey | None:
    path = settings().instance / KEY_FILE
    told = settings().checkpoint_key or (kept_key(path) if path.exists() else None)
    if told is None:
        return None
    # What is told is long and of chance, so one hash is derivation enough (see `keys`).
    return Ed25519PrivateKey.from_private_bytes(hmac.digest(told.encode(), b"firsthand checkpoint", "sha256"))


def _new_key() -> Ed25519PrivateKey:
    make_key(settings().instance / KEY_FILE)
    made = _own_key()
    assert made is not None
    return made
