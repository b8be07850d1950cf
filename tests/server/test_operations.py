"""What an operator does: server.operations, server.backups, server.sole_use, database.soundness, domain.care."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from insomnia_desktop.protocol.binary import encode
from insomnia_desktop.server import asgi, operations, sole_use
from insomnia_desktop.server.config import ServerConfig
from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.server.database import identity
from insomnia_desktop.server.database.engine import DatabaseUnavailable
from insomnia_desktop.server.database.identity import Identity
from insomnia_desktop.server.database.opening import open_database
from insomnia_desktop.server.domain.care import forget_what_is_over
from insomnia_desktop.server.operator_errors import OperatorError
from insomnia_desktop.server.serving import Stopping, serve
from insomnia_desktop.server.sole_use import hold_file, hold_postgresql
from tests.support.clock import FixedClock
from tests.support.logfail import LogGuard
from tests.support.sync_desk import SyncDesk, code_of, sync_desk
from tests.support.sync_people import person
from tests.support.sync_server import sync_server

DAY = 86_400_000


def refused(coroutine: Coroutine[Any, Any, object]) -> OperatorError:
    """Return the error that a coroutine ends with; its sentence must be one."""
    with pytest.raises(OperatorError) as caught:
        asyncio.run(coroutine)
    assert "{" not in caught.value.sentence
    return caught.value


def identity_of(address: Path | str) -> Identity:
    """Return who the server of a database is."""

    async def look() -> Identity:
        database = await open_database(address)
        try:
            async with database.read() as connection:
                known = await identity.get(connection)
                assert known is not None
                return known
        finally:
            await database.close()

    return asyncio.run(look())


class TestAccounts:
    """`accounts list` and `accounts delete`."""

    def test_the_list_says_who_and_since_when(self, desk: SyncDesk) -> None:
        bob, alice = desk.sign_up(person("bob@example.com")), desk.sign_up(person())
        created = desk.clock.now_ms()
        desk.clock.advance(1000)
        desk.sign_in(alice)
        desk.sign_in(alice)
        first, second = desk.run(operations.list_accounts(desk.config.database))
        assert (first.email, first.account_id, first.created_at) == (alice.email, alice.account_id, created)
        assert (first.devices, first.last_seen_at) == (2, desk.clock.now_ms())
        assert (second.email, second.devices, second.last_seen_at) == (bob.email, 0, None)

    def test_a_deleted_account_is_gone_while_the_server_runs(self, desk: SyncDesk) -> None:
        signed = desk.sign_in(desk.sign_up(person()))
        desk.run(operations.delete_account(desk.config.database, " ALICE@example.com"))
        assert code_of(desk.ask("GET", "/v1/account", token=signed.token)) == "unauthorized"
        assert desk.run(operations.list_accounts(desk.config.database)) == []

    def test_an_unknown_and_a_bad_e_mail_are_told(self, fresh: Path | str) -> None:
        assert refused(operations.delete_account(fresh, "x@example.com")).code == "accounts.unknown"
        assert refused(operations.delete_account(fresh, "x")).code == "accounts.bad_email"


class TestBackups:
    """`backup` and `restore`."""

    def test_everything_comes_back_and_the_epoch_is_another(
        self, database: Path | str, clock: FixedClock, tmp_path: Path
    ) -> None:
        file = tmp_path / "backup"
        with sync_desk(database, clock) as desk:
            signed = desk.sign_in(desk.sign_up(person()))
            desk.run(operations.invite(database, clock))
            # The server runs.
            desk.run(operations.back_up(database, file))
            before = desk.run(operations.check(database))
            desk.sign_up(person("bob@example.com"))
            desk.ask("DELETE", "/v1/account", token=signed.token)
        was = identity_of(database)
        restored = asyncio.run(operations.restore(database, file))
        assert (restored.accounts, restored.set_aside) == (1, None)
        now = identity_of(database)
        assert now.secret == was.secret
        assert now.server_epoch != was.server_epoch
        assert asyncio.run(operations.check(database)) == before
        with sync_desk(database, clock) as desk:
            assert desk.ask("GET", "/v1/account", token=signed.token).status_code == 200
            desk.sign_in(signed.person)
            message, _ = desk.handshake(person("bob@example.com"))
            assert code_of(desk.ask("POST", "/auth/login-m1", message)) == "bad_credentials"

    def test_it_moves_a_server_to_another_database(
        self, database: Path | str, clock: FixedClock, tmp_path: Path
    ) -> None:
        with sync_desk(tmp_path / "here.sqlite", clock) as desk:
            alice = desk.sign_up(person(name="Älice \U0001f512"))
            desk.run(operations.back_up(tmp_path / "here.sqlite", tmp_path / "backup"))
        asyncio.run(operations.restore(database, tmp_path / "backup"))
        assert identity_of(database).secret == identity_of(tmp_path / "here.sqlite").secret
        with sync_desk(database, clock) as desk:
            signed = desk.sign_in(alice)
            assert desk.ask("GET", "/v1/account", token=signed.token).json()["name"] == alice.sign_up.name

    def test_a_backup_is_of_one_moment_and_for_this_user_alone(self, fresh: Path | str, tmp_path: Path) -> None:
        file = tmp_path / "backup"
        asyncio.run(operations.back_up(fresh, file))
        assert file.stat().st_mode & 0o777 == 0o600
        assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("backup")) == ["backup"]

    def test_a_file_that_is_there_is_not_written_over(self, fresh: Path | str, tmp_path: Path) -> None:
        file = tmp_path / "backup"
        file.write_text("precious")
        assert refused(operations.back_up(fresh, file)).code == "backup.file_exists"
        assert file.read_text() == "precious"

    def test_what_a_killed_backup_left_is_no_obstacle(self, fresh: Path | str, tmp_path: Path) -> None:
        (tmp_path / "backup.unfinished").write_bytes(b"half")
        (tmp_path / "backup.unfinished-wal").write_bytes(b"half")
        asyncio.run(operations.back_up(fresh, tmp_path / "backup"))
        assert asyncio.run(operations.restore(fresh, tmp_path / "backup")).accounts == 0

    def test_a_place_that_cannot_be_written_is_told(self, fresh: Path | str, tmp_path: Path) -> None:
        assert refused(operations.back_up(fresh, tmp_path / ("x" * 300))).code == "backup.unwritable"
        (tmp_path / "file").write_text("")
        assert refused(operations.back_up(fresh, tmp_path / "file" / "backup")).code == "backup.unwritable"

    @pytest.mark.parametrize("content", [b"", b"no backup at all" * 500, None])
    def test_what_is_no_backup_changes_nothing(
        self, database: Path | str, tmp_path: Path, content: bytes | None
    ) -> None:
        was = identity_of(database)
        file = tmp_path / "backup"
        if content is not None:
            file.write_bytes(content)
        assert refused(operations.restore(database, file)).code == "backup.unreadable"
        assert identity_of(database) == was

    def test_a_damaged_backup_changes_nothing(self, database: Path | str, clock: FixedClock, tmp_path: Path) -> None:
        file = tmp_path / "backup"
        with sync_desk(database, clock) as desk:
            desk.sign_up(person())
            desk.run(operations.back_up(database, file))
        content = bytearray(file.read_bytes())
        at = content.index(b"alice@example.com")
        content[at : at + 5] = b"mally"
        file.write_bytes(content)
        assert refused(operations.restore(database, file)).code == "backup.unreadable"
        assert len(asyncio.run(operations.list_accounts(database))) == 1

    def test_another_programs_file_is_no_backup(self, database: Path | str, tmp_path: Path) -> None:
        other = sqlite3.connect(tmp_path / "backup")
        other.execute("CREATE TABLE somebodys (x)")
        other.close()
        assert refused(operations.restore(database, tmp_path / "backup")).code == "backup.unreadable"

    def test_a_backup_of_a_newer_server_is_told(self, fresh: Path | str, tmp_path: Path) -> None:
        asyncio.run(operations.back_up(fresh, tmp_path / "backup"))
        newer = sqlite3.connect(tmp_path / "backup")
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()
        newer.close()
        assert refused(operations.restore(fresh, tmp_path / "backup")).code == "database.newer_version"

    def test_a_running_server_is_not_restored(self, fresh: Path | str, tmp_path: Path, clock: FixedClock) -> None:
        asyncio.run(operations.back_up(fresh, tmp_path / "backup"))
        with sync_server(fresh):
            assert refused(operations.restore(fresh, tmp_path / "backup")).code == "server.already_runs"
        asyncio.run(operations.restore(fresh, tmp_path / "backup"))

    def test_a_server_does_not_start_while_one_restores(self, database: Path | str) -> None:
        async def restore_and_serve() -> None:
            opened = await open_database(database)
            try:
                with hold_file(database if isinstance(database, Path) else None):
                    async with hold_postgresql(opened, alone=True):
                        await serve(ServerConfig(database, port=0), Stopping(), str)
            finally:
                await opened.close()

        assert refused(restore_and_serve()).code == "server.already_runs"

    def test_a_damaged_database_is_set_aside(self, tmp_path: Path, clock: FixedClock) -> None:
        file = tmp_path / "server.sqlite"
        with sync_desk(file, clock) as desk:
            alice = desk.sign_up(person())
            desk.run(operations.back_up(file, tmp_path / "backup"))
        content = b"\xff" * 9000
        for number in (1, 2):
            file.write_bytes(content)
            assert refused(operations.check(file)).code == "database.damaged"
            restored = asyncio.run(operations.restore(file, tmp_path / "backup"))
            assert restored.set_aside == tmp_path / f"server.sqlite.damaged-{number}"
            assert restored.set_aside.read_bytes() == content
        with sync_desk(file, clock) as desk:
            desk.sign_in(alice)

    def test_a_restore_that_is_killed_changes_nothing(
        self, database: Path | str, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with sync_desk(database, clock) as desk:
            desk.run(operations.back_up(database, tmp_path / "backup"))
            desk.sign_up(person())
        was = identity_of(database)

        async def stop(*_arguments: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(identity, "renew_epoch", stop)
        with pytest.raises(KeyboardInterrupt):
            asyncio.run(operations.restore(database, tmp_path / "backup"))
        assert identity_of(database) == was
        assert len(asyncio.run(operations.list_accounts(database))) == 1


class TestCheck:
    """`check`."""

    def test_a_sound_database_is_counted(self, desk: SyncDesk) -> None:
        desk.sign_in(desk.sign_up(person()))
        rows = desk.run(operations.check(desk.config.database))
        assert (rows["accounts"], rows["sessions"], rows["server"]) == (1, 1, 1)

    @pytest.mark.parametrize(
        ("statement", "told"),
        [
            ("UPDATE accounts SET email = 'mallory@example.com'", "has a wrong signature"),
            ("UPDATE accounts SET verifier = kdf_salt", "has a value of another length"),
            ("UPDATE accounts SET recovery_wrap = NULL", "has one half of a recovery key"),
            ("DELETE FROM server", "which server this is"),
            ("UPDATE server SET secret = server_epoch", "which server this is"),
        ],
    )
    def test_what_was_changed_is_found(self, desk: SyncDesk, statement: str, told: str) -> None:
        alice = desk.sign_up(person())

        async def tamper() -> None:
            async with desk.context.database.write() as connection:
                await connection.execute(text(statement))

        desk.run(tamper())
        with pytest.raises(OperatorError) as caught:
            desk.run(operations.check(desk.config.database))
        assert caught.value.code == "check.failed"
        assert told in caught.value.sentence
        if "account" in told:
            assert encode(alice.account_id) in caught.value.sentence

    def test_a_session_without_an_account_is_found(self, tmp_path: Path, clock: FixedClock) -> None:
        file = tmp_path / "server.sqlite"
        with sync_desk(file, clock) as desk:
            desk.sign_in(desk.sign_up(person()))
        raw = sqlite3.connect(file)
        raw.execute("DELETE FROM accounts")
        raw.commit()
        raw.close()
        error = refused(operations.check(file))
        assert "a row of sessions refers to one of accounts that is not there" in error.sentence
        assert "sessions without an account" in error.sentence

    def test_a_database_that_is_away_is_told(self, fresh: Path | str, monkeypatch: pytest.MonkeyPatch) -> None:
        async def lost(_database: object) -> list[str]:
            raise DatabaseUnavailable("the disk is gone")

        monkeypatch.setattr(operations, "faults", lost)
        error = refused(operations.check(fresh))
        assert (error.code, "the disk is gone" in error.sentence) == ("database.unreachable", True)


class TestSoleUse:
    """One server for a file; a lock that ends with its process."""

    def test_a_second_one_is_told_and_a_third_one_gets_it(self, tmp_path: Path) -> None:
        file = tmp_path / "x" / "server.sqlite"
        with hold_file(file), pytest.raises(OperatorError) as caught, hold_file(file):
            pass
        assert caught.value.code == "server.already_runs"
        with hold_file(file):
            pass

    def test_a_folder_that_cannot_be_used_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(OperatorError) as caught, hold_file(tmp_path / "file" / "x"):
            pass
        assert caught.value.code == "server.folder_unusable"

    def test_servers_share_a_postgresql_and_a_restore_has_it_alone(self, database: Path | str) -> None:
        async def hold() -> list[str]:
            opened = await open_database(database)
            codes = []
            try:
                async with hold_postgresql(opened, alone=False), hold_postgresql(opened, alone=False):
                    try:
                        async with hold_postgresql(opened, alone=True):
                            codes.append("alone")
                    except OperatorError as error:
                        codes.append(error.code)
                async with hold_postgresql(opened, alone=True):
                    codes.append("alone")
            finally:
                await opened.close()
            return codes

        # A file of SQLite has a lock of its own.
        expected = ["alone", "alone"] if isinstance(database, Path) else ["server.already_runs", "alone"]
        assert asyncio.run(hold()) == expected
        assert sole_use.LOCK_FILE_SUFFIX == ".lock"


class TestCare:
    """What is forgotten by itself."""

    def test_what_is_over_is_deleted_and_nothing_else(self, desk: SyncDesk) -> None:
        alice = desk.sign_up(person())
        signed = desk.sign_in(alice)
        desk.run(operations.invite(desk.config.database, desk.clock))
        message, _ = desk.handshake(person())
        desk.ask("POST", "/auth/login-m1", message)
        desk.handshake(alice)
        everything = {"accounts": 1, "failures": 1, "invites": 1, "server": 1, "srp_handshakes": 1, "sessions": 1}
        seen = []
        for span in (0, 60_000, 2 * 3_600_000, 7 * DAY, 30 * DAY):
            desk.clock.advance(span + 1)
            desk.run(forget_what_is_over(desk.context))
            left = desk.run(operations.check(desk.config.database))
            seen.append({name for name, count in everything.items() if left[name] != count})
        assert seen == [
            set(),
            {"srp_handshakes"},
            {"srp_handshakes", "failures"},
            {"srp_handshakes", "failures", "invites"},
            {"srp_handshakes", "failures", "invites", "sessions"},
        ]
        assert code_of(desk.ask("GET", "/v1/account", token=signed.token)) == "unauthorized"

    def test_it_happens_by_itself_and_waits_for_a_database_that_is_away(
        self, database: Path | str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, log_guard: LogGuard
    ) -> None:
        monkeypatch.setattr(asgi, "CARE_SECONDS", 0.0)
        real, failed = forget_what_is_over, asyncio.Event()

        async def away_once(context: ServerContext) -> None:
            if not failed.is_set():
                failed.set()
                raise DatabaseUnavailable("the disk is gone")
            await real(context)

        monkeypatch.setattr(asgi, "forget_what_is_over", away_once)
        with log_guard.expect("care was put off"), sync_desk(database, clock) as desk:
            desk.handshake(person())
            clock.advance(60_001)
            while desk.run(operations.check(database))["srp_handshakes"]:
                pass
            assert failed.is_set()

    def test_a_clock_that_was_ten_years_ahead_leaves_nothing_for_ten_years(self, desk: SyncDesk) -> None:
        desk.clock.advance(3650 * DAY)
        message, _ = desk.handshake(person())
        desk.ask("POST", "/auth/login-m1", message)
        desk.handshake(person())
        desk.clock.advance(-3650 * DAY)
        desk.run(forget_what_is_over(desk.context))
        left = desk.run(operations.check(desk.config.database))
        assert (left["srp_handshakes"], left["failures"]) == (0, 0)
