"""The bodies that a request can have; each is tagged by `type` in JSON."""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

from insomnia_desktop.model.row import Row


class NoBody(msgspec.Struct, frozen=True, kw_only=True, tag="none", tag_field="type"):
    """Nothing is sent."""


class TextBody(msgspec.Struct, frozen=True, kw_only=True, tag="text", tag_field="type"):
    """Text of any media type: JSON, XML, YAML, plain or another."""

    media_type: str = "application/json"
    text: str = ""


class FormBody(msgspec.Struct, frozen=True, kw_only=True, tag="form", tag_field="type"):
    """`application/x-www-form-urlencoded` rows."""

    rows: tuple[Row, ...] = ()


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a multipart body; `kind` is `text` (value counts) or `file` (path counts)."""

    id: str
    enabled: bool = True
    name: str = ""
    kind: str = "text"
    value: str = ""
    path: str = ""
    media_type: str = ""
    filename: str = ""
    description: str = ""


class MultipartBody(msgspec.Struct, frozen=True, kw_only=True, tag="multipart", tag_field="type"):
    """`multipart/form-data` with texts and files."""

    parts: tuple[Part, ...] = ()


class FileBody(msgspec.Struct, frozen=True, kw_only=True, tag="file", tag_field="type"):
    """The bytes of one file."""

    path: str = ""
    media_type: str = ""


class GraphQLBody(msgspec.Struct, frozen=True, kw_only=True, tag="graphql", tag_field="type"):
    """A GraphQL operation; `variables` is JSON text as typed."""

    query: str = ""
    variables: str = ""
    operation_name: str = ""


class UnknownBody(msgspec.Struct, frozen=True, kw_only=True):
    """A body of a type that this program does not know: kept as it is, shown by its name, not sent."""

    type: str
    raw: dict[str, Any]


Body: TypeAlias = NoBody | TextBody | FormBody | MultipartBody | FileBody | GraphQLBody | UnknownBody
KNOWN_BODIES = (NoBody, TextBody, FormBody, MultipartBody, FileBody, GraphQLBody)
