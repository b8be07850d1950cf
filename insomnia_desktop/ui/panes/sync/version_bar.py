"""The row over a version: its time, what it is compared with, and what can be done with it."""

from __future__ import annotations

from math import ceil
from typing import ClassVar, Final

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QMenu, QWidget

from insomnia_desktop.services.history_views import Against
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.fonts import px, ui_font
from insomnia_desktop.ui.widgets.bars import GAP, Bar
from insomnia_desktop.ui.widgets.buttons import DefaultButton, PaintedButton, PrimaryButton, QuietButton
from insomnia_desktop.ui.widgets.labels import Label

HEIGHT: Final = 40
_GAP_OF_CHOICE: Final = 4
_STEPS: Final = 4
# 16 before the first word, 8 behind the last button, and one gap less than there are parts.
_SIDES: Final = 16 + 8 - GAP


class _ChoiceButton(QuietButton):
    """What is chosen stands out from the words before it."""

    FONT_WEIGHT: ClassVar[int] = 500


class VersionBar(Bar):
    """Says everything where there is room, and the same in fewer words where there is not.

    Signals:
        against_chosen(against): the person chose what versions are compared with.
    """

    against_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(HEIGHT, parent)
        self.when = Label("", weight=600)
        self._compared = Label("", rank="dim")
        self._against: Against = "current"
        self._others_words = ""
        self.against_button = _ChoiceButton("", arrow=True)
        self.against_button.setObjectName("compareWithButton")
        self.menu = QMenu(self.against_button)
        self._choices = QActionGroup(self.menu)
        for against, words in self._menu_words().items():
            action = self.menu.addAction(words)
            action.setCheckable(True)
            action.setData(against)
            self._choices.addAction(action)
        self._choices.triggered.connect(lambda action: self.against_chosen.emit(action.data()))
        self.menu.aboutToShow.connect(self._check_choice)
        self.against_button.set_menu(self.menu)
        # The words beside it and the button are read as one.
        self.against_button.set_measures(padding=_GAP_OF_CHOICE)
        self.copy_button = DefaultButton(self.tr("Open as a copy"))
        self.copy_button.setObjectName("openCopyButton")
        self.copy_button.setAccessibleName(self.tr("Open as a copy"))
        self.restore_button = PrimaryButton(self.tr("Restore this version"))
        self.restore_button.setObjectName("restoreVersionButton")
        self.restore_button.setAccessibleName(self.tr("Restore this version"))
        self.restore_button.set_measures(height=28)
        self.add(self.when)
        self.add(self._compared)
        self.add(self.against_button)
        self.add_stretch()
        self.add(self.copy_button)
        self.add(self.restore_button)

    def show_version(self, when: str) -> None:
        """Show the time of the chosen version, "" for none."""
        self.when.setText(when)
        self._fit()

    def show_against(self, against: Against, others_words: str, tip: str, *, visible: bool) -> None:
        """Show what it is compared with; `others_words` say it in full, and `tip` what the signs stand for."""
        self._against, self._others_words = against, others_words
        self._compared.setVisible(visible)
        self.against_button.setVisible(visible)
        self.against_button.setToolTip(tip)
        self.against_button.setAccessibleName(self.tr("Compared with %s") % others_words)
        self.against_button.setAccessibleDescription(tip)
        self._fit()

    def show_deeds(self, *, may_copy: bool, may_restore: bool) -> None:
        """Show what can be done with the version."""
        self.copy_button.setVisible(may_copy)
        self.restore_button.setVisible(may_restore)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Return the room for the fewer words."""
        return QSize(self._width_of(self._words(_STEPS)), px(HEIGHT))

    def sizeHint(self) -> QSize:
        """Return the room for all words."""
        return QSize(self._width_of(self._words(0)), px(HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the words for the room that there is."""
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _check_choice(self) -> None:
        for action in self._choices.actions():
            action.setChecked(action.data() == self._against)

    def _menu_words(self) -> dict[Against, str]:
        return {"current": self.tr("The current one"), "previous": self.tr("The version before it")}

    def _words(self, step: int) -> dict[QLabel | QAbstractButton, str]:
        """Return the words of all parts: with each step one of them is shorter, that first which loses least by it."""
        in_short = self.tr("current") if self._against == "current" else self.tr("previous")
        return {
            self.restore_button: self.tr("Restore") if step > 0 else self.tr("Restore this version"),
            self.against_button: in_short if step > 1 else self._others_words,
            self.copy_button: self.tr("As a copy") if step > 2 else self.tr("Open as a copy"),
            self._compared: self.tr("vs") if step > 3 else self.tr("compared with"),
        }

    def _width_of(self, words: dict[QLabel | QAbstractButton, str]) -> int:
        width = px(_SIDES)
        for part in (self.when, self._compared, self.against_button, self.copy_button, self.restore_button):
            if not part.isHidden():
                font = ui_font(13, part.FONT_WEIGHT) if isinstance(part, PaintedButton) else part.font()
                more = painting.text_width(font, words.get(part, part.text())) - painting.text_width(font, part.text())
                width += part.sizeHint().width() + ceil(more) + px(GAP)
        return width

    def _fit(self) -> None:
        fits = (words for step in range(_STEPS) if self._width_of(words := self._words(step)) <= self.width())
        words = next(fits, self._words(_STEPS))
        for part, text in words.items():
            if part.text() != text:
                part.setText(text)
                part.updateGeometry()
        self._row.activate()
        self.updateGeometry()
