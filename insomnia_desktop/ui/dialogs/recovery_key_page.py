"""The page that shows a recovery key, once, with three ways to keep it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDir, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels import recovery_kit
from insomnia_desktop.ui.viewmodels.sign_in_form import KeyToKeep
from insomnia_desktop.ui.widgets.buttons import DefaultButton, PrimaryButton
from insomnia_desktop.ui.widgets.fields import CheckBox
from insomnia_desktop.ui.widgets.icon_line import Icon, IconLine
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel
from insomnia_desktop.ui.widgets.recovery_key_view import RecoveryKeyView

BUTTON_WIDTH = 88
LINK_EDGE = 4
"""What a link leaves beside its words for its ring: all else on a page stands so far from the page's edge."""


class RecoveryKeyPage(QWidget):
    """Heading, the key, Save, Copy, Print, and a box that must be ticked before Done.

    Signals:
        done(): the person says that the key is kept.
    """

    answers_enter = True
    done = Signal()

    def __init__(self, key: KeyToKeep, clock: Clock) -> None:
        super().__init__()
        self._key = key
        self._text = recovery_kit.kit_text(key, clock.now_ms())
        column = QVBoxLayout(self)
        column.setContentsMargins(LINK_EDGE, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._heading())
        column.addSpacing(px(8))
        column.addWidget(WrappedLabel(self._what_it_is()))
        column.addSpacing(px(22))
        self.view = RecoveryKeyView()
        self.view.set_key(key.key)
        column.addWidget(self.view)
        column.addSpacing(px(16))
        column.addLayout(self._ways())
        self.said = IconLine("check", token="success", rank="dim")
        self.said.setObjectName("recoveryKeySaid")
        self.said.set_gap(8)
        self.said.hide()
        column.addWidget(self.said)
        column.addSpacing(px(24))
        line = _Hairline()
        column.addWidget(line)
        column.addSpacing(px(20))
        column.addLayout(self._foot())

    def focus_first(self) -> None:
        """Begin at the key itself, so that it is read first."""
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def stop(self) -> None:
        """Nothing here goes on by itself."""

    def insist(self) -> None:
        """Say why the page does not go away."""
        words = self.tr("Keep the key first, then tick the box: it is not shown again.")
        self._say(words, icon="warning", token="warning")
        self.kept_box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _what_it_is(self) -> str:
        if not self._key.confirmed:
            return self.tr(
                "The server's answer did not arrive. Keep this key: it is the right one if your new password works."
            )
        return self.tr(
            "It opens your data if you forget the password. It is shown only now: nobody can read it again or make"
            " it for you, the server least of all."
        )

    def _heading(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(10))
        row.addSpacing(px(1))
        row.addWidget(Icon("key", "accent_text"))
        row.addWidget(Label(self.tr("Keep your recovery key"), size=18, weight=600), 1)
        return row

    def _ways(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(16))
        self.save_button = DefaultButton(self.tr("Save as file…"), icon="file")
        self.copy_button = DefaultButton(self.tr("Copy"), icon="copy")
        self.print_button = DefaultButton(self.tr("Print…"), icon="print")
        for button, name, deed in (
            (self.save_button, "saveRecoveryKeyButton", self._open_save),
            (self.copy_button, "copyRecoveryKeyButton", self._copy),
            (self.print_button, "printRecoveryKeyButton", self._open_print),
        ):
            button.setObjectName(name)
            button.set_measures(height=32)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(deed)
            row.addWidget(button, 1)
        return row

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.kept_box = CheckBox(self.tr("I have kept it"))
        self.kept_box.setObjectName("recoveryKeptBox")
        self.deed_button = PrimaryButton(self.tr("Done"))
        self.deed_button.setObjectName("doneButton")
        self.deed_button.set_measures(least_width=BUTTON_WIDTH)
        self.deed_button.setEnabled(False)
        self.kept_box.toggled.connect(self.deed_button.setEnabled)
        self.deed_button.clicked.connect(self.done)
        row.addWidget(self.kept_box)
        row.addStretch(1)
        row.addWidget(self.deed_button)
        return row

    def _say(self, words: str, *, icon: str = "check", token: str = "success") -> None:
        self.said.show_line(icon, words, token=token, rank="dim")  # type: ignore[arg-type]
        self.said.show()

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._key.key)
        self._say(self.tr("Copied. Paste it where only you can find it."))

    @Slot()
    def _open_save(self) -> None:
        dialog = QFileDialog(self, self.tr("Save the recovery key"))
        dialog.setObjectName("recoveryKeySaveDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDirectory(QDir.home())
        dialog.selectFile(recovery_kit.FILE_NAME)
        dialog.fileSelected.connect(self.save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def save(self, path: str) -> None:
        """Write the key into a file."""
        problem = recovery_kit.save_kit(Path(path), self._text)
        if problem:
            self._say(problem, icon="warning", token="danger")
        else:
            self._say(self.tr("Saved as %s.") % Path(path).name)

    @Slot()
    def _open_print(self) -> None:
        # Imported here: printing is a large part of Qt, and hardly ever wanted.
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self._printer.setDocName(recovery_kit.FILE_NAME)
        dialog = QPrintDialog(self._printer, self)
        dialog.setObjectName("recoveryKeyPrintDialog")
        dialog.accepted.connect(lambda: recovery_kit.print_kit(self._printer, self._text))
        dialog.finished.connect(dialog.deleteLater)
        QDialog.open(dialog)  # the print dialog's own wants a receiver


class _Hairline(QWidget):
    """A line across the page."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        painting.hairline(QPainter(self), 0, 0, length=QRectF(self.rect()).width())
