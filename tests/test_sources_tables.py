from __future__ import annotations

import csv
import gzip
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import articles, read, read_one, reading, reasons

from index.sources import tables


def table(folder: Path, text: str | bytes, name: str = "news.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_columns_are_fields(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "ID,Headline,Text,Date,Author,url,Places,tags\n"
        '7,Grain deal,"First line.\n\nSecond, with ""quotes"".",2022-07-22,Ada One; Bo Two,'
        'https://news.example/7?utm_source=x,Odesa,"grain, ports"\n'
        "8,Next,,,,,,\n",
    )
    first, second = articles(read(path, "The Wire"))
    assert (first.title, first.source) == ("Grain deal", "The Wire")
    assert first.body == 'First line.\nSecond, with "quotes".'
    assert first.published is not None
    assert first.published.isoformat() == "2022-07-22"
    assert first.authors == ("Ada One", "Bo Two")
    assert first.url == "https://news.example/7"
    assert first.tags == ("grain", "ports")
    assert first.extra == {"places": "Odesa"}
    assert (second.title, second.body, second.url, second.published) == ("Next", "", None, None)


@pytest.mark.parametrize(
    ("separator", "name"), [(",", "a.csv"), (";", "a.csv"), ("\t", "a.tsv"), ("|", "a.csv")]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(tmp_path: Path, separator: str, name: str, end: str) -> None:
    rows = (("note, etc", "title", "body"), ("a; b", "Ships", "Grain, corn; oil | gas"))
    lines = [separator.join(f'"{cell}"' for cell in row) for row in rows]
    article = read_one(table(tmp_path, end.join(lines), name))
    assert (article.title, article.body) == ("Ships", "Grain, corn; oil | gas")
    assert article.extra == {"note, etc": "a; b"}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = (
        "title,body\n" + "Les élèves à l’école,Le café est fermé depuis la semaine dernière.\n" * 3
    )
    first = articles(read(table(tmp_path, text.encode(encoding))))[0]
    assert (first.title, first.body) == (
        "Les élèves à l’école",
        "Le café est fermé depuis la semaine dernière.",
    )


def test_an_encoding_that_changes_on_the_way(tmp_path: Path) -> None:
    rows = b"title,body\n" + b"Plain,text\n" * 10_000 + "Café,ouvert\n".encode("cp1252")
    assert articles(read(table(tmp_path, rows)))[-1].title == "Café"


def test_nulls(tmp_path: Path) -> None:
    late = b"title,body\n" + b"Plain,text\n" * 10_000 + b"Nu\0ll,te\0xt\n"
    assert articles(read(table(tmp_path, late)))[-1].text == "Null\ntext"
    assert reasons(read(table(tmp_path, b"title,body\nNu\0ll,text\n"))) == [
        f"{tmp_path / 'news.csv'}: is no text but binary data"
    ]


def test_fields_by_other_names(tmp_path: Path) -> None:
    path = table(tmp_path, "title,Überschrift,Inhalt\nMr,Ships leave,Grain.\n")
    article = read_one(path, title="überschrift", body="inhalt")
    assert (article.title, article.body, article.extra) == (
        "Ships leave",
        "Grain.",
        {"title": "Mr"},
    )


def test_names_that_the_table_has_not(tmp_path: Path) -> None:
    path = table(tmp_path, "title,Inhalt\nShips leave,Grain.\n")
    found = read(path, body="inhalte", tags="x")
    assert reasons(found) == [
        f"{path}: has no inhalte, which was given for body (did you mean Inhalt?); it has title, Inhalt",
        f"{path}: has no x, which was given for tags; it has title, Inhalt",
    ]
    assert [article.title for article in articles(found)] == ["Ships leave"]
    other = table(tmp_path, "a,b\n1,2\n")
    (reason,) = reasons(read(other))
    assert reason.startswith(f"{other}: has no column body or content or headline or text or title")
    assert reason.endswith("only a, b; `--map body=COLUMN` says which one it is")


def test_rows_that_are_no_articles(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        'title,body,date\nFine,one\n,,2020-01-01\n\nLong,two,2020,more,"and more"\n"Open,three\nA,b\n',
    )
    found = read(path)
    assert [article.title for article in articles(found)] == ["Fine", "Long"]
    assert articles(found)[1].extra["more"] == '["more", "and more"]'
    assert reasons(found) == [
        f"{path}:3: has neither title nor body",
        f"{path}:6: begins a quotation that is never ended",
    ]


@pytest.mark.parametrize("text", ["", "\n", " , ,\n", '"title,body\nA,b\n'])
def test_tables_without_names_of_columns(tmp_path: Path, text: str) -> None:
    path = table(tmp_path, text)
    assert reasons(read(path)) == [f"{path}: has no row with the names of its columns"]


def test_a_cell_of_ten_megabytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    big = "word " * 2_000_000
    path = table(tmp_path, f'title,body\nA,"{big}"\nB,short\n')
    found = articles(read(path))
    assert [len(article.body) for article in found] == [len(big) - 1, 5]
    monkeypatch.setattr(tables, "LONGEST_CELL", 1_000_000)
    found_less = read(path)
    assert [article.title for article in articles(found_less)][-1] == "B"
    assert reasons(found_less)[0].startswith(f"{path}:2: is no row of a table: field larger than")


def test_a_long_table_is_read_in_constant_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.csv.gz"
    row = f'1,"{"word " * 2000}",en\n'
    with gzip.open(path, "wt", compresslevel=1) as file:
        file.write("id,body,language\n")
        for _ in range(600):
            file.write(row)
    read_one(table(tmp_path, "body\nwarm up\n"))
    tracemalloc.start()
    count = sum(1 for _ in reading(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 600
    assert peak < 3_000_000 < count * len(row)


CELLS = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('",;\n|'), max_size=12
)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5), st.sampled_from(",;|\t"))
def test_what_the_csv_module_writes_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], separator: str
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    writer.writerow(["title", "tags"])
    writer.writerows(
        (f"T{number}", f"x{first}{second}") for number, (first, second) in enumerate(rows)
    )
    path = table(tmp_path_factory.mktemp("csv"), out.getvalue())
    assert [article.title for article in articles(read(path))] == [
        f"T{n}" for n in range(len(rows))
    ]
