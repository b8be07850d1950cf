"""A fresh store out of what can be read of a damaged one."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import is_id, kind_of, new_id, new_seed
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.model import SCHEMA, Document, Response
from insomnia_desktop.model.sort_key import between, is_sort_key
from insomnia_desktop.store import backup, codec, database, document_rows, response_rows
from insomnia_desktop.store.bodies import BodyFiles
from insomnia_desktop.store.broken_file import BrokenFile
from insomnia_desktop.store.changes import Origin
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.failures import known
from insomnia_desktop.store.migrations import MIGRATIONS, migrate
from insomnia_desktop.store.salvage_account import salvage_account
from insomnia_desktop.store.salvage_agreed import Agreed, is_seed, read_agreed
from insomnia_desktop.store.salvage_sync import salvage_sync
from insomnia_desktop.store.singletons import singletons

RECOVERED_NAME = "Recovered"
_COLUMNS = (
    "number, id, kind, workspace_id, parent_id, sort_key, name, method, url, schema, created, modified, deleted_at,"
    " deleted_root, local_rev, synced_rev"
)
_RESPONSE = msgspec.json.Decoder(Response)


@dataclass(frozen=True, slots=True)
class SalvageReport:
    """What was saved: documents by kind, responses, settings; and what is not as it was.

    `incomplete` documents have only their name, method and address left; `moved` ones lost their place and stand in
    a folder `Recovered`. The damaged file is kept as `broken_file`. Undo does not outlive a salvage.
    """

    documents: dict[str, int]
    responses: int
    settings: int
    incomplete: int
    moved: int
    broken_file: str


@dataclass(slots=True)
class _Found:
    """A document on its way from the damaged file into the fresh one."""

    id: str
    kind: str
    workspace_id: str
    parent_id: str | None
    sort_key: str
    fields: JsonObject
    schema: int = SCHEMA
    created: int = 0
    modified: int = 0
    deleted_at: int | None = None
    deleted_root: str | None = None
    local_rev: int = 1
    synced_rev: int = 0
    lost_place: bool = False
    rest: str = ""
    shown: str = ""
    """What the tree calls a document without a name of its own."""


@dataclass(slots=True)
class _Tally:
    incomplete: int = 0
    moved: int = 0
    responses: int = 0
    settings: int = 0
    documents: Counter[str] = field(default_factory=Counter)


def salvage(folder: DataFolder, *, clock: Clock) -> SalvageReport:
    """Copy everything that can be read into a fresh store file and put that in the place of the damaged one.

    The store must not be open, in any process. Row by row, past broken pages; a document whose fields are lost keeps
    what the tree knew of it, one whose place is lost comes into a folder. The damaged file is kept beside it.
    Raises KnownError `store.nothing_to_salvage`, `store.disk_full`, `store.folder_read_only`; the damaged file is then
    where it was.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="salvage-", dir=folder.root) as scratch:
            fresh = Path(scratch) / "fresh.sqlite"
            tally = _salvage_into(fresh, folder, clock)
            kept = backup.put_in_place(folder, fresh, clock=clock)
    except sqlite3.Error as error:
        raise known(error) from error
    except OSError as error:
        raise database.folder_error(folder.root, error) from error
    return SalvageReport(
        documents=dict(tally.documents),
        responses=tally.responses,
        settings=tally.settings,
        incomplete=tally.incomplete,
        moved=tally.moved,
        broken_file=kept.name,
    )


def _salvage_into(fresh: Path, folder: DataFolder, clock: Clock) -> _Tally:
    template = fresh.with_name("template.sqlite")
    _make_empty(template)
    shutil.copyfile(template, fresh)
    fresh.chmod(0o600)
    broken = BrokenFile(folder.store_file, fresh.with_name("broken.sqlite"), template)
    try:
        if not broken.readable:
            raise KnownError("store.nothing_to_salvage", file=str(folder.store_file))
        return _fill(broken, fresh, folder, clock)
    finally:
        broken.close()


def _make_empty(path: Path) -> None:
    connection = database.connect_writer(path)
    try:
        connection.execute(f"PRAGMA page_size = {database.PAGE_SIZE}")
        migrate(connection, MIGRATIONS, application_id=database.APPLICATION_ID)
    finally:
        connection.close()


def _fill(broken: BrokenFile, fresh: Path, folder: DataFolder, clock: Clock) -> _Tally:
    connection = database.connect_writer(fresh)
    try:
        connection.execute("BEGIN IMMEDIATE")
        context = CommandContext(
            connection,
            now=clock.now_ms(),
            origin=Origin("startup"),
            session="",
            bodies=BodyFiles(folder.responses),
        )
        changes = [change for _, change in broken.rows("number, change", "counter") if isinstance(change, int)]
        connection.execute("UPDATE counter SET change = ?", (max(changes, default=0),))
        tally = _Tally()
        agreed = read_agreed(broken)
        found = _documents(broken, agreed, tally, context)
        _mend(found, agreed, tally)
        for each in found.values():
            _insert(connection, context, each)
            tally.documents[each.kind] += 1
        tally.responses = _responses(broken, connection, context, found)
        tally.settings = _settings(broken, connection, context)
        salvage_account(broken, connection, context)
        salvage_sync(broken, connection, context)
        connection.execute("COMMIT")
        return tally
    finally:
        connection.close()


def _documents(broken: BrokenFile, agreed: Agreed, tally: _Tally, context: CommandContext) -> dict[str, _Found]:
    contents: dict[str, JsonObject] = {}
    rests: dict[str, str] = {}
    columns = "number, id, fields, rest"
    if not broken.has(columns, "content"):
        columns = "number, id, fields, ''"
    for _, document_id, text, rest in broken.rows(columns, "content"):
        with contextlib.suppress(KnownError, TypeError):
            contents[document_id] = codec.decode_fields(text, document_id)
        with contextlib.suppress(KnownError, TypeError):
            rests[document_id] = codec.encode(codec.decode_fields(rest, document_id))
    found: dict[str, _Found] = {}
    for row in broken.rows(_COLUMNS, "document"):
        each = _read(row)
        if each is None or each.id in found:
            continue
        fields = contents.get(each.id)
        if fields is None:
            tally.incomplete += 1
        else:
            each.fields = fields
        found[each.id] = each
    for document_id, fields in contents.items():
        if document_id not in found and isinstance(document_id, str) and is_id(document_id):
            found[document_id] = _without_row(document_id, fields, agreed, context)
    for document_id, rest in rests.items():
        if document_id in found:
            found[document_id].rest = rest
    return {each.id: each for each in found.values() if each.kind != "response"}


def _without_row(document_id: str, fields: JsonObject, agreed: Agreed, context: CommandContext) -> _Found:
    """Return a document of which only the content is left, where sync knows it to stand, if it does."""
    place = agreed.place(document_id)
    kind = kind_of(document_id)
    if place is None:
        return _Found(document_id, kind, "", None, between(None, None), fields, lost_place=True)
    found = _Found(document_id, kind, place.workspace_id, place.parent_id, place.sort_key, fields)
    if place.deleted:
        # It was in the trash; were it not, a deletion that all devices know of would be taken back.
        found.deleted_at, found.deleted_root = context.now, document_id
    return found


def _read(row: tuple[Any, ...]) -> _Found | None:
    _, document_id, kind, workspace_id, parent_id, sort_key, name, method, url, *rest = row
    if not (isinstance(document_id, str) and is_id(document_id) and kind_of(document_id) == kind):
        return None
    if not (isinstance(sort_key, str) and is_sort_key(sort_key)):
        sort_key = between(None, None)
    schema, created, modified, deleted_at, deleted_root, local_rev, synced_rev = rest
    numbers = (schema, created, modified, local_rev, synced_rev, 0 if deleted_at is None else deleted_at)
    texts = (workspace_id, parent_id or "", deleted_root or "")
    if not (all(type(each) is int for each in numbers) and all(isinstance(each, str) for each in texts)):
        return None
    fields: JsonObject = {"name": name}
    if kind == "request":
        fields |= {"method": method, "url": url}
    return _Found(
        id=document_id,
        kind=kind,
        workspace_id=workspace_id,
        parent_id=parent_id,
        sort_key=sort_key,
        fields=fields,
        schema=schema,
        created=created,
        modified=modified,
        deleted_at=deleted_at,
        deleted_root=deleted_root,
        local_rev=local_rev,
        synced_rev=synced_rev,
    )


def _mend(found: dict[str, _Found], agreed: Agreed, tally: _Tally) -> None:
    """Give every document a workspace and a parent that are there, and every workspace what belongs to it."""
    homes = [each for each in found.values() if each.kind == "workspace"]
    for each in list(found.values()):
        if each.kind == "workspace":
            each.workspace_id, each.parent_id = each.id, None
        elif each.lost_place and homes:
            each.workspace_id = homes[0].id
        elif each.workspace_id not in found:
            lost = is_id(each.workspace_id) and kind_of(each.workspace_id) == "workspace"
            home = _workspace(each.workspace_id if lost else new_id("workspace"), agreed)
            each.workspace_id = home.id
            found[home.id] = home
            homes.append(home)
    folders: dict[str, _Found] = {}
    for each in list(found.values()):
        if each.kind != "workspace" and not _stands(each, found):
            tally.moved += 1
            each.parent_id = each.workspace_id
            if each.kind in ("folder", "request"):
                each.parent_id = _recovered_in(each.workspace_id, folders).id
        if each.deleted_root is not None and each.deleted_root not in found:
            each.deleted_root = each.id
    found.update((each.id, each) for each in folders.values())
    for home in homes:
        _complete(home, found, agreed)


def _complete(home: _Found, found: dict[str, _Found], agreed: Agreed) -> None:
    """Give a workspace its seed, environment and cookie jar where they are lost.

    Nothing is made up that the next round brings: without a base it would win over what the server has, and the
    environment of all other devices would be nobody's. The jar mostly stays on its device, and is needed to send.
    """
    pulled = home.id in agreed.pulled
    seed = home.fields.get("seed")
    if not is_seed(seed):
        home.fields.pop("seed", None)
        seed = agreed.seed(home.id) or (None if pulled else new_seed())
        if seed is None:
            return
        home.fields["seed"] = seed
    for document in singletons(home.id, seed):
        if document.id not in found and not (pulled and document.kind == "environment"):
            found[document.id] = _Found(
                document.id, document.kind, home.id, home.id, document.sort_key, document.fields
            )


def _stands(each: _Found, found: dict[str, _Found]) -> bool:
    """Say whether a document stands in its workspace or in a folder of it, and in no circle of folders.

    Where a folder further up is lost, it is the topmost one left that is moved; the others stay in it.
    """
    seen = {each.id}
    below = each
    while True:
        above = found.get(below.parent_id or "")
        if above is None or above.workspace_id != each.workspace_id or above.kind not in ("workspace", "folder"):
            return below is not each
        if above.kind == "workspace":
            return True
        if above.id in seen:
            return False
        seen.add(above.id)
        below = above


def _workspace(workspace_id: str, agreed: Agreed) -> _Found:
    """Return a workspace in the place of a lost one; no name is made up where the next round brings the true one."""
    place, name = agreed.place(workspace_id), agreed.name(workspace_id)
    if name is None and workspace_id not in agreed.pulled:
        name = RECOVERED_NAME
    return _Found(
        workspace_id,
        "workspace",
        workspace_id,
        None,
        place.sort_key if place is not None else between(None, None),
        {} if name is None else {"name": name},
        shown=RECOVERED_NAME,
    )


def _recovered_in(workspace_id: str, folders: dict[str, _Found]) -> _Found:
    if workspace_id not in folders:
        folders[workspace_id] = _Found(
            new_id("folder"), "folder", workspace_id, workspace_id, between(None, None), {"name": RECOVERED_NAME}
        )
    return folders[workspace_id]


def _insert(connection: sqlite3.Connection, context: CommandContext, each: _Found) -> None:
    document_rows.insert(
        connection,
        context,
        Document(
            id=each.id,
            kind=each.kind,
            workspace_id=each.workspace_id,
            parent_id=each.parent_id,
            sort_key=each.sort_key,
            schema=each.schema,
            fields=each.fields,
            created=each.created,
            modified=each.modified,
        ),
        rest=each.rest,
    )
    connection.execute(
        "UPDATE document SET deleted_at = ?, deleted_root = ?, local_rev = ?, synced_rev = ?,"
        " name = CASE name WHEN '' THEN ? ELSE name END WHERE id = ?",
        (each.deleted_at, each.deleted_root, each.local_rev, each.synced_rev, each.shown, each.id),
    )


def _responses(
    broken: BrokenFile, connection: sqlite3.Connection, context: CommandContext, found: dict[str, _Found]
) -> int:
    count = 0
    for _, record in broken.rows("number, record", "response"):
        with contextlib.suppress(msgspec.DecodeError, msgspec.ValidationError, TypeError, sqlite3.IntegrityError):
            response = _RESPONSE.decode(record)
            if response.request_id in found:
                response_rows.insert(connection, context, response)
                count += 1
    return count


def _settings(broken: BrokenFile, connection: sqlite3.Connection, context: CommandContext) -> int:
    count = 0
    for table, change in (("setting", True), ("local", False)):
        for _, key, value in broken.rows("number, key, value", table):
            with contextlib.suppress(msgspec.DecodeError, TypeError, sqlite3.IntegrityError):
                msgspec.json.decode(value)
                if change:
                    connection.execute(
                        "INSERT INTO setting (key, value, change) VALUES (?, ?, ?)", (key, value, context.number)
                    )
                else:
                    connection.execute("INSERT INTO local (key, value) VALUES (?, ?)", (key, value))
                count += 1
    return count
