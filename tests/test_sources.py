from __future__ import annotations

import gzip
import json
import re
import tracemalloc
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import articles, read, read_one, reading, reasons

from index.articles import Article, DateOrigin, article_id
from index.errors import UnreadableSource
from index.sources import reader_of
from index.sources.encodings import decode
from index.sources.jsonl import LONGEST_LINE
from index.sources.records import (
    FIELD_NAMES,
    Sourced,
    article_from_fields,
    language_code,
    paragraphs,
)
from index.sources.text import split_front_matter
from index.tokens import words

SEEDS = Path(__file__).parents[1] / "seeds"


def text_file(folder: Path, text: str | bytes, name: str = "news.txt") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def lines_file(folder: Path, *lines: Any, name: str = "news.jsonl") -> Path:
    path = folder / name
    path.write_text(
        "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    )
    return path


# Text


def test_the_article_that_says_nothing_about_itself() -> None:
    path = SEEDS / "north-korean-troops-kursk.txt"
    (found,) = read(path)
    assert isinstance(found, Sourced)
    assert (found.origin, found.sole) == (str(path), True)
    article = found.article
    assert article.dateline == "KYIV, Ukraine"
    assert article.title.startswith("Recent reports from Ukraine’s military intelligence agency")
    assert article.published is None
    assert (article.source, article.authors, article.language) == ("", (), "en")
    assert article.body.startswith("KYIV, Ukraine – Recent reports")
    assert "" not in article.body.split("\n")


def test_every_seed_can_be_read() -> None:
    files = [path for path in sorted(SEEDS.rglob("*")) if path.is_file()]
    assert len(files) > 40
    for path in files:
        assert not reasons(read(path))


def test_front_matter(tmp_path: Path) -> None:
    path = text_file(
        tmp_path,
        "---\n"
        'title: "Grain: a deal"\n'
        "Date: 2022-07-22\n"
        "authors: Ada One, Bo Two and Cy Three\n"
        "section: economy\n"
        "source: 'The Wire: World'\n"
        "url: https://Example.org:443/grain?utm_source=x&id=3#top\n"
        "language: English\n"
        "tags: [grain, Black Sea]\n"
        "# a comment\n"
        "desk: foreign: late\n"
        "topics:\n"
        "  - wheat\n"
        "  - maize\n"
        "---\n\n"
        "ISTANBUL, Türkiye – They signed.\n\nAll of them.\n",
    )
    article = read_one(path, source="ignored")
    assert article == Article(
        id=article_id("https://example.org/grain?id=3"),
        title="Grain: a deal",
        body="ISTANBUL, Türkiye – They signed.\nAll of them.",
        url="https://example.org/grain?id=3",
        authors=("Ada One", "Bo Two", "Cy Three"),
        published=article.published,
        source="The Wire: World",
        section="economy",
        language="en",
        tags=("grain", "Black Sea"),
        dateline="ISTANBUL, Türkiye",
        date_origins={"published": DateOrigin("given")},
        extra={"desk": "foreign: late", "topics": '["wheat", "maize"]'},
    )
    assert article.published
    assert article.published.isoformat() == "2022-07-22"


def test_the_source_given_is_for_those_who_name_none(tmp_path: Path) -> None:
    assert (
        read_one(text_file(tmp_path, "Nothing to see here."), "Our archive").source == "Our archive"
    )


def test_two_rules_without_fields_are_no_front_matter(tmp_path: Path) -> None:
    text = "---\nA poem, say: or not\n---\nThe rest."
    assert split_front_matter(text) == ({}, text)
    assert read_one(text_file(tmp_path, text)).body.startswith("---\nA poem")


def test_unclosed_front_matter_is_text() -> None:
    assert split_front_matter("---\ntitle: x\n\nNo end.") == ({}, "---\ntitle: x\n\nNo end.")


def test_a_heading_is_the_title_of_a_markdown_file(tmp_path: Path) -> None:
    article = read_one(text_file(tmp_path, "# The *heading*\n\nText.", "a.md"))
    assert (article.title, article.body) == ("The *heading*", "Text.")


def test_lines_wrapped_by_a_machine_are_joined_and_others_are_not() -> None:
    wrapped = (
        "The committee met on Monday to discuss the plans for the\n"
        "coming year, and decided after a long debate that nothing\n"
        "would change.\n"
    )
    assert paragraphs(f"{wrapped}\nSecond paragraph.") == (
        "The committee met on Monday to discuss the plans for the coming year, and decided after "
        "a long debate that nothing would change.\nSecond paragraph."
    )
    assert paragraphs("One.\nTwo.\nThree.\n\nFour.") == "One.\nTwo.\nThree.\nFour."


FRENCH = "Le président a déclaré qu’il « ne pouvait pas faire comme si rien ne s’était passé »."
POLISH = (
    "Prezydent Łukasz Żółć powiedział, że w Gdańsku będzie święto niepodległości i że źródła to "
    "potwierdzają, a rząd nie zamierza zmieniać swoich planów na przyszły rok."
)
RUSSIAN = "Президент России Владимир Путин заявил в среду, что переговоры продолжатся."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((text, "utf-8") for text in (FRENCH, POLISH, RUSSIAN)),
        *((text, "utf-8-sig") for text in (FRENCH, POLISH, RUSSIAN)),
        *((text, "utf-16") for text in (FRENCH, POLISH, RUSSIAN)),
        *((text, "utf-32") for text in (FRENCH, POLISH, RUSSIAN)),
        (FRENCH, "utf-16-le"),
        (POLISH, "utf-16-be"),
        (FRENCH, "cp1252"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859-2"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
    ],
)
def test_any_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "file") == text.removeprefix("\ufeff")


def test_windows_line_ends(tmp_path: Path) -> None:
    path = text_file(tmp_path, b"\xef\xbb\xbf---\r\ntitle: T\r\n---\r\nOne.\r\n\r\nTwo.\r\n")
    assert (read_one(path).title, read_one(path).body) == ("T", "One.\nTwo.")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "neither title nor body"),
        (b" \n\t\n", "neither title nor body"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 4, "binary"),
    ],
)
def test_files_that_are_no_article(tmp_path: Path, content: bytes, reason: str) -> None:
    path = text_file(tmp_path, content)
    (problem,) = reasons(read(path))
    assert problem.startswith(f"{path}: ")
    assert reason in problem


def test_a_file_that_is_gone_or_a_folder(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    for name in ("gone.txt", "gone.jsonl", "gone.html", "folder.txt"):
        (problem,) = reasons(read(tmp_path / name))
        assert "cannot be read" in problem


def test_a_compressed_file_that_was_cut_short(tmp_path: Path) -> None:
    whole = gzip.compress(json.dumps({"title": "T", "body": "x"}).encode() * 1000)
    for name in ("a.txt.gz", "a.html.gz", "a.jsonl.gz"):
        (problem,) = reasons(read(text_file(tmp_path, whole[:-10], name)))
        assert "cut short" in problem
        (problem,) = reasons(read(text_file(tmp_path, b"no gzip", name)))
        assert "cut short" in problem


@given(st.text())
def test_no_text_fails_otherwise_than_as_unreadable(text: str) -> None:
    fields, body = split_front_matter(text)
    try:
        article = article_from_fields(fields | {"body": body}, "file")
    except UnreadableSource:
        return
    assert article.title or not words(article.body)
    article.text.encode()


# Pages


def test_a_saved_page(tmp_path: Path) -> None:
    path = SEEDS / "technology" / "eu-parliament-adopts-ai-act.html"
    article = read_one(path)
    assert article.title.startswith("European Parliament adopts AI Act")
    assert "cookie" not in article.body.lower()
    assert article.url
    assert article.id == article_id(article.url)
    assert article.published
    assert article.published.day.isoformat() == "2024-03-13"
    assert article.authors == ("Dateline samples",)
    packed = tmp_path / "page.html.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert read_one(packed) == article


def test_pages_without_an_article_are_reported(tmp_path: Path) -> None:
    for html in (b"<html><body><nav>Home</nav></body></html>", b"", b"\0\1\2"):
        (problem,) = reasons(read(text_file(tmp_path, html, "page.html")))
        assert problem.startswith(str(tmp_path / "page.html"))


# JSON lines


def test_fields_of_json_lines(tmp_path: Path) -> None:
    record = {
        "id": 17,
        "headline": "A  headline",
        "text": "One.\n\nTwo.",
        "date": "2023-07",
        "modified": "2023-08-01T10:00:00+02:00",
        "authors": ["Ada One", "Ada One", "Roe, Bo"],
        "publication": "Wire",
        "section": None,
        "lang": "pt-BR",
        "tags": "a, b",
        "summary": "Short.",
        "places": ["x", "y"],
        "score": 1.5,
        "nothing": "",
    }
    (found,) = read(lines_file(tmp_path, record))
    assert isinstance(found, Sourced)
    article = found.article
    assert (found.origin, found.sole) == (f"{tmp_path / 'news.jsonl'}:1", False)
    assert (article.title, article.body) == ("A headline", "One.\nTwo.")
    assert article.id == article_id("given", "Wire", "17")
    assert article.authors == ("Ada One", "Roe, Bo")
    assert article.published
    assert article.published.isoformat() == "2023-07"
    assert article.modified == datetime.fromisoformat("2023-08-01T10:00:00+02:00")
    assert (article.source, article.section, article.language) == ("Wire", "", "pt")
    assert article.tags == ("a", "b")
    assert article.extra == {"summary": "Short.", "places": '["x", "y"]', "score": "1.5"}


def test_the_reference_names_every_field() -> None:
    reference = Path(__file__).parents[1] / "docs" / "reference" / "json-lines.md"
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", reference.read_text(), re.MULTILINE)
    documented = {name: (name, *re.findall(r"`(\w+)`", others)) for name, others in rows}
    assert documented == dict(FIELD_NAMES)


def test_ids_are_unique_per_source_or_file(tmp_path: Path) -> None:
    record = {"id": "1", "body": "Same text."}
    one, other = lines_file(tmp_path, record), lines_file(tmp_path, record, name="old.jsonl")
    ids = [read_one(path, source).id for path in (one, other) for source in ("", "Wire")]
    assert ids[1] == ids[3]
    assert len(set(ids)) == 3


def test_the_address_decides_the_id_then_what_was_given_then_the_content(tmp_path: Path) -> None:
    url = "https://example.org/a"
    path = lines_file(
        tmp_path,
        {"url": url, "id": "1", "title": "T"},
        {"url": f"{url}?utm_campaign=x", "id": "2", "title": "T"},
        {"title": "T", "body": "B"},
        {"title": "T", "body": "B", "section": "moved"},
    )
    first, second, third, fourth = articles(read(path))
    assert first.id == second.id == article_id(url)
    assert third.id == fourth.id != first.id


def test_what_cannot_be_a_date_or_address_is_kept_as_it_was(tmp_path: Path) -> None:
    path = lines_file(
        tmp_path,
        {"title": "T", "published": "9654-01-01", "url": "javascript:alert(1)"},
        {"title": "T2", "date": "soon", "modified": "never"},
    )
    first, second = articles(read(path))
    assert (first.published, first.url) == (None, None)
    assert first.extra == {"published": "9654-01-01", "url": "javascript:alert(1)"}
    assert second.extra == {"date": "soon", "modified": "never"}


def test_bad_lines_are_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    lines = [
        b'\xef\xbb\xbf{"title": "first"}',
        b"",
        b"{broken",
        b'["no", "object"]',
        b'{"title": "caf\xe9"}',
        b'{"title": ["a", "list"]}',
        b'{"title": "t", "authors": [1]}',
        b'{"summary": "nothing else"}',
        b"[" * 100_000,
        b'{"title": ' + b"9" * 5000 + b"}",
        b'{"title": "\\ud800 lone", "body": "a\\u0000b"}',
        b'{"title": "last"}',
    ]
    path.write_bytes(b"\n".join(lines))
    found = read(path)
    assert [article.title for article in articles(found)] == ["first", "\ufffd lone", "last"]
    assert articles(found)[1].body == "ab"
    problems = reasons(found)
    expected = {
        3: "not JSON",
        4: "not an object",
        5: "not UTF-8 at byte 15",
        6: 'title is ["a", "list"]; expected a text',
        7: "authors is [1]; expected a text or a list of texts",
        8: "neither title nor body",
        9: "not JSON",
        10: "not JSON",
    }
    assert len(problems) == len(expected)
    for problem, (line, reason) in zip(problems, expected.items(), strict=True):
        assert problem.startswith(f"{path}:{line}: ")
        assert reason in problem


def test_a_line_without_end_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.sources.jsonl.LONGEST_LINE", 1000)
    path = lines_file(tmp_path, {"title": "a"}, {"title": "b" * 5000}, {"title": "c"})
    found = read(path)
    assert [article.title for article in articles(found)] == ["a", "c"]
    assert reasons(found)[0].startswith(f"{path}:2: is longer than")
    assert LONGEST_LINE > 10_000_000


def test_a_long_file_is_read_in_constant_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl.gz"
    line = json.dumps({"id": "1", "body": "word " * 2000, "language": "en"}) + "\n"
    with gzip.open(path, "wt", compresslevel=1) as file:
        for _ in range(2000):
            file.write(line)
    read_one(lines_file(tmp_path, {"body": "warm up"}))
    tracemalloc.start()
    count = sum(1 for _ in reading(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 2000
    assert peak < 3_000_000 < count * len(line)


@given(
    st.dictionaries(
        st.sampled_from([name for names in FIELD_NAMES.values() for name in names] + ["other"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=5,
        ),
    )
)
def test_any_record_is_an_article_or_unreadable(record: dict[str, Any]) -> None:
    try:
        article = article_from_fields(record, "file:1")
    except UnreadableSource:
        return
    assert article.title
    article.text.encode()


# Readers


@pytest.mark.parametrize(
    ("name", "reader"),
    [
        ("a.txt", "text"),
        ("A.TXT", "text"),
        ("a.md.gz", "text"),
        ("a.htm", "webpages"),
        ("a.ndjson", "jsonl"),
        ("a.jsonl.gz", "jsonl"),
        ("a.csv.XZ", "tables"),
        ("a.warc.gz", "warc"),
        ("a.wacz", "wacz"),
        ("a.pdf", None),
        ("txt", None),
        ("a.gz", None),
    ],
)
def test_readers_by_name(name: str, reader: str | None) -> None:
    assert reader_of(name) == reader


@pytest.mark.parametrize(
    ("text", "code"),
    [("en-GB", "en"), ("eng", "en"), ("English", "en"), ("zh_Hans", "zh"), ("?", ""), ("", "")],
)
def test_language_codes(text: str, code: str) -> None:
    assert language_code(text) == code
