"""Kernels that count how many hits have each value of a facet.

*Numbers* are those of index.native.facets, or of a whole snapshot (search.native.values).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel
from index.native.bits import popcount
from index.native.lists import DENSE_FROM, WORDS_OF_BLOCK, FileLists
from search.native.bitmaps import Bitmap, Documents
from search.native.streams import DOCUMENTS_AT_ONCE, VALUES_AT_ONCE, next_documents, next_values

SPARSE_COST = 0.3
"""Nanoseconds to look one document of a list up among the hits."""

LIST_COST = 90
"""Nanoseconds around counting one list: 40 where it is in a cache, 100 where it has to be fetched."""

_AT_ONCE = 64
"""Documents of a list looked up before it is asked again whether those left can be enough. Asked
after 32 to 256 lists that are given up take the same, those read to the end a tenth longer at 32.
"""


@kernel
def count_in_lists(bits: Bitmap, lists: FileLists, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many documents of some lists have their bit set; a number of −1 has an empty list."""
    counts = np.zeros(len(numbers), np.int64)
    octets = bits.view(np.uint8)
    for n in range(len(numbers)):
        if numbers[n] >= 0:
            counts[n] = count_in_list(bits, octets, *lists, numbers[n], 0)
    return counts


@inner_kernel
def count_in_list(  # noqa: PLR0913  (arrays in)
    bits: Bitmap,
    octets: NDArray[np.uint8],
    twos: NDArray[np.uint16],
    eights: NDArray[np.uint64],
    places: NDArray[np.int64],
    sizes: NDArray[np.uint32],
    i: int,
    least: int,
) -> int:
    """How many documents of a list of FileLists have their bit set.

    If they are fewer than `least`, any lower number. octets: the bytes of `bits`, which are faster
    to look single ones up in, as the processor need not gather words then
    """
    block, size = places[i, 0], places[i, 1]
    s, d = np.uint64(places[i, 2]), np.uint64(places[i, 3])
    total, left = np.int64(0), np.int64(sizes[i])
    while left and total + left >= least:
        base = np.uint64(twos[block]) * np.uint64(WORDS_OF_BLOCK)
        count = np.int64(twos[size]) + 1
        block += 1
        size += 1
        if count < DENSE_FROM:
            end = s + np.uint64(count)
            while s < end and total + left >= least:
                stop = min(s + np.uint64(_AT_ONCE), end)
                left -= np.int64(stop - s)
                # Two sums, as each waits for itself: 0.24 ns a document, 0.28 with one.
                even, odd = np.int64(0), np.int64(0)
                for j in range(s, stop - np.uint64(1), np.uint64(2)):
                    even += _bit(octets, base, np.uint64(twos[j]))
                    odd += _bit(octets, base, np.uint64(twos[j + np.uint64(1)]))
                if (stop - s) % np.uint64(2):
                    odd += _bit(octets, base, np.uint64(twos[stop - np.uint64(1)]))
                total += even + odd
                s = stop
        else:
            left -= count
            for w in range(np.uint64(WORDS_OF_BLOCK)):
                total += popcount(bits[base + w] & eights[d + w])
            d += np.uint64(WORDS_OF_BLOCK)
    return int(total)


@inner_kernel
def _bit(octets: NDArray[np.uint8], base: int, place: int) -> int:
    """A bit by its place counted from a word on, 1 or 0; unsigned, which spares looking for −1."""
    octet = np.uint64(octets[base * np.uint64(8) + (place >> np.uint64(3))])
    return np.int64((octet >> (place & np.uint64(7))) & np.uint64(1))


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
    word, within = np.zeros(1, np.int64), np.zeros(2, np.int64)
    documents, values = np.empty(DOCUMENTS_AT_ONCE, np.int64), np.empty(VALUES_AT_ONCE, value.dtype)
    while word[0] < len(bits):
        n = next_documents(bits, word, documents)
        within[:] = 0
        while within[0] < n:
            found = next_values(first, value, documents, n, within, values)
            if len(renumbered):
                for j in range(np.uint64(found)):
                    counts[renumbered[values[j]]] += np.int32(1)
            else:
                for j in range(np.uint64(found)):
                    counts[values[j]] += np.int32(1)


@kernel
def count_few_values(  # noqa: PLR0913  (arrays in, arrays out)
    documents: Documents,
    first: NDArray[np.uint32],
    value: NDArray[np.uint16],
    first_rare: NDArray[np.uint32],
    rare: NDArray[np.uint32],
    renumbered: NDArray[np.uint32],
    facet: NDArray[np.uint8],
    row_of_facet: NDArray[np.int64],
    counts: NDArray[np.int32],
    seen: NDArray[np.uint32],
    n_seen: int,
) -> int:
    """Count the values of some documents, and remember which numbers have a count. In place.

    first, value, first_rare, rare: as in index.native.facets.Values
    renumbered, counts: as for count_values; only of the facets with a row
    facet: by number, its facet; row_of_facet: array of int64, −1 where it is not to be counted
    seen: array of uint32, shape (numbers + 1,); n_seen: how many are in it
    Returns how many are in it now.
    """
    kept = (renumbered, facet, row_of_facet, counts, seen)
    n_seen = _count_and_keep(documents, first, value, n_seen, *kept)
    if len(rare):
        n_seen = _count_and_keep(documents, first_rare, rare, n_seen, *kept)
    return n_seen


@kernel
def _count_and_keep(  # noqa: PLR0913  (arrays in, arrays out)
    documents: Documents,
    first: NDArray[np.uint32],
    value: NDArray[Any],
    n_seen: int,
    renumbered: NDArray[np.uint32],
    facet: NDArray[np.uint8],
    row_of_facet: NDArray[np.int64],
    counts: NDArray[np.int32],
    seen: NDArray[np.uint32],
) -> int:
    every = row_of_facet.min() >= 0
    within = np.zeros(2, np.int64)
    values = np.empty(VALUES_AT_ONCE, value.dtype)
    while within[0] < len(documents):
        found = next_values(first, value, documents, len(documents), within, values)
        for j in range(np.uint64(found)):
            number = renumbered[values[j]] if len(renumbered) else np.uint32(values[j])
            # Multiplied, as a branch would be guessed wrong for every other value.
            counted = np.int32(every or row_of_facet[facet[number]] >= 0)
            seen[n_seen] = number
            n_seen += counted * (counts[number] == 0)
            counts[number] += counted
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
    word = np.zeros(1, np.int64)
    documents = np.empty(DOCUMENTS_AT_ONCE, np.int64)
    while word[0] < len(bits):
        for document in documents[: next_documents(bits, word, documents)]:
            for j in range(np.int64(first[document]), np.int64(first[document + 1])):
                number = renumbered[value[j]] if len(renumbered) else np.uint32(value[j])
                sums[number] += np.int64(weight[j]) if len(weight) else 1


@kernel
def clear(counts: NDArray[Any], seen: NDArray[np.uint32]) -> None:
    """Set the counts of some numbers to 0. In place."""
    for number in seen:
        counts[number] = 0
