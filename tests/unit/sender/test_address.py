"""Addresses as typed (insomnia_desktop.sender.address)."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.sender.address import (
    add_parameters,
    encode_component,
    fill_path,
    parse_address,
    resolve_location,
    target_of,
)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("example.com", "https://example.com/"),
        (" https://Example.COM:443/A?b#c ", "https://example.com/A?b"),
        ("http://example.com:443/", "http://example.com:443/"),
        ("//example.com/x", "https://example.com/x"),
        ("localhost:8080/x", "http://localhost:8080/x"),
        ("api.localhost", "http://api.localhost/"),
        ("127.0.0.1", "http://127.0.0.1/"),
        ("192.168.0.7:81/x", "http://192.168.0.7:81/x"),
        ("8.8.8.8", "https://8.8.8.8/"),
        ("[::1]:9", "http://[::1]:9/"),
        ("[2606:4700::1111]", "https://[2606:4700::1111]/"),
        ("http://x/a/../b//./c", "http://x/a/../b//./c"),
        ("http://x?q=1", "http://x/?q=1"),
        ('http://x/{a}|"<>`^\\?[]', 'http://x/{a}|"<>`^\\?[]'),
        ("http://x/ü b\t%zz", "http://x/%C3%BC%20b%09%zz"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://a_b.example./", "http://a_b.example./"),
        ("http://x:/", "http://x/"),
    ],
)
def test_what_is_asked_for(typed: str, expected: str) -> None:
    assert str(parse_address(typed)) == expected


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("ftp://x/", "scheme"),
        ("http://", "no_host"),
        ("http:///x", "no_host"),
        ("http://:80/", "no_host"),
        ("http://exa mple/", "host"),
        ("http://{{x}}/", "host"),
        ("http://a%20b/", "host"),
        ("http://[::g]/", "host"),
        ("http://[::1/", "host"),
        ("http://[fe80::1%eth0]/", "zone"),
        ("http://a..b/", "host_length"),
        ("http://" + "a" * 64 + ".example/", "host_length"),
        ("http://x:0/", "port"),
        ("http://x:65536/", "port"),
        ("http://x:8o/", "port"),
        ("http://x:\u0661/", "port"),
        ("http://xn--ü.example/", "international"),
    ],
)
def test_what_is_no_address_is_named(typed: str, reason: str) -> None:
    with pytest.raises(KnownError) as caught:
        parse_address(typed)
    assert (caught.value.code, caught.value.params["reason"]) == ("send.bad_address", reason)


def test_a_password_is_never_in_the_error_nor_in_the_address() -> None:
    address = parse_address("http://me:p%3Ass@x/")
    assert (address.user, address.password, "ss" in str(address)) == (b"me", b"p:ss", False)
    with pytest.raises(KnownError) as caught:
        parse_address("http://me:secret@x y/")
    assert "secret" not in str(caught.value)


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_known_error(text: str) -> None:
    try:
        address = parse_address(text)
    except KnownError as error:
        code = error.code
    else:
        code = "send.bad_address"
        assert all("\x21" <= character <= "\x7e" for character in address.target)
        assert address.target.startswith("/")
        assert parse_address(str(address)).target == address.target
    assert code == "send.bad_address"


@given(st.text(alphabet=string.printable.strip().replace("#", ""), max_size=40))
def test_printable_targets_stay_as_they_are(tail: str) -> None:
    assert target_of("/" + tail) == "/" + tail


def test_parameters_are_added_behind_the_query_and_before_the_fragment() -> None:
    pairs = [("a b", "ä&="), ("c", "")]
    added = "a%20b=%C3%A4%26%3D&c="
    assert add_parameters("http://x", pairs) == f"http://x?{added}"
    assert add_parameters("http://x/?q=1#f", pairs) == f"http://x/?q=1&{added}#f"
    assert add_parameters("http://x/?", pairs) == f"http://x/?{added}"
    assert add_parameters("http://x/?q&", pairs) == f"http://x/?q&{added}"
    assert add_parameters("http://x/#f", []) == "http://x/#f"


def test_path_parameters_fill_whole_segments_of_the_path_only() -> None:
    values = {"id": "a/b ü", "empty": "", "80": "no"}
    assert fill_path("https://h:80/:id/x:id/:id.json/:empty/:other?:id#/:id", values) == (
        "https://h:80/a%2Fb%20%C3%BC/x:id/:id.json/:empty/:other?:id#/:id"
    )
    assert fill_path("h/:id", values) == "h/a%2Fb%20%C3%BC"
    assert fill_path("https://:id", values) == "https://:id"


@given(st.text(max_size=30))
def test_an_encoded_component_can_be_put_anywhere(text: str) -> None:
    encoded = encode_component(text.encode("utf-8", "ignore").decode("utf-8"))
    assert not set(encoded) - set(string.ascii_letters + string.digits + "-_.!~*'()%")


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("https://other/x/../y", "https://other/x/../y"),
        ("//other:81/x", "http://other:81/x"),
        ("/x/../y", "http://h:1/x/../y"),
        ("c?d", "http://h:1/a/c?d"),
        ("../c", "http://h:1/c"),
        ("?d", "http://h:1/a/b?d"),
        ("/ü ", "http://h:1/%C3%BC"),
    ],
)
def test_a_location_is_read_relative_to_where_it_came_from(location: str, expected: str) -> None:
    assert str(resolve_location(parse_address("http://h:1/a/b?q"), location)) == expected


@pytest.mark.parametrize("location", ["mailto:a@b", "javascript:1", "ftp://x"])
def test_a_location_of_another_scheme_is_refused(location: str) -> None:
    with pytest.raises(KnownError):
        resolve_location(parse_address("http://h/"), location)


@pytest.mark.parametrize(
    ("typed", "reason", "scheme"),
    [
        ("http:example.com", "slashes", "http"),
        ("HTTPS:/example.com/a", "slashes", "https"),
        ("http:\\\\example.com", "slashes", "http"),
        ("javascript:alert(1)", "scheme", "javascript"),
        ("mailto:a@b", "scheme", "mailto"),
        ("data:text/plain,x", "scheme", "data"),
    ],
)
def test_a_scheme_without_its_slashes_is_not_taken_for_a_server(typed: str, reason: str, scheme: str) -> None:
    with pytest.raises(KnownError) as caught:
        parse_address(typed)
    assert (caught.value.params["reason"], caught.value.params["scheme"]) == (reason, scheme)


def test_a_server_with_the_name_of_a_scheme_and_a_port_is_one() -> None:
    assert (parse_address("data:8080/x").host, parse_address("http:80").port) == ("data", 80)


@pytest.mark.parametrize("typed", ["\ufeffhttp://h/a", "http://h/a\u200b", " \u2060http://h/a \u200b"])
def test_unseen_characters_around_a_copied_address_are_left_out(typed: str) -> None:
    assert str(parse_address(typed)) == "http://h/a"
