"""How strong a password is."""

from __future__ import annotations

import pytest

from insomnia_desktop.base.loop_thread import LoopThread
from insomnia_desktop.services.password_strength import PasswordStrength, measured


@pytest.mark.parametrize(
    ("password", "lowest", "highest"),
    [
        ("", 0, 0),
        ("password12", 0, 1),
        ("ada@example.com", 0, 1),
        ("correct horse battery staple", 4, 4),
        ("x" * 5000, 0, 4),
        ("\u00e4\u00f6\u00fc \U0001f40e battery", 2, 4),
    ],
)
def test_from_0_to_4(password: str, lowest: int, highest: int) -> None:
    assert lowest <= measured(password, ("ada@example.com", "Ada", "")).score <= highest


def test_what_else_was_typed_makes_it_weaker() -> None:
    alone, repeated = measured("lindqvist", ()), measured("lindqvist", ("ada@lindqvist.example",))
    assert repeated.score < alone.score
    assert measured("password", ()).words.endswith(".")


def test_one_that_would_not_be_taken_is_said_to_be_too_short() -> None:
    found = measured("9f#Kq2!xZ", ())
    assert (found.too_short, found.least) == (True, 10)
    assert not measured("9f#Kq2!xZw", ()).too_short
    assert not measured("x" * 5000, ()).too_short


def test_it_is_measured_on_the_worker() -> None:
    loop = LoopThread("worker-sync")
    strength = PasswordStrength(loop)
    assert strength.measure("correct horse battery staple", ["Ada"]).result(60).score == 4
    loop.stop(5)
