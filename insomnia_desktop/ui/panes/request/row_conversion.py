"""Rows of the model to rows of the table and back."""

from __future__ import annotations

from insomnia_desktop.model import Part, Row
from insomnia_desktop.ui.models.key_value_rows import KeyValueRow, KeyValueRows


def shown_rows(rows: tuple[Row, ...]) -> KeyValueRows:
    """Return rows as the table shows them."""
    return tuple(KeyValueRow(row.id, row.enabled, row.name, row.value, row.description) for row in rows)


def stored_rows(rows: KeyValueRows) -> tuple[Row, ...]:
    """Return what the table shows as rows of the model."""
    return tuple(
        Row(id=row.id, enabled=row.enabled, name=row.name, value=row.value, description=row.description) for row in rows
    )


def shown_parts(parts: tuple[Part, ...]) -> KeyValueRows:
    """Return multipart parts as the table shows them: a file by its path."""
    return tuple(
        KeyValueRow(
            part.id,
            part.enabled,
            part.name,
            part.path if part.kind == "file" else part.value,
            part.description,
            "file" if part.kind == "file" else "text",
            part.media_type,
            part.filename,
        )
        for part in parts
    )


def stored_parts(rows: KeyValueRows) -> tuple[Part, ...]:
    """Return what the table shows as multipart parts."""
    return tuple(
        Part(
            id=row.id,
            enabled=row.enabled,
            name=row.name,
            kind="file" if row.kind == "file" else "text",
            value="" if row.kind == "file" else row.value,
            path=row.value if row.kind == "file" else "",
            media_type=row.media_type,
            filename=row.filename,
            description=row.description,
        )
        for row in rows
    )
