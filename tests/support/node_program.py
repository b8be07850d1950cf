"""The client in Node of tests/node, with its packages, and a real server in a process of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.sources import CHECKOUT, TESTS

SOURCES = TESTS / "node"
MISSING = [program for program in ("node", "npm") if shutil.which(program) is None]
LEFT_OUT = f"no {' and no '.join(MISSING)} on this machine: the client in Node was not run against the server"
INSTALL_SECONDS = 90
SECONDS = 60
# What npm says where there is no network.
_OFFLINE = re.compile(r"\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED)\b")


class RegistryOutOfReach(Exception):
    """npm is there and reaches no registry; the message is what is to be told."""


@dataclass(frozen=True)
class NodeClient:
    """The program in Node, with its packages."""

    folder: Path

    def ask(self, command: str, **question: Any) -> dict[str, Any]:
        """Run one command and return its answer, the last line that it prints; other lines are merged into it."""
        ended = subprocess.run(
            ["node", "client.mjs", command],
            cwd=self.folder,
            input=json.dumps(question),
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS,
        )
        assert ended.returncode in (0, 1), ended.stderr
        answer: dict[str, Any] = {}
        for line in ended.stdout.splitlines():
            answer |= json.loads(line)
        assert answer.get("ok") is (ended.returncode == 0), ended.stderr
        return answer

    def do(self, command: str, **question: Any) -> dict[str, Any]:
        """Run a command that must succeed."""
        answer = self.ask(command, **question)
        assert answer["ok"], answer
        return answer

    def refused(self, command: str, **question: Any) -> dict[str, Any]:
        """Run a command that must not succeed, and return the rest of its answer."""
        answer = self.ask(command, **question)
        assert answer.pop("ok") is False
        return answer

    @contextmanager
    def running(self, command: str, **question: Any) -> Iterator[subprocess.Popen[str]]:
        """Run a command that takes its time; what it prints is read from `stdout`, and it must end by itself."""
        with subprocess.Popen(
            ["node", "client.mjs", command],
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        ) as process:
            assert process.stdin is not None
            try:
                process.stdin.write(json.dumps(question))
                process.stdin.close()
                yield process
                assert process.wait(SECONDS) == 0
            finally:
                if process.poll() is None:
                    process.kill()


def install(folder: Path) -> NodeClient:
    """Copy the client into a folder and let npm install its packages; raises RegistryOutOfReach without a network."""
    for source in (*SOURCES.glob("*.mjs"), SOURCES / "package.json"):
        shutil.copy(source, folder)
    npm = shutil.which("npm")
    assert npm is not None
    words = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--no-update-notifier"]
    installed = subprocess.run(
        words, cwd=folder, env=_environment_of_npm(), capture_output=True, encoding="utf-8", timeout=INSTALL_SECONDS
    )
    offline = _OFFLINE.search(installed.stderr)
    if installed.returncode and offline is not None:
        raise RegistryOutOfReach(f"npm reaches no registry ({offline[0]}): the client in Node was not run")
    assert installed.returncode == 0, f"npm is there, but did not install the packages:\n{installed.stderr}"
    assert not (folder / "package-lock.json").exists()
    return NodeClient(folder)


@contextmanager
def server_process(folder: Path, *words: str) -> Iterator[str]:
    """Run the real server as a process and give its address; `folder` keeps its data and its log."""
    command = [sys.executable, "-m", "insomnia_desktop.server", "--data-dir", str(folder / "server")]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--port", "0", "--parent-pipe", *words, "run"],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            encoding="utf-8",
        )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line.startswith("listening on "), (folder / "server.log").read_text(encoding="utf-8")
            yield line.removeprefix("listening on ").strip()
            process.stdin.close()
            assert process.wait(SECONDS) == 0
        finally:
            if process.poll() is None:
                process.kill()


def _environment_of_npm() -> dict[str, str]:
    """Return the environment with the person's own settings of npm: the tests have a home of their own."""
    environment = dict(os.environ)
    if sys.platform != "win32":
        import pwd

        settings = Path(pwd.getpwuid(os.getuid()).pw_dir, ".npmrc")
        if settings.exists():
            environment.setdefault("NPM_CONFIG_USERCONFIG", str(settings))
    return environment
