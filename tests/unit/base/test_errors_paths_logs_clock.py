"""Small rooms of base: insomnia_desktop.base.errors, base.paths, base.logs, base.clock, base.json_value, core_dumps."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from insomnia_desktop.base import logs
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.errors import AppError, Bug, KnownError
from insomnia_desktop.base.paths import DataFolder, default_data_folder, resource_path
from tests.support.sources import CHECKOUT


def test_errors_carry_code_and_params() -> None:
    error = KnownError("send.refused", host="a.example", port=443)
    assert isinstance(error, AppError)
    assert not isinstance(error, Bug)
    assert error.code == "send.refused"
    assert str(error) == "send.refused (host='a.example', port=443)"
    assert str(Bug("x.y")) == "x.y"


def test_the_data_folder_makes_its_sub_folders(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "a" / "b")
    folder.prepare()
    folder.prepare()
    assert folder.backups.is_dir()
    assert folder.responses.is_dir()
    assert folder.logs.is_dir()
    assert folder.store_file.parent == folder.root
    assert folder.window_lock.parent == folder.root


def test_a_folder_whose_name_is_no_text_is_a_known_error(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"store\.folder_unusable"):
        DataFolder(tmp_path / "bad\udcff").prepare()
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_is_a_known_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(KnownError, match=r"store\.folder_unusable"):
        DataFolder(tmp_path / "file").prepare()


def test_the_default_folder_is_the_persons(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert default_data_folder().root.name == "insomnia-desktop"


def test_resources_are_found_in_the_checkout() -> None:
    assert resource_path("themes").is_dir()


def test_the_clock_goes_on() -> None:
    clock = SystemClock()
    assert clock.now_ms() > 1_700_000_000_000
    assert clock.monotonic() <= clock.monotonic()


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Authorization: Bearer abc.def", "Authorization: [removed]"),
        ("cookie=sid=abc; b=c", "cookie=[removed]"),
        ('{"password": "hunter2", "a": 1}', '{"password": "[removed]", "a": 1}'),
        ("token=abcdef rest", "token=[removed] rest"),
        ("http://me:secret@host/path", "http://[removed]@host/path"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_secrets_are_removed(line: str, kept: str) -> None:
    assert logs.redact(line) == kept


def test_the_log_file_is_private_and_redacted(tmp_path: Path) -> None:
    logs.configure(tmp_path)
    try:
        logging.getLogger("insomnia_desktop.test").info("token=%s", "abcdef")
    finally:
        logs.release()
    path = tmp_path / "insomnia-desktop.log"
    assert "token=[removed]" in path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    assert "abcdef" not in "".join(logs.recent_lines())


def test_a_folder_that_is_missing_is_a_known_error(tmp_path: Path) -> None:
    try:
        with pytest.raises(KnownError) as refused:
            logs.configure(tmp_path / "missing")
        assert refused.value.code == "logs.unwritable"
    finally:
        logs.release()


def test_no_image_of_the_memory_is_written() -> None:
    program = "import resource; from insomnia_desktop.base.core_dumps import forbid_core_dumps as forbid; forbid();"
    program += "forbid(); print(resource.getrlimit(resource.RLIMIT_CORE)[0])"
    run = subprocess.run([sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert run.stdout == "0\n"
