"""The server on a real socket: how it starts, stops, refuses, and what it does with impatient and silent clients.

Covers server.serving, server.connections, server.command_line and server.__main__.
"""

from __future__ import annotations

import json
import signal
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from insomnia_desktop.server import command_line, connections
from insomnia_desktop.server.operator_errors import OperatorError
from insomnia_desktop.server.serving import Stopping, watch_parent
from tests.support.clock import FixedClock
from tests.support.logfail import LogGuard
from tests.support.peers_tls import TestAuthority
from tests.support.sync_desk import sync_desk
from tests.support.sync_people import person
from tests.support.sync_process import command, server_process, where
from tests.support.sync_server import RunningServer, sync_server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server on a thread, with SQLite."""
    with sync_server(tmp_path / "server.sqlite") as server:
        yield server


def connected(server: RunningServer) -> socket.socket:
    """Return a connection to a server."""
    url = httpx.URL(server.address)
    return socket.create_connection((url.host, url.port or 0), timeout=30)


def rest_of(connection: socket.socket) -> bytes:
    """Read until the server closes the connection."""
    pieces = []
    while piece := connection.recv(65_536):
        pieces.append(piece)
    return b"".join(pieces)


class TestProcess:
    """`insomnia-sync-server` from start to end."""

    def test_it_says_where_it_listens_and_stops_at_sigterm(self, database: Path | str) -> None:
        with server_process(*where(database), "--port", "0") as process:
            address = process.address()
            assert httpx.get(f"{address}/v1/health").json() == {"ok": True}
            process.send(signal.SIGTERM)
            assert process.end() == 0
            assert [line["event"] for line in process.log()] == ["starting", "request", "stopped"]

    def test_it_answers_what_it_has_begun_before_it_stops(self, tmp_path: Path) -> None:
        with server_process("--data-dir", str(tmp_path), "--port", "0") as process:
            url = httpx.URL(process.address())
            with socket.create_connection((url.host, url.port or 0), timeout=30) as connection:
                connection.sendall(
                    b"POST /auth/login-s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    b"Content-Length: 17\r\nExpect: 100-continue\r\n\r\n"
                )
                # It asks for the body: so the request is being carried out.
                assert connection.recv(1000).startswith(b"HTTP/1.1 100")
                process.send(signal.SIGTERM)
                connection.sendall(b'{"email":"a@b.c"}')
                assert rest_of(connection).startswith(b"HTTP/1.1 200")
            assert process.end() == 0

    def test_it_ends_with_its_parent(self, tmp_path: Path) -> None:
        with server_process("--data-dir", str(tmp_path), "--port", "0", parent_pipe=True) as process:
            address = process.address()
            assert httpx.get(f"{address}/v1/health").status_code == 200
            process.close_pipe()
            assert process.end() == 0

    def test_a_second_server_on_the_same_file_is_refused(self, tmp_path: Path) -> None:
        with server_process("--data-dir", str(tmp_path), "--port", "0") as process:
            process.address()
            second = command("--data-dir", str(tmp_path), "--port", "0")
        assert (second.returncode, second.stdout) == (1, "")
        assert second.stderr.startswith("A server already uses this database. Stop it first")

    def test_the_commands_work_beside_it(self, database: Path | str, tmp_path: Path) -> None:
        with server_process(*where(database), "--port", "0", "--registration", "invite") as process:
            address = process.address()
            assert httpx.get(f"{address}/v1/version").json()["registration"] == "invite"
            invitation = json.loads(command(*where(database), "invite", "--json").stdout)
            assert len(invitation["invite"]) == 22
            assert command(*where(database), "accounts", "list").stdout == "There are no accounts.\n"
            assert command(*where(database), "check").stdout.startswith("Everything holds together:\n")
            backup = command(*where(database), "backup", str(tmp_path / "backup"))
            assert backup.returncode == 0
            assert (tmp_path / "backup").exists()


class TestRefusals:
    """What keeps a server from starting: one sentence, status 1."""

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])
    def test_an_address_for_others_needs_tls(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], host: str
    ) -> None:
        assert command_line.main(["--data-dir", str(tmp_path), "--host", host]) == 1
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith(f"{host} can be reached from other computers")
        assert not list(tmp_path.iterdir())

    def test_and_says_so_in_json(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert command_line.main(["--data-dir", str(tmp_path), "--host", "0.0.0.0", "--json"]) == 1
        out, err = capsys.readouterr()
        error = json.loads(out)["error"]
        assert (error["code"], err) == ("server.needs_tls", "")
        assert set(error) == {"code", "message", "hint"}

    def test_behind_a_proxy_it_may_listen_anywhere(self, tmp_path: Path) -> None:
        with sync_server(tmp_path / "server.sqlite", host="0.0.0.0", behind_proxy=True) as server:
            port = httpx.URL(server.address).port
            assert httpx.get(f"http://127.0.0.1:{port}/v1/health", headers={"Host": "x.example"}).status_code == 200

    def test_a_port_that_is_taken_is_told(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            assert command_line.main(["--data-dir", str(tmp_path), "--port", str(port)]) == 1
        assert capsys.readouterr().err.startswith(f"Another program listens on port {port} of 127.0.0.1.")
        assert OperatorError("server.address_in_use", host="h", port=1).hint

    def test_an_address_of_another_computer_is_told(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        arguments = ["--data-dir", str(tmp_path), "--host", "192.0.2.1", "--behind-proxy", "--json"]
        assert command_line.main(arguments) == 1
        assert json.loads(capsys.readouterr().out)["error"]["code"] == "server.address_unusable"

    @pytest.mark.parametrize("content", [None, b"", b"no certificate", "locked"])
    def test_a_certificate_that_cannot_be_used_is_told(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | str | None
    ) -> None:
        certificate = tmp_path / "certificate.pem"
        arguments = ["--data-dir", str(tmp_path), "--tls-cert", str(certificate), "--json"]
        if content == "locked":
            # Nobody is asked for a passphrase: there may be nobody.
            authority = TestAuthority(tmp_path)
            certificate.write_bytes(authority.certificate_pem.read_bytes())
            arguments += ["--tls-key", str(authority.key_pem("passphrase"))]
        elif isinstance(content, bytes):
            certificate.write_bytes(content)
        assert command_line.main(arguments) == 1
        error = json.loads(capsys.readouterr().out)["error"]
        assert error["code"] == "server.tls_unusable"
        assert str(certificate) in error["message"]

    def test_a_bug_is_told_without_its_text(
        self,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        log_guard: LogGuard,
    ) -> None:
        async def fail(*_arguments: object) -> None:
            raise LookupError("hunter2")

        monkeypatch.setattr("insomnia_desktop.server.operations.invite", fail)
        with log_guard.expect("bug"):
            assert command_line.main(["--data-dir", str(tmp_path), "invite", "--json"]) == 1
        out, err = capsys.readouterr()
        assert json.loads(out)["error"]["code"] == "server.bug"
        assert "hunter2" not in out + err
        assert json.loads(err)["exception"] == "LookupError"


class TestCommands:
    """What the other commands print."""

    def run(self, capsys: pytest.CaptureFixture[str], clock: FixedClock, *arguments: str) -> tuple[int, str, str]:
        """Run a command and return its status and what it wrote."""
        status = command_line.main(arguments, clock)
        out, err = capsys.readouterr()
        return status, out, err

    def test_an_invitation_is_one_line(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], clock: FixedClock
    ) -> None:
        where_ = ("--data-dir", str(tmp_path))
        status, out, _ = self.run(capsys, clock, *where_, "invite")
        assert (status, len(out)) == (0, 23)
        _, out, _ = self.run(capsys, clock, *where_, "--json", "invite")
        assert json.loads(out)["expires_at"] == clock.now_ms() + 7 * 86_400_000

    def test_an_account_that_is_not_there(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], clock: FixedClock
    ) -> None:
        self.run(capsys, clock, "invite", "--data-dir", str(tmp_path))
        status, out, err = self.run(capsys, clock, "accounts", "delete", "x@example.com", "--data-dir", str(tmp_path))
        assert (status, out) == (1, "")
        assert err.startswith("No account has this e-mail address.")

    def test_backup_restore_and_check(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], clock: FixedClock
    ) -> None:
        where_ = ("--data-dir", str(tmp_path))
        backup = tmp_path / "backup"
        assert self.run(capsys, clock, *where_, "check") == (
            1,
            "",
            f"There is no database {tmp_path / 'server.sqlite'}. Name the server's folder with --data-dir, or its"
            " database with --database.\n",
        )
        self.run(capsys, clock, *where_, "invite")
        assert self.run(capsys, clock, *where_, "backup", str(backup))[0] == 0
        (tmp_path / "server.sqlite").write_bytes(b"x" * 9000)
        status, out, _ = self.run(capsys, clock, *where_, "restore", str(backup), "--json")
        assert (status, json.loads(out)["set_aside"]) == (0, str(tmp_path / "server.sqlite.damaged-1"))
        status, out, _ = self.run(capsys, clock, *where_, "restore", str(backup))
        assert out == "Restored, with 0 accounts. Devices will upload what the backup lacks.\n"
        status, out, _ = self.run(capsys, clock, *where_, "check", "--json")
        assert (status, json.loads(out)["ok"], json.loads(out)["rows"]["invites"]) == (0, True, 1)

    def test_one_of_something_is_not_several(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], clock: FixedClock
    ) -> None:
        where_ = ("--data-dir", str(tmp_path))
        with sync_desk(tmp_path / "server.sqlite", clock) as desk:
            alice = desk.sign_up(person())
            desk.sign_up(person("bob@example.com"))
            desk.sign_in(alice)
        _, out, _ = self.run(capsys, clock, *where_, "accounts", "list")
        assert [line.split("  ")[2] for line in out.splitlines()] == ["1 device", "0 devices"]
        self.run(capsys, clock, *where_, "invite")
        _, out, _ = self.run(capsys, clock, *where_, "check")
        assert "\n2 accounts\n" in out
        assert "\n1 invitation\n" in out
        assert "\n1 signed-in device\n" in out
        self.run(capsys, clock, *where_, "accounts", "delete", "bob@example.com")
        self.run(capsys, clock, *where_, "backup", str(tmp_path / "backup"))
        _, out, _ = self.run(capsys, clock, *where_, "restore", str(tmp_path / "backup"))
        assert out.startswith("Restored, with 1 account. ")


class TestSocket:
    """HTTP as it is spoken on the wire."""

    def test_ipv6(self, tmp_path: Path) -> None:
        with sync_server(tmp_path / "server.sqlite", host="::1") as server:
            assert server.address.startswith("http://[::1]:")
            assert httpx.get(f"{server.address}/v1/health").status_code == 200

    def test_tls(self, tmp_path: Path) -> None:
        authority = TestAuthority(tmp_path)
        issued = authority.issue("localhost")
        with sync_server(tmp_path / "server.sqlite", tls_cert=issued.pem) as server:
            assert server.address.startswith("https://127.0.0.1:")
            context = ssl.create_default_context(cafile=str(authority.certificate_pem))
            address = server.address.replace("127.0.0.1", "localhost")
            assert httpx.get(f"{address}/v1/health", verify=context).status_code == 200

    def test_a_long_body_is_refused_and_the_answer_arrives(self, server: RunningServer) -> None:
        head = b"POST /auth/login-s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        with connected(server) as connection:
            connection.sendall(head + b"Content-Length: 5000000\r\n\r\n")
            # Before the body, which an honest client sends all the same.
            connection.sendall(b" " * 5_000_000)
            answer = rest_of(connection)
        assert answer.startswith(b"HTTP/1.1 413")
        assert b'"code":"too_large"' in answer

    def test_a_body_that_is_longer_than_it_said_is_refused(self, server: RunningServer) -> None:
        with httpx.Client(base_url=server.address) as client:
            for _ in range(3):
                answer = client.post(
                    "/auth/login-s", headers={"Content-Type": "application/json"}, content=iter([b" " * 50_000] * 40)
                )
                assert answer.status_code == 413

    def test_who_says_nothing_is_hung_up_on(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(connections, "HEAD_SECONDS", 0.05)
        with sync_server(tmp_path / "server.sqlite") as server:
            for begun in (b"", b"GET /v1/health HTTP/1.1\r\nHost:"):
                with connected(server) as connection:
                    connection.sendall(begun)
                    assert rest_of(connection) == b""
            with connected(server) as connection:
                connection.sendall(b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert connection.recv(1000).startswith(b"HTTP/1.1 200")
                # The second request never comes whole.
                connection.sendall(b"GET /")
                assert b"HTTP" not in rest_of(connection)

    @pytest.mark.parametrize(
        "request_head",
        [
            b"GET /v1/health HTTP/1.1\r\nX: " + b"x" * 40_000,
            b"nothing that is HTTP\r\n\r\n",
            b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
            b"POST /auth/login-s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            b"POST /auth/login-s HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
            b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\nX : 1\r\n\r\n",
        ],
        ids=["a long head", "no HTTP", "two hosts", "two lengths", "no length", "a space behind a name"],
    )
    def test_what_is_no_http_is_a_problem_too(
        self, server: RunningServer, log_guard: LogGuard, request_head: bytes
    ) -> None:
        with log_guard.expect("Invalid HTTP request"), connected(server) as connection:
            connection.sendall(request_head)
            head, _, body = rest_of(connection).partition(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        assert lines[0] == b"http/1.1 400 bad request"
        assert {b"content-type: application/problem+json", b"cache-control: no-store", b"connection: close"} < {*lines}
        assert json.loads(body)["code"] == "bad_request"

    def test_a_body_that_breaks_off_its_form_is_a_problem(self, server: RunningServer, log_guard: LogGuard) -> None:
        head = b"POST /auth/login-s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        with log_guard.expect("Invalid HTTP request"), connected(server) as connection:
            connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\nno length of a chunk\r\n")
            assert b'"code":"bad_request"' in rest_of(connection)
        assert httpx.get(f"{server.address}/v1/health").status_code == 200

    def test_an_upgrade_is_not_taken_and_not_worth_a_warning(self, server: RunningServer) -> None:
        headers = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Key": "x",
            "Sec-WebSocket-Version": "13",
        }
        assert httpx.get(f"{server.address}/v1/health", headers=headers).json() == {"ok": True}

    def test_a_request_without_a_host_is_refused(self, server: RunningServer) -> None:
        with connected(server) as connection:
            connection.sendall(b"GET /v1/health HTTP/1.0\r\n\r\n")
            assert rest_of(connection).startswith(b"HTTP/1.1 400")

    def test_the_server_does_not_tell_what_it_is_made_of(self, server: RunningServer) -> None:
        headers = httpx.get(f"{server.address}/v1/health").headers
        assert "server" not in headers


def test_a_parent_that_is_gone_already_stops_the_server() -> None:
    stopping = Stopping()
    # No such descriptor, as for a program that was started without standard input.
    watch_parent(stopping, 1_000_000).join()

    class Server:
        should_exit = force_exit = False

    server = Server()
    stopping.attach(server)  # type: ignore[arg-type]
    assert server.should_exit
    stopping.request()
    assert server.force_exit
