"""What came of a send in a few words, and the colour of its class."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from PySide6.QtCore import QCoreApplication

from insomnia_desktop.model import Response, ResponseSummary, Timings
from insomnia_desktop.ui.i18n.words import duration_words, size_words, when_words
from insomnia_desktop.ui.widgets.pill import PillKind

translate = QCoreApplication.translate

_LONGEST_REASON: Final = 32
_NOT_CONNECTED: Final = frozenset(
    {"refused", "unknown_host", "unreachable", "connect_timeout", "proxy_failed", "proxy_authentication"}
    | {"tls_certificate", "tls_failed", "http2_unavailable"}
)
_BROKEN: Final = frozenset(
    {"reset", "closed_early", "bad_response", "header_too_large", "corrupt_encoding", "decoded_too_large"}
    | {"too_many_redirects", "bad_redirect", "file_changed"}
)
_NOT_KEPT: Final = frozenset({"disk_full", "body_unwritable"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """The words of the pill and its kind."""

    words: str
    kind: PillKind


def outcome_of(response: Response) -> Outcome:
    """Return what came of a send."""
    code = response.error.code if response.error is not None else ""
    return _outcome(response.state, status=response.status, reason=response.reason, code=code)


def outcome_of_summary(summary: ResponseSummary) -> Outcome:
    """Return what came of a send, from its line in the history."""
    return _outcome(summary.state, status=summary.status, reason=summary.reason, code=summary.error_code)


def history_words(summary: ResponseSummary, now: int) -> str:
    """Return a line of the history: status, size, time and when."""
    parts = [outcome_of_summary(summary).words]
    if summary.total_ms is not None:
        parts.append(duration_words(summary.total_ms))
    if summary.size_decoded:
        parts.append(size_words(summary.size_decoded))
    parts.append(when_words(ended_at(summary), now))
    return "  ·  ".join(parts)


def short_words(summary: ResponseSummary, now: int, *, timed: bool = False) -> str:
    """Return "201 Created, 4 minutes ago", with the time it took behind the status if `timed`."""
    parts = [outcome_of_summary(summary).words]
    if timed and summary.total_ms is not None:
        parts.append(duration_words(summary.total_ms))
    when = when_words(ended_at(summary), now)
    parts.append(when.lower() if when == translate("words", "Just now") else when)
    return ", ".join(parts)


def ended_at(response: Response | ResponseSummary) -> int:
    """Return when a send was over, in ms since 1970."""
    total = response.total_ms if isinstance(response, ResponseSummary) else response.timings.total
    return response.started + round(total or 0)


def status_words(status: int, reason: str) -> str:
    """Return number and reason; HTTP/2 sends none, then the registered one is taken."""
    if not reason:
        try:
            reason = HTTPStatus(status).phrase
        except ValueError:
            reason = ""
    if len(reason) > _LONGEST_REASON:
        reason = reason[: _LONGEST_REASON - 1] + "…"
    return f"{status} {reason}".rstrip()


def _outcome(state: str, *, status: int, reason: str, code: str) -> Outcome:
    if state == "cancelled":
        return Outcome(translate("ResponsePane", "Cancelled"), "notice")
    if state == "failed":
        return Outcome(_failure_words(code), "danger")
    kinds: tuple[PillKind, ...] = ("info", "success", "accent", "warning", "danger")
    kind = kinds[status // 100 - 1] if 100 <= status < 600 else "notice"
    return Outcome(status_words(status, reason), kind)


def _failure_words(code: str) -> str:
    area, _, name = code.partition(".")
    if area == "send" and name in _NOT_CONNECTED:
        return translate("ResponsePane", "Not connected")
    if area == "send" and name == "timeout":
        return translate("ResponsePane", "Timed out")
    if area == "send" and name == "no_response":
        return translate("ResponsePane", "No answer")
    if area == "send" and name in _BROKEN:
        return translate("ResponsePane", "Broken off")
    if area == "send" and name in _NOT_KEPT:
        return translate("ResponsePane", "Not kept")
    return translate("ResponsePane", "Not sent")


def phase_facts(timings: Timings) -> list[tuple[str, str]]:
    """Return the phases of a send that happened, in their order, in words."""
    named = (
        (translate("Phases", "Name looked up"), timings.dns),
        (translate("Phases", "Connected"), timings.connect),
        (translate("Phases", "Secured"), timings.tls),
        (translate("Phases", "Sent"), timings.send),
        (translate("Phases", "Waited"), timings.wait),
        (translate("Phases", "Received"), timings.download),
        (translate("Phases", "Altogether"), timings.total),
    )
    return [(words, duration_words(took)) for words, took in named if took is not None]
