"""Kernels that read the documents of bitmaps, and their values, a room full at a time.

What differs from one document to the next is what the processor guesses wrong, 4 to 6 ns each: how
many bits a word has, how many values a document. So more is written than there is, always the same,
and what comes next is written over what was too much.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel
from index.native.bits import RUN, copy_run, popcount, prefetch
from search.native.bitmaps import Bitmap

DOCUMENTS_AT_ONCE = 1 << 10
"""Room for documents; a word of a bitmap is read while there is room for all of its 64."""

VALUES_AT_ONCE = 1 << 12
"""Room for values: 8 KB, so that they stay in the first cache until they are counted."""

_AHEAD = 24
"""Documents whose values are being fetched while those of another are copied. 16 take a tenth
longer; 32 and 48 are the same."""

_LINE = 16
"""A document's values may lie on two lines of the cache: this many further is the other one."""

_WRITTEN_FIRST, _WRITTEN_NEXT = 3, 4
"""Bits of a word written down at once: 1.6 ns a document where one bit in 60 is set, 1.0 where one
in 9 is; asking after each bit takes 5.7 and 1.5."""

_PASSED_OVER = 8
"""Words without a bit that are passed over together."""


@kernel
def next_documents(bits: Bitmap, place: NDArray[np.int64], documents: NDArray[np.int64]) -> int:
    """Fill `documents` with the next set bits; returns how many. In place.

    place: the word the search goes on at
    documents: room for them, more than 64; what is behind those returned is undefined
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
def next_values(  # noqa: PLR0913  (arrays in, arrays out)
    first: NDArray[np.uint32],
    value: NDArray[Any],
    documents: NDArray[np.int64],
    n: int,
    place: NDArray[np.int64],
    values: NDArray[Any],
) -> int:
    """Fill `values` with the values of the first n documents from a place on; returns how many.

    In place. first, value: as in index.native.facets.Values, frequent or rare ones
    place: array of int64, a place in `documents`, and how many values of that one are done
    values: room for them, as value, at least RUN; what is behind those returned is undefined
    """
    m, i = 0, place[0]
    room = len(values) - RUN
    last = len(value) - RUN
    while i < n and m <= room:
        # Without a branch: numba would count references to the arrays, 11 ns a document.
        prefetch(first, documents[min(i + 2 * _AHEAD, n - 1)])
        ahead = np.int64(first[np.uint64(documents[min(i + _AHEAD, n - 1)])])
        prefetch(value, ahead)
        prefetch(value, ahead + _LINE)
        document = np.uint64(documents[i])
        at, end = np.int64(first[document]), np.int64(first[document + np.uint64(1)])
        if end - at <= RUN and at <= last:
            copy_run(value, at, values, m)
            m += int(end - at)
            i += 1
            continue
        at += place[1]
        while at < end and m <= room:
            for _ in range(min(end - at, RUN)):
                values[m] = value[at]
                m += 1
                at += 1
        place[1] = 0
        i += 1
        if at < end:
            i -= 1
            place[1] = at - np.int64(first[document])
    place[0] = i
    return m
