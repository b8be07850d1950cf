"""The cookie jar by RFC 6265: which cookies go out, and what Set-Cookie does to the jar; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import msgspec

from insomnia_desktop.base.ids import new_row_id
from insomnia_desktop.model.cookie_jar import Cookie, CookieJar
from insomnia_desktop.sender.address import Address, is_ip_literal, is_loopback

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

MOST_BYTES: Final = 4096
"""Name and value of one cookie together (RFC 6265bis, 5.6)."""
MOST_OF_A_DOMAIN: Final = 180
MOST_COOKIES: Final = 3000
_FOREVER_MS: Final = 400 * 86_400_000
_DELIMITER = re.compile(r"[\x09\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+")
_TIME = re.compile(r"(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\D.*)?", re.DOTALL)
_DAY = re.compile(r"(\d{1,2})(?:\D.*)?", re.DOTALL)
_YEAR = re.compile(r"(\d{2,4})(?:\D.*)?", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class CookieNote:
    """What became of one Set-Cookie line: `kept`, `replaced`, `removed` or `refused` and why."""

    name: str
    outcome: str
    reason: str = ""


def cookies_for(jar: CookieJar, address: Address, now: int) -> tuple[Cookie, ...]:
    """Return the cookies that go to an address, longest path first, then the oldest (RFC 6265, 5.4).

    `now` is milliseconds since 1970 UTC. A secure cookie also goes to this very computer without TLS.
    """
    host = address.host.rstrip(".")
    safe = address.scheme == "https" or is_loopback(host)
    fitting = [
        cookie
        for cookie in jar.cookies
        if cookie.name + cookie.value
        and (cookie.expires is None or cookie.expires > now)
        and (safe or not cookie.secure)
        and (host == cookie.domain if cookie.host_only else domain_matches(host, cookie.domain))
        and path_matches(address.path, cookie.path)
    ]
    return tuple(sorted(fitting, key=lambda cookie: (-len(cookie.path), cookie.created)))


def cookie_header(cookies: tuple[Cookie, ...]) -> str:
    """Return the value of the Cookie header."""
    return "; ".join(f"{cookie.name}={cookie.value}" if cookie.name else cookie.value for cookie in cookies)


def store_from(
    jar: CookieJar, address: Address, lines: tuple[str, ...], now: int
) -> tuple[CookieJar, tuple[CookieNote, ...]]:
    """Return the jar after the Set-Cookie lines of an answer, and what became of each (RFC 6265, 5.3)."""
    cookies = [cookie for cookie in jar.cookies if cookie.expires is None or cookie.expires > now]
    notes: list[CookieNote] = []
    for line in lines:
        parsed = parse_set_cookie(line, address, now)
        if isinstance(parsed, CookieNote):
            notes.append(parsed)
            continue
        notes.append(_put(cookies, parsed, address, now))
    cookies = _evicted(cookies)
    return msgspec.structs.replace(jar, cookies=tuple(cookies)), tuple(notes)


def parse_set_cookie(line: str, address: Address, now: int) -> Cookie | CookieNote:
    """Return the cookie of a Set-Cookie line, or why there is none (RFC 6265, 5.2 and 5.3; prefixes of 6265bis)."""
    pair, _, rest = line.partition(";")
    name, equals, value = pair.partition("=")
    if not equals:
        name, value = "", name
    name, value = name.strip(" \t"), value.strip(" \t")
    attributes = _attributes(rest)
    host = address.host.rstrip(".")
    domain = attributes.get("domain", "").lstrip(".").lower().rstrip(".")
    reason = _refusal(name, value, domain, host)
    if reason:
        return CookieNote(name[:100], "refused", reason)
    if not domain or (domain == host and _is_public(domain)):
        domain, host_only = host, True
    else:
        host_only = False
    path = attributes.get("path", "")
    cookie = Cookie(
        id=new_row_id(),
        name=name,
        value=value,
        domain=domain,
        path=path if path.startswith("/") else default_path(address.path),
        expires=_expiry(attributes, now),
        secure="secure" in attributes,
        http_only="httponly" in attributes,
        host_only=host_only,
        same_site=_same_site(attributes.get("samesite", "")),
        created=now,
    )
    reason = _prefix_refusal(cookie, address, "path" in attributes)
    return CookieNote(name, "refused", reason) if reason else cookie


def domain_matches(host: str, domain: str) -> bool:
    """Say whether a host is the domain or stands below it (RFC 6265, 5.1.3)."""
    return host == domain or (bool(domain) and host.endswith("." + domain) and not is_ip_literal(host))


def path_matches(path: str, cookie_path: str) -> bool:
    """Say whether a request path is the cookie's path or stands below it (RFC 6265, 5.1.4)."""
    if path == cookie_path:
        return True
    return path.startswith(cookie_path) and (cookie_path.endswith("/") or path[len(cookie_path)] == "/")


def default_path(path: str) -> str:
    """Return the path of a cookie that names none (RFC 6265, 5.1.4)."""
    folder = path.rpartition("/")[0]
    return folder if folder.startswith("/") else "/"


def parse_cookie_date(text: str) -> int | None:
    """Return milliseconds since 1970 UTC for a date as servers write it, or None (RFC 6265, 5.1.1)."""
    clock: tuple[int, int, int] | None = None
    day = month = year = None
    for token in _DELIMITER.split(text):
        if clock is None and (found := _TIME.fullmatch(token)):
            clock = int(found.group(1)), int(found.group(2)), int(found.group(3))
        elif day is None and (found := _DAY.fullmatch(token)):
            day = int(found.group(1))
        elif month is None and token[:3].lower() in _MONTHS:
            month = _MONTHS.index(token[:3].lower()) + 1
        elif year is None and (found := _YEAR.fullmatch(token)):
            year = int(found.group(1))
    if clock is None or day is None or month is None or year is None:
        return None
    if 70 <= year <= 99:
        year += 1900
    elif year <= 69:
        year += 2000
    if year < 1601:
        return None
    try:
        moment = datetime(year, month, day, *clock, tzinfo=UTC)
    except ValueError:
        return None
    return int(moment.timestamp() * 1000)


def _attributes(rest: str) -> dict[str, str]:
    attributes: dict[str, str] = {}
    for piece in rest.split(";"):
        name, _, value = piece.partition("=")
        name, value = name.strip(" \t").lower(), value.strip(" \t")
        # The last of equal attributes counts; an empty Domain is as if it were not there.
        if name and len(value) <= 1024 and not (name == "domain" and not value):
            attributes[name] = value
    return attributes


def _refusal(name: str, value: str, domain: str, host: str) -> str:
    if not name and not value:
        return "empty"
    if _CONTROL.search(name) or _CONTROL.search(value):
        return "control"
    if len(name.encode("utf-8", "replace")) + len(value.encode("utf-8", "replace")) > MOST_BYTES:
        return "too_large"
    if domain and domain != host:
        if not domain_matches(host, domain):
            return "other_domain"
        if _is_public(domain):
            return "public_suffix"
    return ""


def _prefix_refusal(cookie: Cookie, address: Address, path_named: bool) -> str:
    safe = address.scheme == "https" or is_loopback(address.host)
    if cookie.secure and not safe:
        return "insecure"
    name = (cookie.name or cookie.value).lower()
    if name.startswith(("__secure-", "__host-")) and not (cookie.name and cookie.secure):
        return "prefix"
    if name.startswith("__host-") and not (cookie.host_only and path_named and cookie.path == "/"):
        return "prefix"
    return ""


def _expiry(attributes: dict[str, str], now: int) -> int | None:
    age = attributes.get("max-age", "")
    if re.fullmatch(r"-?[0-9]+", age):
        seconds = int(age[:18])
        # What is to go at once has expired before any clock began.
        return 0 if seconds <= 0 else now + min(seconds * 1000, _FOREVER_MS)
    moment = parse_cookie_date(attributes.get("expires", ""))
    return None if moment is None else max(0, min(moment, now + _FOREVER_MS))


def _same_site(value: str) -> str:
    lower = value.lower()
    return lower if lower in ("lax", "strict", "none") else ""


def _put(cookies: list[Cookie], cookie: Cookie, address: Address, now: int) -> CookieNote:
    gone = cookie.expires is not None and cookie.expires <= now
    safe = address.scheme == "https" or is_loopback(address.host)
    for position, old in enumerate(cookies):
        same_place = old.name == cookie.name and old.path == cookie.path
        if not (same_place and old.domain == cookie.domain and old.host_only == cookie.host_only):
            continue
        if old.secure and not safe:
            return CookieNote(cookie.name, "refused", "insecure")
        if gone:
            del cookies[position]
            return CookieNote(cookie.name, "removed")
        cookies[position] = msgspec.structs.replace(cookie, id=old.id, created=old.created)
        return CookieNote(cookie.name, "replaced")
    if gone:
        return CookieNote(cookie.name, "removed")
    cookies.append(cookie)
    return CookieNote(cookie.name, "kept")


def _evicted(cookies: list[Cookie]) -> list[Cookie]:
    """Drop the oldest where a domain, or the jar, holds too many (RFC 6265, 6.1)."""
    counts: dict[str, int] = {}
    kept: list[Cookie] = []
    for cookie in sorted(cookies, key=lambda cookie: cookie.created, reverse=True):
        counts[cookie.domain] = counts.get(cookie.domain, 0) + 1
        if counts[cookie.domain] <= MOST_OF_A_DOMAIN and len(kept) < MOST_COOKIES:
            kept.append(cookie)
    if len(kept) == len(cookies):
        return cookies
    ids = {cookie.id for cookie in kept}
    return [cookie for cookie in cookies if cookie.id in ids]


def _is_public(domain: str) -> bool:
    if domain == "localhost" or is_ip_literal(domain):
        return False
    return bool(_public_suffixes().is_public(domain))


def load_public_suffixes() -> None:
    """Read the public suffix list ahead of use; takes tens of milliseconds once, so it belongs into a thread."""
    _public_suffixes()


@lru_cache(maxsize=1)
def _public_suffixes() -> PublicSuffixList:
    # Imported on the first cookie with a Domain: the list takes tens of milliseconds to read.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()
