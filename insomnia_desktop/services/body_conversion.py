"""What becomes of a body's content when its type changes."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote_plus

from insomnia_desktop.base.ids import new_row_id
from insomnia_desktop.model import (
    Body,
    FileBody,
    FormBody,
    GraphQLBody,
    MultipartBody,
    NoBody,
    Part,
    Row,
    TextBody,
)
from insomnia_desktop.templating import tokens


def converted_body(body: Body, body_type: str, media_type: str = "") -> Body:
    """Return a body of another type (`none`, `text`, `form`, `multipart`, `file`, `graphql`) with the same content.

    Rows, parts and form-encoded text turn into each other; any other text stays as text. What the new type cannot
    hold is left behind and comes back with undo.
    """
    if body_type == "text":
        return TextBody(media_type=media_type or "text/plain", text=_text_of(body))
    if body_type == "form":
        return FormBody(rows=_rows_of(body))
    if body_type == "multipart":
        if isinstance(body, MultipartBody):
            return body
        return MultipartBody(
            parts=tuple(
                Part(id=row.id, enabled=row.enabled, name=row.name, value=row.value, description=row.description)
                for row in _rows_of(body)
            )
        )
    if body_type == "file":
        return body if isinstance(body, FileBody) else FileBody()
    if body_type == "graphql":
        return body if isinstance(body, GraphQLBody) else GraphQLBody(query=_text_of(body))
    return NoBody()


def _text_of(body: Body) -> str:
    if isinstance(body, TextBody):
        return body.text
    if isinstance(body, GraphQLBody):
        return body.query
    return "&".join(f"{_encoded(row.name)}={_encoded(row.value)}" for row in _rows_of(body) if row.enabled)


def _encoded(text: str) -> str:
    """Return a text form-encoded, but for its variables, which mean something only as they are."""
    return "".join(
        quote_plus(text[at.start : at.end]) if at.kind == "text" else text[at.start : at.end] for at in tokens(text)
    )


def _rows_of(body: Body) -> tuple[Row, ...]:
    if isinstance(body, FormBody):
        return body.rows
    if isinstance(body, MultipartBody):
        return tuple(
            Row(id=part.id, enabled=part.enabled, name=part.name, value=part.value, description=part.description)
            for part in body.parts
            if part.kind == "text"
        )
    if isinstance(body, TextBody) and "=" in body.text and "\n" not in body.text.strip():
        pairs = parse_qsl(body.text.strip(), keep_blank_values=True)
        return tuple(Row(id=new_row_id(), name=name, value=value) for name, value in pairs)
    return ()
