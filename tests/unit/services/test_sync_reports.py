"""services.sync_reports: what a round has done and checked, as it is told."""

from __future__ import annotations

from dataclasses import replace

from insomnia_desktop.services.sync_reports import backup_report, sync_report, unopened_item
from insomnia_desktop.sync.rounds import GroupOutcome, RoundOutcome
from insomnia_desktop.sync.tally import Tally

GROUP = GroupOutcome("g1", "wrk_1", 7, 2, bytes(32), True, None, False, 0, True)
ALL_WELL = RoundOutcome(Tally(), (GROUP,), ())


def checks(outcome: RoundOutcome) -> dict[str, bool]:
    """Return the checks of a whole round, and whether each was in order."""
    return {check.code: check.ok for check in backup_report(outcome).checks}


def test_where_all_is_well_everything_says_so() -> None:
    report = backup_report(replace(ALL_WELL, at=7))
    # However often it is made.
    assert report.at == 7
    assert (report.verified, report.rest_verified, report.unopened) == (True, True, 0)
    assert checks(ALL_WELL) == {"stored": True, "at_head": True, "digest": True, "not_older": True}
    assert unopened_item(report) == unopened_item(None) == ()


def test_of_what_does_not_open_nobody_says_that_it_is_not_stored() -> None:
    outcome = replace(ALL_WELL, left_out=("g2", "g3"))
    report = backup_report(outcome)
    assert (report.verified, report.rest_verified, report.unopened) == (False, True, 2)
    assert checks(outcome) == {"stored": True, "opened": False, "digest": True, "not_older": True}
    assert [(item.code, item.count) for item in unopened_item(report)] == [("unopened", 2)]
    said = sync_report(outcome, {})
    assert (said.verified, said.rest_verified, said.unopened) == (False, True, 2)


def test_what_another_round_ends_is_not_said_to_be_unopened() -> None:
    outcome = replace(ALL_WELL, left_out=("g2",), again=True)
    report = backup_report(outcome)
    assert (report.verified, report.rest_verified, report.unopened) == (False, False, 0)
    assert checks(outcome) == {"stored": False, "at_head": True, "digest": True, "not_older": True}


def test_what_is_wrong_with_the_others_is_told_beside_it() -> None:
    missing = replace(GROUP, verified=False, attention="row_missing", recomputed=False, held=1)
    outcome = replace(ALL_WELL, groups=(missing,), left_out=("g2",))
    assert not backup_report(outcome).rest_verified
    assert checks(outcome) == {
        "stored": False,
        "at_head": False,
        "opened": False,
        "digest": False,
        "not_older": True,
    }
