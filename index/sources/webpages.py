"""Web pages saved as HTML files, one article each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from index.addresses import address_id, working_address
from index.articles import Article, DateOrigin, article_id
from index.dateline import place_of_dateline, title_of_text
from index.errors import UnreadableSource
from index.extract import Page, read_page
from index.sources.encodings import read_bytes
from index.sources.records import Sourced

_NO_ARTICLE = {
    "empty": "has no text that could be an article",
    "list": "leads to articles, but is none itself",
}


def read_webpage(path: Path, source: str) -> Iterator[Sourced | UnreadableSource]:
    """The article of a saved page. `source` names it when the page does not say who published it.

    What is there of an article behind a paywall is read, with "paywalled" in `extra`.
    """
    origin = str(path)
    try:
        html = read_bytes(path)
        page = _read(html, origin)
    except UnreadableSource as problem:
        yield problem
        return
    if page.kind in _NO_ARTICLE:
        yield UnreadableSource(origin, _NO_ARTICLE[page.kind])
    else:
        yield Sourced(article_of_page(page, source), origin, sole=True)


def _read(html: bytes, origin: str) -> Page:
    try:
        return read_page(html)
    except UnreadableSource as problem:
        raise UnreadableSource(origin, problem.reason) from problem


def article_of_page(page: Page, source: str, fetched: datetime | None = None) -> Article:
    """The article of a page that is worth storing. `source` is that of a page that names none.

    fetched: when it was fetched (aware), None when unknown.
    """
    url = working_address(page.url or "")
    title = page.title or title_of_text(page.body)
    extra = {"access": "paywalled"} if page.kind == "paywalled" else {}
    origins = dict(page.date_origins)
    if fetched:
        origins["fetched"] = DateOrigin("fetch")
    return Article(
        id=address_id(url) if url else article_id("content", title, page.body),
        title=title,
        body=page.body,
        url=url,
        authors=page.authors,
        published=page.published,
        modified=page.modified,
        fetched=fetched,
        source=page.source or source,
        section=page.section,
        language=page.language,
        tags=page.tags,
        dateline=place_of_dateline(page.body),
        date_origins=MappingProxyType(origins),
        extra=MappingProxyType(extra),
    )
