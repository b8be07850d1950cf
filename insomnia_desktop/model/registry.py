"""From a stored document to its typed view and back, with unknown fields left alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar, cast

import msgspec

from insomnia_desktop.base.errors import Bug, KnownError
from insomnia_desktop.base.json_value import JsonObject, JsonValue
from insomnia_desktop.model import patch as patches
from insomnia_desktop.model.authentication import KNOWN_AUTHENTICATIONS, Authentication, UnknownAuthentication
from insomnia_desktop.model.body import KNOWN_BODIES, Body, UnknownBody
from insomnia_desktop.model.cookie_jar import CookieJar
from insomnia_desktop.model.document import Document
from insomnia_desktop.model.environment import Environment
from insomnia_desktop.model.request import Request
from insomnia_desktop.model.request_group import RequestGroup
from insomnia_desktop.model.workspace import Workspace

View: TypeAlias = Workspace | RequestGroup | Request | Environment | CookieJar

_VIEWS: dict[str, type[View]] = {
    "workspace": Workspace,
    "folder": RequestGroup,
    "request": Request,
    "environment": Environment,
    "cookie_jar": CookieJar,
}
_KINDS: dict[type[View], str] = {view: kind for kind, view in _VIEWS.items()}
_PLACE = ("id", "parent_id", "sort_key")
_V = TypeVar("_V", bound=View)


def decode_body(raw: Any) -> Body:
    """Return the typed body; a type that is not known is kept as UnknownBody."""
    kind = raw.get("type") if isinstance(raw, dict) else None
    for known in KNOWN_BODIES:
        if known.__struct_config__.tag == kind:
            return cast(Body, msgspec.convert(raw, known))
    return UnknownBody(type=str(kind), raw=raw if isinstance(raw, dict) else {"value": raw})


def decode_authentication(raw: Any) -> Authentication:
    """Return the typed authentication; a type that is not known is kept as UnknownAuthentication."""
    kind = raw.get("type") if isinstance(raw, dict) else None
    for known in KNOWN_AUTHENTICATIONS:
        if known.__struct_config__.tag == kind:
            return cast(Authentication, msgspec.convert(raw, known))
    return UnknownAuthentication(type=str(kind), raw=raw if isinstance(raw, dict) else {"value": raw})


_DECODERS: dict[str, Callable[[Any], Any]] = {"body": decode_body, "authentication": decode_authentication}
_FIELDS = {
    view: tuple((field.name, field.type) for field in msgspec.structs.fields(view) if field.name not in _PLACE)
    for view in _VIEWS.values()
}


MOST_LEVELS = 200
"""How deep lists and objects of a field may lie in each other; what works on them calls itself for each level."""


def view(document: Document) -> View:
    """Return the typed view of a document; raises KnownError `document.invalid` where a field has the wrong shape."""
    try:
        view_type = _VIEWS[document.kind]
    except KeyError:
        raise KnownError("document.unknown_kind", id=document.id, kind=document.kind) from None
    values: dict[str, Any] = {}
    for name, field_type in _FIELDS[view_type]:
        if name not in document.fields:
            continue
        raw = document.fields[name]
        try:
            decode = _DECODERS.get(name)
            values[name] = decode(raw) if decode else msgspec.convert(raw, field_type)
        except msgspec.ValidationError as error:
            raise KnownError("document.invalid", id=document.id, field=name, reason=str(error)) from error
    return view_type(id=document.id, parent_id=document.parent_id, sort_key=document.sort_key, **values)


def view_as(document: Document, view_type: type[_V]) -> _V:
    """Return the typed view and insist on its type; raises KnownError `document.invalid`, Bug `document.other_kind`."""
    typed = view(document)
    if not isinstance(typed, view_type):
        raise Bug("document.other_kind", id=document.id, kind=document.kind)
    return typed


def kind_of_view(typed: View) -> str:
    """Return the kind string of a view."""
    return _KINDS[type(typed)]


def fields_of(typed: View) -> JsonObject:
    """Return the JSON of the view's own fields (the `d` of protocol v1, 3.2); unknown fields are not among them."""
    return {name: _to_json(getattr(typed, name)) for name, _ in _FIELDS[type(typed)]}


def patch_between(before: View, after: View) -> patches.Patch:
    """Return the edits that turn one view into the other; fields that no view knows stay untouched.

    Raises KnownError `document.too_deep` (id, field, limit) where what is new is nested too deeply.
    Fields that are the same cost nothing: this runs on the GUI thread after each pause in typing.
    """
    if type(before) is not type(after) or before.id != after.id:
        raise Bug("document.other_kind", id=after.id, kind=kind_of_view(after))
    old: JsonObject = {}
    new: JsonObject = {}
    for name, _ in _FIELDS[type(after)]:
        was, now = getattr(before, name), getattr(after, name)
        if was is not now:
            old[name], new[name] = _to_json(was), _to_json(now)
    for name, value in new.items():
        if _is_deeper(value, MOST_LEVELS):
            raise KnownError("document.too_deep", id=after.id, field=name, limit=MOST_LEVELS)
    return patches.diff(old, new)


def _is_deeper(value: JsonValue, levels: int) -> bool:
    if isinstance(value, dict):
        return levels == 0 or any(_is_deeper(member, levels - 1) for member in value.values())
    return isinstance(value, list) and (levels == 0 or any(_is_deeper(member, levels - 1) for member in value))


def _to_json(value: Any) -> JsonValue:
    if isinstance(value, str):
        return value
    if isinstance(value, UnknownBody | UnknownAuthentication):
        return value.raw
    # By way of JSON: `to_builtins` keeps tuples, and a tuple is no table to a patch.
    try:
        return cast(JsonValue, msgspec.json.decode(msgspec.json.encode(value)))
    except (OverflowError, UnicodeEncodeError):
        # Whole numbers of more than 64 bits, and half surrogate pairs, which a paste may hold.
        return cast(JsonValue, json.loads(json.dumps(msgspec.to_builtins(value))))
