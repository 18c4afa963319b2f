"""What a subcommand is."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass


def _nothing(parser: ArgumentParser) -> None:
    """A command without arguments."""


@dataclass(frozen=True, slots=True)
class Command:
    """One subcommand: ``mlplayground NAME``.

    Attributes
    ----------
    name, summary : str
        As typed, and one sentence for the help.
    run : callable
        Takes the parsed arguments, returns the exit status. An ``MLPlaygroundError`` that
        it raises is printed, and the status is 2.
    arguments : callable
        Adds the command's own arguments to its parser.
    passes_on : bool
        Whether arguments that it does not know belong to a program it starts; they come
        as ``namespace.rest``.
    """

    name: str
    summary: str
    run: Callable[[Namespace], int]
    arguments: Callable[[ArgumentParser], None] = _nothing
    passes_on: bool = False
