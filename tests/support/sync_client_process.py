"""A program without a window that edits and syncs until it is killed, and says what it is about to do and what it did.

`python -m tests.support.sync_client_process FOLDER SEED WORKSPACE` prints lines of JSON: `{"ready": true}`, then for
each edit `{"begun": EDIT}` before it is asked for and `{"stored": true}` once its commit is done. An edit is a list of
the deed (`make`, `write`, `delete`, `restore`), the request's id and, for the first two, the text.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
from pathlib import Path
from typing import TypeAlias

from insomnia_desktop.app import container
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.ids import new_id
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.model import Document, Edit
from insomnia_desktop.services.application import Services
from insomnia_desktop.store import Origin
from insomnia_desktop.store.command import Command
from insomnia_desktop.store.commands.documents import CreateDocument, DeleteDocuments, PatchDocument, RestoreDocuments
from tests.support.sources import CHECKOUT

EditTold: TypeAlias = list[str]
OWN = "own "
"""How the names of the requests begin that this process makes; it touches no others' text and deletes no others."""
MOST = 40
READY = '{"ready": true}\n'
_PATIENCE_S = 30.0


def start(folder: Path, seed: int, workspace_id: str) -> subprocess.Popen[str]:
    """Start one; what it says on standard error goes to ours."""
    command = [sys.executable, "-m", "tests.support.sync_client_process", str(folder), str(seed), workspace_id]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    return subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True)


class Editor:
    """Edits at random, the same for the same seed and the same requests."""

    def __init__(self, services: Services, workspace_id: str, seed: int) -> None:
        self._services = services
        self._workspace_id = workspace_id
        self._luck = random.Random(seed)
        self._seed = seed
        self._count = 0

    def edit(self) -> None:
        """Do something, and say so before and after; now and then let it be sent at once."""
        told, command = self._next()
        say({"begun": told})
        self._services.store.submit(command, origin=Origin("window")).result(_PATIENCE_S)
        say({"stored": True})
        if self._luck.random() < 0.1:
            self._services.syncing.wake()

    def pause(self) -> float:
        """Return how many seconds the person takes until the next edit."""
        return self._luck.random() * 0.02

    def _next(self) -> tuple[EditTold, Command]:
        self._count += 1
        live, deleted = self._own()
        deed = self._luck.choices(["make", "write", "delete", "restore"], [2, 8, 1, 1])[0]
        text = f"{self._seed}-{self._count}" + "x" * self._luck.choice((0, 10, 300, 4000))
        if (deed == "make" and len(live) + len(deleted) < MOST) or not live:
            made = new_id("request")
            fields = {"name": f"{OWN}{made}", "method": "GET", "url": "", "description": text}
            document = Document(
                id=made,
                kind="request",
                workspace_id=self._workspace_id,
                parent_id=self._workspace_id,
                sort_key="",
                fields=fields,
            )
            return ["make", made, text], CreateDocument(document)
        if deed == "restore" and deleted:
            chosen = self._luck.choice(deleted)
            return ["restore", chosen], RestoreDocuments((chosen,))
        chosen = self._luck.choice(live)
        if deed == "delete" and len(live) > 1:
            return ["delete", chosen], DeleteDocuments((chosen,))
        return ["write", chosen, text], PatchDocument(chosen, (Edit(("description",), text),))

    def _own(self) -> tuple[list[str], list[str]]:
        rows = self._services.store.reader().rows(
            "SELECT id, deleted_at IS NULL FROM document WHERE kind = 'request' AND name LIKE ? ORDER BY id",
            (f"{OWN}%",),
        )
        return [name for name, alive in rows if alive], [name for name, alive in rows if not alive]


def say(value: object) -> None:
    """Print one line of JSON at once."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def live(folder: DataFolder, seed: int, workspace_id: str) -> None:
    """Open the data folder, sync in the background, and edit without end."""
    key_file = folder.root / "vault.key"
    services = container.build(folder, SystemClock(), Origin("window", 1), key_file=key_file)
    services.accounts.warm_up().result(_PATIENCE_S)
    services.syncing.start()
    sys.stdout.write(READY)
    sys.stdout.flush()
    editor, never = Editor(services, workspace_id, seed), threading.Event()
    while True:
        editor.edit()
        never.wait(editor.pause())


if __name__ == "__main__":
    live(DataFolder(Path(sys.argv[1])), int(sys.argv[2]), sys.argv[3])
