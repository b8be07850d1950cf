"""The exchange of PROTOCOL.md 11.2: read from the page, carried out at a server, and compared with what it answers."""

from __future__ import annotations

import json
import os
import re
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx

from insomnia_desktop import __version__
from insomnia_desktop.crypto.srp_client import ClientHandshake
from insomnia_desktop.protocol.binary import Bytes16, decode, encode
from insomnia_desktop.protocol.devices import Device
from tests.support.event_reader import EventReader, reading
from tests.support.server_groups import purge
from tests.support.sources import CHECKOUT
from tests.support.sync_desk import SyncDesk
from tests.support.vectors import EMAIL, KDF_SRP, SRP_SALT, V1, h

START, END = "### 11.2 ", "## 12. "
LAPTOP = Device(Bytes16(decode("sLGys7S1tre4ubq7vL2-vw")), "Laptop", "linux")
DESKTOP = Device(Bytes16(decode("wMHCw8TFxsfIycrLzM3Ozw")), "Desktop", "windows")
_REQUEST = re.compile(r"(GET|POST|PUT|DELETE) (/\S*)(?: +([A-Z][A-Za-z-]+): (\S+))?")
_ANSWER = re.compile(r"([1-5]\d\d)(?: +([A-Z][A-Za-z-]+): (\S+))?")
_BYTES = re.compile(r"<(\d+) bytes>")


@dataclass
class Example:
    """One request and its answer as they stand on the page; `remark` is the comment in front of it."""

    remark: str
    method: str
    path: str
    request_header: tuple[str, str] | None
    request: str
    status: int = 0
    answer_header: tuple[str, str] | None = None
    answer: str = ""


def examples() -> list[Example]:
    """Return the examples of the page, in their order."""
    page = (CHECKOUT / "PROTOCOL.md").read_text(encoding="utf-8")
    text = page[page.index(START) : page.index(END)]
    found: list[Example] = []
    remark, part = "", ""
    for line in "\n".join(text.split("```")[1::2]).splitlines():
        request, answer = _REQUEST.fullmatch(line.rstrip()), _ANSWER.fullmatch(line.rstrip())
        if line.startswith("# "):
            remark = f"{remark} {line[2:]}".strip()
        elif request is not None:
            found.append(Example(remark, request[1], request[2], _header(request[3], request[4]), ""))
            remark, part = "", "request"
        elif answer is not None:
            found[-1].status, found[-1].answer_header = int(answer[1]), _header(answer[2], answer[3])
            part = "answer"
        elif line.strip():
            indented = line.strip() if part == "request" or found[-1].path != "/v1/events" else line + "\n"
            setattr(found[-1], part, getattr(found[-1], part) + indented)
        elif found and found[-1].path == "/v1/events" and part == "answer" and found[-1].answer[-2:] != "\n\n":
            found[-1].answer += "\n"
    return found


def _header(name: str | None, value: str | None) -> tuple[str, str] | None:
    return (name, value) if name and value else None


@dataclass
class Exchange:
    """Carries the examples out. What the page writes as `<...>` is filled in, and compared where it is known."""

    desk: SyncDesk
    tokens: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    streams: list[tuple[EventReader, str]] = field(default_factory=list)
    _handshake: ClientHandshake | None = None

    async def run(self, told: list[Example]) -> None:
        """Carry them out one after the other; raises AssertionError at the first answer that is another one."""
        self._name_what_is_published()
        async with AsyncExitStack() as stack:
            for example in told:
                await self._prepare(example.remark)
                if example.path == "/v1/events":
                    reader = await stack.enter_async_context(reading(self.desk, self._token(example)))
                    self.streams.append((reader, example.answer))
                    continue
                self._check(example, await self._ask(example))
            for reader, text in self.streams:
                said = ""
                while len(said) < len(text):
                    said += await reader.next() or "(the end)"
                assert said == text
                assert await reader.next() is None

    def _name_what_is_published(self) -> None:
        def told(digits: str) -> str:
            return encode(h(digits))

        self.names = {
            "<v of kdf-srp.json>": told(KDF_SRP["_v"]),
            "<A of kdf-srp.json>": told(KDF_SRP["_A"]),
            "<rsa.public_spki>": told(V1["rsa"]["public_spki"]),
            "<rsa.wrap>": told(V1["rsa"]["wrap"]),
            "<version>": __version__,
            "<server_epoch>": encode(self.desk.context.server_epoch),
            "<another envelope>": encode(b"\x01\0\0\0\x01" + os.urandom(284)),
        }
        for row in V1["revisions"]:
            kind = "workspace" if row["resource_id"] == V1["group"]["workspace_id"] else "request"
            self.names[f"<envelope {row['version']} of the {kind}>"] = told(row["envelope"])

    async def _prepare(self, remark: str) -> None:
        """Do what a comment says happened in between."""
        if "desktop signs in" in remark or "laptop signs in again" in remark:
            device = DESKTOP if "desktop" in remark else LAPTOP
            await self._sign_in(device)
        if "let go of" in remark:
            await purge(self.desk.context, h(V1["group"]["group_id"]), 1.0)

    async def _sign_in(self, device: Device) -> None:
        begun = await self.desk.asking("POST", "/auth/login-a", self._body_of(_BEGIN))
        self._note("/auth/login-a", begun)
        message = {"handshake_id": self.names["<handshake_id>"], "srpM1": self.names["<srpM1>"], "device": device}
        self._note("/auth/login-m1", await self.desk.asking("POST", "/auth/login-m1", message))
        self.tokens[device.name] = self.names["<token>"]

    async def _ask(self, example: Example) -> httpx.Response:
        headers = dict([example.request_header] if example.request_header else [])
        headers = {name: self._filled(value) for name, value in headers.items()}
        body = self._body_of(example.request) if example.request else None
        token = self._token(example)
        answer = await self.desk.asking(example.method, example.path, body, token, headers=headers)
        self._note(example.path, answer)
        if example.path == "/auth/login-m1":
            self.tokens["Laptop"] = self.names["<token>"]
        return answer

    def _token(self, example: Example) -> str:
        if example.path.startswith("/auth") or example.path in ("/v1/version", "/v1/health"):
            return ""
        return self.tokens["Desktop" if "desktop:" in example.remark.lower() else "Laptop"]

    def _note(self, path: str, answer: httpx.Response) -> None:
        """Keep of an answer what later requests need."""
        if path == "/auth/login-a" and answer.status_code == 200:
            told = answer.json()
            self._handshake = ClientHandshake(EMAIL, h(KDF_SRP["srp_auth"]), secret=h(KDF_SRP["a"]))
            proof = self._handshake.respond(SRP_SALT, decode(told["srpB"]))
            self.names |= {"<handshake_id>": told["handshake_id"], "<srpM1>": encode(proof.M1)}
            self._proof, self._B = proof, decode(told["srpB"])
        elif path == "/auth/login-m1" and answer.status_code == 200:
            self.names["<token>"] = self._open(answer.json()["sealed"])
        if "etag" in answer.headers:
            self.names["<etag>"] = answer.headers["etag"]

    def _open(self, sealed: str) -> str:
        from insomnia_desktop.crypto.session_seal import open_session, transcript

        assert self._handshake is not None
        kdf_salt, iters = h(KDF_SRP["kdf_salt"]), KDF_SRP["iterations"]
        T = transcript(EMAIL, kdf_salt, iters, SRP_SALT, self._handshake.A, self._B)
        opened = open_session(self._proof.K, T, decode(self.names["<handshake_id>"]), decode(sealed))
        return str(json.loads(opened)["token"])

    def _check(self, example: Example, answer: httpx.Response) -> None:
        where = f"{example.method} {example.path}"
        assert answer.status_code == example.status, f"{where}: {answer.status_code} {answer.text}"
        if example.answer_header is not None:
            name, value = example.answer_header
            assert answer.headers[name] == self._filled(value), where
        if example.answer:
            told = json.loads(example.answer)
            assert self._same(told, answer.json()), f"{where}\n{answer.text}"
        else:
            assert answer.content == b"", where

    def _same(self, told: Any, found: Any) -> bool:
        if isinstance(told, dict):
            return (
                isinstance(found, dict)
                and list(told) == list(found)
                and all(self._same(value, found[key]) for key, value in told.items())
            )
        if isinstance(told, list):
            return isinstance(found, list) and len(told) == len(found) and all(map(self._same, told, found))
        size = _BYTES.fullmatch(told) if isinstance(told, str) else None
        if size is not None:
            return isinstance(found, str) and len(decode(found)) == int(size[1])
        told = self._filled(told) if isinstance(told, str) else told
        return type(told) is type(found) and bool(told == found)

    def _body_of(self, text: str) -> bytes:
        return json.dumps(json.loads(self._filled(text))).encode()

    def _filled(self, text: str) -> str:
        for name, value in self.names.items():
            text = text.replace(name, value)
        # A number that begins with a 1 is in the range of every field.
        return _BYTES.sub(lambda found: encode(b"\x01" + os.urandom(int(found[1]) - 1)), text)


_BEGIN = json.dumps({"email": EMAIL, "srpA": "<A of kdf-srp.json>"})
