"""The body of an error and its closed list of codes."""

from __future__ import annotations

import json
from http import HTTPStatus

import pytest

from insomnia_desktop.protocol.codec import decode_body, encode_body
from insomnia_desktop.protocol.problems import CODES, RETRIED_LATER, Problem, code_of_status, problem


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_status_of_http_and_a_body(code: str) -> None:
    assert HTTPStatus(CODES[code]) >= HTTPStatus.BAD_REQUEST
    body = json.loads(encode_body(problem(code)))
    assert body == {"type": "about:blank", "title": body["title"], "status": CODES[code], "code": code}
    assert body["title"]
    assert decode_body(encode_body(problem(code)), Problem) == problem(code)


def test_detail_and_field_are_there_when_given() -> None:
    body = json.loads(encode_body(problem("invalid", "Too few.", "kdf.iters")))
    assert (body["detail"], body["field"]) == ("Too few.", "kdf.iters")


def test_an_unknown_code_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        problem("unheard_of")


def test_a_client_reads_a_code_that_it_does_not_know() -> None:
    body = b'{"type":"about:blank","title":"New","status":400,"code":"brand_new","more":1}'
    assert decode_body(body, Problem).code == "brand_new"


def test_what_is_tried_later_are_codes() -> None:
    assert set(RETRIED_LATER) <= set(CODES)


@pytest.mark.parametrize("status", sorted(set(CODES.values())))
def test_an_unknown_code_is_taken_for_one_of_its_status(status: int) -> None:
    for authorised in (False, True):
        code = code_of_status(status, authorised=authorised)
        assert CODES.get(code, status) == status
        # What could mean several things is not guessed.
        assert code or list(CODES.values()).count(status) > 1 or status in (405, 410, 415)
    assert code_of_status(418, authorised=True) == ""


def test_a_token_that_is_no_more_is_told_from_a_wrong_proof() -> None:
    assert code_of_status(401, authorised=True) == "unauthorized"
    assert code_of_status(401, authorised=False) == "bad_credentials"
