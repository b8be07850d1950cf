"""Asks before a workspace begins to be synced, and what becomes of the server's copy when it no longer is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from insomnia_desktop.ui.dialogs.form_page import BUTTON_WIDTH
from insomnia_desktop.ui.dialogs.plain_dialog import PlainDialog
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.sync_words import never_sent_words
from insomnia_desktop.ui.widgets.buttons import DangerButton, DefaultButton, PrimaryButton
from insomnia_desktop.ui.widgets.choice_card import ONE_LINE, ChoiceCard
from insomnia_desktop.ui.widgets.icon_line import IconLine
from insomnia_desktop.ui.widgets.labels import WrappedLabel


class SyncWorkspaceDialog(PlainDialog):
    """Says what is sent where, before it is.

    Signals:
        sync_chosen(): the workspace is to be synced.
    """

    sync_chosen = Signal()

    def __init__(self, name: str, server: str, parent: QWidget | None = None) -> None:
        super().__init__(_heading(parent, "Sync “%s”?"), parent, name=name)
        self.setObjectName("syncWorkspaceDialog")
        text = self.tr(
            "Its folders, requests and environments are encrypted on this computer and kept at %s for your devices."
        )
        self.column.addWidget(WrappedLabel(text % server))
        promise = never_sent_words()
        self.column.addWidget(IconLine("lock", promise))
        self.sync_button = PrimaryButton(self.tr("Sync it"))
        self.sync_button.setObjectName("syncWorkspaceButton")
        self.sync_button.set_measures(least_width=BUTTON_WIDTH)
        self.sync_button.clicked.connect(self.sync_chosen)
        self.sync_button.clicked.connect(self.accept)
        self.add_button(_cancel(self))
        self.add_button(self.sync_button)
        self.sync_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Be as high as the sentences need at this width."""
        super().showEvent(event)
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            self.setFixedHeight(layout.heightForWidth(self.width()))


class StopSyncingDialog(PlainDialog):
    """The workspace stays on this device either way.

    Signals:
        stop_chosen(remove): it is no longer synced; `remove` says whether the server is to forget it.
    """

    stop_chosen = Signal(bool)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(_heading(parent, "Keep “%s” only on this device?"), parent, name=name)
        self.setObjectName("stopSyncingDialog")
        self.column.addWidget(
            WrappedLabel(self.tr("It stays here as it is. Edits made here no longer reach your other devices."))
        )
        self.keep = ChoiceCard(
            "server",
            self.tr("Leave the copy on the server"),
            self.tr("Your other devices go on with it; you can sync again here"),
            least_height=ONE_LINE,
        )
        self.keep.setObjectName("keepCopyCard")
        self.remove = ChoiceCard(
            "trash",
            self.tr("Remove it from the server"),
            self.tr("With its history; every device keeps what it has"),
            least_height=ONE_LINE,
        )
        self.remove.setObjectName("removeCopyCard")
        group = QButtonGroup(self)
        cards = QVBoxLayout()
        cards.setSpacing(px(8))
        for card in (self.keep, self.remove):
            group.addButton(card)
            cards.addWidget(card)
        self.column.addLayout(cards)
        self.keep.setChecked(True)
        stop = PrimaryButton(self.tr("Keep it here only"))
        stop.setObjectName("stopSyncingButton")
        # What the server forgets with the history of a workspace does not come back.
        forget = DangerButton(self.tr("Remove it from the server"))
        forget.setObjectName("removeFromServerButton")
        forget.hide()
        self.add_button(_cancel(self))
        for button in (stop, forget):
            button.set_measures(least_width=BUTTON_WIDTH)
            button.clicked.connect(self._on_stop)
            self.add_button(button)
        self.remove.toggled.connect(forget.setVisible)
        self.remove.toggled.connect(stop.setHidden)
        self.keep.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_stop(self) -> None:
        self.stop_chosen.emit(self.remove.isChecked())
        self.accept()


def _cancel(dialog: PlainDialog) -> DefaultButton:
    button = DefaultButton(dialog.tr("Cancel"))
    button.setObjectName("cancelButton")
    button.set_measures(height=32, padding=16, least_width=BUTTON_WIDTH)
    button.clicked.connect(dialog.reject)
    return button


def _heading(parent: QWidget | None, pattern: str) -> str:
    return parent.tr(pattern) if parent is not None else pattern
