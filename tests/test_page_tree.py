"""Any bytes become a tree of the right characters, or are refused with a reason."""

from __future__ import annotations

import gzip
from contextlib import suppress
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import UnreadableSource
from index.page_tree import LARGEST_PAGE, decode_page, parse_page

RUSSIAN = "Парламент во вторник проголосовал за повышение налогов на топливо с будущего года."


def text_of(html: bytes | str) -> str:
    return str(parse_page(html, "page").text_content())


@pytest.mark.parametrize(
    "page",
    [
        "<p>héllo “x”".encode(),
        b"\xef\xbb\xbf" + "<p>héllo “x”".encode(),
        "<p>héllo “x”".encode("utf-16"),
        b"\xfe\xff" + "<p>héllo “x”".encode("utf-16-be"),
        "<p>héllo “x”".encode("utf-16-le"),
        "<p>héllo “x”".encode("utf-32"),
        "<meta charset=iso-8859-1><p>héllo “x”".encode("cp1252"),
        "<meta charset=latin-1><p>héllo “x”".encode(),
        "<meta charset=no-such><p>héllo “x”".encode(),
        "<meta charset=zip><p>héllo “x”".encode(),
        '<?xml version="1.0" encoding="utf-16"?><html><p>héllo “x”'.encode(),
        "<p>héllo “x”",
        '<?xml version="1.0" encoding="latin-1"?><p>héllo “x”',
    ],
)
def test_charset(page: bytes | str) -> None:
    assert text_of(page) == "héllo “x”"


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("windows-1251", RUSSIAN),
        ("koi8-r", RUSSIAN),
        ("shift_jis", "日本語のニュース"),
        ("euc-jp", "日本語のニュース"),
        ("iso-2022-jp", "日本語のニュース"),
        ("gb2312", "新闻报道"),
        ("big5", "新聞報導"),
        ("euc-kr", "뉴스 보도"),
        ("iso-8859-2", "Zażółć gęślą jaźń"),
    ],
)
def test_declared_charset(charset: str, text: str) -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}"><p>{text}'
    assert text_of(page.encode(charset)) == text


def test_guessed_charset() -> None:
    assert RUSSIAN in text_of(f"<p>{'x' * 100_000}<p>{RUSSIAN * 5}".encode("cp1251"))


def test_a_few_wrong_bytes_do_not_change_the_charset() -> None:
    page = ("<meta charset=utf-8><p>" + "naïve café " * 500).encode() + b"\xe9"
    assert "naïve café" in decode_page(page)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"<!--", "no HTML"),
        (b"%PDF-1.4 ...", "PDF"),
        (gzip.compress(b"<p>x"), "gzip"),
        (b"PK\x03\x04 ...", "zip"),
        (Random(1).randbytes(10_000), "binary"),
        (b"<p>" + b"x" * LARGEST_PAGE, "larger"),
        (b"<div>" * 100_000, "deep"),
        ("<div>" * 100_000 + "x" + "</div>" * 100_000, "deep"),
        (b"<p>a" * 300_000, "elements"),
        ("<p " + " ".join(f"a{i}=1" for i in range(50_000)) + ">", "attributes"),
        ("<p x='>\"' " + "".join(f'a{i}=">"' for i in range(50_000)) + ">", "attributes"),
    ],
)
def test_refused(page: bytes | str, reason: str) -> None:
    with pytest.raises(UnreadableSource, match=f"page: .*{reason}"):
        parse_page(page, "page")


@pytest.mark.parametrize(
    "page",
    [
        "<p " + "data-x='" + "a = b " * 50_000 + "'>text",
        "<script>" + "if (a<b && c>d) x = '<p \"';" * 5_000 + "</script><p>text",
        "<!-- " + "<a b=c " * 5_000 + "--><p>text",
        "<div>" * 1_000 + "text",
    ],
)
def test_large_but_harmless(page: bytes | str) -> None:
    assert "text" in parse_page(page, "page").xpath("string(//body)")


def test_control_characters_and_surrogates_become_spaces() -> None:
    page = "<p>" + "ordinary words " * 10 + "a\0b\ud800c\x1bd\ufffe"
    assert text_of(page).endswith("a b c d ")


@settings(max_examples=200)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_any_input_is_read_or_refused(page: bytes | str) -> None:
    with suppress(UnreadableSource):
        assert parse_page(page, "page").text_content() is not None
