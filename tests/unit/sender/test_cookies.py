"""The cookie jar by RFC 6265 (insomnia_desktop.sender.cookies)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.model.cookie_jar import Cookie, CookieJar
from insomnia_desktop.sender.address import parse_address
from insomnia_desktop.sender.cookies import (
    MOST_OF_A_DOMAIN,
    CookieNote,
    cookie_header,
    cookies_for,
    default_path,
    domain_matches,
    parse_cookie_date,
    parse_set_cookie,
    path_matches,
    store_from,
)

NOW = 1_772_366_400_000
EMPTY = CookieJar(id="jar_" + "0" * 32, parent_id=None, sort_key="")


def stored(url: str, *lines: str, jar: CookieJar = EMPTY, now: int = NOW) -> tuple[CookieJar, list[str]]:
    """Return the jar after these lines from an address, and the outcomes."""
    after, notes = store_from(jar, parse_address(url), lines, now)
    return after, [note.reason or note.outcome for note in notes]


def sent(jar: CookieJar, url: str, now: int = NOW) -> str:
    """Return the Cookie header for an address."""
    return cookie_header(cookies_for(jar, parse_address(url), now))


@pytest.mark.parametrize(
    ("line", "url", "goes"),
    [
        ("a=1", "https://x.example/p/q", True),
        ("a=1", "https://sub.x.example/p/q", False),
        ("a=1; Domain=x.example", "https://sub.x.example/p/q", True),
        ("a=1; Domain=.X.Example", "https://sub.x.example/p/q", True),
        ("a=1; Domain=x.example", "https://ax.example/p/q", False),
        ("a=1", "https://x.example/p", True),
        ("a=1", "https://x.example/other", False),
        ("a=1; Path=/", "https://x.example/other", True),
        ("a=1; Path=/pa", "https://x.example/path", False),
        ("a=1; Path=nonsense", "https://x.example/p", True),
        ("a=1; Secure", "http://x.example/p/", False),
        ("a=1; HttpOnly; SameSite=Strict", "https://x.example/p/", True),
    ],
)
def test_where_a_cookie_goes(line: str, url: str, goes: bool) -> None:
    jar, _ = stored("https://x.example/p/here", line)
    assert sent(jar, url) == ("a=1" if goes else "")


@pytest.mark.parametrize(
    ("url", "line", "outcome"),
    [
        ("https://x.example/", "=", "empty"),
        ("https://x.example/", "a=b\x01", "control"),
        ("https://x.example/", "a=" + "x" * 4096, "too_large"),
        ("https://x.example/", "a=1; Domain=other.example", "other_domain"),
        ("https://x.example/", "a=1; Domain=sub.x.example", "other_domain"),
        ("https://x.co.uk/", "a=1; Domain=co.uk", "public_suffix"),
        ("https://x.example/", "a=1; Domain=example", "public_suffix"),
        ("https://co.uk/", "a=1; Domain=co.uk", "kept"),
        ("http://x.example/", "a=1; Secure", "insecure"),
        ("http://localhost/", "a=1; Secure", "kept"),
        ("http://127.0.0.1/", "a=1; Secure", "kept"),
        ("https://x.example/", "__Secure-a=1", "prefix"),
        ("https://x.example/", "__Secure-a=1; Secure", "kept"),
        ("https://x.example/", "__Host-a=1; Secure", "prefix"),
        ("https://x.example/", "__Host-a=1; Secure; Path=/", "kept"),
        ("https://x.example/", "__Host-a=1; Secure; Path=/; Domain=x.example", "prefix"),
        ("https://x.example/", "__HOST-a=1", "prefix"),
        ("https://x.example/", "__Host-a; Secure; Path=/", "prefix"),
        ("https://127.0.0.1/", "a=1; Domain=0.0.1", "other_domain"),
        ("https://x.example/", "a=1; Max-Age=0", "removed"),
    ],
)
def test_what_is_refused_and_why(url: str, line: str, outcome: str) -> None:
    assert stored(url, line)[1] == [outcome]


def test_attributes_are_kept() -> None:
    line = (
        'sid = "q=1" ; expires=Wed, 09 Jun 2027 10:18:14 GMT; HttpOnly; secure; samesite=LAX; Path=/x; Domain=a.example'
    )
    cookie = parse_set_cookie(line, parse_address("https://b.a.example/"), NOW)
    assert isinstance(cookie, Cookie)
    assert (cookie.name, cookie.value, cookie.domain, cookie.path) == ("sid", '"q=1"', "a.example", "/x")
    assert (cookie.secure, cookie.http_only, cookie.host_only, cookie.same_site) == (True, True, False, "lax")
    assert cookie.expires is not None
    assert cookie.expires <= NOW + 400 * 86_400_000
    assert cookie.created == NOW


def test_max_age_goes_before_expires_and_time_takes_cookies_away() -> None:
    jar, _ = stored("http://x.example/", "a=1; Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "b=2")
    assert sent(jar, "http://x.example/", NOW + 9_999) == "a=1; b=2"
    assert sent(jar, "http://x.example/", NOW + 10_000) == "b=2"
    later, _ = stored("http://x.example/", "c=3", jar=jar, now=NOW + 20_000)
    assert [cookie.name for cookie in later.cookies] == ["b", "c"]


def test_a_cookie_is_replaced_in_place_and_removed_by_its_past() -> None:
    jar, _ = stored("http://x.example/", "a=1", "b=1")
    again, outcomes = stored("http://x.example/", "a=2", jar=jar, now=NOW + 5)
    assert outcomes == ["replaced"]
    assert [(c.id, c.created) for c in again.cookies] == [(c.id, c.created) for c in jar.cookies]
    assert again.cookies[0].value == "2"
    gone, outcomes = stored("http://x.example/", "a=; Max-Age=-1", jar=again)
    assert outcomes == ["removed"]
    assert [cookie.name for cookie in gone.cookies] == ["b"]


def test_an_insecure_answer_does_not_replace_a_secure_cookie() -> None:
    jar, _ = stored("https://x.example/", "a=1; Secure")
    after, outcomes = stored("http://x.example/", "a=2", jar=jar)
    assert outcomes == ["insecure"]
    assert after.cookies == jar.cookies


def test_longer_paths_go_first_then_older_cookies() -> None:
    first, _ = stored("http://x.example/", "old=1; Path=/")
    second, _ = stored("http://x.example/", "new=1; Path=/", "deep=1; Path=/a", jar=first, now=NOW + 1)
    assert sent(second, "http://x.example/a/b", NOW + 2) == "deep=1; old=1; new=1"


def test_a_domain_holds_only_so_many_and_the_oldest_go() -> None:
    jar = EMPTY
    for number in range(MOST_OF_A_DOMAIN + 2):
        jar, _ = stored("http://x.example/", f"c{number}=1", jar=jar, now=NOW + number)
    names = [cookie.name for cookie in jar.cookies]
    assert len(names) == MOST_OF_A_DOMAIN
    assert "c0" not in names
    assert "c1" not in names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777_000),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777_000),
        ("Sun Nov  6 08:49:37 1994", 784_111_777_000),
        ("6 nov 1994 8:49:37", 784_111_777_000),
        ("Wed, 01-Jan-70 00:00:00 GMT", 0),
        ("01 Jan 69 00:00:00", 3_124_224_000_000),
        ("", None),
        ("31 Feb 2020 00:00:00", None),
        ("01 Jan 2020 24:00:00", None),
        ("01 Jan 1600 00:00:00", None),
        ("01 Xyz 2020 00:00:00", None),
    ],
)
def test_dates_as_servers_write_them(text: str, expected: int | None) -> None:
    assert parse_cookie_date(text) == expected


def test_paths_and_domains_match_as_the_rfc_says() -> None:
    assert default_path("/a/b") == "/a"
    assert default_path("/a") == "/"
    assert path_matches("/a/b", "/a")
    assert path_matches("/a", "/a")
    assert not path_matches("/ab", "/a")
    assert domain_matches("a.b", "b")
    assert not domain_matches("1.2.3.4", "3.4")


@given(st.text(max_size=80))
def test_any_line_is_a_cookie_or_refused(line: str) -> None:
    outcome = parse_set_cookie(line, parse_address("https://x.example/a/b"), NOW)
    if isinstance(outcome, CookieNote):
        assert outcome.outcome == "refused"
    else:
        assert outcome.path.startswith("/")
        assert outcome.domain == "x.example"


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_none(text: str) -> None:
    moment = parse_cookie_date(text)
    assert moment is None or isinstance(moment, int)
