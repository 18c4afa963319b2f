"""``mlplayground export`` and ``mlplayground forget``: a learner's things are theirs."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

from mlplayground.cli.command import Command
from mlplayground.cli.services import Services, services
from mlplayground.errors import InputError, StashError


def _export(arguments: Namespace) -> int:
    target: Path = arguments.out
    if target.exists() and not arguments.overwrite:
        raise InputError(f"{target} is there already. Choose another name, or add --overwrite.")
    with services() as opened:
        _write_export(opened, target)
    print(f"Everything of {opened.settings.user} is in {target} ({target.stat().st_size:,} bytes).")
    return 0


def _write_export(opened: Services, target: Path) -> None:
    from mlplayground.journal.portability import export_user

    folder = target.absolute().parent
    try:
        # Beside the target and renamed at the end: never half an export under its name.
        with NamedTemporaryFile(dir=folder, prefix=f".{target.name}-", delete=False) as file:
            try:
                export_user(opened.database, opened.stash, cast(BinaryIO, file))
                file.close()
                os.replace(file.name, target)
            except BaseException:
                with suppress(OSError):
                    os.unlink(file.name)
                raise
    except OSError as error:
        if isinstance(error, StashError):
            raise
        raise StashError(f"Cannot write {target}: {error.strerror or error}.") from error


def _forget(arguments: Namespace) -> int:
    from mlplayground.journal.portability import forget_user

    with services() as opened:
        user = opened.settings.user
        _confirm(user, opened.stash.location, arguments.yes)
        forget_user(opened.database, opened.stash)
    print(f"Everything of {user} is deleted.")
    return 0


def _confirm(user: str, location: str, given: str | None) -> None:
    if given is None:
        if not sys.stdin.isatty():
            raise InputError(
                f"Deleting needs your word: run it in a terminal, or add --yes {user}."
            )
        print(f"This deletes the datasets, recipes and progress of {user}, in {location}")
        print(
            "and in the journal. It cannot be undone; `mlplayground export OUT.zip` keeps a copy."
        )
        given = input(f"Type {user} to delete everything, or anything else to keep it: ")
    if given != user:
        raise InputError(f"Nothing was deleted: the name given was {given!r}, not {user!r}.")


def _export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("out", type=Path, metavar="OUT.zip", help="the file to write")
    parser.add_argument("--overwrite", action="store_true", help="replace the file if it is there")


def _forget_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--yes", metavar="NAME", help="your user name, to delete without asking")


EXPORT = Command(
    "export", "Write everything that is yours into one zip.", _export, _export_arguments
)
FORGET = Command("forget", "Delete everything that is yours.", _forget, _forget_arguments)
