"""A cookie as texts that can be typed, what is wrong with them, and the way back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Literal, TypeAlias

import msgspec
from PySide6.QtCore import QCoreApplication

from insomnia_desktop.model import Cookie

CookieField: TypeAlias = Literal["domain", "name", "value", "path", "expires"]
SAME_SITES: Final = ("", "lax", "strict", "none")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NOT_IN_DOMAIN = re.compile(r"[\s/?#@\\]")
_PORT = re.compile(r":\d*$")

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class CookieForm:
    """What the fields of a cookie show; `expires` is empty for a cookie that goes with the session."""

    domain: str = ""
    name: str = ""
    value: str = ""
    path: str = "/"
    expires: str = ""
    secure: bool = False
    http_only: bool = False
    subdomains: bool = False
    same_site: str = ""


def form_of(cookie: Cookie) -> CookieForm:
    """Return a cookie as texts."""
    return CookieForm(
        domain=cookie.domain,
        name=cookie.name,
        value=cookie.value,
        path=cookie.path,
        expires=expiry_text(cookie.expires),
        secure=cookie.secure,
        http_only=cookie.http_only,
        subdomains=not cookie.host_only,
        same_site=cookie.same_site if cookie.same_site in SAME_SITES else "",
    )


def cookie_of(form: CookieForm, before: Cookie) -> Cookie:
    """Return the cookie that a form without problems stands for; id and time of creation stay.

    An expiry that reads as the stored one stays to the millisecond.
    """
    kept = form.expires == expiry_text(before.expires)
    return msgspec.structs.replace(
        before,
        domain=plain_domain(form.domain),
        name=form.name.strip(),
        value=form.value.strip(),
        path=form.path.strip() or "/",
        expires=before.expires if kept else expiry_of(form.expires),
        secure=form.secure,
        http_only=form.http_only,
        host_only=not form.subdomains,
        same_site=form.same_site,
    )


def problems_of(form: CookieForm, others: Iterable[Cookie] = ()) -> dict[CookieField, str]:
    """Return a sentence for each field that cannot be stored; `others` are the other cookies of the jar."""
    found: dict[CookieField, str] = {}
    domain = plain_domain(form.domain)
    if not domain:
        found["domain"] = translate("CookieForm", "A cookie needs the domain it is sent to.")
    elif _NOT_IN_DOMAIN.search(domain) or (_PORT.search(domain) and domain.count(":") == 1):
        found["domain"] = translate("CookieForm", "Only the name of the host: no scheme, port or path.")
    if not (form.name.strip() or form.value.strip()):
        found["name"] = translate("CookieForm", "A cookie needs a name.")
    elif ";" in form.name or "=" in form.name or _CONTROL.search(form.name):
        found["name"] = translate("CookieForm", "A name holds no = and no semicolon.")
    if ";" in form.value or _CONTROL.search(form.value):
        found["value"] = translate("CookieForm", "A value holds no semicolon and no line break.")
    if form.path.strip() and not form.path.strip().startswith("/"):
        found["path"] = translate("CookieForm", "A path begins with a slash.")
    elif ";" in form.path or _CONTROL.search(form.path):
        found["path"] = translate("CookieForm", "A path holds no semicolon.")
    if form.expires.strip() and expiry_of(form.expires) is None:
        found["expires"] = translate("CookieForm", "Not a date: write it as 2030-12-31 or 2030-12-31 18:00.")
    if not found and _is_taken(form, domain, others):
        found["name"] = translate("CookieForm", "There is a cookie with this name, domain and path already.")
    return found


def plain_domain(typed: str) -> str:
    """Return a domain as jars keep it: lower case, without the dots around it, and without the brackets of IPv6."""
    return typed.strip().lower().strip(".").removeprefix("[").removesuffix("]")


def expiry_text(expires: int | None) -> str:
    """Return milliseconds since 1970 as local date and time to the second, empty for None."""
    if expires is None:
        return ""
    try:
        local = datetime.fromtimestamp(expires / 1000, UTC).astimezone()
    except (OverflowError, ValueError, OSError):
        return str(expires)
    return f"{local:%Y-%m-%d %H:%M:%S}".removesuffix(":00")


def expiry_of(typed: str) -> int | None:
    """Return milliseconds since 1970 for a date in ISO 8601 or as servers write it, None for any other text.

    A date without a zone is one of this computer's.
    """
    text = typed.strip()
    if text.isdigit() and len(text) > len("20301231"):
        return int(text)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError):
            return None
    try:
        return max(0, round(moment.timestamp() * 1000))
    except (OverflowError, ValueError, OSError):
        return None


def _is_taken(form: CookieForm, domain: str, others: Iterable[Cookie]) -> bool:
    # What tells cookies apart in a jar (RFC 6265, 5.3 step 11).
    own = (domain, form.name.strip(), form.path.strip() or "/", not form.subdomains)
    return any((other.domain, other.name, other.path, other.host_only) == own for other in others)
