"""When a page was published and changed, and which of its sources says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from htmldate import find_date
from lxml.html import HtmlElement

from index import page_rules as rules
from index.dating import Dating, StatedDate, date_in_url, weigh
from index.page_metadata import PageMetadata, texts_of


def published_of(
    metadata: PageMetadata,
    tree: HtmlElement,
    url: str | None,
    now: datetime,
    announced: Sequence[StatedDate] = (),
) -> Dating:
    """When the page was published: by JSON-LD, meta tags, time elements, the URL or `announced`.

    Where none of them names a date that can be true, the text is searched for one.
    """
    dating = weigh((*_published(metadata, url), *announced), now)
    if dating.date is None and (found := _searched(tree, url, now)):
        searched = weigh([StatedDate(found, "text")], now)
        dating = searched if searched.date else dating
    return dating


def modified_of(metadata: PageMetadata, now: datetime) -> Dating:
    """When the page says it was last changed."""
    return weigh(_modified(metadata), now)


def _published(metadata: PageMetadata, url: str | None) -> Iterator[StatedDate]:
    for text in texts_of(metadata.article.get("datePublished")):
        yield StatedDate(text, "json-ld")
    for record in metadata.records:
        for text in texts_of(record.get("datePublished")):
            yield StatedDate(text, "json-ld", weak=True)
    for name in rules.META_PUBLISHED:
        for content in metadata.meta.get(name, ()):
            yield StatedDate(content, "meta")
    for tag in metadata.soup.find_all(attrs={"itemprop": "datePublished"}):
        yield StatedDate(str(tag.get("datetime") or tag.get_text()), "time", weak=True)
    yield StatedDate(date_in_url(url or ""), "url")


def _modified(metadata: PageMetadata) -> Iterator[StatedDate]:
    for text in texts_of(metadata.article.get("dateModified")):
        yield StatedDate(text, "json-ld")
    yield StatedDate(metadata.first_meta(rules.META_MODIFIED), "meta")


def _searched(tree: HtmlElement, url: str | None, now: datetime) -> str:
    """A date in the text of the page, or ""."""
    latest = (now.astimezone(UTC) + timedelta(days=1)).strftime("%Y-%m-%d")
    try:
        return find_date(tree, original_date=True, url=url, max_date=latest) or ""
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError):
        return ""  # htmldate on broken pages
