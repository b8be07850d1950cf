"""The page of a request that was chosen last: insomnia_desktop.ui.viewmodels.request_page_memory."""

from __future__ import annotations

from insomnia_desktop.ui.viewmodels.request_page_memory import RequestPageMemory
from insomnia_desktop.ui.viewmodels.session import UiSession


def test_each_request_has_its_own_page_also_after_a_restart(session: UiSession) -> None:
    memory = RequestPageMemory(session.services.preferences)
    memory.remember("req_a", "headers")
    memory.remember("req_b", "docs")
    memory.remember("req_a", "auth")
    again = RequestPageMemory(session.services.preferences)
    assert (again.page_of("req_a"), again.page_of("req_b"), again.page_of("req_c")) == ("auth", "docs", None)


def test_the_oldest_is_forgotten(session: UiSession) -> None:
    memory = RequestPageMemory(session.services.preferences)
    session.services.preferences.set_local("request_pages", {f"req_{number}": "body" for number in range(500)}).result()
    memory.remember("req_1", "docs")
    memory.remember("req_new", "headers")
    assert memory.page_of("req_0") is None
    assert (memory.page_of("req_1"), memory.page_of("req_new")) == ("docs", "headers")


def test_what_is_stored_and_no_page_counts_as_nothing(session: UiSession) -> None:
    for stored in ("text", ["body"], {"req_a": 3}):
        session.services.preferences.set_local("request_pages", stored).result()
        assert RequestPageMemory(session.services.preferences).page_of("req_a") is None
