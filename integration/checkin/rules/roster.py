"""The roster that a phone takes along: digests cut short, and what a volunteer needs to see sealed by the card itself.

A sealed item opens with the pass code in the card's QR and with nothing else: the key is derived from it by HKDF-SHA256
(RFC 5869), the text is sealed by AES-256-GCM (NIST SP 800-38D). Whoever finds the phone and no card learns numbers.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from integration.kernel.lazy import Later

if TYPE_CHECKING:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.ciphers import aead
    from cryptography.hazmat.primitives.kdf import hkdf
else:
    hashes = Later("cryptography.hazmat.primitives.hashes")
    aead = Later("cryptography.hazmat.primitives.ciphers.aead")
    hkdf = Later("cryptography.hazmat.primitives.kdf.hkdf")

PREFIX_BYTES = 8
SHORT_CODE_BYTES = 3
"""Of the 34 bits of a short code so few are kept that about a thousand codes fit: none can be found out by trying."""
NONCE_BYTES = 12
SEALED_IN_STEPS_OF = 96
"""Sealed texts are padded to a multiple of so many bytes: their length does not tell how long a name is."""


def roster_salt() -> bytes:
    """Another one for every roster, so that no table made beforehand helps."""
    return os.urandom(16)


def prefix(pass_digest: str) -> bytes:
    """The beginning of the SHA-256 of a pass code, by which a phone knows a living card again."""
    return bytes.fromhex(pass_digest)[:PREFIX_BYTES]


def short_code_mark(salt: bytes, short_code: str) -> str:
    """A few bits of a short code's salted digest: enough to say "such a card lives", too few to say which."""
    return hashlib.sha256(salt + short_code.encode("ascii")).digest()[:SHORT_CODE_BYTES].hex()


def sealing_key(pass_code: str, salt: bytes, session_key: str) -> bytes:
    """The key that only the card's QR makes, for this session and roster alone."""
    info = f"delaktig door {session_key}".encode()
    return hkdf.HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=info).derive(pass_code.encode("ascii"))


def sealed(facts: Mapping[str, object], pass_code: str, salt: bytes, session_key: str) -> str:
    """Facts as JSON, padded with spaces, sealed; nonce and ciphertext together in base64."""
    plain = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
    padded = plain.ljust(-(-len(plain) // SEALED_IN_STEPS_OF) * SEALED_IN_STEPS_OF)
    nonce = os.urandom(NONCE_BYTES)
    cipher = aead.AESGCM(sealing_key(pass_code, salt, session_key))
    return base64.b64encode(nonce + cipher.encrypt(nonce, padded, None)).decode("ascii")
