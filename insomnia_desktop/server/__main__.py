"""`python -m insomnia_desktop.server`."""

from __future__ import annotations

import sys

from insomnia_desktop.server.command_line import main

if __name__ == "__main__":
    sys.exit(main())
