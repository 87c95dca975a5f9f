"""Articles counted by year, month, week or day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from search.request import Dates, Grain, HistogramRequest
from search.results import Histogram

SECONDS_PER_DAY = 86_400

_EPOCH = date(1970, 1, 1)
_FINEST_FIRST: tuple[Grain, ...] = ("day", "week", "month", "year")
_MONDAY = 3
"""Days from the Monday before 1970-01-01, a Thursday."""


CountBetween = Callable[[NDArray[np.int64]], NDArray[np.int64]]
"""From ascending bounds in wall-clock seconds to the articles from each to before the next."""


def histogram(  # noqa: PLR0913 - three facts about the matches, and the question
    earliest: int | None,
    latest: int | None,
    undated: int,
    dates: Dates | None,
    wanted: HistogramRequest,
    count_between: CountBetween,
) -> Histogram:
    """The bars for articles that match without regard to `dates`, which give the bars' ends.

    earliest, latest: when the first and the last of them were published, wall-clock seconds;
    undated: how many of them have no date.
    """
    ends = dates or Dates()
    first = _day(ends.first) if ends.first else _day_of(earliest)
    last = _day(ends.last) if ends.last else _day_of(latest)
    if first is None or last is None:
        return Histogram(wanted.grain or _FINEST_FIRST[0], (), (), undated)
    grain = wanted.grain or _finest(first, last, wanted.bars)
    start, stop = _spans(np.array([first, last]), grain).tolist()
    days, bounds = _bars(start, max(stop + 1, start), grain)
    return Histogram(grain, days, tuple(count_between(bounds).tolist()), undated)


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


def _day_of(seconds: int | None) -> int | None:
    return None if seconds is None else seconds // SECONDS_PER_DAY


@lru_cache(maxsize=256)
def _bars(
    start: int, stop: int, grain: Grain
) -> tuple[tuple[tuple[date, date], ...], NDArray[np.int64]]:
    """The first and last days of the spans from start to before stop, and their bounds.

    The bounds are wall-clock seconds, array of int64, shape (spans + 1,).
    """
    days = tuple((_first_day(n, grain), _last_day(n, grain)) for n in range(start, stop))
    bounds = [first_second(first) for first, _ in days]
    bounds += [first_second(days[-1][1]) + SECONDS_PER_DAY] if days else [0]
    return days, np.array(bounds, np.int64)


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
