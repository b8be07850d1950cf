"""Quick search over names, addresses, headers, bodies and descriptions."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from insomnia_desktop.store.full_text import COLUMNS
from insomnia_desktop.store.reader import Reader

Where = Literal["name", "address", "headers", "body", "description"]

_SNIPPET_BEFORE = 24
_SNIPPET_CHARACTERS = 96
_MOST_WORDS = 8


class SearchHit(msgspec.Struct, frozen=True):
    """One request or folder that was found.

    `path` are the names of the folders above it, outermost first; `where` is what the first word that is not in the
    name was found in; `snippet` is one line of text around it, empty for a hit in the name.
    """

    id: str
    kind: str
    workspace_id: str
    name: str
    method: str
    url: str
    path: tuple[str, ...]
    where: Where
    snippet: str


def search(reader: Reader, text: str, workspace_id: str | None = None, limit: int = 50) -> list[SearchHit]:
    """Return the best hits for the words of a text, in one workspace or, with None, in all; without words the newest.

    A hit has every word: anywhere in its name or address, or at the start of a word (of two letters or more) of its
    headers, body or description. Case does not count, there accents neither. Best first: names that begin with the
    text, that have the first word, addresses that have it, others; among equals the one edited last.
    """
    words = text.split()[:_MOST_WORDS]
    conditions = ["deleted_at IS NULL", "kind IN ('request', 'folder')"]
    parameters: list[Any] = []
    if workspace_id is not None:
        conditions.append("workspace_id = ?")
        parameters.append(workspace_id)
    for word in words:
        condition, values = _condition(word)
        conditions.append(condition)
        parameters += values
    ranks = []
    if words:
        whole, first = " ".join(words), words[0]
        ranks = ["name LIKE ? ESCAPE '\\' DESC", "name LIKE ? ESCAPE '\\' DESC", "url LIKE ? ESCAPE '\\' DESC"]
        parameters += [f"{_escaped(whole)}%", f"%{_escaped(first)}%", f"%{_escaped(first)}%"]
    found = reader.rows(
        "SELECT number, id, kind, workspace_id, parent_id, name, method, url FROM document"
        f" WHERE {' AND '.join(conditions)} ORDER BY {', '.join([*ranks, 'modified DESC', 'number DESC'])} LIMIT ?",
        (*parameters, limit),
    )
    folders: dict[str, tuple[str, ...]] = {}
    hits = []
    for number, hit_id, kind, workspace, parent_id, name, method, url in found:
        where, snippet = _place(reader, number, words, name)
        path = _path(reader, parent_id, folders)
        hits.append(SearchHit(hit_id, kind, workspace, name, method, url, path, where, snippet))
    return hits


def _condition(word: str) -> tuple[str, list[str]]:
    # LIKE knows no case in ASCII only, so other letters are tried in the ways a person may have typed them.
    patterns = [f"%{_escaped(form)}%" for form in dict.fromkeys((word, word.lower(), word.upper(), word.title()))]
    if word.isascii():
        del patterns[1:]
    tests = ["name LIKE ? ESCAPE '\\' OR url LIKE ? ESCAPE '\\'" for _ in patterns]
    values = [pattern for pattern in patterns for _ in ("name", "url")]
    if sum(character.isalnum() for character in word) > 1:
        tests.append("number IN (SELECT rowid FROM full_text WHERE full_text MATCH ?)")
        values.append('"' + word.replace('"', '""') + '"*')
    return f"({' OR '.join(tests)})", values


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _place(reader: Reader, number: int, words: list[str], name: str) -> tuple[Where, str]:
    folded = name.casefold()
    missing = [word for word in words if word.casefold() not in folded]
    if not missing:
        return "name", ""
    row = reader.row(f"SELECT {', '.join(COLUMNS)} FROM full_text WHERE rowid = ?", (number,))
    if row is None:
        return "name", ""
    wheres: tuple[Where, ...] = ("address", "headers", "body", "description")
    for where, stored in zip(wheres, row[1:], strict=True):
        # The table of the index is not strict: damaged, it may hold anything.
        text = stored if isinstance(stored, str) else ""
        position = text.casefold().find(missing[0].casefold())
        if position >= 0:
            return where, _snippet(text, position)
    # Found by its letters without accents, or in pieces: which text it was is not known.
    return "name", ""


def _snippet(text: str, position: int) -> str:
    start = max(0, position - _SNIPPET_BEFORE)
    cut = " ".join(text[start : start + _SNIPPET_CHARACTERS].split())
    return f"{'…' if start else ''}{cut}{'…' if start + _SNIPPET_CHARACTERS < len(text) else ''}"


def _path(reader: Reader, parent_id: str | None, folders: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    climbed: list[tuple[str, str]] = []
    seen: set[str] = set()
    while parent_id is not None and parent_id not in folders and parent_id not in seen:
        seen.add(parent_id)
        row = reader.row("SELECT kind, name, parent_id FROM document WHERE id = ?", (parent_id,))
        if row is None or row[0] != "folder":
            break
        climbed.append((parent_id, row[1]))
        parent_id = row[2]
    path = folders.get(parent_id or "", ())
    for folder_id, name in reversed(climbed):
        path = (*path, name)
        folders[folder_id] = path
    return path
