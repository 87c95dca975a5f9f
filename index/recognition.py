"""Mentions of people, places and organisations for all articles that lack them."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection, get_context, parent_process

from index.articles import Article
from index.entities.mentions import Mention
from index.entities.recogniser import load
from index.errors import ArchiveError
from index.progress import SILENT, Progress
from index.store import Store

BATCH = 64
"""Articles handed to a process at once: enough that handing over costs nothing."""

BATCH_CHARACTERS = 400_000
"""A batch also ends after so much text, so that no process is left with all of the long ones."""

WORTH_PROCESSES = 5_000
"""From so many articles on, processes save more than the 1.5 s in which they start: one reads
3,700 articles of 130 words a second."""

_Found = list[tuple[Mention, ...]]
_Find = Callable[[list[str]], "Future[_Found]"]


def find_mentions(store: Store, processes: int = 0, progress: Progress = SILENT) -> int:
    """Read every article whose mentions are not of the present recogniser; returns how many.

    processes: 0 for one a core. Mentions are committed batch by batch: a run that was cut
    short goes on where it was. Raises StoreError, OutOfSpace, ArchiveError.
    """
    version = load().version
    waiting = store.count_unread_by(version)
    processes = processes or len(os.sched_getaffinity(0))
    read = 0
    with _finder(processes if waiting >= WORTH_PROCESSES else 1) as find:
        unread = progress.track(store.unread_by(version), "Finding names", waiting)
        for articles, found in _found(_batches(unread), find, ahead=2 * processes):
            with store.transaction():
                for article, mentions in zip(articles, found, strict=True):
                    read += store.put_mentions(article, version, mentions)
    return read


def _found(
    batches: Iterable[list[Article]], find: _Find, ahead: int
) -> Iterator[tuple[list[Article], _Found]]:
    """Each batch with its mentions, in order; at most `ahead` batches are being read."""
    running: deque[tuple[list[Article], Future[_Found]]] = deque()
    try:
        for batch in batches:
            running.append((batch, find([article.text for article in batch])))
            if len(running) > ahead:
                articles, future = running.popleft()
                yield articles, future.result()
        while running:
            articles, future = running.popleft()
            yield articles, future.result()
    except BrokenProcessPool as error:
        raise ArchiveError(
            "a process that looked for names was ended, perhaps for want of memory; "
            "what it had found is kept, run this again (with fewer processes) to go on"
        ) from error


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    batch: list[Article] = []
    characters = 0
    for article in articles:
        batch.append(article)
        characters += len(article.body)
        if len(batch) >= BATCH or characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


@contextmanager
def _finder(processes: int) -> Iterator[_Find]:
    """What reads a batch: this process, or a pool of new ones."""
    if processes == 1:
        yield _find_here
        return
    # Spawned, not forked: a child must not inherit the lock on an index, nor SQLite connections.
    pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_begin)
    try:
        yield lambda texts: pool.submit(_find, texts)
    finally:
        pool.shutdown(cancel_futures=True)


def _find_here(texts: list[str]) -> Future[_Found]:
    future: Future[_Found] = Future()
    future.set_result(_find(texts))
    return future


def _find(texts: list[str]) -> _Found:
    recogniser = load()
    return [recogniser.find(text) for text in texts]


def _begin() -> None:
    """In a new process: leave Ctrl-C to the parent, and end when the parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
