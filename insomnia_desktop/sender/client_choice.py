"""Which client a request takes: proxy, TLS files of its host, HTTP version, and the passwords of locked keys."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Final

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.sender.address import Address
from insomnia_desktop.sender.clients import TransportKey
from insomnia_desktop.sender.proxies import proxy_for
from insomnia_desktop.sender.send_settings import SendSettings, host_matches
from insomnia_desktop.sender.tls_contexts import PasswordNeeded, TlsChoice, make_context, stamps_of

AskPassword = Callable[[str], Awaitable[str | None]]
_TRIES: Final = 3


class ContextSource:
    """Makes TLS contexts in a thread and asks for passwords, which stay in memory. Threads: the loop's."""

    def __init__(self, ask_password: AskPassword | None) -> None:
        self._ask_password = ask_password
        self._passwords: dict[str, str] = {}

    async def make(self, choice: TlsChoice, host: str) -> ssl.SSLContext:
        """Return the context; raises KnownError `send.client_certificate`, `send.authority_file`."""
        password: str | None = self._passwords.get(choice.certificate)
        reason = "password"
        for _ in range(_TRIES + 1):
            try:
                context = await asyncio.to_thread(make_context, choice, host=host, password=password)
            except PasswordNeeded as needed:
                self._passwords.pop(choice.certificate, None)
                reason = "wrong_password" if needed.wrong else "password"
                password = await self._ask_password(needed.path) if self._ask_password is not None else None
                if password is None:
                    break
                continue
            if password is not None:
                self._passwords[choice.certificate] = password
            return context
        raise KnownError("send.client_certificate", host=host, path=choice.certificate, reason=reason, detail="")


async def transport_key(address: Address, settings: SendSettings) -> TransportKey:
    """Return what the client for an address is known by; raises KnownError `send.bad_proxy`."""
    proxy = proxy_for(address, settings)
    if address.scheme == "http":
        secure_proxy = proxy is not None and proxy.kind == "https"
        tls = TlsChoice(verify=settings.verify_tls) if secure_proxy else None
        return TransportKey(tls=tls, proxy=proxy, http_version=settings.http_version)
    certificate = next(
        (
            one
            for one in settings.client_certificates
            if one.host and host_matches(one.host, address.host, address.port)
        ),
        None,
    )
    authorities = tuple(
        one.file for one in settings.authorities if not one.host or host_matches(one.host, address.host, address.port)
    )
    files = (certificate.certificate, certificate.key) if certificate is not None else ("", "")
    stamps: tuple[float, ...] = ()
    if certificate is not None or authorities:
        stamps = await asyncio.to_thread(stamps_of, *files, *authorities)
    choice = TlsChoice(
        verify=settings.verify_tls, certificate=files[0], key=files[1], authorities=authorities, stamps=stamps
    )
    return TransportKey(tls=choice, proxy=proxy, http_version=settings.http_version)
