"""A client in Node, written from PROTOCOL.md alone, and ours: each uses the other's accounts on the real server."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from insomnia_desktop.account.password import replace_credentials
from insomnia_desktop.account.recovery import read_key, recover
from insomnia_desktop.account.sign_in import SignedIn, sign_in
from insomnia_desktop.account.sign_up import SignUpAttempts
from insomnia_desktop.account.typed import read_email, read_password
from insomnia_desktop.account.work import Work
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import to_base64url
from insomnia_desktop.protocol.binary import Bytes16
from insomnia_desktop.protocol.devices import Device
from insomnia_desktop.transport.api import SyncApi
from insomnia_desktop.transport.server_address import read_server_address
from tests.support.node_program import NodeClient, server_process
from tests.support.peers_tls import self_signed
from tests.support.vectors import FOLDER as VECTORS

pytestmark = pytest.mark.slow

# Typed as people type: the forms of PROTOCOL.md 1.3 and 1.4 must come out alike in both languages.
TYPED_EMAIL, EMAIL = " Zoe@Example.COM\n", "zoe@example.com"
PASSWORD = "\u00a0Äpfel \ufb01nden \U0001f34f \u2003"
# The same one as another keyboard gives it.
SAME_PASSWORD = "A\u0308pfel finden \U0001f34f"
NEW_PASSWORD = "a second password"
T = TypeVar("T")


def _with_ours(address: str, deed: Callable[[SyncApi, Work], Awaitable[T]]) -> T:
    """Let our own client do something."""

    async def run() -> T:
        api = SyncApi(read_server_address(address))
        try:
            return await deed(api, Work())
        finally:
            await api.close()

    return asyncio.run(run())


def _device() -> Device:
    return Device(Bytes16(os.urandom(16)), "Python", "linux")


class _KeepsNothing:
    """Nobody ends this program between the sign-up and its recovery key."""

    async def put(self, account_id: bytes, account_key: bytes | bytearray, text: str) -> None:
        """Keep nothing."""

    async def remove(self, account_id: bytes) -> None:
        """There is nothing."""


def _sign_up(address: str, password: str = PASSWORD) -> tuple[str, str]:
    """Make an account with our client; returns its id and recovery key."""

    async def deed(api: SyncApi, work: Work) -> tuple[str, str]:
        made = await SignUpAttempts(_KeepsNothing()).sign_up(
            api, email=read_email(TYPED_EMAIL), name="Zoë", password=read_password(password), invite=None, work=work
        )
        return to_base64url(made.message.account_id), made.recovery_text or ""

    return _with_ours(address, deed)


def _sign_in(address: str, password: str) -> SignedIn:
    """Sign in with our client, which checks everything that PROTOCOL.md 7.2 lists."""

    async def deed(api: SyncApi, work: Work) -> SignedIn:
        return await sign_in(api, email=EMAIL, password=read_password(password), device=_device(), pin=None, work=work)

    return _with_ours(address, deed)


def _refused_to_ours(address: str, password: str) -> str:
    with pytest.raises(KnownError) as caught:
        _sign_in(address, password)
    return caught.value.code


def test_node_computes_the_published_vectors(node: NodeClient) -> None:
    answer = node.do("vectors", folder=str(VECTORS))
    assert answer["wrong"] == []
    assert answer["checked"] > 10_000


def test_node_signs_up_and_in(node: NodeClient, server: str) -> None:
    made = node.do("sign-up", server=server, email=TYPED_EMAIL, password=PASSWORD, name="Zoë")
    signed_in = node.do("sign-in", server=server, email=EMAIL, password=SAME_PASSWORD)
    assert signed_in["account_id"] == made["account_id"]
    assert signed_in["account"] == node.do("account", server=server, token=signed_in["token"])["account"]
    assert {signed_in["account"][name] for name in ("email", "name")} == {EMAIL, "Zoë"}
    again = node.refused("sign-up", server=server, email=EMAIL, password=NEW_PASSWORD)
    assert again == {"error": "problem", "status": 409, "code": "email_taken"}
    wrong = {"error": "problem", "status": 401, "code": "bad_credentials"}
    assert node.refused("sign-in", server=server, email=EMAIL, password=NEW_PASSWORD) == wrong
    assert node.refused("sign-in", server=server, email="nobody@example.com", password=PASSWORD) == wrong


def test_node_keeps_its_pins(node: NodeClient, server: str) -> None:
    node.do("sign-up", server=server, email=EMAIL, password=PASSWORD, iters=600_000)
    known = {"server": server, "email": EMAIL, "password": PASSWORD}
    account_id = node.do("sign-in", **known, pins={"iters": 600_000})["account_id"]
    assert node.refused("sign-in", **known, pins={"iters": 600_001})["error"] == "not_authentic"
    other = node.refused("sign-in", **known, pins={"account_id": to_base64url(bytes(16))})
    assert other["error"] == "not_authentic"
    node.do("sign-in", **known, pins={"account_id": account_id})


def test_ours_uses_what_node_made(node: NodeClient, server: str) -> None:
    made = node.do("sign-up", server=server, email=TYPED_EMAIL, password=PASSWORD, name="Zoë")
    of_node = node.do("sign-in", server=server, email=EMAIL, password=PASSWORD)
    signed_in = _sign_in(server, SAME_PASSWORD)
    assert to_base64url(signed_in.unlocked.account_id) == made["account_id"]
    assert to_base64url(signed_in.unlocked.account_key) == of_node["account_key"]
    assert signed_in.account.name == "Zoë"
    assert _refused_to_ours(server, NEW_PASSWORD) == "account.wrong_credentials"


def test_node_uses_what_ours_made(node: NodeClient, server: str) -> None:
    account_id, _ = _sign_up(server)
    signed_in = node.do("sign-in", server=server, email=TYPED_EMAIL, password=SAME_PASSWORD)
    assert signed_in["account_id"] == account_id
    assert signed_in["account_key"] == to_base64url(_sign_in(server, PASSWORD).unlocked.account_key)
    wrong = node.refused("sign-in", server=server, email=EMAIL, password=NEW_PASSWORD)
    assert wrong["code"] == "bad_credentials"


def test_a_password_changed_by_node_is_ours(node: NodeClient, server: str) -> None:
    _sign_up(server)
    before = _sign_in(server, PASSWORD)
    change = {"password": PASSWORD, "new_password": NEW_PASSWORD}
    changed = node.do("change-password", server=server, email=EMAIL, **change)
    after = _sign_in(server, NEW_PASSWORD)
    assert after.unlocked == before.unlocked
    assert _refused_to_ours(server, PASSWORD) == "account.wrong_credentials"
    # The session that changed it goes on; all others have ended.
    assert node.do("account", server=server, token=changed["token"])["account"]["rev"] == after.account.rev
    ended = node.refused("account", server=server, token=to_base64url(before.token))
    assert ended == {"error": "problem", "status": 401, "code": "unauthorized"}


def test_a_password_changed_by_ours_is_nodes(node: NodeClient, server: str) -> None:
    node.do("sign-up", server=server, email=EMAIL, password=PASSWORD)
    before = node.do("sign-in", server=server, email=EMAIL, password=PASSWORD)

    async def deed(api: SyncApi, work: Work) -> None:
        secret, new = read_password(PASSWORD), read_password(NEW_PASSWORD)
        signed_in = await sign_in(api, email=EMAIL, password=secret, device=_device(), pin=None, work=work)
        await replace_credentials(api, signed_in, new, 1_100_000, work)

    _with_ours(server, deed)
    after = node.do("sign-in", server=server, email=EMAIL, password=NEW_PASSWORD, pins={"iters": 1_100_000})
    assert (after["account_key"], after["iters"]) == (before["account_key"], 1_100_000)
    assert node.refused("sign-in", server=server, email=EMAIL, password=PASSWORD)["code"] == "bad_credentials"
    assert node.refused("account", server=server, token=before["token"])["code"] == "unauthorized"


def test_node_recovers_what_ours_made(node: NodeClient, server: str) -> None:
    account_id, recovery_key = _sign_up(server)
    before = _sign_in(server, PASSWORD)
    typed = recovery_key.lower().replace("-", " ")
    recovered = node.do("recover", server=server, email=EMAIL, recovery_key=typed, new_password=NEW_PASSWORD)
    assert recovered["account_id"] == account_id
    # It was said before the server was told, and is the one that holds now.
    assert recovered["new_recovery_key"] == recovered["recovery_key"] != recovery_key
    assert _sign_in(server, NEW_PASSWORD).unlocked == before.unlocked
    assert _refused_to_ours(server, PASSWORD) == "account.wrong_credentials"
    once = node.refused("recover", server=server, email=EMAIL, recovery_key=typed, new_password=PASSWORD)
    assert once == {"error": "problem", "status": 401, "code": "bad_credentials"}
    _recover(server, recovered["recovery_key"], PASSWORD)
    assert _sign_in(server, PASSWORD).unlocked == before.unlocked


def test_ours_recovers_what_node_made(node: NodeClient, server: str) -> None:
    made = node.do("sign-up", server=server, email=EMAIL, password=PASSWORD)
    before = node.do("sign-in", server=server, email=EMAIL, password=PASSWORD)
    key = _recover(server, made["recovery_key"], NEW_PASSWORD)
    after = node.do("sign-in", server=server, email=EMAIL, password=NEW_PASSWORD)
    assert after["account_key"] == before["account_key"]
    assert node.refused("account", server=server, token=before["token"])["code"] == "unauthorized"
    node.do("recover", server=server, email=EMAIL, recovery_key=key, new_password=PASSWORD)
    node.do("sign-in", server=server, email=EMAIL, password=PASSWORD)


def test_iterations_do_not_fall_by_a_recovery(node: NodeClient, server: str) -> None:
    made = node.do("sign-up", server=server, email=EMAIL, password=PASSWORD, iters=1_100_000)
    pins = {"iters": 1_100_000}
    node.do("recover", server=server, email=EMAIL, recovery_key=made["recovery_key"], new_password=NEW_PASSWORD)
    node.do("sign-in", server=server, email=EMAIL, password=NEW_PASSWORD, pins=pins)


def _recover(address: str, recovery_key: str, new_password: str) -> str:
    """Recover with our client and return the next recovery key."""
    shown: list[str] = []

    async def deed(api: SyncApi, work: Work) -> str:
        recovered = await recover(
            api,
            email=EMAIL,
            recovery_key=read_key(recovery_key),
            new_password=read_password(new_password),
            device=_device(),
            pin=None,
            before_sending=shown.append,
            work=work,
        )
        return recovered.recovery_key

    assert [_with_ours(address, deed)] == shown
    return shown[0]


def test_both_trust_the_pinned_certificate_and_no_other(node: NodeClient, tmp_path: Path) -> None:
    issued = self_signed(tmp_path, "elsewhere.example")
    pin = hashlib.sha256(issued.certificate.public_bytes(Encoding.DER)).digest()
    with server_process(tmp_path, "--tls-cert", str(issued.pem), "--registration", "open") as address:
        pinned = f"{address}#{to_base64url(pin)}"
        node.do("sign-up", server=pinned, email=EMAIL, password=PASSWORD)
        of_node = node.do("sign-in", server=pinned, email=EMAIL, password=PASSWORD)
        assert to_base64url(_sign_in(pinned, PASSWORD).unlocked.account_key) == of_node["account_key"]
        for other in (address, f"{address}#{to_base64url(bytes(32))}"):
            assert node.refused("sign-in", server=other, email=EMAIL, password=PASSWORD)["error"] == "network"


@pytest.mark.parametrize(
    "address", ["http://example.com", "ftp://localhost", "http://localhost/path", "https://localhost#AAAA", "localhost"]
)
def test_node_refuses_what_is_no_address(node: NodeClient, address: str) -> None:
    answer = node.refused("sign-in", server=address, email=EMAIL, password=PASSWORD)
    assert answer["error"] == "refused"
