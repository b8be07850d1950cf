"""The timeline of a send as lines of code: time, what happened, and a colour for its kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPalette, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from insomnia_desktop.model import Response, TimelineEntry
from insomnia_desktop.ui.i18n.words import moment_words
from insomnia_desktop.ui.panes.response.outcome import phase_facts, status_words
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import mono_font, px

LINE_HEIGHT: Final = 20
_GAP: Final = "  "
_TOKENS: Final = {
    "sent": "info",
    "received": "success",
    "redirect": "accent_text",
    "cookie": "notice",
    "error": "danger",
    "heading": "text",
    "detail": "dim",
}

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the time of day (empty for a detail), the text, and the token of its colour."""

    time: str
    text: str
    token: str = "dim"
    is_heading: bool = False


def entry_lines(entries: Sequence[TimelineEntry]) -> list[Line]:
    """Return the lines of a timeline."""
    return [Line(moment_words(entry.at), entry.text, _TOKENS.get(entry.kind, "dim")) for entry in entries]


def full_lines(response: Response) -> list[Line]:
    """Return the timeline with all that is known of the send: hops, the connection, and the request as it went out."""
    lines = entry_lines(response.timeline)
    if response.hops:
        lines += _section(translate("Timeline", "Redirects"))
        for hop in response.hops:
            lines.append(Line("", f"{hop.method} {hop.url}"))
            lines.append(Line("", f"{status_words(hop.status, hop.reason)} → {hop.location}", "accent_text"))
            lines += [Line("", f"{name}: {value}") for name, value in hop.headers]
    phases = phase_facts(response.timings)
    if phases:
        lines += _section(translate("Timeline", "Phases"))
        lines += [Line("", f"{name}: {took}") for name, took in phases]
    tls = response.tls
    if response.remote_address or tls is not None:
        lines += _section(translate("Timeline", "Connection"))
        facts = [(translate("Timeline", "Address"), response.remote_address)]
        facts.append((translate("Timeline", "Protocol"), response.http_version))
        if tls is not None:
            checked = translate("Timeline", "checked") if tls.verified else translate("Timeline", "not checked")
            facts += [
                ("TLS", ", ".join(part for part in (tls.version, tls.cipher, tls.alpn) if part)),
                (translate("Timeline", "Certificate"), f"{tls.subject} ({checked})"),
                (translate("Timeline", "Issued by"), tls.issuer),
                (translate("Timeline", "Valid"), f"{tls.not_before} – {tls.not_after}"),
                ("SHA-256", tls.fingerprint),
            ]
        lines += [Line("", f"{name}: {value}") for name, value in facts if value]
    if response.sent.method:
        lines += _section(translate("Timeline", "Sent"))
        lines.append(Line("", f"{response.sent.method} {response.sent.url}", "info"))
        lines += [Line("", f"{name}: {value}") for name, value in response.sent.headers]
        if response.sent.body_preview:
            lines.append(Line("", ""))
            lines += [Line("", text) for text in response.sent.body_preview.splitlines()]
            if response.sent.body_size > len(response.sent.body_preview.encode("utf-8", "replace")):
                lines.append(Line("", "…", "faint"))
    if response.headers:
        lines += _section(translate("Timeline", "Received"))
        lines.append(Line("", status_words(response.status, response.reason), "success"))
        lines += [Line("", f"{name}: {value}") for name, value in response.headers]
    return lines


def lines_as_text(lines: Sequence[Line]) -> str:
    """Return lines for the clipboard."""
    return "\n".join(f"{line.time}{_GAP}{line.text}" if line.time else line.text for line in lines)


def _section(words: str) -> list[Line]:
    return [Line("", ""), Line("", words, "text", is_heading=True)]


class TimelineText(QTextEdit):
    """Lines to read, select and copy; long ones are wrapped under their text, not under their time."""

    def __init__(self, parent: QWidget | None = None, *, ground: str = "window") -> None:
        super().__init__(parent)
        self._ground = ground
        self._lines: list[Line] = []
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUndoRedoEnabled(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTabChangesFocus(True)
        self.setAccessibleName(self.tr("What happened while sending"))
        self.document().setDocumentMargin(0)
        switch().changed.connect(self._fill)
        self._fill()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show other lines."""
        self._lines = list(lines)
        self._fill()

    def plain_text(self) -> str:
        """Return all lines for the clipboard."""
        return lines_as_text(self._lines)

    @Slot()
    def _fill(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, theme().color(self._ground))
        palette.setColor(QPalette.ColorRole.Highlight, theme().color("textsel"))
        palette.setColor(QPalette.ColorRole.HighlightedText, theme().color("text"))
        self.setPalette(palette)
        self.document().clear()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for number, line in enumerate(self._lines):
            if number:
                cursor.insertBlock()
            cursor.setBlockFormat(_block(line))
            if line.time:
                shade = line.token if line.token == "danger" else "dim"
                cursor.insertText(line.time + _GAP, _format(shade))
            cursor.insertText(line.text, _format(line.token, bold=line.is_heading))
        cursor.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.Start)


def _block(line: Line) -> QTextBlockFormat:
    block = QTextBlockFormat()
    block.setLineHeight(px(LINE_HEIGHT), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    if line.time:
        hang = QFontMetricsF(mono_font(12)).horizontalAdvance(line.time + _GAP)
        block.setLeftMargin(hang)
        block.setTextIndent(-hang)
    return block


def _format(token: str, *, bold: bool = False) -> QTextCharFormat:
    form = QTextCharFormat()
    form.setFont(mono_font(12, 600 if bold else 400))
    form.setForeground(theme().color(token))
    return form
