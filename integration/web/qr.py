"""QR codes as SVG, without style and without a library's own mark-up, and as PNG for mail programs."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

from markupsafe import Markup

from integration.kernel.lazy import Later

if TYPE_CHECKING:
    import qrcode
else:
    qrcode = Later("qrcode")

QUIET_ZONE = 4
"""Modules of white around the code (ISO/IEC 18004)."""
PNG_SCALE = 8
"""Pixels to a module: sharp on dense screens, about a kilobyte."""


@lru_cache(maxsize=128)
def qr_drawing(content: str) -> tuple[int, str]:
    """The QR's side in modules (quiet zone included) and its dark modules as one SVG path."""
    matrix = _modules(content)
    return len(matrix), "".join(_runs(row, y) for y, row in enumerate(matrix))


def qr_png(content: str) -> bytes:
    """The QR as a PNG of one bit a pixel (ISO/IEC 15948), for mail programs, which draw no SVG."""
    rows = []
    for row in _modules(content):
        bits = "".join(("0" if dark else "1") * PNG_SCALE for dark in row)
        packed = int(bits.ljust(-(-len(bits) // 8) * 8, "1"), 2).to_bytes(-(-len(bits) // 8), "big")
        rows += [b"\0" + packed] * PNG_SCALE
    side = len(rows)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(*chunk) for chunk in chunks)


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _modules(content: str) -> list[list[bool]]:
    """The QR's modules, row by row, quiet zone included; True is dark."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(content, optimize=0)
    code.make(fit=True)
    matrix: list[list[bool]] = code.get_matrix()
    return matrix


def _runs(row: list[bool], y: int) -> str:
    path, start = "", None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            path += f"M{start} {y}h{x - start}v1h-{x - start}z"
            start = None
    return path


def qr_svg(content: str, title: str = "") -> Markup:
    """The QR as an SVG element; with a title it speaks for itself, without one its surroundings must."""
    side, path = qr_drawing(content)
    role = Markup('role="img"><title>{}</title>').format(title) if title else Markup('aria-hidden="true">')
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" shape-rendering="crispEdges" {1}'
        '<path fill="#fff" d="M0 0h{0}v{0}H0z"/><path fill="#000" d="{2}"/></svg>'
    ).format(side, role, path)
