"""Random keys and digests. Secrets are compared and stored only as SHA-256 digests."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

KEY_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""No letters that a reader of a printed address could take for one another."""


def random_key(length: int = 10) -> str:
    """A short public key for an address; unique by constraint, not secret."""
    return "".join(secrets.choice(KEY_ALPHABET) for _ in range(length))


def random_token() -> str:
    """A secret of 160 random bits in 32 base32 characters."""
    return base64.b32encode(secrets.token_bytes(20)).decode("ascii")


def random_id() -> int:
    """A random positive 63-bit number for rows whose count is nobody's business."""
    return secrets.randbits(63)


def digest(secret: str) -> str:
    """The lower-case hexadecimal SHA-256 of a secret."""
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()


def derived_bytes(key: str, kind: str, *parts: int | str) -> bytes:
    """HMAC-SHA256 of what a secret belongs to (RFC 2104): the same secret can be printed again, never guessed."""
    message = "|".join([kind, *map(str, parts)])
    return hmac.new(key.encode("utf-8"), message.encode("utf-8"), hashlib.sha256).digest()


def derived_secret(key: str, kind: str, *parts: int | str) -> str:
    """A derived secret of 26 base32 characters (130 bits)."""
    return base64.b32encode(derived_bytes(key, kind, *parts)).decode("ascii")[:26]
