"""The fields of a row as the server holds it, under the names that PROTOCOL.md gives them (9.3)."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from insomnia_desktop.services.sync_views import ServerRevision, ServerRow
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.labels import Label

# As they stand: ids and hashes at the left, numbers and what is true or false at the right.
_LEFT = ("id", "group", "author", "device", "prev", "rev_hash")
_RIGHT = ("version", "seq", "at", "size", "deleted", "kept")
_LINE, _ABOVE, _BELOW = 20, 8, 8
_UNKNOWN = "…"


class RowFields(QWidget):
    """Every field of one row but its bytes; what only the list of versions tells comes a moment later."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("serverRowFields")
        self.setAccessibleName(self.tr("The fields of the row"))
        self._values: dict[str, Label] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(px(16), px(_ABOVE), px(16), px(_BELOW))
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(0)
        for column, names in ((0, _LEFT), (2, _RIGHT)):
            for line, name in enumerate(names):
                value = Label("", size=12, mono=True, elide=Qt.TextElideMode.ElideRight)
                label = Label(name, rank="dim", size=12, mono=True)
                for each in (label, value):
                    each.setFixedHeight(px(_LINE))
                self._values[name] = value
                grid.addWidget(label, line, column)
                grid.addWidget(value, line, column + 1)
        # Hashes need the room; where there is too little, what is elided has a tip that shows the whole.
        for name in _LEFT:
            self._values[name].setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(_LEFT), 1)
        grid.setColumnMinimumWidth(3, px(100))

    def values(self) -> dict[str, str]:
        """Return what is shown, by the name of the field."""
        return {name: label.text() for name, label in self._values.items()}

    def show_row(self, row: ServerRow, revision: ServerRevision | None) -> None:
        """Show a row and, once it is known, what else the server tells of it."""
        self._show("id", row.resource_id)
        self._show("group", row.group_id)
        self._show("author", row.author)
        self._show("prev", row.prev)
        self._show("version", f"{row.version:,}")
        self._show("seq", f"{row.seq:,}")
        self._show("size", f"{row.size:,}")
        self._show("deleted", _as_json(row.deleted))
        device = f"{revision.device}  {revision.device_name}".rstrip() if revision is not None else _UNKNOWN
        self._show("device", device)
        self._show("rev_hash", revision.rev_hash if revision is not None else _UNKNOWN)
        self._show("at", str(revision.at) if revision is not None else _UNKNOWN)
        self._show("kept", _as_json(revision.kept) if revision is not None else _UNKNOWN)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the hairline over the bytes; where the fields have all the room, there is nothing under them."""
        if self.height() <= self.sizeHint().height():
            painting.hairline(QPainter(self), 0, self.height() - 1, length=self.width())

    def _show(self, name: str, value: str) -> None:
        self._values[name].setText(value)
        self._values[name].setAccessibleName(f"{name}: {value}")


def _as_json(value: bool) -> str:
    return "true" if value else "false"
