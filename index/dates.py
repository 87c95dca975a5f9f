"""Dates as sources print them: read with their precision, and checked for plausibility."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from dateutil import parser as dateutil_parser

from index.articles import Precision, PublicationDate

FIRST_NEWSPAPER = 1605
"""The year of the "Relation" of Strasbourg; nothing in a news archive is older."""

LATEST_CLOCK = timedelta(days=1)
"""How far a printed date may lie ahead of us: clocks differ by up to 14 hours round the world."""

LONGEST_DATE = 100
"""Characters; what is longer is prose and would only cost time."""

_ZONE_HOURS = {
    "EST": -5, "EDT": -4, "ET": -5, "CST": -6, "CDT": -5, "CT": -6, "MST": -7, "MDT": -6,
    "MT": -7, "PST": -8, "PDT": -7, "PT": -8, "AKST": -9, "AKDT": -8, "HST": -10,
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": 1, "CET": 1, "WEST": 1, "CEST": 2, "EET": 2,
    "EEST": 3, "MSK": 3, "IST": 5.5, "SGT": 8, "HKT": 8, "JST": 9, "KST": 9, "AEST": 10,
    "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip
_ZONES = {name: timezone(timedelta(hours=hours)) for name, hours in _ZONE_HOURS.items()}

_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d?)(?:-(?P<day>\d\d?)"
    r"(?:[T ]\s?(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"(?:\s?(?P<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)(?:\s[A-Z]{2,4})?)?)?)?)?",
    re.IGNORECASE | re.ASCII,
)
_COMPACT = re.compile(r"^(\d{4})(\d\d)(\d\d)(?=$|T)", re.ASCII)
_ISO_CALENDAR = re.compile(r"\d{4}(?:-\d\d?){1,2}(?=$|[T ])|\d{4}$", re.ASCII)
_SECONDS = re.compile(r"(\d{10})(\d{3})?", re.ASCII)
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)", re.ASCII)
_CLOCK = re.compile(r"\d\d?[:h]\d\d|\d\s?[ap]\.?m\b", re.IGNORECASE | re.ASCII)
_LEAD = re.compile(
    r"^(?:(?:first |originally )?(?:published|posted|updated|created|date)(?: (?:on|at))?\s*:?\s+)",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"\s*[|•·—–]\s*|\s+at\s+", re.IGNORECASE)
_DOTTED_CLOCK = re.compile(r"\b([ap])\.m\.?", re.IGNORECASE)


def parse_publication_date(text: str) -> PublicationDate | None:
    """Read one date; None when the text is none, or names no year.

    Understood: ISO 8601 of any precision, RFC 2822, seconds (or milliseconds) since 1970, and
    the forms people write ("Dec. 22, 2023, 10:15 a.m. EST", "22 December 2023", "July 2023"),
    in other languages too. What was printed is kept: a year stays a year, a zone stays a zone,
    and without one the moment is naive. Whether the date can be true is `is_plausible`'s matter.
    """
    text = " ".join(text.split())
    if not text or len(text) > LONGEST_DATE:
        return None
    text = _COMPACT.sub(r"\1-\2-\3", text, count=1)
    calendar = _ISO_CALENDAR.match(text)
    if calendar and _read_iso(calendar[0]) is None:
        return None  # dateutil would turn 2023-13-01 into 13 January
    for read in _READERS:
        found = read(text)
        if found is not None:
            return found
    return None


def is_plausible(published: PublicationDate, now: datetime) -> bool:
    """Whether an article can have this date: not before newspapers, not in the future.

    `now` must be aware. A date of month or year precision is judged by its first day.
    """
    tomorrow = (now.astimezone(UTC) + LATEST_CLOCK).replace(tzinfo=None)
    moment = published.moment
    if moment.year < FIRST_NEWSPAPER:
        return False
    if moment.tzinfo is not None and FIRST_NEWSPAPER < moment.year < date.max.year:
        return moment <= now + LATEST_CLOCK
    return moment.replace(tzinfo=None) <= tomorrow


def _read_iso(text: str) -> PublicationDate | None:
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    parts = [int(match[name] or default) for name, default in _ISO_PARTS]
    precision: Precision = (
        "time"
        if match["hour"]
        else "day"
        if match["day"]
        else "month"
        if match["month"]
        else "year"
    )
    try:
        moment = datetime(*parts, tzinfo=_zone(match["zone"]))  # type: ignore[arg-type,misc]
    except ValueError:
        return None
    return PublicationDate(moment, precision)


_ISO_PARTS = (("year", 1), ("month", 1), ("day", 1), ("hour", 0), ("minute", 0), ("second", 0))


def _zone(text: str | None) -> timezone | None:
    if text is None:
        return None
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _read_seconds(text: str) -> PublicationDate | None:
    match = _SECONDS.fullmatch(text)
    return PublicationDate(datetime.fromtimestamp(int(match[1]), UTC)) if match else None


def _read_mail_date(text: str) -> PublicationDate | None:
    if text.count(":") == 0:
        return None
    try:
        return PublicationDate(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


_DEFAULTS = (datetime(2000, 1, 1), datetime(2001, 2, 2))  # noqa: DTZ001  # gap fillers, no moments


def _read_english(text: str) -> PublicationDate | None:
    """With dateutil: it fills gaps from a default, so two defaults show what was printed."""
    if not _YEAR.search(text):
        return None
    plain = _DOTTED_CLOCK.sub(r"\1m", _SEPARATORS.sub(" ", _LEAD.sub("", text)))
    try:
        first, second = (
            dateutil_parser.parse(plain, default=default, tzinfos=_zone_named)
            for default in _DEFAULTS
        )
        first = _with_plain_zone(first)
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None
    if first.year != second.year:
        return None
    return PublicationDate(first, _precision(first, second, plain))


def _with_plain_zone(moment: datetime) -> datetime:
    """The moment with the standard library's time zone instead of a parser's own class."""
    offset = moment.utcoffset()
    return moment.replace(tzinfo=None if offset is None else timezone(offset))


def _zone_named(name: str | None, offset: int | None) -> timezone | None:
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    return _ZONES.get((name or "").upper())


def _precision(first: datetime, second: datetime, text: str) -> Precision:
    if first.month != second.month:
        return "year"
    if first.day != second.day:
        return "month"
    return "time" if _CLOCK.search(text) else "day"


def _read_any_language(text: str) -> PublicationDate | None:
    if not _YEAR.search(text) or (text.isascii() and text.replace(" ", "").isdigit()):
        return None
    # Imported here because its language data costs a tenth of a second few pages need.
    import dateparser  # noqa: PLC0415

    required = {"REQUIRE_PARTS": ["year", "month"], "STRICT_PARSING": False}
    moment = dateparser.parse(text, settings=required)
    if moment is None:
        return None
    has_day = dateparser.parse(text, settings={"REQUIRE_PARTS": ["year", "month", "day"]})
    precision: Precision = "month" if has_day is None else "time" if _CLOCK.search(text) else "day"
    if precision == "month":
        moment = moment.replace(day=1)
    return PublicationDate(_with_plain_zone(moment), precision)


_READERS: tuple[Callable[[str], PublicationDate | None], ...] = (
    _read_iso,
    _read_seconds,
    _read_mail_date,
    _read_english,
    _read_any_language,
)
