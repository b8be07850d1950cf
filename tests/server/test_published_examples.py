"""The exchange of PROTOCOL.md 11.2 is what the server answers, and it has every endpoint."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.routing import Route

from tests.support.published_examples import Exchange, examples
from tests.support.sync_desk import SyncDesk, sync_desk

TOLD = examples()


def test_the_server_answers_as_the_page_says(desk: SyncDesk) -> None:
    assert len(TOLD) > 30
    exchange = Exchange(desk)
    desk.run(exchange.run(TOLD))
    assert len(exchange.streams) == 1


def test_every_endpoint_has_an_example(tmp_path: Path) -> None:
    asked = {(example.method, example.path.partition("?")[0]) for example in TOLD}
    with sync_desk(tmp_path / "server.sqlite") as desk:
        for route in desk.app.router.routes:
            assert isinstance(route, Route)
            # A class has a method for each of HTTP.
            methods = route.methods or {
                name for name in ("GET", "POST", "DELETE") if hasattr(route.endpoint, name.lower())
            }
            for method in methods - {"HEAD"}:
                assert any(method == one and route.path_regex.fullmatch(path) for one, path in asked), (
                    method,
                    route.path,
                )


def test_the_page_shows_every_result_and_the_commonest_refusals() -> None:
    answers = "".join(example.answer for example in TOLD)
    assert set(re.findall(r'"result":"([a-z]+)"', answers)) == {"ok", "superseded", "conflict", "gone", "rejected"}
    assert {example.status for example in TOLD} == {200, 201, 204, 304, 400, 401, 409, 410, 422}
