"""Finding the installed apps without importing them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from mlplayground.catalog.manifest import TRACKS, AppManifest, DecisionManifest
from mlplayground.catalog.parse import parse_app
from mlplayground.errors import CatalogError

GROUP = "mlplayground.apps"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Catalog:
    """The installed apps, by id, in the order of their tracks and names."""

    apps: Mapping[str, AppManifest]

    def app(self, app_id: str) -> AppManifest:
        """Return one app; raises ``CatalogError`` naming the apps there are."""
        if app_id not in self.apps:
            raise CatalogError(
                f"There is no app {app_id!r}. Installed: {', '.join(self.apps) or 'none'}."
            )
        return self.apps[app_id]

    def decision(self, decision_id: str) -> DecisionManifest:
        """Return one decision; raises ``CatalogError`` where no app declares it."""
        for app in self.apps.values():
            for decision in app.decisions:
                if decision.id == decision_id:
                    return decision
        raise CatalogError(f"No installed app declares the decision {decision_id!r}.")


def load_catalog() -> Catalog:
    """Read the manifests of all apps registered under ``mlplayground.apps``.

    A broken app of somebody else is logged and left out: it must not take the others with
    it. A broken app of ours raises.

    Raises
    ------
    CatalogError
        Where a manifest of mlplayground's own is wrong, or two apps share an id.
    """
    manifests: dict[str, AppManifest] = {}
    for entry in entry_points(group=GROUP):
        try:
            manifest = parse_app(_folder(entry), entry.value)
        except CatalogError:
            if entry.value.startswith("mlplayground."):
                raise
            _log.exception("The app %s is left out", entry.name)
            continue
        if manifests.setdefault(manifest.id, manifest).package != manifest.package:
            raise CatalogError(
                f"Two apps call themselves {manifest.id!r}: "
                f"{manifests[manifest.id].package} and {manifest.package}. Uninstall one."
            )
    return Catalog(MappingProxyType(dict(sorted(manifests.items(), key=_order))))


def _folder(entry: EntryPoint) -> Path:
    try:
        spec = find_spec(entry.value)
    except ImportError as error:
        raise CatalogError(f"The app {entry.name!r} cannot be found: {error}") from error
    if spec is None or not spec.submodule_search_locations:
        raise CatalogError(f"The app {entry.name!r} must be a package; {entry.value!r} is none.")
    return Path(next(iter(spec.submodule_search_locations)))


def _order(item: tuple[str, AppManifest]) -> tuple[int, str]:
    return TRACKS.index(item[1].track), item[1].title
