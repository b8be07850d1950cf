"""Programs around one store, to be killed, to be several at once, and to be put on a small or read-only disk.

`python -m tests.support.store_process STORY FOLDER`; what they find is printed as lines of JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import Store
from insomnia_desktop.store.commands.settings import SetLocal
from insomnia_desktop.store.migrations import MIGRATIONS
from insomnia_desktop.store.queries.documents import workspaces
from insomnia_desktop.store.queries.settings import local
from tests.support.desk import Desk

CHECKOUT = Path(__file__).resolve().parent.parent.parent


def start(story: str, folder: Path, *arguments: str, on_small_disk: str = "") -> subprocess.Popen[str]:
    """Start a story in a process of its own; with `on_small_disk` the folder is a fresh RAM disk with these options."""
    command = [sys.executable, "-m", "tests.support.store_process", story, str(folder), *arguments]
    if on_small_disk:
        # A mount of one's own needs no rights in a user namespace, and goes with the process.
        mount = 'mount -t tmpfs -o "$0" tmpfs "$1" && shift && exec "$@"'
        command = ["unshare", "-rm", "sh", "-c", mount, on_small_disk, str(folder), *command]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    return subprocess.Popen(
        command, cwd=CHECKOUT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def told(story: str, folder: Path, *arguments: str, on_small_disk: str = "") -> list[Any]:
    """Run a story to its end and return what it printed."""
    with start(story, folder, *arguments, on_small_disk=on_small_disk) as process:
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, out
    return [json.loads(line) for line in out.splitlines()]


def say(value: Any) -> None:
    """Print one line of JSON at once."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def write(folder: DataFolder, workspace_id: str) -> None:
    """Make and edit requests without end and say the name of each one when its commit is done."""
    store = Store.open(folder, clock=SystemClock())
    desk = Desk(store)
    say("open")
    number = 0
    while True:
        name = f"{os.getpid()}-{number}"
        request_id = desk.request(workspace_id, "unnamed", body={"type": "text", "text": "x" * (number * 37 % 9000)})
        desk.set(request_id, name=name)
        say(name)
        number += 1


def write_some(folder: DataFolder, workspace_id: str, count: str) -> None:
    """Make so many requests and say their names."""
    store = Store.open(folder, clock=SystemClock())
    desk = Desk(store)
    names = [f"{os.getpid()}-{number}" for number in range(int(count))]
    for name in names:
        desk.request(workspace_id, name)
    store.close()
    say(names)


def first_start(folder: DataFolder) -> None:
    """Open a store that may not be there yet, wait for a line, and say the number of workspaces."""
    store = Store.open(folder, clock=SystemClock())
    count = len(workspaces(store.reader()))
    store.close()
    say(count)


def migrate_slowly(folder: DataFolder) -> None:
    """Begin a migration, say so in the middle of it, and never end it."""

    def second(connection: Any) -> None:
        connection.execute("ALTER TABLE document ADD COLUMN colour TEXT NOT NULL DEFAULT ''")
        connection.execute("DELETE FROM content")
        say("in the middle")
        sys.stdin.read()

    Store.open(folder, clock=SystemClock(), migrations=[*MIGRATIONS, second])


def run_full(folder: DataFolder) -> None:
    """Write until the disk is full, make room, write on; say what failed and whether everything promised is there."""
    ballast = folder.root / "ballast"
    ballast.write_bytes(bytes(1_000_000))
    store = Store.open(folder, clock=SystemClock())
    desk = Desk(store)
    workspace_id = desk.workspace()
    promised: dict[str, str] = {}
    codes = []
    for number in range(2000):
        text = f"{number}-" + "x" * 4000
        try:
            request_id = desk.request(workspace_id, text)
        except KnownError as error:
            codes.append(error.code)
            if len(codes) == 3:
                break
        else:
            promised[request_id] = text
    readable = all(desk.fields(request_id)["name"] == text for request_id, text in promised.items())
    ballast.unlink()
    later = desk.request(workspace_id, "later")
    store.close()
    store = Store.open(folder, clock=SystemClock())
    desk = Desk(store)
    kept = all(desk.fields(request_id)["name"] == text for request_id, text in promised.items())
    say({"codes": codes, "promised": len(promised), "readable": readable, "kept": kept, "later": desk.get(later).name})
    store.close()


def open_full(folder: DataFolder) -> None:
    """Fill the disk, try to open a new store, make room, open it."""
    folder.prepare()
    ballast = folder.root / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    try:
        Store.open(folder, clock=SystemClock()).close()
    except KnownError as error:
        say(error.code)
    ballast.unlink()
    Store.open(folder, clock=SystemClock()).close()
    say("open")


def open_read_only(folder: DataFolder) -> None:
    """Make a store, make its disk read-only, and try to open it, and to make another."""
    store = Store.open(folder, clock=SystemClock())
    Desk(store).run(SetLocal("x", 1))
    store.close()
    before = folder.store_file.read_bytes()
    subprocess.run(["mount", "-o", "remount,ro", str(folder.root)], check=True)
    for tried in (folder, DataFolder(folder.root / "new")):
        try:
            Store.open(tried, clock=SystemClock())
        except KnownError as error:
            say(error.code)
    say(folder.store_file.read_bytes() == before)


def look(folder: DataFolder) -> None:
    """Say what `x` is among the local values."""
    store = Store.open(folder, clock=SystemClock())
    say(local(store.reader(), "x"))
    store.close()


STORIES = {
    story.__name__: story
    for story in (write, write_some, first_start, migrate_slowly, run_full, open_full, open_read_only, look)
}

if __name__ == "__main__":
    STORIES[sys.argv[1]](DataFolder(Path(sys.argv[2])), *sys.argv[3:])  # type: ignore[operator]
