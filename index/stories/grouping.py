"""The stage after an import: every article gets the story it belongs to.

First articles without a fingerprint are read. Then the store is gone through in the order of dates
from the first article that is due, page by page. The story of an article only depends on those
before it, so that adding articles in any order, or by and by, gives the same stories as all at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from index.batches import batched
from index.progress import SILENT, Progress
from index.store import Store
from index.stories.fingerprints import FingerprintReader
from index.stories.leaders import UNCHANGED, Rows, find_leaders
from index.stories.minhash import empty_buckets
from index.stories.shelf import Placed, Shelf

REACH = 6 * 86_400
"""Seconds between the first article of a story and its last. Copies follow within days; less than
a week, so that weekly reports never meet the one before."""

BATCH = 500
BATCH_CHARACTERS = 4_000_000
"""Articles and characters read for their fingerprints in one transaction."""

LEAST_PAGE = 4_000
"""Articles compared in one transaction; or as many as there are leaders in reach of them, whose
table is made anew for each page."""

_NEVER = -(1 << 62)
_BEGINNING = (_NEVER, "")


def group_stories(store: Store, progress: Progress = SILENT) -> int:
    """Find the story of every article for which that is due; returns how many were read.

    What was committed stays when this is interrupted, and the next call goes on. Raises
    StoreError, OutOfSpace.
    """
    shelf = Shelf(store)
    shelf.forget_other_versions()
    read = _read_fingerprints(shelf, progress)
    for _ in progress.track(_settled(shelf), "Finding copies", shelf.count_due()):
        pass
    return read


def warm_stories() -> None:
    """Compile what finds stories, or load what was compiled."""
    fingerprint = FingerprintReader().read("", "One two three four five six seven eight nine ten.")
    article = Placed(1, 0, "article", leader=None, due=True, fingerprint=fingerprint)
    _find_leaders([article])


def _read_fingerprints(shelf: Shelf, progress: Progress) -> int:
    reader = FingerprintReader()
    unread = progress.track(shelf.unread(), "Reading for copies", shelf.count_unread())
    read = 0
    for articles in batched(unread, BATCH, lambda article: len(article.body), BATCH_CHARACTERS):
        shelf.put([(article, reader.read(article.title, article.body)) for article in articles])
        read += len(articles)
    return read


def _settled(shelf: Shelf) -> Iterator[Placed]:
    """Settle all articles that are due, and yield each.

    The leaders before a page are kept for the next one, unless somebody wrote in between.
    """
    window: list[Placed] = []
    end, change = _BEGINNING, -1
    while True:
        with shelf.store.transaction():
            first = shelf.first_due()
            if first is None:
                return
            if first <= end or change != shelf.store.last_change():
                window, end = [], _BEGINNING
            since = first[0] - REACH
            window = [leader for leader in window if leader.moment >= since]
            window += shelf.leaders(since, end, first)
            page = shelf.from_on(first, max(LEAST_PAGE, len(window)))
            window += _settle(shelf, window, page)
            end, change = page[-1].place, shelf.store.last_change()
        yield from page


def _settle(shelf: Shelf, window: list[Placed], page: list[Placed]) -> list[Placed]:
    """Find and keep the leaders of a page of articles; returns those that lead, as they are now."""
    compared = window + page
    found, unsettled_until = _find_leaders(compared)
    settled = [
        (article, compared[found[row]].number)
        for row, article in enumerate(page, len(window))
        if found[row] != UNCHANGED
    ]
    shelf.settle(settled)
    shelf.make_due(page[-1].place, unsettled_until)
    return [
        replace(article, leader=article.number, due=False)
        for row, article in enumerate(page, len(window))
        if found[row] == row or (found[row] == UNCHANGED and article.leads)
    ]


def _find_leaders(articles: Sequence[Placed]) -> tuple[NDArray[np.int64], int]:
    """The row of each article's leader, and up to which moment those that follow are due."""
    found = np.empty(len(articles), np.int64)
    buckets = empty_buckets(len(articles))
    return found, find_leaders(_rows(articles), buckets, REACH, _NEVER, found)


def _rows(articles: Sequence[Placed]) -> Rows:
    shingles, shingle_starts = _flat([article.fingerprint.shingles for article in articles])
    facts, fact_starts = _flat([article.fingerprint.facts for article in articles])
    return Rows(
        moments=np.array([article.moment for article in articles], np.int64),
        digests=np.array([article.fingerprint.digest for article in articles], np.uint64),
        shingles=shingles,
        shingle_starts=shingle_starts,
        facts=facts,
        fact_starts=fact_starts,
        led=np.array([article.leads for article in articles], np.bool_),
        due=np.array([article.due for article in articles], np.bool_),
    )


def _flat(arrays: Sequence[NDArray[np.uint32]]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The arrays one after the other, and where each begins, with the end of the last."""
    starts = np.zeros(len(arrays) + 1, np.int64)
    np.cumsum([len(array) for array in arrays], out=starts[1:])
    return np.concatenate(arrays), starts
