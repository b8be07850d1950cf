"""The table of `make bench`: rows know whether they meet their target, and a failed measurement is told."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.performance import __main__ as table
from tests.performance import registry
from tests.performance.row import Row, at_least, at_most


def test_a_row_is_fine_within_its_limit() -> None:
    assert at_most("start", 250, 250.0, "ms").ok
    assert not at_most("start", 250, 250.1, "ms").ok
    assert at_least("seal", 20_000, 20_000, "per s").ok
    assert not at_least("seal", 20_000, 19_999, "per s").ok
    assert at_most("start", 250, 1.0, "ms").target == "<= 250 ms"


def test_rows_come_out_of_another_process_as_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = at_most("commit", 1, 0.25, "ms", note="p99")
    monkeypatch.setattr(registry, "_environment", lambda home: {})
    monkeypatch.setattr(sys, "executable", _program(tmp_path, f"echo '{json.dumps(_fields(made))}'"))
    assert list(registry.measured("store")) == [made]


def test_a_measurement_that_fails_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", _program(tmp_path, "exit 3"))
    with pytest.raises(subprocess.CalledProcessError):
        list(registry.measured("store"))


def test_the_table_ends_with_1_when_a_target_is_missed_or_a_measurement_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measured(name: str) -> Iterator[Row]:
        if name == "broken":
            raise subprocess.CalledProcessError(1, ["python"])
        yield at_most(name, 1, 2.0 if name == "slow" else 0.5, "ms")

    monkeypatch.setattr(registry, "measured", measured)
    assert table._table(["quick"]) == 0
    assert table._table(["quick", "slow"]) == 1
    assert table._table(["broken"]) == 1
    shown = capsys.readouterr().out
    assert "<= 1 ms" in shown
    assert "MISSED" in shown
    assert "2 figures, 1 beyond their target, 0 measurements failed." in shown
    assert "failed" in shown


def _program(folder: Path, script: str) -> str:
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


def _fields(row: Row) -> dict[str, object]:
    return {name: getattr(row, name) for name in Row.__slots__}
