"""Fingerprints tell datasets apart without giving away what is in them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlplayground.errors import ColumnError
from mlplayground.modeling import fingerprint
from mlplayground.practice import make_messy_table


@pytest.fixture(scope="module")
def table():
    return make_messy_table(500, random_state=4)


def test_the_order_of_columns_does_not_matter(table) -> None:
    shuffled = table.frame[np.random.default_rng(1).permutation(table.frame.columns)]
    assert fingerprint(shuffled, table.target) == fingerprint(table.frame, table.target)


def test_names_are_always_the_same_and_numbers_finite(table) -> None:
    names = list(fingerprint(table.frame, table.target))
    odd = [
        pd.DataFrame(),
        pd.DataFrame({"a": []}),
        pd.DataFrame({"a": [None, None]}),
        pd.DataFrame([[1, 2], [3, 4]], columns=["a", "a"]),
        pd.DataFrame({"a": [np.inf, -np.inf, np.nan], "b": [[1], {}, "x"]}),
        table.frame,
    ]
    for frame in odd:
        numbers = fingerprint(frame)
        assert list(numbers) == names
        assert np.isfinite(list(numbers.values())).all()
    with pytest.raises(ColumnError, match="no column 'nothing'"):
        fingerprint(table.frame, "nothing")


def test_it_holds_shapes_and_no_values() -> None:
    """Another unit, other words: the same shape, the same fingerprint."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"size": rng.gamma(2, 3, 300), "colour": rng.choice(list("abc"), 300)})
    frame["y"] = np.where(frame["size"] + rng.normal(size=300) > 6, "yes", "no")
    secret = frame.assign(
        size=frame["size"] * 1024,
        colour=frame["colour"].map({"a": "secret", "b": "private", "c": "hidden"}),
        y=frame["y"].map({"yes": "guilty", "no": "innocent"}),
    )
    ours, theirs = fingerprint(frame, "y"), fingerprint(secret, "y")
    assert ours == pytest.approx(theirs, abs=1e-6)


def test_landmarkers_see_whether_there_is_anything_to_learn() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(600, 4))
    frame = pd.DataFrame(X, columns=list("abcd"))
    signal = frame.assign(y=np.where(X[:, 0] > 0, "yes", "no"))
    noise = frame.assign(y=rng.choice(["yes", "no"], 600))
    assert fingerprint(signal, "y")["landmark_stump"] > 0.9
    assert abs(fingerprint(noise, "y")["landmark_stump"]) < 0.2
    line = frame.assign(y=3 * X[:, 1] - X[:, 2])
    assert fingerprint(line, "y")["landmark_linear"] > 0.95
    assert fingerprint(line, "y")["target_is_numeric"] == 1


def test_a_target_that_cannot_be_predicted_is_no_error() -> None:
    frame = pd.DataFrame({"a": range(30), "same": [1] * 30, "gone": [None] * 30})
    for target in ("same", "gone"):
        assert fingerprint(frame, target)["target_entropy"] == 0


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    cells=st.lists(
        st.tuples(st.one_of(st.none(), st.floats(), st.text(max_size=3)), st.integers(0, 3)),
        min_size=1,
        max_size=40,
    )
)
def test_any_table_has_a_finite_fingerprint(cells: list) -> None:
    numbers = fingerprint(pd.DataFrame(cells, columns=["x", "y"]), "y")
    assert np.isfinite(list(numbers.values())).all()
