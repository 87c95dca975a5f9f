"""What it means for a page that no answer came."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from index.scraping.guarding import Refused
from index.scraping.outcomes import Outcome

_MEANINGS: tuple[tuple[type[Exception], Outcome], ...] = (
    (DownloadTimeoutError, Outcome("too slow", "did not come in time")),
    (CannotResolveHostError, Outcome("unreachable", "its host has no address")),
    (DownloadConnectionRefusedError, Outcome("unreachable", "its host takes no connections")),
    (DownloadCancelledError, Outcome("too large", "is larger than a page may be")),
    (ResponseDataLossError, Outcome("unreachable", "broke off")),
)


_IGNORED = (
    ("Forbidden by robots.txt", Outcome("forbidden", "robots.txt asks not to fetch it")),
    ("max redirections", Outcome("failed", "redirects without end")),
    ("decompression", Outcome("too large", "is larger than a page may be, once decompressed")),
)
"""What Scrapy's IgnoreRequest means, by words of its message."""


def outcome_of_failure(error: Exception, unavailable: str) -> Outcome:
    """What came of a page that was asked for in vain.

    unavailable: why the site's robots.txt could not be had, "" when it could.
    """
    if isinstance(error, Refused):
        return Outcome(error.word, error.reason)
    if isinstance(error, IgnoreRequest):
        found = next((outcome for words, outcome in _IGNORED if words in str(error)), None)
        if found is not None and found.word == "forbidden" and unavailable:
            return Outcome("unreachable", unavailable)
    else:
        found = next((outcome for kind, outcome in _MEANINGS if isinstance(error, kind)), None)
    return found or Outcome("unreachable", _reason(error))


def _reason(error: Exception) -> str:
    """The text of an error; that of the error behind it where Twisted wraps one."""
    reasons = getattr(error, "reasons", None) or getattr(error.__cause__, "reasons", None)
    return str(reasons[0].value if reasons else error).strip("[]<>") or type(error).__name__
