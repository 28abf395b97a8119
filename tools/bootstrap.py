"""The commands of a fresh clone; standard library only, since nothing is installed yet when they start.

./run                               set up, fill a demo database, serve
./test [--all] [pytest arguments]   set up for tests, then pytest
make check, make bench, make i18n   the same for developers (or: python3 -m tools.bootstrap check)
python3 -m tools.bootstrap install  only what the product needs, for a server
python3 -m tools.bootstrap serve    the production server, with the environment as it is
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from typing import NoReturn

from tools.setup.browser import ensure_browser, ensure_driver
from tools.setup.browser_code import ensure_browser_code
from tools.setup.calendar_clients import ensure_calendar_clients
from tools.setup.catalogues import ensure_catalogues
from tools.setup.environment import RUNTIME, TESTS, ensure_environment, ensure_packages
from tools.setup.keys import ensure_keys
from tools.setup.pdf_checker import ensure_pdf_checker
from tools.setup.serving import ensure_port_is_free, is_sqlite, serve
from tools.setup.system import INSTANCE, PYTHON, ROOT, SetupError, fingerprint, run, say

PYTHON_NEEDED = (3, 11)

WELCOME = """
  Delaktig   {base_url}

  Residents  {base_url}/
  Staff      {base_url}/sv/sign-in
"""
DEMO_SIGN_INS = """
  Demo sign-ins, password delaktig-demo
    coordinator@demo.invalid   the city's coordinator
    organiser@demo.invalid     runs activities and doors
    owner@demo.invalid         reports for a responsible party
    council@demo.invalid       follows the programme
"""


def run_delaktig(_arguments: list[str]) -> int:
    """./run: everything from nothing to a served page."""
    env = _serving_environment()
    ensure_port_is_free(int(env["PORT"]))
    install([])
    _prepare_database(env)
    _welcome(env)
    return serve(env)


def test(arguments: list[str]) -> int:
    """./test: pytest with a browser and PostgreSQL; its exit code is ours."""
    everything = "--all" in arguments
    chosen = [argument for argument in arguments if argument != "--all"]
    install_for_tests([])
    ensure_driver()
    ensure_calendar_clients()
    ensure_pdf_checker()
    env = {**os.environ, "CHROMIUM": ensure_browser(), "DELAKTIG_ALL": "1" if everything else ""}
    # Two processes halve the whole suite; for a chosen few tests starting them costs more than it saves.
    whole = all(argument.startswith("--") for argument in chosen)
    _become("-m", "pytest", *(["-n", "2", "--dist", "worksteal"] if whole else []), *chosen, env=env)


def check(_arguments: list[str]) -> int:
    """make check: lint, types, templates, translations."""
    install_for_tests([])
    _become("-m", "tools.check")


def bench(arguments: list[str]) -> int:
    """make bench: the benchmarks, which need what the tests need."""
    install_for_tests([])
    ensure_driver()
    _become("-m", "bench", *arguments, env={**os.environ, "CHROMIUM": ensure_browser()})


def install(_arguments: list[str]) -> int:
    """Everything that the product itself needs, and nothing else."""
    ensure_environment()
    ensure_packages(RUNTIME)
    ensure_browser_code(with_tests=False)
    ensure_catalogues()
    return 0


def install_for_tests(_arguments: list[str]) -> int:
    """Everything that tests and checks need, save the browser."""
    ensure_environment()
    ensure_packages(TESTS)
    ensure_browser_code(with_tests=True)
    ensure_catalogues()
    return 0


def serve_only(_arguments: list[str]) -> int:
    """The production server, with jobs: nothing is installed, migrated or made up on the way."""
    return serve({"PORT": "8000", "BACKGROUND_JOBS": "1", **os.environ})


COMMANDS: Mapping[str, Callable[[list[str]], int]] = {
    "run": run_delaktig,
    "test": test,
    "check": check,
    "bench": bench,
    "install": install,
    "install-for-tests": install_for_tests,
    "serve": serve_only,
}


def main(arguments: list[str]) -> int:
    """Run the named command; trouble ends in a sentence, not a traceback."""
    if sys.version_info < PYTHON_NEEDED:
        print(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    command = COMMANDS.get(arguments[0] if arguments else "")
    if command is None:
        print(__doc__)
        return 2
    try:
        return command(arguments[1:])
    except SetupError as problem:
        print(f"\n{problem}\n", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _serving_environment() -> dict[str, str]:
    """The settings of ./run: what the environment says, and for the rest a demo on this machine."""
    port = os.environ.get("PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise SetupError(f"PORT={port} is not a port: choose a number below 65536.")
    defaults = {"DEMO": "1", "BASE_URL": f"http://127.0.0.1:{port}", "BACKGROUND_JOBS": "1"}
    return {**defaults, **os.environ, "PORT": port, **ensure_keys(os.environ)}


def _prepare_database(env: Mapping[str, str]) -> None:
    """Migrate and fill the database. The one in instance/ is left alone while its migrations are the same.

    A database elsewhere may have been exchanged for another since, so it is asked at every start.
    """
    stamp, embedded = INSTANCE / "prepared", INSTANCE / "delaktig.db"
    mark = fingerprint(env["DEMO"], *sorted((ROOT / "migrations" / "versions").glob("*.py")))
    ours = not env.get("DATABASE_URL")
    if ours and embedded.exists() and stamp.exists() and stamp.read_text() == mark:
        return
    say("Preparing the database")
    # No timed jobs meanwhile: they would look for tables that are not there yet.
    run([PYTHON, "-m", "tools.setup.database"], env={**env, "BACKGROUND_JOBS": "0"})
    if ours:
        stamp.write_text(mark)


def _welcome(env: Mapping[str, str]) -> None:
    print(WELCOME.format(base_url=env["BASE_URL"]), end="")
    if env["DEMO"] == "1":
        print(DEMO_SIGN_INS, end="")
    kind = "an embedded SQLite database in instance/" if is_sqlite(env.get("DATABASE_URL", "")) else "PostgreSQL"
    print(f"\n  Data in {kind}; stop with Ctrl-C.\n", flush=True)


def _become(*arguments: str, env: Mapping[str, str] | None = None) -> NoReturn:
    """Turn into a program of the virtual environment: its exit code is ours, and a signal to us is one to it."""
    os.chdir(ROOT)
    os.execve(PYTHON, [str(PYTHON), *arguments], dict(env or os.environ))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
