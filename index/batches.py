"""Streams in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def batched(
    items: Iterable[T], most: int, size: Callable[[T], int], largest: int
) -> Iterator[list[T]]:
    """The items in lists, each ended by `most` of them or when their sizes add up to `largest`."""
    batch: list[T] = []
    total = 0
    for item in items:
        batch.append(item)
        total += size(item)
        if len(batch) >= most or total >= largest:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch
