"""Title, authors, dates and the rest, from the sources that deserve belief, in their order."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from index import page_facts as facts
from index.articles import DateOrigin
from index.dating import date_in_url
from index.page_dates import published_of
from index.page_metadata import PageMetadata, read_metadata
from index.page_tree import parse_page

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
SITE = '<meta property="og:site_name" content="Example Times">'
URL = "https://www.example.org/2024/02/03/a-story"


def metadata_of(head: str = "", body: str = "", **record: object) -> PageMetadata:
    if record:
        record = {"@context": "https://schema.org", "@type": "NewsArticle"} | record
        head += f'<script type="application/ld+json">{json.dumps(record)}</script>'
    return read_metadata(parse_page(f"<html><head>{head}</head><body>{body}</body></html>", "page"))


def published(metadata: PageMetadata, url: str | None = None) -> tuple[str, str] | None:
    found = published_of(metadata, parse_page("<p>x", "page"), url, NOW)
    if found.origin is None:
        return None
    return (found.date.isoformat() if found.date else found.origin.refused, found.origin.source)


@pytest.mark.parametrize(
    ("head", "body", "record", "title"),
    [
        ("", "<h1>Storm hits  the <em>coast</em></h1>", "Storm hits coast", "Storm hits the coast"),
        (
            "",
            "<h1>Menu</h1><h1>Storm hits the coast</h1>",
            "Storm hits coast",
            "Storm hits the coast",
        ),
        ("", "<h1>The Daily Planet</h1>", "Storm hits coast", "Storm hits coast"),
        ("", "<h1>Opinion Storm hits coast</h1>", "Storm hits coast", "Storm hits coast"),
        ("", "", "Storm &#039;hits&#039; coast", "Storm 'hits' coast"),
        (
            '<meta property="og:title" content="Storm hits">',
            "<h1>Storm hits!</h1>",
            "",
            "Storm hits!",
        ),
        ("<title>Storm hits coast | The Daily Planet</title>", "", "", "Storm hits coast"),
        ("<title>Example Times - Storm</title>" + SITE, "", "", "Storm"),
        ("", "", "Storm hits – what now?", "Storm hits – what now?"),
        ("", "<h1>Only this</h1>", "", "Only this"),
        ("", "", "", ""),
    ],
)
def test_title(head: str, body: str, record: str, title: str) -> None:
    metadata = metadata_of(head, body, **({"headline": record} if record else {}))
    assert facts.title_of(metadata) == title


@pytest.mark.parametrize(
    ("value", "authors"),
    [
        ("Jane Roe", ("Jane Roe",)),
        ("By Jane Roe and Richard Doe", ("Jane Roe", "Richard Doe")),
        ({"@type": "Person", "name": "Jane Roe"}, ("Jane Roe",)),
        ([{"name": "Jane Roe"}, {"name": "Richard Doe"}], ("Jane Roe", "Richard Doe")),
        ([{"name": "Jane Roe"}, {"name": "Jane Roe"}], ("Jane Roe",)),
        ({"name": ["Jane Roe"]}, ("Jane Roe",)),
        ("Jane Roe, Chief Technology Officer", ("Jane Roe",)),
        ("Jane Roe, Associated Press", ("Jane Roe",)),
        ("Associated Press", ("Associated Press",)),
        ("jane roe", ("Jane Roe",)),
        ("Zoë O’Neill-Łukasz", ("Zoë O’Neill-Łukasz",)),
        ("https://example.org/people/jane", ()),
        ("The Example Times", ()),
        ("admin", ()),
        (None, ()),
        (17, ()),
        ([[[{"name": {"name": None}}]]], ()),
    ],
)
def test_authors_of_json_ld(value: object, authors: tuple[str, ...]) -> None:
    metadata = metadata_of(author=value, publisher={"name": "Example Times"})
    assert facts.authors_of(metadata) == authors


def test_authors_of_meta_before_byline() -> None:
    byline = '<p class="article-byline">By Richard Doe</p>'
    assert facts.authors_of(metadata_of('<meta name="author" content="Jane Roe">', byline)) == (
        "Jane Roe",
    )
    url = '<meta property="article:author" content="https://example.org/jane">'
    assert facts.authors_of(metadata_of(url, byline)) == ("Richard Doe",)


def test_authors_of_marked_up_bylines() -> None:
    body = '<a rel="author" href="/a">Jane Roe, Example News</a> <a rel="author">Richard Doe</a>'
    assert facts.authors_of(metadata_of("", body))[0] == "Jane Roe"
    assert facts.authors_of(metadata_of("", body))[-1] == "Richard Doe"


def test_byline_with_date() -> None:
    body = '<div class="Byline">By Jane Roe • Dec 23, 2023 at 3:15 pm ET • 3 min read</div>'
    assert facts.authors_of(metadata_of("", body)) == ("Jane Roe",)


def test_dates_in_their_order() -> None:
    meta = '<meta property="article:published_time" content="2024-01-02T10:00:00+01:00">'
    time = '<time itemprop="datePublished" datetime="2024-01-03">3 January</time>'
    assert published(metadata_of(meta, time, datePublished="2024-01-01")) == (
        "2024-01-01",
        "json-ld",
    )
    assert published(metadata_of(meta, time)) == ("2024-01-02T10:00:00+01:00", "meta")
    assert published(metadata_of("", time), URL) == ("2024-01-03", "time")
    assert published(metadata_of(), URL) == ("2024-02-03", "url")
    assert published(metadata_of()) is None


def test_implausible_dates_yield_to_plausible_ones() -> None:
    meta = '<meta property="article:published_time" content="2024-01-02">'
    assert published(metadata_of(meta, datePublished="9654-01-01")) == ("2024-01-02", "meta")
    assert published(metadata_of(meta, datePublished="soon")) == ("2024-01-02", "meta")
    assert published(metadata_of(datePublished="9654-01-01")) == ("9654-01-01", "json-ld")


def test_the_day_of_the_newsroom_beats_the_day_in_utc() -> None:
    late = metadata_of(datePublished="2024-02-04T01:48:19Z")
    assert published(late, URL) == ("2024-02-03", "url")
    assert published(late, None) == ("2024-02-04T01:48:19+00:00", "json-ld")
    later = metadata_of(datePublished="2024-02-06T01:48:19Z")
    assert published(later, URL) == ("2024-02-06T01:48:19+00:00", "json-ld")


def test_date_in_the_text_is_searched_for_last() -> None:
    tree = parse_page(
        "<html><body><p>Published on 3 March 2024</p><p>Text</p></body></html>", "page"
    )
    found = published_of(read_metadata(tree), tree, None, NOW)
    assert found.date is not None
    assert found.date.isoformat() == "2024-03-03"
    assert found.origin == DateOrigin("text", ("guess",))


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2023/12/22/story", "2023-12-22"),
        ("/2023/dec/22/story", "2023-12-22"),
        ("/news/2023-12-22/story", "2023-12-22"),
        ("/story-20231222.html", "2023-12-22"),
        ("/2023/13/45/story", ""),
        ("/2023/12/story", ""),
        ("/article-120231222555", ""),
        ("", ""),
    ],
)
def test_date_in_url(path: str, day: str) -> None:
    assert date_in_url(f"https://example.org{path}") == day


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("https://www.example.org/story", "https://www.example.org/story"),
        ("https://example.org/story", "https://example.org/story"),
        ("/story", "https://www.example.org/story"),
        ("//m.example.org/story", "https://m.example.org/story"),
        ("https://amp.example.org/story?utm_source=x", "https://amp.example.org/story"),
        ("https://elsewhere.org/story", URL),
        ("https://www.example.org/", URL),
        ("javascript:alert(1)", URL),
        ("//[", URL),
        ("", URL),
    ],
)
def test_canonical_address_stays_on_the_site(href: str, address: str) -> None:
    assert facts.canonical_of(metadata_of(f'<link rel="canonical" href="{href}">'), URL) == address


def test_canonical_address_without_a_known_one() -> None:
    head = '<link rel="canonical" href="https://example.org/story">'
    assert facts.canonical_of(metadata_of(head), None) == "https://example.org/story"
    assert facts.canonical_of(metadata_of(), None) is None


def test_section_source_tags_and_language() -> None:
    head = SITE + '<meta property="og:locale" content="pt_BR">'
    metadata = metadata_of(head, articleSection=["World"], keywords="war, peace,,war")
    assert facts.section_of(metadata) == "World"
    assert facts.source_of(metadata, URL) == "Example Times"
    assert facts.source_of(metadata_of(), URL) == "example.org"
    assert facts.tags_of(metadata) == ("war", "peace")
    assert facts.declared_language(metadata) == "pt"


@pytest.mark.parametrize(
    "script",
    [
        '{"@graph": [{"@type": ["WebPage"]}, {"@type": "https://schema.org/NewsArticle", "headline": "x"}]}',
        '[{"@type": "Organization"}, {"@type": ["Article", "BlogPosting"], "headline": "x"}]',
        '<!-- {"@type": "Report", "headline": "x"} -->',
        '{"@type": "NewsArticle", "headline": "x",\n"description": "a\nb"};',
    ],
)
def test_json_ld_in_its_disguises(script: str) -> None:
    head = f'<script type="application/ld+json">{script}</script>'
    assert metadata_of(head).article["headline"] == "x"


@pytest.mark.parametrize("script", ["", "{", "null", "[" * 100_000, '{"@type": {"a": [1]}}', "17"])
def test_broken_json_ld(script: str) -> None:
    head = f'<script type="application/ld+json">{script}</script>'
    assert metadata_of(head).article == {}


def test_the_records_of_a_list_are_not_the_page() -> None:
    records = [{"@type": "NewsArticle", "headline": f"Story number {n * 'x'}"} for n in range(9)]
    head = f'<script type="application/ld+json">{json.dumps(records)}</script>'
    assert metadata_of(head, "<h1>Sport</h1>").article == {}
    assert metadata_of(head, "<h1>Story number xxxxx</h1>").article["headline"].endswith(" xxxxx")


def test_long_titles_take_no_time() -> None:
    head = f"<title>{'storm ' * 300_000}</title>"
    assert facts.title_of(metadata_of(head, f"<h1>{'coast ' * 300_000}</h1>"))
    assert len(facts.title_of(metadata_of(head))) == facts.LONGEST_TITLE
