"""Draws every control in every state, laid out like the picture `parts`, to be looked at beside it."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QEnterEvent, QFont, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import mono_font
from insomnia_desktop.ui.widgets.badge import Badge
from insomnia_desktop.ui.widgets.bars import Bar
from insomnia_desktop.ui.widgets.buttons import DefaultButton, PaintedButton, PrimaryButton, QuietButton
from insomnia_desktop.ui.widgets.fields import CheckBox, LineField, RadioButton
from insomnia_desktop.ui.widgets.keycap import KeycapRow
from insomnia_desktop.ui.widgets.labels import Label
from insomnia_desktop.ui.widgets.pill import PillKind, StatusPill
from insomnia_desktop.ui.widgets.progress_line import ProgressLine
from insomnia_desktop.ui.widgets.segments import SegmentedControl
from insomnia_desktop.ui.widgets.status_dot import StatusDot
from insomnia_desktop.ui.widgets.tab_bar import Tab, TabBar
from insomnia_desktop.ui.widgets.toast import Toast

LEFT_NAMES = (
    ("Primary", 71),
    ("Default", 115),
    ("Quiet", 159),
    ("Field", 203),
    ("Box, choice", 247),
    ("Tabs", 293),
    ("Segments", 339),
    ("Status", 424),
    ("Methods", 512),
    ("Badges, keys", 556),
)
LEFT_HEADINGS = (("Controls", 33), ("Meaning", 386))
RIGHT_HEADINGS = (("Sync footer", 170), ("Notices", 399), ("Text", 536))
PILLS: tuple[tuple[str, PillKind, int, int], ...] = (
    ("101 Switching", "info", 152, 412),
    ("200 OK", "success", 272, 412),
    ("304 Not Modified", "accent", 349, 412),
    ("404 Not Found", "warning", 488, 412),
    ("503 Unavailable", "danger", 152, 456),
    ("Not connected", "danger", 283, 456),
    ("Cancelled", "notice", 404, 456),
)
METHODS = (
    ("GET", "get", 152),
    ("POST", "post", 192),
    ("PUT", "put", 239),
    ("PTCH", "patch", 278),
    ("DEL", "delete", 326),
    ("OPTN", "other", 366),
    ("HEAD", "other", 413),
)
FOOTERS = (
    ("On this device", "faint", "Sign in", 728, 187),
    ("Offline, 13:40", "faint", "Backup now", 1000, 187),
    ("Up to date", "dot_success", "Backup now", 728, 235),
    ("Needs attention", "dot_warning", "Backup now", 1000, 235),
    ("Saving…", "accent", "Backup now", 728, 283),
    ("Signed out elsewhere", "dot_danger", "Sign in", 1000, 283),
    ("Saving 12 of 40", "accent", "Cancel", 728, 331),
    ("Local only", "faint", "Sync it…", 1000, 331),
)


class Gallery(QWidget):
    """The page of the picture, 1280 x 800."""

    def __init__(self) -> None:
        super().__init__()
        self.resize(1280, 800)
        self._hovered: list[QWidget] = []
        self._focused: list[QWidget] = []
        self._name_rows()
        self._buttons()
        self._fields()
        self._tabs()
        self._meaning()
        self._footers()
        self._notices()
        self._texts()

    def settle(self) -> None:
        """Bring the controls into the states that a pointer or keyboard would bring."""
        for widget in self._hovered:
            widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
        for widget in self._focused:
            # Only one widget can have the focus: ask the others to draw as if.
            ring = getattr(widget, "_ring", None)
            if ring is not None:
                ring.is_shown = lambda: True
        strip = self._bar.focusProxy()
        assert strip is not None
        point = QPointF(220, 20)
        move = QMouseEvent(
            QEvent.Type.MouseMove,
            point,
            strip.mapToGlobal(point),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(strip, QEnterEvent(point, point, point))
        QApplication.sendEvent(strip, move)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the two grounds."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color("window"))
        painter.fillRect(QRectF(703, 0, 577, 800), theme().color("sidebar"))
        painting.hairline(painter, 703, 0, length=800, upright=True)
        for text, method, x in METHODS:
            painter.setPen(theme().method(method))
            painter.setFont(mono_font(11, 700))
            painter.drawText(QPointF(x, painting.baseline(mono_font(11, 700), top=500, height=24)), text)

    def _put(self, widget: QWidget, x: int, middle: int, *, width: int | None = None) -> QWidget:
        widget.setParent(self)
        hint = widget.sizeHint()
        widget.setGeometry(x, middle - (hint.height() + 1) // 2, width or hint.width(), hint.height())
        return widget

    def _name_rows(self) -> None:
        for text, middle in LEFT_NAMES:
            self._put(Label(text, rank="dim", size=12), 24, middle)
        for text, middle in LEFT_HEADINGS:
            self._put(Label(text, size=14, weight=600), 24, middle)
        for text, middle in RIGHT_HEADINGS:
            self._put(Label(text, size=14, weight=600), 728, middle)

    def _buttons(self) -> None:
        rows: tuple[tuple[type[PaintedButton], int, tuple[str, ...]], ...] = (
            (PrimaryButton, 71, ("Normal", "Hover", "Focus", "Disabled")),
            (DefaultButton, 115, ("Normal", "Hover", "Pressed", "Focus", "Disabled")),
            (QuietButton, 159, ("Normal", "Hover", "Pressed", "Focus")),
        )
        for kind, middle, states in rows:
            for column, state in enumerate(states):
                button = kind(state)
                self._put(button, 152 + 92 * column, middle, width=84)
                if state == "Hover":
                    self._hovered.append(button)
                elif state == "Pressed":
                    button.setDown(True)
                elif state == "Focus":
                    self._focused.append(button)
                elif state == "Disabled":
                    button.setEnabled(False)

    def _fields(self) -> None:
        self._put(LineField("Normal"), 152, 203, width=128)
        focus = LineField("Focus")
        self._put(focus, 288, 203, width=128)
        self.focus_field = focus
        wrong = LineField("Wrong")
        wrong.set_wrong(True)
        self._put(wrong, 424, 203, width=128)
        self._put(LineField("", placeholder="Empty"), 560, 203, width=92)
        on, chosen = CheckBox("On"), RadioButton("Chosen")
        on.setChecked(True)
        chosen.setChecked(True)
        self._put(on, 152, 247)
        self._put(CheckBox("Off"), 214, 247)
        self._put(chosen, 278, 247)
        other = RadioButton("Other")
        other.setAutoExclusive(False)
        self._put(other, 369, 247)

    def _tabs(self) -> None:
        self._bar = TabBar(more_tip="More")
        self._bar.set_tabs(
            [
                Tab("params", "Params", badge=12),
                Tab("body", "Body", sub_text="JSON", arrow=True),
                Tab("auth", "Auth", sub_text="from Orders"),
                Tab("scripts", "Scripts", dot=True),
                Tab("docs", "Docs"),
            ]
        )
        self._bar.set_current("body")
        self._put(self._bar, 152, 293, width=520)
        segments = SegmentedControl()
        segments.set_segments([("table", "Table"), ("json", "JSON")])
        self._put(segments, 152, 339, width=160)

    def _meaning(self) -> None:
        for text, kind, x, top in PILLS:
            self._put(StatusPill(text, kind=kind), x, top + 12)
        self._put(Badge("3"), 152, 556)
        self._put(Badge("128"), 178, 556)
        self._put(Badge("1", warning=True), 218, 556)
        self._put(KeycapRow("Ctrl+Shift+H"), 256, 556)
        self._put(KeycapRow("F1"), 361, 556)

    def _footers(self) -> None:
        for text, token, deed, x, top in FOOTERS:
            bar = Bar(40, self, hairline="top")
            bar.add(StatusDot(token))
            bar.add(Label(text))
            bar.add_stretch()
            bar.add(DefaultButton(deed, small=True))
            bar.setGeometry(x, top - 1, 256, 40)
            if deed == "Cancel":
                ProgressLine(bar, edge="top").start(0.3)

    def _notices(self) -> None:
        for text, deed, keys, place in (
            ("Deleted “Cancel order”", "Undo", "Ctrl+Z", QPoint(728, 415)),
            ("Restored version of 11:26", "Show", "", QPoint(728, 467)),
        ):
            toast = Toast(self, close_tip="Close")
            toast.show_message(text, deed, shortcut_text=keys)
            toast.move(place)

    def _texts(self) -> None:
        rows = (
            ("20 semibold", Label("Today, 14:02", size=20, weight=600), 570),
            ("16 semibold", Label("Nobody answers at staging.shop.example", size=16, weight=600), 604),
            ("14 semibold", Label("Environments", size=14, weight=600), 634),
            ("13 regular", Label("Read back and opened with your keys"), 662),
            ("12 regular", Label("Windows 11, version 1.4.0", rank="dim", size=12), 690),
            ("13 mono", Label('"unit_price": 2450', mono=True), 718),
        )
        for name, label, middle in rows:
            self._put(Label(name, rank="dim", size=12), 728, middle)
            self._put(label, 856, middle)


def main(folder: Path, family: str, mono: str) -> None:
    """Write gallery-dark.png and gallery-light.png into a folder."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if family:
        QApplication.setFont(QFont(family))
    for name in ("dark", "light"):
        switch().choose(name)
        if mono:
            switch().set_mono_family(mono)
        gallery = Gallery()
        gallery.show()
        gallery.activateWindow()
        gallery.focus_field.setFocus(Qt.FocusReason.OtherFocusReason)
        gallery.settle()
        app.processEvents()
        picture = gallery.grab()
        picture.save(str(folder / f"gallery-{name}.png"))
        gallery.close()
        gallery.deleteLater()
        app.processEvents()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(sys.argv[2:4] if len(sys.argv) > 3 else ("", "")))
