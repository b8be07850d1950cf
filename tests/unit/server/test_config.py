"""The settings of a server: server.config and server.arguments."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from insomnia_desktop.server.arguments import config_of, parse
from insomnia_desktop.server.config import (
    ServerConfig,
    ServerLimits,
    default_registration,
    describe,
    is_loopback,
)


def given(*arguments: str) -> ServerConfig:
    """Return the settings of a command line."""
    return config_of(parse(arguments))


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return what is said about a wrong use."""
    with pytest.raises(SystemExit) as end:
        parse(arguments)
    assert end.value.code == 2
    return capsys.readouterr().err


def test_the_defaults() -> None:
    config = given()
    assert (config.host, config.port, config.registration, config.behind_proxy) == ("127.0.0.1", 8443, "open", False)
    assert (config.limits, config.tls_cert, config.scheme) == (ServerLimits(), None, "http")
    assert isinstance(config.database, Path)
    assert config.database.name == "server.sqlite"


def test_a_data_folder_or_a_database(tmp_path: Path) -> None:
    assert given("--data-dir", str(tmp_path)).database == tmp_path / "server.sqlite"
    assert given("--database", "postgresql+asyncpg://u@h/n").database == "postgresql+asyncpg://u@h/n"


def test_options_stand_before_or_after_the_command(tmp_path: Path) -> None:
    before = parse(["--data-dir", str(tmp_path), "--json", "invite"])
    after = parse(["invite", "--data-dir", str(tmp_path), "--json"])
    assert (before.command, before.data_dir, before.json) == (after.command, after.data_dir, after.json)
    inner = parse(["--json", "accounts", "delete", "a@b.c", "--data-dir", str(tmp_path)])
    assert (inner.json, inner.action, inner.email, inner.data_dir) == (True, "delete", "a@b.c", str(tmp_path))


@pytest.mark.parametrize("arguments", [[], ["run"]])
def test_without_a_command_the_server_runs(arguments: list[str]) -> None:
    parsed = parse(["--port", "0", *arguments])
    assert (parsed.command, parsed.port) == ("run", 0)
    assert parse(["run", "--port", "7"]).port == 7


@pytest.mark.parametrize(
    ("host", "behind_proxy", "registration"),
    [
        ("127.0.0.1", False, "open"),
        ("localhost", False, "open"),
        ("::1", False, "open"),
        ("127.0.0.1", True, "invite"),
        ("0.0.0.0", False, "invite"),
        ("192.168.1.5", False, "invite"),
    ],
)
def test_registration_is_open_only_where_nobody_else_comes(host: str, behind_proxy: bool, registration: str) -> None:
    assert default_registration(host, behind_proxy=behind_proxy) == registration
    proxy = ["--behind-proxy"] if behind_proxy else []
    assert given("--host", host, *proxy).registration == registration
    assert given("--host", host, *proxy, "--registration", "closed").registration == "closed"


def test_limits_by_their_names() -> None:
    limits = given("--limit", "blob=10", "--limit", "attempts=5", "--limit", "devices=3").limits
    assert (limits.wire.blob, limits.attempts, limits.wire.devices, limits.wire.groups) == (10, 5, 3, 500)
    for name in ServerLimits.names():
        assert ServerLimits().changed(name, 7) != ServerLimits()


@pytest.mark.parametrize(
    "limit", ["blob", "blob=", "blob=0", "blob=-1", "blob=1.5", "blob=x", "=3", "speed=3", "blob=²", f"blob={2**53}"]
)
def test_a_limit_that_is_none(capsys: pytest.CaptureFixture[str], limit: str) -> None:
    assert "--limit: " in refused(capsys, "--limit", limit)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--data-dir", "x", "--database", "y"],
        ["--data-dir", ""],
        ["--database", ""],
        ["--tls-key", "x"],
        ["--port", "65536"],
        ["--port", "-1"],
        ["--port", "x"],
        ["--registration", "maybe"],
        ["accounts"],
        ["accounts", "delete"],
        ["backup"],
        ["dance"],
        ["invite", "--port", "3"],
    ],
)
def test_wrong_use(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert "insomnia-sync-server" in refused(capsys, *arguments)


def test_wrong_use_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--json", "--limit", "speed=3"])
    error = json.loads(capsys.readouterr().out)["error"]
    assert (error["code"], error["hint"]) == ("server.usage", "insomnia-sync-server --help")
    assert "speed is no limit" in error["message"]


@pytest.mark.parametrize(
    ("host", "is_here"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("[::1]", True),
        ("LOCALHOST", True),
        ("app.localhost.", True),
        ("", False),
        ("0.0.0.0", False),
        ("::", False),
        ("localhost.example.com", False),
        ("127.0.0.1.example.com", False),
        ("2130706433", False),
    ],
)
def test_this_computer(host: str, is_here: bool) -> None:
    assert is_loopback(host) is is_here


def test_the_address_of_the_database_is_shown_nowhere() -> None:
    config = given("--database", "postgresql+asyncpg://u:hidden@h/n")
    assert "hidden" not in repr(config)
    assert "hidden" not in str(describe(config))
    assert describe(config) == {"host": "127.0.0.1", "port": 8443, "behind_proxy": False, "registration": "open"}
