"""``mlplayground curriculum``: the notebooks, where their reader may write."""

from __future__ import annotations

import shutil
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

from mlplayground.cli.command import Command
from mlplayground.errors import StashError

FOLDER = "curriculum"
HOME = "home.ipynb"


def shipped() -> Path:
    """Folder of the notebooks as they were shipped: in the package, or beside it in a clone."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / FOLDER, package.parent / FOLDER):
        if (folder / HOME).is_file():
            return folder
    raise StashError(
        f"This installation has no notebooks: there is no {HOME} in {package / FOLDER}. "
        "Install mlplayground again with: pip install --force-reinstall --no-deps mlplayground"
    )


def copy_to(folder: Path) -> list[Path]:
    """Copy the shipped files that are missing to ``folder/curriculum``; return the copies.

    What is there is the reader's own work, and stays as it is. Calling it in a clone's root
    copies nothing, since the notebooks are there already.

    Raises
    ------
    StashError
        If the folder cannot be written; the message says why.
    """
    source = shipped()
    try:
        return [_copied(source / name, folder / FOLDER / name) for name in _missing(source, folder)]
    except OSError as error:
        raise StashError(
            f"The notebooks cannot be copied to {folder / FOLDER}: {error.strerror or error}. "
            "Name a folder that you may write to, with --folder."
        ) from error


def add_folder(parser: ArgumentParser) -> None:
    """Add the argument ``--folder``."""
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(),
        help="where to work: the notebooks are put into its subfolder curriculum, and files "
        "that are there already are left alone (default: the current folder)",
    )


def _missing(source: Path, folder: Path) -> Iterator[Path]:
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source)
        hidden = any(part.startswith(".") for part in name.parts)
        if path.is_file() and not hidden and not (folder / FOLDER / name).exists():
            yield name


def _copied(source: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    # Contents only: the shipped file may be read-only, and its copy is to be worked in.
    shutil.copyfile(source, target)
    return target


def _run(arguments: Namespace) -> int:
    copies = copy_to(arguments.folder)
    place = (arguments.folder / FOLDER).absolute()
    print(f"{len(copies)} files copied to {place}." if copies else f"{place} has all of them.")
    return 0


CURRICULUM = Command(
    "curriculum", "Copy the notebooks to a folder, without opening them.", _run, add_folder
)
