"""What the page of a failure says about one response, from the error, the request and the settings."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from PySide6.QtCore import QCoreApplication

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.model import ErrorRecord, Request, Response
from insomnia_desktop.services.error_text import sentence
from insomnia_desktop.services.preferences import Preferences
from insomnia_desktop.templating import tokens
from insomnia_desktop.ui.panes.response.advice import SEND, Advice, UsedVariable, advice_for, icon_of
from insomnia_desktop.ui.panes.response.failed_page import Failure
from insomnia_desktop.ui.panes.response.timeline_text import entry_lines
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel

_NAME: Final = re.compile(r"[^\W\d][\w.-]*")

translate = QCoreApplication.translate


def failure_of(response: Response, session: UiSession, workspace: WorkspaceViewModel) -> Failure:
    """Return what to show of a failed send, or of one that was cancelled before anything arrived."""
    details = entry_lines(response.timeline)
    if response.state == "cancelled":
        again = Advice(
            "retry",
            translate("Failure", "Do you want it after all?"),
            translate("Failure", "Nothing of the request is lost."),
            translate("Failure", "Send again"),
            SEND,
        )
        title = translate("Failure", "Cancelled")
        text = translate("Failure", "You cancelled the request before an answer came.")
        return Failure("close", title, text, (again,), details, token="notice")
    error = response.error if response.error is not None else ErrorRecord(code="send.unknown")
    words = sentence(error)
    advice = advice_for(
        error,
        words,
        variables=used_variables(response.request_id, session, workspace),
        proxy=proxy_words(session.services.preferences),
    )
    return Failure(icon_of(error), words.title, words.text, advice, details)


def used_variables(request_id: str, session: UiSession, workspace: WorkspaceViewModel) -> list[UsedVariable]:
    """Return the variables in the address of a request, as they stand in it."""
    try:
        request = session.services.documents.view(request_id)
    except AppError:
        # It was deleted meanwhile; the page then has one row less.
        return []
    found: list[UsedVariable] = []
    for token in tokens(request.url) if isinstance(request, Request) else ():
        name = _NAME.match(token.name) if token.kind == "variable" else None
        if name is not None and name.group() not in [each.name for each in found]:
            state = workspace.variable_state(name.group())
            found.append(UsedVariable(name.group(), state.known, state.value, state.source))
    return found


def proxy_words(preferences: Preferences) -> str:
    """Return which proxy is set, without its password."""
    mode = preferences.get("proxy.mode")
    if mode == "none":
        return translate("Failure", "None is set.")
    if mode == "system":
        return translate("Failure", "That of the system is used, if it has one.")
    address = str(preferences.get("proxy.address"))
    try:
        parts = urlsplit(address)
        shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else ""
    except ValueError:
        shown = ""
    return translate("Failure", "Set: %s") % shown if shown else translate("Failure", "None is set.")
