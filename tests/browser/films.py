"""Films for a fake camera: codes held up to it one after the other, with nothing to see in between.

Written as YUV4MPEG2 by hand; Chromium plays such a file over and over instead of a camera. A scene may show its code
as bad light and shaking hands do: ``rotated``, ``dark``, ``blurred``, ``small``, ``glare`` or ``hard``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

WIDTH, HEIGHT = 640, 480
BIG = (1280, 720)
"""What today's phones film; the bad films need its finer grain."""
FRAMES_PER_SECOND = 5
GREY = 96
WHITE = 235
BLACK = 16
MODULE = 9
QUIET_ZONE = 4
TAKES = 4
"""Frames of a bad film that differ: another noise, another angle."""
ROUNDS = 2


def film(path: Path, scenes: Sequence[tuple[str | None, float]]) -> Path:
    """Write a film of (what the code says or None, seconds); returns its path."""
    with path.open("wb") as file:
        file.write(_header(WIDTH, HEIGHT))
        for text, seconds in scenes:
            frame = b"FRAME\n" + picture(text) + bytes([128]) * (WIDTH * HEIGHT // 2)
            file.write(frame * round(seconds * FRAMES_PER_SECOND))
    return path


def bad_film(path: Path, scenes: Mapping[str, str]) -> Path:
    """Write a film that shows each code in its bad way (way to text), for a moment each, over and over."""
    width, height = BIG
    colours = bytes([128]) * (width * height // 2)
    with path.open("wb") as file:
        file.write(_header(width, height))
        for way, text in scenes.items():
            takes = [b"FRAME\n" + BAD_WAYS[way](_code(text), take).tobytes() + colours for take in range(TAKES)]
            file.write(b"".join(takes) * ROUNDS)
    return path


def picture(text: str | None) -> bytes:
    """The brightness of every pixel: a code in the middle, or only grey."""
    rows = [bytearray([GREY]) * WIDTH for _ in range(HEIGHT)]
    if text is not None:
        matrix = _modules(text)
        size = max(1, min(MODULE, HEIGHT // len(matrix)))
        left, top = (WIDTH - size * len(matrix)) // 2, (HEIGHT - size * len(matrix)) // 2
        for y, line in enumerate(matrix):
            drawn = b"".join(bytes([BLACK if dark else WHITE]) * size for dark in line)
            for row in rows[top + y * size : top + (y + 1) * size]:
                row[left : left + len(drawn)] = drawn
    return b"".join(rows)


def flags_for(path: Path) -> tuple[str, ...]:
    """What makes Chromium show this film as its camera, without asking."""
    return (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    )


def _header(width: int, height: int) -> bytes:
    return f"YUV4MPEG2 W{width} H{height} F{FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n".encode()


def _rotated(code: Image.Image, take: int) -> Image.Image:
    return _held_up(code, share=0.62, angle=27 + take)


def _dark(code: Image.Image, _take: int) -> Image.Image:
    return _noisy(ImageEnhance.Brightness(_held_up(code, share=0.62)).enhance(0.16), strength=12)


def _blurred(code: Image.Image, _take: int) -> Image.Image:
    """Blurred by about 0.4 module."""
    side = 0.62 * BIG[1]
    return _held_up(code, share=0.62).filter(ImageFilter.GaussianBlur(side / 33 / 2.6))


def _small(code: Image.Image, _take: int) -> Image.Image:
    return _held_up(code, share=0.22)


def _glare(code: Image.Image, _take: int) -> Image.Image:
    """A lamp mirrored over one of the three corners by which a code is found."""
    width, height = BIG
    light = Image.new("L", BIG)
    ImageDraw.Draw(light).ellipse((width * 0.5, height * 0.2, width * 0.72, height * 0.5), fill=190)
    return ImageChops.add(_held_up(code, share=0.62), light.filter(ImageFilter.GaussianBlur(40)))


def _hard(code: Image.Image, take: int) -> Image.Image:
    """Small, aslant, blurred, pale and noisy at once."""
    soft = _held_up(code, share=0.38, angle=27 + take).filter(ImageFilter.GaussianBlur(1.6))
    return _noisy(ImageEnhance.Contrast(soft).enhance(0.4), strength=22)


BAD_WAYS: dict[str, Callable[[Image.Image, int], Image.Image]] = {
    "rotated": _rotated,
    "dark": _dark,
    "blurred": _blurred,
    "small": _small,
    "glare": _glare,
    "hard": _hard,
}


def _held_up(code: Image.Image, *, share: float, angle: int = 0) -> Image.Image:
    """The code in the middle of a grey picture, so high a share of it, turned."""
    width, height = BIG
    ground = Image.new("L", BIG, GREY)
    held = code.resize((int(height * share),) * 2, Image.Resampling.LANCZOS)
    mask = Image.new("L", held.size, 255)
    if angle:
        held, mask = (each.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC) for each in (held, mask))
    ground.paste(held, ((width - held.width) // 2, (height - held.height) // 2), mask)
    return ground


def _noisy(image: Image.Image, *, strength: float) -> Image.Image:
    return ImageChops.add(image, Image.effect_noise(BIG, strength), 1, -128)


def _code(text: str) -> Image.Image:
    matrix = _modules(text)
    drawn = Image.new("L", (len(matrix),) * 2)
    drawn.putdata([BLACK if dark else WHITE for line in matrix for dark in line])
    return drawn.resize((len(matrix) * 12,) * 2, Image.Resampling.NEAREST)


def _modules(text: str) -> list[list[bool]]:
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text, optimize=0)
    code.make(fit=True)
    matrix: list[list[bool]] = code.get_matrix()
    return matrix
