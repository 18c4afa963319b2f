"""Parsing the command line, and turning errors into one clear message."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence

from mlplayground.cli import curriculum, doctor, lab, portability, upkeep
from mlplayground.cli.command import Command
from mlplayground.errors import MLPlaygroundError

COMMANDS: tuple[Command, ...] = (
    lab.LAB,
    curriculum.CURRICULUM,
    doctor.DOCTOR,
    portability.EXPORT,
    portability.FORGET,
    upkeep.COMPACT,
    upkeep.REBUILD,
)
"""Every subcommand, in the order of the help."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status.

    0 is success, 1 something that the command found wrong, 2 an error or a wrong argument,
    130 an interruption.
    """
    parser = make_parser(COMMANDS)
    arguments, rest = parser.parse_known_args(argv)
    command: Command = arguments.command
    if rest and not command.passes_on:
        parser.error(f"{command.name} does not know {' '.join(rest)}")
    arguments.rest = rest
    try:
        return command.run(arguments)
    except MLPlaygroundError as error:
        print(f"mlplayground {command.name}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"mlplayground {command.name}: interrupted.", file=sys.stderr)
        return 130


def make_parser(commands: Iterable[Command]) -> argparse.ArgumentParser:
    """The parser for some commands; ``namespace.command`` is the one that was chosen."""
    from mlplayground import __version__

    parser = argparse.ArgumentParser(
        prog="mlplayground",
        description="Learn machine learning by doing real work on your own data, inside Jupyter.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"mlplayground {__version__}")
    choices = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in commands:
        chosen = choices.add_parser(
            command.name, help=command.summary, description=command.summary, allow_abbrev=False
        )
        command.arguments(chosen)
        chosen.set_defaults(command=command)
    return parser
