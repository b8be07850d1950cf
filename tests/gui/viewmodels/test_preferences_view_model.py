"""Settings while they are edited: what fits is stored at once, what does not is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from insomnia_desktop.model.settings import SETTINGS
from insomnia_desktop.ui.viewmodels.preferences_view_model import PreferencesViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession

CERTIFICATES = "tls.client_certificates"


@pytest.fixture
def view_model(session: UiSession) -> Iterator[PreferencesViewModel]:
    made = PreferencesViewModel(session)
    yield made
    made.deleteLater()


def test_every_setting_stands_on_one_page(view_model: PreferencesViewModel) -> None:
    assert view_model.pages() == ["Appearance", "Sending", "Proxy", "Certificates", "Storage"]
    listed = [setting.key for page in view_model.pages() for setting in view_model.settings(page)]
    assert sorted(listed) == sorted(SETTINGS)


def test_a_value_is_in_force_at_once_and_resets(view_model: PreferencesViewModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view_model.changed, check_params_cb=lambda key: key == "editor.wrap"):
        view_model.set_value("editor.wrap", False)
    assert view_model.value("editor.wrap") is False
    assert view_model.is_changed("editor.wrap")
    view_model.reset("editor.wrap")
    assert not view_model.is_changed("editor.wrap")


def test_what_others_set_is_told(view_model: PreferencesViewModel, session: UiSession, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view_model.changed, check_params_cb=lambda key: key == "history.kept"):
        session.services.preferences.set("history.kept", 5).result()


@pytest.mark.parametrize(
    ("key", "text", "stored"),
    [
        ("appearance.zoom", " 150 ", 150),
        ("proxy.address", "socks5://user:pw@proxy.example:1080", "socks5://user:pw@proxy.example:1080"),
        ("proxy.address", "proxy.example:3128", "proxy.example:3128"),
        ("proxy.address", "", ""),
        ("proxy.exceptions", "anything goes", "anything goes"),
    ],
)
def test_what_fits_is_stored(view_model: PreferencesViewModel, key: str, text: str, stored: object) -> None:
    assert view_model.set_text(key, text) == ""
    assert view_model.value(key) == stored


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [
        ("appearance.zoom", "12", "50 to 200 %"),
        ("appearance.zoom", "", "whole number"),
        ("appearance.zoom", "9" * 5000, "whole number"),
        ("appearance.zoom", "-100", "whole number"),
        ("proxy.address", "ftp://x", "http, https or socks5"),
        ("proxy.address", "http://x:99999", "http://host:port"),
        ("proxy.address", "two words", "http://host:port"),
        ("appearance.mono_font", "No Such Font At All", "installed"),
    ],
)
def test_what_does_not_fit_is_said_and_not_stored(
    view_model: PreferencesViewModel, key: str, text: str, words: str
) -> None:
    assert words in view_model.set_text(key, text)
    assert view_model.value(key) == SETTINGS[key].default


def test_rows_of_a_table_are_stored_where_they_can_be_used(view_model: PreferencesViewModel, tmp_path: Path) -> None:
    there = tmp_path / "client.pem"
    there.write_text("x")
    rows = [
        {"host": " a.example ", "certificate": str(there)},
        {"host": "", "certificate": str(there)},
        {},
        {"host": "b.example", "certificate": str(tmp_path / "gone.pem")},
        {"host": "c.example", "certificate": "  "},
        {"host": "d e", "certificate": str(there)},
    ]
    problems = view_model.set_rows(CERTIFICATES, rows)
    assert set(problems) == {(1, "host"), (3, "certificate"), (4, "certificate"), (5, "host")}
    assert [row["host"] for row in view_model.value(CERTIFICATES)] == ["a.example", "b.example"]
    assert view_model.left_out(CERTIFICATES, rows)
    assert not view_model.left_out(CERTIFICATES, [rows[0], {}, rows[3]])


def test_an_authority_needs_no_host(view_model: PreferencesViewModel, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("x")
    assert view_model.set_rows("tls.authorities", [{"file": str(tmp_path / "ca.pem")}]) == {}
    assert view_model.value("tls.authorities") == [{"file": str(tmp_path / "ca.pem")}]


def test_the_filter_looks_at_everything_that_is_shown(view_model: PreferencesViewModel) -> None:
    def found(text: str) -> list[str]:
        return [setting.key for setting in SETTINGS.values() if view_model.matches(setting, text)]

    assert found("socks5") == ["proxy.address"]
    assert found("KEY file") == [CERTIFICATES]
    assert "sending.total_timeout_ms" in found("timeout")
    assert found("nothing of the kind") == []
