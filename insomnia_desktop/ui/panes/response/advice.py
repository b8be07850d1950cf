"""What to try after a failed send: pure rules from the error and what is known of the request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QCoreApplication

from insomnia_desktop.model import ErrorRecord
from insomnia_desktop.services.error_text import ErrorText

translate = QCoreApplication.translate

SEND: Final = "send"
ENVIRONMENTS: Final = "environments"
PREFERENCES: Final = "preferences"
PASSWORD: Final = "password"

_REACHING: Final = frozenset(
    {"refused", "unknown_host", "unreachable", "connect_timeout", "timeout", "no_response", "reset", "bad_response"}
    | {"tls_failed", "tls_certificate", "bad_address", "closed_early"}
)
_BEHIND_PROXY: Final = frozenset({"refused", "unknown_host", "unreachable", "connect_timeout"})
_PROXY: Final = frozenset({"bad_proxy", "proxy_failed", "proxy_authentication"})
_CERTIFICATES: Final = frozenset({"tls_certificate", "tls_failed", "client_certificate", "authority_file"})
_SETTINGS: Final = {
    "http2_unavailable": "Sending",
    "too_many_redirects": "Sending",
    "connect_timeout": "Sending",
    "disk_full": "Storage",
}
_PLUG: Final = frozenset({"refused", "unreachable", "connect_timeout", "no_response", "reset", "closed_early"})


@dataclass(frozen=True, slots=True)
class UsedVariable:
    """A variable in the address: its value, where that comes from, and the name of the environment to open."""

    name: str
    known: bool
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Advice:
    """One row: a question, what is known, and a deed; `target` is a page of the preferences or a file."""

    icon: str
    title: str
    text: str
    button: str
    deed: str
    target: str = ""


def icon_of(error: ErrorRecord) -> str:
    """Return the drawing beside the heading of a failure."""
    area, _, name = error.code.partition(".")
    if area == "template":
        return "braces"
    if name in _PROXY or name == "unknown_host":
        return "globe"
    if name in _CERTIFICATES:
        return "lock"
    return "plug" if name in _PLUG else "warning"


def advice_for(error: ErrorRecord, words: ErrorText, *, variables: Sequence[UsedVariable], proxy: str) -> list[Advice]:
    """Return what to try, the likeliest first; `proxy` says which one is set."""
    area, _, name = error.code.partition(".")
    if area == "template":
        return [*_template_rows(error.params), _again(words)]
    rows: list[Advice] = []
    reason = str(error.params.get("reason") or "")
    if name == "client_certificate" and reason in ("password", "wrong_password"):
        rows.append(_password(str(error.params.get("path") or "")))
        return rows
    if name in _PROXY:
        rows.append(_proxy(proxy))
    rows.append(_again(words))
    if name in _REACHING and variables:
        rows.append(_variable(variables[0]))
    if name in _BEHIND_PROXY:
        rows.append(_proxy(proxy))
    if name in _CERTIFICATES:
        rows.append(_certificates(name))
    if name in _SETTINGS:
        rows.append(_settings(_SETTINGS[name]))
    return rows


def _again(words: ErrorText) -> Advice:
    question, mark, rest = words.hint.partition("? ")
    if mark:
        title, text = f"{question}?", rest
    elif words.hint.endswith("?"):
        title, text = words.hint, translate("Advice", "Send again when it is.")
    else:
        title, text = translate("Advice", "Put it right, then send again"), words.hint
    return Advice("retry", title, text, translate("Advice", "Send again"), SEND)


def _variable(variable: UsedVariable) -> Advice:
    if not variable.known:
        return _unknown(variable.name, translate("Advice", "It stands in the address."))
    known = f"{variable.value}, {variable.source}" if variable.value else translate("Advice", "It is empty.")
    button = translate("Advice", "Open environments")
    return Advice("braces", translate("Advice", "Is %s right?") % variable.name, known, button, ENVIRONMENTS)


def _template_rows(params: dict[str, Any]) -> list[Advice]:
    names = params.get("names")
    rows = []
    for each in names if isinstance(names, list | tuple) else ():
        if isinstance(each, dict):
            where = translate("Advice", "It stands in: %s") % each.get("where", "")
            rows.append(_unknown(str(each.get("name", "")), where))
        else:
            rows.append(_unknown(str(each), ""))
    return rows


def _unknown(name: str, text: str) -> Advice:
    title = translate("Advice", "Is %s spelled right, and set?") % name
    return Advice("braces", title, text, translate("Advice", "Open environments"), ENVIRONMENTS)


def _proxy(set_one: str) -> Advice:
    button = translate("Advice", "Set proxy…")
    return Advice("globe", translate("Advice", "Behind a proxy?"), set_one, button, PREFERENCES, "Proxy")


def _certificates(name: str) -> Advice:
    title = {
        "client_certificate": translate("Advice", "Is it the right certificate?"),
        "authority_file": translate("Advice", "Is it the right file?"),
        "tls_failed": translate("Advice", "Does the server ask for a certificate?"),
    }.get(name, translate("Advice", "Is it signed by your own authority?"))
    text = translate("Advice", "Authorities and client certificates are set by host.")
    return Advice("lock", title, text, translate("Advice", "Certificates…"), PREFERENCES, "Certificates")


def _settings(page: str) -> Advice:
    title = translate("Advice", "Is it set as you want it?")
    text = translate("Advice", "It stands in the preferences under %s.") % page
    return Advice("settings", title, text, translate("Advice", "Preferences…"), PREFERENCES, page)


def _password(path: str) -> Advice:
    title = translate("Advice", "What is the password?")
    text = translate("Advice", "It is kept in memory until the program ends.")
    return Advice("lock", title, text, translate("Advice", "Enter password…"), PASSWORD, path)
