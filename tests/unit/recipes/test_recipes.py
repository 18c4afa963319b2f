"""Recipes: order, replay with the learned parameters, pipelines, hostile data."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone  # noqa: TID253

from mlplayground.errors import ColumnError, InputError
from mlplayground.recipes import (
    ConvertType,
    DropColumns,
    DropDuplicateRows,
    DropMissingRows,
    FillMissing,
    GroupRare,
    LearnedRecipe,
    Limit,
    MergeMisspelt,
    ParseDates,
    ParseNumbers,
    Recipe,
    ReplaceMissingTokens,
    TidyWhitespace,
    UnifySpelling,
)


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "age": [20.0, 30.0, None, 40.0, 20.0],
            "price": ["1,200 USD", "950 USD", "?", "1,000 USD", "1,200 USD"],
            "city": ["Bern", " bern", "Genf", "Bern", "Bern"],
        }
    )


RECIPE = Recipe(
    (
        ReplaceMissingTokens("price"),
        ParseNumbers("price"),
        UnifySpelling("city"),
        DropDuplicateRows(),
        FillMissing("age", "median"),
        FillMissing("price", "mean"),
    )
)


def test_operations_see_what_those_before_them_made(frame: pd.DataFrame) -> None:
    made = RECIPE.learn(frame).apply(frame)
    assert made["price"].tolist() == [1200, 950, 1050, 1000]
    assert made["age"].tolist() == [20, 30, 30, 40]
    assert made["city"].tolist() == ["Bern", "Bern", "Genf", "Bern"]
    assert made.index.tolist() == [0, 1, 2, 3]


def test_replay_uses_what_was_learned_and_learning_anew_does_not(frame: pd.DataFrame) -> None:
    fresh = pd.DataFrame({"age": [None, 90.0], "price": ["2,000", "-"], "city": ["GENF", "Ulm"]})
    replayed = RECIPE.learn(frame).apply(fresh)
    assert replayed["age"].tolist() == [30, 90]
    assert replayed["price"].tolist() == [2000, 1050]
    assert replayed["city"].tolist() == ["Genf", "Ulm"]
    assert RECIPE.learn(fresh).apply(fresh)["age"].tolist() == [90, 90]


def test_a_recipe_for_text_still_works_where_a_file_needed_no_repair(frame: pd.DataFrame) -> None:
    clean = pd.DataFrame({"age": [1.0], "price": [99.5], "city": ["Bern"]})
    assert RECIPE.learn(frame).apply(clean)["price"].tolist() == [99.5]


def test_printed_recipe_gives_the_same_without_mlplayground(frame: pd.DataFrame) -> None:
    learned = RECIPE.learn(frame)
    source = learned.to_source("table")
    assert "mlplayground" not in source
    names = {"table": frame}
    before = frame.copy()
    exec(source, names)
    pd.testing.assert_frame_equal(names["table"], learned.apply(frame))
    pd.testing.assert_frame_equal(frame, before)


def test_printed_code_folds_case_as_the_recipe_does() -> None:
    frame = pd.DataFrame({"x": ["straße", "STRASSE", "STRASSE", "İ", "i̇", "i̇"]})
    learned = Recipe((UnifySpelling("x"),)).learn(frame)
    names = {"df": frame}
    exec(learned.to_source(), names)
    assert names["df"]["x"].tolist() == ["STRASSE"] * 3 + ["i̇"] * 3
    pd.testing.assert_frame_equal(names["df"], learned.apply(frame))


def test_the_name_of_the_frame_must_be_a_name(frame: pd.DataFrame) -> None:
    for name in ("df; import os", "", "1a", "class"):
        with pytest.raises(InputError, match="not a Python name"):
            RECIPE.learn(frame).to_source(name)


def test_the_id_depends_on_what_is_done_and_in_which_order(frame: pd.DataFrame) -> None:
    again = Recipe.from_dict(json.loads(json.dumps(RECIPE.to_dict())))
    assert again == RECIPE
    assert again.id == RECIPE.id
    assert Recipe(RECIPE.operations[::-1]).id != RECIPE.id
    assert RECIPE.learn(frame).id == RECIPE.learn(frame.copy()).id
    assert RECIPE.learn(frame).id != RECIPE.learn(frame.iloc[2:]).id
    assert RECIPE.learn(frame).recipe == RECIPE


def test_the_id_stays_what_it_was() -> None:
    """Stored lineages name recipes by id: a change of this must raise the version instead."""
    assert Recipe((FillMissing("age", "median"),)).id == "824acb54150fc9ef2abb"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"version": 99, "operations": []}, "no recipe of version"),
        ([], "no recipe of version"),
        ({"version": 1, "operations": {"a": 1}}, "list of operations"),
        ({"version": 1, "operations": [{"operation": "os.system"}]}, "Unknown operation"),
        ({"version": 1, "operations": [{"operation": ["a"]}]}, "Unknown operation"),
        ({"version": 1, "operations": [{"operation": "drop_columns"}]}, "columns"),
        (
            {"version": 1, "operations": [{"operation": "drop_columns", "columns": "age"}]},
            "cannot be",
        ),
        (
            {"version": 1, "operations": [{"operation": "fill_missing", "column": {"a": 1}}]},
            "cannot hold",
        ),
        (
            {"version": 1, "operations": [{"operation": "tidy_whitespace", "column": True}]},
            "cannot be",
        ),
        (
            {"version": 1, "operations": [{"operation": "limit", "column": "a", "low": "x"}]},
            "cannot be",
        ),
    ],
)
def test_a_recipe_from_elsewhere_is_only_data(data: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Recipe.from_dict(data)


def test_learned_parameters_from_elsewhere_are_checked(frame: pd.DataFrame) -> None:
    data = Recipe((FillMissing("age"),)).learn(frame).to_dict()
    data["operations"][0]["learned"]["value"] = [1, "__import__('os')"]
    with pytest.raises(InputError, match="learns value"):
        LearnedRecipe.from_dict(data)
    del data["operations"][0]["learned"]
    with pytest.raises(InputError, match="learned"):
        LearnedRecipe.from_dict(data)


def test_a_pipeline_learns_from_the_training_rows_only(frame: pd.DataFrame) -> None:
    learned = Recipe((FillMissing("age", "median"), UnifySpelling("city"))).learn(frame)
    pipeline = learned.to_pipeline()
    pd.testing.assert_frame_equal(pipeline.transform(frame), learned.apply(frame))
    refitted = clone(pipeline).fit(frame.iloc[3:])
    assert refitted.transform(frame)["age"].tolist() == [20, 30, 30, 40, 20]
    young = clone(pipeline).fit(frame.iloc[:1]).transform(frame)
    assert young["age"].tolist() == [20, 30, 20, 40, 20]


def test_a_pipeline_refuses_to_drop_rows(frame: pd.DataFrame) -> None:
    with pytest.raises(InputError, match=r"keeps every row.*Drop duplicate rows"):
        RECIPE.learn(frame).to_pipeline()


def test_an_empty_recipe_changes_nothing(frame: pd.DataFrame) -> None:
    learned = Recipe().learn(frame)
    pd.testing.assert_frame_equal(learned.apply(frame), frame)
    assert learned.apply(frame) is not frame
    assert learned.to_pipeline().fit_transform(frame) is not None


def column(operation, values: list, **dtype: str) -> list:
    frame = pd.DataFrame({"x": pd.Series(values, **dtype)})
    return operation.learn(frame).apply(frame)["x"].tolist()


def test_numbers_are_found_in_the_ways_people_write_them() -> None:
    texts = ["1,234.50 USD", "$3", "€ 4", "12%", "-5", "1e3", "7 kg", " 8 ", ".5", "1'000"]
    expected = [1234.5, 3, 4, 0.12, -5, 1000, 7, 8, 0.5, 1000]
    assert column(ParseNumbers("x"), texts) == expected
    assert column(ParseNumbers("x", ","), ["1.234,5", "3,25 €", 2.5]) == [1234.5, 3.25, 2.5]


def test_text_that_is_no_number_is_refused_with_its_row() -> None:
    with pytest.raises(ColumnError, match=r"1 of 3 rows.*row 1: 'soon'"):
        column(ParseNumbers("x"), ["1", "soon", "3"])
    kept = column(ParseNumbers("x", others="missing"), ["1", "soon", "$3 kg", "A12", "2024-01-01"])
    assert kept[0] == 1
    assert np.isnan(kept[1:]).all()


def test_dates_are_read_by_the_declared_format_only() -> None:
    dates = column(ParseDates("x", ("%d/%m/%Y",)), ["03/04/2024", None])
    assert dates[0] == pd.Timestamp("2024-04-03")
    assert dates[1] is pd.NaT
    with pytest.raises(ColumnError, match=r"does not fit %d/%m/%Y in 1 of 1 rows.*04/13/2024"):
        column(ParseDates("x", ("%d/%m/%Y",)), ["04/13/2024"])
    both = column(ParseDates("x", ("%d.%m.%Y", "%Y-%m-%d")), ["03.04.2024", "2024-04-03"])
    assert both[0] == both[1]


def test_misspelt_values_are_merged_and_different_ones_are_not() -> None:
    values = ["Cardiology"] * 40 + ["Cardiolgy", "Crdiology"] + ["Model 2"] * 40 + ["Model 3"]
    made = column(MergeMisspelt("x"), values)
    assert made.count("Cardiology") == 42
    assert made.count("Model 3") == 1
    words = ["important"] * 90 + ["unimportant"] * 3 + ["North"] * 50 + ["South"] * 40
    assert column(MergeMisspelt("x"), words) == words


def test_spelling_goes_to_the_commonest_way_of_writing() -> None:
    assert column(UnifySpelling("x"), ["a  B", "A b", "A b", " A b "]) == ["A b"] * 4
    assert column(TidyWhitespace("x"), [" a\t b", 3, None]) == ["a b", 3, None]
    with pytest.raises(ColumnError, match="free text"):
        column(UnifySpelling("x"), [str(i) for i in range(3000)])


def test_extreme_values_are_clipped_to_the_most_extreme_ordinary_one() -> None:
    values = [float(i) for i in range(100)] + [1e6, -1e6]
    assert column(Limit("x"), values)[-2:] == [99, 0]
    assert np.isnan(column(Limit("x", outside="missing"), values)[-2:]).all()
    assert column(Limit("x", low=0, high=50), values)[-3:] == [50, 50, 0]
    # A long tail is no row of errors.
    tail = np.exp(np.random.default_rng(0).normal(0, 1, 500)).tolist()
    assert column(Limit("x"), tail) == tail


def test_a_whole_number_stays_one_when_it_is_limited() -> None:
    frame = pd.DataFrame({"x": [*range(50), 10_000]})
    assert Limit("x").learn(frame).apply(frame)["x"].dtype == np.int64


def test_the_most_frequent_value_is_filled_in_and_the_first_of_two() -> None:
    assert column(FillMissing("x", "most_frequent"), ["b", "a", "a", None]) == ["b", "a", "a", "a"]
    assert column(FillMissing("x", "most_frequent"), ["b", "a", None]) == ["b", "a", "b"]


def test_filling_keeps_types_where_it_can() -> None:
    frame = pd.DataFrame({"x": pd.Series([1, 2, None], dtype="Int64")})
    assert FillMissing("x").learn(frame).apply(frame)["x"].tolist() == [1, 2, 1.5]
    category = pd.DataFrame({"x": pd.Series(["a", None], dtype="category")})
    filled = FillMissing("x", "constant", "none").learn(category).apply(category)
    assert filled["x"].tolist() == ["a", "none"]
    flagged = FillMissing("x", "constant", 0, indicator=True).learn(frame).apply(frame)
    assert flagged["x_missing"].tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("operation", "values", "message"),
    [
        (FillMissing("x", "mean"), ["a", None], "mean needs numbers"),
        (FillMissing("x"), [None, None], "no value at all"),
        (FillMissing("x", "most_frequent"), [[1], None], "Fill missing"),
        (FillMissing("x", "constant", "a"), pd.Series([1, None], dtype="Int64"), "Fill missing"),
        (Limit("x"), ["a", "b"], "Limits need numbers"),
        (ConvertType("x", "integer"), [1.5], "Turn `x` into integer"),
        (ConvertType("x", "boolean"), ["yes", "perhaps"], "neither yes nor no.*perhaps"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(operation, values, message: str) -> None:
    frame = pd.DataFrame({"x": values})
    with pytest.raises(ColumnError, match=message):
        operation.learn(frame).apply(frame)


@pytest.mark.parametrize(
    "make",
    [
        lambda: FillMissing("x", "constant"),
        lambda: FillMissing("x", "median", 3),
        lambda: FillMissing("x", "modal"),
        lambda: DropColumns(()),
        lambda: DropColumns("age"),
        lambda: Limit("x", low=2, high=1),
        lambda: Limit("x", low=float("nan")),
        lambda: GroupRare("x", minimum=1),
        lambda: ParseDates("x", ()),
        lambda: ParseDates("x", ("%Y-%m-%dT%H:%M%z",)),
        lambda: DropMissingRows(2.5),
        lambda: DropMissingRows(True),
    ],
)
def test_options_that_make_no_sense_are_refused(make) -> None:
    with pytest.raises(InputError):
        make()


def test_a_whole_number_and_a_truth_value_are_different_names() -> None:
    frame = pd.DataFrame([[1, 2]], columns=pd.Index([True, "a"], dtype=object))
    with pytest.raises(ColumnError, match="no column 1"):
        DropColumns((1,)).learn(frame)
