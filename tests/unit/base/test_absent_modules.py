"""What is missing is known to be missing, and what is there can be imported."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path

import pytest

from insomnia_desktop.base import absent_modules


def test_a_missing_module_is_not_looked_for_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(absent_modules, "_ASKED_FOR", ("module_of_nobody",))
    monkeypatch.syspath_prepend(tmp_path)
    absent_modules.note_absent()
    (tmp_path / "module_of_nobody.py").write_text("")
    importlib.invalidate_caches()
    try:
        with pytest.raises(ModuleNotFoundError, match="halted"):
            importlib.import_module("module_of_nobody")
    finally:
        del sys.modules["module_of_nobody"]


def test_a_module_that_is_there_is_imported_as_ever(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(absent_modules, "_ASKED_FOR", ("module_of_somebody", "json"))
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "module_of_somebody.py").write_text("NUMBER = 7")
    importlib.invalidate_caches()
    absent_modules.note_absent()
    assert "module_of_somebody" not in sys.modules
    assert importlib.import_module("module_of_somebody").NUMBER == 7
    del sys.modules["module_of_somebody"]
    assert importlib.import_module("json").loads("1") == 1


def test_after_the_http_library_nobody_looks_for_what_it_asks_for() -> None:
    importlib.import_module("insomnia_desktop.transport.connection")
    importlib.import_module("insomnia_desktop.sender.clients")
    for name in absent_modules._ASKED_FOR:
        assert name in sys.modules or importlib.util.find_spec(name) is not None
