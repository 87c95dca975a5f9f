"""Text made into HTML: nothing lost, nothing let through, everything marked."""

from __future__ import annotations

import re
from datetime import date, datetime
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article, Precision, PublicationDate
from index.entities.mentions import ENTITY_TYPES, Mention
from index.tokens import stem
from search.plan import Boolean, Everything, Word
from web.filters import mark, published_day, span, value_label, web_address
from web.reading import readable

ALPHABET = "ab <>&\"'é🙂\n"


def link(kind: str, name: str) -> str:
    return f"/?{kind}={name}"


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


@st.composite
def articles(draw: st.DrawFn) -> tuple[Article, tuple[Mention, ...]]:
    """An article of hostile characters, with mentions that do not overlap."""
    title = draw(st.text(ALPHABET.replace("\n", ""), min_size=1, max_size=8))
    body = draw(st.text(ALPHABET, max_size=60))
    article = Article(id="x", title=title, body=body)
    text = article.text
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=10)))
    mentions = tuple(
        Mention(draw(st.sampled_from(ENTITY_TYPES)), start, end, text[start:end], '<b>"&name')
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    )
    return article, mentions


@given(articles())
def test_the_text_of_an_article_comes_out_whole_and_escaped(
    drawn: tuple[Article, tuple[Mention, ...]],
) -> None:
    article, mentions = drawn
    plan = Boolean(should=(Word("a"), Word("ab"), Word("b")))
    shown = readable(article, mentions, plan, link)
    lines = [line for line in article.body.split("\n") if line.strip()]
    assert [plain(paragraph) for paragraph in shown.paragraphs] == lines
    assert plain(shown.title) == article.title
    for html in (shown.title, *shown.paragraphs):
        tags = set(re.findall(r"<(/?\w+)", html))
        assert tags <= {"a", "/a", "mark", "/mark"}
        assert html.count("<a ") == html.count("</a>")


def test_words_are_marked_inside_and_across_names() -> None:
    article = Article(id="x", title="Title", body="Then John Kirby spoke.\nKirby spoke again.")
    kirby = article.text.index("John")
    again = article.text.index("Kirby spoke again")
    mentions = (
        Mention("person", kirby, kirby + 10, "John Kirby", "John Kirby"),
        Mention("person", again, again + 5, "Kirby", "John Kirby"),
        Mention("place", 0, 5, "Gone", "Gone"),
    )
    plan = Boolean(must=(Word(stem("kirby", "en")), Word(stem("spoke", "en"))))
    first, second = readable(article, mentions, plan, link).paragraphs
    anchor = '<a class="entity person" href="/?person=John Kirby" title="person: John Kirby">'
    assert first == f"Then {anchor}John <mark>Kirby</mark></a> <mark>spoke</mark>."
    assert second == f"{anchor}<mark>Kirby</mark></a> <mark>spoke</mark> again."


def test_names_are_listed_by_type_and_frequency() -> None:
    names = [("place", "Kyiv"), ("person", "B"), ("person", "A"), ("person", "B")]
    mentions = tuple(Mention(kind, 0, 0, "", name) for kind, name in names)  # type: ignore[arg-type]
    found = readable(Article(id="x", title="", body=""), mentions, Everything(), link).entities
    assert [(entity.type, entity.name, entity.mentions) for entity in found] == [
        ("person", "B", 2),
        ("person", "A", 1),
        ("place", "Kyiv", 1),
    ]


def test_marks_stand_where_the_ranges_say() -> None:
    assert mark("a<b>c 🙂é", ((1, 4), (6, 7))) == "a<mark>&lt;b&gt;</mark>c <mark>🙂</mark>é"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/a?b=1&c=2", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https:", False),
        ("https://[broken", False),
        ("", False),
        (None, False),
    ],
)
def test_only_addresses_of_the_web_become_links(url: str | None, *, shown: bool) -> None:
    assert web_address(url) == (url if shown else None)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2024, 1, 1), date(2024, 12, 31), "2024"),
        (date(2020, 1, 1), date(2024, 12, 31), "2020–2024"),
        (date(2024, 2, 1), date(2024, 2, 29), "February 2024"),
        (date(2024, 2, 1), date(2024, 3, 31), "February 2024 – March 2024"),
        (date(2024, 2, 3), date(2024, 2, 3), "3 February 2024"),
        (date(2024, 2, 5), date(2024, 2, 11), "5–11 February 2024"),
        (date(2024, 2, 26), date(2024, 3, 3), "26 February 2024 – 3 March 2024"),
        (date(1, 1, 1), date(9999, 12, 31), "1–9999"),
    ],
)
def test_spans_are_said_as_short_as_can_be(first: date, last: date, said: str) -> None:
    assert span(first, last) == said


@pytest.mark.parametrize(
    ("precision", "said"),
    [("time", "4 July 2023"), ("day", "4 July 2023"), ("month", "July 2023"), ("year", "2023")],
)
def test_a_date_is_shown_as_precisely_as_it_is_known(precision: Precision, said: str) -> None:
    assert published_day(PublicationDate(datetime(2023, 7, 4, 23, 30), precision)) == said


def test_languages_are_shown_by_name() -> None:
    assert value_label("fr", "language") == "French"
    assert value_label("xx", "language") == "xx"
    assert value_label("fr", "place") == "fr"
