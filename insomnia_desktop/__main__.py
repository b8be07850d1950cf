"""`python -m insomnia_desktop` starts the program."""

from __future__ import annotations

import sys

from insomnia_desktop.app.main import main

if __name__ == "__main__":
    sys.exit(main())
