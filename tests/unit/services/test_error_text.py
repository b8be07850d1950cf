"""insomnia_desktop.services.error_text, error_words, error_words_sending: words for every code."""

from __future__ import annotations

import string

import pytest

from insomnia_desktop.base.errors import Bug, KnownError
from insomnia_desktop.model import ErrorRecord
from insomnia_desktop.services import error_text, error_words, error_words_sending
from insomnia_desktop.services.error_text import one_line, sentence

_WORDS = {**error_words.WORDS, **error_words_sending.WORDS}


@pytest.mark.parametrize("key", sorted(_WORDS))
def test_words_are_whole_sentences_with_and_without_their_params(key: str) -> None:
    title, text, _ = _WORDS[key]
    names = {name for part in _WORDS[key] for _, name, _, _ in string.Formatter().parse(part) if name}
    code, _, reason = key.partition("/")
    for params in ({}, {name: "x" for name in names if not name.endswith(("_size", "_listed"))}):
        words = sentence(KnownError(code, **{**params, **({"reason": reason} if reason else {})}))
        assert words.title
        assert "{" not in words.title
        for line in (words.text, words.hint):
            assert not line or line[-1] in ".?:" or line.endswith(("port", "x"))
            assert "None" not in line
    assert not title.endswith(".")
    assert text


def test_the_two_tables_share_no_code() -> None:
    assert not error_words.WORDS.keys() & error_words_sending.WORDS.keys()


def test_params_are_put_in_as_people_read_them() -> None:
    refused = KnownError("send.refused", host="staging.shop.example", address="203.0.113.24", port=443, phase="connect")
    words = sentence(refused)
    assert words.title == "Nobody answers at staging.shop.example"
    assert words.text == (
        "staging.shop.example was found (203.0.113.24), but port 443 refused the connection. Nothing was sent."
    )
    late = ErrorRecord(code="send.timeout", params={"host": "h", "seconds": 2.5, "received": 1_500_000})
    assert sentence(late).text == "The answer of h was not complete after 2.5 s. 1.5 MB had arrived."


def test_unknown_variables_are_listed_with_their_places() -> None:
    names = [{"name": "token", "where": "header Authorization"}, {"name": "id", "where": "address"}]
    text = sentence(KnownError("template.unknown_names", names=names)).text
    assert "token (header Authorization), id (address)" in text


def test_braces_in_what_a_person_typed_stay() -> None:
    words = sentence(KnownError("send.bad_address", address="http://{{ x }}", reason="other"))
    assert "http://{{ x }}" in words.text
    assert "{% raw %}" in sentence(KnownError("template.syntax", where="body", line=1, column=2)).hint


def test_the_reason_chooses_the_words() -> None:
    port = sentence(KnownError("send.bad_address", address="http://a:99999", reason="port", port="99999"))
    assert "99999 is not a number from 1 to 65535" in port.text
    assert sentence(KnownError("send.bad_address", address="a", reason="new reason")).text.startswith(
        "a cannot be read"
    )


def test_a_code_without_words_is_told_honestly() -> None:
    words = sentence(KnownError("later.surprise"))
    assert "later.surprise" in words.text
    assert words.hint
    assert "later.surprise" not in error_text.codes()


def test_one_line_has_both_halves() -> None:
    assert one_line(KnownError("cli.unknown_name", kind="request", name="Ordr", candidates=["Order", "Orders"])) == (
        'There is no request "Ordr". There is: Order, Orders.'
    )


def test_what_others_wrote_is_shown_short_and_cannot_steer_a_terminal() -> None:
    words = sentence(KnownError("send.bad_address", reason="host", host="a" * 100_000, address="x"))
    assert len(words.text) < 500
    assert "100,000 characters" in words.text
    words = sentence(KnownError("send.bad_redirect", status=302, location="\x1b]0;title\x07\n\u202eevil"))
    assert words.text.isprintable()
    assert "\\x1b]0;title\\x07\\n\\u202eevil" in words.text


def test_of_many_names_the_first_are_told() -> None:
    names = [{"name": f"v{number}", "where": "body"} for number in range(1000)]
    text = sentence(KnownError("template.unknown_names", names=names)).text
    assert "v19 (body) and 980 more." in text


def test_a_damaged_file_without_a_name_is_told_in_a_whole_sentence() -> None:
    assert sentence(KnownError("store.corrupt")).text == "The file of the data is damaged and cannot be used as it is."


def test_a_mistake_of_ours_is_told_without_its_code() -> None:
    words = sentence(Bug("program.bug"))
    assert words == sentence(Bug("loop.not_running", name="worker"))
    assert "loop" not in words.text
    assert words.hint
