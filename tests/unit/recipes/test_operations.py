"""What every registered operation promises, on hostile frames."""

from __future__ import annotations

import json
import pickle

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recipe_strategies import frames, operations

from mlplayground.errors import ColumnError, InputError
from mlplayground.recipes import OPERATIONS, Learned, LearnedRecipe, Recipe, operation_from_dict

every_operation = pytest.mark.parametrize("name", sorted(OPERATIONS))
hostile = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def run(source: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Run printed code as a learner would, in an empty namespace with a frame called df."""
    names = {"df": frame.copy()}
    exec(compile(source, "<printed>", "exec"), names)
    return names["df"]


def same(left: pd.DataFrame, right: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(left, right, check_exact=True, check_freq=False)


def learned_on(data: st.DataObject, name: str, frame: pd.DataFrame) -> Learned | None:
    operation = data.draw(operations(name, frame))
    try:
        return operation.learn(frame)
    except InputError:
        return None


@every_operation
@hostile
@given(data=st.data())
def test_printed_source_gives_exactly_the_same_frame(name: str, data: st.DataObject) -> None:
    frame = data.draw(frames())
    before = frame.copy(deep=True)
    learned = learned_on(data, name, frame)
    if learned is None:
        return
    try:
        applied = learned.apply(frame)
    except ColumnError:
        return
    same(frame, before)
    same(run(LearnedRecipe((learned,)).to_source(), frame), applied)
    same(frame, before)
    if learned.operation.kind == "column":
        assert applied.index.equals(frame.index)


@every_operation
@settings(hostile, max_examples=8)
@given(data=st.data())
def test_json_brings_the_same_operation_back(name: str, data: st.DataObject) -> None:
    frame = data.draw(frames())
    learned = learned_on(data, name, frame)
    if learned is None:
        return
    operation = learned.operation
    assert same_text(operation_from_dict(through_json(operation.to_dict())), operation)
    back = LearnedRecipe.from_dict(through_json(LearnedRecipe((learned,)).to_dict()))
    assert same_text(back, LearnedRecipe((learned,)))
    assert back.id == LearnedRecipe((learned,)).id
    assert same_text(pickle.loads(pickle.dumps(learned)), learned)


@every_operation
def test_a_missing_column_is_named_with_those_that_are_there(name: str) -> None:
    frame = pd.DataFrame({"weight": ["1", "2"]})
    operation = example_of(name)
    if not operation.touched():
        return
    with pytest.raises(ColumnError, match=r"no column 'age'.*'weight'"):
        operation.learn(frame)
    with pytest.raises(ColumnError, match="no column 'age'"):
        operation.learn(fitting(name)).apply(frame)


@every_operation
def test_a_doubled_name_is_refused(name: str) -> None:
    operation = example_of(name)
    if not operation.touched():
        return
    with pytest.raises(ColumnError, match="2 columns are called 'age'"):
        operation.learn(pd.DataFrame([["1", "2"]], columns=["age", "age"]))


@every_operation
def test_every_operation_says_what_it_does(name: str) -> None:
    operation = example_of(name)
    assert operation.kind in ("row", "column")
    assert operation.title()[0].isupper()
    assert len(type(operation).__doc__.strip()) > 20
    assert Recipe((operation,)).id == Recipe((example_of(name),)).id


@pytest.mark.parametrize("title", ["a\nimport os", "a\rb", "a\u2028b", "a\x85b"])
def test_no_name_breaks_out_of_its_comment(title: str) -> None:
    frame = pd.DataFrame({title: [1.0, None]})
    source = OPERATIONS["fill_missing"](title).learn(frame).to_source()
    assert len(source.splitlines()) == 2


def fitting(name: str) -> pd.DataFrame:
    return pd.DataFrame({"age": [1.0, 2.0] if name == "limit" else ["1999", None, "1999"]})


def through_json(data: dict) -> dict:
    return json.loads(json.dumps(data, allow_nan=False))


def same_text(left: object, right: object) -> bool:
    # NaN is unequal to itself; in their printed form two equal things are equal.
    return repr(left) == repr(right)


def example_of(name: str) -> object:
    options = {
        "drop_columns": {"columns": ("age",)},
        "drop_duplicate_rows": {},
        "convert_type": {"column": "age", "to": "text"},
        "parse_dates": {"column": "age", "formats": ("%Y",)},
        "parse_numbers": {"column": "age", "others": "missing"},
        "replace_values": {"column": "age", "mapping": (("1", "2"),)},
        "fill_missing": {"column": "age", "strategy": "most_frequent"},
    }.get(name, {"column": "age"})
    return OPERATIONS[name](**options)
