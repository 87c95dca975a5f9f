"""Kernels that choose the most frequent values of facets from their counts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel

AT_ONCE = 64
"""Numbers passed over at once when none of them, or none that is left, can be among the most."""

NONE_WANTED = np.iinfo(np.int64).max

Most = NDArray[np.int64]
"""Numbers and their counts, shape (2, rows, numbers): a row for each facet, those first that come
first in the answer, and zeros where there are no more."""

NO_FACETS: Most = np.zeros((2, 0, 0), np.int64)


@kernel
def most_of_seen(  # noqa: PLR0913  (arrays in, arrays out)
    seen: NDArray[np.uint32],
    counts: NDArray[np.int32],
    keys: NDArray[Any],
    facet: NDArray[np.uint8],
    rank: NDArray[np.uint32],
    row_of_facet: NDArray[np.int64],
    sizes: NDArray[np.int64],
) -> Any:
    """Of each of some facets the numbers with the greatest keys, of those that were seen.

    keys: what they are ordered by, by number: counts or something else above 0
    facet, rank: by number, its facet, and its place among equals
    row_of_facet: array of int64, the row of the answer for each facet, or −1
    sizes: array of int64, shape (rows,), how many numbers each row is to have at most
    Returns Most.
    """
    numbers = np.empty((len(sizes), sizes.max()), np.int64)
    best = np.empty(numbers.shape, np.int64)
    found = np.zeros(len(sizes), np.int64)
    last_key, last_rank = last_places(sizes)
    for number in seen:
        row = row_of_facet[facet[number]]
        if row < 0 or keys[number] < last_key[row]:
            continue
        if keys[number] == last_key[row] and rank[number] > last_rank[row]:
            continue
        insert(numbers, best, found, sizes[row], rank, row, np.int64(number), keys[number])
        if found[row] == sizes[row]:
            last_key[row] = best[row, found[row] - 1]
            last_rank[row] = rank[numbers[row, found[row] - 1]]
    return _in_rows(numbers, found, counts)


@kernel
def most_of_all(  # noqa: PLR0913  (arrays in, arrays out)
    bound: NDArray[np.uint32],
    counts: NDArray[np.int32],
    keys: NDArray[Any],
    facet: NDArray[np.uint8],
    rank: NDArray[np.uint32],
    row_of_facet: NDArray[np.int64],
    sizes: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> Any:
    """The same of all numbers that have a count.

    bound: array of uint32, by number: neither it nor any later one has a greater key
    ends: array of int64, shape (rows,): no number from here on is of the row's facet
    """
    numbers = np.empty((len(sizes), sizes.max()), np.int64)
    best = np.empty(numbers.shape, np.int64)
    found = np.zeros(len(sizes), np.int64)
    last_key, last_rank = last_places(sizes)
    for begin in range(0, ends.max(), AT_ONCE):
        least = least_wanted(begin, bound, last_key, ends)
        if least == NONE_WANTED:
            break
        end = min(begin + AT_ONCE, ends.max())
        wanted = 0
        for number in range(np.uint64(begin), np.uint64(end)):
            wanted += keys[number] >= least
        if not wanted:
            continue
        for number in range(begin, end):
            row = row_of_facet[facet[number]]
            if row < 0 or counts[number] == 0 or keys[number] < last_key[row]:
                continue
            if keys[number] == last_key[row] and rank[number] > last_rank[row]:
                continue
            insert(numbers, best, found, sizes[row], rank, row, number, keys[number])
            if found[row] == sizes[row]:
                last_key[row] = best[row, found[row] - 1]
                last_rank[row] = rank[numbers[row, found[row] - 1]]
    return _in_rows(numbers, found, counts)


@kernel
def least_wanted(
    begin: int, bound: NDArray[np.uint32], last_key: NDArray[np.int64], ends: NDArray[np.int64]
) -> int:
    """The least key above 0 that a number from `begin` on needs for any row; see most_of_all."""
    least = NONE_WANTED
    for row in range(len(ends)):
        if begin < ends[row] and last_key[row] <= bound[begin]:
            least = min(least, max(1, int(last_key[row])))
    return least


@kernel
def last_places(sizes: NDArray[np.int64]) -> Any:
    """The key and rank that a number has to beat for each row: none while there is room."""
    last_key = np.full(len(sizes), -1, np.int64)
    for row in range(len(sizes)):
        if sizes[row] == 0:
            last_key[row] = NONE_WANTED - 1
    return last_key, np.zeros(len(sizes), np.int64)


@kernel
def insert(  # noqa: PLR0913  (arrays in, arrays out)
    numbers: NDArray[np.int64],
    best: NDArray[np.int64],
    found: NDArray[np.int64],
    size: int,
    rank: NDArray[np.uint32],
    row: int,
    number: int,
    key: int,
) -> None:
    """Put a number into its row, where the last one goes if there is no room. In place."""
    if found[row] < size:
        found[row] += 1
    at = found[row] - 1
    while at > 0 and (
        best[row, at - 1] < key
        or (best[row, at - 1] == key and rank[numbers[row, at - 1]] > rank[number])
    ):
        best[row, at] = best[row, at - 1]
        numbers[row, at] = numbers[row, at - 1]
        at -= 1
    best[row, at] = key
    numbers[row, at] = number


@kernel
def _in_rows(
    numbers: NDArray[np.int64], found: NDArray[np.int64], counts: NDArray[np.int32]
) -> Most:
    """Numbers and their counts; found: array of int64, how many numbers each row has."""
    most = np.zeros((2, *numbers.shape), np.int64)
    for row in range(len(found)):
        for i in range(found[row]):
            most[0, row, i] = numbers[row, i]
            most[1, row, i] = counts[numbers[row, i]]
    return most
