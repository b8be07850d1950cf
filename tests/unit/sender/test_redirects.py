"""What follows a redirect (insomnia_desktop.sender.redirects)."""

from __future__ import annotations

import pytest

from insomnia_desktop.sender.address import parse_address
from insomnia_desktop.sender.body_source import BytesSource
from insomnia_desktop.sender.redirects import HopRequest, is_same_origin, location_of, next_hop

HEADERS = (("Host", "x"), ("authorization", "secret"), ("Cookie", "c"), ("Content-TYPE", "t"), ("X-Mine", "1"))


def hop(url: str, method: str = "POST") -> HopRequest:
    """A hop with a body and all kinds of headers."""
    return HopRequest(method, parse_address(url), HEADERS, BytesSource(b"body"))


def test_only_redirects_with_a_location_are_followed() -> None:
    location = (("location", "/x"),)
    assert [status for status in range(300, 310) if location_of(status, location)] == [301, 302, 303, 307, 308]
    assert location_of(302, ()) is None


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("http://x/a", "http://x/b", True),
        ("http://x/", "https://x/", True),
        ("https://x/", "http://x/", False),
        ("http://x:81/", "https://x/", False),
        ("http://x/", "http://x:81/", False),
        ("http://x/", "http://y/", False),
        ("http://x/", "http://sub.x/", False),
    ],
)
def test_what_counts_as_the_same_origin(before: str, after: str, same: bool) -> None:
    assert is_same_origin(parse_address(before), parse_address(after)) is same
    names = [name for name, _ in next_hop(hop(before), status=307, location=after).headers]
    assert ("authorization" in names) is same
    assert ("Cookie" in names) is same
    assert "X-Mine" in names


def test_a_method_that_becomes_get_loses_its_body_and_what_describes_it() -> None:
    following = next_hop(hop("http://x/a"), status=303, location="b")
    assert (following.method, following.body, str(following.address)) == ("GET", BytesSource(b""), "http://x/b")
    assert [name for name, _ in following.headers] == ["Host", "authorization", "Cookie", "X-Mine"]


def test_a_lower_case_post_is_a_post() -> None:
    assert next_hop(hop("http://x/", "post"), status=302, location="/").method == "GET"
