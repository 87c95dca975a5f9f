"""What a fetched page is, by its content, and where it leads if it is no article."""

from __future__ import annotations

import re
import struct
import zlib
from calendar import timegm
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Literal
from urllib.parse import urljoin, urlsplit

import feedparser
from lxml import etree
from scrapy.http import HtmlResponse, Response
from scrapy.linkextractors import LinkExtractor
from scrapy.utils.gz import gunzip
from scrapy.utils.response import get_base_url
from w3lib.encoding import http_content_type_encoding

from index.addresses import is_front_page
from index.articles import clean_text
from index.dates import LONGEST_DATE
from index.dating import StatedDate
from index.errors import UnreadableSource
from index.extract import Page, read_page
from index.page_tree import decode_page
from index.scraping.records import Link
from index.scraping.sitemaps import SitemapEntry, entries_of_lines, entries_of_sitemap
from index.sources.webpages import decoded_as_served

LARGEST_SITEMAP = 50 * 1024 * 1024
"""Bytes of a sitemap once decompressed: what sitemaps.org allows."""

LARGEST_FEED = 2_000_000
"""Bytes. feedparser takes 2 microseconds for each, and a hundred times that for strange ones."""

RECENT = timedelta(days=3)
"""Pages of a sitemap that are not older are asked for before sections, the others after them."""

SHORTEST_HEADLINE = 25
"""Characters of a link's text from which it reads like a headline, not like a section's name; a
third of them where words are not parted by spaces."""

MOST_FEEDS = 3
"""Feeds of one page that are followed: beyond them come those of comments and of tags."""

RANKS = {"feed": 0, "headline": 1, "recent": 2, "section": 3, "older": 5, "sitemap": 6}
"""In which order pages are asked for. What is likely to be new comes first; a sitemap comes after
the pages of the sitemaps read before it, so that an index of many is not all that is fetched."""

_FEEDS = {"rss", "feed", "RDF"}
_SITEMAPS = {"urlset", "sitemapindex"}
_FEED_TYPES = {"application/rss+xml", "application/atom+xml", "application/rdf+xml"}
_GZIP = b"\x1f\x8b\x08"
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")


class TooLarge(UnreadableSource):
    """A feed or a compressed file that holds more than it may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page that leads to others. homes: addresses that it names as those of its own site.

    leads_to_lists: which may have changed where it has not.
    """

    kind: Literal["feed", "sitemap", "list"]
    links: tuple[Link, ...]
    homes: tuple[str, ...] = ()
    leads_to_lists: bool = False


def read_response(
    response: Response,
    fetched: datetime,
    announced: StatedDate | None = None,
    *,
    begins_visit: bool,
) -> Page | Listing:
    """Read a page, feed or sitemap, whatever it was said to be.

    announced: when it was published, as the feed or sitemap that led there says. begins_visit: it
    is the address of the visit itself; then it is a list unless it is an article. Raises
    UnreadableSource when nothing can be read from it.
    """
    body = _unpacked(response)
    root = _root_name(body)
    if root in _FEEDS:
        return _feed(body, response.url)
    if root in _SITEMAPS:
        found = entries_of_sitemap(body, response.url)
        return _sitemap(found, response.url, fetched, is_index=root == "sitemapindex")
    if _is_addresses(body):
        return _sitemap(entries_of_lines(body), response.url, fetched, is_index=False)
    html = decoded_as_served(body, _charset(response))
    page = read_page(html, response.url, fetched, [announced] if announced else [])
    leads_on = begins_visit and (page.kind == "empty" or is_front_page(response.url))
    if page.kind == "list" or leads_on:
        text = decode_page(html) if isinstance(html, bytes) else html
        return _list(response.replace(cls=HtmlResponse, body=text, encoding="utf-8"))
    return page


def _charset(response: Response) -> str:
    """The charset that the server states, or ""."""
    header = response.headers.get(b"Content-Type") or b""
    return http_content_type_encoding(header.decode("latin-1")) or ""


def _unpacked(response: Response) -> bytes:
    """The body, decompressed if it is a compressed file."""
    if not response.body.startswith(_GZIP):
        return response.body
    try:
        return gunzip(response.body, max_size=LARGEST_SITEMAP)
    except ValueError as error:
        raise TooLarge(response.url, f"holds more than {LARGEST_SITEMAP:,} bytes") from error
    except (OSError, EOFError, zlib.error, struct.error) as error:
        raise UnreadableSource(response.url, "damaged, it cannot be decompressed") from error


def _root_name(body: bytes) -> str:
    """The name of the root element without its namespace; "" when there is none."""
    events = etree.iterparse(
        BytesIO(body.lstrip()),
        events=("start",),
        recover=True,
        resolve_entities=False,
        no_network=True,
    )
    try:
        _, root = next(events)
    except (StopIteration, etree.XMLSyntaxError):
        return ""
    return str(etree.QName(root).localname)


def _feed(body: bytes, url: str) -> Listing:
    if len(body) > LARGEST_FEED:
        raise TooLarge(url, f"is a feed of more than {LARGEST_FEED:,} bytes")
    feed = feedparser.parse(BytesIO(body), response_headers={"content-location": url})
    links = tuple(
        Link(
            joined(url, entry.link),
            RANKS["headline"],
            _moment(entry),
            _announced(dict.get(entry, "published", ""), "feed"),
        )
        for entry in feed.entries
        if entry.get("link")
    )
    return Listing(kind="feed", links=links, homes=_home(url, feed.feed.get("link", "")))


def _home(url: str, link: str) -> tuple[str, ...]:
    """The site that a feed says it belongs to; at the usual ports, for nobody named others."""
    home = joined(url, link) if link else ""
    return (home,) if home and urlsplit(home).port is None else ()


def joined(base: str, link: str) -> str:
    """The address that a link leads to; "" when it is none."""
    try:
        address = urljoin(base, link)
        return address if urlsplit(address).port != 0 else ""
    except ValueError:
        return ""


def _moment(entry: feedparser.FeedParserDict) -> datetime | None:
    # Asked for in this way, feedparser does not pass off one date for the other.
    found = dict.get(entry, "updated_parsed") or dict.get(entry, "published_parsed")
    try:
        return datetime.fromtimestamp(timegm(found), UTC) if found else None
    except (ValueError, OverflowError, OSError):
        return None


def _announced(text: str, source: Literal["feed", "sitemap"]) -> StatedDate | None:
    """What is said of a date, as one line; of anything longer than a date its beginning."""
    line = " ".join(clean_text(text.strip()[: LONGEST_DATE + 1]).split())
    return StatedDate(line, source) if line else None


def _sitemap(
    found: Iterable[SitemapEntry], url: str, fetched: datetime, *, is_index: bool
) -> Listing:
    """The pages of a sitemap, those first that changed last."""
    rank = RANKS["sitemap" if is_index else "older"]
    oldest = datetime.min.replace(tzinfo=UTC)
    links = []
    for entry in found:
        modified = _stated(entry.modified, fetched)
        its_rank = RANKS["recent"] if _is_recent(modified, fetched) else rank
        announced = _announced(entry.published, "sitemap")
        links.append(Link(joined(url, entry.address), its_rank, modified, announced))
    links.sort(key=lambda link: link.modified or oldest, reverse=True)
    return Listing(kind="sitemap", links=tuple(links), leads_to_lists=is_index)


def _is_addresses(body: bytes) -> bool:
    """Whether it is a sitemap in plain text: an address a line."""
    return body[:4] == b"http" and all(
        word.startswith((b"http://", b"https://")) for word in body.split()
    )


def _is_recent(modified: datetime | None, fetched: datetime) -> bool:
    return modified is not None and fetched - modified <= RECENT


def _stated(text: str, fetched: datetime) -> datetime | None:
    """A date of a sitemap, if it is one and has come."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found if found <= fetched else None


def _list(response: HtmlResponse) -> Listing:
    feeds = [
        Link(joined(get_base_url(response), link.attrib["href"]), RANKS["feed"])
        for link in response.css("link[rel~=alternate][href]")
        if link.attrib.get("type", "").lower() in _FEED_TYPES
    ]
    found = LinkExtractor(canonicalize=False).extract_links(response)
    links = [
        Link(link.url, RANKS["headline" if _is_headline(link.text) else "section"])
        for link in found
        if not link.nofollow
    ]
    return Listing(kind="list", links=(*feeds[:MOST_FEEDS], *links), leads_to_lists=True)


def _is_headline(text: str) -> bool:
    text = " ".join(text.split())
    return len(text) >= SHORTEST_HEADLINE / (3 if _UNSPACED.search(text) else 1)
