"""The heading of a key/value table, and how its columns share the width."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from insomnia_desktop.ui.delegates import key_value_layout as layout
from insomnia_desktop.ui.models.key_value_model import Column
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px, ui_font

_LEAST_WIDTH = 64

Shares = tuple[float, ...]
WITH_DESCRIPTION: Shares = (0.362, 0.40, 0.238)
WITHOUT_DESCRIPTION: Shares = (0.40, 0.60)


class KeyValueHeader(QHeaderView):
    """Words in the second rank over a hairline; the lines between the columns below it can be dragged.

    The widths are shares of the room, so that a wider window keeps the proportions.
    """

    def __init__(self, parent: QWidget, *, has_boxes: bool, has_descriptions: bool) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._has_boxes = has_boxes
        self._shares = WITH_DESCRIPTION if has_descriptions else WITHOUT_DESCRIPTION
        self._is_sharing = False
        self.setSectionsMovable(False)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setStretchLastSection(True)
        self.setMinimumSectionSize(1)
        self.setFixedHeight(px(layout.HEADING_HEIGHT))
        self.sectionResized.connect(self._on_resized)

    def shares(self) -> Shares:
        """Return the shares of name, value and description; they add up to 1."""
        return self._shares

    def set_shares(self, shares: Shares) -> None:
        """Set the shares; those that do not fit the columns are ignored."""
        total = sum(shares)
        if len(shares) == len(self._shares) and total > 0 and min(shares) > 0:
            self._shares = tuple(share / total for share in shares)
            self.share_out()

    def share_out(self) -> None:
        """Give every column its width; call it when the room or the zoom changed."""
        if self.count() <= Column.NAME:
            return
        self._is_sharing = True
        self.setFixedHeight(px(layout.HEADING_HEIGHT))
        self.setSectionHidden(Column.BOX, not self._has_boxes)
        self.setSectionResizeMode(Column.BOX, QHeaderView.ResizeMode.Fixed)
        self.resizeSection(Column.BOX, px(layout.BOX_COLUMN))
        room = self._room()
        for number, share in enumerate(self._shares[:-1]):
            self.resizeSection(Column.NAME + number, max(px(_LEAST_WIDTH), round(room * share)))
        self._is_sharing = False

    def sizeHint(self) -> QSize:
        """Return the height of the heading."""
        return QSize(super().sizeHint().width(), px(layout.HEADING_HEIGHT))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """Draw one word and the line below it."""
        painter.save()
        painter.fillRect(rect, theme().color("window"))
        padding = layout.text_padding(is_name=logicalIndex == Column.NAME, has_boxes=self._has_boxes)
        word = str(self.model().headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        painting.draw_text(
            painter,
            word,
            x=rect.left() + padding,
            top=rect.top(),
            height=rect.height() - 1,
            font=ui_font(12),
            token="dim",
            width=rect.width() - padding,
        )
        painting.hairline(painter, rect.left(), rect.bottom(), length=rect.width())
        painter.restore()

    def _room(self) -> int:
        """Return what the columns share: the width without the box column and the room of the trash."""
        fixed = (px(layout.BOX_COLUMN) if self._has_boxes else 0) + px(layout.TRASH_WIDTH)
        return max(1, self.width() - fixed)

    def _on_resized(self, section: int, old: int, new: int) -> None:
        """Take the width that the person dragged; the column right of it gives or takes the difference."""
        first, last = int(Column.NAME), int(Column.NAME) + len(self._shares) - 1
        if self._is_sharing or not first <= section < last:
            return
        self._is_sharing = True
        right = section + 1
        both = old + self.sectionSize(right) if right < last else None
        if both is not None:
            new = max(px(_LEAST_WIDTH), min(new, both - px(_LEAST_WIDTH)))
            self.resizeSection(section, new)
            self.resizeSection(right, both - new)
        room = self._room()
        shares = [self.sectionSize(column) / room for column in range(first, last)]
        rest = max(0.05, 1 - sum(shares))
        total = sum(shares) + rest
        self._shares = tuple(share / total for share in (*shares, rest))
        self._is_sharing = False
