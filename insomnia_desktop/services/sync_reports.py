"""What a round has done and checked, in the values that people are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from insomnia_desktop.services.sync_views import AttentionItem, BackupReport, Check, GroupReport, SyncReport

if TYPE_CHECKING:
    from insomnia_desktop.sync.rounds import RoundOutcome

_DIGEST_SHOWN = 12


def backup_report(outcome: RoundOutcome) -> BackupReport:
    """Return the report of a whole round: one line for each thing that was really checked."""
    groups = outcome.groups
    items = sum(group.items for group in groups)
    held = sum(group.held for group in groups)
    unopened = _unopened(outcome)
    at_head = all(group.attention != "row_missing" for group in groups)
    # A group whose rows nobody here can read has nothing of ours to be stored.
    checks = [Check("stored", held == 0 and not outcome.again, {"items": items, "workspaces": len(groups)})]
    if not at_head or not unopened:
        checks.append(Check("at_head", at_head, {"head_seq": sum(group.head_seq for group in groups)}))
    if unopened:
        checks.append(Check("opened", False, {"workspaces": unopened}))
    if groups and all(group.recomputed is not None for group in groups):
        total = sum(int.from_bytes(group.digest, "big") for group in groups) % (1 << 256)
        shown = total.to_bytes(32, "big").hex()[:_DIGEST_SHOWN]
        checks.append(Check("digest", all(group.recomputed for group in groups), {"digest": shown}))
    checks.append(Check("not_older", not any(group.went_back for group in groups)))
    if outcome.tally.pulled or outcome.tally.quarantined:
        unread = outcome.tally.quarantined
        checks.append(Check("readable", unread == 0, {"count": unread, "items": outcome.tally.pulled}))
    return BackupReport(
        at=outcome.at,
        items=items,
        verified=outcome.verified,
        workspaces=len(groups),
        checks=tuple(checks),
        unopened=unopened,
        rest_verified=_rest_verified(outcome),
    )


def sync_report(outcome: RoundOutcome, names: Mapping[str, str]) -> SyncReport:
    """Return what a round did; `names` are those of the workspaces."""
    return SyncReport(
        pushed=outcome.tally.pushed,
        pulled=outcome.tally.pulled,
        conflicts=outcome.tally.conflicts,
        quarantined=outcome.tally.quarantined,
        verified=outcome.verified,
        groups=tuple(
            GroupReport(
                id=group.group_id,
                workspace_id=group.workspace_id,
                workspace=names.get(group.workspace_id, ""),
                head_seq=group.head_seq,
                items=group.items,
                verified=group.verified and group.recomputed is not False,
            )
            for group in outcome.groups
        ),
        unopened=_unopened(outcome),
        rest_verified=_rest_verified(outcome),
    )


def unopened_item(report: BackupReport | None) -> tuple[AttentionItem, ...]:
    """Return what to look at where workspaces at the server could not be opened, by the last report."""
    return (AttentionItem("unopened", count=report.unopened),) if report is not None and report.unopened else ()


def not_verified(outcome: RoundOutcome) -> tuple[AttentionItem, ...]:
    """Return what the last round could not bring in line with the server."""
    return tuple(
        AttentionItem(group.attention, workspace_id=group.workspace_id)
        for group in outcome.groups
        if group.attention is not None
    )


def _unopened(outcome: RoundOutcome) -> int:
    """Return how many groups could not be read; nobody knows while others are left out that another round may end."""
    return 0 if outcome.again else len(outcome.left_out)


def _rest_verified(outcome: RoundOutcome) -> bool:
    return not outcome.again and all(group.verified and group.recomputed is not False for group in outcome.groups)
