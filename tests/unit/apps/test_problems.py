"""What is planted is found, what is found is worded with numbers, and its repair repairs."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlplayground.apps.data_explorer import chart_data, find_problems, overview, quality
from mlplayground.apps.data_explorer.engine.checks import CHECKS
from mlplayground.apps.data_explorer.engine.quality import POINTS
from mlplayground.errors import ColumnError
from mlplayground.modeling import profile
from mlplayground.practice import DOMAINS, KINDS, make_messy_table

# By planted defect: the kind of problem that shows it.
SHOWN_AS = {
    "missing_tokens": "missing_tokens",
    "missing_values": "missing_values",
    "category_variants": "category_variants",
    "misspelt_values": "misspelt_values",
    "impossible_values": "outliers",
    "typing_errors": "outliers",
    "numbers_as_text": "numbers_as_text",
    "mixed_dates": "dates_as_text",
    "constant_column": "constant_column",
    "identifier": "identifier",
    "near_copy": "near_copy",
    "target_leak": "target_leak",
    "duplicate_rows": "duplicate_rows",
}
# Not to be seen in one column alone: wrong answers, and kilograms among pounds.
HIDDEN = {"label_noise", "unit_mix_up"}


def deductions(frame: pd.DataFrame, target: object = None) -> dict[str, float]:
    return {one.kind: one.points for one in quality(frame, target).deductions}


def test_every_planted_kind_is_accounted_for() -> None:
    assert set(SHOWN_AS) | HIDDEN == set(KINDS)
    assert set(SHOWN_AS.values()) <= set(CHECKS)


@pytest.mark.parametrize("kind", SHOWN_AS)
def test_a_planted_defect_is_found_where_it_is(kind: str) -> None:
    found = missed = 0
    for seed, domain in enumerate(DOMAINS):
        table = make_messy_table(500, [kind], seed, domain=domain)
        (defect,) = table.defects
        shown = [p for p in find_problems(table.frame, table.target) if p.kind == SHOWN_AS[kind]]
        right = [p for p in shown if p.column == defect.column or kind == "near_copy"]
        if not right:
            missed += 1
            continue
        found += 1
        problem = right[0]
        assert problem.operation is not None
        if len(defect.rows) and kind != "numbers_as_text":
            hits = len(set(problem.positions) & set(defect.rows))
            assert hits >= 0.6 * len(defect.rows), (domain, problem.text)
    assert missed <= 1, (kind, found, missed)


@pytest.mark.parametrize("domain", list(DOMAINS))
@pytest.mark.parametrize("seed", range(3))
def test_a_clean_table_is_not_accused(domain: str, seed: int) -> None:
    table = make_messy_table(500, (), seed, domain=domain)
    assert find_problems(table.clean, table.target) == []
    assert quality(table.clean).score == 100


@pytest.mark.parametrize("domain", list(DOMAINS))
@pytest.mark.parametrize("with_target", [True, False])
def test_a_repair_moves_its_own_deduction_only(domain: str, with_target: bool) -> None:
    table = make_messy_table(300, KINDS, 1, domain=domain)
    target = table.target if with_target else None
    before = deductions(table.frame, target)
    assert len(before) >= 7
    for problem in find_problems(table.frame, target):
        if problem.operation is None:
            continue
        repaired = problem.operation.learn(table.frame).apply(table.frame)
        after = deductions(repaired, target)
        for kind in set(before) | set(after) - {problem.kind}:
            if kind != problem.kind:
                assert after.get(kind, 0) == pytest.approx(before.get(kind, 0)), problem.id
        gained = before.get(problem.kind, 0) - after.get(problem.kind, 0)
        assert gained == pytest.approx(problem.points, abs=1e-9), problem.id


@pytest.mark.parametrize("domain", list(DOMAINS))
def test_repairing_one_thing_after_the_other_comes_to_an_end(domain: str) -> None:
    table = make_messy_table(300, KINDS, 2, domain=domain)
    frame, scores = table.frame, []
    for _ in range(40):
        usable = [p for p in find_problems(frame, table.target) if p.operation is not None]
        if not usable:
            break
        frame = usable[0].operation.learn(frame).apply(frame)
        scores.append(quality(frame, table.target).score)
    else:
        pytest.fail(f"still something to repair: {usable[0].text}")
    assert scores == sorted(scores)
    assert scores[-1] == 100


def test_the_deductions_add_up() -> None:
    table = make_messy_table(300, KINDS, 0)
    judged = quality(table.frame)
    assert judged.score == pytest.approx(100 - sum(one.points for one in judged.deductions))
    assert sum(cap for _, cap, _ in POINTS.values()) == 100
    assert json.dumps(judged.to_dict())
    worst = pd.DataFrame({"a": ["?"] * 30, "b": [None] * 30})
    assert 0 <= quality(worst).score <= 100


def test_problems_come_worst_first_with_a_preview() -> None:
    table = make_messy_table(400, KINDS, 3)
    problems = find_problems(table.frame, table.target)
    assert [p.severity for p in problems] == sorted((p.severity for p in problems), reverse=True)
    assert problems[0].kind == "target_leak"
    for problem in problems:
        if problem.operation is None:
            continue
        assert 1 <= len(problem.preview.before) <= 5
        assert not problem.preview.before.equals(problem.preview.after)
    repeated = next(p for p in problems if p.kind == "duplicate_rows")
    assert len(repeated.preview.after) < len(repeated.preview.before)


def test_the_words_carry_the_learners_numbers() -> None:
    frame = pd.DataFrame(
        {"age": [30.0 + i % 17 for i in range(200)], "city": ["Bern", "Ulm"] * 100}
    )
    frame.loc[:14, "age"] = np.nan
    frame.loc[20:22, "city"] = "bern "
    texts = {p.kind: p.text for p in find_problems(frame)}
    assert "`age` has no value in 15 rows of 200 (7.5 %)" in texts["missing_values"]
    assert "`city` writes 1 value in more than one way" in texts["category_variants"]
    assert "“bern ”" in texts["category_variants"]
    assert "3 rows would change" in texts["category_variants"]


def test_a_repair_waits_for_the_one_that_it_builds_on() -> None:
    frame = pd.DataFrame({"price": ["1", "?", "30", "4", "7"] * 20, "x": range(100)})
    by_kind = {p.kind: p for p in find_problems(frame)}
    assert by_kind["numbers_as_text"].operation is None
    assert "missing first" in by_kind["numbers_as_text"].text
    frame = by_kind["missing_tokens"].operation.learn(frame).apply(frame)
    by_kind = {p.kind: p for p in find_problems(frame)}
    frame = by_kind["numbers_as_text"].operation.learn(frame).apply(frame)
    assert frame["price"].dtype == float
    assert {p.kind: p for p in find_problems(frame)}[
        "missing_values"
    ].operation.strategy == "median"


def test_codes_and_sentences_are_left_alone() -> None:
    frame = pd.DataFrame(
        {
            "zip": ["02139", "10001", "00501", "94105"] * 25,
            "study": ["PAL0708", "PAL0809", "PAL0910", "PAL1011"] * 25,
            "ward": ["Ward 2", "Ward 3", "Ward 4", "Ward 5"] * 25,
            "note": [f"Seen by Dr {i}, nothing to report" for i in range(100)],
        }
    )
    assert [p.kind for p in find_problems(frame) if p.kind == "numbers_as_text"] == []
    assert [p.kind for p in find_problems(frame) if p.kind == "misspelt_values"] == []


def test_a_second_group_or_a_long_tail_is_no_row_of_errors() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"two groups": rng.normal(0, 1, 500), "tail": rng.lognormal(0, 1.5, 500)})
    frame.loc[:49, "two groups"] += 100
    assert [p.kind for p in find_problems(frame)] == []
    frame.loc[10:400, "two groups"] = rng.normal(0, 1, 391)
    (problem,) = find_problems(frame)
    assert (problem.kind, problem.column, problem.rows) == ("outliers", "two groups", 10)


def test_rows_that_differ_in_a_running_number_only() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=200), "y": rng.normal(size=200)})
    frame = pd.concat([frame, frame.iloc[:8]], ignore_index=True)
    frame.insert(0, "order_id", range(1, 209))
    problem = next(p for p in find_problems(frame) if p.kind == "duplicate_rows")
    assert "everything but `order_id`" in problem.text
    assert len(problem.operation.learn(frame).apply(frame)) == 200
    # Ten people who gave the same answers are ten people.
    answers = pd.DataFrame({"id": range(100), "a": ["yes", "no"] * 50, "b": ["x"] * 99 + ["y"]})
    assert "duplicate_rows" not in [p.kind for p in find_problems(answers)]


def test_a_leak_is_told_from_an_honestly_strong_column() -> None:
    rng = np.random.default_rng(0)
    strong = rng.normal(size=600)
    y = np.where(strong + rng.normal(0, 0.7, 600) > 0, "yes", "no")
    frame = pd.DataFrame({"strong": strong, "closed_at": np.where(y == "yes", 3.5, np.nan), "y": y})
    frame["noise"] = rng.normal(size=600)
    leaks = [p for p in find_problems(frame, "y") if p.kind == "target_leak"]
    assert [p.column for p in leaks] == ["closed_at"]
    assert "wrong in 0 % of the rows instead of" in leaks[0].text


def test_overview_says_three_things_at_most() -> None:
    table = make_messy_table(400, KINDS, 0)
    seen = overview(table.frame, table.target)
    assert 1 <= len(seen.findings) <= 3
    assert seen.summary.startswith("416 rows and 14 columns:")
    assert seen.profile.target == table.target
    clean = overview(make_messy_table(300, (), 0).clean)
    assert clean.findings == ("No problem stands out in 300 rows. Look at the columns next.",)
    rare = pd.DataFrame({"x": range(300), "y": ["no"] * 282 + ["yes"] * 18})
    assert "94 % of the rows have `y` = “no”" in overview(rare, "y").findings[0]
    with pytest.raises(ColumnError):
        overview(rare, "z")


def test_a_chart_says_what_it_shows() -> None:
    frame = pd.DataFrame({"age": [20, 30, 40, 50] * 25, "city": ["Bern"] * 60 + ["Ulm"] * 40})
    bars = chart_data(frame, "city")
    assert (bars.kind, bars.title) == ("bars", "60 % of `city` is “Bern”")
    assert (bars.labels, bars.counts) == (("Bern", "Ulm"), (60, 40))
    histogram = chart_data(profile(frame), "age")
    assert histogram.kind == "histogram"
    assert len(histogram.edges) == len(histogram.counts) + 1
    assert "27.5 to 42.5" in histogram.title
    assert "100 values" in histogram.alt
    with pytest.raises(ColumnError, match="no column 'x'"):
        chart_data(frame, "x")


_cells = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**80), 2**80), st.floats(), st.text(max_size=5),
    st.sampled_from(["?", "n/a", "12 kg", "1,5", "2024-01-01", "01/02/2024", "a", "A ", 999, -1]),
    st.datetimes(), st.lists(st.integers(), max_size=2), st.sampled_from([pd.NA, pd.NaT]),
)  # fmt: skip
_labels = st.one_of(st.text(max_size=3), st.integers(0, 2), st.none(), st.just(("a", 1)),
                    st.sampled_from(["age", "<script>", "id"]))  # fmt: skip


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    columns=st.lists(st.lists(_cells, min_size=3, max_size=3), min_size=1, max_size=4),
    labels=st.lists(_labels, min_size=4, max_size=4),
    times=st.sampled_from([1, 20]),
    dtype=st.sampled_from([object, None]),
    targeted=st.booleans(),
)
def test_no_table_is_too_odd_to_be_judged(
    columns: list, labels: list, times: int, dtype: object, targeted: bool
) -> None:
    frame = pd.concat([pd.Series(cells * times, dtype=dtype) for cells in columns], axis=1)
    frame.columns = pd.Index(labels[: frame.shape[1]], dtype=object)
    before = frame.map(repr)
    target = labels[0] if targeted and labels[0] is not None else None
    for problem in find_problems(frame, target):
        assert problem.rows == len(problem.positions) > 0
        if problem.operation is not None:
            problem.operation.learn(frame).apply(frame)
    assert 0 <= quality(frame).score <= 100
    assert frame.map(repr).equals(before)


@pytest.mark.parametrize("frame", [pd.DataFrame(), pd.DataFrame({"a": []}),
                                   pd.DataFrame(index=range(3))])  # fmt: skip
def test_tables_without_cells(frame: pd.DataFrame) -> None:
    assert find_problems(frame) == []
    assert quality(frame).score == 100
    assert len(overview(frame).findings) == 1
