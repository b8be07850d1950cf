"""`python -m tests.performance [NAME...]` measures and prints the table of targets with today's figures."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys

from tests.performance import registry
from tests.performance.row import Row

_WIDTHS = (74, 20, 14)


def main() -> int:
    """Run the measurements named (all without a name); 1 when a target is missed or a measurement fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.performance", description=main.__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(registry.names())}")
    parser.add_argument("--list", action="store_true", help="print the names and end")
    parser.add_argument("--rows-of", metavar="NAME", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.rows_of:
        registry.print_rows_of(arguments.rows_of)
        return 0
    if arguments.list:
        print("\n".join(registry.names()))
        return 0
    unknown = sorted(set(arguments.names) - set(registry.names()))
    if unknown:
        parser.error(f"no such measurement: {', '.join(unknown)}")
    return _table(arguments.names or registry.names())


def _table(names: list[str]) -> int:
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores\n")
    _print_line("what", "target", "measured", "")
    _print_line("-" * _WIDTHS[0], "-" * _WIDTHS[1], "-" * _WIDTHS[2], "")
    missed = failed = shown = 0
    for name in names:
        try:
            for row in registry.measured(name):
                shown += 1
                missed += not row.ok
                _print_row(row)
        except subprocess.CalledProcessError as error:
            failed += 1
            _print_line(name, "", "failed", f"the measurement ended with status {error.returncode}")
    print(f"\n{shown} figures, {missed} beyond their target, {failed} measurements failed.")
    return 1 if missed or failed else 0


def _print_row(row: Row) -> None:
    mark = "" if row.ok else "MISSED"
    _print_line(row.what, row.target, f"{row.measured:,.4g} {row.unit}", " ".join(filter(None, (mark, row.note))))


def _print_line(what: str, target: str, measured: str, note: str) -> None:
    cells = [cell.ljust(width) for cell, width in zip((what, target, measured), _WIDTHS, strict=True)]
    print("  ".join((*cells, note)).rstrip(), flush=True)


if __name__ == "__main__":
    sys.exit(main())
