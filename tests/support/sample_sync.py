"""What sync knows of the sample workspace: backups, versions, conflicts, rows of the server, connections."""

from __future__ import annotations

import hashlib
import json

import msgspec

from insomnia_desktop.base.ids import to_base64url
from insomnia_desktop.services.conflict_views import TakenField
from insomnia_desktop.services.history_views import Against
from insomnia_desktop.services.sync_views import (
    AttentionItem,
    BackupReport,
    Check,
    ConflictOrigin,
    ConflictRow,
    ConnectionLogRow,
    DeletedRow,
    Difference,
    ProposedWorkspace,
    ServerRevision,
    ServerRow,
    ShownValue,
    SyncState,
    SyncStatus,
    VersionChange,
    VersionRow,
    VersionView,
    WorkspaceSync,
)
from tests.support.sample_workspace import MADE_MS, ORDER_TEXT

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
ABSENT = ShownValue("", present=False)
CHECKS = (
    Check("stored", True, {"items": 312, "workspaces": 4}),
    Check("readable", True, {"count": 0}),
    Check("digest", True, {"digest": "7f3a91c05be2"}),
    Check("at_head", True, {"head_seq": 4218}),
    Check("not_older", True),
)
REPORT = BackupReport(MADE_MS, 312, True, 4, CHECKS)
UP_TO_DATE = SyncStatus(SyncState.UP_TO_DATE, last_backup=REPORT, verified=True)
WRONG_REPORT = BackupReport(
    MADE_MS,
    312,
    False,
    4,
    (*CHECKS[:1], Check("readable", False, {"count": 1}), Check("digest", False, {"digest": "7f3a91c05be2"})),
)
OLD_TEXT = (
    ORDER_TEXT.replace('"{{ sku }}"', '"TEA-SENCHA-250"', 1)
    .replace('"amount": 2', '"amount": 1', 1)
    .replace(',\n    "gift": false', "", 1)
)


def shown(text: str) -> ShownValue:
    """Return a value that is a text."""
    return ShownValue(text, value=text)


def shown_row(name: str, value: str) -> ShownValue:
    """Return a value that is a row of a table."""
    row = {"id": "t", "enabled": True, "name": name, "value": value}
    return ShownValue(json.dumps(row), value=row)


def conflict_item(resource_id: str) -> AttentionItem:
    """Return what tells of a conflict in Create order."""
    return AttentionItem("conflict", resource_id=resource_id, kind="request", name="Create order", at=MADE_MS)


def attention(workspace_id: str) -> tuple[AttentionItem, ...]:
    """Return one of each kind of thing to look at, but for conflicts."""
    return (
        AttentionItem("quarantined", resource_id="x", kind="request", name="Refund payment", detail="newer_schema"),
        AttentionItem("blocked", resource_id="y", kind="request", name="Upload receipt", detail="too_large"),
        AttentionItem("server_went_back", id=3, workspace_id=workspace_id),
        AttentionItem("edit_won", id=4, kind="request", name="Cancel order"),
    )


def conflicts(order_id: str, workspace_id: str) -> tuple[ConflictRow, ...]:
    """Return the four values of the picture, and one of another document."""

    def row(number: int, field: str, path: tuple[str, ...], *values: ShownValue) -> ConflictRow:
        base, mine, theirs = values
        return ConflictRow(
            number,
            order_id,
            "Create order",
            "request",
            workspace_id,
            path,
            field,
            base,
            mine,
            theirs,
            MADE_MS - MINUTE,
        )

    def body(line: str, price: int) -> ShownValue:
        return shown(
            ORDER_TEXT.replace('      "sku": "{{ sku }}",\n      "amount": 2', line).replace("2450", str(price))
        )

    old = '      "sku": "TEA-SENCHA-250",\n      "amount": 1'
    new = '      "sku": "{{ sku }}",\n      "amount": 2'
    address = "{{ base_url }}/order"
    return (
        row(1, "Name", ("name",), shown("Create order"), shown("Create an order"), shown("Place order")),
        row(
            2,
            "Address",
            ("url",),
            shown(address),
            shown("{{ base_url }}/orders?notify={{ notify }}"),
            shown("{{ base_url }}/v2/order"),
        ),
        row(3, "Body", ("body", "text"), body(old, 2450), body(new, 2450), body(old, 2490)),
        row(4, "Header X-Trace-Id", ("headers", "@a", "value"), ABSENT, shown("{{ trace_id }}"), shown("laptop-debug")),
    )


def taken_fields() -> tuple[TakenField, ...]:
    """Return the six fields of the picture that were merged without a question."""
    theirs = ("Method", "Header Accept", "Parameter notify")
    mine = ("Docs", "Authentication: token", "Settings: total timeout ms")
    return (
        *(TakenField(field, "theirs") for field in theirs),
        *(TakenField(field, "mine") for field in mine),
    )


def versions() -> tuple[VersionRow, ...]:
    """Return the versions of the picture, newest first."""
    moments = (
        (0, "Studio"),
        (22 * MINUTE, "Work laptop"),
        (156 * MINUTE, "Studio"),
        (158 * MINUTE, "Studio"),
        (DAY - 221 * MINUTE, "Work laptop"),
        (DAY - 218 * MINUTE, "Work laptop"),
        (DAY + 290 * MINUTE, "Travel"),
        (11 * DAY - 123 * MINUTE, "Studio"),
        (11 * DAY + 211 * MINUTE, "Studio"),
    )
    count = len(moments)
    return tuple(
        VersionRow(count - at, MADE_MS - back, device, False, 1_214 - 31 * at, at < count - 1, at == 0)
        for at, (back, device) in enumerate(moments)
    )


def version_changes() -> tuple[VersionChange, ...]:
    """Return what the versions of the picture changed; nothing is kept before the second one."""
    words = (
        ("Body: 2 lines", "Address"),
        ("Header X-Trace-Id added",),
        ("Body: 5 lines",),
        ("Name",),
        ("Authentication: Bearer",),
        ("Body: 12 lines",),
        ("Moved to Orders",),
    )
    return tuple(VersionChange(row.version, each) for row, each in zip(versions(), words, strict=False))


def conflict_origin() -> ConflictOrigin:
    """Return the versions that the sides of the conflicts are of."""
    rows = versions()
    return ConflictOrigin("Studio", rows[-2], msgspec.structs.replace(rows[1], at=MADE_MS - MINUTE))


def version_view(version: int, against: Against = "current") -> VersionView:
    """Return a version opened, with what differs from the current one, or from the one before it."""
    row = next(each for each in versions() if each.version == version)
    fields = {"name": "Create order", "body": {"type": "text", "media_type": "application/json", "text": OLD_TEXT}}
    if row.current and against == "current":
        return VersionView(row, "request", "Create order", fields)
    differences = (
        Difference(
            "Address",
            ("url",),
            shown("{{ base_url }}/order"),
            shown("{{ base_url }}/orders?notify={{ notify }}"),
        ),
        Difference("Body", ("body", "text"), shown(OLD_TEXT), shown(ORDER_TEXT)),
        Difference("Header X-Trace-Id", ("headers", "@t"), ABSENT, shown_row("X-Trace-Id", "{{ trace_id }}")),
    )
    if against == "current":
        return VersionView(row, "request", "Create order", fields, differences)
    previous = next((each for each in versions() if each.version == version - 1), None)
    return VersionView(row, "request", "Create order", fields, differences[1:2], "previous", previous)


def workspaces(workspace_id: str) -> tuple[WorkspaceSync, ...]:
    """Return four workspaces in all modes."""
    return (
        WorkspaceSync(workspace_id, "Shop API", "synced", "g1", 4218, 42),
        WorkspaceSync("wrk_b", "Warehouse", "synced", "g2", 118, 96, 3),
        WorkspaceSync("wrk_c", "Scratch", "this_device"),
        WorkspaceSync("wrk_d", "Of a client", "other_account"),
    )


def proposals() -> tuple[ProposedWorkspace, ...]:
    """Return three workspaces that were here before the first sign-in."""
    return (
        ProposedWorkspace("wrk_a", "Shop API", 42),
        ProposedWorkspace("wrk_b", "Warehouse", 96),
        ProposedWorkspace("wrk_c", "Scratch", 1),
    )


def deleted() -> tuple[DeletedRow, ...]:
    """Return two things in the trash."""
    return (
        DeletedRow("req_gone", "request", "Cancel order", MADE_MS - 22 * MINUTE),
        DeletedRow("fld_gone", "folder", "Old endpoints", MADE_MS - 3 * DAY),
    )


def server_rows() -> tuple[ServerRow, ...]:
    """Return rows as the server would hold them: bytes that look random, as sealed ones do."""
    names = ("Shop API", "Orders", "List orders", "Create order", "Order by id", "Customers", "Search customers")
    rows = []
    for at, name in enumerate(names):
        kind = "workspace" if at == 0 else "folder" if name in ("Orders", "Customers") else "request"
        document = json.dumps({"s": 1, "t": kind, "p": None, "o": "a0", "d": {"name": name}}, separators=(",", ":"))
        rows.append(_server_row(at, 96 + 64 * (at % 4), document))
    rows.append(_server_row(len(names), 160, None, problem="undecryptable"))
    rows.append(_server_row(len(names) + 1, 96, None, deleted=True))
    return tuple(rows)


def server_revision() -> ServerRevision:
    """Return what a server would tell of the version of a row."""
    return ServerRevision(_wire("rev_hash", 32), _wire("device", 16), "Work laptop", MADE_MS, kept=True)


def _wire(what: str, size: int) -> str:
    return to_base64url(hashlib.sha256(what.encode()).digest()[:size])


def _server_row(at: int, size: int, document: str | None, *, problem: str = "", deleted: bool = False) -> ServerRow:
    envelope = b""
    while len(envelope) < size:
        envelope += hashlib.sha256(f"{at} {len(envelope)}".encode()).digest()
    version = 1 + at % 5
    return ServerRow(
        resource_id=_wire(f"id {at}", 16),
        group_id=_wire("group", 16),
        version=version,
        seq=4218 - 7 * at,
        # Nothing comes before the first version.
        prev=to_base64url(bytes(32)) if version == 1 else _wire(f"prev {at}", 32),
        deleted=deleted,
        author=_wire("author", 16),
        size=size,
        envelope=envelope[:size],
        document=document,
        problem=problem,
    )


def connection_log() -> tuple[ConnectionLogRow, ...]:
    """Return connections as a round makes them, one that failed and one without an answer."""
    at = MADE_MS
    return (
        ConnectionLogRow(at, "GET", "/v1/groups/3Jx0/digest", 200, 0, 96, 14),
        ConnectionLogRow(at - 900, "GET", "/v1/groups/3Jx0/changes?after=4211", 200, 0, 12_480, 41),
        ConnectionLogRow(at - 1_200, "POST", "/v1/groups/3Jx0/push", 200, 3_912, 318, 63),
        ConnectionLogRow(at - 1_500, "GET", "/v1/heads", 304, 0, 0, 9),
        ConnectionLogRow(at - 61_000, "POST", "/v1/groups/3Jx0/push", 503, 3_912, 41, 204),
        ConnectionLogRow(at - 122_000, "GET", "/v1/heads", 0, 0, 0, 10_000),
    )
