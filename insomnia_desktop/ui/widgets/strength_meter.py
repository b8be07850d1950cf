"""How strong a password is: four bars and a word."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px, ui_font

BARS = 4
HEIGHT, BAR_HEIGHT, GAP, WORD_GAP = 20, 4, 4, 12
# Of each score of 0 to 4: how many bars, their colour, and that of the word.
_LOOKS = (
    (1, "dot_danger", "danger"),
    (1, "dot_danger", "danger"),
    (2, "dot_warning", "warning"),
    (3, "dot_success", "success"),
    (4, "dot_success", "success"),
)


class StrengthMeter(QWidget):
    """Shows a score of 0 to 4, or nothing; its room is there from the beginning, so that nothing moves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._score: int | None = None
        self._wanted = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_score(None)

    def set_score(self, score: int | None, *, wanted: int = 0) -> None:
        """Show a score of 0 to 4; None shows nothing.

        With `wanted` it is too short, which is as bad as can be, and so many characters are wanted.
        """
        self._score = None if score is None else max(0, min(BARS, score))
        self._wanted = wanted
        if wanted and score is not None:
            self._score = 0
        self.setAccessibleName(self.tr("Strength of the password: %s") % self.word() if self.word() else "")
        self.update()

    def score(self) -> int | None:
        """Return the score that is shown."""
        return self._score

    def word(self) -> str:
        """Return the word for the score."""
        if self._score is None:
            return ""
        if self._wanted:
            return self.tr("Too short: at least %d characters") % self._wanted
        return self._words()[self._score]

    def sizeHint(self) -> QSize:
        """Return the room for bars and the longest word."""
        return QSize(px(160), px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """The bars give way."""
        return QSize(self._word_width() + px(WORD_GAP) + px(4 * 8), px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bars and the word at the right edge."""
        if self._score is None:
            return
        painter = QPainter(self)
        filled, bar_token, word_token = _LOOKS[self._score]
        # The longest word decides, so that the bars keep their width while somebody types.
        room = self.width() - self._word_width() - px(WORD_GAP)
        width = (room - (BARS - 1) * px(GAP)) / BARS
        top = (self.height() - px(BAR_HEIGHT)) / 2
        x = max(0.0, self.width() - painting.text_width(self._font(), self.word()))
        # How long it must be takes the room of the bars that are empty, and in a narrow one of all of them.
        shown = (filled if x >= width + px(GAP) else 0) if self._wanted else BARS
        for at in range(shown):
            rect = QRectF(at * (width + px(GAP)), top, width, px(BAR_HEIGHT))
            token = bar_token if at < filled else "border"
            painting.fill_rounded(painter, rect, theme().color(token), radius=BAR_HEIGHT / 2)
        painting.draw_text(painter, self.word(), x=x, top=0, height=self.height(), font=self._font(), token=word_token)

    def _words(self) -> tuple[str, ...]:
        return (self.tr("Very weak"), self.tr("Weak"), self.tr("Fair"), self.tr("Strong"), self.tr("Very strong"))

    def _word_width(self) -> int:
        return round(max(painting.text_width(self._font(), word) for word in self._words()) + 0.5)

    def _font(self) -> QFont:
        return ui_font(12, 500)
