"""Kernels that count how many hits have each value of a facet.

*Numbers* are those of index.native.facets, or of a whole snapshot (search.native.values).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel
from index.native.bits import popcount, prefetch
from index.native.lists import DENSE_FROM, WORDS_OF_BLOCK, Lists
from search.native.bitmaps import Bitmap

AHEAD = 16
"""Documents whose values are being fetched while those of another are counted. Counting waits for
memory otherwise: 1.7 ns a value instead of 0.8; 8 to 32 are the same."""

_AT_ONCE = 64
"""Documents of a list looked up before it is asked again whether those left can be enough. Asked
after 32 to 256 lists that are given up take the same, those read to the end a tenth longer at 32.
"""

_LOOK_EVERY = 64
"""Numbers after which it is looked at whether those that are left can be among the most."""

_WRITTEN_FIRST, _WRITTEN_NEXT = 3, 4
"""Bits of a word written down at once: 1.6 ns a document where one bit in 60 is set, 1.0 where one
in 9 is; asking after each bit takes 5.7 and 1.5."""

_PASSED_OVER = 8
"""Words without a bit that are passed over together."""

ROOM = 1 << 10
"""Documents looked for at once."""

_LINE = 16
"""A document's values may lie on two lines of the cache: this many further is the other one."""


@kernel
def count_in_lists(
    bits: Bitmap, lists: Lists, numbers: NDArray[np.int64], least: int
) -> NDArray[np.int64]:
    """How many documents of each list have their bit set; a number of −1 is an empty list.

    A list that turns out to have fewer than `least` of them may be given any lower count.
    """
    counts = np.zeros(len(numbers), np.int64)
    for n in range(len(numbers)):
        i = numbers[n]
        if i < 0:
            continue
        s = np.uint64(lists.first_sparse[i])
        d = np.uint64(lists.first_dense[i]) * np.uint64(WORDS_OF_BLOCK)
        total = 0
        left = np.int64(lists.first_posting[i + 1]) - np.int64(lists.first_posting[i])
        for c in range(lists.first_container[i], lists.first_container[i + 1]):
            base = np.uint64(lists.container_block[c]) * np.uint64(WORDS_OF_BLOCK)
            count = np.int64(lists.container_count[c]) + 1
            if total + left < least:
                break
            if count < DENSE_FROM:
                end = s + np.uint64(count)
                while s < end and total + left >= least:
                    stop = min(s + np.uint64(_AT_ONCE), end)
                    left -= np.int64(stop - s)
                    for j in range(s, stop):
                        total += _bit(bits, base, np.uint64(lists.sparse[j]))
                    s = stop
                s = end
            else:
                left -= count
                for w in range(np.uint64(WORDS_OF_BLOCK)):
                    total += popcount(bits[base + w] & lists.dense[d + w])
                d += np.uint64(WORDS_OF_BLOCK)
        counts[n] = total
    return counts


@kernel
def _bit(bits: Bitmap, word: int, place: int) -> int:
    """A bit by its place counted from a word on, 1 or 0; unsigned, which spares looking for −1."""
    return np.int64(
        (bits[word + (place >> np.uint64(6))] >> (place & np.uint64(63))) & np.uint64(1)
    )


@kernel
def next_documents(bits: Bitmap, place: NDArray[np.int64], documents: NDArray[np.int64]) -> int:
    """Fill `documents` with the next set bits; returns how many. In place.

    place: the word the search goes on at
    documents: room for them, more than 64; what is behind those returned is undefined

    The first few of each word are written whether they are there or not: whether a word has one
    more bit is what the processor guesses wrong, 4 to 6 ns each.
    """
    n = 0
    w = np.uint64(place[0])
    while w < np.uint64(len(bits)) and n + 64 <= len(documents):
        if w % np.uint64(_PASSED_OVER) == 0:
            some = np.uint64(0)
            for following in range(w, w + np.uint64(_PASSED_OVER)):
                some |= bits[following]
            if not some:
                w += np.uint64(_PASSED_OVER)
                continue
        word = bits[w]
        first = np.int64(w) * 64
        end = n + popcount(word)
        for at in range(n, n + _WRITTEN_FIRST):
            lowest = word & (~word + np.uint64(1))
            documents[np.uint64(at)] = first + popcount(lowest - np.uint64(1))
            word ^= lowest
        at = n + _WRITTEN_FIRST
        while at < end:
            for _ in range(_WRITTEN_NEXT):
                lowest = word & (~word + np.uint64(1))
                documents[np.uint64(at)] = first + popcount(lowest - np.uint64(1))
                word ^= lowest
                at += 1
        n = end
        w += np.uint64(1)
    place[0] = np.int64(w)
    return n


@kernel
def _fetch(
    first: NDArray[np.uint32], value: NDArray[Any], documents: NDArray[np.int64], i: int, n: int
) -> None:
    """Have the values of the document AHEAD of the i-th one fetched, and the place of later ones.

    Without a branch: numba counts references to arrays that are handed to a part with branches,
    which took nearly as long as all the rest (26 ns a hit instead of 15).
    """
    prefetch(first, documents[min(i + 2 * AHEAD, n - 1)])
    begin = np.int64(first[documents[min(i + AHEAD, n - 1)]])
    prefetch(value, begin)
    prefetch(value, begin + _LINE)


@kernel
def count_values(
    bits: Bitmap,
    first: NDArray[np.uint32],
    value: NDArray[Any],
    renumbered: NDArray[np.uint32],
    counts: NDArray[np.int32],
) -> None:
    """Count the values of the documents whose bits are set. In place.

    first, value: as in index.native.facets.Values, frequent or rare ones
    renumbered: the number by which to count each value; empty when they are the same
    counts: array of int32, by number, added to
    """
    place = np.zeros(1, np.int64)
    documents = np.empty(ROOM, np.int64)
    while place[0] < len(bits):
        n = next_documents(bits, place, documents)
        for i in range(n):
            _fetch(first, value, documents, i, n)
            begin, end = np.int64(first[documents[i]]), np.int64(first[documents[i] + 1])
            if len(renumbered):
                for j in range(begin, end):
                    counts[renumbered[value[j]]] += np.int32(1)
            else:
                for j in range(begin, end):
                    counts[value[j]] += np.int32(1)


@kernel
def count_few_values(  # noqa: PLR0913  (arrays in, arrays out)
    bits: Bitmap,
    first: NDArray[np.uint32],
    value: NDArray[Any],
    renumbered: NDArray[np.uint32],
    facet: NDArray[np.uint8],
    row_of_facet: NDArray[np.int64],
    counts: NDArray[np.int32],
    seen: NDArray[np.uint32],
    n_seen: int,
) -> int:
    """The same of the facets with a row, remembering which numbers have a count. In place.

    facet: by number, its facet; row_of_facet: array of int64, −1 where it is not to be counted
    seen: array of uint32, shape (numbers + 1,); n_seen: how many are in it
    Returns how many are in it now.
    """
    place = np.zeros(1, np.int64)
    documents = np.empty(ROOM, np.int64)
    while place[0] < len(bits):
        n = next_documents(bits, place, documents)
        for i in range(n):
            _fetch(first, value, documents, i, n)
            for j in range(np.int64(first[documents[i]]), np.int64(first[documents[i] + 1])):
                number = renumbered[value[j]] if len(renumbered) else np.uint32(value[j])
                if row_of_facet[facet[number]] < 0:
                    continue
                seen[n_seen] = number
                n_seen += counts[number] == 0
                counts[number] += np.int32(1)
    return n_seen


@kernel
def sum_weights(  # noqa: PLR0913  (arrays in, arrays out)
    bits: Bitmap,
    first: NDArray[np.uint32],
    value: NDArray[Any],
    weight: NDArray[np.uint8],
    renumbered: NDArray[np.uint32],
    sums: NDArray[np.int64],
) -> None:
    """Add up the weights of the values of the documents whose bits are set. In place.

    weight: array of uint8, shape as value; empty when all are 1
    sums: array of int64, by number, added to
    """
    place = np.zeros(1, np.int64)
    documents = np.empty(ROOM, np.int64)
    while place[0] < len(bits):
        n = next_documents(bits, place, documents)
        for i in range(n):
            _fetch(first, value, documents, i, n)
            for j in range(np.int64(first[documents[i]]), np.int64(first[documents[i] + 1])):
                number = renumbered[value[j]] if len(renumbered) else np.uint32(value[j])
                sums[number] += np.int64(weight[j]) if len(weight) else 1


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
    Returns numbers (int64, shape (rows, greatest size)), their counts, and how many each row has.
    """
    numbers = np.empty((len(sizes), sizes.max()), np.int64)
    best = np.empty(numbers.shape, np.int64)
    found = np.zeros(len(sizes), np.int64)
    last_key, last_rank = _last_places(sizes)
    for number in seen:
        row = row_of_facet[facet[number]]
        if row < 0 or keys[number] < last_key[row]:
            continue
        if keys[number] == last_key[row] and rank[number] > last_rank[row]:
            continue
        _insert(numbers, best, found, sizes[row], rank, row, np.int64(number), keys[number])
        if found[row] == sizes[row]:
            last_key[row] = best[row, found[row] - 1]
            last_rank[row] = rank[numbers[row, found[row] - 1]]
    return numbers, _counts_of(numbers, found, counts), found


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
    last_key, last_rank = _last_places(sizes)
    for number in range(ends.max()):
        if number % _LOOK_EVERY == 0:
            done = True
            for row in range(len(sizes)):
                done &= number >= ends[row] or last_key[row] > bound[number]
            if done:
                break
        row = row_of_facet[facet[number]]
        if row < 0 or counts[number] == 0 or keys[number] < last_key[row]:
            continue
        if keys[number] == last_key[row] and rank[number] > last_rank[row]:
            continue
        _insert(numbers, best, found, sizes[row], rank, row, number, keys[number])
        if found[row] == sizes[row]:
            last_key[row] = best[row, found[row] - 1]
            last_rank[row] = rank[numbers[row, found[row] - 1]]
    return numbers, _counts_of(numbers, found, counts), found


@kernel
def _last_places(sizes: NDArray[np.int64]) -> Any:
    """The key and rank that a number has to beat for each row: none while there is room."""
    last_key = np.full(len(sizes), -1, np.int64)
    for row in range(len(sizes)):
        if sizes[row] == 0:
            last_key[row] = np.iinfo(np.int64).max
    return last_key, np.zeros(len(sizes), np.int64)


@kernel
def _insert(  # noqa: PLR0913  (arrays in, arrays out)
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
def _counts_of(
    numbers: NDArray[np.int64], sizes: NDArray[np.int64], counts: NDArray[np.int32]
) -> NDArray[np.int64]:
    found = np.empty(numbers.shape, np.int64)
    for row in range(len(sizes)):
        for i in range(sizes[row]):
            found[row, i] = counts[numbers[row, i]]
    return found


@kernel
def clear(counts: NDArray[Any], seen: NDArray[np.uint32]) -> None:
    """Set the counts of some numbers to 0. In place."""
    for number in seen:
        counts[number] = 0
