"""Accounts as a person meets them: real programs, each with its own data folder, by mouse and keyboard."""

from __future__ import annotations

import socket

import pytest

from insomnia_desktop.base.paths import DataFolder
from tests.end2end.account_steps import (
    EMAIL,
    PASSWORD,
    address_of,
    choose_port,
    close_devices,
    create_here,
    devices,
    expect_signed_in,
    fill,
    key_file,
    open_devices,
    port_of,
    sign_in,
    wait_for_end_of_server,
)
from tests.end2end.process import Program, command_line

# Three of the longest things a program does: starts, sign-ups and sign-ins, each with a million iterations.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def data_folder(data_folder: DataFolder) -> DataFolder:
    """A data folder whose server has a port that is free."""
    choose_port(data_folder)
    return data_folder


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_one_account_on_two_devices_and_one_of_them_revoked(data_folder: DataFolder) -> None:
    with Program(data_folder, **key_file(data_folder)) as first:
        assert create_here(first).count("-") == 8
        expect_signed_in(first)
        first.wait("text", name="toast", has=EMAIL)
        first.close()
    wait_for_end_of_server(data_folder)
    port = port_of(data_folder)
    assert not _answers(port)

    second_folder = DataFolder(data_folder.root.parent / "second")
    with (
        Program(data_folder, **key_file(data_folder)) as first,
        Program(second_folder, words=("--key-file", f"{second_folder.root}.key")) as second,
    ):
        # Still signed in: nothing is asked, and the server runs again at the same address.
        expect_signed_in(first)
        words = open_devices(first)
        assert (EMAIL in words, devices(words)) == (True, 1)
        address = address_of(first)
        assert address == f"http://127.0.0.1:{port}"

        second.wait("text", name="syncStatus", equals="On this device")
        sign_in(second, server=address, password="four dry stones sing")
        second.wait("text", name="signInError", has="wrong")
        fill(second, passwordEdit=PASSWORD)
        second.click("signInButton")
        expect_signed_in(second)
        words = open_devices(second)
        assert (EMAIL in words, devices(words)) == (True, 2)

        close_devices(first)
        # The list of before is shown until the server told the one of now.
        open_devices(first)
        first.click("revokeDeviceButton")
        first.click("revokeButton")
        first.wait("is_shown", name="revokeDeviceButton", equals=False)
        assert devices(first.look("texts", name="syncPanel")) == 1

        # The second one is told, and shows nothing of the account any more.
        second.wait("text", name="syncStatus", equals="Signed out elsewhere")
        second.wait("is_shown", name="syncPanel", equals=False)
        assert not (second_folder.root / "keys.bin").exists()
        # It may come again, and e-mail and server are there.
        second.click("footerDeedButton")
        second.wait("text", name="serverEdit", equals=address)
        second.wait("text", name="emailEdit", equals=EMAIL)
        second.keys("Escape")
        second.wait("windows", equals=["mainWindow"])
        second.close()
        first.close()
    wait_for_end_of_server(data_folder)


def test_without_a_keyring_the_password_is_asked_at_each_start(data_folder: DataFolder) -> None:
    with Program(data_folder) as program:
        create_here(program)
        expect_signed_in(program)
        program.close()
    assert not data_folder.keys_file.exists()
    with Program(data_folder) as program:
        program.wait("windows", has="signInDialog")
        program.wait("focus", equals="passwordEdit")
        program.wait("text", name="syncStatus", equals="Locked")
        program.click("workOfflineButton")
        program.wait("text", name="syncStatus", equals="Offline")
        program.click("footerDeedButton")
        program.wait("focus", equals="passwordEdit")
        program.type("four dry stones sing\n")
        program.wait("text", name="signInError", has="password is wrong")
        # It is selected, to be typed anew.
        program.type(f"{PASSWORD}\n")
        expect_signed_in(program)
        assert devices(open_devices(program)) == 1
        program.close()


def test_the_server_ends_with_a_program_that_is_killed(data_folder: DataFolder) -> None:
    with Program(data_folder, **key_file(data_folder)) as program:
        create_here(program)
        expect_signed_in(program)
        port = port_of(data_folder)
        assert _answers(port)
        program.kill()
    wait_for_end_of_server(data_folder)
    assert not _answers(port)
    with Program(data_folder, **key_file(data_folder)) as program:
        expect_signed_in(program)
        assert devices(open_devices(program)) == 1
        assert port_of(data_folder) == port
        program.close()


def test_a_port_that_somebody_took_gets_a_sentence(data_folder: DataFolder) -> None:
    with Program(data_folder, **key_file(data_folder)) as program:
        create_here(program)
        expect_signed_in(program)
        program.close()
    wait_for_end_of_server(data_folder)
    port = port_of(data_folder)
    taken = socket.create_server(("127.0.0.1", port))
    with taken, Program(data_folder, **key_file(data_folder)) as program:
        # Who is signed in stays so: the keys are here.
        program.wait("text", name="syncStatus", has="Offline")
        program.wait("windows", equals=["mainWindow"])
        words = open_devices(program, until="Try again")
        assert f"Another program uses port {port}" in " ".join(words)
        asked = command_line(data_folder, "account", "devices", "--key-file", f"{data_folder.root}.key")
        assert asked.returncode == 1
        assert f"Another program uses port {port}" in asked.stderr
        taken.close()
        program.click("retryDevicesButton")
        program.wait("is_shown", name="retryDevicesButton", equals=False)
        program.wait("texts", name="syncPanel", has="this computer")
        assert devices(program.look("texts", name="syncPanel")) == 1
        program.click("panelBackupButton")
        expect_signed_in(program)
        program.close()
