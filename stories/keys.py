"""Story keys, secrets, and the keyed hashes and seals that stand for them in the database."""

import base64
import hashlib
import hmac
import re
import secrets
from functools import cache
from pathlib import Path

import rfc8785
from cryptography.fernet import Fernet, InvalidToken

KEY_WORDS = 6
PUBLIC_ID_CHARS = 10
SECRET_CHARS = 43
"""Length of a secret: 32 bytes in URL-safe base64. One that was made from another is in hex: 64."""

_SECRET = re.compile(r"[\w-]+", re.ASCII)
_WORD_FILE = Path(__file__).parent / "data" / "eff_large_wordlist.txt"
_PUBLIC_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base32 digits in lower case: no i, l, o, u, so that an address can be read aloud."""


class WrongSecret(ValueError):
    """A seal that this secret does not open."""


@cache
def words() -> tuple[str, ...]:
    """The 7,776 words that story keys are made of (EFF large word list, 2016)."""
    return tuple(_WORD_FILE.read_text(encoding="ascii").split())


def new_key() -> str:
    """A story key: six lowercase words joined by spaces, 77.5 bits (6 × log2 7776). Shown once, kept as a hash."""
    return " ".join(secrets.choice(words()) for _ in range(KEY_WORDS))


def as_typed(key: str) -> str:
    """A story key as the patient meant it: capitals, extra spaces and full stops do not matter."""
    return " ".join(re.findall(r"[a-z-]+", key.casefold()))


def keyed_hash(data_key: str, purpose: str, *parts: str) -> str:
    """HMAC-SHA-256 of `parts` under a key of its own for `purpose`, in hex: 64 characters."""
    purpose_key = hmac.digest(data_key.encode(), purpose.encode(), "sha256")
    return hmac.new(purpose_key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def new_secret() -> str:
    """A secret for a cookie or a hidden field: 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def is_secret(told: str) -> bool:
    """Whether `told` has the form of a secret."""
    return SECRET_CHARS <= len(told) <= 64 and _SECRET.fullmatch(told) is not None


def new_public_id() -> str:
    """A public id: 10 random base32 characters, 50 bits."""
    return "".join(secrets.choice(_PUBLIC_ALPHABET) for _ in range(PUBLIC_ID_CHARS))


def new_salt() -> str:
    """16 random bytes in hex, for one revision's digest."""
    return secrets.token_hex(16)


def digest(value: dict[str, object]) -> str:
    """SHA-256, in hex, of the RFC 8785 (JSON Canonicalization Scheme) form of `value`."""
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()  # type: ignore[arg-type]


def seal(secret: str, words_: str) -> bytes:
    """`words_` encrypted so that only `secret` opens them (Fernet: AES-128-CBC with HMAC-SHA-256)."""
    return _box(secret).encrypt(words_.encode())


def unseal(secret: str, sealed: bytes) -> str:
    """What `seal` was given. Raises WrongSecret."""
    try:
        return _box(secret).decrypt(sealed).decode()
    except InvalidToken as error:
        raise WrongSecret from error


def _box(secret: str) -> Fernet:
    # The secrets are random and long, so one hash is derivation enough; no slow function is needed.
    return Fernet(base64.urlsafe_b64encode(hmac.digest(secret.encode(), b"firsthand seal", "sha256")))
