"""What the server sees: each row exactly as it is held there, its fields and bytes beside the plain document."""

from __future__ import annotations

import json
from math import ceil

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from insomnia_desktop.services.sync_views import ServerRow
from insomnia_desktop.ui.i18n.words import full_words, in_sentence, size_words
from insomnia_desktop.ui.models.fact_rows import FactColumn, FactRow
from insomnia_desktop.ui.panes.sync.empty_note import EmptyNote
from insomnia_desktop.ui.panes.sync.row_fields import RowFields
from insomnia_desktop.ui.panes.sync.sync_rows import Ground
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.server_view_model import ServerViewModel
from insomnia_desktop.ui.viewmodels.sync_words import count_words, in_groups, kind_words, moved_words, quarantine_words
from insomnia_desktop.ui.widgets.bars import GAP, Bar
from insomnia_desktop.ui.widgets.buttons import IconButton, QuietButton
from insomnia_desktop.ui.widgets.fact_table import HEADING_HEIGHT, ROW_HEIGHT, FactTable
from insomnia_desktop.ui.widgets.hex_view import HexView
from insomnia_desktop.ui.widgets.labels import Label, plain_tip
from insomnia_desktop.ui.widgets.progress_line import ProgressLine
from insomnia_desktop.ui.widgets.segments import SegmentedControl
from insomnia_desktop.ui.widgets.splitter import HairlineSplitter
from insomnia_desktop.ui.widgets.text_viewer import TextViewer

LEAST_FOR_TWO = 900
TABLE_SHARE = 0.42
HEX_SHARE = 0.62
_LEAST_NAME = 80


class ServerTab(Ground):
    """A table of rows; under it the chosen one: its fields and bytes, and what they mean to whoever has the key."""

    def __init__(self, server: ServerViewModel) -> None:
        super().__init__()
        self._server = server
        self._shown: ServerRow | None = None
        self._was_moved = False
        self._head = self._make_head()
        self._progress = ProgressLine(self._head)
        self.table = self._make_table()
        self.fields = RowFields()
        self.bytes = HexView()
        self.bytes.setObjectName("serverBytes")
        self.bytes.setAccessibleName(self.tr("The bytes that the server holds"))
        self.document = TextViewer()
        self.document.setObjectName("serverDocument")
        self.document.setAccessibleName(self.tr("The same, opened with your key"))
        self._note = EmptyNote(button=self.tr("Try again"))
        self._note.button.setObjectName("retryServerButton")
        self._note.button.clicked.connect(server.load)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._make_body())
        self._pages.addWidget(self._note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._pages, 1)
        server.rows_changed.connect(self._show)
        server.fingerprint_changed.connect(self._show_head)
        server.revision_changed.connect(self._show_fields)
        server.running_changed.connect(self._on_running)
        self.table.chosen.connect(self._show_row)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show row and document beside each other, or one part of them where there is little room."""
        super().resizeEvent(event)
        self._settle()
        self._fit_table()
        self._fit_name()

    def showEvent(self, event: QShowEvent) -> None:
        """Share the room out once it is known."""
        super().showEvent(event)
        self._share_out()

    def _make_head(self) -> Bar:
        head = Bar(40, left=8)
        self._workspace = _NameButton()
        self._workspace.setObjectName("serverWorkspaceButton")
        self._menu = QMenu(self._workspace)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._workspace.set_menu(self._menu)
        self._count = Label("", rank="dim", figures=True)
        self._key_words = Label(self.tr("Key of this workspace"), rank="dim", size=12)
        self._key_words.setObjectName("groupKeyWords")
        # The longer words must not keep the page from becoming narrow.
        self._key_words.setMinimumWidth(1)
        self._key = Label("", size=12, mono=True, elide=Qt.TextElideMode.ElideRight)
        self._key.setObjectName("groupKeyFingerprint")
        self._again = IconButton("retry", self.tr("Ask the server again"))
        self._again.setObjectName("reloadServerButton")
        self._again.clicked.connect(self._server.load)
        head.add(self._workspace)
        head.add(self._count)
        head.add_stretch()
        head.add(self._key_words)
        head.add(self._key)
        head.add(self._again)
        return head

    def _make_table(self) -> FactTable:
        columns = (
            FactColumn(self.tr("Resource"), 192, mono=True),
            FactColumn(self.tr("Version"), 68, right=True),
            FactColumn(self.tr("Revision"), 76, right=True),
            FactColumn(self.tr("Size"), 72, right=True),
            FactColumn(self.tr("What it is here"), marks=True),
        )
        table = FactTable(columns)
        table.setObjectName("serverViewTable")
        table.setAccessibleName(self.tr("What the server sees"))
        return table

    def _make_body(self) -> QWidget:
        self._segments = SegmentedControl()
        self._segments.set_segments(
            [("row", self.tr("Row")), ("bytes", self.tr("Bytes")), ("document", self.tr("Document"))]
        )
        self._segments.current_changed.connect(lambda _key: self._settle())
        self._bytes_words = Label(self.tr("What the server holds"), weight=600)
        self._document_words = Label("", weight=600, elide=Qt.TextElideMode.ElideRight)
        self._switch_bar = Bar(40, left=16)
        self._switch_bar.add(self._segments)
        self._switch_bar.add_stretch()
        self._parts = HairlineSplitter(Qt.Orientation.Horizontal)
        self._bytes_part = _part(self._bytes_words, self.fields, self.bytes)
        self._document_part = _part(self._document_words, self.document)
        self._parts.addWidget(self._bytes_part)
        self._parts.addWidget(self._document_part)
        under = QWidget()
        column = QVBoxLayout(under)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._switch_bar)
        column.addWidget(self._parts, 1)
        self._body = HairlineSplitter(Qt.Orientation.Vertical)
        self._body.addWidget(self.table)
        self._body.addWidget(under)
        self._body.reset_requested.connect(self._share_out)
        self._parts.reset_requested.connect(self._share_out)
        self._body.splitterMoved.connect(self._on_moved)
        return self._body

    @Slot()
    def _on_moved(self) -> None:
        self._was_moved = True
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    @Slot()
    def _share_out(self) -> None:
        self._was_moved = False
        self._parts.setSizes([round(1000 * HEX_SHARE), round(1000 * (1 - HEX_SHARE))])
        self._fit_table()

    def _fit_table(self) -> None:
        """Let the table end on a whole row, whose hairline is then that of the splitter."""
        height = self._body.height()
        if self._was_moved or not height:
            return
        most = max(1, int(height * TABLE_SHARE - px(HEADING_HEIGHT)) // px(ROW_HEIGHT))
        count = max(1, len(self._server.rows or ()))
        rows = min(most, count)
        # The last row lies under the splitter by its hairline alone: that is nothing to scroll to.
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if count > most else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.table.setVerticalScrollBarPolicy(policy)
        table = px(HEADING_HEIGHT) + rows * px(ROW_HEIGHT) - 1
        self._body.setSizes([table, height - table - self._body.handleWidth()])

    def _settle(self) -> None:
        both, current = self.width() >= px(LEAST_FOR_TWO), self._segments.current()
        self._switch_bar.setVisible(not both)
        self._bytes_part.setVisible(both or current != "document")
        self.fields.setVisible(both or current == "row")
        self.bytes.setVisible(both or current == "bytes")
        self._document_part.setVisible(both or current == "document")

    @Slot()
    def _fill_menu(self) -> None:
        self._menu.clear()
        for each in self._server.workspaces():
            action = self._menu.addAction(each.name)
            action.setCheckable(True)
            action.setChecked(each.workspace_id == self._server.workspace_id)
            action.triggered.connect(lambda _checked=False, to=each.workspace_id: self._server.show_workspace(to))

    @Slot()
    def _show_head(self) -> None:
        names = {each.workspace_id: each.name for each in self._server.workspaces()}
        self._workspace.setText(names.get(self._server.workspace_id, self.tr("No workspace")))
        self._workspace.setAccessibleName(self.tr("Workspace: %s") % self._workspace.text())
        self._workspace.updateGeometry()
        rows = self._server.rows
        total = sum(row.size for row in rows or ())
        counted = count_words(len(rows or ()), self.tr("row"), self.tr("rows"))
        self._count.setText(f"{counted}, {size_words(total)}" if rows is not None else "")
        self._key.setText(in_groups(self._server.fingerprint))
        self._key.setAccessibleName(self.tr("Fingerprint of the key of this workspace: %s") % self._key.text())
        tip = self.tr("The fingerprint of its key: on each of your devices it must be the same.")
        self._key_words.setToolTip(tip)
        self._key.setAccessibleDescription(tip)
        self._key_words.setVisible(bool(self._server.fingerprint))
        self._fit_name()

    def _fit_name(self) -> None:
        """Let the name give way to the figures, which are there to be compared."""
        others = (self._count, self._key_words, self._key, self._again)
        # What the key is for is said where that costs nothing of the name.
        for text, needed in (
            (self.tr("Key of this workspace, to compare with another device"), self._workspace.whole_width()),
            (self.tr("Key of this workspace"), px(_LEAST_NAME)),
            (self.tr("Key"), 0),
        ):
            self._key_words.setText(text)
            beside = sum(each.sizeHint().width() + px(GAP) for each in others if not each.isHidden())
            room = self.width() - 3 * px(GAP) - beside
            if room >= needed:
                break
        self._workspace.set_room(room)

    @Slot()
    def _show(self) -> None:
        self._show_head()
        rows, problem = self._server.rows, self._server.problem
        self.table.show_rows([self._fact(row) for row in rows or ()])
        if rows:
            self._pages.setCurrentIndex(0)
            self._fit_table()
            if self.table.current_thing() is None:
                self.table.selectRow(0)
            self._show_row(self.table.current_thing())
            return
        if problem:
            self._note.show_note(self.tr("The server cannot be asked"), problem, button=True)
        elif rows is None and self._server.workspaces():
            self._note.show_note("", self.tr("Asking the server…"), button=False)
        elif rows is None:
            text = self.tr("None of your workspaces is synced.")
            self._note.show_note(self.tr("The server holds nothing"), text, button=False)
        else:
            text = self.tr("Nothing of this workspace was sent yet.")
            self._note.show_note(self.tr("The server holds nothing"), text, button=False)
        self._pages.setCurrentWidget(self._note)

    def _fact(self, row: ServerRow) -> FactRow[ServerRow]:
        texts = (
            row.resource_id,
            f"{row.version:,}",
            f"{row.seq:,}",
            size_words(row.size),
            self._meaning(row),
        )
        return FactRow(texts, row, "danger" if row.problem else "dim" if row.deleted else "")

    def _meaning(self, row: ServerRow) -> str:
        if row.problem:
            return quarantine_words(row.problem)
        moved_to = self._server.moved_to(row)
        gone = self.tr("Deleted") if moved_to is None else moved_words(moved_to)
        if row.document is None:
            return gone if row.deleted else self.tr("Not opened")
        kind, name = _named(row.document)
        words = f"{name} ({kind})" if name else kind
        return f"{words}, {in_sentence(gone)}" if row.deleted else words

    @Slot(object)
    def _show_row(self, row: object) -> None:
        if not isinstance(row, ServerRow) or row is self._shown:
            return
        self._shown = row
        self.bytes.open_bytes(row.envelope)
        self._show_fields()
        self._server.ask_revision(row)
        if row.document is None:
            self._document_words.setText(self.tr("What it means here"))
            self.document.open_text(self._meaning(row), language="text")
            return
        self._document_words.setText(self.tr("What it means here, with your key"))
        self.document.open_text(_laid_out(row.document), language="json")

    @Slot()
    def _show_fields(self) -> None:
        row = self._shown
        if row is not None:
            revision = self._server.revision_of(row)
            self.fields.show_row(row, revision)
            size = self.tr("What the server holds, %s") % size_words(len(row.envelope))
            self._bytes_words.setText(self.tr("%s, since %s") % (size, full_words(revision.at)) if revision else size)

    @Slot()
    def _on_running(self) -> None:
        if self._server.is_running:
            self._progress.start()
        else:
            self._progress.stop()


class _NameButton(QuietButton):
    """A name of any length in the room that is left for it; elided, its tip shows the whole."""

    def __init__(self) -> None:
        super().__init__("", arrow=True)
        self._room = 0
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_room(self, width: int) -> None:
        """Be no wider than that, and no narrower than a few letters."""
        self._room = max(px(_LEAST_NAME), width)
        self.setToolTip(plain_tip(self.text()) if super()._content_width() > self._content_width() else "")
        self.updateGeometry()

    def whole_width(self) -> int:
        """Return how wide it is with the whole name."""
        return ceil(super()._content_width()) + 2 * px(self._padding)

    def minimumSizeHint(self) -> QSize:
        """A page is as narrow as the window wants it, whatever a workspace is called."""
        return QSize(min(px(_LEAST_NAME), self.sizeHint().width()), self.sizeHint().height())

    def _content_width(self) -> float:
        return min(super()._content_width(), self._room - 2 * px(self._padding))


def _part(words: Label, *views: QWidget) -> QWidget:
    part = Ground()
    bar = Bar(40)
    bar.add(words, stretch=1)
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(bar)
    for view in views:
        column.addWidget(view, 1 if view is views[-1] else 0)
    return part


def _named(document: str) -> tuple[str, str]:
    try:
        value = json.loads(document)
    except ValueError:
        return "", ""
    if not isinstance(value, dict):
        return "", ""
    fields = value.get("d")
    name = fields.get("name") if isinstance(fields, dict) else None
    return kind_words(str(value.get("t", ""))), name if isinstance(name, str) else ""


def _laid_out(document: str) -> str:
    try:
        return json.dumps(json.loads(document), indent=2, ensure_ascii=False)
    except ValueError:
        return document
