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

_UNITS: dict[Grain, str] = {"day": "D", "week": "D", "month": "M", "year": "Y"}
"""Of numpy, which counts them from 1970 too; weeks are counted in days."""

CountSpans = Callable[[Grain, int, int], NDArray[np.int64]]
"""From a grain and numbers of its spans, the first and one after the last, to the articles of each.

Spans are numbered from the one that 1970 begins with; `seconds` says when they begin."""


def histogram(  # noqa: PLR0913 - three facts about the matches, and the question
    earliest: int | None,
    latest: int | None,
    undated: int,
    dates: Dates | None,
    wanted: HistogramRequest,
    count_spans: CountSpans,
) -> Histogram:
    """The bars for articles that match without regard to `dates`, which give the bars' ends.

    earliest, latest: when the first and the last of them were published, wall-clock seconds; where
    a grain is wanted they may be further apart, as empty bars at open ends are left out;
    undated: how many of them have no date.
    """
    first = _day(dates.first) if dates and dates.first else _day_of(earliest)
    last = _day(dates.last) if dates and dates.last else _day_of(latest)
    if first is None or last is None:
        return Histogram(wanted.grain or _FINEST_FIRST[0], (), (), undated)
    grain = wanted.grain or _finest(first, last, wanted.bars)
    start, stop = _span(first, grain), _span(last, grain)
    stop = max(stop + 1, start)
    counts: list[int] = count_spans(grain, start, stop).tolist()
    begin, end = 0, len(counts)
    if not dates or dates.first is None:
        while begin < end and not counts[begin]:
            begin += 1
    if not dates or dates.last is None:
        while begin < end and not counts[end - 1]:
            end -= 1
    days = _days(start + begin, start + end, grain)
    return Histogram(grain, days, tuple(counts[begin:end]), undated)


def first_second(day: date) -> int:
    """When a day begins, in wall-clock seconds since 1970."""
    return _day(day) * SECONDS_PER_DAY


def span_of(second: int, grain: Grain) -> int:
    """The number of the span that a moment in wall-clock seconds is in."""
    return _span(second // SECONDS_PER_DAY, grain)


def seconds(start: int, stop: int, grain: Grain) -> NDArray[np.int64]:
    """When spans begin, and when the last one ends, in wall-clock seconds.

    Array of int64, shape (stop − start + 1,). By numpy, as a segment asks for all its days at once:
    from 1850 to now dates of Python's take 50 ms.
    """
    numbers = np.arange(start, stop + 1)
    if grain == "week":
        numbers = numbers * 7 - _MONDAY
    begins = numbers.astype(f"datetime64[{_UNITS[grain]}]").astype("datetime64[s]")
    return begins.astype(np.int64)


def _finest(first: int, last: int, bars: int) -> Grain:
    for grain in _FINEST_FIRST:
        if _span(last, grain) - _span(first, grain) + 1 <= bars:
            return grain
    return _FINEST_FIRST[-1]


def _day(day: date) -> int:
    return (day - _EPOCH).days


def _day_of(seconds: int | None) -> int | None:
    return None if seconds is None else seconds // SECONDS_PER_DAY


@lru_cache(maxsize=256)
def _days(start: int, stop: int, grain: Grain) -> tuple[tuple[date, date], ...]:
    """The first and last days of the spans from start to before stop."""
    return tuple((_first_day(n, grain), _last_day(n, grain)) for n in range(start, stop))


@lru_cache(maxsize=4_096)
def _span(day: int, grain: Grain) -> int:
    """The number of the year, month, week or day since 1970 that a day is in."""
    if grain == "day":
        return day
    if grain == "week":
        return (day + _MONDAY) // 7
    found = _EPOCH + timedelta(days=day)
    years = found.year - _EPOCH.year
    return years if grain == "year" else years * 12 + found.month - 1


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
