"""Sources that are visited, and when each is due again."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from index.addresses import working_address
from index.errors import UnreadableSource
from index.store import Store
from index.store_reading import ReadableStore

FIRST_INTERVAL = timedelta(hours=1)
SHORTEST_INTERVAL = timedelta(minutes=15)
LONGEST_INTERVAL = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Source:
    """A source that is visited.

    name: the source of its articles that name none. fixed: the interval was asked for, else it
    follows how often the source changes. visited: the end of its last visit, None before the
    first. due: when it is visited next.
    """

    url: str
    name: str
    interval: timedelta
    fixed: bool
    visited: datetime | None
    due: datetime


def scrapable_address(text: str) -> str:
    """The address as it is kept and asked for; https where no scheme is given.

    Raises UnreadableSource for anything but an address of the web, and for one with a password.
    """
    address = text.strip()
    if "://" not in address:
        address = f"https://{address}"
    working = working_address(address)
    if working is None:
        raise UnreadableSource(text, "is no address of the web; expected http:// or https://")
    if "@" in urlsplit(address).netloc:
        raise UnreadableSource(text, "has a user name in it, which would be sent and stored")
    return working


def add_source(store: Store, url: str, name: str = "", interval: timedelta | None = None) -> bool:
    """Keep a source, due at once; False when it was there, and now has this name and interval.

    interval: None to follow how often it changes.
    """
    there = bool(store.rows("SELECT 1 FROM crawl_sources WHERE url = ?", url))
    now = moment_text(datetime.now(UTC))
    store.write(
        "INSERT INTO crawl_sources (url, name, added, fixed, interval, due)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (url) DO UPDATE"
        " SET name = excluded.name, fixed = excluded.fixed, interval = excluded.interval,"
        " due = excluded.due",
        url,
        name,
        now,
        int(interval is not None),
        int((interval or FIRST_INTERVAL).total_seconds()),
        now,
    )
    return not there


def remove_source(store: Store, url: str) -> bool:
    """Keep a source no longer, nor what is left of its visit; False when it was not there.

    Its articles stay.
    """
    with store.transaction():
        store.write("DELETE FROM crawl_visits WHERE url = ?", url)
        return bool(store.write("DELETE FROM crawl_sources WHERE url = ?", url))


def sources(store: ReadableStore) -> list[Source]:
    """All sources, by address."""
    return [_source(row) for row in store.rows("SELECT * FROM crawl_sources ORDER BY url")]


def due_sources(store: ReadableStore, now: datetime) -> list[Source]:
    """The sources that are due, the longest waiting first."""
    query = "SELECT * FROM crawl_sources WHERE due <= ? ORDER BY due"
    return [_source(row) for row in store.rows(query, moment_text(now))]


def record_visit(store: Store, url: str, ended: datetime, *, found: bool, failed: bool) -> None:
    """Note that a visit has ended; does nothing for an address that is no source.

    found: it brought a new or changed article. failed: not even its own page could be had.
    """
    for row in store.rows("SELECT * FROM crawl_sources WHERE url = ?", url):
        source = _source(row)
        interval = source.interval
        if not source.fixed:
            interval = next_interval(interval, found=found, failed=failed)
        store.write(
            "UPDATE crawl_sources SET interval = ?, visited = ?, due = ? WHERE url = ?",
            int(interval.total_seconds()),
            moment_text(ended),
            moment_text(ended + interval),
            url,
        )


def next_interval(interval: timedelta, *, found: bool, failed: bool) -> timedelta:
    """Half of it after a visit that found something, half as much again after one that did not.

    Twice as much after one that failed; never under SHORTEST_INTERVAL or over LONGEST_INTERVAL.
    """
    factor = 2.0 if failed else 0.5 if found else 1.5
    return min(max(interval * factor, SHORTEST_INTERVAL), LONGEST_INTERVAL)


def moment_text(moment: datetime) -> str:
    """A moment as the tables of scraping hold it: as text, in an order that is that of time."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _source(row: sqlite3.Row) -> Source:
    return Source(
        url=row["url"],
        name=row["name"],
        interval=timedelta(seconds=row["interval"]),
        fixed=bool(row["fixed"]),
        visited=row["visited"] and datetime.fromisoformat(row["visited"]),
        due=datetime.fromisoformat(row["due"]),
    )
