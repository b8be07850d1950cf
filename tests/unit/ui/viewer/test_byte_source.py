"""Files that change, charsets that need the whole text, and bounds of copying.

Covers:
insomnia_desktop.ui.widgets.viewer.byte_source
insomnia_desktop.ui.widgets.viewer.copying
insomnia_desktop.ui.widgets.viewer.opening
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.ui.widgets.viewer import opening
from insomnia_desktop.ui.widgets.viewer.byte_source import CACHED_CHUNKS, CHUNK, FileSource, MemorySource
from insomnia_desktop.ui.widgets.viewer.copying import text_to_copy
from insomnia_desktop.ui.widgets.viewer.opening import open_body

_CONTENT = bytes(range(256)) * 1024


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> FileSource:
    path = tmp_path_factory.mktemp("bodies") / "body"
    path.write_bytes(_CONTENT)
    return FileSource(path)


@given(start=st.integers(-5, len(_CONTENT) + 5), length=st.integers(-3, 3 * CHUNK))
def test_a_file_reads_as_its_bytes_in_memory(source: FileSource, start: int, length: int) -> None:
    memory = MemorySource(_CONTENT)

    assert source.read(start, start + length) == memory.read(start, start + length)
    assert source.scan(start, start + length) == memory.scan(start, start + length)
    assert not source.lost


def test_reading_a_large_file_keeps_a_bounded_cache(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.touch()
    os.truncate(path, 4 * CACHED_CHUNKS * CHUNK)
    source = FileSource(path)

    for start in range(0, source.size, CHUNK):
        source.read(start, start + 10)

    assert len(source._chunks) == CACHED_CHUNKS


def test_a_file_cut_short_by_others_is_noticed_and_its_rest_can_be_shown(tmp_path: Path) -> None:
    path = tmp_path / "body"
    path.write_bytes(_CONTENT)
    source = FileSource(path)
    os.truncate(path, 100)

    assert source.read(200, 300) == b""
    assert source.lost
    source.accept_loss()
    assert (source.size, source.lost) == (100, False)
    assert source.read(0, 1000) == _CONTENT[:100]


def test_a_file_that_cannot_be_read_any_more_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "body"
    path.write_bytes(b"text")
    source = FileSource(path)
    source.close()

    assert source.read(0, 4) == b""
    assert source.lost
    source.accept_loss()
    assert source.size == 0


def test_a_file_that_others_delete_stays_readable(tmp_path: Path) -> None:
    path = tmp_path / "body"
    path.write_bytes(b"text")
    source = FileSource(path)
    # Windows refuses to delete what is open.
    with contextlib.suppress(PermissionError):
        path.unlink()
    assert source.read(0, 4) == b"text"


def test_a_file_that_is_not_there_is_a_known_error(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as missing:
        FileSource(tmp_path / "gone")
    with pytest.raises(KnownError) as unreadable:
        FileSource(tmp_path)

    assert missing.value.code == "viewer.body_missing"
    assert unreadable.value.code == "viewer.body_unreadable"


def test_a_charset_with_a_state_is_decoded_as_a_whole() -> None:
    text = "日本語\nsecond"
    body = open_body(MemorySource(text.encode("iso2022_jp")), language="text", charset="iso-2022-jp")

    assert body.text(0, body.rows.size) == text


def test_a_large_body_in_such_a_charset_is_shown_byte_by_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "WHOLE_LIMIT", 4)
    body = open_body(MemorySource("日本語".encode("iso2022_jp")), language="text", charset="iso-2022-jp")

    assert body.rows.size == len("日本語".encode("iso2022_jp"))


def test_what_is_copied_of_a_large_selection_ends_with_a_whole_character() -> None:
    body = open_body(MemorySource("漢".encode() * 10), language="text", charset="utf-8")

    assert text_to_copy(body, (0, 30), limit=10) == ("漢" * 3, True)
    assert text_to_copy(body, (0, 9), limit=10) == ("漢" * 3, False)
