"""Saved web pages, one article each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from types import MappingProxyType

from index.addresses import address_id, working_address
from index.articles import Article, DateOrigin, article_id
from index.dateline import place_of_dateline, title_of_text
from index.errors import UnreadableSource
from index.extract import Page, read_page
from index.sources.content import Content, FileContent, read_whole
from index.sources.items import PassedOver, Read, ReadOptions, SavedPage
from index.sources.records import Sourced
from index.stages import stage

_NO_ARTICLE = {
    "empty": "has no text that could be an article",
    "list": "leads to articles, but is none itself",
}
_PASSED_OVER = {"empty": "pages without an article", "list": "pages that lead to articles"}


def read_webpage(content: Content, options: ReadOptions) -> Iterator[SavedPage]:
    """The page of an .html file. A file is opened later, by whoever reads its article."""
    held = content if isinstance(content, FileContent) else read_whole(content)
    yield SavedPage(origin=content.origin, content=held, source=options.source, sole=True)


def read_saved_page(page: SavedPage) -> Read:
    """The article of a page; its source names it when the page does not say who published it.

    What is there of an article behind a paywall is read, with "paywalled" in `extra`. A page
    without an article is a problem when it was saved by itself, and passed over among others.
    """
    try:
        with stage("pages"):
            html = page.content if isinstance(page.content, bytes) else read_whole(page.content)
            found = read_page(decoded_as_served(html, page.charset), page.url, page.fetched)
    except UnreadableSource as problem:
        return UnreadableSource(page.origin, problem.reason)
    if found.kind not in _NO_ARTICLE:
        article = article_of_page(found, page.source, page.fetched)
        return Sourced(article, page.origin, sole=page.sole)
    if page.sole:
        return UnreadableSource(page.origin, _NO_ARTICLE[found.kind])
    return PassedOver(_PASSED_OVER[found.kind])


def decoded_as_served(html: bytes, charset: str) -> bytes | str:
    """A page as its server said it is encoded, unless it is UTF-8; as it is when that cannot be."""
    try:
        html.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return html.decode(charset) if charset else html
        except (LookupError, ValueError):
            return html
    return html


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
