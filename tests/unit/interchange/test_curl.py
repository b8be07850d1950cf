"""insomnia_desktop.interchange.curl, curl_options and shell_words: a pasted command becomes the request it sends."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.interchange import curl_options, shell_words
from insomnia_desktop.interchange.curl import parse_curl


def fields(text: str) -> dict[str, Any]:
    pasted = parse_curl(text)
    assert pasted is not None
    return pasted.fields


def headers(text: str) -> list[tuple[str, str]]:
    return [(row["name"], row["value"]) for row in fields(text)["headers"]]


def form(text: str) -> list[tuple[str, str]]:
    return [(row["name"], row["value"]) for row in fields(text)["body"]["rows"]]


@pytest.mark.parametrize(
    "text",
    ["", "https://example.com", "curl", "curling https://example.com", "curl -X GET", "curl 'https://x", "echo curl a"],
)
def test_what_is_no_curl_command_with_an_address_is_refused(text: str) -> None:
    assert parse_curl(text) is None


def test_a_plain_address_is_a_get_without_a_body() -> None:
    read = fields("curl https://example.com/a?b=1&c=2")
    assert (read["method"], read["url"], read["body"]["type"]) == ("GET", "https://example.com/a?b=1&c=2", "none")
    assert "name" not in read


def test_an_address_without_a_scheme_is_http_as_curl_has_it_and_a_variable_stays() -> None:
    assert fields("curl example.com/a")["url"] == "http://example.com/a"
    assert fields("curl '{{ base_url }}/a'")["url"] == "{{ base_url }}/a"


def test_a_command_copied_from_a_browser_keeps_headers_cookies_and_json() -> None:
    text = (
        "$ curl 'https://shop.example/orders' \\\n  -X PUT \\\n  -H 'Accept: */*' "
        "-H 'content-type: application/json' \\\n"
        "  -b 'sid=1; theme=dark' --compressed \\\n  --data-raw $'{\"note\":\"it\\'s \\u00e9\\n\"}' ; echo done"
    )
    read = fields(text)
    assert read["method"] == "PUT"
    assert headers(text) == [("Accept", "*/*"), ("Cookie", "sid=1; theme=dark")]
    assert read["body"] == {"type": "text", "media_type": "application/json", "text": '{"note":"it\'s é\n"}'}


def test_combined_short_options_take_their_value_from_the_rest_or_the_next_word() -> None:
    read = fields("curl -sSLkXDELETE https://example.com -um:p:q")
    assert read["method"] == "DELETE"
    assert read["settings"] == {"verify_tls": False, "follow_redirects": True}
    assert read["authentication"]["username"] == "m"
    assert read["authentication"]["password"] == "p:q"


def test_a_form_becomes_rows_and_another_text_stays_text() -> None:
    assert form("curl https://x.example -d 'a=1&b=%C3%A9+c' -d d=") == [("a", "1"), ("b", "é c"), ("d", "")]
    assert fields("curl https://x.example -d 'a=1'")["method"] == "POST"
    for text in ("plain words", "a", '{"a": 1}', "a=%ff"):
        body = fields(f"curl https://x.example --data '{text}'")["body"]
        assert (body["type"], body["text"], body["media_type"]) == ("text", text, "application/x-www-form-urlencoded")


def test_get_moves_the_data_into_the_query_before_the_fragment() -> None:
    read = fields("curl -G 'https://x.example/s?a=1#top' --data-urlencode 'q=two words' -d b=2")
    assert read["url"] == "https://x.example/s?a=1&q=two%20words&b=2#top"
    assert (read["method"], read["body"]["type"]) == ("GET", "none")


def test_json_adds_its_two_headers_unless_they_are_written() -> None:
    text = "curl https://x.example --json '{\"a\":' --json '1}' -H 'Accept: text/csv'"
    assert fields(text)["body"] == {"type": "text", "media_type": "application/json", "text": '{"a":1}'}
    assert headers(text) == [("Accept", "text/csv")]


def test_multipart_parts_keep_files_types_and_names() -> None:
    parts = fields(
        "curl https://x.example -F 'name=A;type=text/plain' -F 'photo=@/a/b.png;type=image/png;filename=\"c.png\"'"
        " --form-string 'raw=@not;a=file'"
    )["body"]["parts"]
    shown = [(p["name"], p["kind"], p["value"], p["path"], p["media_type"], p["filename"]) for p in parts]
    assert shown == [
        ("name", "text", "A", "", "text/plain", ""),
        ("photo", "file", "", "/a/b.png", "image/png", "c.png"),
        ("raw", "text", "@not;a=file", "", "", ""),
    ]


def test_files_as_body_are_named_by_path() -> None:
    read = fields("curl https://x.example --data-binary @/a/b.json -H 'Content-Type: application/json'")
    assert read["body"] == {"type": "file", "path": "/a/b.json", "media_type": "application/json"}
    upload = fields("curl -T /a/b.bin https://x.example/b.bin")
    assert (upload["method"], upload["body"]["path"]) == ("PUT", "/a/b.bin")


def test_the_command_prompt_of_windows_is_read_with_its_carets() -> None:
    new_style = (
        'curl ^"https://x.example/?a=1^&b=2^" ^\r\n  -H ^"accept: */*^" ^\r\n'
        '  --data-raw ^"^{^\\^"a^\\^":^\\^"b c^\\^"^}^"\r\n'
    )
    read = fields(new_style)
    assert read["url"] == "https://x.example/?a=1&b=2"
    assert read["body"]["text"] == '{"a":"b c"}'
    old_style = 'curl "https://x.example/" ^\n -H "accept: */*" ^\n --data-binary "{\\"a\\": 1}"'
    assert fields(old_style)["body"]["text"] == '{"a": 1}'


def test_agent_referer_range_and_token_find_their_places() -> None:
    text = "curl https://x.example -A me -e https://from.example -r 0-9 --oauth2-bearer abc -H 'Empty;'"
    assert headers(text) == [
        ("User-Agent", "me"),
        ("Referer", "https://from.example"),
        ("Range", "bytes=0-9"),
        ("Empty", ""),
    ]
    assert fields(text)["authentication"] == {"type": "bearer", "enabled": True, "token": "abc", "prefix": "Bearer"}


def test_times_proxy_and_version_become_settings() -> None:
    read = fields("curl --url https://x.example -I --http1.1 -m 2.5 --connect-timeout 3 -x proxy:8080 --max-redirs 5")
    assert read["method"] == "HEAD"
    assert read["settings"] == {
        "http_version": "1.1",
        "total_timeout_ms": 2500,
        "connect_timeout_ms": 3000,
        "proxy": "http://proxy:8080",
        "max_redirects": 5,
    }


def test_options_without_a_place_are_listed_and_output_options_are_not() -> None:
    pasted = parse_curl(
        "curl https://x.example -s -o out --digest -u a:b --cert c.pem -H 'Accept:' https://second.example"
    )
    assert pasted is not None
    assert pasted.ignored == ("--digest", "--cert", "--header Accept:")
    assert pasted.fields["url"] == "https://x.example"


def test_only_the_first_request_of_several_is_read() -> None:
    assert fields("curl https://one.example --next -X POST https://two.example")["method"] == "GET"
    assert fields("curl https://one.example | jq .a")["url"] == "https://one.example"
    assert fields("curl https://one.example\ncurl -X POST https://two.example")["method"] == "GET"


def test_an_option_that_wants_a_value_and_has_none_is_dropped() -> None:
    assert curl_options.read(["https://x.example", "-H"]) == [("url", "https://x.example")]
    assert curl_options.read(["--", "-a"]) == [("url", "-a")]


@given(st.lists(st.text(st.characters(exclude_characters="\r\0"), min_size=1).filter(lambda t: t.strip()), min_size=1))
def test_words_quoted_as_a_shell_quotes_them_come_out_as_they_were(words: list[str]) -> None:
    quoted = " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)
    assert shell_words.split(quoted + " x") == [*words, "x"] or "^" in quoted


@given(st.text(max_size=200))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    parse_curl("curl " + text)
    shell_words.split(text)
