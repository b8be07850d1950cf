"""crypto.numbers: the same numbers with GMP and without it."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.crypto import numbers, srp_group
from insomnia_desktop.crypto.srp_group import N

LARGE = st.integers(-(2**2100), 2**2100)


def _loaded(monkeypatch: pytest.MonkeyPatch, gmpy2: ModuleType | None) -> ModuleType:
    """Load the module once more, beside another `gmpy2` or none."""
    monkeypatch.setitem(sys.modules, "gmpy2", gmpy2)
    spec = importlib.util.spec_from_file_location("numbers_again", numbers.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@given(LARGE, st.integers(0, 2**512), st.one_of(st.just(N), st.integers(1, 2**300).map(lambda half: 2 * half + 1)))
def test_powers_are_those_of_python(base: int, exponent: int, modulus: int) -> None:
    assert numbers.modular_power(base, exponent, modulus) == pow(base, exponent, modulus)


def test_without_gmp_python_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    module = _loaded(monkeypatch, None)
    assert module.modular_power(-5, 2**200 + 1, N) == pow(-5, 2**200 + 1, N)


def test_with_gmp_it_is_asked_for_what_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int, int]] = []

    def powmod_sec(base: int, exponent: int, modulus: int) -> int:
        asked.append((base, exponent, modulus))
        return pow(base, exponent, modulus)

    gmpy2 = ModuleType("gmpy2")
    gmpy2.powmod_sec = powmod_sec  # type: ignore[attr-defined]
    module = _loaded(monkeypatch, gmpy2)
    assert module.modular_power(-3, 5, 7) == 2
    # It refuses this exponent.
    assert module.modular_power(3, 0, 7) == 1
    assert asked == [(-3, 5, 7)]


@given(st.integers(0, 2**2100))
def test_bytes_without_leading_zeros(number: int) -> None:
    data = numbers.shortest_bytes(number)
    assert not data.startswith(b"\0")
    assert numbers.number_of(b"\0" + data) == number


def test_the_package_takes_these_for_its_own() -> None:
    assert numbers.shortest_bytes(0) == b""
    for name, function in (
        ("pow", numbers.modular_power),
        ("long_to_bytes", numbers.shortest_bytes),
        ("bytes_to_long", numbers.number_of),
    ):
        assert getattr(srp_group.srp, name) is function  # type: ignore[attr-defined]
