"""Unpack the archives of the npm package @sparticuz/chromium; runs inside the virtual environment, for its brotli.

The package's own unpacker writes to one fixed temporary folder and brings its libraries along only on one
hosting platform, so this does the same in a folder of ours and starts the browser through a small script.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import brotli

ARCHIVES = "node_modules/@sparticuz/chromium/bin"
LIBRARIES = ("al2023.tar.br", "swiftshader.tar.br", "fonts.tar.br")
CHUNK = 1 << 20

# The package's own file names folders of its hosting platform: with it every text would be empty here.
FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{folder}/fonts-cache</cachedir>
</fontconfig>
"""

STARTER = """#!/bin/sh
export LD_LIBRARY_PATH="{folder}/lib:$LD_LIBRARY_PATH" FONTCONFIG_FILE="{folder}/fonts.conf"
exec "{folder}/chrome" "$@"
"""


def main(folder: Path) -> None:
    """Leave chrome, its libraries and fonts, and the script that starts it in the folder."""
    archives = folder / ARCHIVES
    with (folder / "chrome").open("wb") as chrome:
        chrome.writelines(decompressed(archives / "chromium.br"))
    (folder / "chrome").chmod(0o755)
    for name in LIBRARIES:
        _extract(archives / name, folder)
    (folder / "fonts.conf").write_text(FONTS_CONF.format(folder=folder))
    starter = folder / "chromium"
    starter.write_text(STARTER.format(folder=folder))
    starter.chmod(0o755)
    shutil.rmtree(folder / "node_modules")


def decompressed(archive: Path) -> Iterator[bytes]:
    """The content of a brotli file, a piece at a time: whole it would fill a small machine's memory."""
    decoder = brotli.Decompressor()
    with archive.open("rb") as stream:
        while piece := stream.read(CHUNK):
            yield decoder.process(piece)


def _extract(archive: Path, folder: Path) -> None:
    plain = folder / archive.stem
    with plain.open("wb") as stream:
        stream.writelines(decompressed(archive))
    subprocess.run(["tar", "-xf", plain, "-C", folder], check=True)
    plain.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
