"""From YAML text to manifests, refusing what is not understood."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from mlplayground.catalog.manifest import (
    TRACKS,
    AppManifest,
    DecisionManifest,
    StepLesson,
    StepManifest,
)
from mlplayground.errors import CatalogError

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
_NOTEBOOK = re.compile(r"[A-Za-z0-9_-]+\.ipynb")


def parse_app(folder: Path, package: str) -> AppManifest:
    """Read ``app.yaml``, ``decisions.yaml`` and ``lesson.yaml`` of one app.

    Only ``app.yaml`` must be there.

    Raises
    ------
    CatalogError
        Naming the file and the key that is missing, unknown or wrong.
    """
    path = folder / "app.yaml"
    raw = _mapping(_load(path, required=True), path)
    _keys(raw, {"id", "title", "summary", "steps"}, {"track", "notebook"}, path)
    app_id = _identifier(raw["id"], "id", path)
    steps = tuple(_step(item, path) for item in _items(raw["steps"], "steps", path))
    decisions = _decisions(folder / "decisions.yaml", app_id)
    manifest = AppManifest(
        id=app_id,
        title=_text(raw["title"], "title", path),
        summary=_text(raw["summary"], "summary", path),
        track=_track(raw.get("track", TRACKS[0]), path),
        notebook=_notebook(raw.get("notebook", f"{app_id}.ipynb"), path),
        package=package,
        steps=steps,
        decisions=decisions,
        lesson=_lesson(folder / "lesson.yaml", {step.id for step in steps}),
    )
    _check_references(manifest, path)
    return manifest


def _step(raw: Any, path: Path) -> StepManifest:
    item = _mapping(raw, path)
    _keys(item, {"id", "title", "goal"}, {"decision"}, path)
    return StepManifest(
        id=_identifier(item["id"], "steps.id", path),
        title=_text(item["title"], "steps.title", path),
        goal=_text(item["goal"], "steps.goal", path),
        decision=item.get("decision"),
    )


def _decisions(path: Path, app_id: str) -> tuple[DecisionManifest, ...]:
    return tuple(_decision(item, path, app_id) for item in _items(_load(path), "decisions", path))


def _decision(raw: Any, path: Path, app_id: str) -> DecisionManifest:
    item = _mapping(raw, path)
    _keys(item, {"id", "question", "reward"}, {"context", "prior"}, path)
    reward = _mapping(item["reward"], path)
    _keys(reward, {"rule", "version"}, set(), path)
    app, _, name = str(item["id"]).partition(".")
    if app != app_id or not _ID.fullmatch(name):
        raise CatalogError(f"{path}: id must be {app_id}.<name>, not {item['id']!r}.")
    return DecisionManifest(
        id=item["id"],
        question=_text(item["question"], "question", path),
        context=tuple(_text(name, "context", path) for name in item.get("context") or ()),
        reward=_text(reward["rule"], "reward.rule", path),
        reward_version=_text(reward["version"], "reward.version", path),
        prior=_prior(item.get("prior") or {}, path),
    )


def _prior(raw: Any, path: Path) -> dict[str, tuple[float, float]]:
    prior = {"default": (1.0, 1.0)}
    for arm, counts in _mapping(raw, path).items():
        if not (
            isinstance(counts, list) and len(counts) == 2 and all(_positive(c) for c in counts)
        ):
            raise CatalogError(f"{path}: prior.{arm} must be two numbers above 0, not {counts!r}.")
        prior[arm] = (float(counts[0]), float(counts[1]))
    return prior


def _positive(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _lesson(path: Path, steps: set[str]) -> dict[str, StepLesson]:
    lesson = {}
    for step, raw in _mapping(_load(path) or {}, path).items():
        if step not in steps:
            raise CatalogError(f"{path}: {step!r} is not a step of this app.")
        item = _mapping(raw, path)
        _keys(item, set(), {"first", "knows", "practitioner", "predict"}, path)
        lesson[step] = StepLesson(**{key: _text(text, key, path) for key, text in item.items()})
    return lesson


def _check_references(manifest: AppManifest, path: Path) -> None:
    ids = [step.id for step in manifest.steps]
    if not ids or len(set(ids)) < len(ids):
        raise CatalogError(f"{path}: steps must be at least one, each with an id of its own.")
    known = {decision.id for decision in manifest.decisions}
    for step in manifest.steps:
        if step.decision is not None and step.decision not in known:
            raise CatalogError(
                f"{path}: step {step.id!r} names the decision {step.decision!r}, "
                "which decisions.yaml does not declare."
            )


def _load(path: Path, *, required: bool = False) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if required:
            raise CatalogError(f"{path} is missing: every app has one.") from None
        return None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CatalogError(f"{path} cannot be read as YAML: {error}") from error


def _keys(raw: Mapping[str, Any], required: set[str], optional: set[str], path: Path) -> None:
    missing = sorted(required - raw.keys())
    unknown = sorted(map(str, raw.keys() - required - optional))
    if missing:
        raise CatalogError(f"{path}: missing {', '.join(missing)}.")
    if unknown:
        allowed = ", ".join(sorted(required | optional))
        raise CatalogError(f"{path}: unknown {', '.join(unknown)}; it may have {allowed}.")


def _mapping(raw: Any, path: Path) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise CatalogError(f"{path}: expected names with values, found {type(raw).__name__}.")
    return raw


def _items(raw: Any, key: str, path: Path) -> list[Any]:
    if raw is None:
        return []
    if not isinstance(raw, list):
        raise CatalogError(f"{path}: {key} must be a list, found {type(raw).__name__}.")
    return raw


def _text(raw: Any, key: str, path: Path) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise CatalogError(f"{path}: {key} must be text, not {raw!r}.")
    return raw.strip()


def _identifier(raw: Any, key: str, path: Path) -> str:
    if not isinstance(raw, str) or not _ID.fullmatch(raw):
        raise CatalogError(f"{path}: {key} must be lower case letters, digits and _, not {raw!r}.")
    return raw


def _track(raw: Any, path: Path) -> str:
    if raw not in TRACKS:
        raise CatalogError(f"{path}: track must be one of {', '.join(TRACKS)}, not {raw!r}.")
    return str(raw)


def _notebook(raw: Any, path: Path) -> str:
    if not isinstance(raw, str) or not _NOTEBOOK.fullmatch(raw):
        raise CatalogError(f"{path}: notebook must be a plain file name *.ipynb, not {raw!r}.")
    return raw
