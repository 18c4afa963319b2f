"""An app is what its YAML says, and wrong YAML is refused with file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlplayground.catalog import load_catalog
from mlplayground.catalog.parse import parse_app
from mlplayground.errors import CatalogError

APP = "id: dice\ntitle: Dice\nsummary: Roll.\nsteps:\n  - {id: roll, title: Roll, goal: Roll it.}\n"


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_the_installed_apps_are_found_with_their_steps() -> None:
    explorer = load_catalog().app("data_explorer")
    assert [step.id for step in explorer.steps] == ["load", "overview", "quality"]
    assert load_catalog().decision("data_explorer.next_fix").prior["default"] == (2.0, 2.0)


def test_an_unknown_app_names_those_there_are() -> None:
    with pytest.raises(CatalogError, match="data_explorer"):
        load_catalog().app("no_such_app")


def test_only_app_yaml_must_be_there(tmp_path: Path) -> None:
    manifest = parse_app(write(tmp_path, app=APP), "dice")
    assert (manifest.notebook, manifest.track, manifest.decisions) == ("dice.ipynb", "beginner", ())


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "app.yaml is missing"),
        ({"app": "id: [1"}, "cannot be read as YAML"),
        ({"app": APP + "colour: red\n"}, "unknown colour"),
        ({"app": APP.replace("title: Dice\n", "")}, "missing title"),
        ({"app": APP.replace("id: dice", "id: ../dice")}, "id must be lower case"),
        ({"app": APP + "notebook: ../../etc/passwd\n"}, "plain file name"),
        ({"app": APP.replace("goal: Roll it.", "goal: G, decision: dice.x")}, "does not declare"),
        ({"app": APP, "lesson": "jump: {first: Hi}\n"}, "not a step"),
        (
            {
                "app": APP,
                "decisions": "- {id: dice.x, question: Q, reward: {rule: chosen, version: '1'},"
                " prior: {a: [0, 1]}}\n",
            },
            "two numbers above 0",
        ),
        (
            {
                "app": APP,
                "decisions": "- {id: other.x, question: Q, reward: {rule: r, version: '1'}}",
            },
            "id must be dice",
        ),
    ],
)
def test_wrong_yaml_is_refused_with_its_reason(
    tmp_path: Path, files: dict[str, str], message: str
) -> None:
    with pytest.raises(CatalogError, match=message):
        parse_app(write(tmp_path, **files), "dice")
