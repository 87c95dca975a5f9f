"""What else is of an article's story, for those who read the archive."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from index.articles import Article
from index.store_reading import ReadableStore
from index.tokens import words

_STORIES = """
    SELECT articles.id, story FROM articles JOIN stories ON stories.article = number
    WHERE articles.id IN (SELECT value FROM json_each(?)) AND story IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """Another article of a story.

    shared: the share of the shorter text, in pairs of neighbouring words, that the longer has.
    """

    article: Article
    shared: float


@dataclass(frozen=True, slots=True)
class Copies:
    """The earliest other articles of a story, and how many there are in all."""

    story: str
    total: int
    earliest: tuple[Copy, ...]


def stories_of(store: ReadableStore, ids: Iterable[str]) -> dict[str, str]:
    """The story of each of these articles that has one."""
    return {row["id"]: row["story"] for row in store.rows(_STORIES, json.dumps(list(ids)))}


def copies_of(store: ReadableStore, article: Article, most: int) -> Copies | None:
    """The articles that are of the same story; None when there are no others.

    most: of the earliest, which are read and compared.
    """
    story = stories_of(store, [article.id]).get(article.id)
    if story is None:
        return None
    rows = store.rows(
        "SELECT id FROM stories WHERE story = ? AND id != ? ORDER BY moment, id", story, article.id
    )
    others = store.articles(row["id"] for row in rows[:most])
    own = _pairs(article)
    copies = tuple(Copy(other, _share(own, _pairs(other))) for other in others.values())
    return Copies(story, len(rows), copies) if copies else None


def _pairs(article: Article) -> set[tuple[str, str]]:
    found = words(article.body)
    return set(pairwise(found))


def _share(some: set[tuple[str, str]], others: set[tuple[str, str]]) -> float:
    """1 for texts too short to have any pair, which are of one story only when they are equal."""
    shorter = min(len(some), len(others))
    return len(some & others) / shorter if shorter else 1.0
