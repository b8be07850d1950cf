"""The real program as a process of its own, driven by its control socket; it waits for facts and never sleeps."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

from insomnia_desktop.base.paths import DataFolder
from tests.support.logfail import LET_PASS

CHECKOUT = Path(__file__).resolve().parents[2]
SECONDS = 60
# How much longer than the control itself the test waits for an answer.
_ANSWERS_WITHIN = 80.0


class Program:
    """The window of one data folder; leaving the `with` block ends a program that is still running.

    `look` and `wait` see, the others act; see tests/end2end/control_sight.py and control_deeds.py.
    """

    def __init__(
        self, folder: DataFolder, *, before: Sequence[str] = (), words: Sequence[str] = (), **environment: str
    ) -> None:
        self.folder = folder
        command = [*before, sys.executable, "-m", "tests.end2end.control", "--data-dir", str(folder.root), *words]
        self.process = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines: Any = None
        self._socket: socket.socket | None = None

    def __enter__(self) -> Program:
        assert self.process.stdout is not None
        port = self.process.stdout.readline()
        if not port:
            raise AssertionError(f"the program did not start: {self._errors()}")
        self._socket = socket.create_connection(("127.0.0.1", int(port)), timeout=_ANSWERS_WITHIN)
        self._lines = self._socket.makefile("rw", encoding="utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self._errors()
        if self._socket is not None:
            self._lines.close()
            self._socket.close()

    def do(self, deed: str, **arguments: Any) -> Any:
        """Do something, and fail with the reason if that cannot be done now."""
        return self._ask({"do": deed, **arguments})

    def look(self, sight: str, **arguments: Any) -> Any:
        """Return what is to be seen now."""
        return self._ask({"look": sight, **arguments})

    def wait(self, sight: str, **arguments: Any) -> Any:
        """Wait until what is seen `has` or `lacks` something or `equals` it, and return it; fail after a minute."""
        assert {"has", "lacks", "equals"} & set(arguments)
        return self._ask({"look": sight, **arguments})

    def click(self, name: str) -> None:
        """Click a part, as soon as it is there."""
        self.wait("is_shown", name=name, equals=True)
        self.do("click", name=name)

    def keys(self, keys: str) -> None:
        """Press keys: `Ctrl+N`, or several with blanks between them."""
        self.do("keys", keys=keys)

    def type(self, text: str) -> None:
        """Type a text into what has the focus."""
        self.do("type", text=text)

    def text(self, name: str) -> str:
        """Return the text of a part."""
        return str(self.look("text", name=name))

    def close(self, name: str = "mainWindow") -> None:
        """Close the window, wait for the end of the program, and expect that it had nothing to complain of."""
        self.do("close", name=name)
        self.end(0)
        self.expect_quiet_log()

    def end(self, status: int, *, says: str = "") -> None:
        """Wait for the end of the program; check its status, and that it wrote that to standard error, or nothing."""
        ended = self.process.wait(SECONDS)
        errors = self._errors()
        assert ended == status, errors
        assert says in errors if says else errors == "", errors

    def kill(self) -> None:
        """End the program as the operating system may, without any warning (kill -9)."""
        self.process.kill()
        self.process.wait(SECONDS)

    def expect_quiet_log(self) -> None:
        """Fail if the program logged a warning or wrote a crash report."""
        assert [path.read_text() for path in self.folder.logs.glob("crash-*.txt")] == []
        log = (self.folder.logs / "insomnia-desktop.log").read_text(encoding="utf-8")
        assert re.findall(r"^\S+ \S+ (?:WARNING|ERROR|CRITICAL) .*$", log, re.MULTILINE) == []

    def _ask(self, question: dict[str, Any]) -> Any:
        try:
            self._lines.write(json.dumps(question) + "\n")
            self._lines.flush()
            line = self._lines.readline()
        except OSError as error:
            raise AssertionError(f"{question}: the program is gone ({error}): {self._gone()}") from error
        if not line:
            raise AssertionError(f"{question}: the program is gone: {self._gone()}")
        answer = json.loads(line)
        if "refused" in answer:
            pytest.fail(f"{question}: {answer['refused']}", pytrace=True)
        return answer["ok"]

    def _gone(self) -> str:
        if self.process.poll() is None:
            self.process.kill()
        return self._errors()

    def _errors(self) -> str:
        """Return what was written to standard error, without what Qt says of its offscreen platform."""
        if self.process.stderr is None or self.process.stderr.closed:
            return ""
        lines = self.process.stderr.read().splitlines()
        self.process.wait(SECONDS)
        self.process.stderr.close()
        if self.process.stdout is not None:
            self.process.stdout.close()
        return "\n".join(line for line in lines if not any(pattern.search(line) for pattern in LET_PASS))


def command_line(folder: DataFolder, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the real program on a data folder and return what came of it."""
    command = [sys.executable, "-m", "insomnia_desktop", "--data-dir", str(folder.root), *words]
    return subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=SECONDS, check=False)


def on_small_disk(folder: DataFolder, options: str, *then: str) -> list[str]:
    """Return the words before a command that give it a RAM disk of its own at the data folder.

    A mount of one's own needs no rights in a user namespace, and goes with the process; `then` are commands of a shell
    that run on the disk before the program.
    """
    assert shutil.which("unshare")
    folder.root.mkdir(parents=True, exist_ok=True)
    script = " && ".join(['mount -t tmpfs -o "$0" tmpfs "$1"', *then, "shift", 'exec "$@"'])
    return ["unshare", "-rm", "sh", "-c", script, options, str(folder.root)]
