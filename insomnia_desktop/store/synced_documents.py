"""Documents written as another device left them, within a transaction: text, place, trash, what belongs together."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import count
from typing import Any

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import PREFIXES, new_seed
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.store import codec, full_text, many_rows, trash_rows
from insomnia_desktop.store import document_rows as rows
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.document_rows import Place
from insomnia_desktop.store.singletons import singletons
from insomnia_desktop.store.sync_rows import RowWrite, TextRow, synced
from insomnia_desktop.store.sync_writes import OutOfDate

# What another device deletes in one go arrives child by child: within this time it counts as one deletion here.
_ONE_DELETION_MS = 10 * 60_000


class DocumentWriter:
    """Writes documents of one workspace as another device left them; `changes` tells what that was, in order."""

    def __init__(self, connection: sqlite3.Connection, context: CommandContext, workspace_id: str) -> None:
        self._connection = connection
        self._context = context
        self._workspace_id = workspace_id
        self._changes: list[Change] = []
        self._buried: dict[str, str] = {}
        self._placed: dict[str, str | None] = {}

    def write(self, writes: Sequence[RowWrite]) -> dict[str, str]:
        """Let documents be their new texts, each resource once, and return their ids by resource.

        Raises OutOfDate where the local_rev of one is not its `read_rev`.
        """
        present = self._present([each.resource for each in writes])
        fresh = [each for each in writes if each.resource not in present]
        if any(each.read_rev for each in fresh):
            raise OutOfDate
        written = self._insert(fresh)
        for each in writes:
            row = present.get(each.resource)
            if row is not None:
                written[each.resource] = self._rewrite(row, each)
        return written

    def _present(self, resources: Sequence[str]) -> dict[str, tuple[Any, ...]]:
        marks = ", ".join("?" * len(resources))
        rows_ = self._connection.execute(
            "SELECT substr(id, 5), number, id, kind, workspace_id, parent_id, sort_key, deleted_at, deleted_root,"
            f" local_rev, synced_rev FROM document WHERE substr(id, 5) IN ({marks})",
            resources,
        )
        return {row[0]: row[1:] for row in rows_}

    def _rewrite(self, row: tuple[Any, ...], write: RowWrite) -> str:
        number, document_id, kind, workspace_id, parent_id, sort_key, deleted_at, root, present_rev, synced = row
        text = write.text
        assert text is not None
        if present_rev != write.read_rev or workspace_id != self._workspace_id or kind != text.kind:
            raise OutOfDate
        parent = self.parent_id(text)
        self._placed.pop(document_id, None)
        parts = self._write_fields(number, document_id, text)
        parts |= {
            name for name, same in (("parent", parent == parent_id), ("order", text.order == sort_key)) if not same
        }
        self._connection.execute(
            "UPDATE document SET parent_id = ?, sort_key = ?, schema = ?, local_rev = ?, synced_rev = ?, change = ?"
            " WHERE number = ?",
            (
                parent,
                text.order,
                text.schema,
                write.local_rev,
                write.local_rev if write.clean else synced,
                self._context.number,
                number,
            ),
        )
        if write.deleted and deleted_at is None:
            self._bury(number, document_id)
            self._changes.append(Change("deleted", kind, document_id, workspace_id))
        elif not write.deleted and deleted_at is not None:
            self._bring_back(number, document_id, root)
            self._changes.append(Change("restored", kind, document_id, workspace_id))
        elif parts and not write.deleted:
            self._changes.append(Change("updated", kind, document_id, workspace_id, frozenset(parts)))
        return str(document_id)

    def bury(self, resource: str) -> None:
        """Move a document to the trash without counting that as an edit."""
        row = self._connection.execute(
            "SELECT number, id, kind FROM document WHERE substr(id, 5) = ? AND workspace_id = ? AND deleted_at IS NULL",
            (resource, self._workspace_id),
        ).fetchone()
        if row is not None:
            number, document_id, kind = row
            self._bury(number, document_id)
            self._changes.append(Change("deleted", kind, document_id, self._workspace_id))

    def bring_back(self, resource: str) -> None:
        """Take one document out of the trash, as an ordinary edit."""
        row = self._connection.execute(
            "SELECT number, id, kind, deleted_root FROM document WHERE substr(id, 5) = ? AND workspace_id = ?"
            " AND deleted_at IS NOT NULL",
            (resource, self._workspace_id),
        ).fetchone()
        if row is not None:
            number, document_id, kind, root = row
            self._bring_back(number, document_id, root)
            self._connection.execute("UPDATE document SET local_rev = local_rev + 1 WHERE number = ?", (number,))
            self._changes.append(Change("restored", kind, document_id, self._workspace_id))

    def finish(self) -> list[Change]:
        """Group what was deleted together, and return the changes: what is made or comes back parents first."""
        for document_id in self._buried:
            self._connection.execute(
                "UPDATE document SET deleted_root = ? WHERE id = ?", (self._top_of(document_id), document_id)
            )
        for document_id in self._buried:
            self._adopt(document_id)
        roots = {document_id for document_id in self._buried if self._top_of(document_id) == document_id}
        deleted = [each for each in self._changes if each.action == "deleted" and each.id in roots]
        fresh = [each for each in self._changes if each.action in ("created", "restored")]
        # Only these have anything below them.
        above = [each for each in fresh if each.kind in ("workspace", "folder")]
        depths = self._depths([each.id for each in above])
        above.sort(key=lambda each: depths[each.id])
        fresh = above + [each for each in fresh if each.id not in depths]
        return fresh + [each for each in self._changes if each.action == "updated"] + deleted

    def parent_id(self, text: TextRow) -> str | None:
        """Return the local id of a text's parent: what is not the workspace is taken for a folder."""
        if text.parent is None:
            return None
        if text.parent == self._workspace_id[4:]:
            return self._workspace_id
        return f"{PREFIXES['folder']}_{text.parent}"

    def _insert(self, writes: Sequence[RowWrite]) -> dict[str, str]:
        """Make documents, and return their ids by resource."""
        context, made = self._context, {}
        documents: list[tuple[Any, ...]] = []
        contents: list[tuple[Any, ...]] = []
        numbers = count(self._next_number()) if writes else ()
        for number, write in zip(numbers, writes, strict=False):
            text = write.text
            assert text is not None
            document_id = made[write.resource] = f"{PREFIXES[text.kind]}_{write.resource}"
            documents.append(
                (
                    number,
                    document_id,
                    text.kind,
                    self._workspace_id,
                    self.parent_id(text),
                    text.order,
                    *codec.narrow_text(text.kind, text.fields, document_id),
                    text.schema,
                    context.now,
                    context.now,
                    write.local_rev,
                    write.local_rev if write.clean else 0,
                    *(context.number,) * 3,
                )
            )
            contents.append((number, document_id, text.fields, text.rest))
            self._placed[document_id] = documents[-1][4]
        many_rows.put(
            self._connection,
            "INSERT INTO document (number, id, kind, workspace_id, parent_id, sort_key, name, method, url, schema,"
            " created, modified, local_rev, synced_rev, born, placed, change)",
            documents,
        )
        many_rows.put(self._connection, "INSERT INTO content (number, id, fields, rest)", contents)
        full_text.mark_all(self._connection, [row[0] for row in documents if row[2] in full_text.SEARCHED_KINDS])
        for row, write in zip(documents, writes, strict=True):
            number, document_id, kind = row[:3]
            if write.deleted:
                self._bury(number, document_id)
            else:
                self._changes.append(Change("created", kind, document_id, self._workspace_id))
            if kind == "workspace":
                self.ensure_singletons("cookie_jar")
        return made

    def _next_number(self) -> int:
        row = self._connection.execute("SELECT max(number) FROM document").fetchone()
        return int(row[0] or 0) + 1

    def _write_fields(self, number: int, document_id: str, text: TextRow) -> set[str]:
        """Write fields that differ, and return the top-level ones that do."""
        stored, rest = self._connection.execute(
            "SELECT fields, rest FROM content WHERE number = ?", (number,)
        ).fetchone() or (None, None)
        if stored == text.fields and rest == text.rest:
            return set()
        after = codec.decode_fields(text.fields, document_id)
        try:
            before = codec.decode_fields(stored, document_id)
        except KnownError:
            # Damaged here: what arrives mends it, and is indexed anew.
            before = {}
        self._connection.execute(
            "INSERT INTO content (number, id, fields, rest) VALUES (?, ?, ?, ?) ON CONFLICT (number) DO UPDATE"
            " SET fields = excluded.fields, rest = excluded.rest",
            (number, document_id, text.fields, text.rest),
        )
        self._connection.execute(
            "UPDATE document SET name = ?, method = ?, url = ?, modified = ? WHERE number = ?",
            (*codec.narrow(text.kind, after), self._context.now, number),
        )
        if full_text.texts(text.kind, before) != full_text.texts(text.kind, after):
            full_text.mark(self._connection, number)
        return {
            key for key in {*before, *after} if before.get(key) != after.get(key) or (key in before) != (key in after)
        }

    def ensure_seed(self) -> None:
        """Give the workspace a seed where neither this device nor the server has one: the damaged store had it alone.

        What a salvage leaves for the server to bring may be lost there, too. An ordinary edit.
        """
        at, fields = self._workspace()
        if at is None or fields is None or "seed" in fields:
            return
        known = self._connection.execute(
            "SELECT 1 FROM head JOIN binding USING (group_id) WHERE workspace_id = ? AND resource = ?",
            (self._workspace_id, self._workspace_id[4:]),
        ).fetchone()
        if known is None:
            made = {"name": at.name, **fields, "seed": new_seed()}
            rows.write_fields(self._connection, self._context, at, before=fields, text=codec.encode(made))
            self._changes.append(
                Change("updated", "workspace", at.id, self._workspace_id, frozenset(made.keys() - fields.keys()))
            )

    def ensure_singletons(self, *kinds: str) -> None:
        """Make the workspace's own environment or cookie jar where they are missing: not every device sends a jar."""
        at, fields = self._workspace()
        seed = (fields or {}).get("seed")
        if at is None or not isinstance(seed, str):
            return
        try:
            made = singletons(self._workspace_id, seed)
        except KnownError:
            # A seed of another program that is none.
            return
        for document in made:
            if document.kind in kinds and rows.place(self._connection, document.id) is None:
                rows.insert(self._connection, self._context, document)
                self._changes.append(Change("created", document.kind, document.id, self._workspace_id))

    def _workspace(self) -> tuple[Place | None, JsonObject | None]:
        """Return the workspace, where it lives, and its fields, where they can be read."""
        at = rows.place(self._connection, self._workspace_id)
        if at is None or not at.alive:
            return None, None
        try:
            return at, rows.fields(self._connection, at)
        except KnownError:
            return at, None

    def _follow(self, *, deleted: bool) -> None:
        """Let what is not synced go where its workspace goes, and come back with it: no other device will say so."""
        found = self._connection.execute(
            "SELECT number, id, kind, deleted_root FROM document WHERE workspace_id = ?1"
            f" AND kind IN ('cookie_jar', 'environment') AND (deleted_at IS NULL) = ?2 AND NOT {synced('document')}"
            " AND (?2 OR kind = 'cookie_jar' OR deleted_root = ?1)",
            (self._workspace_id, int(deleted)),
        ).fetchall()
        for number, document_id, kind, root in found:
            if deleted:
                self._bury(number, document_id)
                self._changes.append(Change("deleted", kind, document_id, self._workspace_id))
            else:
                self._bring_back(number, document_id, root)
                self._changes.append(Change("restored", kind, document_id, self._workspace_id))

    def _bury(self, number: int, document_id: str) -> None:
        self._connection.execute(
            "UPDATE document SET deleted_at = ?, deleted_root = id, change = ? WHERE number = ?",
            (self._context.now, self._context.number, number),
        )
        self._buried[document_id] = document_id
        if document_id == self._workspace_id:
            self._follow(deleted=True)

    def _bring_back(self, number: int, document_id: str, root: str) -> None:
        self._connection.execute(
            "UPDATE document SET deleted_at = NULL, deleted_root = NULL, placed = ?1, change = ?1 WHERE number = ?2",
            (self._context.number, number),
        )
        self._buried.pop(document_id, None)
        if document_id == self._workspace_id:
            # Before what stays in the trash is made a deletion of its own.
            self._follow(deleted=False)
        trash_rows.find_new_roots(self._connection, root)

    def _top_of(self, document_id: str) -> str:
        """Return the highest ancestor that went in the same transaction."""
        top, walked = document_id, {document_id}
        while True:
            row = self._connection.execute("SELECT parent_id FROM document WHERE id = ?", (top,)).fetchone()
            if row is None or row[0] not in self._buried or row[0] in walked:
                return top
            top = row[0]
            walked.add(top)

    def _adopt(self, document_id: str) -> None:
        """Let what went shortly before, and stood right under it, belong to this deletion."""
        self._connection.execute(
            "UPDATE document SET deleted_root = ?1 WHERE deleted_root IN (SELECT id FROM document WHERE parent_id = ?2"
            " AND deleted_root = id AND deleted_at BETWEEN ?3 AND ?4 AND local_rev = synced_rev) AND id != ?2",
            (self._top_of(document_id), document_id, self._context.now - _ONE_DELETION_MS, self._context.now),
        )

    def _depths(self, documents: Sequence[str]) -> dict[str, int]:
        """Return how deep documents lie; the way up is read level by level, for all of them at once."""
        parents: dict[str, str | None] = {}
        level = set(documents)
        while level:
            # What was made just now is known without asking.
            found = {each: self._placed[each] for each in level if each in self._placed}
            asked = [each for each in level if each not in found]
            marks = ", ".join("?" * len(asked))
            found |= self._connection.execute(f"SELECT id, parent_id FROM document WHERE id IN ({marks})", asked)
            parents |= {each: found.get(each) for each in level}
            level = {above for above in found.values() if above is not None and above not in parents}
        depths = {}
        for document_id in documents:
            depth, walked, at = 0, {document_id}, parents[document_id]
            while at is not None and at not in walked:
                walked.add(at)
                depth, at = depth + 1, parents[at]
            depths[document_id] = depth
        return depths
