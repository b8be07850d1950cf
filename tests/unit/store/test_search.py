"""Search, about store.queries.search, store.full_text and store.commands.search."""

from __future__ import annotations

import threading

from insomnia_desktop.store.commands.documents import DeleteDocuments, PurgeTrash, RestoreDocuments
from insomnia_desktop.store.commands.search import IndexTexts
from insomnia_desktop.store.queries.search import SearchHit, search
from tests.support.desk import Desk


def _find(desk: Desk, text: str, workspace_id: str | None = None, limit: int = 50) -> list[SearchHit]:
    desk.run(IndexTexts())
    return search(desk.store.reader(), text, workspace_id, limit)


def _names(desk: Desk, text: str, workspace_id: str | None = None) -> list[str]:
    return [hit.name for hit in _find(desk, text, workspace_id)]


def test_names_and_addresses_are_found_by_any_part(desk: Desk, workspace_id: str) -> None:
    desk.request(workspace_id, "Create invoice", url="https://api.example.com/v1/orders?x=1")
    desk.request(workspace_id, "Ping", url="http://localhost")
    for text in ("inv", "voice", "CREATE", "create inv", "inv create", "m/v1/ord", "exam", "?x=", "i", "%", "_"):
        expected = [] if text in ("%", "_") else ["Create invoice"]
        found = _names(desk, text)
        assert [name for name in found if name == "Create invoice"] == expected, text
    assert _names(desk, "create ping") == []
    assert _names(desk, "localhost") == ["Ping"]


def test_letters_of_any_script_are_found_in_any_case(desk: Desk, workspace_id: str) -> None:
    desk.request(workspace_id, "Über Größe")
    desk.request(workspace_id, "Заказ")
    assert _names(desk, "über") == ["Über Größe"]
    assert _names(desk, "ÜBER") == ["Über Größe"]
    assert _names(desk, "uber") == ["Über Größe"]
    assert _names(desk, "заказ") == ["Заказ"]
    assert _names(desk, "аказ") == ["Заказ"]


def test_headers_bodies_and_descriptions_are_found_by_the_beginning_of_words(desk: Desk, workspace_id: str) -> None:
    folder = desk.folder(desk.folder(workspace_id, "Outer"), "Inner")
    desk.request(
        folder,
        "Deep",
        headers=[{"id": "h", "name": "X-Tenant", "value": "blue-42"}],
        parameters=[{"id": "p", "name": "page_size", "value": "50"}],
        body={"type": "text", "text": '{"customer": {"surname": "Kowalski"}}'},
        description="Asks the ledger\nfor everything",
    )
    desk.request(folder, "Form", body={"type": "form", "rows": [{"id": "f", "name": "grant", "value": "secretless"}]})
    desk.request(folder, "Graph", body={"type": "graphql", "query": "query Hero { droid }", "variables": ""})
    hits = {text: _find(desk, text) for text in ("x-ten", "kowal", "ledger", "page_s", "blue kowalski")}
    wheres = {text: [(hit.name, hit.where) for hit in found] for text, found in hits.items()}
    assert wheres == {
        "x-ten": [("Deep", "headers")],
        "kowal": [("Deep", "body")],
        "ledger": [("Deep", "description")],
        "page_s": [("Deep", "address")],
        "blue kowalski": [("Deep", "headers")],
    }
    (hit,) = hits["kowal"]
    assert hit.path == ("Outer", "Inner")
    assert "Kowalski" in hit.snippet
    assert "\n" not in hits["ledger"][0].snippet
    assert _names(desk, "secretl") == ["Form"]
    assert _names(desk, "droid") == ["Graph"]
    # Within a word only names and addresses are searched.
    assert _names(desk, "owalski") == []


def test_best_hits_come_first_and_the_limit_holds(desk: Desk, workspace_id: str) -> None:
    desk.request(workspace_id, "in body", body={"type": "text", "text": "login"})
    desk.request(workspace_id, "in address", url="http://x/login")
    desk.request(workspace_id, "the login")
    desk.request(workspace_id, "login now")
    assert _names(desk, "login") == ["login now", "the login", "in address", "in body"]
    assert [hit.name for hit in _find(desk, "login", limit=2)] == ["login now", "the login"]
    assert len(_find(desk, "")) == 4


def test_the_index_follows_edits_trash_and_purge(desk: Desk, workspace_id: str) -> None:
    request_id = desk.request(workspace_id, "a", body={"type": "text", "text": "walrus"})
    assert _names(desk, "walrus") == ["a"]
    desk.set(request_id, body={"type": "text", "text": "penguin"})
    assert (_names(desk, "walrus"), _names(desk, "penguin")) == ([], ["a"])
    desk.run(DeleteDocuments([request_id]))
    assert _names(desk, "penguin") == []
    desk.run(RestoreDocuments([request_id]))
    assert _names(desk, "penguin") == ["a"]
    desk.run(DeleteDocuments([request_id]))
    desk.run(PurgeTrash(0))
    assert desk.store.reader().rows("SELECT rowid FROM full_text WHERE full_text MATCH 'penguin'") == []
    assert desk.store.reader().rows("SELECT * FROM unindexed") == []


def test_one_workspace_or_all(desk: Desk, workspace_id: str) -> None:
    other = desk.workspace("Other")
    desk.request(workspace_id, "shared here")
    desk.folder(other, "shared there")
    assert _names(desk, "shared", workspace_id) == ["shared here"]
    assert sorted(_names(desk, "shared")) == ["shared here", "shared there"]


def test_what_looks_like_a_query_language_is_text(desk: Desk, workspace_id: str) -> None:
    desk.request(workspace_id, 'say "hi" AND (go)', url="{{ base }}/x")
    for text in ('"hi"', "AND", "(go)", "{{", "{{ base }}", "NEAR(", "name:", "* *", '"', "\\", "go) OR"):
        assert isinstance(_names(desk, text), list), text
    assert _names(desk, '"hi"') == ['say "hi" AND (go)']
    assert _names(desk, "{{ base") == ['say "hi" AND (go)']
    assert _names(desk, " ".join(["say"] * 30)) == ['say "hi" AND (go)']


def test_the_writer_indexes_by_itself_when_it_has_nothing_to_do(desk: Desk, workspace_id: str) -> None:
    desk.request(workspace_id, "a", body={"type": "text", "text": "walrus"})
    reader = desk.store.reader()
    looked = threading.Event()
    for _ in range(1500):
        if not reader.rows("SELECT 1 FROM unindexed"):
            break
        looked.wait(0.02)
    assert [hit.name for hit in search(reader, "walrus")] == ["a"]
