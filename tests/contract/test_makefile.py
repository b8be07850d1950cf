"""The Makefile and the scripts it uses: every target is listed, and what is missing is said in one sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.sources import CHECKOUT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no make")

TARGETS = ["help", "setup", "run", "test", "test-all", "bench", "screenshots", "lint", "package", "clean", "demo"]
TOOLS = ("sh", "sed", "head", "cat")


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder for PATH in which there is no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in TOOLS:
        (folder / name).symlink_to(str(shutil.which(name)))
    return folder


def find_python(tools: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = ["/bin/sh", str(CHECKOUT / ".ci" / "find_python")]
    environment = {"PATH": str(tools), **environment}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)


def put_python(tools: Path, script: str) -> None:
    path = tools / "python3.11"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)


def test_make_alone_lists_every_target() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "--no-print-directory"]
    run = subprocess.run(
        command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    listed = [line.split()[1] for line in run.stdout.splitlines()]
    assert sorted(listed) == sorted(TARGETS)


def test_without_python_one_sentence_says_so(tools: Path) -> None:
    run = find_python(tools)
    assert run.returncode == 1
    assert run.stderr.startswith("Python 3.11 or later is missing: install it")
    assert run.stderr.count("\n") == 1


def test_a_python_that_is_listed_but_does_not_start_is_passed_over(tools: Path) -> None:
    put_python(tools, "echo 'command not found' >&2; exit 127")
    assert find_python(tools).stderr.startswith("Python 3.11 or later is missing")


def test_without_the_venv_module_its_package_is_named(tools: Path) -> None:
    put_python(tools, f'case "$2" in *ensurepip*) exit 1;; esac\nexec "{sys.executable}" "$@"')
    run = find_python(tools)
    assert run.returncode == 1
    assert run.stderr.startswith("The venv module of python3.11 is missing")
    assert f"sudo apt-get install python3.{sys.version_info[1]}-venv" in run.stderr
    assert run.stderr.count("\n") == 1


def test_a_python_chosen_by_hand_is_the_one(tools: Path) -> None:
    assert find_python(tools, PYTHON=sys.executable).stdout.strip() == sys.executable
    refused = find_python(tools, PYTHON="/bin/false")
    assert refused.returncode == 1
    assert refused.stderr == "PYTHON=/bin/false is no Python 3.11 or later that starts: name another one.\n"
