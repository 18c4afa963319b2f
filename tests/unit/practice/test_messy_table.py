"""Practice tables: plausible, reproducible, and true about what is wrong with them."""

from __future__ import annotations

import pandas as pd
import pytest

from mlplayground.errors import InputError
from mlplayground.practice import DOMAINS, KINDS, make_messy_table

every_domain = pytest.mark.parametrize("domain", list(DOMAINS))


@every_domain
@pytest.mark.parametrize("seed", range(6))
def test_undoing_the_defects_by_the_truth_gives_the_clean_table(domain: str, seed: int) -> None:
    table = make_messy_table(200, KINDS, seed, domain=domain)
    assert [defect.kind for defect in table.defects] == list(KINDS)
    pd.testing.assert_frame_equal(table.undo(), table.clean)


@every_domain
@pytest.mark.parametrize("kind", KINDS)
def test_each_defect_is_where_the_truth_says_and_nowhere_else(domain: str, kind: str) -> None:
    table = make_messy_table(200, [kind], 3, domain=domain)
    (defect,) = table.defects
    assert (defect.kind, len(defect.shows) > 20) == (kind, True)
    others = [name for name in table.clean.columns if name != defect.column]
    if defect.column is None:
        assert table.frame.duplicated()[defect.rows].all() or len(defect.rows)
        pd.testing.assert_frame_equal(
            table.frame.drop(index=defect.rows).reset_index(drop=True), table.clean
        )
        return
    pd.testing.assert_frame_equal(table.frame[others], table.clean[others])
    if defect.column in table.clean:
        changed = table.frame[defect.column].astype(object) != table.clean[defect.column].astype(
            object
        )
        assert set(changed[changed].index) <= set(defect.rows)
        assert changed[defect.rows].mean() > 0.5


def test_a_wrong_cell_is_wrong_in_the_copy_of_its_row_too() -> None:
    table = make_messy_table(1000, ["label_noise", "duplicate_rows"], 0, domain="gym")
    noise, copies = table.defects
    assert table.frame.duplicated()[copies.rows].all()
    wrong = table.frame.assign(wrong=table.frame.index.isin(noise.rows))
    assert wrong.groupby(list(table.frame.columns))["wrong"].nunique().max() == 1
    assert set(noise.rows) & set(copies.rows)


def test_the_same_seed_gives_the_same_table_and_another_one_another() -> None:
    one, same, other = (make_messy_table(100, random_state=seed) for seed in (7, 7, 8))
    pd.testing.assert_frame_equal(one.frame, same.frame)
    assert one.defects == same.defects
    assert not one.frame.equals(other.frame)
    assert len({make_messy_table(60, random_state=seed).domain for seed in range(12)}) > 2


def test_there_are_enough_kinds_to_practise_on() -> None:
    assert len(KINDS) >= 10
    drawn = make_messy_table(100, random_state=2)
    assert len({defect.kind for defect in drawn.defects}) == 6
    assert make_messy_table(100, ()).defects == ()


@every_domain
def test_a_world_can_be_learned_from_but_not_by_heart(domain: str) -> None:
    from mlplayground.modeling import evaluate

    case = evaluate(make_messy_table(400, (), 1, domain=domain).clean, DOMAINS[domain].target)
    gain = (case.score - case.dummy_score) / (1 - case.dummy_score)
    assert 0.3 < gain < 0.98


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_rows": 10}, "at least 60 rows"),
        ({"defects": ["gremlins"]}, "no defect 'gremlins'"),
        ({"defects": ["near_copy", "near_copy"]}, "once"),
        ({"domain": "mars"}, "no domain 'mars'"),
    ],
)
def test_what_cannot_be_made_is_said(arguments: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make_messy_table(**arguments)
