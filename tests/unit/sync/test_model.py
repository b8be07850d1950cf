"""Whole rounds of two to four devices, through sync.round_plan and the rest, with lost messages and crashes.

The server and the disks are dictionaries: this checks the rules, not the store or the wire. Every seed can be replayed.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace as replace_fields
from typing import Any

import pytest
from msgspec.structs import replace

from insomnia_desktop.sync import pulled_row
from insomnia_desktop.sync.merge import Merged
from insomnia_desktop.sync.pulled_row import FastForward, RowDecision
from insomnia_desktop.sync.values import Base, Plaintext, Resource, Row
from tests.unit.sync import model_device, model_server
from tests.unit.sync.documents import wire_id
from tests.unit.sync.model_device import SPOILT, Lost, ModelDevice, whole
from tests.unit.sync.model_server import ModelServer, Page

WORKSPACE = wire_id(1)
FIELDS = ("f0", "f1", "f2")


class Model:
    """A server, devices, and a list of everything that anybody wrote and nobody who saw it wrote over."""

    def __init__(
        self, seed: int, *, purges: bool = False, restores: bool = False, blind: bool = False, spoils: bool = False
    ) -> None:
        self.random = random.Random(seed)
        self.server = ModelServer()
        self.trouble = True
        self.devices = [ModelDevice(self.server, self._call) for _ in range(self.random.randint(2, 4))]
        self.running: dict[int, Iterator[str]] = {}
        self.tokens: set[str] = set()
        self.deleted_on_purpose: set[str] = set()
        self._ids = iter(range(2, 1_000_000))
        self._written = iter(range(1_000_000))
        self._kinds = {"purge": purges, "restore": restores, "blind": blind, "spoil": spoils}
        self._backups: list[ModelServer] = []
        self._epochs = iter(range(1, 1_000_000))
        self.devices[0].edit(WORKSPACE, Plaintext(1, "workspace", None, "V", {"name": "W"}))

    def run(self, steps: int) -> None:
        for _ in range(steps):
            self._anything()
        self.settle()

    def settle(self) -> None:
        """Let every device run whole rounds over a good network until nobody has anything left to do."""
        self.trouble = self.server.full = False
        self.running.clear()
        for device in self.devices:
            device.blind.clear()
            device.spoil = whole
            device.start()
        for _ in range(12):
            before = self.server.head_seq
            for device in self.devices:
                # What is in quarantine is tried again only while the outbox is empty.
                device.start()
                for _ in device.round():
                    pass
            resting = all(each.outcome and each.outcome.verified and not each.disk.held_rows for each in self.devices)
            if resting and self.server.head_seq == before:
                return
        raise AssertionError("the devices do not come to rest")

    def _call(self, request: Callable[[], Any]) -> Any:
        if self.trouble and self.random.random() < 0.1:
            raise Lost
        answer = request()
        if self.trouble and self.random.random() < 0.1:
            raise Lost
        return answer

    def _anything(self) -> None:
        number = self.random.randrange(len(self.devices))
        device = self.devices[number]
        choice = self.random.random()
        if choice < 0.45:
            self._step(number)
        elif choice < 0.92:
            self._type(device)
        elif choice < 0.96:
            # A crash: the round is gone, the disk stays.
            self.running.pop(number, None)
            device.start()
        else:
            self._server_trouble()

    def _step(self, number: int) -> None:
        running = self.running.get(number)
        try:
            if running is None:
                running = self.running[number] = self.devices[number].round()
            for _ in range(self.random.randint(1, 12)):
                next(running)
        except (StopIteration, Lost):
            self.running.pop(number, None)

    def _type(self, device: ModelDevice) -> None:
        living = device.living()
        folders = [name for name, plaintext in living.items() if plaintext.kind != "request"]
        choice = self.random.random()
        if not living or choice < 0.25:
            kind = self.random.choice(["folder", "request", "request"])
            if folders:
                device.edit(
                    wire_id(next(self._ids)),
                    Plaintext(1, kind, self.random.choice(folders), "V", {field: self._token() for field in FIELDS}),
                )
            return
        name = self.random.choice(sorted(living))
        if choice < 0.7:
            self._overwrite(device, name)
        elif choice < 0.8 and name != WORKSPACE and folders:
            parent = self.random.choice(folders)
            if not self._is_under(living, parent, name):
                device.edit(name, replace(living[name], parent=parent))
        elif choice < 0.92:
            self._delete(device, name, living)
        else:
            self._undelete(device)

    def _token(self) -> str:
        token = f"<{next(self._written)}>"
        self.tokens.add(token)
        return token

    def _overwrite(self, device: ModelDevice, name: str) -> None:
        plaintext = device.living()[name]
        if name in device.blind or device.disk.resources[name].quarantine:
            return
        field = self.random.choice(FIELDS)
        self.tokens.discard(str(plaintext.fields.get(field)))
        device.edit(name, replace(plaintext, fields={**plaintext.fields, field: self._token()}))

    def _is_under(self, living: dict[str, Plaintext], name: str | None, above: str) -> bool:
        walked = set()
        while name in living and name not in walked:
            if name == above:
                return True
            walked.add(name)
            name = living[name].parent
        return False

    def _delete(self, device: ModelDevice, name: str, living: dict[str, Plaintext]) -> None:
        if name == WORKSPACE:
            return
        for other, plaintext in living.items():
            if self._is_under(living, other, name):
                device.edit(other, plaintext, deleted=True)
                self.deleted_on_purpose |= {str(value) for value in plaintext.fields.values()}

    def _undelete(self, device: ModelDevice) -> None:
        deleted = [name for name in device.disk.resources if (local := device.local(name)) and local.deleted]
        if deleted:
            name = self.random.choice(sorted(deleted))
            local = device.local(name)
            assert local is not None
            device.edit(name, local.plaintext)

    def _server_trouble(self) -> None:
        kind = self.random.choice(["full", "purge", "restore", "restore", "blind"])
        if self._kinds["spoil"] and self.random.random() < 0.6:
            kind = "spoil"
        if kind == "full":
            self.server.full = not self.server.full
        elif not self._kinds[kind]:
            return
        elif kind == "purge":
            self.server.purge(self.random.randint(0, self.server.head_seq))
        elif kind == "spoil":
            device = self.random.choice(self.devices)
            device.spoil = self._spoil if device.spoil is whole else whole
        elif kind == "blind":
            device = self.random.choice(self.devices)
            device.blind = {name for name in self.server.rows if self.random.random() < 0.2}
        elif self._backups and self.random.random() < 0.5:
            announced = next(self._epochs) if self.random.random() < 0.5 else None
            self.server.restore(self.random.choice(self._backups), announced=announced)
        else:
            self._backups.append(self.server.backup())

    def _spoil(self, page: Page) -> Page:
        """Let some rows of a page arrive as what anybody could have made of them."""
        return replace_fields(page, rows=tuple(map(self._spoil_row, page.rows)))

    def _spoil_row(self, pulled: tuple[Row, bytes]) -> tuple[Row, bytes]:
        row = pulled[0]
        # Not a tombstone: no digest has it, so that the device keeps the bad row until a newer version comes.
        if row.deleted or self.random.random() < 0.6:
            return pulled
        version = self.random.choice([row.version, row.version, row.version + 1, max(0, row.version - 2), 40])
        prev = self.random.choice([row.prev, row.rev_hash, bytes(32)])
        deleted = self.random.choice([row.deleted, row.deleted, not row.deleted])
        nobodys = self.random.randbytes(32)
        return replace(row, version=version, prev=prev, deleted=deleted, rev_hash=nobodys), SPOILT

    # What must hold at the end

    def check(self) -> None:
        first = self.devices[0].living()
        for device in self.devices[1:]:
            living = device.living()
            assert living.keys() == first.keys()
            for name, plaintext in living.items():
                assert plaintext.is_same(first[name]), name
        at_server = {name for name, row in self.server.rows.items() if not row.change.deleted}
        assert at_server == first.keys()
        for name, plaintext in first.items():
            assert plaintext.parent is None or plaintext.parent in first, f"{name} hangs under nothing that lives"

    def lost(self) -> set[str]:
        """Return what somebody wrote, nobody who saw it wrote over or deleted, and is shown nowhere any more."""
        shown = [str(plaintext.fields) for plaintext in self.devices[0].living().values()]
        for device in self.devices:
            shown += [str((each.base, each.mine, each.theirs)) for _, each in device.disk.conflicts]
        kept = "\n".join(shown)
        in_trash = "\n".join(
            str(local.plaintext.fields)
            for device in self.devices
            for name in device.disk.resources
            if (local := device.local(name)) is not None and local.deleted
        )
        return {
            token
            for token in self.tokens
            if token not in kept and not (token in self.deleted_on_purpose and token in in_trash)
        }


SEEDS = 40


@pytest.mark.parametrize("seed", range(SEEDS))
def test_devices_converge_and_no_edit_is_lost(seed: int) -> None:
    model = Model(seed)
    model.run(250)
    model.check()
    assert model.lost() == set()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_purged_tombstones_lose_nothing(seed: int) -> None:
    model = Model(seed, purges=True)
    model.run(250)
    model.check()
    assert model.lost() == set()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_server_that_goes_back_in_time_loses_nothing(seed: int) -> None:
    model = Model(seed, restores=True, purges=seed % 2 == 1)
    model.run(250)
    model.check()
    assert model.lost() == set()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_cannot_be_read_for_a_while_loses_nothing(seed: int) -> None:
    model = Model(seed, blind=True, restores=seed % 2 == 1)
    model.run(250)
    model.check()
    assert model.lost() == set()


@pytest.mark.parametrize(
    "seed", [seed if seed < 16 else pytest.param(seed, marks=pytest.mark.slow) for seed in range(10 * SEEDS)]
)
def test_rows_that_nobody_wrote_lose_nothing(seed: int) -> None:
    model = Model(seed, spoils=True, restores=seed % 2 == 1, blind=seed % 4 == 2)
    model.run(250)
    model.check()
    assert model.lost() == set()


# The model can fail: each of these rules is broken in turn.


def test_without_the_fork_rule_edits_are_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulled_row, "is_fork", lambda *_, **__: False)
    assert any(_fails(seed, restores=True) for seed in range(SEEDS))


def test_without_the_digest_a_server_that_lost_rows_goes_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_server, "digest_of", lambda _: b"same")
    monkeypatch.setattr(model_device, "digest_of", lambda _: b"same")
    assert any(_fails(seed, restores=True) for seed in range(SEEDS))


def test_pulling_over_what_is_dirty_loses_edits(monkeypatch: pytest.MonkeyPatch) -> None:
    def overwrite(resource: Resource, row: Row, opened: Plaintext, **_: Any) -> RowDecision:
        rev = resource.local.local_rev if resource.local else 0
        return FastForward(row.as_head(), Base(opened, row.deleted), rev, ())

    monkeypatch.setattr(model_device, "decide", overwrite)
    assert any(_fails(seed) for seed in range(SEEDS))


def test_the_last_writer_of_a_whole_document_wins_only_by_losing_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulled_row, "merge", lambda _, mine, __: Merged(mine, ()))
    assert any(_fails(seed) for seed in range(SEEDS))


def test_clearing_dirty_on_every_answer_loses_what_was_typed_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    def clear(device: ModelDevice, name: str, _: int) -> None:
        resource = device.disk.resources[name]
        local = resource.local
        assert local is not None
        device.disk.resources[name] = replace(resource, local=replace(local, synced_rev=local.local_rev))

    monkeypatch.setattr(ModelDevice, "_set_synced", clear)
    assert any(_fails(seed) for seed in range(SEEDS))


def _fails(seed: int, *, restores: bool = False) -> bool:
    model = Model(seed, restores=restores)
    try:
        model.run(250)
        model.check()
    except AssertionError:
        return True
    return bool(model.lost())
