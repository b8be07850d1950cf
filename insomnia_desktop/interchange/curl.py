"""A curl command to the fields of a request."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote, unquote_to_bytes

from insomnia_desktop.base.ids import new_row_id
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.interchange import curl_options, shell_words
from insomnia_desktop.model import (
    Authentication,
    BasicAuthentication,
    BearerAuthentication,
    Body,
    FileBody,
    FormBody,
    MultipartBody,
    NoAuthentication,
    NoBody,
    Part,
    Request,
    RequestSettings,
    Row,
    TextBody,
    fields_of,
)

_LONGEST = 16 * 1024 * 1024
_PROMPT = re.compile(r"\s*(?:[$%>]\s+)?(?:curl|curl\.exe)\s", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|\{\{")
_FORM = "application/x-www-form-urlencoded"
_OTHER_AUTHENTICATION = ("digest", "ntlm", "negotiate", "anyauth", "aws-sigv4", "proxy-user", "netrc")


@dataclass(frozen=True, slots=True)
class PastedRequest:
    """The fields of a request (without a name), and the options of the command that have no place in it."""

    fields: JsonObject
    ignored: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reading:
    """What the options said so far."""

    url: str = ""
    method: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    query: list[str] = field(default_factory=list)
    data_file: str = ""
    upload: str = ""
    parts: list[Part] = field(default_factory=list)
    authentication: Authentication = field(default_factory=NoAuthentication)
    settings: dict[str, object] = field(default_factory=dict)
    get: bool = False
    head: bool = False
    json: bool = False
    ignored: list[str] = field(default_factory=list)


def parse_curl(text: str) -> PastedRequest | None:
    """Return the request that a curl command would send, or None where the text is no such command.

    Reads the quoting of POSIX shells (`$'...'` too) and of the Windows command prompt; of several addresses the first
    counts. Options that say where curl puts the answer are dropped, others without a place are listed in `ignored`.
    """
    if len(text) > _LONGEST or not _PROMPT.match(text):
        return None
    words = shell_words.split(text)
    if words is None:
        return None
    start = next(position for position, word in enumerate(words) if word.lower() in ("curl", "curl.exe"))
    reading = _Reading()
    for name, value in curl_options.read(words[start + 1 :]):
        if name == "next":
            break
        _take(reading, name, value)
    if not reading.url:
        return None
    return PastedRequest(_fields(reading), tuple(dict.fromkeys(reading.ignored)))


def _take(reading: _Reading, name: str, value: str) -> None:
    if _take_address(reading, name, value) or _take_body(reading, name, value) or _take_setting(reading, name, value):
        return
    if name not in curl_options.WITHOUT_MEANING:
        reading.ignored.append(f"--{name}")


def _take_address(reading: _Reading, name: str, value: str) -> bool:
    if name == "url":
        reading.url = reading.url or value
    elif name == "url-query":
        reading.query.append(value[1:] if value.startswith("+") else _url_encoded(value))
    elif name == "request":
        reading.method = value
    elif name == "get":
        reading.get = True
    elif name == "head":
        reading.head = True
    elif name == "header":
        _take_header(reading, value)
    elif name == "user-agent":
        reading.headers.append(("User-Agent", value))
    elif name == "referer":
        reading.headers.append(("Referer", value.removesuffix(";auto")))
    elif name == "range":
        reading.headers.append(("Range", f"bytes={value}"))
    elif name == "cookie" and "=" in value:
        reading.headers.append(("Cookie", value))
    elif name == "user":
        user, _, password = value.partition(":")
        reading.authentication = BasicAuthentication(username=user, password=password)
    elif name == "oauth2-bearer":
        reading.authentication = BearerAuthentication(token=value)
    else:
        return False
    return True


def _take_header(reading: _Reading, text: str) -> None:
    name, colon, value = text.partition(":")
    if colon and value.strip():
        reading.headers.append((name.strip(), value.strip()))
    elif not colon and name.endswith(";"):
        reading.headers.append((name[:-1].strip(), ""))
    else:
        # `Name:` takes away a header that curl would add, `@file` reads headers from a file.
        reading.ignored.append(f"--header {name}{colon}")


def _take_body(reading: _Reading, name: str, value: str) -> bool:
    if name in ("data", "data-ascii", "data-binary", "json"):
        reading.json = reading.json or name == "json"
        if value.startswith("@"):
            reading.data_file = value[1:]
        else:
            reading.data.append(value)
    elif name == "data-raw":
        reading.data.append(value)
    elif name == "data-urlencode":
        if re.match(r"[^=@]*@", value):
            reading.ignored.append("--data-urlencode @")
        else:
            reading.data.append(_url_encoded(value))
    elif name in ("form", "form-string"):
        reading.parts.append(_part(value, plain=name == "form-string"))
    elif name == "upload-file":
        reading.upload = value
    else:
        return False
    return True


def _take_setting(reading: _Reading, name: str, value: str) -> bool:
    settings = reading.settings
    if name == "insecure":
        settings["verify_tls"] = False
    elif name in ("location", "no-location"):
        settings["follow_redirects"] = name == "location"
    elif name == "max-redirs" and value.isdigit():
        settings["max_redirects"] = int(value)
    elif name in ("max-time", "connect-timeout") and re.fullmatch(r"\d+(\.\d+)?", value):
        settings["total_timeout_ms" if name == "max-time" else "connect_timeout_ms"] = round(float(value) * 1000)
    elif name == "proxy":
        settings["proxy"] = value if "://" in value or not value else f"http://{value}"
    elif name in ("socks5", "socks5-hostname"):
        settings["proxy"] = f"socks5://{value}"
    elif name == "http1.1":
        settings["http_version"] = "1.1"
    elif name in ("http2", "http2-prior-knowledge"):
        settings["http_version"] = "auto" if name == "http2" else "2"
    else:
        return False
    return True


def _part(text: str, *, plain: bool) -> Part:
    """Return one part of `-F name=value`, `name=@file;type=...;filename=...` or `name=<file`."""
    name, _, value = text.partition("=")
    if plain:
        return Part(id=new_row_id(), name=name, value=value)
    content, *attributes = _split_attributes(value)
    named = dict(attribute.strip().split("=", 1) for attribute in attributes if "=" in attribute)
    media_type = named.get("type", "")
    if content[:1] in ("@", "<"):
        return Part(
            id=new_row_id(),
            name=name,
            kind="file",
            path=_unquoted(content[1:]),
            media_type=media_type,
            filename=_unquoted(named.get("filename", "")),
        )
    return Part(id=new_row_id(), name=name, value=_unquoted(content), media_type=media_type)


def _split_attributes(text: str) -> list[str]:
    return re.findall(r'(?:"(?:\\.|[^"\\])*"|[^;])+', text) or [""]


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text


def _url_encoded(text: str) -> str:
    name, equals, content = text.partition("=")
    if not equals:
        return quote(text, safe="")
    return (f"{name}=" if name else "") + quote(content, safe="")


def _fields(reading: _Reading) -> JsonObject:
    url = reading.url if _SCHEME.match(reading.url) else f"http://{reading.url}"
    query = [*reading.query, *(reading.data if reading.get else ())]
    if query:
        address, hash_mark, fragment = url.partition("#")
        joint = "&" if "?" in address else "?"
        url = address + joint + "&".join(query) + hash_mark + fragment
    body = NoBody() if reading.get else _body(reading)
    request = Request(
        id="",
        parent_id=None,
        sort_key="",
        method=_method(reading, body),
        url=url,
        headers=tuple(Row(id=new_row_id(), name=name, value=value) for name, value in reading.headers),
        body=body,
        authentication=reading.authentication,
        settings=RequestSettings(**reading.settings),  # type: ignore[arg-type]
    )
    fields = fields_of(request)
    del fields["name"]
    return fields


def _method(reading: _Reading, body: Body) -> str:
    if reading.method:
        return reading.method
    if reading.head:
        return "HEAD"
    if reading.upload:
        return "PUT"
    return "GET" if isinstance(body, NoBody) else "POST"


def _body(reading: _Reading) -> Body:
    """Return the body, and take its Content-Type out of the headers where the body says the same."""
    if reading.parts:
        return MultipartBody(parts=tuple(reading.parts))
    if reading.json:
        _default_header(reading, "Content-Type", "application/json")
        _default_header(reading, "Accept", "application/json")
    if reading.upload:
        return FileBody(path=reading.upload)
    if reading.data_file:
        if reading.data:
            reading.ignored.append("--data")
        return FileBody(path=reading.data_file, media_type=_taken_media_type(reading) or _FORM)
    if not reading.data:
        return NoBody()
    # curl joins the pieces of --json as they are, those of --data with `&`.
    text = ("" if reading.json else "&").join(reading.data)
    media_type = _taken_media_type(reading) or _FORM
    if media_type == _FORM:
        rows = _form_rows(text)
        if rows is not None:
            return FormBody(rows=rows)
    return TextBody(media_type=media_type, text=text)


def _default_header(reading: _Reading, name: str, value: str) -> None:
    if not any(given.lower() == name.lower() for given, _ in reading.headers):
        reading.headers.append((name, value))


def _taken_media_type(reading: _Reading) -> str:
    for position, (name, value) in enumerate(reading.headers):
        if name.lower() == "content-type":
            media_type, parameters, _ = value.partition(";")
            if not parameters:
                del reading.headers[position]
            return media_type.strip().lower()
    return ""


def _form_rows(text: str) -> tuple[Row, ...] | None:
    """Return the rows of a form, or None where the text is no form or would not come out the same."""
    rows = []
    for piece in text.split("&"):
        name, equals, value = piece.partition("=")
        if not equals or re.search(r"[\s{}\[\]\"<>]", piece.replace("{{", "").replace("}}", "")):
            return None
        try:
            rows.append(Row(id=new_row_id(), name=_form_decoded(name), value=_form_decoded(value)))
        except UnicodeDecodeError:
            return None
    return tuple(rows)


def _form_decoded(text: str) -> str:
    return unquote_to_bytes(text.replace("+", " ")).decode("utf-8")
