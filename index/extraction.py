"""The articles of saved pages, read in processes when there are many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from index.batches import batched
from index.processes import cores, in_order
from index.sources.items import Read, SavedPage
from index.sources.webpages import read_saved_page

WORTH_PROCESSES = 25
"""Pages read in one process before others are started: each of those takes 1 s to start, in which
one reads so many."""

PAGES = 8
"""Pages handed to a process at once; handing over costs little beside reading even one."""

LARGEST_BATCH = 4_000_000
"""Bytes of pages after which a batch also ends: all of them are held in memory."""

_MOST_OTHERS = 500
"""Items after which a batch ends however few of them are pages."""

Other = TypeVar("Other")


def read_pages(items: Iterable[Other | SavedPage], processes: int = 0) -> Iterator[Other | Read]:
    """All items in their order, with what was read from them in the place of pages.

    processes: 0 for one a core. How many there are does not change the result. Raises
    ArchiveError when one is ended.
    """
    processes = processes or cores()
    items = iter(items)
    pages = 0
    for item in items:
        if not isinstance(item, SavedPage):
            yield item
            continue
        yield read_saved_page(item)
        pages += 1
        if pages >= WORTH_PROCESSES and processes > 1:
            break
    for batch, read in in_order(_tasks(items), _read_all, processes, "read pages"):
        results = iter(read)
        for item in batch:
            yield next(results) if isinstance(item, SavedPage) else item


def _tasks(
    items: Iterable[Other | SavedPage],
) -> Iterator[tuple[list[Other | SavedPage], list[SavedPage]]]:
    """Batches of at most PAGES pages each, with the pages in them."""
    for batch in batched(items, _MOST_OTHERS, _size, LARGEST_BATCH):
        yield batch, [item for item in batch if isinstance(item, SavedPage)]


def _size(item: object) -> int:
    """So that a batch is full with PAGES pages or LARGEST_BATCH bytes."""
    if not isinstance(item, SavedPage):
        return 0
    held = len(item.content) if isinstance(item.content, bytes) else 0
    return max(held, LARGEST_BATCH // PAGES)


def _read_all(pages: list[SavedPage]) -> list[Read]:
    return [read_saved_page(page) for page in pages]
