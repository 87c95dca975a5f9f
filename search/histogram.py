"""Articles counted by year, month, week or day."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from search.request import Dates, Grain, HistogramRequest
from search.results import Bar, Histogram

SECONDS_PER_DAY = 86_400

_EPOCH = date(1970, 1, 1)
_FINEST_FIRST: tuple[Grain, ...] = ("day", "week", "month", "year")
_MONDAY = 3
"""Days from the Monday before 1970-01-01, a Thursday."""


def histogram(
    published: NDArray[np.int64], undated: int, dates: Dates | None, wanted: HistogramRequest
) -> Histogram:
    """The bars for articles published at these wall-clock seconds, array of int64.

    `published` are those that match without regard to `dates`, which give the ends of the bars.
    """
    days = published // SECONDS_PER_DAY
    ends = dates or Dates()
    first = _day(ends.first) if ends.first else int(days.min()) if len(days) else None
    last = _day(ends.last) if ends.last else int(days.max()) if len(days) else None
    if first is None or last is None:
        return Histogram(wanted.grain or _FINEST_FIRST[0], (), undated)
    grain = wanted.grain or _finest(first, last, wanted.bars)
    start, stop = (int(_spans(np.array([day]), grain)[0]) for day in (first, last))
    spans = _spans(days, grain)
    inside = spans[(spans >= start) & (spans <= stop)] - start
    counts = np.bincount(inside, minlength=max(stop - start + 1, 0)).tolist()
    bars = tuple(
        Bar(_first_day(span, grain), _last_day(span, grain), count)
        for span, count in enumerate(counts, start)
    )
    return Histogram(grain, bars, undated)


def first_second(day: date) -> int:
    """When a day begins, in wall-clock seconds since 1970."""
    return _day(day) * SECONDS_PER_DAY


def _finest(first: int, last: int, bars: int) -> Grain:
    for grain in _FINEST_FIRST:
        start, stop = _spans(np.array([first, last]), grain)
        if stop - start + 1 <= bars:
            return grain
    return _FINEST_FIRST[-1]


def _day(day: date) -> int:
    return (day - _EPOCH).days


def _spans(days: NDArray[np.int64], grain: Grain) -> NDArray[np.int64]:
    """The number of the year, month, week or day since 1970 that each day is in."""
    if grain == "day":
        return days
    if grain == "week":
        return (days + _MONDAY) // 7
    unit = "datetime64[M]" if grain == "month" else "datetime64[Y]"
    return days.astype("datetime64[D]").astype(unit).astype(np.int64)


def _first_day(span: int, grain: Grain) -> date:
    match grain:
        case "day":
            return _EPOCH + timedelta(days=span)
        case "week":
            return _EPOCH + timedelta(days=span * 7 - _MONDAY)
        case "month":
            return date(_EPOCH.year + span // 12, span % 12 + 1, 1)
        case _:
            return date(_EPOCH.year + span, 1, 1)


def _last_day(span: int, grain: Grain) -> date:
    """The day before the next span; the calendar's last one where there is no next."""
    try:
        return _first_day(span + 1, grain) - timedelta(days=1)
    except (ValueError, OverflowError):
        return date.max
