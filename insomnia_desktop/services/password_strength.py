"""How hard a password is to guess, by the `zxcvbn` package, which is loaded on first use and on the worker."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.loop_thread import LoopThread
from insomnia_desktop.protocol.limits import PASSWORD_MIN
from insomnia_desktop.services.account_views import Strength

# The package looks at every part of a text: longer ones would take it seconds, and are strong by these already.
_MEASURED_CHARACTERS = 64


class PasswordStrength:
    """Measures passwords on the worker; nothing of them is kept. Threads: any."""

    def __init__(self, loop: LoopThread) -> None:
        self._loop = loop

    def measure(self, password: str, inputs: Sequence[str]) -> Future[Strength]:
        """Return 0 to 4 and words about it; `inputs` is what else was typed, which a password should not repeat."""
        return self._loop.submit(self._measure(password, tuple(inputs)))

    async def _measure(self, password: str, inputs: tuple[str, ...]) -> Strength:
        from insomnia_desktop.base.loop_thread import run_detached

        return await run_detached(measured, password, inputs)


def measured(password: str, inputs: tuple[str, ...]) -> Strength:
    """Return the strength of a password; takes milliseconds, and a part of a second the first time."""
    if not password:
        return Strength(0)
    from zxcvbn import zxcvbn

    from insomnia_desktop.account.typed import read_new_password

    parts = [part for text in inputs for part in (text, *text.replace("@", " ").replace(".", " ").split()) if part]
    found = zxcvbn(password[:_MEASURED_CHARACTERS], user_inputs=parts)
    feedback = found["feedback"]
    words = [feedback["warning"], *feedback["suggestions"]]
    advice = " ".join(each if each.endswith(".") else f"{each}." for each in words if each)
    try:
        read_new_password(password)
        too_short = False
    except KnownError:
        too_short = len(password) <= PASSWORD_MIN * 2  # else it is too long
    return Strength(int(found["score"]), advice, too_short, PASSWORD_MIN)
