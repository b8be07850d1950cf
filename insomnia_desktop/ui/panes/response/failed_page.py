"""The page of a failed send: what happened, what to try, and the details to fold and copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from insomnia_desktop.ui.panes.response.advice import Advice
from insomnia_desktop.ui.panes.response.timeline_text import LINE_HEIGHT, Line, TimelineText, lines_as_text
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.theme.icons import paint_icon
from insomnia_desktop.ui.widgets.buttons import DefaultButton, QuietButton
from insomnia_desktop.ui.widgets.labels import Label, Rank, SectionHeading, WrappedLabel

_BUTTON_WIDTH = 112
_PADDING = 12


@dataclass(frozen=True, slots=True)
class Failure:
    """What the page shows; `token` is the colour of the icon."""

    icon: str
    title: str
    text: str
    advice: Sequence[Advice] = ()
    details: Sequence[Line] = ()
    token: Rank = "danger"


class _Icon(QWidget):
    """An icon of a fixed size in the colour of a token."""

    def __init__(self, name: str, token: str, size: int) -> None:
        super().__init__()
        self._name, self._token, self._size = name, token, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(self._size), px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_icon(QPainter(self), self._name, self._token, x=0, y=0, size=px(self._size))


class AdviceRow(QWidget):
    """Icon, question, what is known, and the button of the deed over a hairline."""

    def __init__(self, advice: Advice) -> None:
        super().__init__()
        self.button = DefaultButton(advice.button)
        self.button.set_measures(least_width=_BUTTON_WIDTH)
        self.button.setAccessibleName(f"{advice.button}: {advice.title}")
        title = _WrappedTitle(advice.title)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(title)
        if advice.text:
            words.addWidget(WrappedLabel(advice.text, size=12))
        icon = QVBoxLayout()
        icon.setContentsMargins(0, px(2), 0, 0)
        icon.addWidget(_Icon(advice.icon, "dim", 16))
        icon.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, px(11), 0, px(12))
        row.setSpacing(0)
        row.addLayout(icon)
        row.addSpacing(px(12))
        row.addLayout(words, 1)
        row.addSpacing(px(16))
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the hairline."""
        painting.hairline(QPainter(self), 0, self.height() - 1, length=self.width())


class _WrappedTitle(WrappedLabel):
    """A question in the first rank that may need two lines."""

    def __init__(self, text: str) -> None:
        super().__init__(text, rank="text")

    def _dress(self) -> None:
        super()._dress()
        font = self.font()
        font.setWeight(font.Weight.Medium)
        self.setFont(font)


class _FoldButton(QuietButton):
    """The heading over the details, which folds them."""

    FONT_WEIGHT = 600


class DetailsBox(QWidget):
    """Lines of the timeline on a raised ground, exactly as high as they are."""

    def __init__(self, lines: Sequence[Line]) -> None:
        super().__init__()
        self.text = TimelineText(ground="raised")
        self.text.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text.setAccessibleName(self.tr("Details"))
        self.text.show_lines(lines)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(_PADDING), px(8), px(_PADDING), px(8))
        column.addWidget(self.text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the height that the wrapped lines need."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        painting.fill_rounded(QPainter(self), QRectF(self.rect()), theme().color("raised"))

    def _fit(self) -> None:
        document = self.text.document()
        document.setTextWidth(max(1, self.width() - 2 * px(_PADDING)))
        self.setFixedHeight(max(round(document.size().height()), px(LINE_HEIGHT)) + 2 * px(8))


class DetailsSection(QWidget):
    """The lines of the timeline under a heading that folds them, with Copy at its right.

    Signals:
        fold_changed(folded): the person folded or unfolded.
        copy_requested(): the details are wanted on the clipboard.
    """

    fold_changed = Signal(bool)
    copy_requested = Signal()

    def __init__(self, lines: Sequence[Line], *, folded: bool) -> None:
        super().__init__()
        self.fold = _FoldButton(self.tr("Details"), icon="chevron_down")
        self.fold.setObjectName("responseDetailsButton")
        self.copy = QuietButton(self.tr("Copy"), icon="copy", dim=True)
        self.copy.setAccessibleName(self.tr("Copy the details"))
        self.box = DetailsBox(lines)
        self._is_folded = folded
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.addWidget(self.fold)
        row.addStretch(1)
        row.addWidget(self.copy)
        column.addLayout(row)
        column.addSpacing(px(8))
        _indented(column).addWidget(self.box)
        self.fold.clicked.connect(self._on_fold)
        self.copy.clicked.connect(self.copy_requested)
        self._show_fold()

    def _on_fold(self) -> None:
        self._is_folded = not self._is_folded
        self._show_fold()
        self.fold_changed.emit(self._is_folded)

    def _show_fold(self) -> None:
        self.fold.set_icon("chevron_right" if self._is_folded else "chevron_down")
        state = self.tr("folded") if self._is_folded else self.tr("unfolded")
        self.fold.setAccessibleName(self.tr("Details, %s") % state)
        self.box.setVisible(not self._is_folded)


class FailedPage(QScrollArea):
    """Shows one failure at a time.

    Signals:
        deed_requested(deed, target): a button of "What to try".
        copied(): the details are on the clipboard.
    """

    deed_requested = Signal(str, str)
    copied = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("responseErrorPage")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)
        self.rows: list[AdviceRow] = []
        self.details: DetailsSection | None = None
        self._failure: Failure | None = None
        self._is_folded = False
        switch().changed.connect(self._rebuild)

    def show_failure(self, failure: Failure) -> None:
        """Show what happened."""
        self._failure = failure
        self._rebuild()
        self.verticalScrollBar().setValue(0)

    def details_text(self) -> str:
        """Return heading, sentence and details for the clipboard."""
        if self._failure is None:
            return ""
        return "\n".join([self._failure.title, self._failure.text, "", lines_as_text(self._failure.details)]).rstrip()

    @Slot()
    def _rebuild(self) -> None:
        failure = self._failure
        if failure is None:
            return
        self.setAccessibleName(f"{failure.title}. {failure.text}")
        page = QWidget()
        page.setObjectName("responseErrorContent")
        column = QVBoxLayout(page)
        # The button that folds pads 8 itself, so its arrow stands where the texts begin.
        column.setContentsMargins(px(8), px(24), px(16), px(16))
        column.setSpacing(0)
        upper = _indented(column)
        upper.addLayout(_head(failure))
        if failure.advice:
            upper.addSpacing(px(16))
            upper.addWidget(SectionHeading(self.tr("What to try")))
        self.rows = [AdviceRow(advice) for advice in failure.advice]
        for row, advice in zip(self.rows, failure.advice, strict=True):
            upper.addWidget(row)
            row.button.clicked.connect(partial(self._on_deed, advice))
        self.details = None
        if failure.details:
            self.details = DetailsSection(failure.details, folded=self._is_folded)
            self.details.fold_changed.connect(self._on_folded)
            self.details.copy_requested.connect(self._on_copy)
            column.addSpacing(px(24))
            column.addWidget(self.details)
        column.addStretch(1)
        self.setWidget(page)

    def _on_deed(self, advice: Advice, _checked: bool = False) -> None:
        self.deed_requested.emit(advice.deed, advice.target)

    @Slot(bool)
    def _on_folded(self, folded: bool) -> None:
        self._is_folded = folded

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details_text())
        self.copied.emit()


def _head(failure: Failure) -> QHBoxLayout:
    icon = QVBoxLayout()
    icon.addWidget(_Icon(failure.icon, failure.token, 24))
    icon.addStretch(1)
    words = QVBoxLayout()
    words.setSpacing(px(6))
    title = Label(failure.title, size=16, weight=600, elide=Qt.TextElideMode.ElideMiddle)
    title.setObjectName("responseErrorTitle")
    words.addWidget(title)
    text = WrappedLabel(failure.text)
    text.setObjectName("responseErrorText")
    words.addWidget(text)
    head = QHBoxLayout()
    head.setSpacing(px(16))
    head.addLayout(icon)
    head.addLayout(words, 1)
    return head


def _indented(column: QVBoxLayout) -> QVBoxLayout:
    inner = QVBoxLayout()
    inner.setContentsMargins(px(8), 0, 0, 0)
    inner.setSpacing(0)
    column.addLayout(inner)
    return inner
