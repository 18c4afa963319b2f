"""Text from a learner on its way into a page.

Whatever comes from a table, a file or a form is data: here it loses the power to be HTML, or
the small HTML dialect that Plotly reads in titles, labels and hover texts.
"""

from __future__ import annotations

import html
import re
from typing import Any

# Control characters are invisible and may hide or reorder text; tab and newline stay. Half a
# surrogate pair, which a badly decoded file may hold, cannot be sent to the page at all.
_CONTROL = (*range(9), 11, 12, *range(14, 32), 127)
_REORDERING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_HALVES = range(0xD800, 0xE000)
_INVISIBLE = dict.fromkeys((*_CONTROL, *_REORDERING, *_HALVES), "\N{REPLACEMENT CHARACTER}")
_CODE = re.compile(r"`([^`\n]+)`")
_PLOTLY = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# Keys under which Plotly's own markup is meant; what may stand there is listed, not guessed.
_MARKUP_KEYS = frozenset({"hovertemplate", "texttemplate"})
_MARKUP = (("&lt;br&gt;", "<br>"), ("&lt;extra&gt;&lt;/extra&gt;", "<extra></extra>"))


def plain(text: object) -> str:
    """`text` without control characters and without marks that reverse the reading order."""
    return str(text).translate(_INVISIBLE)


def escape(text: object) -> str:
    """`text` for HTML, in content and in quoted attributes."""
    return html.escape(plain(text), quote=True)


def rich(text: object) -> str:
    """`text` for HTML, with what stands between backticks as code."""
    return _CODE.sub(r"<code>\1</code>", escape(text))


def paragraphs(text: object) -> str:
    """`text` as HTML paragraphs, one for each block between blank lines; see :func:`rich`."""
    blocks = [block.strip() for block in plain(text).split("\n\n")]
    return "".join(f"<p>{rich(block)}</p>" for block in blocks if block)


def for_plotly(value: Any) -> Any:
    """A copy of a figure in which no text is read as markup and no picture is fetched.

    Plotly shows ``&lt;b&gt;`` as ``<b>``, so every string is written that way; in hover and text
    templates ``<br>`` and ``<extra></extra>`` keep their meaning. Pictures that are not
    embedded are left out: they would be a request to a third party.
    """
    return _clean(value, "")


def _clean(value: Any, key: str) -> Any:
    if isinstance(value, str):
        return _text(value, key)
    if isinstance(value, dict):
        kept = {name: item for name, item in value.items() if not _fetches(name, item)}
        return {name: _clean(item, str(name)) for name, item in kept.items()}
    if isinstance(value, list | tuple):
        return [_clean(item, key) for item in value]
    return value


def _text(value: str, key: str) -> str:
    safe = plain(value).translate(_PLOTLY)
    if key in _MARKUP_KEYS:
        for escaped, markup in _MARKUP:
            safe = safe.replace(escaped, markup)
    return safe


def _fetches(name: object, value: Any) -> bool:
    return name == "source" and isinstance(value, str) and not value.startswith("data:image/")
