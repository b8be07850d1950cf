"""The sync server on this computer: app.local_server, app.local_certificate and services.hosting, as real processes."""

from __future__ import annotations

import json
import re
import socket
import ssl
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from insomnia_desktop.app.local_certificate import ensure_certificate
from insomnia_desktop.app.local_server import ChildServer, lan_address
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.services.account_views import AccountState, ServerPlace
from tests.support.account_desk import (
    EMAIL,
    LAN,
    PASSWORD,
    AccountDesk,
    CancelAt,
    account_desk,
    refused,
    wait,
)
from tests.support.ports import port_for_server
from tests.support.sources import CHECKOUT


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[AccountDesk]:
    """The account of a fresh data folder, whose server gets a port that is free."""
    _choose_port(tmp_path / "a")
    with account_desk(tmp_path / "a") as desk:
        yield desk


def _choose_port(root: Path, port: int | None = None, *, other_devices: bool = False) -> int:
    """Let a data folder's server have had this port before: the usual one may be anybody's."""
    port = port or port_for_server()
    folder = root / "server"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "hosting.json").write_text(json.dumps({"port": port, "other_devices": other_devices}))
    return port


def _create_here(desk: AccountDesk, *, other_devices: bool = False) -> None:
    place = ServerPlace("here", other_devices=other_devices)
    wait(desk.accounts.create(place=place, email=EMAIL, name="", password=PASSWORD))


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_one_click_and_the_same_address_at_the_next_start(tmp_path: Path) -> None:
    port = _choose_port(tmp_path / "a")
    with account_desk(tmp_path / "a") as desk:
        _create_here(desk)
        status, hosting = desk.accounts.status(), desk.hosting.status()
        assert status.hosted_here
        assert status.server == hosting.address == f"http://127.0.0.1:{port}"
        assert (hosting.running, hosting.port, hosting.other_devices, hosting.address_for_others) == (
            True, port, False, "",
        )  # fmt: skip
        assert len(wait(desk.accounts.devices())) == 1
    assert not _answers(port)
    with account_desk(tmp_path / "a") as desk:
        assert not desk.hosting.status().running
        assert desk.accounts.warm_up().result(60).state == AccountState.SIGNED_IN
        assert desk.hosting.status() == hosting
        assert len(wait(desk.accounts.devices())) == 1
        desk.hosting.stop().result(60)
        assert not _answers(port)
        # What needs it starts it.
        assert len(wait(desk.accounts.devices())) == 1
        # Its own address is known as such, however it is spelled.
        wait(desk.accounts.sign_out(remove_data=False))
        desk.sign_in(f"http://localhost:{port}")
        assert desk.accounts.status().hosted_here
        # A second data folder on this computer signs in like any other device.
        with account_desk(tmp_path / "b") as other:
            other.sign_in(hosting.address)
            assert not other.accounts.status().hosted_here
            assert len(wait(other.accounts.devices())) == 2


def test_other_devices_pin_the_certificate(tmp_path: Path, desk: AccountDesk) -> None:
    _create_here(desk, other_devices=True)
    hosting = desk.hosting.status()
    pin = hosting.address.partition("#")[2]
    assert hosting.address_for_others == f"https://{LAN}:{hosting.port}#{pin}"
    desk.hosting.share_file(tmp_path / "address.txt")
    assert (tmp_path / "address.txt").read_text() == f"{hosting.address_for_others}\n"
    with pytest.raises(KnownError, match=re.escape("account.file_unwritable")):
        desk.hosting.share_file(tmp_path)
    key = desk.folder.server / "private-key.pem"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with account_desk(tmp_path / "b") as other:
        other.sign_in(hosting.address)
        # Another certificate than the pinned one, and none that anybody vouches for.
        for address, code in (
            (f"{hosting.address.partition('#')[0]}#{'A' * 43}", "account.certificate_changed"),
            (hosting.address.partition("#")[0], "account.server_not_authentic"),
        ):
            deed = other.accounts.sign_in(server=address, email=EMAIL, password=PASSWORD)
            assert refused(deed).code == code
    # Not for others any more: the same port, and the account goes on.
    status = wait(desk.hosting.start(other_devices=False))
    assert (status.address, status.address_for_others) == (f"http://127.0.0.1:{hosting.port}", "")
    assert len(wait(desk.accounts.devices())) == 2
    with pytest.raises(KnownError, match=re.escape("account.not_shared")):
        desk.hosting.share_file(tmp_path / "address.txt")
    # And again: the certificate stays, so that who knows the address finds it.
    assert wait(desk.hosting.start(other_devices=True)).address_for_others == hosting.address_for_others
    assert desk.accounts.status().server == hosting.address


def test_another_address_is_told_to_who_uses_the_one_before(tmp_path: Path, desk: AccountDesk) -> None:
    _create_here(desk)
    told: list[str] = []
    desk.accounts.subscribe(lambda status: told.append(status.server))
    with account_desk(tmp_path / "b") as other:
        other.sign_in(desk.hosting.status().address)
        address = wait(desk.hosting.start(other_devices=True)).address
        assert address.startswith("https://")
        assert told[-1] == address
        error = refused(other.accounts.devices())
        assert (error.code, error.params["reason"]) == ("account.server_unreachable", "tls")
        other.sign_in(address)
        assert len(wait(other.accounts.devices())) == 2
    assert told.count(address) == 1
    assert wait(desk.hosting.start(other_devices=False)).address == told[-1]


def test_a_port_that_somebody_took_gets_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = _choose_port(tmp_path / "a", taken.getsockname()[1])
        with account_desk(tmp_path / "a") as desk:
            error = refused(desk.hosting.start(other_devices=False))
            assert (error.code, error.params) == ("account.port_taken", {"port": port})
            problem = desk.hosting.status().problem
            assert problem is not None
            # Without the frames it came through, where passwords are.
            assert (problem.code, problem.params, problem.__traceback__) == (error.code, error.params, None)
            place = ServerPlace("here")
            deed = desk.accounts.create(place=place, email=EMAIL, name="", password=PASSWORD)
            assert refused(deed).code == "account.port_taken"


def test_a_first_server_takes_another_port_where_the_usual_one_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr("insomnia_desktop.app.local_server._FIRST_PORT", taken.getsockname()[1])
        server = ChildServer(tmp_path / "server")
        place = server.start(other_devices=False)
        assert place.port != taken.getsockname()[1]
        server.stop()
        assert server.start(other_devices=False) == place == server.known_place()
        server.stop()


def test_two_processes_of_one_data_folder_share_the_server(tmp_path: Path) -> None:
    _choose_port(tmp_path / "server" / "..")
    folder = tmp_path / "server"
    window, command = ChildServer(folder, lambda: LAN), ChildServer(folder, lambda: LAN)
    place = window.start(other_devices=False)
    assert command.start(other_devices=False) == place
    assert command.running
    with pytest.raises(KnownError, match=re.escape("account.server_did_not_start")):
        command.start(other_devices=True)
    command.stop()
    assert window.running
    assert _answers(place.port)
    window.stop()
    # Now nobody has it, so the other one starts it itself.
    assert command.start(other_devices=False) == place
    command.stop()
    assert not _answers(place.port)


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    folder = tmp_path / "server"
    _choose_port(tmp_path)
    (folder / "server.sqlite").write_bytes(b"this is no database" * 100)
    server = ChildServer(folder)
    with pytest.raises(KnownError) as caught:
        server.start(other_devices=False)
    assert caught.value.code == "account.server_did_not_start"
    assert len(str(caught.value.params["reason"])) > 10
    assert not server.running


def test_a_folder_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for other_devices in (False, True):
        with pytest.raises(KnownError, match=re.escape("account.server_did_not_start")):
            ChildServer(tmp_path / "file" / "server").start(other_devices=other_devices)


def test_an_invitation_is_made_where_one_is_wanted(tmp_path: Path) -> None:
    server = ChildServer(tmp_path / "server", lambda: LAN)
    _choose_port(tmp_path)
    assert server.invitation() == ""
    server.start(other_devices=True)
    assert len(server.invitation()) == 22
    server.stop()


def test_stopping_while_it_starts_ends_it(tmp_path: Path) -> None:
    port = _choose_port(tmp_path)
    server = ChildServer(tmp_path / "server")
    errors: list[str] = []

    def start() -> None:
        try:
            server.start(other_devices=False)
        except KnownError as error:
            errors.append(error.code)

    thread = threading.Thread(target=start)
    thread.start()
    while not server.running and thread.is_alive():
        pass
    server.stop()
    thread.join(60)
    assert not server.running
    assert not _answers(port)


def test_a_start_that_is_cancelled_leaves_nothing_running(tmp_path: Path) -> None:
    port = _choose_port(tmp_path / "a")
    with account_desk(tmp_path / "a") as desk:
        steps = CancelAt("starting_server")
        place = ServerPlace("here")
        deed = steps.begin(
            desk.accounts.create(place=place, email=EMAIL, name="", password=PASSWORD, on_progress=steps)
        )
        with pytest.raises(BaseException):  # noqa: B017 - a cancel is no Exception on a future
            deed.future.result(60)
        assert deed.future.cancelled()
        assert not desk.hosting.status().running
        assert not _answers(port)


_PARENT = """
import sys
from pathlib import Path
from insomnia_desktop.app.local_server import ChildServer
server = ChildServer(Path(sys.argv[1]))
server.start(other_devices=False)
print("running", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("how", ["kill", "terminate"])
def test_it_ends_however_the_program_ends(tmp_path: Path, how: str) -> None:
    port = _choose_port(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT, str(tmp_path / "server")],
        cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as parent:  # fmt: skip
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"running\n"
        assert _answers(port)
        getattr(parent, how)()
        parent.wait(60)
    # The server holds this lock to its end.
    with (tmp_path / "server" / "server.sqlite.lock").open("r+b") as lock:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
    assert not _answers(port)


def test_the_certificate_is_made_once(tmp_path: Path) -> None:
    pin = ensure_certificate(tmp_path)
    assert len(pin) == 43
    assert ensure_certificate(tmp_path) == pin
    (tmp_path / "private-key.pem").unlink()
    assert ensure_certificate(tmp_path) != pin
    (tmp_path / "certificate.pem").write_text("no certificate")
    assert len(ensure_certificate(tmp_path)) == 43


@pytest.mark.parametrize("name", ["private-key.pem", "certificate.pem"])
def test_a_certificate_and_a_key_that_do_not_fit_are_made_anew(tmp_path: Path, name: str) -> None:
    other = tmp_path / "other"
    other.mkdir()
    ensure_certificate(other)
    whole = (other / name).read_bytes()
    for broken in (b"", whole[: len(whole) // 2], whole.replace(b"A", b"B"), b"\xff" * 300, whole):
        pin = ensure_certificate(tmp_path)
        (tmp_path / name).write_bytes(broken)
        assert ensure_certificate(tmp_path) != pin
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
            tmp_path / "certificate.pem", tmp_path / "private-key.pem"
        )
        assert stat.S_IMODE((tmp_path / "private-key.pem").stat().st_mode) == 0o600 or sys.platform == "win32"


@pytest.mark.parametrize(
    "kept", [b'{"port":0}', b'{"port":-1}', b'{"port":65536}', b'{"port":8443,"pin":"\xff"}', b"["]
)
def test_settings_that_are_damaged_are_those_of_a_first_start(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / "hosting.json").write_bytes(kept)
    server = ChildServer(tmp_path)
    assert server.known_place() is None
    try:
        assert server.start(other_devices=False) == server.known_place()
    finally:
        server.stop()


def test_a_computer_without_a_network_has_its_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    class Offline(socket.socket):
        def connect(self, address: object) -> None:
            raise OSError("Network is unreachable")

    monkeypatch.setattr(socket, "socket", Offline)
    assert lan_address() == "127.0.0.1"
