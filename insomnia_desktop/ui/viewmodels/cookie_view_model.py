"""The cookies of a workspace while they are edited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from insomnia_desktop.base.errors import AppError, KnownError
from insomnia_desktop.base.ids import new_row_id
from insomnia_desktop.model import Cookie, CookieJar, Document, Patch, fields_of, patch_between, view_as
from insomnia_desktop.model import patch as patches
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.ui.viewmodels.cookie_form import (
    CookieField,
    CookieForm,
    cookie_of,
    form_of,
    problems_of,
)
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel

AUTOSAVE_MS = 300


class CookieViewModel(QObject):
    """The jar's draft, which cookie is shown, and forms that cannot be stored yet; written 300 ms after the last key.

    A form with a problem is kept beside the jar until it is mended: nothing that was typed is lost by looking at
    another cookie. A new cookie joins the jar with its first form without a problem.

    Signals:
        list_changed(): cookies came, went, or look different.
        shown_changed(): another cookie is shown, or none.
        reloaded(): the shown one changed elsewhere.
    """

    list_changed = Signal()
    shown_changed = Signal()
    reloaded = Signal()

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._services = session.services
        self._workspace_id = workspace.workspace_id
        self._stored: CookieJar = self._services.cookie_jars.jar(self._workspace_id)
        self._draft = self._stored
        self._order = _sorted_ids(self._draft.cookies)
        self._fresh: dict[str, Cookie] = {}
        self._forms: dict[str, CookieForm] = {}
        self._shown: str | None = self._order[0] if self._order else None
        self._typing = 0
        self._writing = 0
        self._is_stale = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AUTOSAVE_MS)
        self._timer.timeout.connect(self.flush)
        session.feed.changed.connect(self._on_changed)

    @property
    def shown_id(self) -> str | None:
        """The id of the shown cookie, or None."""
        return self._shown

    def cookies(self, text: str = "") -> list[Cookie]:
        """Return the cookies that hold a text, new ones first, as their forms read now where these can be stored."""
        known = {cookie.id: cookie for cookie in self._draft.cookies}
        rows = [*reversed(self._fresh.values()), *(known[each] for each in self._order if each in known)]
        wanted = text.strip().casefold()
        if not wanted:
            return rows
        return [
            row
            for row in rows
            if row.id in self._fresh or wanted in f"{row.domain}\n{row.name}\n{row.value}\n{row.path}".casefold()
        ]

    def unstored(self) -> list[str]:
        """Return the ids of the cookies whose forms cannot be stored as they are, in the order of the list."""
        return [row.id for row in self.cookies() if row.id in self._forms]

    def expired(self) -> list[str]:
        """Return the ids of the cookies whose time is over."""
        return [cookie.id for cookie in self._draft.cookies if self.is_expired(cookie)]

    def is_expired(self, cookie: Cookie) -> bool:
        """Say whether a cookie's time is over."""
        return cookie.expires is not None and cookie.expires <= self._session.clock.now_ms()

    def form(self) -> CookieForm:
        """Return the form of the shown cookie, with what was typed and cannot be stored yet."""
        cookie = self._cookie(self._shown)
        return CookieForm() if cookie is None else self._forms.get(cookie.id, form_of(cookie))

    def problems(self) -> dict[CookieField, str]:
        """Return what keeps the shown form from being stored."""
        form = self._forms.get(self._shown or "")
        return {} if form is None else self._problems(self._shown, form)

    def untouched_id(self) -> str | None:
        """Return the id of the new cookie in which nothing was typed yet, or None."""
        return next((each.id for each in self._fresh.values() if self._forms.get(each.id) == form_of(each)), None)

    def show(self, cookie_id: str | None) -> None:
        """Show another cookie, or none; a new one in which nothing was typed is dropped."""
        if cookie_id == self._shown:
            return
        self.end_typing()
        left, self._shown = self._shown, cookie_id
        self._drop_untouched(left)
        self.shown_changed.emit()

    def set_form(self, form: CookieForm) -> None:
        """Take over what was typed for the shown cookie, into the jar if it can be stored."""
        cookie = self._cookie(self._shown)
        if cookie is None or form == self.form():
            return
        if self._problems(cookie.id, form):
            self._forms[cookie.id] = form
            self.list_changed.emit()
            return
        self._forms.pop(cookie.id, None)
        changed = cookie_of(form, cookie)
        if self._fresh.pop(cookie.id, None) is not None:
            self._order.insert(0, cookie.id)
            self._edit((*self._draft.cookies, changed))
        else:
            self._edit(tuple(changed if each.id == cookie.id else each for each in self._draft.cookies))

    def add(self) -> None:
        """Begin a new cookie, for the domain of the shown one, and show it."""
        before = self._cookie(self._shown)
        domain = "" if before is None else before.domain
        cookie = Cookie(id=new_row_id(), name="", domain=domain, created=self._session.clock.now_ms())
        self._fresh[cookie.id] = cookie
        self._forms[cookie.id] = form_of(cookie)
        self.show(cookie.id)
        self.list_changed.emit()

    def delete(self, ids: Iterable[str]) -> tuple[Cookie, ...]:
        """Take cookies out of the jar and show the one that follows; returns those that `restore` can bring back."""
        going = set(ids)
        rows = [cookie.id for cookie in self.cookies()]
        self.end_typing()
        gone = tuple(cookie for cookie in self._draft.cookies if cookie.id in going)
        for each in going:
            self._fresh.pop(each, None)
            self._forms.pop(each, None)
        if gone:
            self._edit(tuple(cookie for cookie in self._draft.cookies if cookie.id not in going))
            self.end_typing()
        else:
            self.list_changed.emit()
        if self._shown in going:
            at = rows.index(self._shown) if self._shown in rows else 0
            left = [each for each in rows if each not in going]
            after = [each for each in rows[at:] if each not in going] or left[-1:]
            self._shown = after[0] if after else None
            self.shown_changed.emit()
        return gone

    def restore(self, cookies: Sequence[Cookie]) -> None:
        """Put deleted cookies back where they stood; one whose id is there again is left alone."""
        there = {cookie.id for cookie in self._draft.cookies}
        back = tuple(cookie for cookie in cookies if cookie.id not in there)
        if back:
            self._order += [cookie.id for cookie in back if cookie.id not in self._order]
            self._edit((*self._draft.cookies, *back))
            self.end_typing()

    @Slot()
    def flush(self) -> None:
        """Write the draft down now."""
        self._timer.stop()
        patch = patch_between(self._stored, self._draft)
        if patch:
            self._stored = self._draft
            self._writing += 1
            future = self._services.editing.patch(
                self._draft.id,
                patch,
                coalesce=f"{self._draft.id}:{self._shown}:{id(self)}:{self._typing}",
                token=self._session.token,
            )
            self._session.bridge.watch(future, self._on_written, self._on_write_failed, owner=self)

    @Slot()
    def end_typing(self) -> None:
        """Write down what was typed and begin a new step of undo."""
        self.flush()
        self._typing += 1

    def _cookie(self, cookie_id: str | None) -> Cookie | None:
        if cookie_id in self._fresh:
            return self._fresh[cookie_id]
        return next((cookie for cookie in self._draft.cookies if cookie.id == cookie_id), None)

    def _problems(self, cookie_id: str | None, form: CookieForm) -> dict[CookieField, str]:
        return problems_of(form, (cookie for cookie in self._draft.cookies if cookie.id != cookie_id))

    def _edit(self, cookies: tuple[Cookie, ...]) -> None:
        changed = msgspec.structs.replace(self._draft, cookies=cookies)
        if changed != self._draft:
            self._draft = changed
            self._timer.start()
        self.list_changed.emit()

    def _drop_untouched(self, cookie_id: str | None) -> None:
        cookie = self._fresh.get(cookie_id or "")
        if cookie is not None and self._forms.get(cookie.id) == form_of(cookie):
            del self._fresh[cookie.id], self._forms[cookie.id]
            self.list_changed.emit()

    @Slot(object)
    def _on_changed(self, change_set: ChangeSet) -> None:
        if not any(change.id == self._draft.id for change in change_set.changes):
            return
        # While own edits are on their way the store may be behind the draft: it is read when they have arrived.
        if self._writing:
            self._is_stale = True
        else:
            self._reload()

    def _on_written(self, _: ChangeSet) -> None:
        self._writing -= 1
        if self._is_stale and not self._writing:
            self._is_stale = False
            self._reload()

    def _reload(self) -> None:
        try:
            fresh = self._services.cookie_jars.jar(self._workspace_id)
        except KnownError:
            return  # The workspace is gone; the dialog closes on the workspace's own signal.
        before, form = self._draft, self.form()
        typed = patch_between(self._stored, self._draft)
        self._stored = fresh
        self._draft = _applied(fresh, typed) if typed else fresh
        if self._draft == before:
            return
        self._order = _sorted_ids(self._draft.cookies)
        self._keep_forms(before)
        self.list_changed.emit()
        if self._cookie(self._shown) is None:
            self._shown = self._order[0] if self._order else None
            self.shown_changed.emit()
        elif self.form() != form:
            self.reloaded.emit()

    def _keep_forms(self, before: CookieJar) -> None:
        """What is typed for a cookie that went elsewhere becomes a new cookie."""
        there = {cookie.id for cookie in self._draft.cookies}
        for cookie in before.cookies:
            if cookie.id in self._forms and cookie.id not in there:
                self._fresh[cookie.id] = cookie

    def _on_write_failed(self, error: AppError) -> None:
        self._writing -= 1
        # The draft stays as it is and differs from what is stored, so the next flush tries again.
        try:
            self._stored = self._services.cookie_jars.jar(self._workspace_id)
        except KnownError:
            self._stored = self._draft
        self._session.bridge.failed.emit(error)


def _sorted_ids(cookies: Iterable[Cookie]) -> list[str]:
    return [each.id for each in sorted(cookies, key=lambda each: (each.domain, each.path, each.name, each.created))]


def _applied(jar: CookieJar, typed: Patch) -> CookieJar:
    document = Document(
        id=jar.id,
        kind="cookie_jar",
        workspace_id="",
        parent_id=jar.parent_id,
        sort_key=jar.sort_key,
        fields=patches.apply(fields_of(jar), typed)[0],
    )
    return view_as(document, CookieJar)
