"""What an unknown e-mail is answered: server.domain.unknown_emails."""

from __future__ import annotations

import hmac
import os

from insomnia_desktop.crypto.srp_group import N, check_srp_salt
from insomnia_desktop.server.domain import unknown_emails

SECRET = bytes(range(32))
EMAIL = "nobody@example.com"


def test_the_answers_are_those_of_the_protocol() -> None:
    assert unknown_emails.kdf_salt(SECRET, EMAIL) == hmac.digest(SECRET, b"kdfnobody@example.com", "sha256")[:16]
    h = hmac.digest(SECRET, b"srpnobody@example.com", "sha256")
    assert unknown_emails.srp_salt(SECRET, EMAIL) == bytes([1 + h[0] % 255]) + h[1:16]
    x = int.from_bytes(hmac.digest(SECRET, b"vnobody@example.com", "sha256"), "big")
    assert unknown_emails.verifier(SECRET, EMAIL) == pow(2, x, N).to_bytes(256, "big")


def test_they_are_the_same_for_ever_and_differ_by_e_mail_and_server() -> None:
    for answer in (unknown_emails.kdf_salt, unknown_emails.srp_salt, unknown_emails.verifier):
        assert answer(SECRET, EMAIL) == answer(SECRET, EMAIL)
        assert len({answer(SECRET, EMAIL), answer(os.urandom(32), EMAIL), answer(SECRET, "x" + EMAIL)}) == 3


def test_the_salts_are_such_as_clients_take() -> None:
    for number in range(600):
        check_srp_salt(unknown_emails.srp_salt(SECRET, f"{number}@example.com"))
