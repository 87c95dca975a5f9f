"""Where the dates of an article come from, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from index.articles import Article, DateOrigin, DateSource, PublicationDate
from web.filters import published_day

_PLACES: Mapping[DateSource, str] = MappingProxyType(
    {
        "json-ld": "the page’s metadata",
        "meta": "the page’s metadata",
        "time": "the page’s markup",
        "url": "the address",
        "text": "the text of the page",
        "feed": "the feed",
        "sitemap": "the sitemap",
        "file": "the file",
        "given": "its record",
    }
)


@dataclass(frozen=True, slots=True)
class DateInWords:
    """A date of an article as it is shown. day: "" when there is none that counts."""

    label: str
    day: str
    remark: str


def dates_in_words(article: Article) -> tuple[DateInWords, ...]:
    """Published, changed and fetched, as far as anything is known of each."""
    origins = article.date_origins
    return (
        *_shown("Published", article.published, origins.get("published")),
        *_shown("Changed", _day_of(article.modified), origins.get("modified")),
        *_shown("Fetched", _day_of(article.fetched), None),
    )


def remark(origin: DateOrigin) -> str:
    """Where a date comes from and what speaks against it: "from the address; the feed says …"."""
    place = _PLACES.get(origin.source)
    said = [f"from {place}"] if place else []
    if origin.refused:
        said = [f"{place or 'the source'} says “{origin.refused}”"]
    others = list(dict.fromkeys(_PLACES[source] for source in origin.against if source in _PLACES))
    for doubt in origin.doubts:
        match doubt:
            case "impossible":
                said.append("which is no date an article can have")
            case "future":
                said.append("which is later than it was read")
            case "conflict":
                verb = "says" if len(others) == 1 else "say"
                said.append(f"{' and '.join(others)} {verb} another day")
            case "after-change":
                said.append("it was changed days before")
            case "guess":
                said.append("found by searching, so it may be another date")
    return (", " if origin.refused else "; ").join(said)


def _shown(
    label: str, date: PublicationDate | None, origin: DateOrigin | None
) -> Iterator[DateInWords]:
    if date is not None or origin is not None:
        yield DateInWords(
            label,
            published_day(date) if date else "",
            remark(origin) if origin else "",
        )


def _day_of(moment: datetime | None) -> PublicationDate | None:
    return None if moment is None else PublicationDate(moment)
