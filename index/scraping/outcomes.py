"""What can come of a page, in the words that are stored and shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from index.articles import clean_text

STORED = ("new", "changed", "unchanged", "not modified")
"""The page is an article. not modified: the server says so, and did not send it."""

FOLLOWED = ("feed", "sitemap", "list")
"""The page leads to articles."""

MOVED = "moved"
"""An address that redirects to the page; it is not counted beside it."""

SKIPPED: Mapping[str, str] = MappingProxyType(
    {
        "paywalled": "only their beginning is free to read",
        "no article": "without a text that could be an article",
        "too deep": "lists further away than --depth",
        "already fetched": "lead to a page that was fetched under another address",
        "other site": "lead to another site",
        "forbidden": "robots.txt asks not to fetch them",
        "refused": "not fetched, for safety",
        "not found": "gone, or never there",
        "failed": "the server answered with an error",
        "unreachable": "no answer",
        "too slow": "did not come in time",
        "too large": "larger than a page may be",
        "wrong type": "pictures, films and the like",
        "unreadable": "damaged, or in a form nobody reads",
    }
)
"""Why a page was not stored, and what that means."""

NOT_ASKED = frozenset({"forbidden", "refused"})
"""Outcomes for which no page was asked for; they do not count towards `ScrapeOptions.pages`."""

PASSING = frozenset({"failed", "unreachable", "too slow"})
"""Outcomes that may be different at the next visit."""


LONGEST_REASON = 300
"""Characters."""

_READABLE = frozenset(
    "text/html application/xhtml+xml application/xml text/xml text/plain application/rss+xml "
    "application/atom+xml application/rdf+xml application/gzip application/x-gzip "
    "application/octet-stream".split()
)
"""Types of content that may hold pages, feeds or sitemaps; "" too, for servers that give none."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a page: a word of STORED, FOLLOWED or SKIPPED, and for the last why.

    A reason may hold what a server said; of that, one short line of plain text is kept.
    """

    word: str
    reason: str = ""

    def __post_init__(self) -> None:
        line = " ".join(clean_text(self.reason).split())[:LONGEST_REASON]
        object.__setattr__(self, "reason", line)


def is_readable_type(content_type: str) -> bool:
    """Whether a page, feed or sitemap may have this Content-Type."""
    kind = content_type.partition(";")[0].strip().lower()
    return not kind or kind in _READABLE
