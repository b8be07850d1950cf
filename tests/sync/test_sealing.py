"""sync.sealing and store.queries.sending: one order for many batches, another one as soon as anything was edited."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence

import httpx
import msgspec
import pytest

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.protocol.service import Limits
from insomnia_desktop.store.commands.documents import DeleteDocuments
from insomnia_desktop.store.commands.sending import StoreOutbox
from insomnia_desktop.store.queries import sync
from insomnia_desktop.store.sync_rows import BindingRow, LocalRow, OutboxRow
from insomnia_desktop.sync import sealing
from insomnia_desktop.sync.bindings import read_wraps
from insomnia_desktop.sync.envelopes import GroupKeys, NotSealed, Unsealed, seal_all
from insomnia_desktop.sync.group_store import GroupStore
from insomnia_desktop.sync.push_batch import Dirty
from insomnia_desktop.sync.sealing import Batch, Sealing
from tests.support.sync_devices import SyncDevice, SyncPlace, at_once

_THREE = Limits(changes=3)


class Counting(GroupStore):
    """Counts how often the dirty documents were read: once for each order."""

    orders = 0

    def dirty(self) -> list[Dirty]:
        """Count, and return them."""
        self.orders += 1
        return super().dirty()


class Sealed:
    """A synced workspace with a folder of seven requests that nobody has sent yet."""

    def __init__(self, place: SyncPlace, limits: Limits = _THREE) -> None:
        # One loop for all: what is sealed ahead belongs to it.
        self.runner = asyncio.Runner()
        self.device: SyncDevice = place.device()
        desk = self.device.desk
        self.workspace = desk.workspace("Shop")
        self.old = desk.request(self.workspace, "Old")
        assert self.device.sync().verified
        self.folder = desk.folder(self.workspace, "Orders")
        self.requests = [desk.request(self.folder, f"R{number}") for number in range(7)]
        self.store = Counting(self.device.store, self.binding.group_id or "", self.workspace)
        keys = self.device.session.keys_of(self.store.group_id, self.workspace, read_wraps(self.binding.wraps))
        assert keys is not None
        self.sealing = Sealing(self.store, keys, limits, at_once)

    @property
    def binding(self) -> BindingRow:
        """The binding of the workspace."""
        return sync.bindings(self.device.store.reader())[0]

    def next(self, *, ahead: bool, tombstones: bool = False, may_delete: bool = True) -> list[str]:
        """Return the ids of the next batch, with the one behind it begun or not."""

        async def seal() -> Batch:
            batch = await self.sealing.next(lambda: may_delete, tombstones=tombstones)
            if ahead:
                self.sealing.go_ahead()
            return batch

        return [row.resource for row in self.runner.run(seal()).rows]

    def all_rows(self, *, few: bool = False) -> list[OutboxRow]:
        """Return all that is sealed, batch after batch."""

        async def seal() -> list[OutboxRow]:
            rows: list[OutboxRow] = []
            while True:
                batch = await self.sealing.next(lambda: False, tombstones=False, few=few)
                if not batch.rows or batch.rows[0].resource in {row.resource for row in rows}:
                    return rows
                rows += batch.rows

        return self.runner.run(seal())

    def names(self, *documents: str) -> set[str]:
        """Return documents as batches name them."""
        return {each[4:] for each in documents}


@pytest.fixture
def sealed(place: SyncPlace) -> Iterator[Sealed]:
    """The workspace."""
    made = Sealed(place)
    with made.runner:
        yield made


@pytest.mark.parametrize("ahead", [True, False], ids=["ahead", "as it is asked for"])
def test_one_order_serves_all_batches_and_parents_go_first(sealed: Sealed, ahead: bool) -> None:
    batches = [sealed.next(ahead=ahead) for _ in range(3)]
    assert [len(batch) for batch in batches] == [3, 3, 2]
    assert batches[0][0] == sealed.folder[4:]
    assert {name for batch in batches for name in batch} == sealed.names(sealed.folder, *sealed.requests)
    assert sealed.store.orders == 1
    # What nobody has answered is still to be sent.
    assert len(sealed.next(ahead=ahead)) == 3
    assert sealed.store.orders == 2


@pytest.mark.parametrize("ahead", [True, False], ids=["ahead", "as it is asked for"])
def test_an_edit_of_anything_makes_another_order(sealed: Sealed, ahead: bool) -> None:
    first = sealed.next(ahead=ahead)
    inner = sealed.device.desk.folder(sealed.folder, "Inner")
    sealed.device.desk.request(inner, "Deep")
    assert sealed.next(ahead=ahead)[0] == first[0]
    assert sealed.store.orders == 2


def test_what_was_forgotten_is_sealed_anew(sealed: Sealed) -> None:
    first = sealed.next(ahead=True)
    sealed.sealing.forget()
    assert sealed.next(ahead=False) == first


def test_two_batches_are_made_ahead_and_taken_in_their_order(sealed: Sealed) -> None:
    async def seal() -> list[Batch]:
        sealing = sealed.sealing
        batches = [await sealing.next(lambda: True, tombstones=False)]
        sealing.go_ahead()
        for _ in range(20):
            await asyncio.sleep(0)
        # Both are there before anybody asks.
        sealed.store.texts = None  # type: ignore[assignment,method-assign]
        for _ in range(2):
            made = await sealing.made_ahead()
            assert made is not None
            batches.append(made)
        assert await sealing.made_ahead() is None
        return batches

    batches = sealed.runner.run(seal())
    assert [len(batch.rows) for batch in batches] == [3, 3, 2]
    assert {row.resource for batch in batches for row in batch.rows} == sealed.names(sealed.folder, *sealed.requests)


def test_an_edit_after_two_were_made_ahead_is_in_neither_and_is_not_lost(sealed: Sealed) -> None:
    async def seal() -> Batch:
        await sealed.sealing.next(lambda: True, tombstones=False)
        sealed.sealing.go_ahead()
        for _ in range(20):
            await asyncio.sleep(0)
        sealed.device.desk.set(sealed.requests[-1], name="Typed")
        assert await sealed.sealing.made_ahead() is None
        return await sealed.sealing.next(lambda: True, tombstones=False)

    batch = sealed.runner.run(seal())
    assert len(batch.rows) == 3
    assert sealed.store.orders == 2
    rest = [row for row in sealed.all_rows() if row.resource == sealed.requests[-1][4:]]
    assert len(rest) == 1
    assert '"Typed"' in rest[0].plaintext


def test_what_fails_ahead_is_told_to_who_takes_it_and_to_nobody_else(sealed: Sealed) -> None:
    texts = sealed.store.texts

    def broken(wanted: Sequence[str]) -> dict[str, LocalRow]:
        raise KnownError("store.damaged")

    async def seal() -> None:
        await sealed.sealing.next(lambda: True, tombstones=False)
        sealed.store.texts = broken  # type: ignore[method-assign]
        sealed.sealing.go_ahead()
        with pytest.raises(KnownError):
            await sealed.sealing.made_ahead()
        sealed.sealing.forget()
        sealed.store.texts = texts  # type: ignore[method-assign]
        assert len((await sealed.sealing.next(lambda: True, tombstones=False)).rows) == 3
        # And one that nobody takes is forgotten in silence.
        sealed.store.texts = broken  # type: ignore[method-assign]
        sealed.sealing.go_ahead()
        await asyncio.sleep(0.01)
        sealed.sealing.forget()

    sealed.runner.run(seal())


def test_large_documents_are_sealed_beside_the_loop(place: SyncPlace) -> None:
    sealed = Sealed(place, Limits())
    words = "".join(map(str, range(60_000)))
    large = sealed.device.desk.request(sealed.folder, "Large", description=words)
    beside: list[str] = []

    def offload(function: Callable[..., object], *arguments: object) -> object:
        beside.append(getattr(function, "func", function).__name__)
        return at_once(function, *arguments)

    sealed.sealing = Sealing(sealed.store, sealed.sealing._keys, Limits(), offload)  # type: ignore[arg-type]
    with sealed.runner:
        rows = sealed.all_rows(few=True)
    assert set(beside) == {"_seal_some"}
    assert {row.resource for row in rows} == sealed.names(sealed.folder, large, *sealed.requests)


def test_large_documents_are_sealed_one_by_one_and_not_in_vain(
    place: SyncPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = Sealed(place, Limits(body=300_000))
    drawn = random.Random(4)
    large = [
        sealed.device.desk.request(sealed.folder, f"Large{number}", description=drawn.randbytes(110_000).hex())
        for number in range(9)
    ]
    worked: list[list[bool]] = []
    read: list[int] = []
    texts = sealed.store.texts

    def counted(
        keys: GroupKeys, documents: Sequence[Unsealed], nonces: Iterator[bytes] | None
    ) -> list[OutboxRow | NotSealed]:
        worked.append([len(each.data) > 200_000 for each in documents])
        return seal_all(keys, documents, nonces)

    def noted(wanted: Sequence[str]) -> dict[str, LocalRow]:
        read.append(len(wanted))
        return texts(wanted)

    monkeypatch.setattr(sealing, "seal_all", counted)
    sealed.store.texts = noted  # type: ignore[method-assign]
    with sealed.runner:
        rows = sealed.all_rows()
    assert {row.resource for row in rows} == sealed.names(sealed.folder, *large, *sealed.requests)
    assert all(each == [True] for each in worked if True in each)
    # What does not fit any more is sealed once again, in the batch after it; and one batch is made over at the end.
    assert sum(map(sum, worked)) <= 2 * len(large) + 3
    # Behind a large one few are read, too.
    assert all(now <= 2 * len(before) for before, now in zip(worked, read[1:], strict=False))


def test_a_batch_holds_no_more_text_than_fits_well_into_memory(sealed: Sealed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_BATCH_LETTERS", 60_000)
    sealed.sealing = Sealing(sealed.store, sealed.sealing._keys, Limits(), at_once)
    # Each of these is a few hundred bytes once it is sealed.
    for number in range(20):
        sealed.device.desk.request(sealed.folder, f"Long{number}", description="x" * 20_000)
    sizes: list[int] = []

    async def all_of_them() -> set[str]:
        names: set[str] = set()
        while len(names) < 28:
            batch = await sealed.sealing.next(lambda: False, tombstones=False)
            sizes.append(sum(len(row.plaintext) for row in batch.rows))
            names |= {row.resource for row in batch.rows}
        return names

    assert len(sealed.runner.run(all_of_them())) == 28
    assert sealed.store.orders == 1
    # What is sealed at once goes in one batch.
    assert max(sizes) < 60_000 + 200_000
    assert len(sizes) > 1


def test_tombstones_go_last_and_only_where_they_may(sealed: Sealed) -> None:
    sealed.device.desk.run(DeleteDocuments((sealed.old, sealed.requests[0])))
    assert [len(sealed.next(ahead=True, tombstones=True)) for _ in range(2)] == [3, 3]
    # Of the three that are left one is a tombstone, and there is something to be sent elsewhere now.
    left = sealed.next(ahead=True, tombstones=True, may_delete=False)
    assert sealed.old[4:] not in left
    assert len(left) == 1
    sealed.sealing.forget()
    batches = [sealed.next(ahead=True, tombstones=True) for _ in range(3)]
    assert batches[2][-1] == sealed.old[4:]
    # What nobody ever heard of is no tombstone.
    assert all(sealed.requests[0][4:] not in batch for batch in batches)


def test_tombstones_do_not_go_behind_what_is_on_its_way(sealed: Sealed) -> None:
    sealed.device.desk.run(DeleteDocuments((sealed.old,)))

    async def seal() -> list[Batch | None]:
        batches: list[Batch | None] = [await sealed.sealing.next(lambda: True, tombstones=True)]
        for _ in range(3):
            sealed.sealing.go_ahead()
            batches.append(await sealed.sealing.made_ahead())
        # Whether they may is asked where they are taken.
        return [*batches, await sealed.sealing.next(lambda: True, tombstones=True)]

    batches = sealed.runner.run(seal())
    assert [len(batch.rows) if batch is not None else 0 for batch in batches] == [3, 3, 0, 0, 3]
    assert batches[-1] is not None
    assert batches[-1].rows[-1].resource == sealed.old[4:]


def test_tombstones_of_an_order_wait_once_they_may_go_no_more(sealed: Sealed) -> None:
    sealed.device.desk.run(DeleteDocuments((sealed.old,)))
    assert len(sealed.next(ahead=True, tombstones=True)) == 3
    assert sealed.old[4:] not in sealed.next(ahead=True, tombstones=False)
    assert sealed.store.orders == 2


def test_what_fits_into_no_push_is_blocked_and_stops_nothing(place: SyncPlace) -> None:
    sealed = Sealed(place, Limits(body=1100))
    large = sealed.device.desk.request(sealed.folder, "Large", description="ab" * 200 + "".join(map(str, range(900))))

    async def all_of_them() -> list[Batch]:
        batches = []
        while not batches or batches[-1].rows:
            batches.append(await sealed.sealing.next(lambda: False, tombstones=False))
            if len(batches) == 12:
                break
        return batches

    with sealed.runner:
        batches = sealed.runner.run(all_of_them())
    assert [each.resource for batch in batches for each in batch.blocked][:1] == [large[4:]]
    assert len({row.resource for batch in batches for row in batch.rows}) == 8


def test_typing_during_a_large_push_loses_nothing(place: SyncPlace) -> None:
    first, second = place.device(), place.device()
    workspace = first.desk.workspace("Shop")
    first.session.limits = _THREE
    requests = [first.desk.request(workspace, f"R{number}") for number in range(10)]
    pushes = 0

    async def carry(request: httpx.Request, deliver: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        nonlocal pushes
        if request.url.path.endswith("/push"):
            pushes += 1
            if pushes == 2:
                first.desk.set(requests[-1], url="https://example.com/typed")
                first.desk.run(DeleteDocuments((requests[0],)))
        return await deliver()

    first.wire.carry = carry
    assert first.sync(recompute=True).verified
    assert second.sync(recompute=True).verified
    assert second.desk.names(workspace) == first.desk.names(workspace)
    assert second.desk.fields(requests[-1])["url"] == "https://example.com/typed"


def test_the_order_of_a_few_needs_no_more_than_what_lies_above_them(sealed: Sealed) -> None:
    desk = sealed.device.desk
    inner = desk.folder(sealed.folder, "Inner")
    deep = desk.request(inner, "Deep")
    dirty = sealed.store.dirty()
    parents = sealed.store.parents(dirty)
    assert parents[deep[4:]] == inner[4:]
    assert parents[inner[4:]] == sealed.folder[4:]
    assert parents[sealed.workspace[4:]] is None
    # The one that is not dirty, and above nothing that is.
    assert sealed.old[4:] not in parents
    everything = sealed.store.parents([*dirty] * 30)
    assert everything[sealed.old[4:]] == sealed.workspace[4:]
    assert {name: everything.get(name) for name in parents} == parents


def test_what_was_sealed_here_is_sent_as_it_was_stored(sealed: Sealed) -> None:
    async def seal() -> Batch:
        return await sealed.sealing.next(lambda: True, tombstones=False)

    batch = sealed.runner.run(seal())
    group, store = sealed.store.group_id, sealed.store
    sealed.device.desk.run(StoreOutbox(group, store.cursor(), batch.rows))
    stored = store.outbox()
    assert [row.blob for row in stored] == [row.blob for row in batch.rows]
    assert store.outbox(500, batch.rows) == stored
    # Where it is not what is stored, that is what counts.
    assert store.outbox(500, batch.rows[::-1]) == stored
    assert store.outbox(500, batch.rows[:2]) == stored
    other = msgspec.structs.replace(batch.rows[0], rev_hash=bytes(32), blob=b"other")
    assert store.outbox(500, (other, *batch.rows[1:])) == stored


def test_what_was_sealed_again_elsewhere_is_what_is_sent(sealed: Sealed) -> None:
    """Another program on this data folder sent what was sealed here, was refused, and sealed the same edits anew."""

    async def seal() -> Batch:
        return await sealed.sealing.next(lambda: True, tombstones=False)

    first = sealed.runner.run(seal())
    sealed.sealing.forget()
    again = sealed.runner.run(seal())
    places = [[(row.resource, row.version, row.local_rev) for row in batch.rows] for batch in (first, again)]
    assert places[0] == places[1]
    sealed.device.desk.run(StoreOutbox(sealed.store.group_id, sealed.store.cursor(), again.rows))
    assert [row.blob for row in sealed.store.outbox(500, first.rows)] == [row.blob for row in again.rows]
