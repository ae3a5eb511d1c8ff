"""A passkey in software, with the face of a browser's: made and asked with the JSON of a page, answers JSON."""

import hashlib
import json
import re
import secrets
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

ORIGIN = "http://localhost"
PRESENT, VERIFIED, HAS_KEY = 1, 4, 64
"""Flags of authenticator data (Web Authentication level 3, section 6.1)."""


def options_on(page: str) -> dict[str, Any]:
    """What a page asks passkeys for."""
    found = re.search(r'data-options="([^"]*)"', page)
    assert found is not None
    options: dict[str, Any] = json.loads(unescape(found[1]))
    return options


@dataclass
class SoftPasskey:
    """One passkey. What a dishonest one would do differently can be said with each answer."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    uses: int = 0

    def made(self, options: dict[str, Any], *, origin: str = ORIGIN, flags: int = PRESENT | VERIFIED) -> str:
        """The answer to being made."""
        public = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (public.x, public.y))
        cose = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        credential = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose
        data = self._data(options["rp"]["id"], flags | HAS_KEY) + credential
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        told = _client_data("webauthn.create", options["challenge"], origin)
        return self._json({"clientDataJSON": told, "attestationObject": attested})

    def answer(
        self,
        options: dict[str, Any],
        *,
        origin: str = ORIGIN,
        site: str | None = None,
        flags: int = PRESENT | VERIFIED,
        by: ec.EllipticCurvePrivateKey | None = None,
    ) -> str:
        """The answer to being used, signed `by` this passkey's key or another."""
        self.uses += 1
        data = self._data(site or options["rpId"], flags)
        told = _client_data("webauthn.get", options["challenge"], origin)
        signed = data + hashlib.sha256(told).digest()
        signature = (by or self.key).sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._json({"clientDataJSON": told, "authenticatorData": data, "signature": signature})

    def _data(self, site: str, flags: int) -> bytes:
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.uses.to_bytes(4, "big")

    def _json(self, response: dict[str, bytes]) -> str:
        name = bytes_to_base64url(self.id)
        told = {part: bytes_to_base64url(value) for part, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": told})


def _client_data(kind: str, challenge: str, origin: str) -> bytes:
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode()
