"""The command line on disks that are full or may only be read: one sentence, nothing lost, and it works again later."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from insomnia_desktop.base.paths import DataFolder
from tests.end2end.process import CHECKOUT, on_small_disk
from tests.support.http_echo import LARGE, EchoServer

_SECONDS = 60
_FULL = "There is no room to save. Nothing that was saved is lost. Make room on the disk, and try again."


@pytest.fixture
def server() -> Iterator[EchoServer]:
    """A server on loopback with an answer of 20 MB."""
    with EchoServer() as server:
        yield server


class Disk:
    """A small disk of its own at the data folder, on which shell scripts run; `@` stands for the program."""

    def __init__(self, folder: DataFolder) -> None:
        self.folder = folder

    def run(self, size: str, *lines: str) -> list[str]:
        """Return the lines that the script wrote to both streams, `=N` for the exit status N of each line."""
        program = f"{sys.executable} -m insomnia_desktop --data-dir {self.folder.root}"
        script = "\n".join(f"{line.replace('@', program)}; echo ={{$?}}" for line in lines).replace("{$?}", "$?")
        ended = subprocess.run(
            [*on_small_disk(self.folder, f"size={size}"), "sh", "-c", script],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_SECONDS,
            check=True,
        )
        assert "Traceback" not in ended.stdout
        assert "inside the program" not in ended.stdout
        return ended.stdout.splitlines()


@pytest.fixture
def disk(data_folder: DataFolder) -> Disk:
    """The disk of a test."""
    return Disk(data_folder)


def test_a_body_that_fills_the_disk_is_kept_as_far_as_there_is_room_and_named(disk: Disk, server: EchoServer) -> None:
    listed = f"cat {disk.folder.responses}/* | wc -c"
    said = disk.run(
        "8m",
        f"@ requests create Large --url {server.url}/large",
        "@ send Large",
        listed,
        "@ requests create After --url u",
        "@ requests list --json",
    )
    assert said[3] == "=1"
    assert said[2].startswith("There was no room for all of the answer.")
    kept = int(said[4])
    assert 2_000_000 < kept < LARGE
    assert said[7] == "=0"
    assert [row["name"] for row in json.loads("\n".join(said[8:-1]))] == ["Large", "After"]


def test_a_body_that_is_not_kept_leaves_the_disk_as_it_was(disk: Disk, server: EchoServer) -> None:
    count = f"ls {disk.folder.responses} | wc -l"
    said = disk.run(
        "8m", f"@ send --url {server.url}/large", count, f"@ send --url {server.url}/bytes >/dev/null", count
    )
    assert said[0].startswith("There was no room for all of the answer.")
    assert said[1:] == ["=1", "0", "=0", "=0", "0", "=0"]


def test_a_full_disk_refuses_each_write_until_there_is_room(disk: Disk) -> None:
    ballast = disk.folder.root / "ballast"
    said = disk.run(
        "4m",
        "@ requests create Kept --url u >/dev/null",
        f"head -c 16m /dev/zero > {ballast} 2>/dev/null || true",
        "@ requests create Lost --url u",
        "@ requests create Lost --url u",
        f"rm {ballast}",
        "@ requests create Later --url u >/dev/null",
        "@ requests list --json",
    )
    assert said[:7] == ["=0", "=0", _FULL, "=1", _FULL, "=1", "=0"]
    assert [row["name"] for row in json.loads("\n".join(said[8:-1]))] == ["Kept", "Later"]


def test_no_room_for_a_first_store_is_named(disk: Disk) -> None:
    assert disk.run("100k", "@ requests list") == [_FULL, "=1"]


def test_what_may_only_be_read_is_named_whatever_it_is(disk: Disk, server: EchoServer) -> None:
    root = disk.folder.root

    def only_read(path: Path) -> str:
        return f"mount --bind {path} {path} && mount -o remount,ro,bind {path}"

    made = f"@ requests create A --url {server.url}/bytes >/dev/null"
    listed = disk.run("8m", made, f"mount -o remount,ro {root}", "@ requests list", "@ send A")
    assert listed[1:] == ["=0", *[_only_read(root), "=1"] * 2]
    assert disk.run("8m", made, only_read(disk.folder.store_file), "@ requests list")[-2:] == [_only_read(root), "=1"]
    responses = disk.folder.responses
    assert disk.run("8m", made, only_read(responses), "@ send A")[-2:] == [_only_read(responses), "=1"]
    # Without its log the program works.
    assert disk.run("8m", made, only_read(disk.folder.logs), "@ send A >/dev/null")[-1] == "=0"


def _only_read(folder: Path) -> str:
    return (
        f"Nothing can be written into the folder {folder}. Look at who may write there, or start with --data-dir and"
        " another folder."
    )
