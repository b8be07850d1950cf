"""The contracts about who may import whom (pyproject.toml) hold."""

from __future__ import annotations

import subprocess
import sys

from tests.support.sources import CHECKOUT

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def test_every_import_contract_is_kept() -> None:
    command = [sys.executable, "-c", LINT, "--no-cache"]
    run = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=100, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert " 0 broken" in run.stdout
