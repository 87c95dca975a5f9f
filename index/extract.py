"""A saved page in HTML → the article on it: title, byline, date, body."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from index import page_facts as facts
from index.articles import DateOrigin, DateRole, PublicationDate, clean_text
from index.dating import StatedDate, after_change, origins
from index.language import detect
from index.page_body import AboutPage, Body, read_body
from index.page_dates import modified_of, published_of
from index.page_metadata import PageMetadata, read_metadata
from index.page_tree import parse_page

SHORTEST_ARTICLE = 80
"""Characters. The shortest of 80 articles measured has 200, and news in brief in Chinese 80."""

LONGEST_FREE_PART = 1_200
"""Characters up to which a text behind a paywall is only its beginning. Of 80 pages 14 say that
they are not free; the one of them without its text has 800 characters, the others over 1,800."""

FEWEST_TEASERS = 10
"""Links that read like headlines from which a page may be a list of articles."""

PageKind = Literal["article", "list", "paywalled", "empty"]
"""article: worth storing. list: leads to articles (a section or front page). paywalled: only the
beginning is there. empty: no text could be found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was read from one page.

    Title and body are clean text as `Article` wants it; body paragraphs are separated by one
    newline. `url` is the page's canonical address if it is on the same site as the address asked
    for. `modified` and `published` are as printed, and may be naive; `date_origins` says where they
    stood, and which dates were refused because they cannot be true.
    """

    kind: PageKind
    title: str
    body: str
    url: str | None
    authors: tuple[str, ...]
    published: PublicationDate | None
    modified: datetime | None
    date_origins: Mapping[DateRole, DateOrigin]
    language: str
    section: str
    source: str
    tags: tuple[str, ...]


def read_page(
    html: bytes | str,
    url: str | None = None,
    fetched: datetime | None = None,
    announced: Sequence[StatedDate] = (),
) -> Page:
    """Read one page.

    url: where it came from, if known. fetched: when (aware); dates after it are not believed
    where the page offers another, and without it the present counts. announced: what the feed or
    the sitemap that led to the page says about its date.

    Raises UnreadableSource when the page is too large, too deep, or no HTML at all.
    """
    tree = parse_page(html, origin=url or "page")
    now = fetched or datetime.now(UTC)
    metadata = read_metadata(tree)
    address = facts.canonical_of(metadata, url)
    title = clean_text(facts.title_of(metadata))
    modified = modified_of(metadata, now)
    published = after_change(published_of(metadata, tree, address, now, announced), modified.date)
    authors = tuple(map(clean_text, facts.authors_of(metadata)))
    about = AboutPage(
        title, authors, facts.description_of(metadata), facts.article_body_of(metadata)
    )
    body = read_body(tree, about)
    text = clean_text(body.text)
    return Page(
        kind=_kind(body, metadata, address),
        title=title,
        body=text,
        url=address,
        authors=authors,
        published=published.date,
        modified=modified.moment,
        date_origins=origins(published=published, modified=modified),
        language=detect(f"{title}\n{text}") or facts.declared_language(metadata),
        section=clean_text(facts.section_of(metadata)),
        source=clean_text(facts.source_of(metadata, address)),
        tags=tuple(map(clean_text, facts.tags_of(metadata))),
    )


def _kind(body: Body, metadata: PageMetadata, url: str | None) -> PageKind:
    if _leads_to_articles(body, metadata, url):
        return "list"
    if len(body.text) < SHORTEST_ARTICLE:
        return "empty"
    barred = facts.is_paywalled(metadata) or body.asks_to_subscribe
    if barred and len(body.text) < LONGEST_FREE_PART:
        return "paywalled"
    return "article"


def _leads_to_articles(body: Body, metadata: PageMetadata, url: str | None) -> bool:
    """Whether nothing says that the page is an article and most of it is headlines with links."""
    return (
        not facts.says_it_is_an_article(metadata, url)
        and body.teasers >= FEWEST_TEASERS
        and body.teasers >= body.paragraphs
    )
