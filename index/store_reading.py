"""The reading half of the article store."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Self
from weakref import WeakSet

from index.articles import Article
from index.entities.mentions import Mention
from index.errors import StoreError
from index.store_connection import Connection, connect_to_read, connect_to_write, understood
from index.store_rows import COLUMNS, article_of, mentions_of

_ARTICLE = ", ".join(f"articles.{column}" for column in ("id", *COLUMNS))
_PAGE = 500  # rows read in one go
_PAGE_CHARACTERS = 4_000_000  # a page also ends after so much text


@dataclass(frozen=True, slots=True)
class Change:
    """The latest change of one article: as it is now with its mentions, or None when deleted.

    story: what the articles have in common that are copies of each other; None for one alone.
    """

    number: int
    article_id: str
    article: Article | None
    mentions: tuple[Mention, ...] = ()
    story: str | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was when it was last read to the end.

    reader: what read it and how, so that another reading of the same file is not skipped.
    """

    path: str
    size: int
    modified_ns: int
    sha256: str
    reader: str
    articles: int


class ReadableStore:
    """Articles and their mentions in one SQLite file.

    One process writes at a time, any number read meanwhile. Every method may be called from
    any thread; each thread has a connection of its own. Raises StoreBusy, StoreDamaged,
    StoreTooNew, OutOfSpace or StoreError.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Use `Store.open` or `Store.read`."""
        self.path = path
        self._connect_to = connect_to_read if read_only else connect_to_write
        self._local = threading.local()
        self._connections: WeakSet[Connection] = WeakSet()
        self._closed = False
        self._connection()

    @classmethod
    def open(cls, path: Path) -> Self:
        """For reading and writing; created or migrated when it needs to be."""
        return cls(path)

    @classmethod
    def read(cls, path: Path) -> Self:
        """For reading only. Raises StoreMissing when there is no store yet."""
        return cls(path, read_only=True)

    def close(self) -> None:
        """Close the connections of all threads."""
        self._closed = True
        for connection in list(self._connections):
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def identity(self) -> str:
        """Drawn when the store was made: tells an index whether it was built from this one."""
        return str(self._value("SELECT value FROM settings WHERE key = 'identity'"))

    def count(self) -> int:
        """Articles in the store."""
        return int(self._value("SELECT count(*) FROM articles"))

    def articles(self, ids: Iterable[str]) -> dict[str, Article]:
        """The articles with these ids, in their order; those not in the store are left out."""
        rows = self._rows_of(ids, f"SELECT {_ARTICLE} FROM articles WHERE id IN")  # noqa: S608 - names of columns
        return {key: article_of(row) for key, row in rows.items()}

    def mentions(self, ids: Iterable[str]) -> dict[str, tuple[Mention, ...]]:
        """The mentions of the articles with these ids; () where nobody has looked for any."""
        rows = self._rows_of(
            ids,
            "SELECT articles.id, found FROM articles LEFT JOIN mentions ON article = number"
            " WHERE id IN",
        )
        return {key: mentions_of(row["found"]) for key, row in rows.items()}

    def ids(self) -> Iterator[str]:
        """The ids of all articles, in their order, in constant memory."""
        for row in self._pages(
            "SELECT id AS place, id FROM articles WHERE id > :after ORDER BY id", ""
        ):
            yield row["id"]

    def last_change(self) -> int:
        """The number of the latest change, 0 in a store that never had any."""
        return int(
            self._value(
                "SELECT max((SELECT coalesce(max(change), 0) FROM articles),"
                " (SELECT coalesce(max(change), 0) FROM deletions))"
            )
        )

    def changes_since(self, number: int) -> Iterator[Change]:
        """What happened after change `number`: deletions first, then articles in order.

        Constant memory. An article that changes while this runs may come again or, having
        been passed over, only with a number above `last_change()` as it was at the start.
        """
        deletions = (
            "SELECT change AS place, id FROM deletions WHERE change > :after ORDER BY change"
        )
        for row in self._pages(deletions, number):
            yield Change(row["place"], row["id"], None)
        articles = (
            f"SELECT change AS place, {_ARTICLE}, found, story FROM articles"  # noqa: S608 - names of columns
            " LEFT JOIN mentions ON mentions.article = number"
            " LEFT JOIN stories ON stories.article = number"
            " WHERE change > :after ORDER BY change"
        )
        for row in self._pages(articles, number):
            mentions = mentions_of(row["found"])
            yield Change(row["place"], row["id"], article_of(row), mentions, row["story"])

    def count_changes_since(self, number: int) -> int:
        """How many changes `changes_since` would yield."""
        return int(
            self._value(
                "SELECT (SELECT count(*) FROM deletions WHERE change > ?1)"
                " + (SELECT count(*) FROM articles WHERE change > ?1)",
                number,
            )
        )

    def unread_by(self, recogniser: str) -> Iterator[Article]:
        """Articles whose mentions are not those of this recogniser version, constant memory."""
        for row in self._pages(
            f"SELECT number AS place, {_ARTICLE} FROM articles"  # noqa: S608 - names of columns
            " LEFT JOIN mentions ON article = number"
            " WHERE number > :after AND recogniser IS NOT :recogniser ORDER BY number",
            0,
            recogniser=recogniser,
        ):
            yield article_of(row)

    def count_unread_by(self, recogniser: str) -> int:
        """How many articles `unread_by` would yield."""
        read = self._value("SELECT count(*) FROM mentions WHERE recogniser = ?", recogniser)
        return self.count() - int(read)

    def source_file(self, path: str) -> SourceFile | None:
        """How this file was when it was last read, None if it never was."""
        row = self._one(
            "SELECT path, size, modified_ns, sha256, reader, articles FROM sources WHERE path = ?",
            path,
        )
        return None if row is None else SourceFile(*row)

    def origins(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """For each article its id and where it can be read; constant memory.

        That is the files which hold it alone, else where it was last read from.
        """
        for row in self._pages(
            "SELECT number AS place, id, origin,"
            " (SELECT json_group_array(files.origin) FROM files WHERE article = number) AS files"
            " FROM articles WHERE number > :after ORDER BY number",
            0,
        ):
            yield row["id"], tuple(json.loads(row["files"])) or (row["origin"],)

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """All rows of a query, at once.

        For the rooms of index/ that keep tables of their own in the store.
        """
        with understood(self.path):
            return self._connection().execute(query, values).fetchall()

    def problems(self) -> list[str]:
        """What SQLite finds wrong with the file; reads all of it."""
        with understood(self.path):
            connection = self._connection()
            found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
        problems = [problem for problem in found if problem != "ok"]
        if orphans:
            problems.append(f"{len(orphans)} rows of mentions belong to no article")
        return problems

    def _pages(self, query: str, after: str | int, **values: str) -> Iterator[sqlite3.Row]:
        """All rows of a query that orders by its column `place` and begins after :after.

        Read in pages, so that nothing is open while the caller works: a connection that reads
        an earlier state cannot begin to write once somebody else has.
        """
        while page := self._page(query, {"after": after, **values}):
            yield from page
            after = page[-1]["place"]

    def _page(self, query: str, values: Mapping[str, str | int]) -> list[sqlite3.Row]:
        page: list[sqlite3.Row] = []
        characters = 0
        with understood(self.path), closing(self._connection().execute(query, values)) as rows:
            for row in rows:
                page.append(row)
                characters += sum(len(value) for value in row if isinstance(value, str))
                if len(page) >= _PAGE or characters >= _PAGE_CHARACTERS:
                    break
        return page

    def _rows_of(self, ids: Iterable[str], query: str) -> dict[str, sqlite3.Row]:
        """The rows of a query that ends in IN, by id, in the order of the ids."""
        wanted = list(dict.fromkeys(ids))
        rest, rows = iter(wanted), dict[str, sqlite3.Row]()
        with understood(self.path):
            while page := list(islice(rest, _PAGE)):
                places = ", ".join("?" * len(page))
                for row in self._connection().execute(f"{query} ({places})", page):
                    rows[row["id"]] = row
        return {key: rows[key] for key in wanted if key in rows}

    def _one(self, query: str, *values: object) -> sqlite3.Row | None:
        with understood(self.path):
            row: sqlite3.Row | None = self._connection().execute(query, values).fetchone()
        return row

    def _value(self, query: str, *values: object) -> Any:
        row = self._one(query, *values)
        return None if row is None else row[0]

    def _connection(self) -> Connection:
        """The connection of the calling thread."""
        if self._closed:
            raise StoreError(f"{self.path} has been closed")
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect_to(self.path)
            self._connections.add(connection)
        return connection
