"""What was deleted, and the way back."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.ui.delegates.request_delegate import method_tag, method_token
from insomnia_desktop.ui.dialogs.plain_dialog import PlainDialog
from insomnia_desktop.ui.i18n.words import in_sentence, when_words
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import mono_font, px, tabular, ui_font
from insomnia_desktop.ui.theme.icons import paint_icon
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.sync_words import moved_words
from insomnia_desktop.ui.viewmodels.synced_workspaces import synced
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.buttons import DefaultButton, PrimaryButton
from insomnia_desktop.ui.widgets.labels import WrappedLabel

_LIST_HEIGHT = 288
_ROW_HEIGHT = 36
_NAME_AT = 48
_ROW = Qt.ItemDataRole.UserRole
_WHEN = Qt.ItemDataRole.UserRole + 1
_ICONS = {"folder": "folder", "environment": "braces", "workspace": "folder"}


@dataclass(frozen=True, slots=True)
class Deleted:
    """One deletion: its root, and how many documents went with it (1: itself).

    `moved_to` is the workspace that it was moved to, "" for one that is here no more, None for what was deleted.
    """

    id: str
    kind: str
    name: str
    method: str
    deleted_at: int
    count: int
    moved_to: str | None = None


class _TrashDelegate(QStyledItemDelegate):
    """Method or icon, name, what went with it, and when it was deleted at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(px(200), px(_ROW_HEIGHT))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = index.data(_ROW)
        rect = QRectF(option.rect)
        painter.save()
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painting.fill_rounded(painter, rect, theme().color("sel_w"))
        if state & QStyle.StateFlag.State_HasFocus:
            painting.ring(painter, rect)
        left, height = rect.x() + px(8), rect.height()
        if row.kind == "request":
            font, token = mono_font(11, 700), method_token(row.method)
            painting.draw_text(
                painter, method_tag(row.method), x=left, top=rect.y(), height=height, font=font, token=token
            )
        else:
            y = round(rect.y() + (height - px(16)) / 2)
            paint_icon(painter, _ICONS.get(row.kind, "file"), "dim", x=left + px(4), y=y, size=px(16))
        when, small = str(index.data(_WHEN)), tabular(ui_font(12))
        right = rect.right() - px(8) - painting.text_width(small, when)
        painting.draw_text(painter, when, x=right, top=rect.y(), height=height, font=small, token="dim")
        painting.draw_text(
            painter,
            str(index.data()),
            x=rect.x() + px(_NAME_AT),
            top=rect.y(),
            height=height,
            font=ui_font(13),
            token="text",
            width=max(0.0, right - px(16) - rect.x() - px(_NAME_AT)),
        )
        painter.restore()


class TrashDialog(PlainDialog):
    """Lists deletions of the workspace, and deleted workspaces, newest first; each comes back with what it held."""

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel, parent: QWidget | None = None) -> None:
        super().__init__(workspace.tr("Trash"), parent, width=560)
        self.setObjectName("trashDialog")
        self._session = session
        self._workspace = workspace
        self._note = WrappedLabel("", rank="dim")
        self.list = QListWidget()
        self.list.setObjectName("trashList")
        self.list.setAccessibleName(self.tr("Deleted things"))
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        self.list.setItemDelegate(_TrashDelegate(self.list))
        self.list.setMinimumHeight(px(_LIST_HEIGHT))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.column.addWidget(self._note)
        self.column.addWidget(self.list)
        self.restore_button = PrimaryButton(self.tr("Restore"))
        self.restore_button.setObjectName("restoreButton")
        done = DefaultButton(self.tr("Done"))
        done.setObjectName("doneButton")
        done.set_measures(height=32)
        self.add_button(done)
        self.add_button(self.restore_button)
        self.restore_button.clicked.connect(self._on_restore)
        self.list.itemDoubleClicked.connect(self._on_restore)
        self.list.itemSelectionChanged.connect(self._on_selection)
        done.clicked.connect(self.accept)
        session.feed.changed.connect(self._on_changed)
        self._fill()
        self.list.setCurrentRow(0)
        self.list.setFocus()

    @Slot(object)
    def _on_changed(self, change_set: ChangeSet) -> None:
        if any(change.action in ("deleted", "restored", "purged", "created") for change in change_set.changes):
            self._fill()

    def _fill(self) -> None:
        services, now = self._session.services, self._session.clock.now_ms()
        chosen = {self._row(item).id for item in self.list.selectedItems()}
        at = self.list.currentRow()
        found = [*services.documents.trash(self._workspace.workspace_id), *services.workspaces.trash()]
        found.sort(key=lambda row: row.deleted_at, reverse=True)
        away = services.documents.moved_away(self._workspace.workspace_id)
        rows = [
            Deleted(row.id, row.kind, row.name, row.method, row.deleted_at, row.count, away.get(row.id))
            for row in found
        ]
        self.list.clear()
        for row in rows:
            item = QListWidgetItem(self._words(row))
            item.setData(_ROW, row)
            item.setData(_WHEN, when_words(row.deleted_at, now))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{self._words(row)}, {when_words(row.deleted_at, now)}")
            self.list.addItem(item)
            item.setSelected(row.id in chosen)
        if rows and not self.list.selectedItems():
            self.list.setCurrentRow(max(0, min(at, len(rows) - 1)))
        days = int(services.preferences.get("trash.days"))
        kept = self.tr("Deleted things are kept %d days.") % days
        if synced(self._session, self._workspace.workspace_id) is not None:
            # A device that was away must hear of a deletion before the trash lets go of it.
            kept = self.tr("Deleted things are kept %d days, and longer until the server knows of the deletion.") % days
        self._note.set_plain_text(kept if rows else self.tr("The trash is empty.") + " " + kept)
        self._on_selection()

    def _words(self, row: Deleted) -> str:
        name = row.name or self.tr("without a name")
        if row.kind == "workspace":
            return self.tr("%s, a workspace") % name
        words = self.tr("%s, with %d more") % (name, row.count - 1) if row.count > 1 else name
        if row.moved_to is not None:
            words = f"{words}, {in_sentence(moved_words(row.moved_to))}"
        return words

    @staticmethod
    def _row(item: QListWidgetItem) -> Deleted:
        row = item.data(_ROW)
        assert isinstance(row, Deleted)
        return row

    @Slot()
    def _on_selection(self) -> None:
        count = len(self.list.selectedItems())
        self.restore_button.setVisible(bool(count))
        self.restore_button.setText(self.tr("Restore") if count < 2 else self.tr("Restore %d") % count)
        if count:
            self.restore_button.setDefault(True)

    @Slot()
    def _on_restore(self) -> None:
        ids = [self._row(item).id for item in self.list.selectedItems()]
        if ids:
            self._session.bridge.watch(self._session.services.documents.restore(ids), owner=self)
