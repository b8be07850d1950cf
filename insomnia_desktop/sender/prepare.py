"""From a request and its variables to exactly what goes out; pure.

What is written goes out as written, in order; what is missing is added behind it: Content-Type, Authorization, Accept,
Accept-Encoding, User-Agent. Content-Length and cookies are added by the sender, once per hop.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from insomnia_desktop import __version__
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.model.authentication import BasicAuthentication, BearerAuthentication, UnknownAuthentication
from insomnia_desktop.model.body import (
    FileBody,
    FormBody,
    GraphQLBody,
    MultipartBody,
    NoBody,
    Part,
    TextBody,
    UnknownBody,
)
from insomnia_desktop.model.request import Request
from insomnia_desktop.sender.address import Address, add_parameters, fill_path, parse_address
from insomnia_desktop.sender.body_source import EMPTY, BodySource, BytesSource, FileSource
from insomnia_desktop.sender.form_bodies import form_text, graphql_text
from insomnia_desktop.sender.header_fields import HeaderFields, check_header, check_method, value_of
from insomnia_desktop.sender.multipart import FilledPart, media_type_of, multipart_source, new_boundary
from insomnia_desktop.templating.render import Renderer

ACCEPT_ENCODING: Final = "gzip, deflate, br, zstd"
USER_AGENT: Final = f"insomnia-desktop/{__version__}"
_MUCH_TEXT: Final = 64 * 1024
_BOUNDARY = re.compile(r""";\s*boundary\s*=\s*(?:"([^"]*)"|([^;\s]+))""", re.IGNORECASE)
_BOUNDARY_TEXT = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")


@dataclass(frozen=True, slots=True)
class PreparedRequest:
    """What goes out first: `headers` without Host, Content-Length and the jar's cookies, unless written.

    `written` are the names, lower-case, of the headers that the person wrote.
    """

    method: str
    address: Address
    headers: HeaderFields
    body: BodySource
    written: frozenset[str]

    @property
    def url(self) -> str:
        """The whole address as it is asked for."""
        return str(self.address)


def prepare(request: Request, renderer: Renderer) -> PreparedRequest:
    """Return the final request.

    Raises KnownError: those of Renderer, `template.unknown_names` with all names of the whole request,
    `send.bad_address`, `send.bad_method`, `send.bad_header`, `send.bad_variables` (param: reason),
    `send.unknown_body` and `send.unknown_authentication` (param: type).
    """
    url = _url(request, renderer)
    rows = [
        (renderer.render(row.name, "header name"), renderer.render(row.value, f"header {row.name}"))
        for row in request.headers
        if row.enabled and (row.name or row.value)
    ]
    credentials = _credentials(request, renderer)
    body, media_type = _body(request, renderer, value_of(rows, "content-type"))
    renderer.raise_unknown()
    method = check_method(request.method)
    address = parse_address(url)
    written = tuple(check_header(name, value) for name, value in rows)
    if media_type.startswith("multipart/"):
        written = _with_boundary(written, media_type)
    if credentials is None and address.user is not None:
        credentials = _basic(address.user, address.password)
    added = [
        ("Content-Type", media_type),
        ("Authorization", credentials or ""),
        ("Accept", "*/*"),
        ("Accept-Encoding", ACCEPT_ENCODING),
        ("User-Agent", USER_AGENT),
    ]
    names = frozenset(name.lower() for name, _ in written)
    automatic = tuple(check_header(*field) for field in added if field[1] and field[0].lower() not in names)
    return PreparedRequest(method=method, address=address, headers=written + automatic, body=body, written=names)


def takes_long(request: Request) -> bool:
    """Say whether `prepare` may take more than a moment: much text, or variables that may need the engine."""
    size = 0
    for text in _texts(request):
        size += len(text)
        if size > _MUCH_TEXT or "{{" in text or "{%" in text:
            return True
    return False


def preview_url(request: Request, renderer: Renderer) -> str:
    """Return the address as it would be asked for; names that are not known stay as they are written.

    Raises the KnownErrors of Renderer and `send.bad_address`.
    """
    url = _url(request, renderer)
    if renderer.unknown:
        return url
    return str(parse_address(url))


def automatic_headers(request: Request) -> list[tuple[str, str]]:
    """Return the headers that are added to those written; an empty value is known only when it is sent."""
    names = {row.name.lower() for row in request.headers if row.enabled}
    offered = [("Host", "")]
    media_type = _declared_type(request)
    if media_type:
        offered.append(("Content-Type", media_type))
    if isinstance(request.authentication, BasicAuthentication | BearerAuthentication) and (
        request.authentication.enabled
    ):
        offered.append(("Authorization", ""))
    offered += [("Accept", "*/*"), ("Accept-Encoding", ACCEPT_ENCODING), ("User-Agent", USER_AGENT)]
    if not isinstance(request.body, NoBody) or wants_length(request.method):
        offered.append(("Content-Length", ""))
    return [(name, value) for name, value in offered if name.lower() not in names]


def wants_length(method: str) -> bool:
    """Say whether a request without a body names its length, 0 (RFC 9110, 8.6)."""
    return method.upper() in ("POST", "PUT", "PATCH")


def _texts(request: Request) -> Iterator[str]:
    yield request.url
    rows = [*request.parameters, *request.path_parameters, *request.headers]
    match request.body:
        case TextBody() as body:
            yield body.text
        case GraphQLBody() as graphql:
            yield from (graphql.query, graphql.variables)
        case FormBody() as form:
            rows += form.rows
        case MultipartBody() as multipart:
            for part in multipart.parts:
                yield from (part.name, part.value, part.path)
    for row in rows:
        yield from (row.name, row.value)


def _url(request: Request, renderer: Renderer) -> str:
    url = renderer.render(request.url.strip(), "address")
    values = {
        row.name: renderer.render(row.value, f"path parameter {row.name}")
        for row in request.path_parameters
        if row.name
    }
    pairs = [
        (renderer.render(row.name, "parameter name"), renderer.render(row.value, f"parameter {row.name}"))
        for row in request.parameters
        if row.enabled and (row.name or row.value)
    ]
    return add_parameters(fill_path(url.strip(), values), pairs)


def _credentials(request: Request, renderer: Renderer) -> str | None:
    match request.authentication:
        case BasicAuthentication(enabled=True) as basic:
            user = renderer.render(basic.username, "authentication user name")
            password = renderer.render(basic.password, "authentication password")
            return _basic(user.encode("utf-8"), password.encode("utf-8"))
        case BearerAuthentication(enabled=True) as bearer:
            token = renderer.render(bearer.token, "authentication token").strip()
            prefix = renderer.render(bearer.prefix, "authentication prefix").strip()
            return f"{prefix} {token}".strip()
        case UnknownAuthentication() as unknown:
            raise KnownError("send.unknown_authentication", type=unknown.type)
    return None


def _basic(user: bytes, password: bytes) -> str:
    return "Basic " + base64.b64encode(user + b":" + password).decode("ascii")


def _body(request: Request, renderer: Renderer, written_type: str | None) -> tuple[BodySource, str]:
    match request.body:
        case NoBody():
            return EMPTY, ""
        case TextBody() as body:
            return _text(renderer.render(body.text, "body")), body.media_type
        case FormBody() as form:
            pairs = [
                (renderer.render(row.name, "form field name"), renderer.render(row.value, f"form field {row.name}"))
                for row in form.rows
                if row.enabled and (row.name or row.value)
            ]
            return _text(form_text(pairs)), _declared_type(request)
        case MultipartBody() as multipart:
            parts = [_filled(part, renderer) for part in multipart.parts if part.enabled]
            boundary = _boundary_of(written_type) or new_boundary()
            return multipart_source(parts, boundary), f"multipart/form-data; boundary={_quoted(boundary)}"
        case FileBody() as file:
            path = renderer.render(file.path, "body")
            media_type = file.media_type or media_type_of(path)
            return FileSource(path, "body"), media_type
        case GraphQLBody() as graphql:
            operation = renderer.render(graphql.operation_name, "GraphQL operation")
            query = renderer.render(graphql.query, "GraphQL query")
            variables = renderer.render(graphql.variables, "GraphQL variables")
            if renderer.unknown:
                return EMPTY, ""
            return _text(graphql_text(query=query, variables=variables, operation=operation)), _declared_type(request)
        case UnknownBody() as unknown:
            raise KnownError("send.unknown_body", type=unknown.type)


def _declared_type(request: Request) -> str:
    match request.body:
        case TextBody() as body:
            return body.media_type
        case FormBody():
            return "application/x-www-form-urlencoded"
        case MultipartBody():
            return "multipart/form-data"
        case FileBody() as file:
            return file.media_type or media_type_of(file.path)
        case GraphQLBody():
            return "application/json"
    return ""


def _filled(part: Part, renderer: Renderer) -> FilledPart:
    where = f"part {part.name}"
    media_type = renderer.render(part.media_type, where).strip()
    if media_type:
        check_header("Content-Type", media_type)
    return FilledPart(
        name=renderer.render(part.name, "part name"),
        value=renderer.render(part.value, where) if part.kind != "file" else "",
        path=renderer.render(part.path, where) if part.kind == "file" else None,
        media_type=media_type,
        filename=renderer.render(part.filename, where),
    )


def _with_boundary(written: HeaderFields, media_type: str) -> HeaderFields:
    """A written multipart type without a boundary could not be read by anybody: it gets ours."""
    return tuple(
        (name, f"{value}; {media_type.partition('; ')[2]}")
        if name.lower() == "content-type" and value.lower().startswith("multipart/") and not _BOUNDARY.search(value)
        else (name, value)
        for name, value in written
    )


def _boundary_of(content_type: str | None) -> str | None:
    found = _BOUNDARY.search(content_type or "")
    if found is None:
        return None
    boundary = found.group(1) or found.group(2) or ""
    return boundary if _BOUNDARY_TEXT.fullmatch(boundary) else None


def _quoted(boundary: str) -> str:
    return boundary if boundary.isalnum() else f'"{boundary}"'


def _text(text: str) -> BytesSource:
    return BytesSource(text.encode("utf-8", "surrogatepass"))
