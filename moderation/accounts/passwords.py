"""Passwords: what may be one, and the hash that is kept of it."""

import unicodedata
from functools import cache
from pathlib import Path

from flask_security import hash_password, verify_password

from stories import keys

MIN_CHARS = 12
MAX_CHARS = 256
MIN_DISTINCT = 5
MIN_BESIDE_NAME = 8

MEMORY_KIB, PASSES, LANES = 65_536, 3, 4
"""Argon2id as in RFC 9106, section 4, the second recommended choice."""

NOBODYS_HASH = f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${'A' * 22}${'A' * 43}"
"""What the password of an account that cannot sign in is compared with, so that it costs the same work."""

COMMON_FILE = Path(__file__).parent / "common_passwords.txt"
"""Well-known passwords that are long enough, one a line, casefolded."""


def problem(password: str, email: str) -> str | None:
    """What to do about `password` for the account `email` (empty if not known), or None when it will do.

    Length, common words and the person's own address; no rule about kinds of characters
    (NIST SP 800-63B-4, section 3.1.1).
    """
    plain = _normal(password).casefold()
    name = email.partition("@")[0]
    if len(plain) < MIN_CHARS:
        return f"Use {MIN_CHARS} characters or more. Four or five words in a row are good."
    if len(plain) > MAX_CHARS:
        return f"Use {MAX_CHARS} characters or fewer."
    if (email and email in plain) or len(plain.replace(name, "")) < MIN_BESIDE_NAME:
        return "Use something that does not contain your e-mail address."
    if plain in _common() or len(set(plain)) < MIN_DISTINCT:
        return "Many people use this password, so it is tried first. Choose another one."
    return None


def hashed(password: str) -> str:
    """What is kept of `password`: argon2id over an HMAC under the data key."""
    return hash_password(_normal(password))


def is_right(password: str, kept: str | None) -> bool:
    """Whether `kept` is the hash of `password`; with None it is not, after the same work."""
    return verify_password(_normal(password), kept or NOBODYS_HASH)


def hashing(data_key: str) -> dict[str, object]:
    """Flask-Security's settings for the hashes above."""
    return {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__memory_cost": MEMORY_KIB,
            "argon2__time_cost": PASSES,
            "argon2__parallelism": LANES,
        },
        "SECURITY_PASSWORD_SALT": keys.keyed_hash(data_key, "moderators' passwords"),
    }


@cache
def _common() -> frozenset[str]:
    return frozenset(COMMON_FILE.read_text(encoding="ascii").split())


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
