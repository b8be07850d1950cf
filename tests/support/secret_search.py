"""Looks for secrets in files and in the memory of a process, in every form that a program might write them in."""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

_WORD = 8
LEAST_BYTES = 2 * _WORD - 1
"""So long is every form of a secret: wherever it stands, a whole aligned word of the memory is its."""
_REGION = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)")
_NOT_MEMORY = ("[vvar", "[vdso", "[vsyscall", "/dev/")


def forms(secret: bytes | str) -> set[bytes]:
    """Return a secret as it is, in hex, base64 and base64url, wherever it stands in what was encoded; each of these, if
    it is text, in UTF-16 of both orders and in UTF-32 too.
    """
    plain = secret.encode() if isinstance(secret, str) else secret
    assert len(plain) >= LEAST_BYTES
    texts = {plain} if plain.isascii() and plain.decode("ascii").isprintable() else set()
    texts |= {plain.hex().encode(), plain.hex().upper().encode()}
    for before in range(3):
        # What stands before moves the characters; the first and the last of them belong to the neighbours too.
        core = base64.b64encode(bytes(before) + plain)[-(-before * 4 // 3) : (before + len(plain)) * 4 // 3]
        texts |= {core, core.translate(bytes.maketrans(b"+/", b"-_"))}
    wide = {text.decode("ascii").encode(coding) for text in texts for coding in ("utf-16-le", "utf-16-be", "utf-32-le")}
    return {plain} | texts | wide


def found_in(content: bytes, secrets: Mapping[str, bytes | str]) -> set[str]:
    """Return the names of the secrets that stand in there, in whatever form."""
    # Hundreds of searches through a whole memory would take minutes; looking up its words takes none.
    words = set(memoryview(content)[: len(content) // _WORD * _WORD].cast("Q"))
    return {
        name
        for name, secret in secrets.items()
        if any(_may_be_in(words, form) and form in content for form in forms(secret))
    }


def _may_be_in(words: set[int], form: bytes) -> bool:
    return any(int.from_bytes(form[at : at + _WORD], sys.byteorder) in words for at in range(_WORD))


def found_in_files(folder: Path, secrets: Mapping[str, bytes | str]) -> dict[str, set[str]]:
    """Return for each file of a folder, at any depth, that holds secrets which ones; the names of files count too."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        content = path.read_bytes() if path.is_file() else b""
        if here := found_in(content + name.encode(), secrets):
            found[name] = here
    return found


def memory_of(process_id: int) -> bytes:
    """Return what a process of Linux has in its memory that it can write, or that is no file; for its owner alone."""
    memory = bytearray()
    end = 0
    with Path(f"/proc/{process_id}/mem").open("rb", buffering=0) as file:
        for first, last in _regions(process_id):
            if first != end:
                # Neighbours stay together: a secret may lie across.
                memory += b"\0"
            file.seek(first)
            try:
                memory += file.read(last - first) or b""
            except OSError:
                # Given back since it was listed, as the stack of a thread that ended; what is still there must be read.
                assert first not in {start for start, _ in _regions(process_id)}
                continue
            end = last
    return _without_empty_pages(bytes(memory))


def children_of(process_id: int) -> list[int]:
    """Return the processes that a process of Linux started, and that still run."""
    lists = Path(f"/proc/{process_id}/task").glob("*/children")
    return [int(child) for each in lists for child in each.read_text().split()]


def _regions(process_id: int) -> Iterator[tuple[int, int]]:
    for line in Path(f"/proc/{process_id}/maps").read_text().splitlines():
        parts = _REGION.fullmatch(line)
        assert parts is not None, line
        first, last, rights, name = parts.groups()
        if "r" in rights and ("w" in rights or not name.startswith("/")) and not name.startswith(_NOT_MEMORY):
            yield int(first, 16), int(last, 16)


def _without_empty_pages(memory: bytes) -> bytes:
    return re.sub(rb"\0{4096,}", bytes(4096), memory)
