"""Articles come out of pages whole, and without what surrounds them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import UnreadableSource
from index.extract import read_page

URL = "https://www.example.org/world/2024/02/03/storm"
TITLE = "Storm hits the northern coast"
STANDFIRST = "Thousands are without power after the strongest winds in a decade."
PARAGRAPHS = [
    (
        "A storm with winds of 150 kilometres an hour reached the northern coast on Saturday, "
        "tearing roofs from houses and cutting power to thousands of homes, officials said."
    ),
    (
        "“We have not seen anything like it since 2009,” said Jane Roe, who leads the region’s "
        "emergency services. “People should stay inside until tomorrow morning.”"
    ),
    (
        "Ferries stayed in port and trains were cancelled. The airport hopes to open again on "
        "Sunday, but warned travellers that delays would last through the week."
    ),
    (
        "Insurers expect claims of several hundred million, less than after the floods of 2021, "
        "because most of the damage was done to forests and to summer houses."
    ),
]
BODY = "\n".join(PARAGRAPHS)
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
RECORD = {
    "@type": "NewsArticle",
    "headline": TITLE,
    "datePublished": "2024-02-03T09:30:00+01:00",
    "dateModified": "2024-02-03T12:00:00+01:00",
    "author": {"name": "Richard Doe"},
    "articleSection": "World",
}
FRAME = """<html lang="en"><head><title>{title} | Example Times</title>
<meta property="og:site_name" content="Example Times">
<link rel="canonical" href="{url}">
<script type="application/ld+json">{record}</script></head><body>
<div class="cookie-consent"><p>We use cookies to improve your experience on our site, and so do
our 870 partners. Read our policy to learn more about your choices.</p></div>
<nav><ul><li><a href="/">Home</a><li><a href="/world">World</a><li><a href="/s">Sport</a></ul></nav>
{content}
<aside><h3>Most read</h3><ul><li><a href="/1">Five things to know about the budget of this year</a>
<li><a href="/2">The museum that nobody visits and why it matters</a></ul></aside>
<footer><p>Copyright 2024 Example Times. All rights reserved. Registered in nowhere at all.</p>
</footer></body></html>"""


def framed(content: str, **record: object) -> bytes:
    return FRAME.format(
        title=TITLE, url=URL, record=json.dumps(RECORD | record), content=content
    ).encode()


ARTICLE = f"<article><h1>{TITLE}</h1><p class='byline'>By Richard Doe</p>{TEXT}</article>"


def test_a_whole_page() -> None:
    page = read_page(framed(ARTICLE), URL, datetime(2024, 2, 4, tzinfo=UTC))
    assert page.kind == "article"
    assert page.title == TITLE
    assert page.body == BODY
    assert page.url == URL
    assert page.authors == ("Richard Doe",)
    assert page.published is not None
    assert page.published.isoformat() == "2024-02-03T09:30:00+01:00"
    assert page.date_origins["published"].source == "json-ld"
    assert page.modified is not None
    assert page.modified.isoformat() == "2024-02-03T12:00:00+01:00"
    assert (page.language, page.section, page.source) == ("en", "World", "Example Times")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(f"<form id='aspnetForm'><h1>{TITLE}</h1><div>{TEXT}</div></form>", id="form"),
        pytest.param(
            f"<h1>{TITLE}</h1>"
            + "".join(f"<div class='part'><p>{p}</p></div><div class=ad>Ad</div>" for p in PARAGRAPHS),
            id="siblings",
        ),
        pytest.param(f"<h1>{TITLE}</h1><div>{'<br><br>'.join(PARAGRAPHS)}</div>", id="breaks"),
        pytest.param(f"<table><tr><td><h1>{TITLE}</h1>{TEXT}</table>", id="table"),
        pytest.param(f"<div class='gallery'><h1>{TITLE}</h1>{TEXT}</div>", id="misleading class"),
        pytest.param(
            ARTICLE.replace("Saturday", "<time>Saturday</time><script>track('x')</script>"),
            id="inside a paragraph",
        ),
        pytest.param(f"<main><h1>{TITLE}</h1>{TEXT}<p>{TITLE}</p></main>", id="title again"),
        pytest.param(
            ARTICLE.replace("<p>", "<figure><img><figcaption>A caption. Photo: X</figcaption></figure><p>", 2),
            id="captions",
        ),
        pytest.param(
            ARTICLE.replace("<p>", "<p><a href='/x'>Read more: The storm that nobody saw</a></p><p>", 3),
            id="related links",
        ),
        pytest.param(
            ARTICLE.replace("<p>", "<p>Sign up for our free weekly newsletter to stay informed</p><p>", 2),
            id="newsletter",
        ),
        pytest.param(
            ARTICLE.replace("<p>", "<div class='newsletter-box'><p>The best of the week, in your "
            "mail every Friday. We never share your address with anybody else.</p></div><p>", 2),
            id="newsletter box",
        ),
        pytest.param(
            ARTICLE.replace("<p>", "<blockquote>People should stay inside until tomorrow morning."
            "</blockquote><p>", 1),
            id="pull quote",
        ),
        pytest.param(
            ARTICLE + "<section class='comments'><p>What a silly article, I have never read a worse "
            "one in all my life.</p><p>Nobody asked you to read it, you know, and yet.</p></section>",
            id="comments",
        ),
    ],
)  # fmt: skip
def test_body_alone(content: str) -> None:
    assert read_page(framed(content), URL).body == BODY


def test_standfirst_comes_first() -> None:
    standfirst = f"<h1>{TITLE}</h1><p class='article__standfirst'>{STANDFIRST}</p>"
    content = ARTICLE.replace(f"<h1>{TITLE}</h1>", f"<header>{standfirst}</header>")
    assert read_page(framed(content), URL).body == f"{STANDFIRST}\n{BODY}"


def test_subheadings_and_lists_stay() -> None:
    content = ARTICLE.replace("</article>", "<h2>What is known</h2><ul><li>Nobody was hurt, police "
    "said.</li><li>Power is back in most towns of the region.</li></ul><p>More rain is expected on "
    "Monday, and the wind will turn to the north, forecasters said.</p></article>")  # fmt: skip
    lines = read_page(framed(content), URL).body.split("\n")
    assert lines[len(PARAGRAPHS) :][:3] == [
        "What is known",
        "Nobody was hurt, police said.",
        "Power is back in most towns of the region.",
    ]


def test_article_body_only_when_the_page_has_no_text() -> None:
    elsewhere = BODY.replace("storm", "hurricane")
    assert read_page(framed(ARTICLE, articleBody=elsewhere), URL).body == BODY
    assert read_page(framed(f"<h1>{TITLE}</h1>", articleBody=elsewhere), URL).body == elsewhere
    markup = TEXT.replace("storm", "<b>hurricane</b>").replace("on ", "on &nbsp;")
    assert read_page(framed(f"<h1>{TITLE}</h1>", articleBody=markup), URL).body == elsewhere


LONGER = "".join(
    f"<p>On day {n} the wind was weaker, and {n * 37} more homes had power again by noon.</p>"
    for n in range(10)
)
TEASERS = "".join(
    f"<h2><a href='/{n}'>Headline number {n} about something important</a></h2>"
    f"<p>What happened on day {n} and why it matters to people who live there.</p>"
    for n in range(30)
)


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        (framed(ARTICLE), "article"),
        (f"<html><title>World news</title><body><h1>World</h1>{TEASERS}", "list"),
        (framed(f"{ARTICLE}<div>{TEASERS}</div>"), "article"),
        (framed(f"<h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p>", isAccessibleForFree=False), "paywalled"),
        (
            framed(
                f"<h1>{TITLE}</h1><p>{PARAGRAPHS[0]}</p><div>Subscribe to continue reading</div>"
            ),
            "paywalled",
        ),
        (framed(f"<h1>{TITLE}</h1>{TEXT}{LONGER}", isAccessibleForFree=False), "article"),
        (framed(f"<h1>{TITLE}</h1><video src='x'></video>"), "empty"),
        ("<html><body><div id='root'></div><script>start()</script></body></html>", "empty"),
    ],
)
def test_kind(page: bytes | str, kind: str) -> None:
    assert read_page(page, None).kind == kind


def test_another_site_is_no_canonical_address() -> None:
    page = read_page(framed(ARTICLE).replace(URL.encode(), b"https://elsewhere.org/x"), URL)
    assert page.url == URL


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 1_900 + TEXT,
        "<div class='author related'>" * 1_900 + TEXT,
        "<form>" * 500 + TEXT,
        "<p><object>" * 900 + TEXT * 200,
        "<svg>" * 500 + TEXT,
        "<h1>x</h1>" * 20_000,
        '<meta name="author" content="By a, b">' * 20_000,
        "<time datetime=2024>x</time>" * 20_000,
        "<p>" + "word " * 200_000,
        "<p>" + "&amp;&#x110000;&bogus;" * 50_000,
        TEXT.replace("storm", "\ud800\0\x1b"),
        TEXT.replace("storm", "🌪️" * 100),
        f"<title>{'t ' * 200_000}</title><h1>{'t ' * 200_000}</h1>",
        f"<base href='javascript:x'>{TEXT}",
        f"<frameset>{TEXT}",
        f"<script type='application/ld+json'>{'[' * 50_000}</script>{TEXT}",
    ],
    ids=range(16),
)
def test_hostile_pages(page: bytes | str) -> None:
    found = read_page(page, "https://example.org/[")
    assert found.body.isprintable() or "\n" in found.body


TAG_SOUP = (
    *("<p>", "</p>", "<div>", "<h1>", "<a>", "<br>", "<ul><li>", "<table>", "<form>", "<aside>"),
    *("<article>", "<p\0>", "\ud800", "<title>", "<meta", "<time", "<svg>", "<!--", "-->"),
    *("<script>", "</script>", "&", "<", ">", '"', "'", "text", "Storm"),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(TAG_SOUP),
        max_size=60,
    )
)
def test_any_tag_soup_is_read_or_refused(pieces: list[str]) -> None:
    try:
        page = read_page(" ".join(pieces), URL)
    except UnreadableSource:
        return
    assert page.body == page.body.strip()
