"""Two devices of one account with much to do on both sides, one of them behind a server that lies."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import singleton_id
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.protocol.service import Limits
from insomnia_desktop.server.config import ServerLimits
from insomnia_desktop.store import ChangeSet, Origin, Store
from insomnia_desktop.store.command import Command
from insomnia_desktop.store.commands.bindings import SwitchSync
from insomnia_desktop.store.commands.documents import DeleteDocuments
from insomnia_desktop.store.queries import sync as queries
from insomnia_desktop.store.reader import Reader
from insomnia_desktop.sync.endings import SignedOutElsewhere
from insomnia_desktop.sync.rounds import RoundOutcome, Rounds
from tests.support.clock import FixedClock
from tests.support.sync_desk import Signed, SyncDesk, new_device, sync_desk
from tests.support.sync_devices import NEVER, SyncDevice, Wire, at_once
from tests.support.sync_people import Person, person
from tests.support.tampering import Answer, Lie, Tamperer

CANARY: Final = "canary-that-no-server-may-see"
LYING_ROUNDS: Final = 2
_MOST_COMMITS: Final = 400
_SETTLING_ROUNDS: Final = 8
# Pages of few rows, so that there are several.
_LIMITS: Final = ServerLimits(wire=Limits(page=5), requests=10**9, burst=10**9)


class CountedStore:
    """A store whose rounds end: a test fails where one goes on for ever without asking anybody."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.commits = 0

    def reader(self) -> Reader:
        return self._store.reader()

    def submit(self, command: Command, *, origin: Origin, urgent: bool = True) -> Future[ChangeSet]:
        self.commits += 1
        assert self.commits <= _MOST_COMMITS, f"a round that does not end: {command}"
        return self._store.submit(command, origin=origin, urgent=urgent)


class Watched(SyncDevice):
    """A device whose every word is kept, and whose rounds must end."""

    def __init__(self, store: Store, signed: Signed, server: SyncDesk) -> None:
        self.tamperer = Tamperer()
        self.takes_part = True
        super().__init__(store, signed, Wire(lambda: server.app, self.tamperer.carry), server.run)
        self.problems: list[str] = []
        self.outcomes: list[RoundOutcome] = []
        self._signs: set[str] = set()
        self.restart()

    def restart(self) -> None:
        self.session = self.new_session()
        self._counted = CountedStore(self.store)
        self.rounds = Rounds(self._counted, at_once)  # type: ignore[arg-type]

    def sync(self, **more: Any) -> RoundOutcome:
        self._counted.commits = 0
        self.tamperer.begin_round()
        return super().sync(**more)

    def try_to_sync(self) -> None:
        """Run a round as the engine does: what is known to go wrong is noted, and anything else fails the test."""
        try:
            self.outcomes.append(self.sync(recompute=True))
        except KnownError as error:
            self.problems.append(error.code)
        except SignedOutElsewhere:
            self.problems.append("signed out")
        self._signs |= self.told()

    @property
    def signs(self) -> set[str]:
        """What a person was told since `forget`, by whatever way: errors, notices, marks, a backup not verified."""
        signs = {*self.problems, *self._signs}
        return signs | {"not verified" for outcome in self.outcomes if not outcome.verified}

    def forget(self) -> None:
        """Forget what was told until now."""
        self.problems.clear()
        self.outcomes.clear()
        self._signs = set()

    def told(self) -> set[str]:
        """Return what stands in the store for the person to look at."""
        reader = self.store.reader()
        signs = {each.code for each in queries.notices(reader, self.session.account)}
        for binding in queries.bindings(reader):
            if binding.group_id is not None:
                signs |= {f"quarantined: {held.reason}" for held in queries.held(reader, binding.group_id)}
                signs |= {f"blocked: {code}" for _, code, _ in queries.blocked(reader, binding.group_id)}
        return signs

    def shared(self) -> dict[str, tuple[Any, ...]]:
        """Return what all devices must have: all living documents but the cookie jars that stay here."""
        return {name: row for name, row in self.desk.state().items() if not name.startswith("jar_")}

    def texts(self) -> str:
        """Return everything that a person finds here: documents, trash, and both sides of the conflicts."""
        rows = self.store.reader().rows("SELECT fields FROM content")
        sides = [(each.base, each.mine, each.theirs) for each in queries.conflicts(self.store.reader())]
        return "\n".join(str(each) for row in [*rows, *sides] for each in row)

    def do_what_is_asked(self) -> None:
        """Do what the marks ask of a person: edit what was refused, switch on what was switched off."""
        reader = self.store.reader()
        for binding in queries.bindings(reader):
            if binding.group_id is None:
                self.desk.run(SwitchSync(binding.workspace_id, self.session.account, "on"))
                continue
            for document_id, _, _ in queries.blocked(reader, binding.group_id):
                if document_id in self.desk.state():
                    self.desk.set(document_id, edited_again=True)


@dataclass(frozen=True)
class Template:
    """The scene as files, and what was said while it was made: made once, copied for every lie."""

    root: Path
    person: Person
    signed: tuple[Signed, ...]
    honest: tuple[Answer, ...]
    sent: bytes
    names: dict[str, str]
    written: tuple[str, ...]


class Scene:
    """One lie's copy of the scene."""

    def __init__(self, server: SyncDesk, devices: Sequence[Watched], names: dict[str, str]) -> None:
        self.server = server
        self.first, self.second, self.third = devices
        self.names = names
        self.written: list[str] = []

    @property
    def devices(self) -> tuple[Watched, Watched, Watched]:
        """All devices; the third has nothing yet."""
        return self.first, self.second, self.third

    def word(self, name: str) -> str:
        """Return a text that is looked for later."""
        self.written.append(f"{CANARY}-{name}")
        return self.written[-1]

    def edit_on_both(self) -> None:
        """Let the first device do things and send them, and the second one do things."""
        first, second, names = self.first.desk, self.second.desk, self.names
        # A version of the second's own, and two behind it.
        for field in ("url", "description"):
            first.set(names["own"], **{field: self.word(f"first-own-{field}")})
            self.first.sync()
        first.set(names["both"], url=self.word("first-both"))
        first.run(DeleteDocuments((names["goes"],)))
        first.request(names["folder"], self.word("first-new"))
        first.set(names["office request"], name=self.word("first-office"))
        first.request(first.workspace(self.word("first-workspace")), self.word("first-inside"))
        assert self.first.sync().verified
        second.set(names["both"], description=self.word("second-both"))
        second.set(names["mine"], name=self.word("second-mine"))
        second.run(DeleteDocuments((names["goes here"],)))
        second.request(names["folder"], self.word("second-new"))
        second.request(second.workspace(self.word("second-workspace")), self.word("second-inside"))

    def lie(self, lie: Lie) -> Watched:
        """Let a device run rounds while it is lied to, and its person type in between."""
        device = self.third if lie.fresh else self.second
        device.takes_part = True
        device.restart()
        device.forget()
        device.tamperer.lie = lie
        for number in range(LYING_ROUNDS):
            device.try_to_sync()
            if not lie.fresh:
                device.desk.request(self.names["folder"], self.word(f"under-{number}"))
                lines = device.desk.fields(self.names["typed"])["description"]
                text = lines + self.word(f"typed-{number}") + "\n"
                device.desk.set(self.names["typed"], typed_before=True, description=text)
        device.try_to_sync()
        device.tamperer.lie = None
        return device

    def settle(self) -> None:
        """Let all that take part run rounds with the honest server, and do what the marks ask, until they agree."""
        devices = [device for device in (self.second, self.first, self.third) if device.takes_part]
        for number in range(_SETTLING_ROUNDS):
            verified = []
            for device in devices:
                if number:
                    device.do_what_is_asked()
                if number == 3:
                    device.restart()
                verified.append(device.sync(recompute=True).verified)
            if all(verified) and all(device.shared() == self.first.shared() for device in devices):
                return
        raise AssertionError(f"the devices do not come to rest: {[device.told() for device in self.devices]}")

    def missing(self) -> list[str]:
        """Return what somebody wrote and nobody finds any more."""
        found = "\n".join(device.texts() for device in self.devices)
        return [word for word in self.written if word not in found]

    def close(self) -> None:
        """Close what was opened."""
        for device in self.devices:
            self.server.run(device.session.api.close())
            device.store.close()


def make_template(root: Path) -> Template:
    """Make the scene: two devices that agreed, and have edited since; a third that has nothing."""
    clock = FixedClock()
    with sync_desk(root / "server.sqlite", clock, limits=_LIMITS) as server:
        somebody = server.sign_up(person(recovery=False))
        signed = [server.sign_in(somebody, new_device(name)) for name in ("First", "Second", "Third")]
        names: dict[str, str] = {}
        scene = Scene(server, [_watched(root, number, each, server) for number, each in enumerate(signed)], names)
        try:
            _make_documents(scene.first, names)
            assert scene.first.sync().verified
            assert scene.second.sync().verified
            scene.second.desk.set(names["own"], name=f"{CANARY} own changed")
            scene.second.desk.run(DeleteDocuments((names["gone"],)))
            assert scene.second.sync().verified
            assert scene.first.sync().verified
            # So that heads of this moment are among what the second has got.
            assert scene.second.sync().verified
            assert scene.first.shared() == scene.second.shared()
            scene.edit_on_both()
        finally:
            scene.close()
        sent = bytes(scene.first.tamperer.sent + scene.second.tamperer.sent)
        honest = tuple(scene.second.tamperer.honest)
        return Template(root, somebody, tuple(signed), honest, sent, names, tuple(scene.written))


@contextmanager
def scene(template: Template, root: Path) -> Iterator[Scene]:
    """Copy the scene and run its server."""
    shutil.copytree(template.root, root, dirs_exist_ok=True)
    with sync_desk(root / "server.sqlite", FixedClock(), limits=_LIMITS) as server:
        devices = [_watched(root, number, each, server) for number, each in enumerate(template.signed)]
        made = Scene(server, devices, template.names)
        made.written = list(template.written)
        made.second.tamperer.honest = list(template.honest)
        made.third.tamperer.honest = list(template.honest)
        made.third.takes_part = False
        try:
            yield made
        finally:
            made.close()


def _watched(root: Path, number: int, signed: Signed, server: SyncDesk) -> Watched:
    folder = DataFolder(root / f"device{number}")
    folder.prepare()
    return Watched(Store.open(folder, clock=server.clock, care_after_s=NEVER), signed, server)


def _make_documents(device: SyncDevice, names: dict[str, str]) -> None:
    """Make what the lies are about, with a canary in every field of every kind."""
    desk = device.desk
    shop, office = desk.workspace(f"{CANARY} shop"), desk.workspace(f"{CANARY} office")
    folder = desk.folder(shop, f"{CANARY} folder")
    names |= {"shop": shop, "office": office, "folder": folder}
    desk.set(shop, description=CANARY, sync_cookies=True)
    desk.set(folder, description=CANARY)
    for name in ("own", "both", "mine", "goes", "goes here", "gone", "typed"):
        names[name] = desk.request(folder, f"{CANARY} {name}", url=f"https://example.com/{CANARY}", description="")
    names["office request"] = desk.request(office, f"{CANARY} office request")
    row = {"id": "r1", "enabled": True, "name": CANARY, "value": CANARY, "description": CANARY}
    names["full"] = desk.request(
        folder,
        CANARY,
        description=CANARY,
        method=CANARY,
        parameters=[row],
        path_parameters=[row],
        headers=[row],
        body={"type": "text", "media_type": CANARY, "text": CANARY},
        authentication={"type": "basic", "enabled": True, "username": CANARY, "password": CANARY},
        settings={"proxy": CANARY},
        **{CANARY: CANARY},
    )
    seed = desk.fields(shop)["seed"]
    desk.set(singleton_id(seed, "base_environment"), name=CANARY, color=CANARY, variables=[row])
    desk.set(singleton_id(seed, "cookie_jar"), name=CANARY, cookies=[{**row, "domain": CANARY, "path": CANARY}])
