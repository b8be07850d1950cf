"""The domain as frozen structs; pure."""

from __future__ import annotations

from insomnia_desktop.model.authentication import (
    Authentication,
    BasicAuthentication,
    BearerAuthentication,
    NoAuthentication,
    UnknownAuthentication,
)
from insomnia_desktop.model.body import (
    Body,
    FileBody,
    FormBody,
    GraphQLBody,
    MultipartBody,
    NoBody,
    Part,
    TextBody,
    UnknownBody,
)
from insomnia_desktop.model.cookie_jar import Cookie, CookieJar
from insomnia_desktop.model.document import SCHEMA, Document
from insomnia_desktop.model.environment import Environment, Variable
from insomnia_desktop.model.patch import ABSENT, Edit, Patch
from insomnia_desktop.model.registry import View, fields_of, patch_between, view, view_as
from insomnia_desktop.model.request import Request, RequestSettings
from insomnia_desktop.model.request_group import RequestGroup
from insomnia_desktop.model.response import (
    ErrorRecord,
    Hop,
    Response,
    ResponseSummary,
    SentRecord,
    TimelineEntry,
    Timings,
    TlsRecord,
)
from insomnia_desktop.model.row import Row
from insomnia_desktop.model.tree_index import TreeIndex
from insomnia_desktop.model.tree_row import TreeRow
from insomnia_desktop.model.workspace import Workspace

__all__ = [
    "ABSENT",
    "SCHEMA",
    "Authentication",
    "BasicAuthentication",
    "BearerAuthentication",
    "Body",
    "Cookie",
    "CookieJar",
    "Document",
    "Edit",
    "Environment",
    "ErrorRecord",
    "FileBody",
    "FormBody",
    "GraphQLBody",
    "Hop",
    "MultipartBody",
    "NoAuthentication",
    "NoBody",
    "Part",
    "Patch",
    "Request",
    "RequestGroup",
    "RequestSettings",
    "Response",
    "ResponseSummary",
    "Row",
    "SentRecord",
    "TextBody",
    "TimelineEntry",
    "Timings",
    "TlsRecord",
    "TreeIndex",
    "TreeRow",
    "UnknownAuthentication",
    "UnknownBody",
    "Variable",
    "View",
    "Workspace",
    "fields_of",
    "patch_between",
    "view",
    "view_as",
]
