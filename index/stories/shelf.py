"""What the store keeps of stories: a fingerprint of every article, and whose copy it is."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from index.articles import PublicationDate
from index.store import Store
from index.stories.fingerprints import VERSION, Fingerprint

Place = tuple[int, str]
"""Moment and id of an article: the order in which stories are made."""

UNDATED = 1 << 60
"""The moment of articles without any date: after all others, and far from them."""

_ROWS = 500  # read, or asked for, at once
_FINGERPRINT = """
    SELECT stories.article, moment, id, leader, due, digest, shingles, facts
    FROM stories JOIN fingerprints ON fingerprints.article = stories.article
"""

_RENAMED = """
    SELECT copy.article, named.story FROM stories AS copy JOIN (
        SELECT leader, CASE WHEN count(*) > 1 THEN (
            SELECT id FROM stories AS first WHERE first.article = stories.leader
        ) END AS story
        FROM stories WHERE leader IN (SELECT value FROM json_each(?)) GROUP BY leader
    ) AS named ON copy.leader = named.leader WHERE copy.story IS NOT named.story
"""


@dataclass(frozen=True, slots=True)
class Unread:
    """An article without a fingerprint, under the number the store has for it."""

    number: int
    id: str
    title: str
    body: str
    content: bytes
    moment: int


@dataclass(frozen=True, slots=True)
class Placed:
    """An article among the others: when it was published, and what is known of its story.

    leader: the number of the first article of its story, perhaps itself; None when never found.
    due: whether that has to be found again.
    """

    number: int
    moment: int
    id: str
    leader: int | None
    due: bool
    fingerprint: Fingerprint

    @property
    def place(self) -> Place:
        """Where it stands among all articles."""
        return self.moment, self.id

    @property
    def leads(self) -> bool:
        """Whether it was the first of its story, when that was last found."""
        return self.leader == self.number


class Shelf:
    """The store's tables of stories. Raises what the store raises."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def forget_other_versions(self) -> None:
        """Drop what was read in another way than now; stories that were are told to indexes anew."""
        with self.store.transaction():
            stale = [
                row["article"]
                for row in self.store.rows(
                    "SELECT article FROM stories WHERE version != ? AND story IS NOT NULL", VERSION
                )
            ]
            self.store.write("DELETE FROM stories WHERE version != ?", VERSION)
            self._tell(stale)

    def count_unread(self) -> int:
        """How many articles have no fingerprint."""
        (row,) = self.store.rows("SELECT count(*) AS read FROM stories")
        return self.store.count() - int(row["read"])

    def unread(self) -> Iterator[Unread]:
        """Articles without a fingerprint, in constant memory."""
        after = 0
        while page := self.store.rows(
            "SELECT number, articles.id, title, body, content, published, fetched FROM articles"
            " LEFT JOIN stories ON article = number"
            " WHERE number > ? AND article IS NULL ORDER BY number LIMIT ?",
            after,
            _ROWS,
        ):
            for row in page:
                yield Unread(
                    row["number"],
                    row["id"],
                    row["title"],
                    row["body"],
                    row["content"],
                    _moment(row),
                )
            after = page[-1]["number"]

    def put(self, read: Sequence[tuple[Unread, Fingerprint]]) -> None:
        """Keep fingerprints; those of articles that changed or went meanwhile are left out."""
        with self.store.transaction():
            self.store.write_many(
                "INSERT OR IGNORE INTO stories (article, version, moment, id)"
                " SELECT number, ?, ?, id FROM articles WHERE number = ? AND content = ?",
                [(VERSION, article.moment, article.number, article.content) for article, _ in read],
            )
            self.store.write_many(
                "INSERT OR IGNORE INTO fingerprints (article, digest, shingles, facts)"
                " SELECT article, ?, ?, ? FROM stories WHERE article = ?",
                [
                    (
                        fingerprint.digest,
                        fingerprint.shingles.tobytes(),
                        fingerprint.facts.tobytes(),
                        article.number,
                    )
                    for article, fingerprint in read
                ],
            )

    def count_due(self) -> int:
        """How many articles wait for their story to be found."""
        (row,) = self.store.rows("SELECT count(*) AS due FROM stories WHERE due")
        return int(row["due"])

    def first_due(self) -> Place | None:
        """The moment and id of the earliest article whose story has to be found."""
        found = self.store.rows(
            "SELECT moment, id FROM stories WHERE due ORDER BY moment, id LIMIT 1"
        )
        return (found[0]["moment"], found[0]["id"]) if found else None

    def leaders(self, since: int, after: Place, before: Place) -> list[Placed]:
        """The settled articles that lead a story, of the moment `since` or later, between two."""
        return self._placed(
            "WHERE moment >= ? AND (moment, id) > (?, ?) AND (moment, id) < (?, ?)"
            " AND leader = stories.article ORDER BY moment, id",
            since,
            *after,
            *before,
        )

    def from_on(self, first: Place, most: int) -> list[Placed]:
        """So many articles from this one on, due or not, in the order of their dates."""
        return self._placed(
            "WHERE (moment, id) >= (?, ?) ORDER BY moment, id LIMIT ?", *first, most
        )

    def settle(self, leaders: Iterable[tuple[Placed, int]]) -> None:
        """Keep the leader of each article, and tell indexes of every one whose story is another."""
        with self.store.transaction():
            settled = [(article, leader) for article, leader in leaders]
            self.store.write_many(
                "UPDATE stories SET leader = ?, due = FALSE WHERE article = ?",
                [(leader, article.number) for article, leader in settled],
            )
            self._name_stories(sorted(_concerned(settled)))

    def make_due(self, after: Place, until: int) -> None:
        """Have the articles that follow one, up to a moment, looked at again."""
        self.store.write(
            "UPDATE stories SET due = TRUE WHERE (moment, id) > (?, ?) AND moment <= ? AND NOT due",
            *after,
            until,
        )

    def _name_stories(self, leaders: Sequence[int]) -> None:
        """Bring the column `story` up to date for all articles with these leaders."""
        for start in range(0, len(leaders), _ROWS):
            renamed = self.store.rows(_RENAMED, json.dumps(leaders[start : start + _ROWS]))
            self.store.write_many(
                "UPDATE stories SET story = ? WHERE article = ?",
                [(row["story"], row["article"]) for row in renamed],
            )
            self._tell([row["article"] for row in renamed])

    def _tell(self, articles: Sequence[int]) -> None:
        """Give articles new change numbers, so that indexes take them."""
        last = self.store.last_change()
        self.store.write_many(
            "UPDATE articles SET change = ? WHERE number = ?",
            [(last + place, number) for place, number in enumerate(articles, 1)],
        )

    def _placed(self, condition: str, *values: object) -> list[Placed]:
        return [_placed(row) for row in self.store.rows(_FINGERPRINT + condition, *values)]


def _concerned(settled: Iterable[tuple[Placed, int]]) -> set[int]:
    """The leaders whose stories others have joined or left."""
    concerned: set[int] = set()
    for article, leader in settled:
        if article.leader is not None:
            concerned |= {article.leader, leader}
        elif leader != article.number:
            concerned.add(leader)
    return concerned


def _moment(row: sqlite3.Row) -> int:
    """When an article was published on the clock of its source; else when it was fetched."""
    if row["published"]:
        return PublicationDate(datetime.fromisoformat(row["published"])).wall_seconds
    if row["fetched"]:
        moment = datetime.fromisoformat(row["fetched"])
        return PublicationDate(moment.astimezone(UTC) if moment.tzinfo else moment).wall_seconds
    return UNDATED


def _placed(row: sqlite3.Row) -> Placed:
    fingerprint = Fingerprint(
        row["digest"],
        np.frombuffer(row["shingles"], np.uint32),
        np.frombuffer(row["facts"], np.uint32),
    )
    return Placed(
        row["article"], row["moment"], row["id"], row["leader"], bool(row["due"]), fingerprint
    )
