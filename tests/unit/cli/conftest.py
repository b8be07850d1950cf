"""Runs commands as the program does, in this process, on a data folder of the test's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from insomnia_desktop.app import container
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.cli.parser import parse
from insomnia_desktop.cli.run import run
from insomnia_desktop.store.changes import Origin
from tests.support.http_echo import EchoServer


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended and what it wrote."""

    status: int
    output: bytes
    errors: str

    @property
    def text(self) -> str:
        """Standard output as text, without the line break at its end."""
        return self.output.decode("utf-8").removesuffix("\n")

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.output)


class Program:
    """Runs one command after another; `crashes` are the errors that nobody knew by name."""

    def __init__(self, folder: DataFolder, captured: pytest.CaptureFixture[bytes]) -> None:
        self._folder = folder
        self._captured = captured
        self.crashes: list[BaseException] = []

    def __call__(self, *words: str) -> Ended:
        """Run a command."""
        build = partial(container.build, self._folder, SystemClock(), Origin("command_line"))
        self._captured.readouterr()
        try:
            status = run(parse(words), build, report=lambda error, where: self.crashes.append(error))
        except SystemExit as ended:
            status = int(ended.code or 0)
        output, errors = self._captured.readouterr()
        return Ended(status, output, errors.decode("utf-8"))

    def json(self, *words: str) -> Any:
        """Run a command with --json that has to go well, and return what it wrote."""
        ended = self(*words, "--json")
        assert ended.status == 0, ended
        return ended.json

    def fails(self, *words: str) -> dict[str, str]:
        """Run a command that has to fail in both forms, and return the error."""
        plain = self(*words)
        assert (plain.status, plain.output) == (1, b"")
        ended = self(*words, "--json")
        assert ended.status == 1
        error: dict[str, str] = ended.json["error"]
        assert set(error) == {"code", "message", "hint"}
        assert plain.errors == f"{error['message']} {error['hint']}".strip() + "\n"
        assert not self.crashes
        return error


@pytest.fixture
def program(data_folder: DataFolder, capsysbinary: pytest.CaptureFixture[bytes]) -> Program:
    """The program on a fresh data folder."""
    return Program(data_folder, capsysbinary)


@pytest.fixture
def server() -> Iterator[EchoServer]:
    """A server on loopback that tells what it was asked."""
    with EchoServer() as server:
        yield server
