"""QR codes as SVG, without style and without a library's own mark-up."""

from __future__ import annotations

from functools import lru_cache

import qrcode
from markupsafe import Markup
from qrcode.constants import ERROR_CORRECT_M

QUIET_ZONE = 4
"""Modules of white around the code (ISO/IEC 18004)."""


@lru_cache(maxsize=128)
def qr_drawing(content: str) -> tuple[int, str]:
    """The QR's side in modules (quiet zone included) and its dark modules as one SVG path."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(content, optimize=0)
    code.make(fit=True)
    matrix = code.get_matrix()
    return len(matrix), "".join(_runs(row, y) for y, row in enumerate(matrix))


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
