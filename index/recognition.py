"""Mentions of people, places and organisations for all articles that lack them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index.articles import Article
from index.batches import batched
from index.entities.mentions import Mention
from index.entities.recogniser import load
from index.processes import cores, in_order
from index.progress import SILENT, Progress
from index.store import Store

BATCH = 64
"""Articles handed to a process at once: enough that handing over costs nothing."""

BATCH_CHARACTERS = 400_000
"""A batch also ends after so much text, so that no process is left with all of the long ones."""

WORTH_PROCESSES = 5_000
"""From so many articles on, processes save more than the 1.5 s in which they start: one reads
3,700 articles of 130 words a second."""


def find_mentions(store: Store, processes: int = 0, progress: Progress = SILENT) -> int:
    """Read every article whose mentions are not of the present recogniser; returns how many.

    processes: 0 for one a core. Mentions are committed batch by batch: a run that was cut
    short goes on where it was. Raises StoreError, OutOfSpace, ArchiveError.
    """
    version = load().version
    waiting = store.count_unread_by(version)
    processes = (processes or cores()) if waiting >= WORTH_PROCESSES else 1
    read = 0
    unread = progress.track(store.unread_by(version), "Finding names", waiting)
    for articles, found in in_order(_tasks(unread), _find, processes, "looked for names"):
        with store.transaction():
            for article, mentions in zip(articles, found, strict=True):
                read += store.put_mentions(article, version, mentions)
    return read


def _tasks(articles: Iterable[Article]) -> Iterator[tuple[list[Article], list[str]]]:
    for batch in batched(articles, BATCH, lambda article: len(article.body), BATCH_CHARACTERS):
        yield batch, [article.text for article in batch]


def _find(texts: list[str]) -> list[tuple[Mention, ...]]:
    return list(load().find_all(texts))
