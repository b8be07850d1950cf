"""Two windows, each a real program with its own data, and a real server: what is typed here is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.end2end.account_steps import open_sync
from tests.end2end.process import Program
from tests.end2end.sync_steps import back_up, new_request, open_request, rename, two_devices, type_address
from tests.support.secret_search import found_in_files

pytestmark = pytest.mark.timeout(300)
_PLACE = "http://127.0.0.1"


def test_what_is_typed_here_is_there(tmp_path: Path) -> None:
    with two_devices(tmp_path) as two:
        new_request(two.a, "List every order", f"{_PLACE}/canary-orders-and-more")
        two.b.wait("rows", name="requestTree", equals=["List every order"])
        open_request(two.b, "List every order")
        two.b.wait("text", name="urlEdit", equals=f"{_PLACE}/canary-orders-and-more")
        # What is shown follows what is typed elsewhere.
        type_address(two.a, f"{_PLACE}/canary-orders-and-more/today")
        two.b.wait("text", name="urlEdit", equals=f"{_PLACE}/canary-orders-and-more/today")

        two.a.do("click_row", name="requestTree", text="List every order")
        two.a.keys("Delete")
        two.b.wait("rows", name="requestTree", equals=["Add a request"])
        two.a.keys("Ctrl+Z")
        two.b.wait("rows", name="requestTree", equals=["List every order"])

        said = back_up(two.b)
        # The workspace, its base environment and the request.
        assert re.fullmatch(r"Backed up at \d\d:\d\d: 3 items, verified\.", said), said
        two.b.wait("text", name="syncStatus", equals="Up to date")
        assert (
            found_in_files(two.server.folder, {"address": "canary-orders-and-more", "name": "List every order"}) == {}
        )
        two.close()


def test_what_both_edit_offline_survives_on_both(tmp_path: Path) -> None:
    mine, theirs = f"{_PLACE}/of-b", f"{_PLACE}/of-a"
    with two_devices(tmp_path) as two:
        new_request(two.a, "Shared", f"{_PLACE}/shared")
        new_request(two.a, "Disputed", f"{_PLACE}/disputed")
        two.b.wait("rows", name="requestTree", equals=["Shared", "Disputed"])

        two.server.kill()
        for program in (two.a, two.b):
            # Nobody has edited anything: it is found out all the same.
            program.wait("text", name="syncStatus", has="Offline")
        type_address(two.a, theirs)
        open_request(two.a, "Shared")
        type_address(two.a, f"{_PLACE}/shared/by-a")
        open_request(two.b, "Disputed")
        type_address(two.b, mine)
        open_request(two.b, "Shared")
        rename(two.b, "Renamed by b")

        two.server.start()
        two.server.let_in(0)
        assert ", verified." in back_up(two.a)
        two.server.let_in(1)
        assert ", verified." in back_up(two.b)

        # Other fields: both edits are on both.
        for program in (two.a, two.b):
            program.wait("rows", name="requestTree", equals=["Renamed by b", "Disputed"])
            program.wait("text", name="urlEdit", equals=f"{_PLACE}/shared/by-a")
        # The same field: who came second has merged, and shows its own; the other value is kept in two places.
        for program in (two.a, two.b):
            open_request(program, "Disputed")
            program.wait("text", name="urlEdit", equals=mine)
        two.a.wait("text", name="syncStatus", equals="Up to date")
        two.b.wait("text", name="syncStatus", equals="Needs attention")
        _expect_conflict(two.b, theirs)
        for program in (two.a, two.b):
            _expect_in_history(program, theirs)
        two.close()


def _expect_conflict(program: Program, value: str) -> None:
    open_sync(program, page=3)
    program.wait("rows", name="conflictList", equals=["Disputed"])
    program.do("click_row", name="conflictList", text="Disputed")
    program.wait("accessible_name", name="useTheirsButton", has=value)
    program.keys("Escape Escape")
    program.wait("is_shown", name="syncPanel", equals=False)


def _expect_in_history(program: Program, value: str) -> None:
    """Look at the history of the open request: the version before the current one is chosen, what was written over."""
    program.keys("Ctrl+Shift+H")
    program.wait("focus", equals="historyList")
    program.wait("text", name="versionDifferences", has=value)
    program.keys("Escape")
    program.wait("is_shown", name="historyPage", equals=False)
