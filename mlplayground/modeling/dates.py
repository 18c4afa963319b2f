"""The ways in which dates are written as text, and which of them fit a column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

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


def date_formats(texts: Iterable[str]) -> dict[str, int]:
    """Count the texts that each format reads, most first.

    Formats are in ``strptime``'s words. Where day and month could be swapped, both formats
    are counted for every text that they read: only ``13/04/2024`` tells them apart.
    """
    groups: dict[str, list[str]] = {}
    for text in texts:
        for style in _candidates(text.strip()):
            groups.setdefault(style, []).append(text.strip())
    counts = {style: _read(group, style) for style, group in groups.items()}
    return dict(sorted(((s, n) for s, n in counts.items() if n), key=lambda item: -item[1]))


def covering_formats(texts: Sequence[str]) -> tuple[str, ...]:
    """Choose formats, commonest first, until each text that any reads is read.

    Of two formats that differ in the order of day and month, only the better one is
    chosen; day first where they are equal.
    """
    left = list(texts)
    chosen: list[str] = []
    while left:
        counts = date_formats(left)
        usable = [s for s in counts if not any(_swapped(s, other) for other in chosen)]
        if not usable:
            break
        chosen.append(usable[0])
        left = [text for text in left if not _read([text.strip()], usable[0])]
    return tuple(chosen)


def _candidates(text: str) -> list[str]:
    if not 6 <= len(text) <= 32 or not any(char.isdigit() for char in text):
        return []
    clock = next((style for pattern, style in _TIMES if pattern.fullmatch(text)), "")
    day, joint = text, ""
    if clock:
        place = max(text.rfind(" "), text.rfind("T"))
        day, joint = text[:place], text[place]
    return [f"{style}{joint}{clock}" for pattern, style in _COMPILED if pattern.fullmatch(day)]


def _read(texts: Sequence[str], style: str) -> int:
    return int(pd.to_datetime(pd.Series(texts), format=style, errors="coerce").notna().sum())


def _swapped(one: str, other: str) -> bool:
    return one != other and one.replace("%d", "%m") == other.replace("%d", "%m")
