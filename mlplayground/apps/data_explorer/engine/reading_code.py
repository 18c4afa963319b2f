"""Show code for a file that was read: the pandas call with everything that was decided."""

from __future__ import annotations

from mlplayground.apps.data_explorer.engine.table import ReadReport, Table

_PACKED = (".gz", ".bz2", ".zip", ".xz", ".zst", ".tar")


def reading_code(path: str, table: Table) -> str:
    """Print plain pandas that reads the same table as ``df``.

    Parameters
    ----------
    path : str
        The file as the learner knows it.
    table : Table
        What came of it.

    Returns
    -------
    str
        Code that needs pandas only. Lines beyond the first 100 that were kept aside are left
        to pandas' own judgement.
    """
    report = table.report
    if report.format == "csv":
        call = _csv(path, report)
    elif report.format == "json":
        call = f"pd.read_json({path!r}, lines=True)"
    else:
        call = f"pd.read_{report.format}({path!r})"
    lines = ["import pandas as pd", "", f"df = {call}"]
    if report.format == "csv" and (not report.header or _renamed(table)):
        lines.append(f"df.columns = {[str(name) for name in table.frame.columns]!r}")
    return "\n".join(lines)


def _csv(path: str, report: ReadReport) -> str:
    options: list[tuple[str, object]] = []
    if report.compressed != path.endswith(_PACKED):
        # pandas goes by the name, we by the content.
        options.append(("compression", "gzip" if report.compressed else None))
    if report.delimiter != ",":
        # A table of one column is split nowhere: no text holds this character.
        options.append(("sep", report.delimiter or "\x1f"))
    if report.encoding != "utf-8":
        options.append(("encoding", report.encoding))
    if report.decimal == ",":
        options.append(("decimal", ","))
    if not report.header:
        options.append(("header", None))
    aside = [*range(len(report.title_lines)), *(bad.line - 1 for bad in report.bad_lines)]
    if aside:
        options.append(("skiprows", aside))
    options += [("skipinitialspace", True), ("low_memory", False)]
    return f"pd.read_csv({path!r}, {', '.join(f'{name}={value!r}' for name, value in options)})"


def _renamed(table: Table) -> bool:
    """Whether a name is ours: an empty or repeated one is numbered, as pandas would not."""
    return bool(table.report.notes) or any(
        str(name).startswith("column_") for name in table.frame.columns
    )
