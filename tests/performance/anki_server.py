"""Anki's sync server beside ours, in an environment of its own: only measured, never a dependency.

`INSOMNIA_BENCH_ANKI` names the Python of an environment with the package `anki`. This file is run by that Python too,
and imports nothing of ours.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

SWITCH = "INSOMNIA_BENCH_ANKI"
_PATIENCE_S = 300
_STARTS_WITHIN_S = 20.0


def measured(notes: int, size: int) -> dict[str, float] | None:
    """Return milliseconds by name (`no_op`, `one_change`, `first_up`, `first_down`); None where Anki is not installed.

    `notes` are as many as our documents, with so many characters each.
    """
    python = os.environ.get(SWITCH, "")
    if not python or not Path(python).exists():
        return None
    command = [python, __file__, str(notes), str(size)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=True)
    figures: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return figures


def beside(figures: dict[str, float] | None, name: str) -> str:
    """Return what is said of Anki in a note."""
    if figures is None:
        return f"Anki is not installed ({SWITCH} names no Python with it)"
    return f"Anki in the same run, not encrypted: {figures[name]:,.1f} ms"


def _main(notes: int, size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        port = _free_port()
        settings = {"SYNC_USER1": "u:p", "SYNC_BASE": f"{folder}/server", "SYNC_PORT": str(port)}
        server = subprocess.Popen(
            [sys.executable, "-m", "anki.syncserver"],
            env=os.environ | settings | {"SYNC_HOST": "127.0.0.1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(port)
            figures = _measure(Path(folder), f"http://127.0.0.1:{port}/", notes, size)
        finally:
            server.terminate()
            server.wait()
    print(json.dumps(figures))


def _measure(folder: Path, server: str, notes: int, size: int) -> dict[str, float]:
    from anki.collection import Collection

    def device(name: str, *, upload: bool) -> Any:
        collection = Collection(str(folder / f"{name}.anki2"))
        auth = collection.sync_login("u", "p", server)
        collection.sync_collection(auth, False)
        collection.close_for_full_sync()
        collection.full_upload_or_download(auth=auth, server_usn=None, upload=upload)
        collection.reopen(after_full_sync=True)
        return collection, auth

    def sync(collection: Any, auth: Any) -> float:
        began = time.perf_counter()
        collection.sync_collection(auth, False)
        return (time.perf_counter() - began) * 1000

    first, auth = device("first", upload=True)
    second, second_auth = device("second", upload=False)
    model, deck = first.models.by_name("Basic"), first.decks.id("Default")
    for number in range(notes):
        note = first.new_note(model)
        note["Front"], note["Back"] = f"Request {number}", f"{number} ".ljust(size, "x")
        first.add_note(note, deck)
    figures = {"first_up": sync(first, auth), "first_down": sync(second, second_auth)}
    sync(first, auth)
    figures["no_op"] = statistics.median(sync(first, auth) for _ in range(50))
    changes = []
    for number, note_id in enumerate(first.find_notes("")[:20]):
        note = first.get_note(note_id)
        note["Front"] = f"Changed {number}"
        first.update_note(note)
        changes.append(sync(first, auth))
    figures["one_change"] = statistics.median(changes)
    first.close()
    second.close()
    return figures


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(port: int) -> None:
    ends = time.monotonic() + _STARTS_WITHIN_S
    pause = threading.Event()
    while time.monotonic() < ends:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            # Another's server: it says nothing when it listens.
            pause.wait(0.05)
        else:
            return
    raise TimeoutError("Anki's server does not listen")


if __name__ == "__main__":
    _main(int(sys.argv[1]), int(sys.argv[2]))
