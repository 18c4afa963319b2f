"""Whether what the package is made of, and what may be added to it, is installed."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from typing import TYPE_CHECKING

from mlplayground.cli.health.finding import Finding
from mlplayground.settings import Settings

if TYPE_CHECKING:
    from packaging.requirements import Requirement

_DEVELOPERS = frozenset({"dev"})


def check_dependencies(settings: Settings) -> Iterator[Finding]:
    """Every library that the core needs, in a version that it was made for."""
    wrong = [fault for need in _needs("") if (fault := _fault(need))]
    if wrong:
        remedy = "Install them with: pip install --upgrade mlplayground"
        yield Finding("broken", "libraries", "; ".join(wrong) + ".", remedy)
    else:
        yield Finding("ok", "libraries", "all that the core needs are installed")


def check_extras(settings: Settings) -> Iterator[Finding]:
    """Each optional part by its name, with the one command that adds it."""
    for extra in metadata("mlplayground").get_all("Provides-Extra") or []:
        if extra not in _DEVELOPERS:
            yield _extra(extra)


def check_apps(settings: Settings) -> Iterator[Finding]:
    """The apps that are installed, as the catalog reads them."""
    from mlplayground.catalog import load_catalog

    apps = load_catalog().apps
    yield Finding("ok", "apps", ", ".join(app.title for app in apps.values()) or "none installed")


def _extra(extra: str) -> Finding:
    faults = [fault for need in _needs(extra) if (fault := _fault(need))]
    if not faults:
        return Finding("ok", f"extra {extra}", "installed")
    remedy = f"If you want it: pip install 'mlplayground[{extra}]'"
    return Finding("missing", f"extra {extra}", "; ".join(faults) + ".", remedy)


def _needs(extra: str) -> Iterator[Requirement]:
    """Requirements of the extra, or of the core where it is empty."""
    from packaging.requirements import Requirement

    for text in requires("mlplayground") or []:
        need = Requirement(text)
        always = need.marker is None or need.marker.evaluate({"extra": ""})
        wanted = need.marker is None or need.marker.evaluate({"extra": extra})
        if always if not extra else wanted and not always:
            yield need


def _fault(need: Requirement) -> str | None:
    try:
        found = version(need.name)
    except PackageNotFoundError:
        return f"{need.name} is not installed"
    if need.specifier.contains(found, prereleases=True):
        return None
    return f"{need.name} is {found}, and {need.specifier} is needed"
