"""What `make run` and `make test` say before Qt would abort: `.ci/check_machine.py`."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.sources import CHECKOUT

SCRIPT = CHECKOUT / ".ci" / "check_machine.py"


@pytest.fixture(scope="module")
def check_machine() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_machine", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("environment", "platforms"),
    [
        ({}, []),
        ({"DISPLAY": ":0"}, ["xcb"]),
        ({"WAYLAND_DISPLAY": "wayland-0"}, ["wayland"]),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, ["wayland", "xcb"]),
        ({"QT_QPA_PLATFORM": "offscreen"}, ["offscreen"]),
        ({"QT_QPA_PLATFORM": "offscreen:size=1x1", "DISPLAY": ":0"}, ["offscreen"]),
        ({"QT_QPA_PLATFORM": "wayland;xcb"}, ["wayland", "xcb"]),
    ],
)
def test_the_platforms_are_those_that_qt_tries(
    check_machine: ModuleType, environment: dict[str, str], platforms: list[str]
) -> None:
    assert check_machine.platforms_of(environment) == platforms


def test_a_missing_library_is_named_with_its_packages(check_machine: ModuleType) -> None:
    output = "\tlibEGL.so.1 => not found\n\tlibm.so.6 => /lib/libm.so.6 (0x1)\n\tlibEGL.so.1 => not found\n"
    missing = check_machine.not_found(output)
    assert missing == ["libEGL.so.1"]
    assert check_machine.sentence(missing, None) == (
        "Qt needs libEGL.so.1, which this machine lacks: install with `sudo apt-get install libegl1` (Debian, Ubuntu)"
        " or `sudo dnf install libglvnd-egl` (Fedora)."
    )


def test_a_library_nobody_listed_and_a_missing_font_are_said_too(check_machine: ModuleType) -> None:
    assert "libodd.so.9" in check_machine.sentence(["libodd.so.9"], None)
    said = check_machine.sentence(["libGL.so.1", "libxcb.so.1"], check_machine.FONT)
    assert "libGL.so.1, libxcb.so.1 and a font" in said
    assert "apt-get install fonts-dejavu-core libgl1 libxcb1" in said


def test_of_two_platforms_one_that_works_is_enough(check_machine: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing_in(files: list[Path]) -> list[str]:
        names = [path.name for path in files]
        return ["libwayland-cursor.so.0"] if any("wayland" in name for name in names) else []

    monkeypatch.setattr(check_machine, "missing_in", missing_in)
    assert check_machine.missing_for(["wayland", "xcb"]) == []
    assert check_machine.missing_for(["wayland"]) == ["libwayland-cursor.so.0"]
    assert check_machine.missing_for(["offscreen"]) == []


def test_this_machine_can_run_the_tests(check_machine: ModuleType) -> None:
    assert check_machine.main(["offscreen"]) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a display")
def test_without_a_display_one_sentence_says_so() -> None:
    left_out = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in left_out}
    command = [sys.executable, str(SCRIPT), "window"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False)
    assert run.returncode == 1
    assert run.stderr.count("\n") == 1
    assert run.stderr.startswith("There is no display")
