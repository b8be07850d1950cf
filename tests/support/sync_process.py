"""The sync server as a process of its own, started as an operator or the program starts it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.sources import CHECKOUT

_PATIENCE_S = 60.0


class ServerProcess:
    """A server that was started; its standard error is kept."""

    def __init__(self, *arguments: str, parent_pipe: bool = False) -> None:
        pipe = ["--parent-pipe"] if parent_pipe else []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "insomnia_desktop.server", *arguments, *pipe],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE if parent_pipe else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        self._log: list[str] = []
        # Read all the time, or a full pipe stops the server.
        self._reader = threading.Thread(target=self._read_log, name="server-log", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def address(self) -> str:
        """Wait until it listens, and return where."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line.startswith("listening on "), (line, self.end(), self._log)
        return line.removeprefix("listening on ").strip()

    def close_pipe(self) -> None:
        """Let go of its standard input, as the system does for a parent that died."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    def send(self, number: signal.Signals) -> None:
        """Send a signal."""
        self._process.send_signal(number)

    def end(self) -> int:
        """Wait for its end and return the exit status."""
        status = self._process.wait(_PATIENCE_S)
        self._reader.join(_PATIENCE_S)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()
        return status

    def kill(self) -> None:
        """End it with SIGKILL, if it runs."""
        self._process.kill()
        self.end()

    def log(self) -> list[dict[str, object]]:
        """Return the lines of its log."""
        return [json.loads(line) for line in self._log if line.startswith("{")]

    def words(self) -> str:
        """Return what it said on standard error beside the log."""
        return "".join(line for line in self._log if not line.startswith("{"))

    def _read_log(self) -> None:
        assert self._process.stderr is not None
        self._log.extend(self._process.stderr)


@contextmanager
def server_process(*arguments: str, parent_pipe: bool = False) -> Iterator[ServerProcess]:
    """Start a server and kill it at the end of the block, if it still runs."""
    process = ServerProcess(*arguments, parent_pipe=parent_pipe)
    try:
        yield process
    finally:
        process.kill()


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the server to its end."""
    return subprocess.run(
        [sys.executable, "-m", "insomnia_desktop.server", *arguments],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )


def where(database: Path | str) -> list[str]:
    """Return the arguments that name a database."""
    return ["--data-dir", str(database.parent)] if isinstance(database, Path) else ["--database", database]
