"""The cookies that a response sets, as they stand in its headers, for reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import Final
from urllib.parse import urlsplit

from PySide6.QtCore import QCoreApplication

from insomnia_desktop.model import Response
from insomnia_desktop.ui.i18n.words import full_words

_FAR_FUTURE_S: Final = 400 * 365 * 86_400

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class SetCookie:
    """One Set-Cookie header: what is missing in it is filled in as a jar would (RFC 6265, 5.2 to 5.3)."""

    name: str
    value: str
    domain: str
    path: str
    expires: str
    flags: str


def set_cookies(response: Response) -> list[SetCookie]:
    """Return the cookies that a response sets, in the order of its headers."""
    lines = [value for name, value in response.headers if name.lower() == "set-cookie"]
    return [_parsed(line, response) for line in lines]


def _parsed(line: str, response: Response) -> SetCookie:
    pair, *rest = line.split(";")
    name, equals, value = pair.partition("=")
    if not equals:
        name, value = "", pair
    attributes: dict[str, str] = {}
    for part in rest:
        key, _, text = part.partition("=")
        attributes[key.strip().lower()] = text.strip()
    try:
        address = urlsplit(response.url)
        host, location = address.hostname or "", address.path
    except ValueError:
        host, location = "", ""
    path = attributes.get("path", "")
    return SetCookie(
        name=name.strip(),
        value=value.strip(),
        domain=attributes.get("domain", "").lstrip(".").lower() or host,
        path=path if path.startswith("/") else _default_path(location),
        expires=_expires(attributes, response.started),
        flags=_flags(attributes),
    )


def _default_path(location: str) -> str:
    head = location.rpartition("/")[0]
    return head if head.startswith("/") else "/"


def _expires(attributes: dict[str, str], now: int) -> str:
    age = attributes.get("max-age", "")
    if age.removeprefix("-").isascii() and age.removeprefix("-").isdigit():
        seconds = int(age[:12])
        if seconds <= 0:
            return translate("SetCookies", "At once (deleted)")
        return full_words(now + min(seconds, _FAR_FUTURE_S) * 1000)
    written = attributes.get("expires", "")
    if not written:
        return translate("SetCookies", "With the session")
    from email.utils import parsedate_to_datetime  # slow to import, and the start needs none of it

    try:
        moment = parsedate_to_datetime(written.replace("-", " "))
    except (ValueError, TypeError, IndexError):
        return written
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    try:
        return full_words(round(moment.timestamp() * 1000))
    except (OverflowError, OSError, ValueError):
        return written


def _flags(attributes: dict[str, str]) -> str:
    words = []
    if "secure" in attributes:
        words.append("Secure")
    if "httponly" in attributes:
        words.append("HttpOnly")
    if attributes.get("samesite"):
        words.append(f"SameSite={attributes['samesite'].capitalize()}")
    return ", ".join(words)
