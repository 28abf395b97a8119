"""A session's page kept in memory for strangers: most visitors see the same page, and drawing it costs most.

Nothing goes stale: every request reads, in one statement, everything that the page says, and the kept page is
used only while the facts are equal and the session has not ended. What differs between two visitors are two
tokens of the form; their places are left open in the kept page.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, request
from flask import session as cookie
from flask_wtf.csrf import generate_csrf

from integration.accounts.routes import COOKIE_KEY
from integration.i18n.routing import current_code
from integration.kernel.tokens import random_token
from integration.registration.rules.phones import REMEMBERED

MOST_PAGES = 256
"""About 25 kB each: six megabytes in a worker."""
ZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
"""A gzip member without name or time, compressed as well as can be (RFC 1952, 2.3)."""
Facts = tuple[Any, ...]


@dataclass(frozen=True)
class Piece:
    """A part of a page that is the same for everybody, plain and compressed."""

    plain: bytes
    deflated: bytes


@dataclass(frozen=True)
class KeptPage:
    """A page in pieces: between them stand the one-time token and the proof that the page itself sent the form."""

    facts: Facts
    until: datetime
    pieces: tuple[Piece, ...]
    tokens: tuple[str, ...]

    def drawn(self, *, zipped: bool) -> bytes:
        """The page with this visitor's tokens, on demand as gzip without compressing it again (RFC 1952)."""
        made = {"csrf": generate_csrf, "form": random_token}
        values = [made[token]().encode("ascii") for token in self.tokens]
        if zipped:
            return _zipped(self.pieces, values)
        parts = [self.pieces[0].plain]
        for value, piece in zip(values, self.pieces[1:], strict=True):
            parts += [value, piece.plain]
        return b"".join(parts)


def is_for_a_stranger() -> bool:
    """Whether nothing in the page belongs to this visitor: no card, no sign-in, no message, a plain address."""
    if request.method == "POST" or request.query_string:
        return False
    return not any(mine in cookie for mine in (COOKIE_KEY, REMEMBERED, "_flashes"))


def kept_page(key: str, facts: Facts, now: datetime) -> KeptPage | None:
    """The kept page of this session in this language, if it still says what is true."""
    found = _pages().get((current_code(), key))
    return found if found and found.facts == facts and now < found.until else None


def keep_page(key: str, facts: Facts, until: datetime, page: str, form_token: str) -> None:
    """Keep a page that was drawn for a stranger."""
    pages = _pages()
    if len(pages) >= MOST_PAGES:
        pages.clear()
    pieces, tokens = _cut(page, {"csrf": generate_csrf(), "form": form_token})
    pages[current_code(), key] = KeptPage(facts, until, pieces, tokens)


def _pages() -> dict[tuple[str, str], KeptPage]:
    pages: dict[tuple[str, str], KeptPage] = current_app.extensions.setdefault("kept_pages", {})
    return pages


def _cut(page: str, values: dict[str, str]) -> tuple[tuple[Piece, ...], tuple[str, ...]]:
    """Cut the page wherever a token stands, so that nobody is sent another one's."""
    names = {value: name for name, value in values.items() if value}
    parts = re.split("(" + "|".join(map(re.escape, names)) + ")", page)
    pieces = tuple(Piece(part.encode(), _deflated(part.encode())) for part in parts[::2])
    return pieces, tuple(names[value] for value in parts[1::2])


def _deflated(text: bytes) -> bytes:
    """Compressed blocks that end on a whole byte and refer to nothing before them (RFC 1951)."""
    packer = zlib.compressobj(zlib.Z_BEST_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(text) + packer.flush(zlib.Z_FULL_FLUSH)


def _stored(text: bytes, *, last: bool = False) -> bytes:
    """A block that holds the text as it is (RFC 1951, 3.2.4)."""
    length = len(text)
    return bytes([last]) + length.to_bytes(2, "little") + (length ^ 0xFFFF).to_bytes(2, "little") + text


def _zipped(pieces: tuple[Piece, ...], values: list[bytes]) -> bytes:
    parts, checksum, size = [ZIP_HEAD], 0, 0
    for piece, value in zip(pieces, [*values, b""], strict=True):
        parts += [piece.deflated, _stored(value)]
        checksum = zlib.crc32(value, zlib.crc32(piece.plain, checksum))
        size += len(piece.plain) + len(value)
    parts += [_stored(b"", last=True), checksum.to_bytes(4, "little"), size.to_bytes(4, "little")]
    return b"".join(parts)
