"""The records of scraping: pages to ask for, and what is known of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from index.dating import StatedDate
from index.scraping.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Link:
    """A page that another one leads to. rank: lower ones are asked for first.

    modified: when it last changed (aware), and announced: when it was published, as far as the
    feed or sitemap that leads there says.
    """

    url: str
    rank: int
    modified: datetime | None = None
    announced: StatedDate | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """A page to visit, and the source of the articles that name none."""

    url: str
    name: str


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit of a source, or of an address given once.

    name: the source of articles that name none. begun: pages fetched since then are not fetched
    again. homes: addresses on the sites whose pages are followed.
    """

    url: str
    name: str
    begun: str
    homes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A page to ask for. depth: how many lists led there from the address of the visit.

    announced: when it was published, as a feed or sitemap said, now or at an earlier visit.
    """

    url: str
    visit: str
    site: str
    depth: int
    announced: StatedDate | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What came of a page the last time, and by what its server can tell whether it changed."""

    outcome: str
    etag: str
    last_modified: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page said. addresses: the one asked for, and the one redirects led to if any."""

    addresses: tuple[str, ...]
    outcome: Outcome
    fetched: datetime
    etag: str = ""
    last_modified: str = ""
