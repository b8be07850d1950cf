"""Finds the measurements and runs each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from tests.performance.row import Row

FOLDER = Path(__file__).resolve().parent
CHECKOUT = FOLDER.parent.parent


def names() -> list[str]:
    """Return the names of the measurements: `bench_store.py` is `store`."""
    return sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))


def measured(name: str) -> Iterator[Row]:
    """Run one measurement in a fresh process and give its rows as they come.

    Raises subprocess.CalledProcessError when the measurement fails; its own output is on standard error.
    """
    command = [sys.executable, "-m", "tests.performance", "--rows-of", name]
    with (
        tempfile.TemporaryDirectory(prefix="insomnia-desktop-bench-") as home,
        subprocess.Popen(command, cwd=CHECKOUT, env=_environment(home), stdout=subprocess.PIPE, text=True) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            yield Row(**json.loads(line))
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


def print_rows_of(name: str) -> None:
    """Measure in this process and print each row as a line of JSON (the other end of `measured`)."""
    # What a measurement prints itself must not end up between the rows.
    rows, sys.stdout = sys.stdout, sys.stderr
    for row in import_module(f"tests.performance.bench_{name}").rows():
        print(json.dumps(asdict(row)), file=rows, flush=True)


def _environment(home: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    kept.setdefault("QT_QPA_PLATFORM", "offscreen")
    return kept | {"HOME": home, "USERPROFILE": home, "LOCALAPPDATA": home, "APPDATA": home}
