"""insomnia_desktop.app.container: what it builds loads nothing that a start can do without."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_HEAVY = ("httpx", "httpcore", "h2", "jinja2", "lxml", "graphql", "yaml", "cryptography", "publicsuffixlist", "PySide6")
_PROGRAM = """
import sys
from pathlib import Path
from insomnia_desktop.app import container
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.model import Request
from insomnia_desktop.store.changes import Origin
services = container.build(DataFolder(Path(sys.argv[1])), SystemClock(), Origin("window", 1))
workspace_id = services.workspaces.last_used()
request = Request(id="", parent_id=None, sort_key="", url="http://{{ a }}.example/?b={{ c }}")
services.sending.preview(request, workspace_id)
services.documents.tree(workspace_id)
print(*sorted(set(sys.modules) & set(sys.argv[2].split(","))))
services.close()
"""


def test_building_the_services_and_a_preview_load_no_heavy_library(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(tmp_path / "data"), ",".join(_HEAVY)],
        capture_output=True, text=True, cwd=Path(__file__).parents[3], check=True,
    )  # fmt: skip
    assert ended.stdout.strip() == ""
