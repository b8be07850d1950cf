"""Shows sync on one screen: a server, and two windows that are two devices of one account: `python -m tests.demo`."""

from __future__ import annotations

import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from insomnia_desktop.app.local_server import ChildServer
from tests.demo.devices import EMAIL, PASSWORD, Device, halves
from tests.demo.tea_shop import TeaShop

_NAMES = ("Left", "Right")


def show(say: Callable[[str], None]) -> int:
    """Run the demo until both windows are closed; everything it made is gone then, also after Ctrl+C."""
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="insomnia-demo-")))
        shop = stack.enter_context(TeaShop())
        server = ChildServer(root / "server")
        stack.callback(server.stop)
        address = server.start(other_devices=False).address
        say(f"A sync server runs at {address}, and a small API at {shop.url}.")
        left, right = (Device(root, name) for name in _NAMES)
        left.create_account(address, shop.url)
        right.sign_in(address)
        for device, half in zip((left, right), halves(), strict=True):
            device.place(half)
        for device in (left, right):
            stack.callback(device.end)
            device.show()
        say(f"Two windows, two devices of the account {EMAIL} (password: {PASSWORD}).")
        say("Edit on the left and watch the right. Close both windows, or press Ctrl+C here, to end.")
        return max(left.wait(), right.wait())


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Run the demo and return its exit status: 0 done, also when ended by Ctrl+C."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return show(_say)
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
