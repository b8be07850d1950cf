"""A device as a few dictionaries: rounds driven by the pure functions, that can be cut off at every step."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from msgspec.structs import replace

from insomnia_desktop.sync.absent import absent_after, purged
from insomnia_desktop.sync.cursor import Advance, Cursor, PageOutcome, Restart, after_page, repair_pull, server_change
from insomnia_desktop.sync.plaintext import read_plaintext, write_plaintext
from insomnia_desktop.sync.pulled_row import FastForward, Merge, Quarantined, RowDecision, asked_head, decide
from insomnia_desktop.sync.push_batch import Dirty, PushBudget, plan_push
from insomnia_desktop.sync.push_results import Accepted, Answered, Blocked, Forgotten, answers
from insomnia_desktop.sync.round_plan import (
    Done,
    Pull,
    Repair,
    RestoreParents,
    Round,
    Seal,
    Send,
    Stored,
    learned,
    next_step,
    pulled,
    pushed,
    restarted,
    sealed,
)
from insomnia_desktop.sync.tree_rules import Node, parents_to_restore
from insomnia_desktop.sync.values import Base, Conflict, Local, OutboxRow, Plaintext, Resource, Row
from tests.unit.sync.model_server import Change, ModelServer, Page, as_change, digest_of

T = TypeVar("T")
Call = Callable[[Callable[[], Any]], Any]


SPOILT = b"whatever somebody says who has no key"


def whole(page: Page) -> Page:
    """Let a page arrive as it was sent."""
    return page


class Lost(Exception):
    """A message did not arrive, or its answer did not."""


@dataclass
class Disk:
    """What survives a crash."""

    resources: dict[str, Resource] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    outbox: list[tuple[OutboxRow, Base, Change]] = field(default_factory=list)
    blocked: dict[str, Blocked] = field(default_factory=dict)
    held_rows: dict[str, tuple[Row, bytes]] = field(default_factory=dict)
    cursor: Cursor = field(default_factory=Cursor)
    conflicts: list[tuple[str, Conflict]] = field(default_factory=list)


class ModelDevice:
    """One device of an account; `call` carries a request to the server and may raise Lost."""

    nonces = itertools.count(1)

    def __init__(self, server: ModelServer, call: Call) -> None:
        self.disk = Disk()
        self.blind: set[str] = set()
        self.spoil: Callable[[Page], Page] = whole
        self.outcome: Done | None = None
        self._server = server
        self._call = call

    # The person

    def local(self, name: str) -> Local | None:
        """Return a document."""
        resource = self.disk.resources.get(name)
        return resource.local if resource else None

    def living(self) -> dict[str, Plaintext]:
        """Return the documents that the person sees."""
        return {
            name: resource.local.plaintext
            for name, resource in self.disk.resources.items()
            if resource.local and not resource.local.deleted
        }

    def edit(self, name: str, plaintext: Plaintext, *, deleted: bool = False) -> None:
        """Write a document as a person does."""
        resource = self.disk.resources.get(name, Resource())
        before = resource.local or Local(plaintext, deleted, 0, 0)
        edited = Local(plaintext, deleted, before.local_rev + 1, before.synced_rev)
        self.disk.resources[name] = replace(resource, local=edited)

    def start(self) -> None:
        """Start the program: what ended with it is tried again, what is in quarantine too."""
        self.disk.blocked = {name: held for name, held in self.disk.blocked.items() if not held.ends_at_start}
        if self.disk.outbox:
            return
        for name, (row, blob) in list(self.disk.held_rows.items()):
            resource = self.disk.resources[name]
            self._write(row, decide(resource, row, self._open(row, blob)), blob)

    # A round: each yield is a place where it may be cut off, or where the person types

    def round(self) -> Iterator[str]:
        """Run one round of the group."""
        self.outcome = None
        heads = self._call(self._server.heads)
        state = learned(Round(), heads)
        restart = server_change(self.disk.cursor, heads)
        if restart is not None:
            self.disk.cursor = restart.cursor
            state = restarted(state, restart)
        while True:
            yield "next"
            step = next_step(self._stored(), state)
            if isinstance(step, Send):
                state = yield from self._send(state)
            elif isinstance(step, Pull):
                page = self.spoil(self._call(lambda step=step: self._server.changes(step.after, full=step.full)))
                decided = self._decide(page)
                yield "pulled"
                state = self._apply(state, page, decided, after=step.after, full=step.full)
            elif isinstance(step, Seal):
                self._seal(tombstones=step.tombstones)
                state = sealed(state)
            elif isinstance(step, RestoreParents):
                for name in self._to_restore():
                    self.edit(name, cast(Local, self.local(name)).plaintext)
            elif isinstance(step, Repair):
                repair = repair_pull(self.disk.cursor, step.reason)
                self.disk.cursor = repair.cursor
                state = restarted(state, repair)
            else:
                self.outcome = step if isinstance(step, Done) else None
                return

    def _send(self, state: Round) -> Iterator[str]:
        sent = list(self.disk.outbox)
        after = self.disk.cursor.seq
        results, page = self._call(lambda: self._server.push(after, [change for _, _, change in sent]))
        page = self.spoil(page)
        yield "sent"
        answered = answers([row for row, _, _ in sent], results)
        state = pushed(state, answered)
        for each, (_, base, _) in zip(answered or (), sent, strict=False):
            self._apply_answer(each, base)
        self.disk.outbox = []
        # What stood in the way is decided on the heads that the results have made.
        return self._apply(state, page, self._decide(page), after=after, full=False)

    def _stored(self) -> Stored:
        dirty = self._dirty()
        plan = plan_push(dirty, {})
        sendable = {change.id for change in plan.changes}
        living = [
            (name, resource.head.version, resource.head.rev_hash)
            for name, resource in self.disk.resources.items()
            if resource.head and not resource.head.deleted
        ]
        return Stored(
            self.disk.cursor,
            digest_of(living),
            outbox=len(self.disk.outbox),
            live=sum(1 for change in plan.changes if not change.deleted),
            tombstones=sum(1 for change in plan.changes if change.deleted) + len(plan.mark_clean),
            held=len(dirty) - len(sendable) - len(plan.mark_clean),
            to_restore=len(self._to_restore()),
        )

    def _dirty(self) -> list[Dirty]:
        return [
            Dirty(
                name,
                local.plaintext.parent,
                local.deleted,
                local.local_rev,
                resource.head,
                resource.base.plaintext.parent if resource.base else None,
                self.disk.blocked.get(name),
                resource.quarantine is not None,
            )
            for name, resource in self.disk.resources.items()
            if (local := resource.local) is not None and local.dirty
        ]

    def _seal(self, *, tombstones: bool) -> None:
        locals_ = {name: local for name in self.disk.resources if (local := self.local(name)) is not None}
        parents = {name: local.plaintext.parent for name, local in locals_.items()}
        plan = plan_push(self._dirty(), parents, tombstones=tombstones)
        for done in plan.mark_clean:
            self._set_synced(done.id, done.local_rev)
        budget: PushBudget | None = PushBudget(changes=2)
        for change in plan.changes:
            budget = budget.spend(1000)
            if budget is None:
                break
            plaintext = locals_[change.id].plaintext
            row = OutboxRow(change.id, change.next_version, change.prev, change.deleted, b"", change.local_rev)
            sent = as_change(row, write_plaintext(plaintext), next(self.nonces))
            self.disk.outbox.append((replace(row, rev_hash=sent.rev_hash), Base(plaintext, change.deleted), sent))

    def _to_restore(self) -> tuple[str, ...]:
        nodes = {
            name: Node(local.plaintext.parent, local.deleted)
            for name in self.disk.resources
            if (local := self.local(name)) is not None
        }
        held = {name for name, resource in self.disk.resources.items() if resource.quarantine}
        return parents_to_restore(nodes, read_only=held)

    # Writing

    def _set_synced(self, name: str, synced_rev: int) -> None:
        resource = self.disk.resources[name]
        if resource.local is not None:
            self.disk.resources[name] = replace(resource, local=replace(resource.local, synced_rev=synced_rev))

    def _apply_answer(self, each: Answered, sent: Base) -> None:
        if isinstance(each, Accepted):
            resource = self.disk.resources[each.id]
            self.disk.resources[each.id] = replace(resource, head=each.head, base=sent)
            self._set_synced(each.id, each.synced_rev)
        elif isinstance(each, Forgotten):
            self.disk.resources[each.id] = replace(self.disk.resources[each.id], head=None, base=None)
            if each.synced_rev is not None:
                self._set_synced(each.id, each.synced_rev)
        elif isinstance(each, Blocked):
            self.disk.blocked[each.id] = each

    def _open(self, row: Row, blob: bytes) -> Any:
        return "undecryptable" if row.id in self.blind or blob == SPOILT else read_plaintext(blob)

    def _decide(self, page: Page) -> list[RowDecision]:
        return [self._decide_row(row, blob) for row, blob in page.rows]

    def _decide_row(self, row: Row, blob: bytes) -> RowDecision:
        resource = self.disk.resources.get(row.id, Resource())
        mode = self.disk.cursor.mode
        listed = None
        asked = asked_head(resource, row, mode)
        if asked is not None:
            before = asked.version + 1
            listed = self._call(lambda: self._server.listed(row.id, before))
        return decide(resource, row, self._open(row, blob), mode=mode, listed=listed)

    def _apply(self, state: Round, page: Page, decided: list[RowDecision], *, after: int, full: bool) -> Round:
        outcome: PageOutcome = after_page(
            self.disk.cursor,
            page.state,
            [row.seq for row, _ in page.rows],
            after=after,
            full=full,
            resync=page.resync,
        )
        arrived = []
        if isinstance(outcome, Restart):
            self.disk.cursor = outcome.cursor
        elif isinstance(outcome, Advance):
            assert not self.disk.outbox, "a pull is applied only while the outbox is empty"
            for (row, blob), decision in zip(page.rows, decided, strict=True):
                arrived += self._write(row, decision, blob)
            self.disk.cursor = outcome.cursor
            if outcome.complete is not None:
                self._judge_absent(outcome, page.state.floor_seq)
            if not page.state.more:
                heads = [(name, each.head) for name, each in self.disk.resources.items() if each.head]
                for name in purged(heads, page.state.floor_seq):
                    self.disk.resources[name] = replace(self.disk.resources[name], head=None, base=None)
        return pulled(state, page.state, outcome, arrived)

    def _write(self, row: Row, decision: RowDecision, blob: bytes) -> list[str]:
        resource = self.disk.resources.get(row.id, Resource())
        if isinstance(decision, FastForward | Merge):
            current = resource.local.local_rev if resource.local else 0
            if decision.read_rev != current:
                # Typed meanwhile: decided again, as the transaction of the store does it.
                return self._write(row, self._decide_row(row, blob), blob)
        self.disk.seen[row.id] = self.disk.cursor.generation
        if isinstance(decision, Quarantined):
            self.disk.resources[row.id] = replace(resource, head=decision.head, quarantine=decision.quarantine)
            self.disk.held_rows[row.id] = (row, blob)
        elif isinstance(decision, FastForward):
            rev = decision.read_rev
            local = Local(decision.base.plaintext, decision.base.deleted, rev, rev)
            self.disk.resources[row.id] = Resource(decision.head, decision.base, local)
            self.disk.held_rows.pop(row.id, None)
        elif isinstance(decision, Merge):
            rev = decision.read_rev + 1
            synced = rev if decision.clean else (resource.local.synced_rev if resource.local else 0)
            local = Local(decision.plaintext, decision.deleted, rev, synced)
            self.disk.resources[row.id] = Resource(decision.head, decision.base, local)
            self.disk.conflicts += [(row.id, conflict) for conflict in decision.conflicts]
            self.disk.held_rows.pop(row.id, None)
        else:
            return []
        return [row.id]

    def _judge_absent(self, outcome: Advance, floor_seq: int) -> None:
        for name, resource in list(self.disk.resources.items()):
            if resource.head is None or self.disk.seen.get(name, 0) >= outcome.cursor.generation:
                continue
            assert outcome.complete is not None
            decision = absent_after(outcome.complete, resource, floor_seq)
            local = resource.local
            if local is not None and decision.document == "trash":
                local = replace(local, deleted=True)
            elif local is not None and decision.document == "make_anew":
                local = replace(local, local_rev=local.local_rev + (0 if local.dirty else 1))
            elif local is not None and decision.document == "mark_clean":
                local = replace(local, synced_rev=local.local_rev)
            held = None if decision.ends_quarantine else resource.quarantine
            if held is None:
                self.disk.held_rows.pop(name, None)
            self.disk.resources[name] = Resource(None, None, local, held)
