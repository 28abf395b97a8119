"""Pieces of pages that follow from what is handed to them and from the language alone: each is written once and kept.

A piece made from other values is another piece, so a page never shows an old one. What costs is the figure that moved,
not the sixty that did not.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

from markupsafe import Markup

from integration.i18n.routing import current_code

MOST = 4096
"""Pieces; when there are more, all are forgotten and written anew as they are asked for."""

_pieces: dict[Hashable, Markup] = {}


def kept(name: str, macro: Callable[..., Markup], *values: Hashable) -> Markup:
    """What this macro of a template makes of these values; ``name`` tells the macros of all templates apart.

    The macro looks at nothing but its values: not at the reader, the moment or the address of the page.
    """
    key = (name, current_code(), values)
    piece = _pieces.get(key)
    if piece is None:
        if len(_pieces) >= MOST:
            _pieces.clear()
        piece = _pieces[key] = macro(*values)
    return piece
