"""Open conflicts as the writer sees them: where they are, what stands there now, and what a copy has to take along."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Final, Literal

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import from_base64url, to_wire
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.model import Edit
from insomnia_desktop.model import patch as patches
from insomnia_desktop.model.authentication import KNOWN_AUTHENTICATIONS
from insomnia_desktop.model.body import KNOWN_BODIES
from insomnia_desktop.model.patch import ABSENT, ORDER, Path
from insomnia_desktop.store import codec
from insomnia_desktop.store import document_rows as rows
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.document_rows import Place
from insomnia_desktop.store.operations import MoveStep

PLACE: Final = "#place"
REST: Final = "#rest"
WhyNotBoth = Literal["workspace", "cookie_jar", "place"]
_PATH = msgspec.json.Decoder(Annotated[Path, msgspec.Meta(min_length=1)])
_TYPED = {"body": KNOWN_BODIES, "authentication": KNOWN_AUTHENTICATIONS}


class OpenConflict(msgspec.Struct, frozen=True):
    """One conflict; a side that has nothing there is ABSENT."""

    number: int
    document_id: str
    workspace_id: str
    path: Path
    mine: Any
    theirs: Any


class DamagedConflict(msgspec.Struct, frozen=True):
    """A conflict of which path, mine or theirs cannot be read: it stays until a person lets it go."""

    number: int
    document_id: str
    workspace_id: str


def find(connection: sqlite3.Connection, number: int) -> OpenConflict | DamagedConflict:
    """Return a conflict; raises KnownError `sync.conflict_not_found`."""
    found = _stored(connection, "number = ?", number)
    if not found:
        raise KnownError("sync.conflict_not_found", id=number)
    try:
        return _read(found[0])
    except codec.NO_JSON:
        return DamagedConflict(*found[0][:3])


def of_document(connection: sqlite3.Connection, document_id: str) -> list[OpenConflict]:
    """Return the conflicts of a document that can be read, the oldest first."""
    found = []
    for row in _stored(connection, "document_id = ?", document_id):
        with contextlib.suppress(*codec.NO_JSON):
            found.append(_read(row))
    return found


def why_not_both(kind: str, paths: Sequence[Path]) -> WhyNotBoth | None:
    """Return why no copy can hold what the other side has, None where one can.

    A workspace is not doubled for a name, and has one cookie jar; a copy that differs in its place alone is no other
    document.
    """
    if kind == "workspace":
        return "workspace"
    if kind == "cookie_jar":
        return "cookie_jar"
    return "place" if all(path[0] == PLACE for path in paths) else None


def copies_of(paths: Sequence[Path]) -> list[list[int]]:
    """Return which of the conflicts each copy takes along, as positions: one path has one value in a document."""
    copies: list[list[int]] = []
    for at, path in enumerate(paths):
        free = (each for each in copies if not any(overlap(path, paths[other]) for other in each))
        copy = next(free, None)
        if copy is None:
            copies.append([at])
        else:
            copy.append(at)
    # A place makes no copy of its own.
    return [copy for copy in copies if any(paths[at][0] != PLACE for at in copy)]


def overlap(one: Path, other: Path) -> bool:
    """Say whether one path leads to what lies at or within the other."""
    length = min(len(one), len(other))
    return one[:length] == other[:length]


def stands(connection: sqlite3.Connection, at: Place, path: Path, value: Any) -> bool:
    """Say whether a value is what the document has at a path now."""
    if path[0] == PLACE:
        step = move_to(at, value)
        return step is not None and (step.parent_id, step.sort_key) == (at.parent_id, at.sort_key)
    if path[0] == REST:
        return not _would_change(rows.rest(connection, at), path[1:], value)
    return not _would_change(rows.fields(connection, at), path, value)


def move_to(at: Place, place: Any) -> MoveStep | None:
    """Return the step that puts a document at a place `[parent, order]` of the wire, None for what is no place."""
    match place:
        case [None, str(order)] if at.kind == "workspace":
            return MoveStep(at.id, None, order)
        case [str(parent), str(order)] if at.kind != "workspace":
            try:
                raw = from_base64url(parent).hex()
            except KnownError:
                return None
            return MoveStep(at.id, at.workspace_id if raw == at.workspace_id[4:] else f"fld_{raw}", order)
    return None


def used_theirs(connection: sqlite3.Connection, workspace_id: str, resources: Collection[str]) -> list[OpenConflict]:
    """Return the conflicts of resources in which theirs is what stands now; mostly there are none."""
    found = []
    for row in _stored(connection, "workspace_id = ?", workspace_id):
        if str(row[1])[4:] in resources:
            # One that cannot be read stays as it is: nothing that arrives waits for it.
            with contextlib.suppress(*codec.NO_JSON):
                found.append(_read(row))
    return [each for each in found if _is_used(connection, each)]


def follow(connection: sqlite3.Connection, conflicts: Sequence[OpenConflict]) -> None:
    """Let theirs go on to be what stands, where that came from the other devices; mine is what it was.

    So mine is still beside it where the document was deleted here and edited there: nobody else has it then.
    """
    for conflict in conflicts:
        at = rows.place(connection, conflict.document_id)
        if at is None or not at.alive or _is_used(connection, conflict):
            continue
        now = _now(connection, at, conflict.path)
        if not stands(connection, at, conflict.path, conflict.mine):
            text = None if now is ABSENT else codec.encode(now)
            connection.execute("UPDATE conflict SET theirs = ? WHERE number = ?", (text, conflict.number))


def take_along(
    connection: sqlite3.Connection, context: CommandContext, ids: Mapping[str, str], workspace_id: str
) -> list[Change]:
    """Give the copies that a move to another workspace makes the conflicts of their originals, but for their place.

    Those of the originals stay with them in the trash: undo brings back both.
    """
    copied = 0
    for old, new in ids.items():
        copied += connection.execute(
            "INSERT INTO conflict (document_id, workspace_id, path, base, mine, theirs, at, change)"
            " SELECT ?1, ?2, path, base, mine, theirs, at, ?3 FROM conflict WHERE document_id = ?4 AND path != ?5"
            " ORDER BY number",
            (new, workspace_id, context.number, old, codec.encode([PLACE])),
        ).rowcount
    return [Change("updated", "sync", workspace_id, workspace_id)] if copied else []


def _is_used(connection: sqlite3.Connection, conflict: OpenConflict) -> bool:
    at = rows.place(connection, conflict.document_id)
    try:
        return at is not None and at.alive and stands(connection, at, conflict.path, conflict.theirs)
    except KnownError:
        # A damaged document says nothing of what stands in it.
        return False


def _now(connection: sqlite3.Connection, at: Place, path: Path) -> Any:
    if path[0] == PLACE:
        return [None if at.parent_id is None else to_wire(at.parent_id), at.sort_key]
    if path[0] == REST:
        return patches.value_at(rows.rest(connection, at), path[1:])
    return patches.value_at(rows.fields(connection, at), path)


def fits(fields: JsonObject, path: Path) -> bool:
    """Say whether a value has a place at a path: a part of a body or of an authentication goes with its type alone."""
    known = _TYPED.get(path[0])
    if known is None or len(path) < 2:
        return True
    part = fields.get(path[0])
    if not isinstance(part, dict):
        return False
    names = {each.__struct_config__.tag: set(each.__struct_fields__) for each in known}
    own = names.get(str(part.get("type")))
    # A key that no type knows may stand in each of them.
    return own is None or path[1] in own or not any(path[1] in others for others in names.values())


def _stored(connection: sqlite3.Connection, condition: str, value: object) -> list[tuple[Any, ...]]:
    # JSON comes as bytes: what is no UTF-8 in it then concerns its conflict, not the whole query.
    return connection.execute(
        "SELECT number, document_id, workspace_id, CAST(path AS BLOB), CAST(mine AS BLOB), CAST(theirs AS BLOB)"
        f" FROM conflict WHERE {condition} ORDER BY number",
        (value,),
    ).fetchall()


def _read(row: tuple[Any, ...]) -> OpenConflict:
    """Return a conflict as it was stored; raises one of NO_JSON."""
    number, document_id, workspace_id, path, mine, theirs = row
    return OpenConflict(number, document_id, workspace_id, decode_path(path), decode_side(mine), decode_side(theirs))


def decode_path(text: bytes | str) -> Path:
    """Read the path of a conflict, which is of one step at least; raises one of NO_JSON."""
    path: Path = _PATH.decode(text)
    return path


def decode_side(text: bytes | str | None) -> Any:
    """Read a side of a conflict, ABSENT where it has nothing there; raises one of NO_JSON."""
    return ABSENT if text is None else msgspec.json.decode(text)


def _would_change(fields: JsonObject, path: Path, value: Any) -> bool:
    if value is ABSENT and path[-1:] == (ORDER,):
        # No edit takes the order of a table that is there, and yet it is not a table that is gone.
        return patches.value_at(fields, path) is not ABSENT
    after, _ = patches.apply(fields, (Edit(path, value),))
    return bool(patches.diff(fields, after))
