"""What visits have still to ask for, and what is known of pages; all of it in the store.

A page leaves the frontier in the transaction in which its article and its links come in. So a
scrape that is killed, at any moment, goes on with the pages that were not answered.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, deque
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import cast
from urllib.parse import urlsplit

from w3lib.url import safe_url_string

from index.addresses import site_of, working_address
from index.articles import DateSource
from index.dating import StatedDate
from index.scraping.options import ScrapeOptions
from index.scraping.outcomes import FOLLOWED, MOVED, NOT_ASKED, PASSING, Outcome
from index.scraping.records import Address, Answer, Entry, Known, Link, Visit
from index.scraping.sources import moment_text
from index.store import Store

FIRST_RECHECK = timedelta(hours=1)
LONGEST_RECHECK = timedelta(days=30)
"""An article is asked for again after an hour, if a list still leads to it; after twice the time
when it was as before, and half of it when it had changed."""

MOST_WAITING = 5
"""Times `ScrapeOptions.pages`: so many links of a visit are kept, for the best are not found
first."""


class Frontier:
    """The visits of one scrape, and their pages. Raises StoreError, OutOfSpace."""

    def __init__(self, store: Store, options: ScrapeOptions) -> None:
        self._store = store
        self._options = options
        self._visits: dict[str, Visit] = {}
        self._asked: Counter[str] = Counter()
        self._added: deque[str] = deque()  # of the reader's thread, for the reactor's
        self.left: Counter[str] = Counter()
        """Links, by visit, that are beyond what the options allow."""
        self.given_up: Counter[str] = Counter()
        """Links, by visit, that were not asked for because the pages before failed."""

    @property
    def visits(self) -> tuple[Visit, ...]:
        """The visits of this scrape, in the order in which they were opened."""
        return tuple(self._visits.values())

    def visit(self, url: str) -> Visit:
        """The visit of a source or address of this scrape."""
        return self._visits[url]

    def open_visit(self, url: str, name: str, now: datetime) -> bool:
        """Begin a visit, or go on with one that was cut short; whether it was that."""
        rows = self._store.rows("SELECT * FROM crawl_visits WHERE url = ?", url)
        if not rows:
            homes, begun = json.dumps([url]), moment_text(now)
            with self._store.transaction():
                self._store.write(
                    "INSERT INTO crawl_visits VALUES (?, ?, ?, ?)", url, name, begun, homes
                )
                self._insert(Entry(url, url, site_of(url), 0), rank=0)
            rows = self._store.rows("SELECT * FROM crawl_visits WHERE url = ?", url)
        resumed: bool = rows[0]["begun"] != moment_text(now)
        sites = "SELECT DISTINCT site FROM crawl_frontier WHERE visit = ?"
        self._added.extend(row["site"] for row in self._store.rows(sites, url))
        self._visits[url] = _visit(rows[0])
        self._asked[url] = sum(
            number for word, number in self.outcomes(url).items() if word not in NOT_ASKED
        )
        return resumed

    def outcomes(self, visit: str) -> Counter[str]:
        """What came of the pages of a visit so far, by word."""
        rows = self._store.rows(
            "SELECT outcome, count(*) AS number FROM crawl_pages"
            " WHERE visit = ? AND fetched >= ? AND outcome != ? GROUP BY outcome",
            visit,
            self._visits[visit].begun,
            MOVED,
        )
        return Counter({row["outcome"]: row["number"] for row in rows})

    def waiting(self, visit: str) -> int:
        """How many pages a visit has still to ask for."""
        query = "SELECT count(*) FROM crawl_frontier WHERE visit = ?"
        return int(self._store.rows(query, visit)[0][0])

    def added_sites(self) -> set[str]:
        """The sites that have got pages to ask for since this was called last."""
        added = set()
        while self._added:
            added.add(self._added.popleft())
        return added

    def take(self, site: str) -> Entry | None:
        """The page of a site to ask for next, None when there is none.

        It stays in the frontier until it is answered: the caller asks for one at a time.
        """
        query = (
            "SELECT * FROM crawl_frontier"
            " WHERE site = ? AND visit IN (SELECT value FROM json_each(?))"
            " ORDER BY rank, number LIMIT 1"
        )
        while rows := self._store.rows(query, site, self._names()):
            row = rows[0]
            if self._asked[row["visit"]] < self._options.pages:
                self._asked[row["visit"]] += 1
                announced = _announced(row) or _announced(self._page(row["url"]))
                return Entry(row["url"], row["visit"], row["site"], row["depth"], announced)
            self.left[row["visit"]] += self._drop(row["visit"])
        return None

    def give_up(self, visit: str) -> None:
        """Ask for no more pages in this visit."""
        self.given_up[visit] += self._drop(visit)

    def is_fetched(self, url: str, visit: str) -> bool:
        """Whether a page was fetched since the visit began."""
        row = self._page(url)
        return row is not None and row["fetched"] >= self._visits[visit].begun

    def known(self, url: str) -> Known | None:
        """What is known of a page from the last time; None for a new one."""
        row = self._page(url)
        return Known(row["outcome"], row["etag"], row["last_modified"]) if row else None

    def answered(self, entry: Entry, answer: Answer) -> None:
        """Note what came of a page, and take it out of the frontier; within a transaction."""
        last = answer.addresses[-1]
        for url in {entry.url, *answer.addresses} - {last}:
            self._note(url, entry, Answer((), Outcome(MOVED, last), answer.fetched))
        self._note(last, entry, answer)
        if answer.outcome.word in NOT_ASKED:
            self._asked[entry.visit] -= 1

    def add_home(self, visit: str, url: str) -> None:
        """Also follow pages of the site of this address."""
        known = self._visits[visit]
        if self.is_home(visit, url):
            return
        homes = (*known.homes, url)
        self._visits[visit] = Visit(known.url, known.name, known.begun, homes)
        self._store.write(
            "UPDATE crawl_visits SET homes = ? WHERE url = ?", json.dumps(homes), visit
        )

    def is_home(self, visit: str, url: str) -> bool:
        """Whether an address is on one of the sites, and ports, whose pages are followed."""
        homes = self._visits[visit].homes
        ports = {None, *(urlsplit(home).port for home in homes)}
        return urlsplit(url).port in ports and site_of(url) in set(map(site_of, homes))

    def add(self, visit: str, links: Iterable[Link], depth: int) -> bool:
        """Ask for the pages of these links later, if they are due; False when some had no room.

        What a link announces also counts for a page that another one, which does not, led to.
        """
        room = MOST_WAITING * self._options.pages - self.waiting(visit)
        left = self.left[visit]
        for link in sorted(links, key=lambda link: link.rank):
            url = _sendable(link.url)
            if not url or not self.is_home(visit, url):
                continue
            if link.announced:
                self._announce(url, link.announced)
            if not self._is_due(url, visit, link):
                continue
            if room > 0:
                entry = Entry(url, visit, site_of(url), depth, link.announced)
                room -= self._insert(entry, link.rank)
            else:
                self.left[visit] += 1
        return self.left[visit] == left

    def close(self, visit: str) -> None:
        """End a visit."""
        self._store.write("DELETE FROM crawl_visits WHERE url = ?", visit)

    def _drop(self, visit: str) -> int:
        return self._store.write("DELETE FROM crawl_frontier WHERE visit = ?", visit)

    def _note(self, url: str, entry: Entry, answer: Answer) -> None:
        before, outcome = self._page(url), answer.outcome
        interval = self._recheck(before, outcome.word)
        self._store.write(
            "INSERT OR REPLACE INTO crawl_pages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            url,
            entry.visit,
            outcome.word,
            outcome.reason,
            moment_text(answer.fetched),
            int(interval.total_seconds()),
            answer.etag,
            answer.last_modified,
            *_columns(entry.announced or _announced(before)),
        )
        self._store.write("DELETE FROM crawl_frontier WHERE url = ?", url)

    def _insert(self, entry: Entry, rank: int) -> int:
        self._added.append(entry.site)
        return self._store.write(
            "INSERT OR IGNORE INTO crawl_frontier"
            " (url, visit, site, depth, rank, announced, announced_by)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            entry.url,
            entry.visit,
            entry.site,
            entry.depth,
            rank,
            *_columns(entry.announced),
        )

    def _announce(self, url: str, announced: StatedDate) -> None:
        """Keep what is announced of a page that waits, or is known, without it."""
        values = (*_columns(announced), url)
        change = "SET announced = ?, announced_by = ? WHERE url = ? AND announced IS NULL"
        self._store.write(f"UPDATE crawl_frontier {change}", *values)
        self._store.write(f"UPDATE crawl_pages {change}", *values)

    def _is_due(self, url: str, visit: str, link: Link) -> bool:
        """Whether a page is new, may have changed, or has not been asked for in a while."""
        row = self._page(url)
        if row is None:
            return True
        if row["fetched"] >= self._visits[visit].begun:
            return False
        if self._options.again or row["outcome"] in FOLLOWED or row["outcome"] in PASSING:
            return True
        if link.modified and moment_text(link.modified) > row["fetched"]:
            return True
        fetched = datetime.fromisoformat(row["fetched"])
        return fetched + timedelta(seconds=row["interval"]) <= datetime.now(UTC)

    def _recheck(self, before: sqlite3.Row | None, word: str) -> timedelta:
        if before is None or not before["interval"]:
            return FIRST_RECHECK
        interval = timedelta(seconds=before["interval"])
        if word == "changed":
            return max(interval / 2, FIRST_RECHECK)
        return min(interval * 2, LONGEST_RECHECK)

    def _page(self, url: str) -> sqlite3.Row | None:
        rows = self._store.rows("SELECT * FROM crawl_pages WHERE url = ?", url)
        return rows[0] if rows else None

    def _names(self) -> str:
        return json.dumps(list(self._visits))


def unfinished_visits(store: Store) -> list[Address]:
    """The visits that were cut short."""
    rows = store.rows("SELECT url, name FROM crawl_visits ORDER BY begun, url")
    return [Address(row["url"], row["name"]) for row in rows]


def _sendable(url: str) -> str:
    """An address as it is sent, in ASCII, without what is only about the reader; "" if it is none."""
    try:
        return safe_url_string(working_address(url) or "")
    except ValueError:
        return ""


def _announced(row: sqlite3.Row | None) -> StatedDate | None:
    if row is None or row["announced"] is None:
        return None
    return StatedDate(row["announced"], cast("DateSource", row["announced_by"]))


def _columns(announced: StatedDate | None) -> tuple[str | None, str | None]:
    return (announced.text, announced.source) if announced else (None, None)


def _visit(row: sqlite3.Row) -> Visit:
    return Visit(row["url"], row["name"], row["begun"], tuple(json.loads(row["homes"])))
