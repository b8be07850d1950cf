"""A device whose server lies in every way: each lie is detected or harmless, and nothing is lost by it.

About sync.group_pull, group_round, rounds, bindings, absent, and sync.whole_group.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.secret_search import found_in
from tests.support.tampering import Lie
from tests.support.tampering_answers import ANSWER_LIES
from tests.support.tampering_pages import PAGE_LIES
from tests.support.tampering_scene import CANARY, Scene, Template, make_template, scene

LIES = (*PAGE_LIES, *ANSWER_LIES)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def made(template: Template, tmp_path: Path) -> Iterator[Scene]:
    with scene(template, tmp_path) as made:
        yield made


def secrets(template: Template) -> dict[str, bytes | str]:
    return {"canary": CANARY, "account key": template.person.account_key}


def test_there_are_lies_enough() -> None:
    assert len({lie.name for lie in LIES}) == len(LIES) >= 160
    assert len([lie for lie in LIES if lie.often]) >= 60


def test_nothing_in_plain_leaves_the_device(template: Template) -> None:
    assert template.sent
    assert found_in(template.sent, secrets(template)) == set()


@pytest.mark.parametrize(
    "lie", [pytest.param(lie, id=lie.name, marks=[] if lie.often else [pytest.mark.slow]) for lie in LIES]
)
def test_a_lie_is_detected_or_harmless(template: Template, made: Scene, lie: Lie) -> None:
    device = made.lie(lie)
    assert device.tamperer.told_lies
    if lie.expected == "detected":
        assert device.signs
    elif lie.expected == "harmless":
        assert not device.signs
        # What it says is verified is so: another device of the account has the same.
        assert made.first.sync(recompute=True).verified
        assert device.shared() == made.first.shared()
    made.settle()
    assert made.missing() == []
    assert not [sign for each in made.devices for sign in each.told() if sign.startswith(("quarantined", "blocked"))]
    sent = b"".join(bytes(each.tamperer.sent) for each in made.devices)
    assert found_in(sent, secrets(template)) == set()
