"""What articles no longer say, kept so that it can be searched for.

A paragraph is removed when an earlier version has it and the newest has not. Its words are kept
beside it, under the same stems as in an index, to find the articles that may have lost a phrase.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from index.tokens import stem, words

if TYPE_CHECKING:
    from index.store import Store
    from index.store_reading import ReadableStore
    from index.versions import Text

_AT_ONCE = 500


class RemovedWord(NamedTuple):
    """A word (folded) of removed paragraphs, its stem, and how many articles have lost it."""

    word: str
    stem: str
    articles: int


class RemovedParagraph(NamedTuple):
    """A paragraph that an article no longer has, and its language (ISO 639-1)."""

    text: str
    language: str


def forget_and_keep(store: Store, number: int, before: Text, after: Text) -> None:
    """Note what an article that said `before` lost, now that it says `after`.

    What came back is no longer removed.
    """
    present = {_digest(paragraph) for paragraph in after.paragraphs}
    lost = {_digest(paragraph): paragraph for paragraph in before.paragraphs}
    lost = {digest: paragraph for digest, paragraph in lost.items() if digest not in present}
    known = store.rows(
        "SELECT digest, text, language FROM removed_paragraphs WHERE article = ?", number
    )
    back = [row["digest"] for row in known if row["digest"] in present]
    if back:
        store.write_many(
            "DELETE FROM removed_paragraphs WHERE article = ? AND digest = ?",
            [(number, digest) for digest in back],
        )
        store.write("DELETE FROM removed_words WHERE article = ?", number)
        for row in known:
            if row["digest"] not in present:
                _add_words(store, number, row["text"], row["language"])
    store.write_many(
        "INSERT OR IGNORE INTO removed_paragraphs VALUES (?, ?, ?, ?)",
        [(number, digest, text, before.language) for digest, text in lost.items()],
    )
    _add_words(store, number, "\n".join(lost.values()), before.language)
    _mark_gone(store, number, after)


def articles_that_lost(store: ReadableStore, stems: Iterable[str]) -> set[str]:
    """The ids of articles that once had a word of any of these stems, and have none now."""
    return _ids(store, stems, "gone = 1 AND")


def articles_that_may_have_lost(store: ReadableStore, stems: Sequence[str]) -> set[str]:
    """The ids of articles with words of all these stems in removed paragraphs."""
    found = (_ids(store, [each], "") for each in dict.fromkeys(stems))
    return set.intersection(*found) if stems else set()


def articles_with_removed_text(store: ReadableStore) -> set[str]:
    """The ids of all articles that have lost any paragraph."""
    rows = store.rows(
        "SELECT id FROM articles WHERE number IN (SELECT article FROM removed_paragraphs)"
    )
    return {row["id"] for row in rows}


def removed_words(store: ReadableStore, prefix: str) -> Iterator[RemovedWord]:
    """The words of removed paragraphs that begin with `prefix`, in code point order."""
    for row in store.rows(
        "SELECT word, stem, sum(gone) AS articles FROM removed_words"
        " WHERE word >= ?1 AND word < ?1 || char(0x10ffff) GROUP BY word, stem ORDER BY word, stem",
        prefix,
    ):
        yield RemovedWord(row["word"], row["stem"], row["articles"])


def removed_paragraphs(
    store: ReadableStore, ids: Sequence[str]
) -> Mapping[str, tuple[RemovedParagraph, ...]]:
    """What articles no longer say, by their ids; those that lost nothing are left out."""
    found: dict[str, list[RemovedParagraph]] = {}
    for first in range(0, len(ids), _AT_ONCE):
        page = json.dumps(ids[first : first + _AT_ONCE])
        for row in store.rows(
            "SELECT id, text, removed_paragraphs.language FROM removed_paragraphs"
            " JOIN articles ON number = article WHERE id IN (SELECT value FROM json_each(?))",
            page,
        ):
            found.setdefault(row["id"], []).append(RemovedParagraph(row["text"], row["language"]))
    return {key: tuple(paragraphs) for key, paragraphs in found.items()}


def _ids(store: ReadableStore, stems: Iterable[str], condition: str) -> set[str]:
    rows = store.rows(
        "SELECT DISTINCT id FROM removed_words JOIN articles ON number = article"  # noqa: S608 - one of two conditions
        f" WHERE {condition} stem IN (SELECT value FROM json_each(?))",
        json.dumps(list(stems)),
    )
    return {row["id"] for row in rows}


def _add_words(store: Store, number: int, text: str, language: str) -> None:
    store.write_many(
        "INSERT OR IGNORE INTO removed_words (stem, word, article, gone) VALUES (?, ?, ?, 1)",
        [(stem(word, language), word, number) for word in sorted(set(words(text)))],
    )


def _mark_gone(store: Store, number: int, after: Text) -> None:
    said = set(words(f"{after.title}\n{after.body}"))
    present = {stem(word, after.language) for word in said}
    store.write(
        "UPDATE removed_words SET gone = stem NOT IN (SELECT value FROM json_each(?))"
        " WHERE article = ?",
        json.dumps(sorted(present)),
        number,
    )


def _digest(paragraph: str) -> bytes:
    """The same for paragraphs that differ in white space alone."""
    return hashlib.sha256(" ".join(paragraph.split()).encode()).digest()[:16]
