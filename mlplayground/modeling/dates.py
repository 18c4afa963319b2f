"""The ways in which dates are written as text, and which of them fit a column."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

_TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?"
_STYLES: tuple[tuple[str, str], ...] = (
    (r"\d{4}-\d{1,2}-\d{1,2}", "%Y-%m-%d"),
    (r"\d{4}/\d{1,2}/\d{1,2}", "%Y/%m/%d"),
    (r"\d{1,2}\.\d{1,2}\.\d{4}", "%d.%m.%Y"),
    (r"\d{1,2}/\d{1,2}/\d{4}", "%d/%m/%Y"),
    (r"\d{1,2}/\d{1,2}/\d{4}", "%m/%d/%Y"),
    (r"\d{1,2}-\d{1,2}-\d{4}", "%d-%m-%Y"),
    (r"\d{1,2}-\d{1,2}-\d{4}", "%m-%d-%Y"),
    (r"\d{1,2} [A-Za-z]{3} \d{4}", "%d %b %Y"),
    (r"\d{1,2}-[A-Za-z]{3}-\d{4}", "%d-%b-%Y"),
    (r"[A-Za-z]{3} \d{1,2}, \d{4}", "%b %d, %Y"),
    (r"\d{1,2} [A-Za-z]{4,9} \d{4}", "%d %B %Y"),
    (r"[A-Za-z]{4,9} \d{1,2}, \d{4}", "%B %d, %Y"),
)
_COMPILED = tuple((re.compile(pattern), style) for pattern, style in _STYLES)
_TIMES = (
    (re.compile(r".*[^ T][ T]\d{1,2}:\d{2}:\d{2}"), "%H:%M:%S"),
    (re.compile(r".*[^ T][ T]\d{1,2}:\d{2}"), "%H:%M"),
)


def readers(texts: Sequence[str]) -> dict[str, npt.NDArray[np.bool_]]:
    """Mark, for each format that reads any of `texts`, those that it reads.

    Formats are in ``strptime``'s words. Where day and month could be swapped, both formats
    are tried on every text: only ``13/04/2024`` tells them apart.
    """
    candidates: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        for style in _candidates(text.strip()):
            candidates.setdefault(style, []).append(place)
    found = {}
    for style, places in candidates.items():
        stripped = pd.Series([texts[place].strip() for place in places])
        read = pd.to_datetime(stripped, format=style, errors="coerce").notna().to_numpy()
        mask = np.zeros(len(texts), dtype=bool)
        mask[np.array(places)[read]] = True
        if read.any():
            found[style] = mask
    return found


def covering_formats(texts: Sequence[str]) -> tuple[tuple[str, ...], float]:
    """Choose formats, commonest first, until each text that any reads is read.

    Of two formats that differ in the order of day and month, only the better one is
    chosen; day first where they are equal.

    Returns
    -------
    (formats, share) : (tuple of str, float)
        With the share of the texts that they read.
    """
    found = readers(texts)
    left = np.ones(len(texts), dtype=bool)
    chosen: list[str] = []
    while True:
        gains = {
            style: int((mask & left).sum())
            for style, mask in found.items()
            if not any(_swapped(style, other) for other in chosen)
        }
        best = max(gains, key=lambda style: gains[style], default=None)
        if best is None or not gains[best]:
            return tuple(chosen), float(1 - left.mean()) if len(texts) else 0.0
        chosen.append(best)
        left &= ~found[best]


def _candidates(text: str) -> list[str]:
    if not 6 <= len(text) <= 32 or not any(char.isdigit() for char in text):
        return []
    clock = next((style for pattern, style in _TIMES if pattern.fullmatch(text)), "")
    day, joint = text, ""
    if clock:
        place = max(text.rfind(" "), text.rfind("T"))
        day, joint = text[:place], text[place]
    return [f"{style}{joint}{clock}" for pattern, style in _COMPILED if pattern.fullmatch(day)]


def _swapped(one: str, other: str) -> bool:
    return one != other and one.replace("%d", "%m") == other.replace("%d", "%m")
