"""Files as they come: each gives its table, or one sentence that says what is wrong."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlplayground.apps.data_explorer import Table, read_table
from mlplayground.errors import MLPlaygroundError, TableError


def read(folder: Path, content: bytes | str, name: str = "table.csv", **options: object) -> Table:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table(path, **options)


PLAIN = "name,age,city\nAda,36,London\nGrace,85,New York\nAlan,41,London\n"
EXPECTED = pd.DataFrame(
    {
        "name": ["Ada", "Grace", "Alan"],
        "age": [36, 85, 41],
        "city": ["London", "New York", "London"],
    }
)


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace(",", "|").encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-16-be"),
        PLAIN.encode("utf-32"),
        gzip.compress(PLAIN.encode(), mtime=0),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        b"name,age,city\r\nAda,36,London\nGrace,85,New York\rAlan,41,London",
        PLAIN.replace("\n", "\n\n").encode(),
        PLAIN.replace(",", ", ").encode(),
        PLAIN.replace("New York", '"New York"').encode(),
        f"Exported on 3 May\n\n{PLAIN}".encode(),
        f"Customers\nof the branch; all\n{PLAIN}".encode(),
    ],
    ids=lambda content: repr(content[:24]),
)
def test_one_table_in_many_clothes(tmp_path: Path, content: bytes) -> None:
    pd.testing.assert_frame_equal(read(tmp_path, content).frame, EXPECTED)


def test_the_report_says_what_was_decided(tmp_path: Path) -> None:
    content = "name;price\nBrot;3,50\nMüsli;12,5\n".encode("cp1252")
    table = read(tmp_path, content)
    assert table.frame["price"].tolist() == [3.5, 12.5]
    assert table.frame["name"].tolist() == ["Brot", "Müsli"]
    report = table.report
    assert (report.encoding, report.delimiter, report.decimal) == ("cp1252", ";", ",")
    assert json.loads(json.dumps(report.to_dict()))["format"] == "csv"


def test_what_was_guessed_can_be_said_instead(tmp_path: Path) -> None:
    content = "a;b,c\n1;2,5\n"
    assert read(tmp_path, content, delimiter=";").frame.shape == (1, 2)
    assert read(tmp_path, content, delimiter=",").frame.columns.tolist() == ["a;b", "c"]
    assert read(tmp_path, "1\n2\n3\n", header=True).frame.columns.tolist() == ["1"]
    assert read(tmp_path, "a\n2\n3\n", header=False).frame.shape == (3, 1)
    latin = "na\xefve,b\n1,2\n".encode("latin-1")
    assert read(tmp_path, latin, encoding="latin-1").frame.columns[0] == "naïve"
    with pytest.raises(TableError, match="no encoding called 'klingon'"):
        read(tmp_path, content, encoding="klingon")
    with pytest.raises(TableError, match="not written in ascii"):
        read(tmp_path, latin, encoding="ascii")
    with pytest.raises(TableError, match="one ASCII character"):
        read(tmp_path, content, delimiter="::")
    with pytest.raises(TableError, match="decimal mark"):
        read(tmp_path, content, decimal="x")


def test_lines_that_do_not_fit_are_kept_aside_with_their_number(tmp_path: Path) -> None:
    lines = [f"{i},{i * 2},x" for i in range(50)]
    lines[9] = "9,18"
    lines[29] = "29,58,x,extra"
    table = read(tmp_path, "\n".join(["a,b,c", *lines]))
    assert len(table.frame) == 48
    assert [(bad.line, bad.cells, bad.text) for bad in table.report.bad_lines] == [
        (11, 2, "9,18"),
        (31, 4, "29,58,x,extra"),
    ]
    assert table.report.notes[0].startswith("Line 11 has 2 cells, the table has 3.")


def test_line_numbers_count_the_lines_of_the_file(tmp_path: Path) -> None:
    content = 'a,b,c\n1,"two\nlines",3\n\n4,5,6\nonly,two\n7,8,9\n1,2,3\n'
    table = read(tmp_path, content)
    assert table.frame["b"].tolist() == ["two\nlines", "5", "8", "2"]
    assert [bad.line for bad in table.report.bad_lines] == [6]


def test_a_quote_that_never_closes_costs_one_line(tmp_path: Path) -> None:
    lines = ["a,b,c", *(f'{i},"text {i}",z' for i in range(20))]
    lines[5] = '4,"never closed,z'
    table = read(tmp_path, "\n".join(lines))
    assert len(table.frame) == 19
    assert [bad.line for bad in table.report.bad_lines] == [6]
    assert "a quote that never closes" in table.report.notes[0]


def test_a_quote_amid_bare_text_is_text(tmp_path: Path) -> None:
    content = 'size,price\n5" pipe,3\n6" pipe,4\n"7"" pipe, long",5\n'
    assert read(tmp_path, content).frame["size"].tolist() == ['5" pipe', '6" pipe', '7" pipe, long']


def test_quotes_in_odd_places_do_not_shift_cells(tmp_path: Path) -> None:
    content = 'a,b,c\nz"",5,"6"\n"p""",8,9\n"x" y,2,3\nu,1,1\n'
    table = read(tmp_path, content)
    assert table.frame["b"].tolist() == [5, 8, 1]
    assert [bad.line for bad in table.report.bad_lines] == [4]


@pytest.mark.parametrize(
    ("content", "names"),
    [
        ("a,a,a\n1,2,3\n4,5,6\n", ["a", "a_2", "a_3"]),
        ("a,,b\n1,2,3\n4,5,6\n", ["a", "column_2", "b"]),
        ("a,a_2,a\n1,2,3\n4,5,6\n", ["a", "a_2", "a_3"]),
        ("x,y\nr1,1,2\nr2,3,4\nr3,5,6\n", ["column_1", "x", "y"]),
        ("a,b,\n1,2,\n3,4,\n", ["a", "b", "column_3"]),
        ("1,2,3\n4,5,6\n7,8,9\n", ["column_1", "column_2", "column_3"]),
        ("red,1\nblue,2\nred,3\nblue,4\n", ["column_1", "column_2"]),
        ("colour\nred\nblue\n", ["colour"]),
        ('"a ""b"" c",\'; drop\n1,2\n', ['a "b" c', "'; drop"]),
        ("<script>alert(1)</script>,b\n1,2\n", ["<script>alert(1)</script>", "b"]),
        ("[id],{name}\n1,2\n3,4\n", ["[id]", "{name}"]),
        ("2019,2020,country\n1.5,2.5,CH\n1.7,2.9,AT\n", ["2019", "2020", "country"]),
    ],
)
def test_every_column_gets_a_name_of_its_own(tmp_path: Path, content: str, names: list) -> None:
    assert read(tmp_path, content).frame.columns.tolist() == names


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    frame = read(tmp_path, "name,age\n").frame
    assert frame.shape == (0, 2)
    assert frame.columns.tolist() == ["name", "age"]


def test_numbers_keep_their_meaning(tmp_path: Path) -> None:
    content = "big,huge,inf,zip,none\n9007199254740993,123456789012345678901234,inf,01234,\n"
    content += "9007199254740995,1,-inf,04567,\n"
    frame = read(tmp_path, content).frame
    assert frame["big"].tolist() == [9007199254740993, 9007199254740995]
    assert frame["huge"].tolist() == ["123456789012345678901234", "1"]
    assert frame["inf"].tolist() == [float("inf"), float("-inf")]
    assert frame["none"].isna().all()


def test_wide_and_long_cells(tmp_path: Path) -> None:
    wide = ",".join(f"c{i}" for i in range(2000)) + "\n" + ",".join("1" * 2000) + "\n"
    assert read(tmp_path, wide).frame.shape == (1, 2000)
    long = f'a,b\n"{"x" * 5_000_000}",1\ny,2\n'
    assert read(tmp_path, long).frame["a"].str.len().tolist() == [5_000_000, 1]


def test_json_lines_and_lists(tmp_path: Path) -> None:
    lines = '{"a": 1, "b": {"c": [1]}}\nnot json\n{"a": 2}\n[1]\n'
    table = read(tmp_path, lines, "t.jsonl")
    assert table.frame["a"].tolist() == [1, 2]
    assert table.frame["b"].tolist()[0] == '{"c": [1]}'
    assert [bad.line for bad in table.report.bad_lines] == [2, 4]
    assert read(tmp_path, '[{"a": 1}, {"a": null}]', "t.json").frame["a"].isna().sum() == 1


def test_parquet(tmp_path: Path) -> None:
    EXPECTED.to_parquet(tmp_path / "t.parquet")
    table = read_table(tmp_path / "t.parquet")
    pd.testing.assert_frame_equal(table.frame, EXPECTED)
    assert table.report.format == "parquet"


def damaged_parquet() -> bytes:
    buffer = io.BytesIO()
    EXPECTED.to_parquet(buffer)
    content = buffer.getvalue()
    return content[:60] + b"\xff" * 40 + content[100:]


def archive(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        # Of a fixed date: what it gives names a test, in each process of a run the same.
        opened.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n\n ", "is empty"),
        (gzip.compress(b"", mtime=0), "nothing in it"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a PNG picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a JPEG picture"),
        (b"\x7fELF\x02\x01", "a program"),
        (b"SQLite format 3\x00", "a SQLite database"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel"),
        (b"<!DOCTYPE html><html><h1>404</h1>", "a web page"),
        (b"\xef\xbb\xbf  <html>", "a web page"),
        (b"<?xml version='1.0'?><a/>", "a web page"),
        (b"\x80\x04\x95\x10\x00cos\nsystem", "a pickle"),
        (b"a,b\n1,2\n3,\x004\n", "NUL byte in line 3"),
        (bytes(range(256)) * 20, "NUL byte in line 1"),
        (b"\x1f\x8b\x08\x00broken", "damaged gzip"),
        (gzip.compress(PLAIN.encode(), mtime=0)[:-6], "damaged gzip"),
        (b"PAR1" + b"\x00" * 50, "damaged Parquet"),
        (damaged_parquet(), "damaged Parquet"),
        (archive("readme.txt", b"hello"), "an archive"),
        (b"PK\x03\x04" + b"\x00" * 40, "damaged Excel file or archive"),
        (b"[1, 2, 3]", "list of JSON objects"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' * 100_000, "no JSON objects"),
        (b'[{"a": 1}', "no valid JSON"),
        (b'{"broken', "no JSON objects"),
    ],
    ids=lambda value: repr(value[:18]) if isinstance(value, bytes) else "",
)
def test_what_is_no_table_is_named_for_what_it_is(
    tmp_path: Path, content: bytes, message: str
) -> None:
    with pytest.raises(TableError, match=message) as caught:
        read(tmp_path, content, "survey.csv")
    assert "survey.csv" in str(caught.value)


def test_what_grows_a_thousandfold_is_stopped(tmp_path: Path) -> None:
    bomb = gzip.compress(b"a,b\n" + b"1,2\n" * 2_000_000)
    with pytest.raises(TableError, match="the limit for one table"):
        read(tmp_path, bomb, max_bytes=1_000_000)
    with pytest.raises(TableError, match="more than 1 MB"):
        read(tmp_path, b"a,b\n" + b"1,2\n" * 500_000, max_bytes=1_000_000)
    sheet = archive("xl/workbook.xml", b"0" * 3_000_000)
    with pytest.raises(TableError, match="unpacks to more than 1 MB"):
        read(tmp_path, sheet, max_bytes=1_000_000)
    buffer = io.BytesIO()
    pd.DataFrame({"a": [0] * 1_000_000}).to_parquet(buffer)
    with pytest.raises(TableError, match="unpacked"):
        read(tmp_path, buffer.getvalue(), max_bytes=2_000)


def test_a_path_that_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="not there"):
        read_table(tmp_path / "nothing.csv")
    with pytest.raises(TableError, match="a folder"):
        read_table(tmp_path)
    with pytest.raises(TableError, match=r"cannot be read|not there"):
        read_table("a\0b.csv")
    locked = tmp_path / "--help; rm -rf .csv"
    locked.write_text(PLAIN)
    assert read_table(locked).frame.shape == (3, 3)


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=300))
def test_no_bytes_whatever_give_anything_but_a_table_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    try:
        columns = read(folder, content).frame.columns
    except MLPlaygroundError:
        return
    assert columns.is_unique


_cells = st.text(
    st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=8
).filter(lambda text: text == text.strip())


@settings(max_examples=60, deadline=None)
@given(
    rows=st.integers(2, 4).flatmap(
        lambda width: st.lists(
            st.lists(_cells.map(lambda t: f"x{t}"), min_size=width, max_size=width),
            min_size=3,
            max_size=8,
        )
    ),
    delimiter=st.sampled_from(",;\t|"),
)
def test_what_pandas_writes_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, rows: list, delimiter: str
) -> None:
    frame = pd.DataFrame(rows, columns=[f"name {i}" for i in range(len(rows[0]))])
    path = tmp_path_factory.mktemp("back") / "t.csv"
    frame.to_csv(path, index=False, sep=delimiter)
    table = read_table(path, delimiter=delimiter, header=True)
    assert table.report.bad_line_count == 0
    pd.testing.assert_frame_equal(table.frame, frame)
