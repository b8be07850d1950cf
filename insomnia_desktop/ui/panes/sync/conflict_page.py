"""Before, mine and theirs of every value that two devices changed in one document, and the choice between them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from insomnia_desktop.services.sync_views import Keep
from insomnia_desktop.ui.i18n.words import clock_words, day_words, short_when_words
from insomnia_desktop.ui.panes.sync.conflict_titles import ConflictTitles, DocumentWay
from insomnia_desktop.ui.panes.sync.conflict_value_row import ConflictValueRow
from insomnia_desktop.ui.panes.sync.sync_rows import Ground, column_of
from insomnia_desktop.ui.panes.sync.taken_fields_row import TakenFieldsRow
from insomnia_desktop.ui.panes.sync.unreadable_conflict_row import UnreadableConflictRow
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.conflicts_view_model import ConflictedDocument, ConflictsViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.sync_words import kinds_words, one_of_kind
from insomnia_desktop.ui.widgets.bars import Bar, Surface
from insomnia_desktop.ui.widgets.buttons import DefaultButton, IconButton, PrimaryButton, QuietButton
from insomnia_desktop.ui.widgets.labels import Label

FIELD, NARROW_FIELD = 144, 104
NARROW = 760
LAST_BAR = 56


class ConflictPage(Surface):
    """A page over request and response; Escape and the cross go back, nothing is lost by that.

    Signals:
        closed(): it is to go.
        list_wanted(): the list of conflicts is wanted.
        history_wanted(): the versions of the document are.
        notice_requested(text, action_text, call): a fact to be shown.
    """

    closed = Signal()
    list_wanted = Signal()
    history_wanted = Signal()
    notice_requested = Signal(str, str, object)

    def __init__(
        self, session: UiSession, conflicts: ConflictsViewModel, document_id: str, parent: QWidget | None = None
    ) -> None:
        super().__init__("window", parent)
        self.setObjectName("conflictPage")
        self._session = session
        self._conflicts = conflicts
        self._document_id = document_id
        document = conflicts.document(document_id)
        assert document is not None
        self._name = document.name or one_of_kind(document.kind)
        self._kind = document.kind
        self.setAccessibleName(self.tr("Conflict in %s") % self._name)
        self.rows: list[ConflictValueRow] = []
        self.unreadable: list[UnreadableConflictRow] = []
        column = column_of(self)
        column.addWidget(self._make_head(document.method))
        self._titles = ConflictTitles(self._title_words(document))
        column.addWidget(self._titles)
        self._shown = document
        self._area = self._scrolled(document)
        column.addWidget(self._area, 1)
        column.addWidget(self._make_foot())
        conflicts.documents_changed.connect(self._on_documents)
        conflicts.choices_changed.connect(self._show_choices)
        conflicts.origin_changed.connect(self._on_origin)
        conflicts.finished.connect(self._on_finished)
        conflicts.failed.connect(self._on_failed)
        self._show_both(document)
        self._show_choices()
        conflicts.ask_origin(document_id)

    def focus_first(self) -> None:
        """Put the focus into the first row."""
        first = self.rows[0].mine.button if self.rows else self.unreadable[0].end_button
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            event.accept()
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow the column of fields where there is little room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = px(NARROW_FIELD if self.width() < px(NARROW) else FIELD)
        for row in self.rows:
            row.set_field_width(width)
        for damaged in self.unreadable:
            damaged.set_field_width(width)
        self._summary_note.setVisible(self.width() >= px(NARROW))

    def _make_head(self, method: str) -> Bar:
        head = Bar(48, left=8)
        back = QuietButton(self.tr("Conflicts"), dim=True)
        back.setObjectName("conflictListButton")
        back.set_measures(font_size=14)
        back.clicked.connect(self.list_wanted)
        way = QWidget()
        row = QHBoxLayout(way)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(back)
        row.addWidget(DocumentWay(method))
        head.add(way)
        head.add(Label(self._name, size=14, weight=600, elide=Qt.TextElideMode.ElideRight))
        head.add(Label(self.tr("changed on two devices"), rank="dim", elide=Qt.TextElideMode.ElideRight), stretch=1)
        self.all_mine = QuietButton(self.tr("All mine"))
        self.all_mine.setObjectName("allMineButton")
        self.all_mine.clicked.connect(lambda: self._conflicts.choose_all(self._document_id, "mine"))
        self.all_theirs = QuietButton(self.tr("All theirs"))
        self.all_theirs.setObjectName("allTheirsButton")
        self.all_theirs.clicked.connect(lambda: self._conflicts.choose_all(self._document_id, "theirs"))
        close = IconButton("close", self.tr("Close (Esc)"), name=self.tr("Close"))
        close.setObjectName("closePageButton")
        close.clicked.connect(self.closed)
        for button in (self.all_mine, self.all_theirs, close):
            head.add(button)
        return head

    def _title_words(self, document: ConflictedDocument) -> tuple[tuple[str, str], ...]:
        origin = self._conflicts.origin(self._document_id)
        before, mine = self.tr("in both"), self.tr("this computer")
        theirs = self.tr("came at %s") % self._when(document.at)
        if origin is not None:
            before = f"{before}, {self._when(origin.base.at)}" if origin.base is not None else before
            mine = f"{origin.mine}, {mine}" if origin.mine else mine
            if origin.theirs is not None:
                device = origin.theirs.device or self.tr("another device")
                theirs = f"{device}, {self._when(origin.theirs.at)}"
        return (
            (self.tr("Field"), ""),
            (self.tr("Before"), before),
            (self.tr("Mine"), mine),
            (self.tr("Theirs"), theirs),
        )

    def _when(self, at: int) -> str:
        now = self._session.clock.now_ms()
        return clock_words(at) if day_words(at, now) == day_words(now, now) else short_when_words(at, now)

    @Slot(str)
    def _on_origin(self, document_id: str) -> None:
        document = self._conflicts.document(document_id)
        if document is not None and document_id == self._document_id:
            self._titles.set_titles(self._title_words(document))

    def _scrolled(self, document: ConflictedDocument) -> QScrollArea:
        inner = Ground()
        column = column_of(inner)
        self.rows, self.unreadable = [], []
        for row in document.rows:
            shown = ConflictValueRow(row)
            shown.mine.keep_wanted.connect(lambda each=row.id: self._conflicts.choose(each, "mine"))
            shown.theirs.keep_wanted.connect(lambda each=row.id: self._conflicts.choose(each, "theirs"))
            for cell in (shown.mine, shown.theirs):
                cell.undo_wanted.connect(lambda each=row.id: self._conflicts.choose(each, "open"))
            self.rows.append(shown)
            column.addWidget(shown)
        for row in document.unreadable:
            damaged = UnreadableConflictRow(row)
            damaged.end_wanted.connect(lambda each=row.id: self._conflicts.let_go(each))
            damaged.history_wanted.connect(self.history_wanted)
            self.unreadable.append(damaged)
            column.addWidget(damaged)
        taken = self._conflicts.taken(self._document_id)
        if taken:
            column.addWidget(TakenFieldsRow(taken))
        column.addStretch(1)
        self._titles.setVisible(bool(self.rows))
        if self.rows:
            self._titles.follow(self.rows[0])
        area = QScrollArea()
        area.setObjectName("conflictValues")
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        return area

    def _make_foot(self) -> Bar:
        foot = Bar(LAST_BAR, hairline="top", right=16)
        self._summary = Label("", weight=600, figures=True)
        self._summary.setObjectName("conflictSummary")
        self._summary_note = Label(
            self.tr("Undo and the history keep what you do not choose."),
            rank="dim",
            size=12,
            elide=Qt.TextElideMode.ElideRight,
        )
        self.both_button = DefaultButton("")
        self.both_button.setObjectName("keepBothButton")
        self.both_button.set_measures(height=32)
        self.both_button.clicked.connect(lambda: self._conflicts.keep_both(self._document_id))
        self.finish_button = PrimaryButton(self.tr("Finish"))
        self.finish_button.setObjectName("finishButton")
        self.finish_button.set_measures(least_width=88)
        self.finish_button.clicked.connect(lambda: self._conflicts.finish(self._document_id))
        foot.add(self._summary)
        foot.add(self._summary_note, stretch=1)
        foot.add(self.both_button)
        foot.add(self.finish_button)
        return foot

    def _show_both(self, document: ConflictedDocument) -> None:
        """Say on the button what it makes, and where it can make nothing why."""
        kinds = kinds_words(self._kind)
        why = {
            "workspace": self.tr("A workspace is not doubled for this. Choose mine or theirs."),
            "cookie_jar": self.tr("A workspace has one cookie jar. Choose mine or theirs."),
            "place": self.tr("It can stand in one place only. Choose mine or theirs."),
            "unreadable": self.tr("What cannot be read cannot stand in a copy."),
        }.get(document.why_not_both, "")
        if why:
            text, tip = self.tr("Keep both"), why
        else:
            many = self.tr("Keep all as %d %s") % (document.copies + 1, kinds)
            text = many if document.copies > 1 else self.tr("Keep both as two %s") % kinds
            tip = self.tr("This one stays as it is; a copy of it gets the values of the other side.")
            if self._kind == "folder":
                tip = self.tr("This one stays as it is; a folder with nothing in it gets the values of the other side.")
        self.both_button.setText(text)
        self.both_button.setToolTip(tip)
        self.both_button.setAccessibleDescription(tip)

    @Slot()
    def _on_documents(self) -> None:
        """Show what the conflicts are now: another window may have settled some, or work goes on in the document."""
        document = self._conflicts.document(self._document_id)
        if document is None:
            if not self._conflicts.is_busy(self._document_id):
                self.notice_requested.emit(self.tr("There is nothing to choose in “%s” now.") % self._name, "", None)
                self.closed.emit()
        elif (document.rows, document.unreadable) != (self._shown.rows, self._shown.unreadable):
            self._show_rows(document)

    def _show_rows(self, document: ConflictedDocument) -> None:
        had_focus = self._area.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        at = self._area.verticalScrollBar().value()
        old, self._shown = self._area, document
        self._area = self._scrolled(document)
        layout = self.layout()
        assert layout is not None
        layout.replaceWidget(old, self._area)
        old.hide()
        old.deleteLater()
        self._area.show()
        self._fit()
        self._area.verticalScrollBar().setValue(at)
        self._titles.set_titles(self._title_words(document))
        self._show_both(document)
        self._show_choices()
        if had_focus:
            self.focus_first()

    @Slot()
    def _show_choices(self) -> None:
        document = self._conflicts.document(self._document_id)
        if document is None:
            return
        busy = self._conflicts.is_busy(self._document_id)
        for row in self.rows:
            row.show_choice(self._conflicts.choice(row.conflict.id))
        chosen, total = self._conflicts.chosen_of(self._document_id)
        self._summary.setText(self.tr("%d of %d chosen") % (chosen, total) if total else self.tr("Nothing to choose"))
        self.finish_button.setEnabled(0 < total == chosen and not busy)
        self.finish_button.setAccessibleDescription(self._summary.text())
        for button in (self.all_mine, self.all_theirs):
            button.setEnabled(bool(total) and not busy)
        self.both_button.setEnabled(not busy and not document.why_not_both)

    @Slot(str)
    def _on_finished(self, document_id: str) -> None:
        if document_id == self._document_id:
            self.notice_requested.emit(self._settled_words(self._conflicts.kept(document_id)), "", None)
            self.closed.emit()

    def _settled_words(self, kept: tuple[Keep, ...]) -> str:
        mine, theirs = kept.count("mine"), kept.count("theirs")
        if "both" in kept:
            words = self.tr("“%s” is settled: both are kept, the other side in a copy.")
        elif mine and theirs:
            counted = (f"{mine:,}", f"{theirs:,}")
            return self.tr("“%s” is settled: %s of yours, %s of the other side.") % (self._name, *counted)
        elif theirs:
            words = self.tr("“%s” is settled: the other side stands now.")
        else:
            words = self.tr("“%s” is settled: yours stays.")
        return words % self._name

    @Slot(str)
    def _on_failed(self, words: str) -> None:
        self.notice_requested.emit(words, "", None)
