"""SQLite FTS5: a contentless full-text table, and ordinary indexed tables for facet values."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.peers.peer import (
    FACET_VALUES,
    FACETS,
    MONTHS,
    TOP,
    Answer,
    Indexed,
    Task,
    parts_of_page,
    size_of,
)
from benchmarks.questions import Question
from index.articles import Document

_PRAGMAS = """
PRAGMA page_size = 8192;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA temp_store = MEMORY;
PRAGMA cache_size = -512000;
PRAGMA mmap_size = 8589934592;
"""
_SCHEMA = """
CREATE TABLE articles (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, published INTEGER, month TEXT
);
CREATE INDEX articles_published ON articles (published);
CREATE VIRTUAL TABLE texts USING fts5 (
  title, body, content = '', tokenize = 'porter unicode61', detail = full
);
INSERT INTO texts (texts, rank) VALUES ('rank', 'bm25(2.0, 1.0)');
CREATE TABLE facet_values (value INTEGER PRIMARY KEY, facet TEXT NOT NULL, name TEXT NOT NULL);
""" + "".join(
    f"CREATE TABLE {facet} (number INTEGER, value INTEGER, PRIMARY KEY (number, value))"
    " WITHOUT ROWID;"
    for facet in FACETS
)
_BY_MONTH = "SELECT month, count(*) FROM temp.hits JOIN articles USING (number) GROUP BY month"
_DAY = timedelta(days=1)


class Fts5:
    """SQLite 3 with FTS5. Connections are one a thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._threads = threading.local()
        self._values: dict[tuple[str, str], int] = {}

    def index(self, documents: Sequence[Document]) -> Indexed:
        """Insert everything in one transaction, then build indexes, optimize and analyze."""
        begun = time.perf_counter()
        with sqlite3.connect(self._folder / "index.sqlite", isolation_level=None) as connection:
            connection.executescript(_PRAGMAS + _SCHEMA)
            connection.execute("BEGIN")
            connection.executemany("INSERT INTO articles VALUES (?, ?, ?, ?)", _rows(documents))
            texts = ((n, each.title, each.body) for n, each in enumerate(documents))
            connection.executemany("INSERT INTO texts (rowid, title, body) VALUES (?, ?, ?)", texts)
            for facet in FACETS:
                numbers = self._numbers(facet, documents)
                connection.executemany(f"INSERT INTO {facet} VALUES (?, ?)", numbers)
            named = ((number, *value) for value, number in self._values.items())
            connection.executemany("INSERT INTO facet_values VALUES (?, ?, ?)", named)
            for facet in FACETS:
                connection.execute(f"CREATE INDEX {facet}_value ON {facet} (value, number)")
            connection.execute("INSERT INTO texts (texts) VALUES ('optimize')")
            connection.execute("COMMIT")
            connection.execute("ANALYZE")
        connection.close()
        return Indexed(time.perf_counter() - begun, size_of(self._folder))

    def answers(self, question: Question, task: Task) -> bool:  # noqa: ARG002  (of the protocol)
        """Everything."""
        return True

    def top10(self, question: Question) -> Answer:
        """The ids by one statement."""
        hits, values = _hits(question)
        order = "" if question.form == "everything" else "ORDER BY rank"
        rows = self._connection().execute(
            f"SELECT id FROM (SELECT number FROM ({hits}) {order} LIMIT {TOP})"
            " JOIN articles USING (number)",
            values,
        )
        return Answer([article_id for (article_id,) in rows])

    def count(self, question: Question) -> Answer:
        """The ids, then the number: a pass that need not rank."""
        hits, values = _hits(question, ranked=False)
        counted = self._connection().execute(f"SELECT count(*) FROM ({hits})", values)
        return Answer(self.top10(question).ids, counted.fetchone()[0])

    def page(self, question: Question) -> Answer:
        """The hits of each part into a table in memory once, everything else from that."""
        connection = self._connection()
        self._find(question)
        top = connection.execute(
            f"SELECT id FROM (SELECT number FROM temp.hits ORDER BY rank LIMIT {TOP})"
            " JOIN articles USING (number)"
        )
        ids = [article_id for (article_id,) in top]
        total = connection.execute("SELECT count(*) FROM temp.hits").fetchone()[0]
        page: dict[str, list[tuple[str, int]]] = {}
        for part, names in parts_of_page(question).items():
            if part != question:
                self._find(part, ranked=False)
            for name in names:
                counted = _BY_MONTH if name == MONTHS else _top_values(name)
                page[name] = connection.execute(counted).fetchall()
        return Answer(ids, total, page)

    def facet_counts(self, answer: Answer) -> Mapping[str, list[tuple[str, int]]]:
        """As they were selected."""
        return {facet: answer.page[facet] for facet in FACETS}

    def _find(self, question: Question, *, ranked: bool = True) -> None:
        """Fill the table in memory."""
        hits, values = _hits(question, ranked=ranked)
        columns = "(number, rank)" if ranked or question.form == "everything" else "(number)"
        connection = self._connection()
        connection.execute("DELETE FROM temp.hits")
        connection.execute(f"INSERT INTO temp.hits {columns} {hits}", values)

    def _numbers(self, facet: str, documents: Sequence[Document]) -> Iterator[tuple[int, int]]:
        """(article, value) of a facet; numbers new values."""
        for number, document in enumerate(documents):
            for name in document.facets.get(facet, ()):
                key = (facet, name)
                yield number, self._values.setdefault(key, len(self._values))

    def _connection(self) -> sqlite3.Connection:
        """The connection of this thread."""
        if not hasattr(self._threads, "connection"):
            connection = sqlite3.connect(self._folder / "index.sqlite", isolation_level=None)
            connection.executescript(
                _PRAGMAS + "CREATE TEMP TABLE hits (number INTEGER PRIMARY KEY, rank REAL);"
            )
            self._threads.connection = connection
        found: sqlite3.Connection = self._threads.connection
        return found


def _rows(documents: Sequence[Document]) -> Iterator[tuple[int, str, int | None, str | None]]:
    for number, document in enumerate(documents):
        published = document.published
        month = None
        if published is not None:
            month = datetime.fromtimestamp(published, UTC).strftime("%Y-%m")
        yield number, document.article_id, published, month


def _hits(question: Question, *, ranked: bool = True) -> tuple[str, list[object]]:
    """A SELECT of the hits as (number, rank), and its values."""
    where: list[str] = []
    values: list[object] = []
    if question.form == "everything":
        select, number = "SELECT number, 0.0 AS rank FROM articles", "number"
    else:
        rank = ", rank" if ranked else ""
        select, number = f"SELECT rowid AS number{rank} FROM texts", "+rowid"
        where.append("texts MATCH ?")
        values.append(_match(question))
    for facet, name in question.filters:
        where.append(
            f"{number} IN (SELECT number FROM {facet} WHERE value ="
            " (SELECT value FROM facet_values WHERE facet = ? AND name = ?))"
        )
        values += [facet, name]
    if question.days:
        where.append(f"{number} IN (SELECT number FROM articles WHERE published BETWEEN ? AND ?)")
        first, last = (datetime.combine(day, datetime.min.time(), UTC) for day in question.days)
        values += [int(first.timestamp()), int((last + _DAY).timestamp()) - 1]
    return f"{select} WHERE {' AND '.join(where)}" if where else select, values


def _match(question: Question) -> str:
    """The words as FTS5 reads them; it stems them itself."""
    match question.form:
        case "phrase":
            return f'"{" ".join(question.words)}"'
        case "prefix":
            return f'"{question.words[0]}"*'
        case "any":
            return " OR ".join(f'"{word}"' for word in question.words)
        case _:
            return " AND ".join(f'"{word}"' for word in question.words)


def _top_values(facet: str) -> str:
    return (
        "SELECT name, hits FROM (SELECT value, count(*) AS hits FROM temp.hits"
        f" JOIN {facet} USING (number) GROUP BY value ORDER BY hits DESC LIMIT {FACET_VALUES})"
        " JOIN facet_values USING (value) ORDER BY hits DESC"
    )


PEER = Fts5
