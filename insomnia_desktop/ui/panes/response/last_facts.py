"""What the last bar of the response says, and under which name a body is saved."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from PySide6.QtCore import QCoreApplication

from insomnia_desktop.model import Response
from insomnia_desktop.ui.i18n.words import full_words, size_words
from insomnia_desktop.ui.panes.response.body_page import LARGE, BodyPage
from insomnia_desktop.ui.panes.response.outcome import ended_at, short_words
from insomnia_desktop.ui.viewmodels.response_view_model import ResponseViewModel

_ENDINGS: Final = {
    "application/json": ".json",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "text/html": ".html",
    "text/csv": ".csv",
    "text/plain": ".txt",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/svg+xml": ".svg",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
}
_UNFIT: Final = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*]+")
_LONGEST_NAME: Final = 120

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Facts:
    """Words in the second and the first rank, the deeds to offer, and whether an icon stands before them."""

    note: str = ""
    strong: str = ""
    deeds: tuple[str, ...] = ()
    is_notice: bool = False


def facts_of(model: ResponseViewModel, body: BodyPage, tab: str, *, now: int) -> Facts:
    """Return what is worth saying about what is shown; the first that fits."""
    response = model.response
    if response is None:
        return Facts()
    if model.run is not None:
        summary = next((each for each in model.history if each.id == response.id), None)
        if summary is None:
            return Facts(translate("ResponseFacts", "The last send is still shown."), is_notice=True)
        note = translate("ResponseFacts", "Last response")
        return Facts(note, short_words(summary, now, timed=True), is_notice=True)
    last = model.last_good()
    if response.state != "ok" and response.status == 0:
        if last is None or not model.is_newest():
            return _older(response) if not model.is_newest() else Facts()
        note = translate("ResponseFacts", "The last response is still here:")
        return Facts(note, short_words(last, now), ("show_last",), is_notice=True)
    deeds = _body_deeds(body) if tab == "preview" else ()
    if not model.is_newest():
        older = _older(response)
        return Facts(older.note, deeds=(*older.deeds, *deeds), is_notice=True)
    if response.state == "cancelled":
        arrived = translate("ResponseFacts", "Cancelled when %s had arrived.") % size_words(response.size_wire)
        return Facts(arrived, deeds=deeds, is_notice=True)
    if tab == "preview" and _is_large(body, response):
        words = translate("ResponseFacts", "Shown from disk as it was received.")
        if body.is_pretty():
            words = translate("ResponseFacts", "Shown from disk, formatted.")
        return Facts(words, deeds=deeds, is_notice=True)
    return Facts(_kind_words(response), deeds=deeds)


def file_name(response: Response) -> str:
    """Return a name for the body: what the server says, else the end of the address, with a fitting ending."""
    name = _announced(response) or PurePosixPath(unquote(_path_of(response.url))).name or "response"
    name = _UNFIT.sub("_", name).strip(" .")[:_LONGEST_NAME] or "response"
    essence = response.content_type.partition(";")[0].strip().lower()
    ending = _ENDINGS.get(essence) or (".json" if essence.endswith("+json") else "")
    return name if PurePosixPath(name).suffix else name + ending


def _body_deeds(body: BodyPage) -> tuple[str, ...]:
    if body.kind.kind in ("empty", "missing"):
        return ()
    deeds = []
    if body.can_format():
        deeds.append("format")
    is_large = body.length >= LARGE
    if is_large and body.is_text():
        deeds.append("go_to_line")
    if body.kind.kind != "binary" and not is_large:
        deeds.append("copy_body")
    return (*deeds, "save")


def _is_large(body: BodyPage, response: Response) -> bool:
    return body.is_text() and response.size_decoded >= LARGE


def _older(response: Response) -> Facts:
    words = translate("ResponseFacts", "An older response, %s") % full_words(ended_at(response))
    return Facts(words, deeds=("show_newest",), is_notice=True)


def _kind_words(response: Response) -> str:
    essence = response.content_type.partition(";")[0].strip()
    return ", ".join(part for part in (response.http_version, essence) if part)


def _announced(response: Response) -> str:
    value = next((text for name, text in response.headers if name.lower() == "content-disposition"), "")
    if not value:
        return ""
    from email.message import Message  # slow to import, and few bodies are saved

    message = Message()
    message["Content-Disposition"] = value.replace("\r", " ").replace("\n", " ")
    return PurePosixPath((message.get_filename() or "").replace("\\", "/")).name


def _path_of(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
