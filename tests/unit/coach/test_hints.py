"""Every hint meets its situation, made with the real libraries, and quotes the numbers in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlplayground.coach.errors import understand
from mlplayground.coach.facts import Facts, from_profile
from mlplayground.coach.hints import hint_text, load_hints
from mlplayground.coach.predicates import ON_ERROR, ON_TABLE, Match
from mlplayground.modeling import profile
from mlplayground.practice import make_messy_table

PEOPLE = pd.DataFrame(
    {
        "Passenger Id": [f"p{i:04d}" for i in range(60)],
        "Age": [31.0, None, 40.0] * 20,
        "town": ["Bern", "Genf", "Ulm"] * 20,
        "country": ["CH"] * 60,
        "survived": ["no"] * 54 + ["yes"] * 5 + [None],
    }
)
KNOWN: Facts = from_profile(profile(PEOPLE, "survived"))


def raised(act: Callable[[], Any]) -> BaseException:
    try:
        act()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def sklearn_fit(X: Any, y: Any) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression().fit(X, y)


def not_fitted() -> None:
    from sklearn.tree import DecisionTreeClassifier

    DecisionTreeClassifier().predict([[1.0]])


def copy_written() -> None:
    part = PEOPLE[PEOPLE["Age"] > 30]
    with pd.option_context("mode.chained_assignment", "raise"):
        part["Age"] = 1.0


def run(code: str) -> Callable[[], Any]:
    return lambda: exec(code, {"df2": PEOPLE})


TEXT = pd.get_dummies(PEOPLE[["Age"]].fillna(0)).assign(town=PEOPLE["town"])
FULL = PEOPLE[["Age"]].fillna(0)
CLASSES = PEOPLE["survived"].fillna("no")

ERRORS: dict[str, tuple[Callable[[], Any], list[str]]] = {
    "column_name_differs": (lambda: PEOPLE["age"], ["`age`", "`Age`", "df['Age']"]),
    "column_not_there": (lambda: PEOPLE["salary"], ["`salary`", "5 columns", "`Age`"]),
    "table_not_named": (run("df.head()"), ["`df`", "60 rows", "df = explorer.frame"]),
    "library_not_imported": (run("pd.DataFrame()"), ["`pd`", "import pandas as pd"]),
    "name_not_defined": (run("my_model.score()"), ["`my_model`"]),
    "text_into_numbers": (
        lambda: sklearn_fit(TEXT, CLASSES),
        ["`Bern`", "is in `town`", "pd.get_dummies(df, columns=['town'])"],
    ),
    "gaps_into_model": (
        lambda: sklearn_fit(PEOPLE[["Age"]], CLASSES),
        ["`Age`", "20 missing cells"],
    ),
    "and_or_with_columns": (
        lambda: PEOPLE[PEOPLE["Age"] > 30 and PEOPLE["Age"] < 40],
        ["60 rows", "&"],
    ),
    "write_to_a_copy": (copy_written, [".loc[", ".copy()"]),
    "lengths_differ": (lambda: sklearn_fit(FULL, CLASSES.head(40)), ["60 rows", "40", "20"]),
    "predict_before_fit": (not_fitted, ["`DecisionTreeClassifier`"]),
    "classes_expected": (
        lambda: sklearn_fit(FULL, np.linspace(0, 1, 60)),
        ["`survived`", "Regressor"],
    ),
}

FACTS: dict[str, tuple[Facts, list[str]]] = {
    "target_copied": (
        KNOWN | {"target_copies": {"town": 0.996}},
        ["`town`", "`survived`", "99.6 %", "df.drop(columns=['town'])"],
    ),
    "test_rows_in_training": ({"test_rows_used": 14}, ["14 rows"]),
    "target_with_gaps": (KNOWN, ["`survived`", "1 row of 60", "59 rows"]),
    "numbers_as_text": ({"numeric_text_columns": {"price": "CHF 12"}}, ["`price`", "`CHF 12`"]),
    "missing_tokens_mixed": (
        {"missing_tokens": {"age": {"?": 12, "N/A": 3}, "town": {"-": 1}}},
        ["`?`, `N/A` and `-`", "`age` and `town`", "16 cells", "15 cells"],
    ),
    "id_among_features": (KNOWN, ["`Passenger Id`", "60 different values", "60 rows"]),
    "rare_class_by_accuracy": (
        KNOWN | {"score": 0.92},
        ["`survived`", "`no`", "92 %", "other 8 %"],
    ),
    "no_better_than_guessing": (
        {"metric": "accuracy", "score": 0.61, "dummy_score": 0.63},
        ["`accuracy`", "0.61", "0.63"],
    ),
    "repeated_rows": ({"rows": 1200, "duplicate_rows": 14}, ["14 rows of 1,200", "1,186 rows"]),
    "constant_column": (KNOWN, ["`country`", "`CH`", "60 rows"]),
}


def on_error(hint: str, error: BaseException, facts: Facts = KNOWN) -> Match | None:
    return ON_ERROR[hint](understand(error), facts)


def check_texts(hint: str, match: Match | None, quoted: list[str]) -> None:
    assert match is not None
    texts = hint_text(hint).texts(match.values)
    for words in quoted:
        assert words in " ".join(texts), (words, texts)
    assert "?" in texts[0], "the first rung asks"
    assert texts[0] != texts[1] != texts[2]
    assert not re.search(r"[{}!]|`None`|\bnan\b", " ".join(texts)), texts


@pytest.mark.parametrize("hint", ERRORS)
def test_an_error_is_understood_and_its_words_are_quoted(hint: str) -> None:
    act, quoted = ERRORS[hint]
    error = raised(act)
    assert next(name for name in ON_ERROR if on_error(name, error)) == hint
    check_texts(hint, on_error(hint, error), quoted)


@pytest.mark.parametrize("hint", FACTS)
def test_a_situation_is_seen_and_its_numbers_are_quoted(hint: str) -> None:
    facts, quoted = FACTS[hint]
    check_texts(hint, ON_TABLE[hint](facts), quoted)


def test_every_hint_has_its_predicate_and_a_case_here() -> None:
    ids = {hint.id for hint in load_hints()}
    assert ids == {*ON_ERROR, *ON_TABLE} == {*ERRORS, *FACTS}
    assert len(ids) >= 20


def test_every_value_that_a_text_quotes_is_given_and_every_given_one_is_quoted() -> None:
    for hint in load_hints():
        if hint.id in ON_ERROR:
            match = on_error(hint.id, raised(ERRORS[hint.id][0]))
        else:
            match = ON_TABLE[hint.id](FACTS[hint.id][0])
        assert match is not None
        assert hint.values == match.values.keys(), hint.id


@pytest.mark.parametrize("hint", ON_TABLE)
def test_without_facts_nothing_is_said(hint: str) -> None:
    assert ON_TABLE[hint]({}) is None


@pytest.mark.parametrize("hint", ON_TABLE)
def test_of_a_clean_table_nothing_is_said(hint: str) -> None:
    clean = pd.DataFrame({"x": np.arange(50) % 7 + 0.5, "y": np.arange(50) % 3 / 2.0})
    facts = from_profile(profile(clean, "y"))
    facts["duplicate_rows"] = 0
    assert ON_TABLE[hint](facts) is None


@pytest.mark.parametrize(
    "error",
    [
        ZeroDivisionError("division by zero"),
        KeyError("a key of the learner's own dictionary"),
        ValueError("something else"),
        RuntimeError(""),
    ],
)
def test_an_error_that_is_not_known_is_left_alone(error: BaseException) -> None:
    assert all(on_error(hint, error) is None for hint in ON_ERROR)


@pytest.mark.parametrize(
    ("asked", "column", "difference"),
    [
        ("fare", "Fare", "capital and small letters differ"),
        ("Fare", "Fare ", "a space at the start or the end"),
        ("ticket_class", "Ticket Class", "spaces, dashes or underscores differ"),
        ("survivd", "survived", "some letters differ"),
        ("2019", 2019, "a number or a date"),
    ],
)
def test_a_name_that_is_nearly_right(asked: str, column: Any, difference: str) -> None:
    frame = pd.DataFrame(columns=["unlike", column, "other"])
    facts: Facts = {"columns": list(frame.columns)}
    for act in (lambda: frame[asked], lambda: frame[[asked]], lambda: frame[["other", asked]]):
        match = on_error("column_name_differs", raised(act), facts)
        assert match is not None
        assert match.column == column
        assert difference in match.values["difference"]
        assert repr(column) in match.values["code"]


def test_a_column_asked_for_as_an_attribute() -> None:
    match = on_error("column_name_differs", raised(lambda: PEOPLE.age))
    assert match is not None
    assert match.column == "Age"


def test_only_the_features_matter() -> None:
    without: Facts = KNOWN | {"features": ["Age", "town"]}
    assert ON_TABLE["id_among_features"](without) is None
    assert ON_TABLE["target_copied"](without | {"target_copies": {"country": 1.0}}) is None


def test_a_measure_that_knows_rare_classes_is_no_reason_to_speak() -> None:
    assert ON_TABLE["rare_class_by_accuracy"](KNOWN | {"metric": "average_precision"}) is None


def test_the_value_of_an_unknown_column_is_said_to_be_probably_there() -> None:
    error = ValueError("could not convert string to float: 'never seen'")
    match = on_error("text_into_numbers", error)
    assert match is not None
    assert match.values["certainty"] == "is probably in one of"


HOSTILE = "<script>alert(1)</script>{0}{__class__}\n\x1b[31m" + "x" * 500


def test_hostile_names_are_quoted_on_one_line_and_cut() -> None:
    frame = pd.DataFrame({HOSTILE: ["a"] * 40, "y": range(40)})
    facts = from_profile(profile(frame, "y"))
    match = ON_TABLE["constant_column"](facts)
    assert match is not None
    quoted = match.values["column"]
    assert quoted.startswith("`<script>alert(1)</script>{0}{__class__} ")
    assert len(quoted) < 70
    assert quoted.isprintable()
    assert quoted in hint_text("constant_column").texts(match.values)[2]


def test_the_class_of_a_learner_s_own_error_is_not_told() -> None:
    class CustomerSecretError(KeyError):
        def __str__(self) -> str:
            raise RuntimeError

    seen = understand(CustomerSecretError("x"))
    assert seen.kind == "KeyError"
    assert understand(type("Own", (Exception,), {"__str__": lambda self: 1 / 0})()).text == ""


def test_planted_defects_are_seen_by_the_hints_that_are_about_them() -> None:
    kinds = ["duplicate_rows", "constant_column", "identifier", "missing_values"]
    table = make_messy_table(n_rows=300, defects=kinds, random_state=1)
    facts = from_profile(profile(table.frame, table.target))
    fired = {name for name, predicate in ON_TABLE.items() if predicate(facts)}
    assert {"repeated_rows", "constant_column", "id_among_features"} <= fired
    assert facts["missing_columns"].keys() == {
        defect.column for defect in table.defects if defect.kind == "missing_values"
    }
