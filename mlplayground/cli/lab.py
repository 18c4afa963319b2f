"""``mlplayground lab``: JupyterLab, open at the first page."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from mlplayground.cli.command import Command
from mlplayground.cli.curriculum import FOLDER, HOME, add_folder, copy_to
from mlplayground.errors import StashError

# JupyterLab would ask its project's own site for news and new versions, and say so in a
# pop-up; nothing leaves this machine unless the learner wants it to.
_QUIET = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)


def lab_command(rest: list[str]) -> list[str]:
    """The command that starts JupyterLab in the current folder, at the first page.

    `rest` comes last, so that it overrides what is ours.
    """
    # Given as a file to open, its folder would become the root, and hide the learner's files.
    page = f"--LabApp.default_url=/lab/tree/{FOLDER}/{HOME}"
    # Jupyter wants to hear that its user means to be root, as one is in a container.
    root = ["--allow-root"] if os.geteuid() == 0 else []
    return [sys.executable, "-m", "jupyterlab", page, *_QUIET, *root, *rest]


def _run(arguments: Namespace) -> int:
    copy_to(arguments.folder)
    try:
        os.chdir(arguments.folder)
    except OSError as error:
        raise StashError(f"Cannot work in {arguments.folder}: {error.strerror}.") from error
    # Its question about news is a setting of the page, whose default we give.
    known = os.environ.get("JUPYTER_CONFIG_PATH", "")
    ours = str(Path(__file__).parent / "config")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, [known, ours]))
    command = lab_command([argument for argument in arguments.rest if argument != "--"])
    sys.stdout.flush()
    os.execv(command[0], command)


def _arguments(parser: ArgumentParser) -> None:
    add_folder(parser)
    parser.epilog = "All other arguments go to JupyterLab, for instance --no-browser --port 8899."


LAB = Command("lab", "Open JupyterLab at the first page.", _run, _arguments, passes_on=True)
