"""The cookie editor: the jar of a workspace as a table, and the fields of one cookie under it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from insomnia_desktop.model import Cookie
from insomnia_desktop.ui.dialogs.cookie_fields import CookieFields
from insomnia_desktop.ui.dialogs.cookie_table import CookieTable
from insomnia_desktop.ui.dialogs.wide_dialog import WideDialog
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.cookie_form import CookieForm
from insomnia_desktop.ui.viewmodels.cookie_view_model import CookieViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.bars import Bar
from insomnia_desktop.ui.widgets.buttons import DefaultButton, IconButton
from insomnia_desktop.ui.widgets.labels import Label
from insomnia_desktop.ui.widgets.search_field import SearchField

_FILTER_WIDTH = 240


class CookiesDialog(WideDialog):
    """Edits the cookies of a workspace; changes are kept as they are typed, deletions can be taken back."""

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel, parent: QWidget | None = None) -> None:
        super().__init__(workspace.tr("Cookies"), parent)
        self.setObjectName("cookiesDialog")
        self.view_model = CookieViewModel(session, workspace, self)
        self._warned = False
        self.table = CookieTable(self.view_model.is_expired)
        self.fields = CookieFields()
        self.filter = SearchField(self.tr("Filter"))
        self.filter.setObjectName("cookieFilter")
        self.filter.setAccessibleName(self.tr("Filter cookies"))
        self.filter.setFixedWidth(px(_FILTER_WIDTH))
        self._count = Label("", rank="dim", size=12, figures=True)
        self._more = IconButton("more", self.tr("More for all cookies"))
        self._more.setObjectName("cookieMoreButton")
        self._menu = QMenu(self)
        self._delete_expired = self._menu.addAction("")
        self._delete_all = self._menu.addAction("")
        self._empty = Label("", rank="dim")
        self._empty.setObjectName("noCookies")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect(workspace)
        self._show_list()
        self._show_form(fresh=True)
        self.table.setFocus()

    def before_close(self) -> bool:
        """Write down what was typed; where something cannot be stored, say so once and stay."""
        unstored = [each for each in self.view_model.unstored() if each != self.view_model.untouched_id()]
        if unstored and not self._warned:
            self._warned = True
            self.filter.clear()
            self.view_model.show(unstored[0])
            self.fields.focus_first(self.view_model.problems())
            self._say(self.tr("Mend the marked field, or close once more and leave the jar as it is stored."))
            return False
        self.view_model.flush()
        return True

    def _lay_out(self) -> None:
        head = Bar(48, right=12)
        head.add(Label(self.tr("Cookies"), size=14, weight=600))
        head.add(self._count)
        head.add_stretch()
        head.add(self.filter)
        new = DefaultButton(self.tr("New cookie"), icon="plus")
        new.setObjectName("newCookieButton")
        new.clicked.connect(self._on_new)
        head.add(new)
        self._more.set_menu(self._menu)
        head.add(self._more)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._pages, 1)
        line = Bar(1, hairline="top")
        column.addWidget(line)
        column.addWidget(self.fields)
        column.addWidget(self.foot)

    def _connect(self, workspace: WorkspaceViewModel) -> None:
        model = self.view_model
        self.table.chosen.connect(model.show)
        self.table.delete_requested.connect(self._on_delete)
        self.table.edit_requested.connect(lambda: self.fields.focus_first(model.problems()))
        self.fields.edited.connect(self._on_edited)
        self.fields.typing_ended.connect(model.end_typing)
        self.filter.text_changed.connect(self._show_list)
        self._delete_expired.triggered.connect(lambda: self._on_delete(model.expired()))
        self._delete_all.triggered.connect(lambda: self._on_delete([each.id for each in model.cookies()]))
        model.list_changed.connect(self._show_list)
        model.shown_changed.connect(self._on_shown)
        model.reloaded.connect(lambda: self._show_form(fresh=False))
        workspace.workspace_changed.connect(self._on_workspace_gone)
        QShortcut(QKeySequence.StandardKey.Find, self, self.filter.setFocus)

    @Slot()
    def _show_list(self) -> None:
        model = self.view_model
        rows = model.cookies(self.filter.text())
        every = len(model.cookies())
        self.table.show_cookies(rows, model.unstored(), model.shown_id)
        self._count.setText(self.tr("%d of %d") % (len(rows), every) if len(rows) != every else str(every))
        self._count.setAccessibleName(self.tr("%d cookies") % len(rows))
        self._empty.setText(
            self.tr("No cookie fits “%s”.") % self.filter.text()
            if every
            else self.tr("No cookies yet. Responses that set cookies bring them here, or you add one.")
        )
        self._pages.setCurrentWidget(self.table if rows else self._empty)
        expired = len(model.expired())
        self._delete_expired.setText(self.tr("Delete expired (%d)") % expired)
        self._delete_expired.setEnabled(bool(expired))
        self._delete_all.setText(self.tr("Delete all (%d)") % every)
        self._delete_all.setEnabled(bool(every))
        self.fields.setVisible(model.shown_id is not None)

    @Slot()
    def _on_shown(self) -> None:
        self._show_list()
        self._show_form(fresh=True)

    def _show_form(self, *, fresh: bool) -> None:
        self.fields.show_form(self.view_model.form(), fresh=fresh)
        untouched = self.view_model.shown_id == self.view_model.untouched_id()
        self.fields.show_problems({} if untouched else self.view_model.problems())

    @Slot(object)
    def _on_edited(self, form: CookieForm) -> None:
        self.view_model.set_form(form)
        self._warned = False
        self._say("")
        self.fields.show_problems(self.view_model.problems())

    @Slot()
    def _on_new(self) -> None:
        self.filter.clear()
        self.view_model.add()
        self.fields.focus_first(self.view_model.problems())

    @Slot(list)
    def _on_delete(self, ids: list[str]) -> None:
        self._say_deleted(self.view_model.delete(ids))

    def _say_deleted(self, cookies: tuple[Cookie, ...]) -> None:
        if not cookies:
            return
        words = (
            self.tr("Deleted “%s”") % (cookies[0].name or cookies[0].value)
            if len(cookies) == 1
            else self.tr("Deleted %d cookies") % len(cookies)
        )
        self.toast.show_message(words, self.tr("Undo"), lambda: self.view_model.restore(cookies))

    def _say(self, text: str) -> None:
        self.note.setText(text or self.tr("Changes are kept as you type."))
        self.note.set_rank("danger" if text else "dim")

    @Slot()
    def _on_workspace_gone(self) -> None:
        self._warned = True
        self.reject()
