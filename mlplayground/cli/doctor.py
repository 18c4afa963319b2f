"""``mlplayground doctor``: what works and what does not, in plain words."""

from __future__ import annotations

from argparse import Namespace

from mlplayground.cli.command import Command
from mlplayground.cli.health import Finding, examine, jupyter, machine, packages, storage
from mlplayground.cli.health.finding import Check
from mlplayground.settings import Settings

CHECKS: tuple[tuple[str, Check], ...] = (
    ("Python", machine.check_python),
    ("mlplayground", jupyter.check_package),
    ("libraries", packages.check_dependencies),
    ("JupyterLab extension", jupyter.check_lab_extension),
    ("Jupyter server extension", jupyter.check_server_extension),
    ("Python kernel", jupyter.check_kernel),
    ("apps", packages.check_apps),
    ("stash", storage.check_stash),
    ("database", storage.check_database),
    ("recording", storage.check_recording),
    ("compute", machine.check_compute),
    ("memory", machine.check_memory),
    ("extras", packages.check_extras),
)
"""Every check, with the subject that it is reported under where it fails itself."""


def _run(arguments: Namespace) -> int:
    settings = Settings.from_environment()
    print(f"mlplayground for {settings.user}")
    broken = 0
    for subject, check in CHECKS:
        for finding in examine(subject, check, settings):
            broken += finding.state == "broken"
            _show(finding)
    print(_verdict(broken))
    return 1 if broken else 0


def _show(finding: Finding) -> None:
    print(f"{finding.state:>8}  {finding.subject}: {finding.text}", flush=True)
    if finding.remedy:
        print(f"{'':8}  → {finding.remedy}")


def _verdict(broken: int) -> str:
    if broken:
        things = "thing is" if broken == 1 else "things are"
        return f"\n{broken} {things} broken; see the lines that begin with “broken”."
    return "\nEverything that is needed works."


DOCTOR = Command("doctor", "Say what works here, what does not, and what to do about it.", _run)
