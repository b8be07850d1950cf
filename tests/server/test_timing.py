"""A known and an unknown e-mail take the same time: a statistical test, so it is one of the slow ones."""

from __future__ import annotations

import math
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from insomnia_desktop.crypto.srp_client import ClientHandshake
from insomnia_desktop.protocol.accounts import RecoverA
from insomnia_desktop.protocol.binary import Binary, Bytes32
from insomnia_desktop.protocol.sign_in import LoginA, LoginAAnswer, LoginM1, LoginS
from insomnia_desktop.server.config import ServerLimits
from tests.support.clock import FixedClock
from tests.support.sync_desk import SyncDesk, new_device, sync_desk
from tests.support.sync_people import person

ACCOUNTS = 40
ROUNDS = 3
# Longer than any count of failures is remembered.
QUIET_MS = 3 * 3_600_000


def same_distribution(first: list[float], second: list[float]) -> float:
    """Return the p-value of the two-sample Kolmogorov-Smirnov test (asymptotic; Stephens' correction)."""
    ordered = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    seen, distance = [0, 0], 0.0
    for _, which in ordered:
        seen[which] += 1
        distance = max(distance, abs(seen[0] / len(first) - seen[1] / len(second)))
    size = math.sqrt(len(first) * len(second) / (len(first) + len(second)))
    scaled = (size + 0.12 + 0.11 / size) * distance
    terms = ((-1) ** (k - 1) * math.exp(-2 * k * k * scaled * scaled) for k in range(1, 101))
    return min(max(2 * sum(terms), 0.0), 1.0)


def test_the_statistic_sees_a_difference_and_none_where_there_is_none() -> None:
    chance = random.Random(1)
    first = [chance.gauss(0, 1) for _ in range(1000)]
    assert same_distribution(first, [chance.gauss(0, 1) for _ in range(1000)]) > 0.05
    assert same_distribution(first, [chance.gauss(0.3, 1) for _ in range(1000)]) < 0.0001


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("step", "count"), [("login-s", 1000), ("login-a", 500), ("login-m1", 250), ("recover-a", 500)]
)
def test_nobody_tells_them_apart_by_the_clock(database: Path | str, clock: FixedClock, step: str, count: int) -> None:
    with sync_desk(database, clock, limits=ServerLimits().changed("attempts", 10**9)) as desk:
        for number in range(ACCOUNTS):
            desk.sign_up(person(f"a{number:03}@example.com", recovery=step == "recover-a"))
        ask = question(desk, step)
        # By chance alone one round in twenty is below 0.05, three of three once in 8,000.
        assert max(one_round(ask, count) for _ in range(ROUNDS)) > 0.05


def one_round(ask: Callable[[str], float], count: int) -> float:
    """Ask in random order for known and unknown e-mails and compare how long it took."""
    kinds = ["a", "b"] * count
    random.shuffle(kinds)
    took: dict[str, list[float]] = {"a": [], "b": []}
    for kind in kinds:
        took[kind].append(ask(f"{kind}{random.randrange(ACCOUNTS):03}@example.com"))
    return same_distribution(took["a"], took["b"])


def question(desk: SyncDesk, step: str) -> Callable[[str], float]:
    """Return what asks for a step and says how long the answer took."""
    A, auth = Binary(ClientHandshake("x@example.com", os.urandom(32)).A), Bytes32(os.urandom(32))
    messages: dict[str, Callable[[str], object]] = {
        "login-s": LoginS,
        "login-a": lambda email: LoginA(email, A),
        "login-m1": lambda email: LoginM1(begun(email), auth, new_device()),
        "recover-a": lambda email: RecoverA(email, auth),
    }

    def begun(email: str) -> object:
        return desk.answer(desk.ask("POST", "/auth/login-a", LoginA(email, A)), LoginAAnswer).handshake_id

    def ask(email: str) -> float:
        desk.clock.advance(QUIET_MS)
        message = messages[step](email)
        before = time.perf_counter()
        desk.ask("POST", f"/auth/{step}", message)
        return time.perf_counter() - before

    return ask
