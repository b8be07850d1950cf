"""Nothing heavy is imported before the window's first paint: starting fast is a feature."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import Store
from insomnia_desktop.store.account_rows import AccountRow
from insomnia_desktop.store.changes import Origin
from insomnia_desktop.store.commands.account import SaveAccount
from tests.support.sources import CHECKOUT, PROGRAM_SOURCES

HEAVY = (
    "asyncio",
    "cryptography",
    "graphql",
    "httpcore",
    "httpx",
    "jinja2",
    "keyring",
    "lxml",
    "publicsuffixlist",
    "pygments",
    "sqlalchemy",
    "srp",
    "starlette",
    "truststore",
    "uvicorn",
    "yaml",
    "zxcvbn",
)

FIRST_PAINT = """
import json, sys
from pathlib import Path
import insomnia_desktop.app.main
from insomnia_desktop.app import container, window_start
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store.changes import Origin
from PySide6.QtCore import QEvent, QObject

class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and watched is running.window and not found:
            found.append("asyncio" in sys.modules)
            import asyncio
            # What was handed to the workers before this paint has run by now: no race decides.
            for loop in (services.send_loop, services.sync_loop):
                loop.submit(asyncio.sleep(0)).result()
            found.append({name.partition(".")[0] for name in sys.modules} - (set() if found[0] else {"asyncio"}))
            application.quit()
        return False

found = []
folder = DataFolder(Path(sys.argv[1]))
folder.prepare()
application = window_start.make_application()
services = container.build(folder, SystemClock(), Origin("window", 1), key_file=Path(sys.argv[1]) / "key")
running = window_start.RunningWindow(services)
watcher = FirstPaint()
running.window.installEventFilter(watcher)
running.show()
application.exec()
running.stop()
print(json.dumps(sorted(found[1])))
"""

IMPORT_ALL = """
import importlib, json, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""

VERSION = """
import json, sys
from insomnia_desktop.app.main import main
main(["--version"])
print(json.dumps(sorted(sys.modules)))
"""


@pytest.mark.parametrize("signed_in", [False, True], ids=["nobody", "somebody is signed in"])
def test_nothing_heavy_is_imported_before_the_first_paint(tmp_path: Path, signed_in: bool) -> None:
    folder = DataFolder(tmp_path / "data")
    if signed_in:
        with closing(Store.open(folder, clock=SystemClock())) as store:
            account = AccountRow("http://127.0.0.1:9", False, "a@example.com", "Ada", "A" * 22, "signed_in", "file")
            store.submit(SaveAccount(account, 1_000_000), origin=Origin("window")).result()
    packages = _packages_after(FIRST_PAINT, str(folder.root))
    assert [name for name in HEAVY if name in packages] == []


def test_no_module_of_the_window_imports_anything_heavy() -> None:
    rooms = ("insomnia_desktop.base", "insomnia_desktop.model", "insomnia_desktop.store", "insomnia_desktop.ui")
    modules = [source.module for source in PROGRAM_SOURCES if source.module.startswith(rooms)]
    packages = _packages_after(IMPORT_ALL, *modules, "insomnia_desktop.templating")
    assert [name for name in HEAVY if name in packages] == []


def test_the_version_is_told_without_qt_or_the_store() -> None:
    packages = _packages_after(VERSION)
    assert [name for name in ("PySide6", "argparse", "asyncio", "sqlite3") if name in packages] == []


def _packages_after(program: str, *arguments: str) -> set[str]:
    run = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=CHECKOUT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return set(json.loads(run.stdout.splitlines()[-1]))
