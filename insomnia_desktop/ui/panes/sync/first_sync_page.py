"""After the first sign-in: which workspaces of this device are added to the account; nothing is replaced."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from insomnia_desktop.services.sync_views import ProposedWorkspace
from insomnia_desktop.ui.panes.sync.sync_rows import Ground, column_of
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.sync_view_model import SyncViewModel
from insomnia_desktop.ui.viewmodels.sync_words import item_words, never_sent_words, workspace_words
from insomnia_desktop.ui.widgets.bars import Bar, Surface
from insomnia_desktop.ui.widgets.buttons import DefaultButton, IconButton, PrimaryButton
from insomnia_desktop.ui.widgets.fields import CheckBox
from insomnia_desktop.ui.widgets.icon_line import IconLine
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel
from insomnia_desktop.ui.widgets.progress_line import ProgressLine

WIDTH = 560
ROW_HEIGHT = 40


class FirstSyncPage(Surface):
    """A page over request and response; whoever leaves it is asked again, and nothing is sent before.

    Signals:
        closed(): it is to go.
    """

    closed = Signal()

    def __init__(self, sync: SyncViewModel, email: str, parent: QWidget | None = None) -> None:
        super().__init__("window", parent)
        self.setObjectName("firstSyncPage")
        self.setAccessibleName(self.tr("Which workspaces shall be backed up?"))
        self._sync = sync
        self.boxes: dict[str, CheckBox] = {}
        self._notes: dict[str, tuple[ProposedWorkspace, Label]] = {}
        column = column_of(self)
        head = self._head()
        self._progress = ProgressLine(head)
        column.addWidget(head)
        column.addWidget(self._scrolled(email, sync.workspaces.proposed()), 1)
        sync.workspaces.deed.running_changed.connect(self._on_running)
        sync.status_changed.connect(self._on_status)
        self._count()
        self._show_held()

    def focus_first(self) -> None:
        """Put the focus on the deed."""
        self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back on Escape; Enter adds."""
        if event.key() == Qt.Key.Key_Escape:
            event.accept()
            self.closed.emit()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            self._add()
            return
        super().keyPressEvent(event)

    def chosen(self) -> list[str]:
        """Return the ids of the workspaces that are ticked."""
        return [workspace_id for workspace_id, box in self.boxes.items() if box.isChecked()]

    def _head(self) -> Bar:
        head = Bar(48)
        head.add(Label(self.tr("Sync"), size=14, weight=600), stretch=1)
        close = IconButton("close", self.tr("Close (Esc)"), name=self.tr("Close"))
        close.setObjectName("closePageButton")
        close.clicked.connect(self.closed)
        head.add(close)
        return head

    def _scrolled(self, email: str, proposed: tuple[ProposedWorkspace, ...]) -> QScrollArea:
        frame = QWidget()
        frame.setMaximumWidth(px(WIDTH))
        column = column_of(frame)
        column.addWidget(Label(self.tr("Which workspaces shall be backed up?"), size=20, weight=600))
        column.addSpacing(px(8))
        text = self.tr(
            "They are encrypted here and added to the account of %s. Nothing is replaced, neither here nor on the"
            " server. What you leave out stays on this device, and can be added later."
        )
        column.addWidget(WrappedLabel(text % email))
        self._held = WrappedLabel("")
        self._held.setObjectName("heldWorkspaces")
        self._held.setContentsMargins(0, px(12), 0, 0)
        column.addWidget(self._held)
        column.addSpacing(px(24))
        for at, each in enumerate(proposed):
            column.addWidget(self._row(each, last=at == len(proposed) - 1))
        column.addSpacing(px(24))
        column.addLayout(self._buttons())
        column.addSpacing(px(16))
        promise = never_sent_words()
        column.addWidget(IconLine("lock", promise))
        column.addStretch(1)
        inner = Ground()
        across = QHBoxLayout(inner)
        across.setContentsMargins(px(16), px(40), px(16), px(16))
        across.addStretch(1)
        across.addWidget(frame, 100)
        across.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        return area

    def _row(self, workspace: ProposedWorkspace, *, last: bool) -> QWidget:
        box = CheckBox(workspace.name)
        box.setObjectName("proposedWorkspaceBox")
        box.setChecked(True)
        box.toggled.connect(self._count)
        self.boxes[workspace.workspace_id] = box
        self._notes[workspace.workspace_id] = (workspace, Label("", rank="dim", size=12, figures=True))
        return _BoxRow(box, self._notes[workspace.workspace_id][1], last=last)

    def _buttons(self) -> QHBoxLayout:
        self.add_button = PrimaryButton("")
        self.add_button.setObjectName("addWorkspacesButton")
        self.add_button.clicked.connect(self._add)
        later = DefaultButton(self.tr("Not now"))
        later.setObjectName("notNowButton")
        later.set_measures(height=32, padding=16)
        later.clicked.connect(self.closed)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.add_button)
        row.addWidget(later)
        row.addStretch(1)
        return row

    @Slot()
    def _count(self) -> None:
        count = len(self.chosen())
        keep = self.tr("Keep all on this device")
        self.add_button.setText(self.tr("Add %s") % workspace_words(count) if count else keep)
        self.add_button.updateGeometry()

    def _show_held(self) -> None:
        """Say what has come from the account so far, and which of this device has the name of one of those."""
        held = self._sync.workspaces.held()
        listed = ", ".join(self.tr("“%s” (%s)") % (each.name, item_words(each.items)) for each in held)
        self._held.set_plain_text(self.tr("The account already holds: %s.") % listed if held else "")
        self._held.setVisible(bool(held))
        names = {each.name for each in held}
        for workspace, note in self._notes.values():
            words = item_words(workspace.items)
            if workspace.name in names:
                words = self.tr("%s, not the one of this name in the account") % words
            note.setText(words)
            self.boxes[workspace.workspace_id].setAccessibleName(f"{workspace.name}, {words}")

    @Slot()
    def _add(self) -> None:
        self._sync.workspaces.choose_first(self.chosen())

    @Slot(bool)
    def _on_running(self, running: bool) -> None:
        self.add_button.setEnabled(not running)
        if running:
            self._progress.start()
        else:
            self._progress.stop()
        for box in self.boxes.values():
            box.setEnabled(not running)

    @Slot()
    def _on_status(self) -> None:
        if not self._sync.asks_for_workspaces:
            self.closed.emit()
            return
        self._show_held()


class _BoxRow(QWidget):
    """A box, and how much it stands for at the right, over a hairline."""

    def __init__(self, box: CheckBox, note: Label, *, last: bool) -> None:
        super().__init__()
        self._last = last
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 1)
        row.addWidget(box)
        row.addStretch(1)
        row.addWidget(note)
        self.setFixedHeight(px(ROW_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._last:
            painting.hairline(QPainter(self), 0, self.height() - 1, length=self.width())
