"""Numbers are written for reading."""

from __future__ import annotations

import pytest

from mlplayground.ui.format import count, gain, number, seconds_left, size


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1204, "1,204"),
        (-3, "−3"),
        (0.83456, "0.835"),
        (1234.5678, "1,235"),
        (0.0001234, "0.000123"),
        (1.5e-9, "1.50e−9".replace("e−9", "e−09")),
        (float("nan"), "unknown"),
        (float("-inf"), "−∞"),
        (1e20, "1.00e+20"),
    ],
)
def test_three_significant_digits_and_thousands(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("expected", "interval", "unit", "text"),
    [
        (0.012, (0.004, 0.02), "AUC", "+0.012 ± 0.0080 AUC expected"),
        (0.01, (-0.02, 0.1), "", "+0.010 (−0.020 to 0.10) expected"),
        (-0.5, None, "points", "−0.50 points expected"),
        (None, None, "AUC", ""),
        (float("nan"), None, "AUC", ""),
    ],
)
def test_a_gain_comes_with_its_interval(
    expected: float | None, interval: tuple[float, float] | None, unit: str, text: str
) -> None:
    assert gain(expected, interval, unit) == text


def test_amounts_are_said_as_people_say_them() -> None:
    assert (count(1, "row"), count(1204, "row")) == ("1 row", "1,204 rows")
    assert (size(512), size(20_500_000)) == ("512 B", "20.5 MB")
    assert seconds_left(0.2) == "about a second left"
    assert (seconds_left(41.7), seconds_left(600)) == ("about 42 s left", "about 10 min left")
