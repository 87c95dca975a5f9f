"""A saved page in HTML → the article on it: title, byline, date, body."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from index import page_facts as facts
from index.articles import PublicationDate, clean_text
from index.language import detect
from index.page_body import AboutPage, read_body
from index.page_metadata import read_metadata
from index.page_tree import parse_page

PageKind = Literal["article", "list", "paywalled", "empty"]
"""article: worth storing. list: leads to articles (a section or front page). paywalled: only the
beginning is there. empty: no text could be found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was read from one page.

    Title and body are clean text as `Article` wants it; body paragraphs are separated by one
    newline. `published_from` names where the date stood: "json-ld", "meta", "time", "url" or
    "htmldate"; "" without a date. `url` is the page's canonical address if it is on the same
    site as the address asked for. `modified` and `published` are as printed, and may be naive or
    implausible (`index.dates.is_plausible`).
    """

    kind: PageKind
    title: str
    body: str
    url: str | None
    authors: tuple[str, ...]
    published: PublicationDate | None
    published_from: str
    modified: datetime | None
    language: str
    section: str
    source: str
    tags: tuple[str, ...]


def read_page(html: bytes | str, url: str | None = None, fetched: datetime | None = None) -> Page:
    """Read one page.

    url: where it came from, if known. fetched: when (aware); dates after it are not believed
    where the page offers another, and without it the present counts.

    Raises UnreadableSource when the page is too large, too deep, or no HTML at all.
    """
    tree = parse_page(html, origin=url or "page")
    now = fetched or datetime.now(UTC)
    metadata = read_metadata(tree)
    title = clean_text(facts.title_of(metadata))
    found = facts.published_of(metadata, tree, url, now)
    authors = tuple(map(clean_text, facts.authors_of(metadata)))
    about = AboutPage(
        title, authors, facts.description_of(metadata), facts.article_body_of(metadata)
    )
    body = clean_text(read_body(tree, about))
    return Page(
        kind=_kind(body, paywalled=facts.is_paywalled(metadata), is_list=facts.is_list(metadata)),
        title=title,
        body=body,
        url=facts.canonical_of(metadata, url),
        authors=authors,
        published=found.date if found else None,
        published_from=found.source if found else "",
        modified=facts.modified_of(metadata),
        language=detect(f"{title}\n{body}") or facts.declared_language(metadata),
        section=clean_text(facts.section_of(metadata)),
        source=clean_text(facts.source_of(metadata, url)),
        tags=tuple(map(clean_text, facts.tags_of(metadata))),
    )


def _kind(body: str, *, paywalled: bool, is_list: bool) -> PageKind:
    words = len(body.split())
    if is_list:
        return "list"
    if words < 20:
        return "empty"
    if paywalled and words < 150:
        return "paywalled"
    return "article"
