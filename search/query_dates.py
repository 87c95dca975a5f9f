"""Dates as people write them in a query, read as whole days."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from search.plan import PublishedBetween

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_MONTHS = {
    spelling: number
    for number in range(1, 13)
    for spelling in (
        calendar.month_name[number].lower(),
        calendar.month_abbr[number].lower(),
        "sept" if number == 9 else calendar.month_abbr[number].lower(),
    )
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_NUMBERS = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})(?:\2(\d{1,2}))?)?")
_DAY_FIRST = re.compile(rf"(?:(\d{{1,2}})(?:st|nd|rd|th)? )?({_MONTH})\.?,?(?: (\d{{4}}))?")
_MONTH_FIRST = re.compile(rf"({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?(?:,? (\d{{4}}))?")
_RECENT = re.compile(r"(?:last|past) (\d{1,4}) (day|week|month|year)s?")
_CALENDAR = re.compile(r"(this|last|past) (week|month|year)")
_RANGE = re.compile(r"(?:(?P<first>.*?)\s)??\s*TO\b(?:\s+(?P<last>.*))?", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Days:
    """From the first to the last day, both included; None is open."""

    first: date | None = None
    last: date | None = None

    def __str__(self) -> str:
        """As the value of `date:` in a query; reads back as the same days."""
        first, last = self.first, self.last
        if first is None or last is None:
            return f"[{first or '*'} TO {last or '*'}]" if first or last else "*"
        for shorter in (first.isoformat()[:length] for length in (4, 7, 10)):
            if read_days(shorter, first) == self:
                return shorter
        return f"[{first} TO {last}]"

    def plan(self) -> PublishedBetween:
        """The articles published on these days."""
        after = None if self.last in (None, date.max) else self.last + _DAY
        return PublishedBetween(_seconds(self.first), _seconds(after))


def read_days(text: str, today: date) -> Days | None:
    """The days a date names: a day, a month, a year, or a period before today.

    `*` is any date. None when the text names no days. Months and weekdays are English; a week
    begins on Monday; a month without a year is the latest that has begun.
    """
    text = " ".join(text.lower().split())
    if text == "*":
        return Days()
    if text in ("today", "yesterday"):
        day = today - _DAY * (text == "yesterday")
        return Days(day, day)
    try:
        return _numbers(text) or _written(text, today) or _relative(text, today)
    except (ValueError, OverflowError):
        return None


def read_range(inside: str, opening: str, closing: str, today: date) -> Days | None:
    """The days of `[first TO last]`, given what is inside the brackets and the brackets.

    Curly brackets leave their own end out. None when an end is no date, or there is no day
    in between.
    """
    match = _RANGE.fullmatch(inside.strip())
    if match is None:
        return read_days(inside, today)
    ends = [read_days(match[name] or "*", today) for name in ("first", "last")]
    if ends[0] is None or ends[1] is None:
        return None
    try:
        first = _after(ends[0].last) if opening == "{" else ends[0].first
        last = _before(ends[1].first) if closing == "}" else ends[1].last
    except OverflowError:
        return None
    return None if first and last and first > last else Days(first, last)


def exchanged(inside: str) -> str:
    """What is inside the brackets of a range, with its ends in the other order."""
    match = _RANGE.fullmatch(inside.strip())
    return f"{match['last'] or ''} TO {match['first'] or ''}" if match else inside


def _numbers(text: str) -> Days | None:
    match = _NUMBERS.fullmatch(text)
    if match is None:
        return None
    year, _, month, day = match.groups()
    return _span(int(year), int(month) if month else None, int(day) if day else None)


def _written(text: str, today: date) -> Days | None:
    """`march 2024`, `14 march 2024`, `march 14, 2024`, `march`."""
    if match := _MONTH_FIRST.fullmatch(text):
        month, day, year = match.groups()
    elif match := _DAY_FIRST.fullmatch(text):
        day, month, year = match.groups()
    else:
        return None
    number = _MONTHS[month]
    latest = today.year if number <= today.month else today.year - 1
    return _span(int(year) if year else latest, number, int(day) if day else None)


def _relative(text: str, today: date) -> Days | None:
    if match := _RECENT.fullmatch(text):
        count, unit = int(match[1]), match[2]
        if unit in ("day", "week"):
            return Days(today - _DAY * (count * (7 if unit == "week" else 1) - 1), today)
        return Days(_months_before(today, count * (12 if unit == "year" else 1)) + _DAY, today)
    if match := _CALENDAR.fullmatch(text):
        ago = 0 if match[1] == "this" else 1
        if match[2] == "week":
            monday = today - _DAY * (today.weekday() + 7 * ago)
            return Days(monday, monday + 6 * _DAY)
        if match[2] == "year":
            return _span(today.year - ago)
        before = _months_before(today.replace(day=1), ago)
        return _span(before.year, before.month)
    return None


def _span(year: int, month: int | None = None, day: int | None = None) -> Days:
    """The day, month or year; raises ValueError when the calendar has no such one."""
    if month is None:
        return Days(date(year, 1, 1), date(year, 12, 31))
    if day is None:
        return Days(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
    return Days(date(year, month, day), date(year, month, day))


def _months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _after(day: date | None) -> date | None:
    return day and day + _DAY


def _before(day: date | None) -> date | None:
    return day and day - _DAY


def _seconds(day: date | None) -> int | None:
    if day is None:
        return None
    return (datetime.combine(day, datetime.min.time(), UTC) - _EPOCH) // timedelta(seconds=1)
