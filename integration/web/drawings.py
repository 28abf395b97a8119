"""The drawings of figures: a value is land on a shore, its target a line or band of light over it.

A drawing follows from its figures alone, so each is made once and kept: the same figures never cost twice, and other
figures never show an old picture. Widths are percentages, so that strokes and corners keep their shape; heights are
CSS pixels, counted down from the top. Colours come from classes, because the policy forbids inline style.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

from integration.i18n.routing import current_code

EMPTY = ("missing", "na", "suppressed", "withheld")
BAR_CLASSES = {"running": "run", "least": "run", "planned": "plan"}
STUB = 2.5
"""The height of a zero: low, but land."""
MISSING_BOX = 26
EDGE = 1.7
KEPT = 8192
BIG = 240
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000)
MOST_LINES = 8


@dataclass(frozen=True)
class Year:
    """One year as it is drawn; ``state``: value, zero, missing, na, suppressed, withheld, running, planned or least.

    Least is a part of what is withheld; its text says so.
    """

    year: int | str
    value: float | None
    text: str
    state: str
    squares: tuple[str, ...] = ()
    reached: int = 0

    @property
    def land(self) -> float | None:
        """The value where it may be drawn."""
        return None if self.state in EMPTY else self.value


@dataclass(frozen=True)
class Light:
    """A target over the land: a range has two edges, a minimum light above its edge, an exact one edge."""

    lower: float
    upper: float | None
    form: str

    @property
    def highest(self) -> float:
        """The edge that the picture must hold."""
        return self.upper if self.form == "range" and self.upper else self.lower


@dataclass(frozen=True)
class Frame:
    """What stands round the plots: the domain's mark, the sentence for readers (else made), years under the values."""

    mark: str | None
    label: str | None
    years: bool
    kind: str = ""


def years(
    series: Iterable[Any], mark: str, target: Any, height: int, label: str | None, top: float, under: bool
) -> Markup:
    """Flat bars: one figure over its years, with its target; ``top`` lets several drawings share a scale."""
    figures, light = _figures(series), _light(target)
    frame = Frame(_class_of(mark), label, under)
    return _years(current_code(), figures, light, height, top or _scale(figures, light), frame)


def rounds(series: Iterable[Any], height: int, label: str | None, under: bool) -> Markup:
    """Round-topped bars: different people (U), in their own drawing and never added up."""
    figures = _figures(series)
    return _years(current_code(), figures, None, height, _scale(figures, None), Frame(None, label, under, "u"))


def squares(series: Iterable[Any], mark: str, label: str | None, under: bool, columns: int) -> Markup:
    """A square for each month (6 in a row) or planned week (10 in a row)."""
    return _squares(current_code(), _figures(series), Frame(_class_of(mark), label, under), columns)


def milestones(series: Iterable[Any], mark: str, label: str | None, under: bool) -> Markup:
    """A diamond on a pole for each step that was reached."""
    return _milestones(current_code(), _figures(series), Frame(_class_of(mark), label, under))


def big(series: Iterable[Any], target: Any, expected: float | None, planned: float | None) -> Markup:
    """An indicator's own plots: lines at whole numbers, notches at what is expected, dashes to what is planned."""
    return _big(current_code(), _figures(series), _light(target), expected, planned)


def bare_plots(series: Iterable[Any], drawing: str, target: Any, height: int) -> list[str]:
    """One plot per year as bare SVG, for pictures with a frame of their own; ``drawing`` names a small chart."""
    figures, light = _figures(series), _light(target)
    if drawing == "milestone":
        return [_milestone_plot(each) for each in figures]
    if drawing == "months":
        return [_square_plot(each.squares, 6, 11, 8.5) for each in figures]
    if drawing == "weeks":
        return [_square_plot(each.squares, 10, 6.6, 5.2) for each in figures]
    corner = 24 if drawing == "persons" else 0
    scale = _scale(figures, light)
    return [_plot(each, light, height, scale, corner) for each in figures]


def sentence(series: Iterable[Any]) -> str:
    """The drawing in words."""
    words = _words(current_code())
    return ", ".join(f"{each.year}: {_spoken(each, words)}" for each in _figures(series))


def value_text(item: Any) -> str:
    """What stands under the shore."""
    return _value_text(_figures([item])[0], _words(current_code()))


@lru_cache(maxsize=KEPT)
def _years(
    code: str, figures: tuple[Year, ...], light: Light | None, height: int, scale: float, frame: Frame
) -> Markup:
    corner = 24 if frame.kind == "u" else 0
    return _framed(code, figures, frame, lambda each: _plot(each, light, height, scale, corner))


def _plot(each: Year, light: Light | None, height: int, scale: float, corner: int) -> str:
    inside = [_empty(each, height), _bar(each, height, scale, 25, 50, corner)]
    if light and each.state != "na":
        inside.insert(0, _band(light, height, scale))
        if each.state != "missing":
            inside.append(_edges(light, height, scale))
    return _svg(height, inside)


@lru_cache(maxsize=KEPT)
def _squares(code: str, figures: tuple[Year, ...], frame: Frame, columns: int) -> Markup:
    pitch, side = (11, 8.5) if columns == 6 else (6.6, 5.2)
    return _framed(code, figures, frame, lambda each: _square_plot(each.squares, columns, pitch, side))


def _square_plot(states: Sequence[str], columns: int, pitch: float, side: float) -> str:
    rows = (len(states) + columns - 1) // columns
    drawn = [
        f'<rect class="{escape(state)}" x="{_n(place % columns * pitch + (pitch - side) / 2)}"'
        f' y="{_n(41 - (rows - place // columns) * pitch)}" width="{side}" height="{side}"/>'
        for place, state in enumerate(states)
    ]
    box = f'<svg class="plot sq" width="100%" height="44" viewBox="0 0 {_n(columns * pitch)} 44"'
    return f'{box} preserveAspectRatio="xMidYMax meet">{"".join(drawn)}</svg>'


@lru_cache(maxsize=KEPT)
def _milestones(code: str, figures: tuple[Year, ...], frame: Frame) -> Markup:
    return _framed(code, figures, frame, _milestone_plot)


def _milestone_plot(each: Year) -> str:
    if not each.reached:
        return _svg(34, [_empty(each, 34)])
    places = [100 * (number + 1) / (each.reached + 1) for number in range(each.reached)]
    return _svg(34, [f'<svg x="{_n(place)}%" y="34" overflow="visible">{DIAMOND}</svg>' for place in places])


DIAMOND = (
    '<path class="pole" d="M0-14V0"/><path class="bar" d="M0-29l8 8-8 8-8-8z"/>'
    '<path class="tickmark" d="M-3.2-21l2.4 2.4 4-4.4"/>'
)


@lru_cache(maxsize=KEPT)
def _big(
    code: str, figures: tuple[Year, ...], light: Light | None, expected: float | None, planned: float | None
) -> Markup:
    scale = max(_scale(figures, light) * 1.13, (planned or 0) * 1.1)
    words = _words(code)
    drawn = [_axis(light, scale)]
    for each in figures:
        inside = [_lines(scale)]
        if light and each.state != "na":
            inside.append(_band(light, BIG, scale))
        inside += [_empty(each, BIG), _bar(each, BIG, scale, 20, 60, 0)]
        if light and each.state != "na":
            inside.append(_edges(light, BIG, scale))
        if each.state == "running":
            inside.append(_ahead(each, scale, expected, planned))
        drawn.append(_svg(BIG, [*inside, _number(each, scale, words)]))
    return Markup("".join(drawn))  # noqa: S704 - every text inside went through escape


def _axis(light: Light | None, scale: float) -> str:
    values = dict.fromkeys([light.lower, light.highest]) if light else {}
    drawn = [f'<text x="50%" y="{_n(_y(value, BIG, scale) + 5)}">{_n(value)}</text>' for value in values if value]
    return f'<svg class="axis" width="100%" height="{BIG}">{"".join(drawn)}</svg>'


def _lines(scale: float) -> str:
    step = next((step for step in STEPS if scale / step <= MOST_LINES), STEPS[-1])
    heights = [_n(_y(number * step, BIG, scale)) for number in range(1, int(scale // step) + 1)]
    return "".join(f'<rect class="grid" width="100%" height="1" y="{y}"/>' for y in heights)


def _ahead(each: Year, scale: float, expected: float | None, planned: float | None) -> str:
    drawn = ""
    now = each.land or 0
    if planned and planned > now:
        high = BIG * (planned - now) / scale
        drawn += f'<rect class="plan" x="20%" width="60%" y="{_n(_y(planned, BIG, scale))}" height="{_n(high)}"/>'
    if expected:
        y = _n(_y(expected, BIG, scale))
        for x, path in ((13, "M-8-6.5L2 0l-10 6.5z"), (87, "M8-6.5L-2 0 8 6.5z")):
            drawn += f'<svg x="{x}%" y="{y}" overflow="visible"><path class="notch" d="{path}"/></svg>'
    return drawn


def _number(each: Year, scale: float, words: dict[str, str]) -> str:
    """The value: inside its bar, or over one that is too low for it."""
    if each.land is None and each.state not in EMPTY:
        return ""
    top = _y(each.land or 0, BIG, scale)
    inside = each.land is not None and BIG - top >= 34
    y = top + 26 if inside else {"missing": BIG - 34, "na": BIG - 26}.get(each.state, top - 8)
    colour = "in" if inside and each.state not in BAR_CLASSES else "out"
    return f'<text class="{colour}" x="50%" y="{_n(y)}">{escape(_value_text(each, words))}</text>'


def _framed(code: str, figures: tuple[Year, ...], frame: Frame, plot: Callable[[Year], str]) -> Markup:
    words = _words(code)
    spoken = frame.label or ", ".join(f"{each.year}: {_spoken(each, words)}" for each in figures)
    under = "".join(
        f"<p><b>{escape(_value_text(each, words))}</b>{f'<span>{escape(each.year)}</span>' if frame.years else ''}</p>"
        for each in figures
    )
    plots = "".join(plot(each) for each in figures)
    return Markup(  # noqa: S704 - every text inside went through escape
        f'<div class="years {frame.kind}"><div class="plots {frame.mark or ""}" role="img"'
        f' aria-label="{escape(spoken)}">{plots}</div><div class="vals">{under}</div></div>'
    )


def _svg(height: int, inside: Iterable[str]) -> str:
    return f'<svg class="plot" width="100%" height="{height}">{"".join(inside)}</svg>'


def _bar(each: Year, height: int, scale: float, x: int, wide: int, corner: int) -> str:
    if each.land is None:
        return ""
    tall = max(height * each.land / scale, STUB)
    deep = tall + (40 if corner else 2)
    rounded = f' rx="{corner}"' if corner else ""
    kind = BAR_CLASSES.get(each.state, "bar")
    return f'<rect class="{kind}" x="{x}%" y="{_n(height - tall)}" width="{wide}%" height="{_n(deep)}"{rounded}/>'


def _empty(each: Year, height: int) -> str:
    """Not reported is a dashed empty box, not applicable one stroke: neither looks like a zero."""
    if each.state == "missing":
        tall = min(height * 0.6, MISSING_BOX)
        return f'<rect class="miss" x="25%" y="{_n(height - tall)}" width="50%" height="{_n(tall + 3)}"/>'
    if each.state == "na":
        return f'<svg x="50%" y="{height - 18}" overflow="visible"><path class="na" d="M-6 12L6 0"/></svg>'
    return ""


def _band(light: Light, height: int, scale: float) -> str:
    low = _y(light.lower, height, scale)
    high = {"range": _y(light.highest, height, scale), "minimum": 0.0}.get(light.form, low)
    return f'<rect class="band" width="100%" y="{_n(high)}" height="{_n(low - high)}"/>' if high < low else ""


def _edges(light: Light, height: int, scale: float) -> str:
    heights = [_n(_y(value, height, scale) - EDGE / 2) for value in dict.fromkeys([light.lower, light.highest])]
    return "".join(f'<rect class="edge" width="100%" height="{EDGE}" y="{y}"/>' for y in heights)


def _y(value: float, height: int, scale: float) -> float:
    return height - height * value / scale


def _scale(figures: tuple[Year, ...], light: Light | None) -> float:
    """The value at the top of the picture: bars begin at zero, and a target always has air over it."""
    most = max((each.land or 0 for each in figures), default=0)
    air = 1.4 if light and light.form == "minimum" else 1.15
    return max(most * 1.04, light.highest * air if light else 0, 1)


@lru_cache
def _words(code: str) -> dict[str, str]:
    """The words under and in the drawings, in the language of the page, which is ``code``."""
    return {
        "missing": _("not rep."),
        "not reported": _("not reported"),
        "na": _("not this year"),
        "suppressed": _("fewer than 5"),
        # NOTE: in the place of a number that would give away how few people were behind another number
        "withheld": _("not shown"),
        "running": _("%(value)s so far"),
        "planned": _("%(value)s planned"),
    }


def _spoken(each: Year, words: dict[str, str]) -> str:
    if each.state == "missing":
        return words["not reported"]
    if each.state in EMPTY:
        return words[each.state]
    shown = _value_text(each, words) or "–"
    return words[each.state] % {"value": shown} if each.state in words else shown


def _value_text(each: Year, words: dict[str, str]) -> str:
    if each.text:
        return each.text
    if each.state in EMPTY:
        return {**words, "na": "–", "suppressed": "<5"}[each.state]
    return "" if each.value is None else _n(each.value, grouped=True)


def _figures(series: Iterable[Any]) -> tuple[Year, ...]:
    return tuple(
        Year(
            each.year,
            each.value,
            str(each.text or ""),
            str(each.state),
            tuple(getattr(each, "squares", None) or ()),
            getattr(each, "reached", None) or 0,
        )
        for each in series
    )


def _light(target: Any) -> Light | None:
    return Light(target.lower or 0, target.upper, str(target.form)) if target else None


def _class_of(mark: str) -> str:
    return mark if mark.startswith("d-") else f"d-{mark}"


def _n(number: float, *, grouped: bool = False) -> str:
    """A number as short as it can be written; grouped by thousands with spaces that do not break, for people."""
    text = f"{number:,.2f}" if grouped else f"{number:.2f}"
    text = text.rstrip("0").rstrip(".")
    return text.replace(",", "\u00a0")
