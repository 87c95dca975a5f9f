"""Dates are read with the precision they are printed in, and impossible ones are found out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import PublicationDate
from index.dates import is_plausible, parse_publication_date

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected", "precision"),
    [
        ("2023", "2023", "year"),
        ("2023-07", "2023-07", "month"),
        ("2023-07-14", "2023-07-14", "day"),
        ("2023-7-4", "2023-07-04", "day"),
        ("20230714", "2023-07-14", "day"),
        ("2023/07/14", "2023-07-14", "day"),
        ("2023-07-14T10:00", "2023-07-14T10:00:00", "time"),
        ("20230714T101500Z", "2023-07-14T10:15:00+00:00", "time"),
        ("2023-07-14T10:00:05.123Z", "2023-07-14T10:00:05+00:00", "time"),
        ("2023-11-30T13:00:06.581209Z EST", "2023-11-30T13:00:06+00:00", "time"),
        ("2023-07-14 10:00:05 +0200", "2023-07-14T10:00:05+02:00", "time"),
        ("2023-07-14T10:00-05", "2023-07-14T10:00:00-05:00", "time"),
        ("2023-12-22 10:15 EST", "2023-12-22T10:15:00-05:00", "time"),
        ("2023-12-22 05:30 pm", "2023-12-22T17:30:00", "time"),
        ("Fri, 22 Dec 2023 10:15:00 -0500", "2023-12-22T10:15:00-05:00", "time"),
        ("Fri, 22 Dec 2023 10:15:00 GMT", "2023-12-22T10:15:00+00:00", "time"),
        ("December 22, 2023", "2023-12-22", "day"),
        ("Dec. 22, 2023, 10:15 a.m. EST", "2023-12-22T10:15:00-05:00", "time"),
        ("22 December 2023", "2023-12-22", "day"),
        ("March 3rd, 2021", "2021-03-03", "day"),
        ("July 2023", "2023-07", "month"),
        ("Updated: Dec 22, 2023 | 5:30 pm", "2023-12-22T17:30:00", "time"),
        ("Published 22/12/2023", "2023-12-22", "day"),
        ("22.12.2023", "2023-12-22", "day"),
        ("Saturday 23 December 2023 05:39, UK", "2023-12-23T05:39:00", "time"),
        ("1703259600", "2023-12-22T15:40:00+00:00", "time"),
        ("1703259600000", "2023-12-22T15:40:00+00:00", "time"),
        ("décembre 2023", "2023-12", "month"),
        ("22 décembre 2023", "2023-12-22", "day"),
        ("22. Dezember 2023, 10:15 Uhr", "2023-12-22T10:15:00", "time"),
        ("2023年12月22日", "2023-12-22", "day"),
        ("1200", "1200", "year"),
        ("9654-01-01", "9654-01-01", "day"),
    ],
)
def test_read(text: str, expected: str, precision: str) -> None:
    date = parse_publication_date(text)
    assert date is not None
    assert (date.isoformat(), date.precision) == (expected, precision)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "today",
        "3 hours ago",
        "December",
        "20",
        "0000",
        "99999",
        "202307",
        "2023-13-01",
        "2023-02-30",
        "2023-12-22T10:00:00+99:00",
        "The year 2023 was bad",
        "٢٠٢٣",
        "1" * 100_000,
        "2023-01-01" * 1_000,
        "\ud800 2023",
        "\0",
    ],
)
def test_no_date(text: str) -> None:
    assert parse_publication_date(text) is None


@given(st.text(max_size=120))
def test_any_text_is_read_or_refused(text: str) -> None:
    date = parse_publication_date(text)
    assert date is None or isinstance(date.isoformat(), str)


@given(st.datetimes(), st.sampled_from([None, UTC, timezone(timedelta(hours=-9, minutes=-30))]))
def test_iso_comes_back(moment: datetime, zone: timezone | None) -> None:
    moment = moment.replace(microsecond=0, tzinfo=zone)
    assert parse_publication_date(moment.isoformat()) == PublicationDate(moment)


@pytest.mark.parametrize(
    ("text", "plausible"),
    [
        ("2024-05-01T12:00:00Z", True),
        ("2024-05-02", True),
        ("2024-05-03", False),
        ("2024-05-02T11:00:00-05:00", False),
        ("2025", False),
        ("2024", True),
        ("1605", True),
        ("1604", False),
        ("1200", False),
        ("9654-07-01", False),
        ("9999-12-31T23:59:00-05:00", False),
        ("0001-01-01T00:00:00+05:00", False),
    ],
)
def test_plausible(text: str, plausible: bool) -> None:
    date = parse_publication_date(text)
    assert date is not None
    assert is_plausible(date, NOW) is plausible
