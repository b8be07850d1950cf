"""A seeded world: two to four devices, one server, a network that loses, and everything that anybody wrote."""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette

from insomnia_desktop.base.ids import to_base64url
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.model import Document
from insomnia_desktop.server.asgi import build_app
from insomnia_desktop.server.config import ServerConfig, ServerLimits
from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.store import Store
from tests.simulation.actors import Device
from tests.support.clock import FixedClock
from tests.support.server_groups import all_groups, purge, remove_groups
from tests.support.sync_desk import sync_desk
from tests.support.sync_devices import NEVER, Wire
from tests.support.sync_people import person

MOST_DEVICES = 4
_SETTLING_ROUNDS = 14
# Without a whole one after a start, a round for edits is a whole one.
_FOR_EDITS = 0.7


class Stage:
    """What all seeds of a run share: a server with one account and four sessions, and an empty store as a file."""

    def __init__(self, root: Path, runner: asyncio.Runner) -> None:
        self.root = root
        self.runner = runner
        self.clock = FixedClock()
        self.database = root / "server.sqlite"
        self.empty = root / "empty"
        with sync_desk(self.database, self.clock) as desk:
            somebody = desk.sign_up(person(recovery=False))
            self.account_id = bytes(somebody.account_id)
            self.tokens = [bytes(desk.sign_in(somebody).session.token) for _ in range(MOST_DEVICES)]
        folder = DataFolder(self.empty)
        folder.prepare()
        Store.open(folder, clock=self.clock, care_after_s=NEVER).close()
        # Nobody asks here as often as to be told to wait.
        limits = ServerLimits(requests=10**9, burst=10**9)
        self._config = ServerConfig(self.database, limits=limits)
        self.app: Starlette
        self._start_server()

    @property
    def context(self) -> ServerContext:
        """What the server's endpoints work with."""
        context = self.app.state.context
        assert isinstance(context, ServerContext)
        return context

    def close(self) -> None:
        """Stop the server."""
        self.runner.run(self._lifespan.__aexit__(None, None, None))

    async def restart_server(self) -> None:
        """End the server and start it again on its file."""
        await self._lifespan.__aexit__(None, None, None)
        await self._enter()

    async def back_up(self, file: Path) -> None:
        """Keep the server's file as it is now."""
        source, target = sqlite3.connect(self.database), sqlite3.connect(file)
        try:
            source.backup(target)
        finally:
            source.close()
            target.close()

    async def restore(self, file: Path, *, announced: bool) -> None:
        """Put an older file in the place of the server's; as `restore` does it, or behind everybody's back."""
        await self._lifespan.__aexit__(None, None, None)
        for suffix in ("-wal", "-shm"):
            self.database.with_name(self.database.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(file, self.database)
        if announced:
            # As `restore` leaves it, before the server starts.
            with sqlite3.connect(self.database) as connection:
                connection.execute("UPDATE server SET server_epoch = randomblob(16)")
            connection.close()
        await self._enter()

    async def groups(self) -> set[bytes]:
        """Return the ids of all groups."""
        return await all_groups(self.context)

    async def clear(self) -> None:
        """Remove every group, so that the next seed begins with none."""
        await remove_groups(self.context)

    async def purge(self, luck: random.Random) -> None:
        """Let go of old tombstones, whatever their age."""
        for group_id in sorted(await self.groups()):
            await purge(self.context, group_id, luck.random())

    def _start_server(self) -> None:
        self.runner.run(self._enter())

    async def _enter(self) -> None:
        self.app = build_app(self._config, self.clock)
        self._lifespan = self.app.router.lifespan_context(self.app)
        await self._lifespan.__aenter__()


@dataclass(frozen=True, slots=True)
class Summary:
    """What happened in a seed, of each device; `rounds` that came to their end, and those of them for edits alone."""

    written: int
    failpoints: tuple[int, ...]
    crashes: tuple[int, ...]
    rounds: tuple[tuple[int, int], ...]
    living: tuple[str, ...]
    conflicts: tuple[int, ...]


class World:
    """One seed. `trouble` ends before the world settles."""

    def __init__(self, stage: Stage, seed: int, *, restores: bool, purges: bool) -> None:
        self.random = random.Random(seed)
        self.trouble = True
        self.tokens: set[str] = set()
        self.deleted_on_purpose: set[str] = set()
        self._stage = stage
        self._seed = seed
        self._restores = restores
        self._purges = purges
        self._settling = False
        self._written = 0
        self._backups: list[tuple[Path, set[bytes]]] = []
        # Of all groups that the server ever had: a device may know one that the server has lost since.
        self._groups: set[bytes] = set()
        account = (stage.account_id, self.random.randbytes(32))
        self._folder = stage.root / f"seed{seed}"
        self.devices = [
            Device(self, self._open(number), Wire(lambda: stage.app), stage.tokens[number], account)
            for number in range(self.random.randint(2, MOST_DEVICES))
        ]
        for _ in range(self.random.choice([1, 1, 2])):
            self.devices[0].create_workspace(self._workspace())

    async def run(self, steps: int) -> None:
        """Let anything happen so often, and then everything come to rest."""
        await self._begin()
        for _ in range(steps):
            await self._anything()
        await self.settle()

    async def tell_story(self, crash_at: int | None = None) -> int:
        """Let the first device meet everything that sync does, and crash at one of its failpoints.

        Returns how many failpoints it went through: before and after every commit and every message.
        """
        self.trouble = False
        first, second = self.devices[:2]
        first.crash_at = crash_at
        file = self._folder / "backup"
        for deed in range(7):
            for device in (first, second):
                for _ in range(4):
                    device.type()
            if deed == 2:
                await self._stage.back_up(file)
            elif deed == 4:
                await self._stage.purge(self.random)
            elif deed == 5:
                await self._stage.restore(file, announced=True)
            await second.go_on()
            await first.go_on()
        await self.settle()
        return first.failpoints

    async def settle(self) -> None:
        """Let every device run whole rounds over a good network until nobody has anything left to do."""
        self.trouble, self._settling = False, True
        for device in self.devices:
            await device.stop()
        for _ in range(_SETTLING_ROUNDS):
            moved = False
            for device in self.devices:
                await device.go_on()
                outcome = device.outcome
                moved = moved or outcome is None or not outcome.verified
                moved = moved or (outcome is not None and bool(outcome.tally.pushed or outcome.tally.pulled))
            if not moved:
                return
        raise AssertionError(f"seed {self._seed}: the devices do not come to rest")

    def check(self) -> None:
        """Raise AssertionError unless all devices have the same, and nothing is lost or readable at the server."""
        first, *others = self.devices
        expected = {name: _shown(each) for name, each in first.living().items()}
        for device in others:
            found = {name: _shown(each) for name, each in device.living().items()}
            assert found == expected, f"seed {self._seed}: the devices differ"
        for name, document in first.living().items():
            parent = document.parent_id
            assert parent is None or parent in expected, f"seed {self._seed}: {name} hangs under nothing that lives"
        if not self._restores:
            # A server that never went back is never repaired in vain, whatever was cut off.
            assert not any(device.attentions for device in self.devices), f"seed {self._seed}: a repair mended nothing"
        assert not self.lost(), f"seed {self._seed}: lost {sorted(self.lost())}"
        self._check_secrecy()

    def lost(self) -> set[str]:
        """Return what somebody wrote, nobody who saw it wrote over or deleted, and is shown nowhere any more."""
        kept = "\n".join(str(each.fields) for each in self.devices[0].living().values())
        kept += "\n".join(device.texts("conflict") for device in self.devices)
        trash = "\n".join(device.texts("trash") for device in self.devices)
        return {
            token
            for token in self.tokens
            if token not in kept and not (token in self.deleted_on_purpose and token in trash)
        }

    def summary(self) -> Summary:
        """Return what happened in numbers."""
        return Summary(
            written=self._written,
            failpoints=tuple(device.failpoints for device in self.devices),
            crashes=tuple(device.crashes for device in self.devices),
            rounds=tuple((device.rounds, device.rounds_for_edits) for device in self.devices),
            living=tuple(sorted(self.devices[0].living())),
            conflicts=tuple(len(device.texts("conflict")) for device in self.devices),
        )

    def close(self) -> None:
        """Close the stores and remove their files."""
        for device in self.devices:
            device.store.close()
        shutil.rmtree(self._folder)

    # What the devices ask for

    def for_edits(self) -> bool:
        """Say whether a round that begins is for edits alone, as most are that the background begins."""
        return not self._settling and self.random.random() < _FOR_EDITS

    def token(self) -> str:
        """Return a text that was never written before."""
        self._written += 1
        token = f"<{self._seed}-{self._written}>"
        self.tokens.add(token)
        return token

    def new_id(self, kind: str) -> str:
        """Return a fresh local id."""
        prefix = {"folder": "fld", "request": "req", "workspace": "wrk"}[kind]
        return f"{prefix}_{self.random.randbytes(16).hex()}"

    async def _begin(self) -> None:
        """Mostly let everybody have the same few documents, so that they meet in them."""
        for _ in range(self.random.randint(3, 8)):
            self.devices[0].type()
        if self.random.random() < 0.7:
            self.trouble = False
            for device in self.devices:
                await device.go_on()
            self.trouble = True

    async def _anything(self) -> None:
        device = self.random.choice(self.devices)
        choice = self.random.random()
        if choice < 0.6:
            await device.go_on()
        elif choice < 0.97:
            device.type()
        elif choice < 0.985:
            await device.stop()
        else:
            await self._server_trouble()

    async def _server_trouble(self) -> None:
        kind = self.random.choice(["restart", "purge", "restore", "restore"])
        if kind == "purge" and self._purges:
            await self._stage.purge(self.random)
        elif kind == "restart":
            await self._stage.restart_server()
        elif kind == "restore" and self._restores:
            self._groups |= await self._stage.groups()
            if self._backups and self.random.random() < 0.6:
                file, held = self.random.choice(self._backups)
                # Behind everybody's back a group that is gone cannot be told from one that somebody removed.
                announced = self.random.random() < 0.5 or not self._groups <= held
                await self._stage.restore(file, announced=announced)
            else:
                file = self._folder / f"backup{len(self._backups)}"
                await self._stage.back_up(file)
                self._backups.append((file, await self._stage.groups()))

    def _workspace(self) -> Document:
        workspace_id = self.new_id("workspace")
        seed = to_base64url(self.random.randbytes(16))
        return Document(
            id=workspace_id,
            kind="workspace",
            workspace_id=workspace_id,
            parent_id=None,
            sort_key="V",
            fields={"name": f"W{self._seed}", "seed": seed},
        )

    def _open(self, number: int) -> Store:
        folder = DataFolder(self._folder / str(number))
        shutil.copytree(self._stage.empty, folder.root)
        return Store.open(folder, clock=self._stage.clock, care_after_s=NEVER)

    def _check_secrecy(self) -> None:
        needle = f"<{self._seed}-".encode()
        for file in self._stage.database.parent.glob("server.sqlite*"):
            assert needle not in file.read_bytes(), f"seed {self._seed}: something is readable at the server"


@contextmanager
def stage(root: Path) -> Iterator[Stage]:
    """Run a server for many seeds."""
    with asyncio.Runner() as runner:
        made = Stage(root, runner)
        try:
            yield made
        finally:
            made.close()


def crash(stage: Stage, seed: int, crash_at: int | None) -> int:
    """Play a story in which the first device crashes at one failpoint; raises AssertionError where something is lost.

    Returns how many failpoints there were.
    """

    async def run() -> int:
        world = World(stage, seed, restores=True, purges=True)
        try:
            failpoints = await world.tell_story(crash_at)
            world.check()
            return failpoints
        finally:
            for device in world.devices:
                await device.stop()
            world.close()
            await stage.clear()

    return stage.runner.run(run())


def play(stage: Stage, seed: int, steps: int) -> Summary:
    """Run one seed from begin to end; raises AssertionError where something does not hold.

    Returns what happened, in numbers that are the same whenever the seed is played.
    """

    async def run() -> Summary:
        # Which troubles there are belongs to the seed, so that a number says everything.
        world = World(stage, seed, restores=seed % 4 == 3, purges=seed % 4 in (2, 3))
        try:
            await world.run(steps)
            world.check()
            return world.summary()
        finally:
            for device in world.devices:
                await device.stop()
            world.close()
            await stage.clear()

    return stage.runner.run(run())


def _shown(document: Document) -> tuple[object, ...]:
    return document.kind, document.parent_id, document.sort_key, document.fields, document.workspace_id
