"""The bars of a histogram, counted out on the calendar day by day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from search.request import Grain

DAY = timedelta(days=1)
FINEST_FIRST: tuple[Grain, ...] = ("day", "week", "month", "year")


def finest(first: date | None, last: date | None, bars: int) -> Grain:
    for grain in FINEST_FIRST:
        if len(list(islice(spans(first, last, grain), bars + 1))) <= bars:
            return grain
    return "year"


def spans(first: date | None, last: date | None, grain: Grain) -> Iterator[tuple[date, date]]:
    """The whole years, months, ISO weeks or days from first to last day."""
    if first is None or last is None:
        return
    start = beginning(first, grain)
    while start <= last:
        following = next_beginning(start, grain)
        yield start, date.max if following is None else following - DAY
        if following is None:
            return
        start = following


def beginning(day: date, grain: Grain) -> date:
    match grain:
        case "year":
            return day.replace(month=1, day=1)
        case "month":
            return day.replace(day=1)
        case "week":
            return day - day.weekday() * DAY
        case _:
            return day


def next_beginning(start: date, grain: Grain) -> date | None:
    """The first day of the next span; None when the calendar ends before."""
    try:
        match grain:
            case "year":
                return start.replace(year=start.year + 1)
            case "month":
                return beginning(start + 31 * DAY, "month")
            case "week":
                return start + 7 * DAY
            case _:
                return start + DAY
    except (ValueError, OverflowError):
        return None
