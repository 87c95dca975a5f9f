"""How values are shown: Jinja filters. Everything that makes markup escapes first."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import pycountry
from markupsafe import Markup, escape

from index.articles import PublicationDate
from index.curation.decisions import in_words
from search.snippets import Passage

FACET_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "person": "People",
        "place": "Places",
        "organisation": "Organisations",
        "source": "Sources",
        "author": "Authors",
        "section": "Sections",
        "language": "Languages",
        "dating": "Dates",
    }
)


def marked(passage: Passage) -> Markup:
    """The passage as HTML with its ranges in <mark>."""
    return mark(passage.text, passage.ranges)


def mark(text: str, ranges: Sequence[tuple[int, int]]) -> Markup:
    """The text as HTML with disjoint, ascending ranges in <mark>."""
    parts = []
    place = 0
    for start, end in ranges:
        parts += [escape(text[place:start]), Markup("<mark>"), escape(text[start:end])]
        parts.append(Markup("</mark>"))
        place = end
    parts.append(escape(text[place:]))
    return Markup("").join(parts)


def thousands(number: int) -> str:
    """21,578 for 21578."""
    return f"{number:,}"


def articles(number: int) -> str:
    """1 article, 21,578 articles."""
    return f"{number:,} article{'' if number == 1 else 's'}"


def reprints(number: int) -> str:
    """1 reprint, 7 reprints."""
    return f"{number:,} reprint{'' if number == 1 else 's'}"


def published_day(published: PublicationDate) -> str:
    """14 July 2023, July 2023 or 2023, as precise as is known."""
    day = published.day
    match published.precision:
        case "year":
            return str(day.year)
        case "month":
            return f"{day:%B} {day.year}"
        case _:
            return long_day(day)


def long_day(day: date) -> str:
    """14 July 2023."""
    return f"{day.day} {day:%B} {day.year}"


def moment(when: datetime) -> str:
    """14 July 2023, 16:05 UTC."""
    in_utc = when.astimezone(UTC)
    return f"{long_day(in_utc.date())}, {in_utc:%H:%M} UTC"


def span(first: date, last: date) -> str:
    """A span of whole days as short as it can be said: 2024, July 2023, 3–9 July 2023."""
    starts_month = first.day == 1
    ends_month = last.day == monthrange(last.year, last.month)[1]
    if starts_month and ends_month and first.month == 1 and last.month == 12:
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    if starts_month and ends_month:
        whole = f"{last:%B} {last.year}"
        return whole if _month(first) == _month(last) else f"{first:%B} {first.year} – {whole}"
    if first == last:
        return long_day(last)
    if _month(first) == _month(last):
        return f"{first.day}–{long_day(last)}"
    return f"{long_day(first)} – {long_day(last)}"


def facet_title(facet: str) -> str:
    """People for person."""
    return FACET_TITLES[facet]


def value_label(value: str, facet: str) -> str:
    """A facet's value as people read it: languages by name, others as they are.

    Stories have no name that could be read.
    """
    match facet:
        case "language":
            return _language(value)
        case "story":
            return "copies of one article"
        case _:
            return value


def web_address(url: str | None) -> str | None:
    """The URL if it leads to the web, so that no other scheme ever becomes a link."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def host(url: str) -> str:
    """The host of a web address, without www."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


FILTERS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "articles": articles,
        "decision": in_words,
        "facet_title": facet_title,
        "host": host,
        "long_day": long_day,
        "marked": marked,
        "moment": moment,
        "published_day": published_day,
        "reprints": reprints,
        "span": span,
        "thousands": thousands,
        "value_label": value_label,
        "web_address": web_address,
    }
)
"""The filters of all templates by name."""


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


@cache
def _language(code: str) -> str:
    """English for en; the code itself where ISO 639-1 has none."""
    language = pycountry.languages.get(alpha_2=code)
    return language.name.split(" (")[0] if language else code
