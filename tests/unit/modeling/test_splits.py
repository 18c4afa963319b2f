"""Splits keep their promise, and say why they cannot."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlplayground.errors import InputError
from mlplayground.modeling.splits import (
    Split,
    grouped_folds,
    grouped_split,
    random_folds,
    random_split,
    stratified_folds,
    stratified_split,
    time_split,
)


def whole(split: Split, n_rows: int) -> bool:
    together = np.concatenate([split.train, split.test])
    return len(together) == n_rows and set(together.tolist()) == set(range(n_rows))


def partition(folds: tuple[Split, ...], n_rows: int) -> bool:
    tests = np.concatenate([fold.test for fold in folds])
    return sorted(tests.tolist()) == list(range(n_rows)) and all(whole(f, n_rows) for f in folds)


@settings(max_examples=60, deadline=None)
@given(n=st.integers(2, 60), share=st.floats(0.01, 0.99), seed=st.integers(0, 99))
def test_a_random_split_uses_every_row_once(n: int, share: float, seed: int) -> None:
    split = random_split(n, share, seed)
    assert whole(split, n)
    assert len(split.train)
    assert len(split.test)
    assert split == random_split(n, share, seed)


@settings(max_examples=60, deadline=None)
@given(classes=st.lists(st.sampled_from("abc"), min_size=2, max_size=60), share=st.floats(0.1, 0.9))
def test_a_stratified_split_has_each_class_on_both_sides(classes: list, share: float) -> None:
    if min(pd.Series(classes).value_counts()) < 2:
        with pytest.raises(InputError, match="has one member"):
            stratified_split(classes, share)
        return
    split = stratified_split(classes, share)
    assert whole(split, len(classes))
    values = np.array(classes)
    assert set(values[split.train]) == set(values[split.test]) == set(classes)


@settings(max_examples=60, deadline=None)
@given(groups=st.lists(st.integers(0, 6), min_size=2, max_size=60), share=st.floats(0.05, 0.95))
def test_no_group_is_on_both_sides(groups: list, share: float) -> None:
    if len(set(groups)) < 2:
        with pytest.raises(InputError, match="at least 2 groups; there are 1"):
            grouped_split(groups, share)
        return
    split = grouped_split(groups, share)
    values = np.array(groups)
    assert whole(split, len(groups))
    assert not set(values[split.train]) & set(values[split.test])


@settings(max_examples=60, deadline=None)
@given(times=st.lists(st.integers(0, 9), min_size=2, max_size=60), share=st.floats(0.05, 0.95))
def test_nothing_is_learned_from_the_future(times: list, share: float) -> None:
    if len(set(times)) < 2:
        with pytest.raises(InputError, match="same time"):
            time_split(times, share)
        return
    split = time_split(times, share)
    values = np.array(times)
    assert whole(split, len(times))
    assert values[split.train].max() < values[split.test].min()


def test_folds_divide_the_rows() -> None:
    # Every fifth row in the order of the table would put all of `c` into one fold.
    classes = [*"aabac" * 5, *"ab" * 7, "a"]
    assert partition(random_folds(41, 5), 41)
    folds = stratified_folds(classes, 5)
    assert partition(folds, 40)
    assert [sum(classes[row] == "c" for row in fold.test) for fold in folds] == [1] * 5
    groups = np.repeat(np.arange(12), [30, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    folds = grouped_folds(groups, 3)
    assert partition(folds, len(groups))
    assert max(len(f.test) for f in folds) - min(len(f.test) for f in folds) <= 3


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: random_split(10, 1.5), "between 0 and 1"),
        (lambda: random_split(1), "at least 2 rows"),
        (lambda: stratified_split(["a", "a", "b"]), "The class 'b' has one member"),
        (lambda: stratified_folds(["a"] * 9 + ["b"] * 3), "The class 'b' has 3 members"),
        (lambda: stratified_split(["a", None, "a"]), "1 rows have no class; the first is row 1"),
        (lambda: grouped_folds([1, 1, 2], 3), "at least 3 groups"),
        (lambda: random_folds(3, 5), "at least 5 rows"),
        (lambda: random_folds(3, 1), "at least 2 folds"),
        (lambda: time_split([1, None, 2]), "no time; the first is row 1"),
        (lambda: time_split(pd.Series([1, "a", 2], dtype=object)), "put in order"),
        (lambda: stratified_split([]), "at least 2 rows"),
    ],
)
def test_what_cannot_be_split_is_said_in_words(make, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make()
