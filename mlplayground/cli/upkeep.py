"""``mlplayground compact`` and ``mlplayground rebuild``: the journal kept small and true."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import UTC, datetime, timedelta

from mlplayground.cli.command import Command
from mlplayground.cli.services import services

_DAYS = 30


def _rebuild(arguments: Namespace) -> int:
    from mlplayground.journal.projection import installed, rebuild

    with services() as opened:
        projections = installed()
        rebuild(opened.database, projections)
    print(f"Made anew from the journal: {', '.join(each.name for each in projections)}.")
    return 0


def _compact(arguments: Namespace) -> int:
    from mlplayground.journal.compact import compact

    before = datetime.now(UTC) - timedelta(days=arguments.days)
    with services() as opened:
        fewer = compact(opened.database, before)
    print(f"Rolled up by day what was noted before {before:%Y-%m-%d}: {fewer:,} events fewer.")
    return 0


def _days(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"must be a whole number of days, not {text!r}")
    return int(text)


def _compact_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--days",
        type=_days,
        default=_DAYS,
        help=f"how many days back everything stays as it is (default {_DAYS})",
    )


COMPACT = Command(
    "compact", "Roll old cell and widget events up by day.", _compact, _compact_arguments
)
REBUILD = Command("rebuild", "Derive all tables anew from the journal.", _rebuild)
