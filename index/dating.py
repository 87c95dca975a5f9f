"""What several sources say about one date: which of them to believe, and what speaks against it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import cast

from index.articles import (
    Article,
    DateOrigin,
    DateRole,
    DateSource,
    Doubt,
    PublicationDate,
    clean_text,
)
from index.dates import FIRST_NEWSPAPER, LONGEST_DATE, is_plausible, parse_publication_date

_URL_DATE = re.compile(
    r"/(?P<year>(?:19|20)\d\d)[/-](?P<month>\d{1,2}|[a-z]{3})[/-](?P<day>\d{1,2})(?=[/_-]|$)"
    r"|[/_-](?P<compact>20\d\d[01]\d[0-3]\d)(?=\D|$)",
    re.IGNORECASE | re.ASCII,
)

_OF_A_PAGE = frozenset({"json-ld", "meta", "time"})

SAME_DAY = timedelta(days=1)
"""How far apart two days may be and still be the same one, told in different time zones."""


@dataclass(frozen=True, slots=True)
class StatedDate:
    """What one source says, as printed.

    A weak one is believed if need be, but never contradicts: it may be about something else.
    """

    text: str
    source: DateSource
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Dating:
    """The date to believe, if any, and where it comes from; both None when nobody states one.

    Without a date, the origin says which one was refused.
    """

    date: PublicationDate | None = None
    origin: DateOrigin | None = None

    @property
    def moment(self) -> datetime | None:
        """The moment of the date, for those dates of an article that have no precision."""
        return None if self.date is None else self.date.moment


@dataclass(frozen=True, slots=True)
class _Read:
    date: PublicationDate
    stated: StatedDate


def weigh(stated: Iterable[StatedDate], now: datetime) -> Dating:
    """The first of the stated dates that can be true; the best source comes first.

    now: aware; when the article was fetched, or at least the present.
    Where a date is in UTC and the one in the address a day off, the address has the newsroom's day.
    """
    given = [each for each in stated if each.text.strip()]
    read = [
        _Read(date, each)
        for each in given
        if (date := parse_publication_date(each.text)) is not None
    ]
    possible = [each for each in read if is_plausible(each.date, now)]
    if not possible:
        return _refused(given, read)
    chosen = possible[0]
    for other in possible if chosen.stated.source in _OF_A_PAGE else ():
        if other.stated.source == "url" and _is_another_day_in_utc(chosen.date, other.date):
            chosen = other
            break
    against = _disagreeing(chosen, possible)
    doubts: tuple[Doubt, ...] = ("conflict",) if against else ()
    if chosen.stated.source == "text":
        doubts += ("guess",)
    return Dating(chosen.date, DateOrigin(chosen.stated.source, doubts, against))


def after_change(published: Dating, modified: PublicationDate | None) -> Dating:
    """A publication date with a doubt more when the article was changed days before it."""
    date, origin = published.date, published.origin
    if date is None or origin is None or modified is None or date.precision in ("month", "year"):
        return published
    if date.day - modified.day <= SAME_DAY:
        return published
    doubts = (*origin.doubts, "after-change")
    return Dating(date, DateOrigin(origin.source, doubts, origin.against))


def origins(**datings: Dating) -> Mapping[DateRole, DateOrigin]:
    """Where the dates with these roles come from: `date_origins` of an article."""
    return MappingProxyType(
        {cast("DateRole", role): each.origin for role, each in datings.items() if each.origin}
    )


def dated_by(source: DateSource, article: Article) -> Article:
    """The article with its dates stated by this source, where it says that they were "given"."""
    return replace(
        article,
        date_origins=MappingProxyType(
            {
                role: replace(origin, source=source) if origin.source == "given" else origin
                for role, origin in article.date_origins.items()
            }
        ),
    )


def date_in_url(url: str) -> str:
    """The day in an address, as ISO 8601: /2023/dec/22/ or /2023-12-22/ or -20231222-."""
    match = _URL_DATE.search(url.partition("?")[0])
    if match is None:
        return ""
    text = match["compact"] or f"{match['year']}-{match['month']}-{match['day']}"
    date = parse_publication_date(text)
    return date.isoformat() if date else ""


def _refused(given: Sequence[StatedDate], read: Sequence[_Read]) -> Dating:
    """No date, with what was printed: the first that could be read, else the first with digits."""
    if read:
        first = read[0].date
        doubt: Doubt = "impossible" if first.moment.year < FIRST_NEWSPAPER else "future"
        return Dating(None, DateOrigin(read[0].stated.source, (doubt,), refused=first.isoformat()))
    for stated in given:
        if not stated.weak and any(letter.isdigit() for letter in stated.text):
            printed = " ".join(clean_text(stated.text).split())[:LONGEST_DATE]
            return Dating(None, DateOrigin(stated.source, ("impossible",), refused=printed))
    return Dating()


def _disagreeing(chosen: _Read, possible: Sequence[_Read]) -> tuple[DateSource, ...]:
    """The sources that name another day, each once."""
    return tuple(
        dict.fromkeys(
            each.stated.source
            for each in possible
            if not each.stated.weak
            and each.stated.source != chosen.stated.source
            and not _same(chosen.date, each.date)
        )
    )


def _same(one: PublicationDate, other: PublicationDate) -> bool:
    """Whether two dates agree as far as both are precise."""
    precisions = (one.precision, other.precision)
    if "year" in precisions:
        return one.day.year == other.day.year
    if "month" in precisions:
        return (one.day.year, one.day.month) == (other.day.year, other.day.month)
    return abs(one.day - other.day) <= SAME_DAY


def _is_another_day_in_utc(date: PublicationDate, address: PublicationDate) -> bool:
    """Whether the date is in UTC and a day off the one in the URL, which is the newsroom's."""
    in_utc = date.precision == "time" and date.moment.utcoffset() == timedelta(0)
    return in_utc and abs(date.day - address.day) == SAME_DAY
