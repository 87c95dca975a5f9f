"""What articles said before: a version is kept whenever what an article says changes."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index.page_rules import FURNITURE_LINE
from index.removed import forget_and_keep

if TYPE_CHECKING:
    from index.store import Store
    from index.store_reading import ReadableStore

_TYPOGRAPHY = str.maketrans(
    dict.fromkeys("‘’‚‛′`´", "'")
    | dict.fromkeys("“”„‟«»″", '"')
    | dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
)
_LONGEST_FURNITURE = 400
"""Characters of a line that may be furniture; the rules for it are about short ones."""


@dataclass(frozen=True, slots=True)
class Text:
    """What an article says, and the language (ISO 639-1) by which its words are stemmed."""

    title: str
    body: str
    language: str = ""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The title and every paragraph that has something in it."""
        return tuple(line for line in (self.title, *self.body.split("\n")) if line.strip())


@dataclass(frozen=True, slots=True)
class Appearance:
    """When an article said one thing. number: from 1, the earliest; the present text is last.

    first_seen, last_seen: in UTC. fetched: when the page with it was, if that is known.
    """

    number: int
    first_seen: datetime
    last_seen: datetime
    fetched: datetime | None = None


@dataclass(frozen=True, slots=True)
class Version(Appearance):
    """What an article said at some time."""

    title: str = ""
    body: str = ""


def says_the_same(one: Text, other: Text) -> bool:
    """Whether two texts differ in nothing but white space, typography and furniture of the page."""
    return digest_of(one) == digest_of(other)


def digest_of(text: Text) -> bytes:
    """The same for texts that say the same."""
    return hashlib.sha256(" ".join(map(plain, _lines(text))).encode()).digest()


def plain(paragraph: str) -> str:
    """A paragraph with one kind of quotation mark, dash and space."""
    spelled = unicodedata.normalize("NFKC", paragraph).translate(_TYPOGRAPHY)
    return " ".join(spelled.split())


def see_again(store: Store, number: int, seen: datetime) -> None:
    """An article was found to say what it said. seen: when."""
    present, moment = _present(store, number), _stamp(seen)
    since, last = _since(present), present["last_seen"]
    store.write(
        "INSERT OR REPLACE INTO sightings (article, since, last_seen) VALUES (?, ?, ?)",
        number,
        min(since, moment),
        max(last or since, moment),
    )


def keep_version(store: Store, number: int, after: Text, seen: datetime) -> None:
    """Before the text of an article is replaced: keep it, unless the new one says the same."""
    before = _present(store, number)
    if says_the_same(_text_of(before), after):
        see_again(store, number, seen)
        return
    since = _since(before)
    _insert(
        store,
        number,
        _text_of(before),
        before["fetched"],
        (since, before["last_seen"] or since),
    )
    store.write(
        "INSERT OR REPLACE INTO sightings (article, since, last_seen) VALUES (?1, ?2, ?2)",
        number,
        _stamp(seen),
    )
    forget_and_keep(store, number, _text_of(before), after)


def keep_earlier(store: Store, number: int, earlier: Text, fetched: datetime) -> None:
    """Keep what an article said before the text that is stored."""
    present = _text_of(_present(store, number))
    if says_the_same(earlier, present):
        see_again(store, number, fetched)
        return
    moment = _stamp(fetched)
    widened = store.write(
        "UPDATE versions SET first_seen = min(first_seen, ?3), last_seen = max(last_seen, ?3)"
        " WHERE number = (SELECT number FROM versions WHERE article = ?1 AND digest = ?2"
        "  ORDER BY abs(julianday(first_seen) - julianday(?3)) LIMIT 1)",
        number,
        digest_of(earlier),
        moment,
    )
    if not widened:
        _insert(store, number, earlier, fetched.isoformat(), (moment, moment))
        forget_and_keep(store, number, earlier, present)


def appearances_of(store: ReadableStore, article_id: str) -> tuple[Appearance, ...]:
    """When an article said what, the earliest first; one appearance where it never changed.

    None at all when there is no such article.
    """
    earlier = store.rows(
        "SELECT versions.fetched, versions.first_seen, last_seen FROM versions"
        " JOIN articles ON article = articles.number WHERE id = ? ORDER BY 2, versions.number",
        article_id,
    )
    present = _stored(store, article_id)
    if present is None:
        return ()
    since = _since(present)
    times = [(row["first_seen"], row["last_seen"], row["fetched"]) for row in earlier]
    times.append((since, present["last_seen"] or since, present["fetched"]))
    return tuple(
        Appearance(
            number,
            datetime.fromisoformat(first),
            datetime.fromisoformat(last),
            fetched and datetime.fromisoformat(fetched),
        )
        for number, (first, last, fetched) in enumerate(times, start=1)
    )


def version_of(store: ReadableStore, article_id: str, number: int) -> Version | None:
    """One version of an article by its number; None when there is none."""
    appearances = appearances_of(store, article_id)
    if not 1 <= number <= len(appearances):
        return None
    if number == len(appearances):
        present = _stored(store, article_id)
        texts = [] if present is None else [(present["title"], present["body"])]
    else:
        texts = [
            json.loads(zlib.decompress(row["text"]))
            for row in store.rows(
                "SELECT text FROM versions JOIN articles ON article = articles.number"
                " WHERE id = ? ORDER BY versions.first_seen, versions.number LIMIT 1 OFFSET ?",
                article_id,
                number - 1,
            )
        ]
    seen = appearances[number - 1]
    return next(
        (
            Version(number, seen.first_seen, seen.last_seen, seen.fetched, title, body)
            for title, body in texts
        ),
        None,
    )


def versions_of(store: ReadableStore, article_id: str) -> Iterator[Version]:
    """All that an article has said, the earliest first."""
    for seen in appearances_of(store, article_id):
        version = version_of(store, article_id, seen.number)
        if version is not None:
            yield version


def count_versions(store: ReadableStore) -> int:
    """How many earlier versions are kept, of all articles."""
    return int(store.rows("SELECT count(*) FROM versions")[0][0])


def is_earlier(fetched: datetime | None, stored: sqlite3.Row) -> bool:
    """Whether a text was fetched before the one stored was last seen.

    stored: `fetched` and `last_seen` of the article; when the first is unknown nothing is earlier.
    """
    if fetched is None or stored["fetched"] is None:
        return False
    return _stamp(fetched) < max(_utc(stored["fetched"]), stored["last_seen"] or "")


def _lines(text: Text) -> Iterable[str]:
    return (
        line
        for line in text.paragraphs
        if len(line) > _LONGEST_FURNITURE or not FURNITURE_LINE.match(line)
    )


def _stored(store: ReadableStore, article_id: str) -> sqlite3.Row | None:
    rows = store.rows(
        "SELECT title, body, fetched, first_seen, since, last_seen FROM articles"
        " LEFT JOIN sightings ON article = number WHERE id = ?",
        article_id,
    )
    return rows[0] if rows else None


def _present(store: Store, number: int) -> sqlite3.Row:
    (row,) = store.rows(
        "SELECT title, body, language, fetched, first_seen, since, last_seen FROM articles"
        " LEFT JOIN sightings ON article = number WHERE number = ?",
        number,
    )
    return row


def _since(row: sqlite3.Row) -> str:
    """Since when an article says what it says."""
    return str(row["since"] or _utc(row["fetched"] or row["first_seen"]))


def _text_of(row: sqlite3.Row) -> Text:
    return Text(row["title"], row["body"], row["language"])


def _insert(
    store: Store, number: int, text: Text, fetched: str | None, seen: tuple[str, str]
) -> None:
    """Keep a version. seen: first and last."""
    packed = zlib.compress(json.dumps([text.title, text.body], ensure_ascii=False).encode())
    store.write(
        "INSERT OR IGNORE INTO versions (article, text, digest, fetched, first_seen, last_seen)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        number,
        packed,
        digest_of(text),
        fetched,
        *seen,
    )


def _utc(moment: str) -> str:
    return _stamp(datetime.fromisoformat(moment))


def _stamp(moment: datetime) -> str:
    """A moment in UTC, in a form whose order is that of time; one without a zone is taken for UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="microseconds")
