"""The drawings of figures as pictures that stand by themselves: for PDFs and for pages that are kept as files.

The plots are those of the pages (``web.drawings``); here they get their colours along, and years and values as text,
for nothing stands around them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from integration.web.drawings import bare_plots, value_text

HIGH = 56
WIDE = 74
GAP = 8
LONG = 11
"""Letters under a plot that have room in full size; "at least 1,234" is longer."""
STYLE = (
    ".plot .bar,.pole,.held{fill:currentColor}.pole{stroke:currentColor;stroke-width:2}"
    ".run{fill:currentColor;fill-opacity:.45;stroke:currentColor;stroke-width:2}"
    ".plan{fill:none;stroke:currentColor;stroke-width:1.7;stroke-dasharray:5 3.5}"
    ".band{fill:#FFE2BF}.edge{fill:#A35310}.na{fill:none;stroke:#667476;stroke-width:2}"
    ".miss{fill:none;stroke:#7A5A12;stroke-width:1.6;stroke-dasharray:3 2.6}"
    ".tickmark{fill:none;stroke:#fff;stroke-width:2}"
    ".coming,.out{fill:#E2DDD4}.missed{fill:#fff;stroke:#687678;stroke-width:1}"
    "text{font-family:'Noto Sans','Noto Sans Arabic',sans-serif;font-size:11px;text-anchor:middle;fill:#14272C}"
    ".y{fill:#455659;font-size:10px}.v{font-weight:700}.long{font-size:8.5px}"
)
"""The same for every picture: in a page with many of them, the last one's style would be everybody's."""


def small_chart(series: Sequence[Any], drawing: str, colour: str, target: Any) -> Markup:
    """An indicator over its years as an SVG document; ``colour`` is the domain's, as #RRGGBB."""
    plots = bare_plots(series, drawing, target, HIGH)
    wide = len(plots) * (WIDE + GAP)
    parts = []
    for number, (each, plot) in enumerate(zip(series, plots, strict=True)):
        x = number * (WIDE + GAP) + GAP // 2
        middle = x + WIDE / 2
        text = value_text(each)
        parts.append(
            f'<svg x="{x}" y="2" width="{WIDE}" height="{HIGH}">{plot}</svg>'
            f'<path stroke="#687678" stroke-width="1.5" d="M{x} {HIGH + 2.5}h{WIDE}"/>'
            f'<text class="v{" long" if len(text) > LONG else ""}" x="{middle}" y="{HIGH + 17}">{escape(text)}</text>'
            f'<text class="y" x="{middle}" y="{HIGH + 30}">{escape(each.year)}</text>'
        )
    return Markup(  # noqa: S704 - every text inside went through escape
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {HIGH + 36}" color="{escape(colour)}">'
        f"<style>{STYLE}</style>{''.join(parts)}</svg>"
    )
