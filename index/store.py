"""The article store: the only truth, from which every index is derived."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

from index.addresses import canonical_address, preferred_address
from index.articles import Article, article_id
from index.entities.mentions import Mention
from index.store_connection import understood
from index.store_reading import ReadableStore, SourceFile
from index.store_rows import COLUMNS, Fields, content_hash, fields_of, found_of
from index.versions import Text, is_earlier, keep_earlier, keep_version, see_again

Outcome = Literal["new", "changed", "unchanged"]

_INSERTED = ("id", *COLUMNS, "address", "origin", "content", "first_seen", "last_changed", "change")
_UPDATED = (*COLUMNS, "address", "origin", "content", "last_changed", "change")
_INSERT = "INSERT INTO articles ({}) VALUES ({})".format(  # noqa: S608 - names of columns
    ", ".join(_INSERTED), ", ".join("?" * len(_INSERTED))
)
_UPDATE = "UPDATE articles SET {} WHERE number = ?".format(  # noqa: S608 - names of columns
    ", ".join(f"{column} = ?" for column in _UPDATED)
)


_TITLE, _BODY, _LANGUAGE = map(COLUMNS.index, ("title", "body", "language"))


class Store(ReadableStore):
    """The whole store: what `ReadableStore` reads, and all writes.

    Every write is a transaction, durable when the method returns.
    """

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes inside happen together or, after an exception, not at all.

        Writing a few hundred articles in one is some fifty times as fast as one by one.
        Nested transactions join the outermost.
        """
        connection = self._connection()
        if connection.in_transaction:
            yield
            return
        with understood(self.path):
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def put(self, article: Article, origin: str, *, sole: bool = False) -> Outcome:
        """Add or replace an article that was read from `origin` (a path, a path:line, a URL).

        sole: the origin is a file that holds this one article. Then, when it has no URL, the
        article stored from there earlier is taken for an older state of this one, and keeps
        its id, unless other files still hold that state. An article with a URL is the one that
        is stored under any address of the same canonical form, and keeps that one's id.

        When what an article says has changed, what it said is kept (index.versions). One that was
        fetched before the one stored is kept as such, and leaves the stored one "unchanged".
        """
        in_file = sole and not article.url
        with self.transaction():
            article = self._at_its_address(article)
            fields = fields_of(article)
            content = content_hash(fields)
            key = self._key(article, content, origin) if in_file else article.id
            stored = self._stored(key)
            outcome: Outcome = "new"
            if stored is None:
                self._insert(key, fields, content, origin)
            else:
                outcome = self._put_again(stored, article, fields, content, origin)
            if in_file:
                self.write(
                    "INSERT OR REPLACE INTO files (origin, article)"
                    " SELECT ?, number FROM articles WHERE id = ?",
                    origin,
                    key,
                )
        return outcome

    def foresee(self, article: Article, origin: str, *, sole: bool = False) -> Outcome:
        """What `put` would return, without writing anything."""
        article = self._at_its_address(article)
        content = content_hash(fields_of(article))
        in_file = sole and not article.url
        key = self._key(article, content, origin) if in_file else article.id
        stored = self._stored(key)
        if stored is not None and is_earlier(article.fetched, stored):
            return "unchanged"
        return _outcome(stored, content)

    def put_mentions(self, article: Article, recogniser: str, found: Sequence[Mention]) -> bool:
        """Keep what a recogniser version found in an article.

        False, and nothing kept, when the article changed or went since it was read.
        """
        column = found_of(found)
        content = content_hash(fields_of(article))
        with self.transaction():
            stored = self._one(
                "SELECT number, found FROM articles LEFT JOIN mentions ON article = number"
                " WHERE id = ? AND content = ?",
                article.id,
                content,
            )
            if stored is None:
                return False
            self.write(
                "INSERT INTO mentions (article, recogniser, found) VALUES (?, ?, ?)"
                " ON CONFLICT (article) DO UPDATE"
                " SET recogniser = excluded.recogniser, found = excluded.found",
                stored["number"],
                recogniser,
                column,
            )
            if column != (stored["found"] or "[]"):
                self.write(
                    "UPDATE articles SET change = ? WHERE number = ?",
                    self.last_change() + 1,
                    stored["number"],
                )
        return True

    def delete(self, article_id: str) -> bool:
        """Remove an article with its mentions; False when it is not there."""
        with self.transaction():
            change = self.last_change() + 1
            if not self.write("DELETE FROM articles WHERE id = ?", article_id):
                return False
            self.write("INSERT INTO deletions (id, change) VALUES (?, ?)", article_id, change)
        return True

    def put_source_file(self, file: SourceFile) -> None:
        """Remember how a file was when it was read to the end."""
        self.write(
            "INSERT OR REPLACE INTO sources"
            " (path, size, modified_ns, sha256, reader, articles, last_read)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            file.path,
            file.size,
            file.modified_ns,
            file.sha256,
            file.reader,
            file.articles,
            _now(),
        )

    def forget_source_file(self, path: str) -> None:
        """Forget a file, so that it is read again."""
        self.write("DELETE FROM sources WHERE path = ?", path)

    def write(self, statement: str, *values: object) -> int:
        """Run one statement; returns the rows it touched.

        For the rooms of index/ that keep tables of their own in the store.
        """
        with understood(self.path):
            return self._connection().execute(statement, values).rowcount

    def write_many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each row of values, in one transaction."""
        with self.transaction(), understood(self.path):
            self._connection().executemany(statement, rows)

    def _at_its_address(self, article: Article) -> Article:
        """The article with the id and the preferred URL of the one stored at its address."""
        if article.url is None:
            return article
        stored = self._one(
            "SELECT id, url FROM articles WHERE address = ? ORDER BY number LIMIT 1",
            canonical_address(article.url),
        )
        if stored is None:
            return article
        return replace(article, id=stored["id"], url=preferred_address(stored["url"], article.url))

    def _key(self, article: Article, content: bytes, origin: str) -> str:
        """The id under which the article that a file holds is stored, or will be."""
        earlier = self._one(
            "SELECT id, content, (SELECT count(*) FROM files WHERE article = number) AS files"
            " FROM articles JOIN files ON article = number WHERE files.origin = ?",
            origin,
        )
        if earlier is not None and (earlier["files"] == 1 or earlier["content"] == content):
            return str(earlier["id"])
        taken = self._stored(article.id)
        if taken is not None and taken["content"] != content:
            return article_id(article.id, origin)  # it belongs to a file that had this text once
        return article.id

    def _stored(self, key: str) -> sqlite3.Row | None:
        return self._one(
            "SELECT number, content, fetched, last_seen FROM articles"
            " LEFT JOIN sightings ON article = number WHERE id = ?",
            key,
        )

    def _insert(self, key: str, fields: Fields, content: bytes, origin: str) -> None:
        change, now = self.last_change() + 1, _now()
        self.write("DELETE FROM deletions WHERE id = ?", key)
        self.write(_INSERT, key, *fields, _address_in(fields), origin, content, now, now, change)

    def _put_again(
        self, stored: sqlite3.Row, article: Article, fields: Fields, content: bytes, origin: str
    ) -> Outcome:
        """What comes of an article that is in the store already."""
        number, seen = stored["number"], article.fetched or datetime.now(UTC)
        said = Text(*(fields[column] or "" for column in (_TITLE, _BODY, _LANGUAGE)))
        if article.fetched and is_earlier(article.fetched, stored):
            keep_earlier(self, number, said, article.fetched)
            return "unchanged"
        outcome = _outcome(stored, content)
        if outcome == "unchanged":
            see_again(self, number, seen)
        else:
            keep_version(self, number, said, seen)
            self._update(number, fields, content, origin)
        return outcome

    def _update(self, number: int, fields: Fields, content: bytes, origin: str) -> None:
        self.write(
            "DELETE FROM mentions WHERE article = ?1"
            " AND (SELECT title != ?2 OR body != ?3 FROM articles WHERE number = ?1)",
            number,
            fields[_TITLE],
            fields[_BODY],
        )
        now, change = _now(), self.last_change() + 1
        self.write(_UPDATE, *fields, _address_in(fields), origin, content, now, change, number)


def _address_in(fields: Fields) -> str | None:
    url = fields[COLUMNS.index("url")]
    return None if url is None else canonical_address(url)


def _outcome(stored: sqlite3.Row | None, content: bytes) -> Outcome:
    if stored is None:
        return "new"
    return "unchanged" if stored["content"] == content else "changed"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
