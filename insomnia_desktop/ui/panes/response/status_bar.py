"""The first bar of the response: what came of the send, or how far it is, and the history."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from insomnia_desktop.model import Response
from insomnia_desktop.ui.i18n.words import duration_words, elapsed_words, full_words, size_words, when_words
from insomnia_desktop.ui.panes.response.outcome import Outcome, ended_at, outcome_of, phase_facts
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.response_view_model import Run
from insomnia_desktop.ui.widgets.bars import Bar
from insomnia_desktop.ui.widgets.buttons import DefaultButton, QuietButton
from insomnia_desktop.ui.widgets.labels import Label
from insomnia_desktop.ui.widgets.pill import StatusPill
from insomnia_desktop.ui.widgets.progress_line import ProgressLine

# On top of the gap that every bar keeps between its controls.
_TEXT_GAP = 8
_NARROW = 380
_VERY_NARROW = 300


class StatusBar(Bar):
    """Pill, time and size of a response; while a request runs: elapsed time, how far it is, and Cancel.

    Signals:
        cancel_requested(): stop the send.
        history_requested(): the menu of responses is wanted; open it at `history_position`.
    """

    cancel_requested = Signal()
    history_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(48, parent)
        self.nothing = Label(self.tr("No response yet"), rank="dim")
        self.pill = StatusPill()
        self.pill.setObjectName("responseStatus")
        # In a narrow column a long reason is elided rather than pushing the history out of sight.
        self.pill.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.time_label = Label("", weight=500, figures=True)
        self.time_label.setObjectName("responseTime")
        self.size_label = Label("", rank="dim", figures=True)
        self.size_label.setObjectName("responseSize")
        self.progress = Label("", rank="dim", figures=True, elide=Qt.TextElideMode.ElideRight)
        self.progress.setObjectName("responseProgress")
        self.history = QuietButton("", icon="clock", arrow=True, dim=True)
        self.history.setObjectName("responseHistoryButton")
        self.cancel = DefaultButton(self.tr("Cancel"))
        self.cancel.setObjectName("responseCancelButton")
        self.cancel.setToolTip(self.tr("Stop the request"))
        self.line = ProgressLine(self)
        self._when = ""
        self._has_response = False
        self._is_running = False
        self.add(self.nothing)
        self.add(self.pill)
        self.add_space(_TEXT_GAP)
        self.add(self.time_label)
        self.add_space(_TEXT_GAP)
        self.add(self.size_label)
        self.add(self.progress)
        self.add_stretch()
        self.add(self.history)
        self.add(self.cancel)
        self.cancel.clicked.connect(self.cancel_requested)
        self.history.clicked.connect(self.history_requested)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Say that there is no response yet."""
        self._has_response = self._is_running = False
        self.line.stop()
        self._arrange()

    def show_blank(self) -> None:
        """Show nothing at all: what there is, is not known yet."""
        self.show_nothing()
        self.nothing.hide()

    def show_response(self, response: Response, now: int) -> None:
        """Show what came of a send; a screen reader hears it."""
        self._has_response, self._is_running = True, False
        self.line.stop()
        total = response.timings.total
        self.time_label.setText(duration_words(total) if total is not None else "")
        self.time_label.setAccessibleName(self.tr("Time: %s") % self.time_label.text())
        self.time_label.setToolTip(_phases(response))
        self.size_label.setText(size_words(response.size_decoded) if response.status else "")
        self.size_label.setAccessibleName(self.tr("Size: %s") % self.size_label.text())
        self.size_label.setToolTip(_sizes(self, response))
        self.history.setToolTip(self.tr("Responses of this request: %s") % full_words(ended_at(response)))
        self.show_age(response, now)
        self._say(outcome_of(response))
        self._arrange()

    def show_age(self, response: Response, now: int) -> None:
        """Bring the time of a response in step with the clock."""
        self._when = when_words(ended_at(response), now)
        self.history.setAccessibleName(self.tr("Responses of this request, shown: %s") % self._when)
        self._fit()

    def show_run(self, run: Run, elapsed_ms: float) -> None:
        """Show a send on its way."""
        self.time_label.setText(elapsed_words(elapsed_ms))
        self.time_label.setToolTip("")
        self.progress.setText(_progress(self, run))
        known = run.total is not None and run.total > 0
        fraction = run.received / run.total if known and run.total else None
        if not self._is_running:
            self._is_running = True
            self._say(Outcome(self.tr("Waiting"), "accent"))
            self.line.start(fraction)
            self._arrange()
        else:
            if run.has_headers and self.pill.text() == self.tr("Waiting"):
                self._say(Outcome(self.tr("Receiving"), "accent"))
            self.line.set_fraction(fraction)

    def is_running(self) -> bool:
        """Say whether a send on its way is shown."""
        return self._is_running

    def history_position(self, width: int) -> QPoint:
        """Return where on the screen the menu of responses opens: its right edge is that of the button."""
        return self.history.mapToGlobal(QPoint(self.history.width() - width, self.history.height() + px(4)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what does not fit."""
        super().resizeEvent(event)
        self._fit()

    def _arrange(self) -> None:
        shown, running = self._has_response, self._is_running
        self.nothing.setVisible(not shown and not running)
        self.pill.setVisible(shown or running)
        self.time_label.setVisible(shown or running)
        self.progress.setVisible(running)
        self.history.setVisible(shown and not running)
        self.cancel.setVisible(running)
        self._fit()

    def _fit(self) -> None:
        width = self.width()
        self.size_label.setVisible(self._has_response and not self._is_running and width >= px(_VERY_NARROW))
        self.progress.setVisible(self._is_running and width >= px(_NARROW))
        self.history.setText(self._when if width >= px(_NARROW) else "")
        self.history.updateGeometry()

    def _say(self, outcome: Outcome) -> None:
        self.pill.set_status(outcome.words, outcome.kind)
        self.pill.setAccessibleName(self.tr("Status: %s") % outcome.words)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self.pill, QAccessible.Event.Alert))


def _progress(bar: StatusBar, run: Run) -> str:
    if run.is_cancelled:
        return bar.tr("stopping")
    if run.has_headers:
        if run.total:
            return bar.tr("%s of %s received") % (size_words(run.received), size_words(run.total))
        return bar.tr("%s received") % size_words(run.received)
    words = {
        "dns": bar.tr("looking up the address"),
        "connect": bar.tr("connecting"),
        "tls": bar.tr("securing the connection"),
        "send": bar.tr("sending"),
        "wait": bar.tr("sent, nothing received yet"),
        "download": bar.tr("receiving"),
    }
    return words.get(run.phase or "", bar.tr("preparing"))


def _phases(response: Response) -> str:
    return "\n".join(f"{words}: {took}" for words, took in phase_facts(response.timings))


def _sizes(bar: StatusBar, response: Response) -> str:
    lines = [bar.tr("On the wire: %s") % _exact(response.size_wire)]
    if response.size_decoded != response.size_wire:
        lines.append(bar.tr("Unpacked: %s") % _exact(response.size_decoded))
    phases = _phases(response)
    return "\n".join([*lines, "", phases] if phases else lines)


def _exact(size: int) -> str:
    words = size_words(size)
    return words if size < 1000 else f"{words} ({size:,} B)"
