"""The records that travel: an article, its date, and what an index is told about it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Literal

Precision = Literal["time", "day", "month", "year"]

DateSource = Literal[
    "json-ld", "meta", "time", "url", "text", "feed", "sitemap", "file", "given", "fetch"
]
"""Where a date stood: in a page's JSON-LD, meta tags or time element, in its address or somewhere in
its text; in the feed or sitemap that led to it; in the file it was read from; in a field of a
record. "fetch": it is when Dateline was there."""

Doubt = Literal["impossible", "future", "conflict", "after-change", "guess"]
"""What speaks against a date. impossible: no day of the calendar, or before newspapers. future: after
the article was fetched. conflict: other sources name another day. after-change: the article was
changed days before. guess: found by searching the text."""

FACETS = ("person", "place", "organisation", "source", "author", "section", "language", "dating")
"""The facets of every article, in the order they are shown. All may have several values."""

UNCERTAIN = "uncertain"
"""The only value of the facet "dating": something speaks against the date of publication."""

STORY = "story"
"""A facet that is not shown: articles that say nearly the same have the same value."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ID_LENGTH = 20
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # category Cc but tab and newline


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """When an article was published, as its source printed it.

    The calendar day is the one on the page: an article of 23:30 in New York belongs to that
    day there, whatever the day was in UTC. `moment` may be naive when no zone was given.
    """

    moment: datetime
    precision: Precision = "time"

    @property
    def day(self) -> date:
        """The calendar day; the first one of the month or year when no day is known."""
        return self.moment.date()

    @property
    def wall_seconds(self) -> int:
        """Seconds since 1970-01-01T00:00 on the clock of the source; negative before 1970."""
        return (self.moment.replace(tzinfo=UTC) - _EPOCH) // timedelta(seconds=1)

    def isoformat(self) -> str:
        """ISO 8601, as short as the precision: 2023, 2023-07, 2023-07-14 or with the time."""
        if self.precision == "time":
            return self.moment.isoformat()
        return self.day.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.precision]]


@dataclass(frozen=True, slots=True)
class DateOrigin:
    """Where a date of an article comes from, and how sure it is.

    doubts: what speaks against it; sure when nothing does. against: the sources that name another
    day. refused: a date that cannot be true, as printed; the article has no such date then.
    """

    source: DateSource
    doubts: tuple[Doubt, ...] = ()
    against: tuple[DateSource, ...] = ()
    refused: str = ""


DateRole = Literal["published", "modified", "fetched"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article as the store keeps it.

    Title and body are plain text in Unicode normal form C; paragraphs of the body are separated
    by one newline. `language` is an ISO 639-1 code, or "" when it could not be told. `dateline`
    is the place an agency dateline names ("KYIV, Ukraine"), or "". `date_origins` says where dates
    come from, as far as that is known, also those that were refused. `extra` holds the fields of the
    source that Dateline has no place for.
    """

    id: str
    title: str
    body: str
    url: str | None = None
    authors: tuple[str, ...] = ()
    published: PublicationDate | None = None
    modified: datetime | None = None
    fetched: datetime | None = None
    source: str = ""
    section: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    dateline: str = ""
    date_origins: Mapping[DateRole, DateOrigin] = field(
        default_factory=lambda: MappingProxyType({})
    )
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def text(self) -> str:
        """Title and body in one string: what recognisers read and mention spans refer to."""
        return f"{self.title}\n{self.body}"

    @property
    def is_date_uncertain(self) -> bool:
        """Whether anything speaks against the date of publication, or one was refused."""
        origin = self.date_origins.get("published")
        return origin is not None and bool(origin.doubts)

    @property
    def body_offset(self) -> int:
        """Where the body begins in `text`."""
        return len(self.title) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What an index is told about an article.

    published: seconds as in `PublicationDate.wall_seconds`, None when unknown.
    facets: values by facet name, each value once; a facet may be missing. The value of STORY,
    if any, is the story that the article is a copy of.
    weights: how much the article is about each value, 1 to 255, by facet name and in the order
    of its values; a facet may be missing, and then all its weights are 1.
    """

    article_id: str
    title: str
    body: str
    language: str = ""
    published: int | None = None
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    weights: Mapping[str, tuple[int, ...]] = field(default_factory=lambda: MappingProxyType({}))


def article_id(*parts: str) -> str:
    """A stable id from what identifies an article: its canonical URL, else its content.

    Twenty characters of SHA-256 in hexadecimal: 80 bits, so that a billion articles
    collide with a probability below one in a million.
    """
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:_ID_LENGTH]


def clean_text(text: str) -> str:
    """Unicode normal form C, lone surrogates replaced, no control characters but newline."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _CONTROLS.sub("", text)
