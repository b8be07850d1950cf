"""The declarations of insomnia_desktop.model.settings."""

from __future__ import annotations

from typing import Any

import pytest

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.model.settings import SETTINGS


def test_every_default_fits_its_own_declaration() -> None:
    for setting in SETTINGS.values():
        assert setting.check(setting.default) == setting.default
        assert setting.label
        assert setting.page


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("appearance.theme", "pink"),
        ("appearance.zoom", 10),
        ("appearance.zoom", True),
        ("tls.verify", 1),
        ("proxy.address", None),
        ("tls.authorities", [{"host": 1}]),
        ("tls.authorities", [{"other": "x"}]),
        ("tls.authorities", "x"),
    ],
)
def test_what_does_not_fit_is_refused(key: str, value: Any) -> None:
    with pytest.raises(KnownError, match=r"setting\.invalid"):
        SETTINGS[key].check(value)


def test_a_table_that_fits_is_taken() -> None:
    rows = [{"host": "a.example", "file": "/ca.pem"}]
    assert SETTINGS["tls.authorities"].check(rows) == rows
