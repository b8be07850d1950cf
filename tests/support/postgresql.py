"""A real PostgreSQL from the machine's own binaries, in a folder made for it, with an empty database for each test."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_USER = "postgres"
# PostgreSQL refuses to run as root.
_UNPRIVILEGED = "nobody"
_PLACES = ("/usr/lib/postgresql", "/usr/local/lib/postgresql", "/usr")
_PATIENCE_S = 30
_SETTINGS = {
    "listen_addresses": "''",
    # What is tested is the server's transactions; the disk of the machine is not.
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "32MB",
}
_DURABLE = {"fsync": "on", "full_page_writes": "on"}


def binaries() -> Path | None:
    """Return the folder with `initdb` and `postgres`, the newest one; None where the machine has no PostgreSQL."""
    found = [Path(at).resolve().parent for at in (shutil.which("initdb"),) if at]
    for place in _PLACES:
        found += [path.parent for path in Path(place).glob("*/bin/initdb")] + [
            path.parent for path in Path(place).glob("bin/initdb")
        ]
    whole = [folder for folder in found if (folder / "postgres").exists() and (folder / "pg_ctl").exists()]
    return max(whole, key=_version, default=None)


class PostgresServer:
    """A cluster that runs; it listens on a socket in its folder and on no port."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def address(self) -> str:
        """The address of its database, for the sync server."""
        return f"postgresql+asyncpg://{_USER}@/{_USER}?host={self._folder}"

    def empty(self) -> str:
        """Empty the database and return its address; a new one for each test would be thousands of files."""
        # What a server that was killed left connected.
        others = "pid <> pg_backend_pid() AND datname = current_database()"
        self.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        self.execute("DROP SCHEMA public CASCADE")
        self.execute("CREATE SCHEMA public")
        return self.address

    def execute(self, statement: str) -> list[tuple[object, ...]]:
        """Run a statement and return its rows."""
        return asyncio.run(self._execute(statement))

    async def _execute(self, statement: str) -> list[tuple[object, ...]]:
        import asyncpg

        connection = await asyncpg.connect(host=str(self._folder), user=_USER, database=_USER)
        try:
            return [tuple(row) for row in await connection.fetch(statement)]
        finally:
            await connection.close()


@contextmanager
def running(folder_of_binaries: Path, *, durable: bool = False) -> Iterator[PostgresServer]:
    """Make a cluster, run it, and remove it; a `durable` one waits for the disk, as an operator's does."""
    # Not below pytest's own folder, which another user may not enter.
    folder = Path(tempfile.mkdtemp(prefix="insomnia-pg-"))
    try:
        if _is_root():
            shutil.chown(folder, _UNPRIVILEGED)
        cluster = folder / "cluster"
        _run(folder_of_binaries / "initdb", "-D", cluster, "-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C")
        settings = _SETTINGS | (_DURABLE if durable else {})
        options = " ".join([f"-k {folder}", *(f"-c {name}={value}" for name, value in settings.items())])
        control = folder_of_binaries / "pg_ctl"
        _run(control, "-D", cluster, "-w", "-t", _PATIENCE_S, "-l", folder / "log", "-o", options, "start")
        try:
            yield PostgresServer(folder)
        finally:
            _run(control, "-D", cluster, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(*command: object) -> None:
    done = subprocess.run(
        [str(word) for word in command],
        user=_UNPRIVILEGED if _is_root() else None,
        cwd=tempfile.gettempdir(),
        stdin=subprocess.DEVNULL,
        # Not a pipe: the cluster inherits it, and reading to its end would wait for the cluster's.
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=2 * _PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, f"{command[0]} ended with {done.returncode}"


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _version(folder: Path) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", folder.parent.name)]
