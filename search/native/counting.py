"""Kernels that count how many hits have each value of a facet."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel
from index.native.bits import popcount
from index.native.lists import DENSE_FROM, WORDS_OF_BLOCK, Lists
from search.native.bitmaps import Bitmap, Documents

READ_AHEAD = 256
"""Documents whose values are read before they are counted: 32 KB, what the first cache holds."""
VALUES_OF_A_LINE = 16
"""Values of 4 bytes in the 64 that a processor fetches at once."""


@kernel
def count_in_lists(bits: Bitmap, lists: Lists, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many documents of each list have their bit set; a number of −1 is an empty list."""
    counts = np.zeros(len(numbers), np.int64)
    for n in range(len(numbers)):
        i = numbers[n]
        if i < 0:
            continue
        s = np.int64(lists.first_sparse[i])
        d = np.int64(lists.first_dense[i]) * WORDS_OF_BLOCK
        total = 0
        for c in range(lists.first_container[i], lists.first_container[i + 1]):
            base = np.int64(lists.container_block[c]) * WORDS_OF_BLOCK
            count = np.int64(lists.container_count[c]) + 1
            if count < DENSE_FROM:
                for j in range(s, s + count):
                    within = np.int64(lists.sparse[j])
                    word = bits[base + (within >> 6)]
                    total += np.int64((word >> np.uint64(within & 63)) & np.uint64(1))
                s += count
            else:
                for w in range(WORDS_OF_BLOCK):
                    total += popcount(bits[base + w] & lists.dense[d + w])
                d += WORDS_OF_BLOCK
        counts[n] = total
    return counts


@kernel
def count_values(
    documents: Documents,
    first: NDArray[np.uint32],
    value: NDArray[np.uint32],
    renumbered: NDArray[np.uint32],
    counts: NDArray[np.int32],
) -> int:
    """Count the values of documents, going from each document to its values. In place.

    first, value: as in index.native.segment.FacetArrays
    renumbered: the number by which to count each value; empty when they are the same
    counts: array of int32 by number, added to
    Returns a number that means nothing: without it the compiler would leave out reading ahead.
    """
    ahead = 0
    last = len(value) - 1
    if last < 0:
        return ahead
    for start in range(0, len(documents), READ_AHEAD):
        end = min(start + READ_AHEAD, len(documents))
        # The values of each document are far from those of the one before. Counting waits for
        # each in turn; when they are only read, the processor fetches many at once.
        for i in range(start, end):
            j = np.int64(first[documents[i]])
            ahead += value[min(j, last)] + value[min(j + VALUES_OF_A_LINE - 1, last)]
        for i in range(start, end):
            document = documents[i]
            if len(renumbered):
                for j in range(first[document], first[document + 1]):
                    counts[renumbered[value[j]]] += np.int32(1)
            else:
                for j in range(first[document], first[document + 1]):
                    counts[value[j]] += np.int32(1)
    return ahead


@kernel
def interleave(  # noqa: PLR0913  (arrays in, arrays out)
    out: NDArray[np.uint32],
    ends: NDArray[np.int64],
    first: NDArray[np.uint32],
    value: NDArray[np.uint32],
    renumbered: NDArray[np.uint32],
    begin: int,
) -> None:
    """Put one facet's values behind what each document has in `out` already. In place.

    ends: array of int64, shape (documents,), where each document's next value goes; moved on
    first, value, renumbered: as for count_values; begin: added to every number
    """
    for document in range(len(ends)):
        for j in range(first[document], first[document + 1]):
            number = renumbered[value[j]] if len(renumbered) else value[j]
            out[ends[document]] = number + begin
            ends[document] += 1


@kernel
def values_of(
    documents: Documents,
    first: NDArray[np.uint32],
    value: NDArray[np.uint32],
    renumbered: NDArray[np.uint32],
) -> NDArray[np.uint32]:
    """The values of documents one after the other; parameters as for count_values."""
    total = 0
    for document in documents:
        total += first[document + 1] - first[document]
    values = np.empty(total, np.uint32)
    n = 0
    for document in documents:
        for j in range(first[document], first[document + 1]):
            values[n] = renumbered[value[j]] if len(renumbered) else value[j]
            n += 1
    return values


@kernel
def most_counted(counts: NDArray[np.int32], most: int) -> Any:
    """The numbers with the highest counts above 0, equal ones ascending; clears all counts.

    Returns numbers (int64) and their counts (int64), at most `most`. In place.
    """
    numbers = np.empty(most, np.int64)
    best = np.empty(most, np.int64)
    n = 0
    for number in range(len(counts)):
        count = np.int64(counts[number])
        if count > 0 and most > 0 and (n < most or count > best[n - 1]):
            n = _insert_count(numbers, best, n, number, count)
        counts[number] = 0
    return numbers[:n], best[:n]


@kernel
def most_common(values: NDArray[np.uint32], most: int) -> Any:
    """The same for the numbers in an array, each as often as it counts: for few. Sorts in place."""
    values.sort()
    numbers = np.empty(most, np.int64)
    best = np.empty(most, np.int64)
    n = 0
    j = 0
    while j < len(values):
        begun = j
        while j < len(values) and values[j] == values[begun]:
            j += 1
        if most > 0 and (n < most or j - begun > best[n - 1]):
            n = _insert_count(numbers, best, n, np.int64(values[begun]), j - begun)
    return numbers[:n], best[:n]


@kernel
def _insert_count(
    numbers: NDArray[np.int64], best: NDArray[np.int64], n: int, number: int, count: int
) -> int:
    """Put a number behind those that count as much, the last one out; returns how many there are."""
    at = min(n, len(numbers) - 1)
    while at > 0 and best[at - 1] < count:
        best[at] = best[at - 1]
        numbers[at] = numbers[at - 1]
        at -= 1
    best[at] = count
    numbers[at] = number
    return min(n + 1, len(numbers))
