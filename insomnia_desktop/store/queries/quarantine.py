"""What is in quarantine: documents of which another device made something that cannot be used here."""

from __future__ import annotations

from insomnia_desktop.store.quarantine import WHY_HELD
from insomnia_desktop.store.reader import Reader


def environments(reader: Reader, workspace_id: str) -> dict[str, str]:
    """Return why living environments of a workspace are in quarantine, by id.

    The reasons are the engine's: `undecryptable`, `malformed`, `newer_schema`, `type_changed`.
    """
    rows = reader.rows(
        "SELECT document.id, quarantine.reason FROM quarantine JOIN document ON document.id = 'env_' || resource"
        " WHERE document.workspace_id = ? AND document.deleted_at IS NULL",
        (workspace_id,),
    )
    return {row[0]: row[1] for row in rows}


def tree_rows(reader: Reader, workspace_id: str) -> dict[str, str]:
    """Return why living requests and folders of a workspace are in quarantine, by id; the reasons as above."""
    rows = reader.rows(
        "SELECT document.id, quarantine.reason FROM quarantine"
        " JOIN document ON document.id IN ('req_' || resource, 'fld_' || resource)"
        " WHERE document.workspace_id = ? AND document.deleted_at IS NULL ORDER BY document.number",
        (workspace_id,),
    )
    return {row[0]: row[1] for row in rows}


def reason(reader: Reader, document_id: str) -> str:
    """Return why a document is in quarantine, empty where it is not."""
    row = reader.row(WHY_HELD, (document_id[4:],))
    return str(row[0]) if row is not None else ""
