"""Cookies while they are edited; also insomnia_desktop.ui.viewmodels.cookie_form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from insomnia_desktop.model import Cookie, CookieJar, patch_between
from insomnia_desktop.ui.viewmodels.cookie_form import (
    CookieForm,
    cookie_of,
    expiry_of,
    expiry_text,
    form_of,
    plain_domain,
    problems_of,
)
from insomnia_desktop.ui.viewmodels.cookie_view_model import CookieViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from tests.support.clock import START_MS


def cookie(name: str, domain: str = "a.example", expires: int | None = None, *, value: str = "v") -> Cookie:
    return Cookie(id=f"c{name:_<11}", name=name, value=value, domain=domain, expires=expires, created=1)


@pytest.fixture
def workspace(session: UiSession) -> WorkspaceViewModel:
    view_model = WorkspaceViewModel(session)
    write(session, view_model, cookie("two", "b.example"), cookie("one"), cookie("old", "c.example", START_MS - 1))
    return view_model


@pytest.fixture
def draft(session: UiSession, workspace: WorkspaceViewModel) -> Iterator[CookieViewModel]:
    view_model = CookieViewModel(session, workspace)
    yield view_model
    view_model.deleteLater()


def jar(session: UiSession, workspace: WorkspaceViewModel) -> CookieJar:
    return session.services.cookie_jars.jar(workspace.workspace_id)


def write(session: UiSession, workspace: WorkspaceViewModel, *cookies: Cookie) -> None:
    before = jar(session, workspace)
    patch = patch_between(before, msgspec.structs.replace(before, cookies=cookies))
    session.services.editing.patch(before.id, patch, token=99).result()


def names(session: UiSession, workspace: WorkspaceViewModel) -> list[str]:
    return [each.name for each in jar(session, workspace).cookies]


def test_cookies_are_sorted_and_filtered(draft: CookieViewModel) -> None:
    assert [each.name for each in draft.cookies()] == ["one", "two", "old"]
    assert [each.name for each in draft.cookies("B.EXA")] == ["two"]
    assert draft.cookies("nowhere") == []
    assert draft.shown_id == cookie("one").id


def test_an_edit_is_written_by_itself(
    draft: CookieViewModel, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    draft.set_form(replace(draft.form(), value="new", http_only=True, subdomains=True, same_site="lax"))
    qtbot.waitUntil(lambda: jar(session, workspace).cookies[1].value == "new")
    kept = jar(session, workspace).cookies[1]
    assert (kept.http_only, kept.host_only, kept.same_site, kept.created) == (True, False, "lax", 1)


def test_what_cannot_be_stored_is_kept_until_it_is_mended(
    draft: CookieViewModel, session: UiSession, workspace: WorkspaceViewModel
) -> None:
    draft.set_form(replace(draft.form(), domain="", expires="tomorrow"))
    assert set(draft.problems()) == {"domain", "expires"}
    draft.show(cookie("two").id)
    assert draft.problems() == {}
    assert draft.unstored() == [cookie("one").id]
    draft.show(cookie("one").id)
    assert draft.form().expires == "tomorrow"
    draft.set_form(replace(draft.form(), domain="z.example", expires=""))
    draft.flush()
    session.services.editing.patch(jar(session, workspace).id, ()).result()
    assert jar(session, workspace).cookies[1].domain == "z.example"
    assert draft.unstored() == []


def test_a_new_cookie_joins_with_its_first_good_form(
    draft: CookieViewModel, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    draft.add()
    assert draft.cookies()[0].id == draft.shown_id == draft.untouched_id()
    assert draft.form().domain == "a.example"
    draft.set_form(replace(draft.form(), name="fresh", value="1"))
    assert draft.untouched_id() is None
    qtbot.waitUntil(lambda: "fresh" in names(session, workspace))


def test_a_new_cookie_in_which_nothing_was_typed_goes(draft: CookieViewModel) -> None:
    draft.add()
    draft.show(cookie("two").id)
    assert len(draft.cookies()) == 3
    assert draft.unstored() == []


def test_deleted_cookies_come_back(
    draft: CookieViewModel, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    gone = draft.delete([cookie("one").id, cookie("two").id])
    assert draft.shown_id == cookie("old").id
    qtbot.waitUntil(lambda: names(session, workspace) == ["old"])
    draft.restore(gone)
    draft.restore(gone)
    qtbot.waitUntil(lambda: sorted(names(session, workspace)) == ["old", "one", "two"])


def test_expired_cookies_are_known(draft: CookieViewModel) -> None:
    assert draft.expired() == [cookie("old").id]
    assert draft.delete(draft.expired())[0].name == "old"
    assert draft.expired() == []
    draft.delete([each.id for each in draft.cookies()])
    assert draft.shown_id is None
    assert draft.form() == CookieForm()


def test_what_a_response_sets_meanwhile_joins_what_was_typed(
    draft: CookieViewModel, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    draft.set_form(replace(draft.form(), value="typed"))
    with qtbot.waitSignal(draft.list_changed):
        write(session, workspace, *jar(session, workspace).cookies, cookie("set"))
    draft.flush()
    session.services.editing.patch(jar(session, workspace).id, ()).result()
    kept = {each.name: each.value for each in jar(session, workspace).cookies}
    assert kept == {"two": "v", "one": "typed", "old": "v", "set": "v"}


def test_a_cookie_changed_elsewhere_is_shown_anew(
    draft: CookieViewModel, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(draft.reloaded):
        write(session, workspace, cookie("one", value="other"))
    assert draft.form().value == "other"


def test_what_is_typed_for_a_cookie_that_goes_elsewhere_stays(
    draft: CookieViewModel, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    draft.set_form(replace(draft.form(), domain="no way", value="precious"))
    with qtbot.waitSignal(draft.list_changed):
        write(session, workspace)
    assert draft.form().value == "precious"
    draft.set_form(replace(draft.form(), domain="way.example"))
    qtbot.waitUntil(lambda: names(session, workspace) == ["one"])


def test_undo_takes_a_whole_form_back(
    draft: CookieViewModel, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    for value in ("n", "ne", "new"):
        draft.set_form(replace(draft.form(), value=value))
        draft.flush()
    session.services.editing.undo(workspace.workspace_id).result()
    qtbot.waitUntil(lambda: draft.form().value == "v")


GOOD = CookieForm(domain="a.example", name="n")


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (replace(GOOD, domain=" . "), "domain"),
        (replace(GOOD, domain="https://a.example"), "domain"),
        (replace(GOOD, domain="a.example:80"), "domain"),
        (replace(GOOD, name=""), "name"),
        (replace(GOOD, name="a=b"), "name"),
        (replace(GOOD, name="a;b"), "name"),
        (replace(GOOD, value="a;b"), "value"),
        (replace(GOOD, value="a\nb"), "value"),
        (replace(GOOD, path="x"), "path"),
        (replace(GOOD, path="/;"), "path"),
        (replace(GOOD, expires="soon"), "expires"),
        (replace(GOOD, expires="2030-13-01"), "expires"),
    ],
)
def test_a_form_that_cannot_be_stored_says_so(form: CookieForm, field: str) -> None:
    assert set(problems_of(form)) == {field}


@pytest.mark.parametrize(
    "form",
    [
        GOOD,
        replace(GOOD, name="", value="only"),
        replace(GOOD, domain=".A.Example"),
        replace(GOOD, domain="[::1]"),
        replace(GOOD, domain="localhost"),
        replace(GOOD, path=""),
        replace(GOOD, expires="Wed, 21 Oct 2037 07:28:00 GMT"),
    ],
)
def test_a_good_form_has_no_problem(form: CookieForm) -> None:
    assert problems_of(form) == {}


def test_two_cookies_are_never_the_same_one() -> None:
    other = cookie("n")
    assert set(problems_of(GOOD, [other])) == {"name"}
    assert problems_of(replace(GOOD, path="/x"), [other]) == {}
    assert problems_of(replace(GOOD, subdomains=True), [other]) == {}


def test_a_form_is_the_cookie_and_back() -> None:
    before = msgspec.structs.replace(cookie("n", expires=START_MS + 123), secure=True, same_site="strict", path="/a")
    assert cookie_of(form_of(before), before) == before
    assert plain_domain(" .Shop.Example. ") == "shop.example"


def test_expiries() -> None:
    assert expiry_text(None) == ""
    assert expiry_text(START_MS) == "2026-03-01 12:00"
    assert expiry_text(START_MS + 5000) == "2026-03-01 12:00:05"
    assert expiry_of("2026-03-01 12:00") == START_MS
    assert expiry_of("2026-03-01T13:00:00+01:00") == START_MS
    assert expiry_of("Sun, 01 Mar 2026 12:00:00 GMT") == START_MS
    assert expiry_of(expiry_text(10**18)) == 10**18
    assert expiry_of("1960-01-01") == 0
    assert expiry_of("") is None
