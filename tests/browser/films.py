"""Films for a fake camera: codes held up to it one after the other, with nothing to see in between.

Written as YUV4MPEG2 by hand; Chromium plays such a file over and over instead of a camera.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

WIDTH, HEIGHT = 640, 480
FRAMES_PER_SECOND = 5
GREY = 96
WHITE = 235
BLACK = 16
MODULE = 9
QUIET_ZONE = 4


def film(path: Path, scenes: Sequence[tuple[str | None, float]]) -> Path:
    """Write a film of (what the code says or None, seconds); returns its path."""
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n".encode())
        for text, seconds in scenes:
            frame = b"FRAME\n" + picture(text) + bytes([128]) * (WIDTH * HEIGHT // 2)
            file.write(frame * round(seconds * FRAMES_PER_SECOND))
    return path


def picture(text: str | None) -> bytes:
    """The brightness of every pixel: a code in the middle, or only grey."""
    rows = [bytearray([GREY]) * WIDTH for _ in range(HEIGHT)]
    if text is not None:
        matrix = _modules(text)
        size = min(MODULE, HEIGHT // len(matrix))
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


def _modules(text: str) -> list[list[bool]]:
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text, optimize=0)
    code.make(fit=True)
    matrix: list[list[bool]] = code.get_matrix()
    return matrix
