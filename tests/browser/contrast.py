"""Contrast measured in pixels, for texts whose background axe cannot make out: pictures, gradients, layers.

Each text is looked at twice, once invisible and once in a glaring colour: where the two differ its letters are,
and the first look shows what lies behind them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image
from playwright.sync_api import Page

ENOUGH, ENOUGH_FOR_LARGE = 4.5, 3.0
"""WCAG 2.2, 1.4.3."""
GLARING = (255, 0, 255)
COVERED = 0.6
"""From this share on a pixel belongs to a letter; below it is the soft edge."""
LEARN = """
(selectors) => {
  const brush = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgba = (colour) => {
    brush.clearRect(0, 0, 1, 1); brush.fillStyle = colour; brush.fillRect(0, 0, 1, 1);
    return [...brush.getImageData(0, 0, 1, 1).data];
  };
  const opacity = (each) => (each ? Number(getComputedStyle(each).opacity) * opacity(each.parentElement) : 1);
  return selectors.map((selector) => {
    const each = document.querySelector(selector), style = getComputedStyle(each);
    const [red, green, blue, alpha] = rgba(each instanceof SVGElement ? style.fill : style.color);
    const size = parseFloat(style.fontSize);
    const rects = [...each.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
      .flatMap((node) => {
        const range = document.createRange();
        range.selectNodeContents(node);
        return [...range.getClientRects()];
      }).map((box) => [box.left + scrollX, box.top + scrollY, box.right + scrollX, box.bottom + scrollY]);
    return {colour: [red, green, blue, (alpha / 255) * opacity(each)], rects,
            large: size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)};
  });
}
"""
PAINT = """
([selectors, colour]) => {
  for (const selector of selectors) {
    const each = document.querySelector(selector);
    for (const name of ["color", "fill", "-webkit-text-fill-color", "text-decoration-color"]) {
      if (colour) each.style.setProperty(name, colour, "important"); else each.style.removeProperty(name);
    }
  }
}
"""
Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Measured:
    """The least contrast between a text and what lies behind it; None when nothing of the text can be seen."""

    selector: str
    ratio: float | None
    needed: float

    @property
    def is_enough(self) -> bool:
        """Whether it can be read."""
        return self.ratio is not None and self.ratio >= self.needed


def measure(page: Page, selectors: Sequence[str]) -> list[Measured]:
    """Measure these texts as the page shows them now."""
    if not selectors:
        return []
    known = page.evaluate(LEARN, list(selectors))
    behind = _look(page, selectors, "transparent")
    letters = _look(page, selectors, "rgb({}, {}, {})".format(*GLARING))
    page.evaluate(PAINT, [list(selectors), ""])
    return [_measured(selector, text, behind, letters) for selector, text in zip(selectors, known, strict=True)]


def _look(page: Page, selectors: Sequence[str], colour: str) -> Image.Image:
    page.evaluate(PAINT, [list(selectors), colour])
    return Image.open(io.BytesIO(page.screenshot(full_page=True, animations="disabled"))).convert("RGB")


def _measured(selector: str, text: dict[str, Any], behind: Image.Image, letters: Image.Image) -> Measured:
    needed = ENOUGH_FOR_LARGE if text["large"] else ENOUGH
    backgrounds = {each for rect in text["rects"] for each in _behind_letters(rect, behind, letters)}
    ratios = [contrast(_over(text["colour"], each), each) for each in backgrounds]
    return Measured(selector, round(min(ratios), 2) if ratios else None, needed)


def _behind_letters(rect: Sequence[float], behind: Image.Image, letters: Image.Image) -> Iterator[Colour]:
    left, top, right, bottom = (round(each) for each in rect)
    box = (max(left, 0), max(top, 0), min(right, behind.width), min(bottom, behind.height))
    if box[0] >= box[2] or box[1] >= box[3]:
        return
    pairs = zip(_pixels(behind.crop(box)), _pixels(letters.crop(box)), strict=True)
    for without, with_letter in pairs:
        reach = sum(abs(a - b) for a, b in zip(GLARING, without, strict=True))
        if sum(abs(a - b) for a, b in zip(with_letter, without, strict=True)) >= COVERED * reach > 0:
            yield without


def _pixels(picture: Image.Image) -> Iterator[Colour]:
    bands = iter(picture.tobytes())
    return zip(bands, bands, bands, strict=True)


def _over(colour: Sequence[float], background: Colour) -> Colour:
    alpha = colour[3]
    red, green, blue = (alpha * front + (1 - alpha) * back for front, back in zip(colour, background, strict=False))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours (WCAG 2.2, definition of contrast ratio)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(each / 255) for each in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
