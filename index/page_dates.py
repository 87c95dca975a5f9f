"""When a page was published and changed, and which of its sources says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from htmldate import find_date
from lxml.html import HtmlElement

from index import page_rules as rules
from index.articles import PublicationDate
from index.dates import is_plausible, parse_publication_date
from index.page_metadata import PageMetadata, texts_of

_URL_DATE = re.compile(
    r"/(?P<year>(?:19|20)\d\d)[/-](?P<month>\d{1,2}|[a-z]{3})[/-](?P<day>\d{1,2})(?=[/_-]|$)"
    r"|[/_-](?P<compact>20\d\d[01]\d[0-3]\d)(?=\D|$)",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date and which source of the page it came from."""

    date: PublicationDate
    source: str


def published_of(
    metadata: PageMetadata, tree: HtmlElement, url: str | None, now: datetime
) -> FoundDate | None:
    """The first plausible date of JSON-LD, meta tags, time elements, the URL and htmldate.

    When none is plausible, the first implausible one: the caller flags it.
    """
    implausible = None
    address = parse_publication_date(date_in_url(url or ""))
    for text, source in _published_texts(metadata, url):
        date = parse_publication_date(text)
        if date is None:
            continue
        if address and _is_another_day_in_utc(date, address):
            return FoundDate(address, "url")
        if is_plausible(date, now):
            return FoundDate(date, source)
        implausible = implausible or FoundDate(date, source)
    return implausible or _searched_date(tree, url, now)


def _is_another_day_in_utc(date: PublicationDate, address: PublicationDate) -> bool:
    """Whether the date is in UTC and a day off the one in the URL, which is the newsroom's."""
    in_utc = date.precision == "time" and date.moment.utcoffset() == timedelta(0)
    return in_utc and abs(date.day - address.day) == timedelta(days=1)


def modified_of(metadata: PageMetadata) -> datetime | None:
    """When the page says it was last changed."""
    stated = (
        *texts_of(metadata.article.get("dateModified")),
        metadata.first_meta(rules.META_MODIFIED),
    )
    dates = (parse_publication_date(text) for text in stated)
    return next((date.moment for date in dates if date), None)


def _published_texts(metadata: PageMetadata, url: str | None) -> Iterator[tuple[str, str]]:
    for record in (metadata.article, *metadata.records):
        for text in texts_of(record.get("datePublished")):
            yield text, "json-ld"
    for name in rules.META_PUBLISHED:
        for content in metadata.meta.get(name, ()):
            yield content, "meta"
    for tag in metadata.soup.find_all(attrs={"itemprop": "datePublished"}):
        yield str(tag.get("datetime") or tag.get_text()), "time"
    date = date_in_url(url or "")
    if date:
        yield date, "url"


def date_in_url(url: str) -> str:
    """The day in an address, as ISO 8601: /2023/dec/22/ or /2023-12-22/ or -20231222-."""
    match = _URL_DATE.search(url.partition("?")[0])
    if match is None:
        return ""
    text = match["compact"] or f"{match['year']}-{match['month']}-{match['day']}"
    date = parse_publication_date(text)
    return date.isoformat() if date else ""


def _searched_date(tree: HtmlElement, url: str | None, now: datetime) -> FoundDate | None:
    latest = (now.astimezone(UTC) + timedelta(days=1)).strftime("%Y-%m-%d")
    try:
        text = find_date(tree, original_date=True, url=url, max_date=latest)
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError):
        return None  # htmldate on broken pages
    date = parse_publication_date(text or "")
    return FoundDate(date, "htmldate") if date else None
