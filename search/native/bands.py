"""The frequent values of each article, packed: what many hits are counted by.

Values are numbered by frequency. A *band* is a run of numbers that hardly any article has more than
ten of: the first 700, then the next 4,000. An article's values in it take 12 bits each, two words
in all. So every article takes the same way through the processor, which guesses nothing wrong, and
counting a hit touches one line of the cache. The few values for which an article has no room are
kept aside.

The bands of a segment are made in memory when first asked for: 16 bytes an article each.
"""

from __future__ import annotations

import threading
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel
from index.native.bits import prefetch
from index.native.facet_arrays import FREQUENT
from index.native.facets import Facets
from search.native.bitmaps import Bitmap
from search.native.streams import DOCUMENTS_AT_ONCE, next_documents

WORDS, SLOTS_A_WORD, BITS = 2, 5, 12
"""How the values of an article are packed: in how many words, how many in each, of how many bits.
4.3 ns a hit, on 300,000 articles with 17 values each; twelve slots of 10 bits in two words take
5.2, eight of 16 bits 4.6, sixteen of 16 bits in four words 8."""

CODES = (1 << BITS) - 16
"""Those from here on stand for an empty slot, each slot has its own: to count one twice in a row
is to wait."""

MOST_NUMBERS = CODES
"""How many numbers a band has at most."""

WITHOUT_ROOM = 0.05
"""Part of the articles that may have more values in the band than slots. Every value left over
takes 0.4 ns a question, and every number more spares looking for its value in a list."""

_LOOKED_AT = 8
"""One article in so many is looked at to find out how many have no room."""

_AHEAD = 64
"""Hits whose rows are being fetched while that of another is counted. Where nothing of them is in
a cache 35,000 hits take 12 ns each with 16, 8.5 with 32, 7 with 64; else all are the same."""

_SLOTS = WORDS * SLOTS_A_WORD
_MASK = (1 << BITS) - 1


class Band(NamedTuple):
    """The values of a segment with the numbers from `begin` to `end`, by article.

    rows: array of uint64, shape (articles · WORDS,), of codes: how far behind `begin` they are
    documents, left_over: arrays of uint32 and uint16, the codes without room, by document
    """

    begin: int
    end: int
    rows: NDArray[np.uint64]
    documents: NDArray[np.uint32]
    left_over: NDArray[np.uint16]


_BANDS: WeakKeyDictionary[Facets, list[Band]] = WeakKeyDictionary()
_MAKING = threading.Lock()


def band_of(facets: Facets, place: int) -> Band:
    """The first band of a segment or a later one; all commits that have the segment share it."""
    with _MAKING:
        made = _BANDS.setdefault(facets, [])
        while len(made) <= place:
            begin = made[-1].end if made else 0
            values = facets.values
            made.append(make_band(values.first, values.value, begin, len(facets.facet)))
        return made[place]


def make_band(
    first: NDArray[np.uint32],
    value: NDArray[np.uint16],
    begin: int,
    numbers: int,
    without_room: float = WITHOUT_ROOM,
) -> Band:
    """The band of articles from a number on; takes 10 to 15 ms for 300,000.

    first, value: as in index.native.facets.Values; numbers: of values there are
    """
    most = min(numbers, FREQUENT, begin + MOST_NUMBERS) - begin
    crowded = np.cumsum(_first_without_room(first, value, begin, most))
    room = (len(first) - 1) / _LOOKED_AT * without_room
    end = begin + min(max(int(np.searchsorted(crowded, room, "right")), 1), most)
    rows, used, after = _packed(first, value, begin, end)
    return Band(begin, end, rows, *_left_over(value, used, after, begin))


@kernel
def _first_without_room(
    first: NDArray[np.uint32], value: NDArray[np.uint16], begin: int, most: int
) -> NDArray[np.int64]:
    """By code, how many articles of those looked at have the first value there without a slot.

    Array of int64, shape (most,).
    """
    articles = np.zeros(most, np.int64)
    for document in range(0, len(first) - 1, _LOOKED_AT):
        place, stop = np.int64(first[document]), np.int64(first[document + 1])
        while place < stop and value[place] < begin:
            place += 1
        if place + _SLOTS < stop:
            code = np.int64(value[place + _SLOTS]) - begin
            if code < most:
                articles[code] += 1
    return articles


@kernel
def _packed(
    first: NDArray[np.uint32], value: NDArray[np.uint16], begin: int, end: int
) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint32]]:
    """The rows of a band, how many values of each article are in it, and where those end."""
    articles, last = len(first) - 1, np.int64(len(value) - 1)
    rows = np.empty(articles * WORDS, np.uint64)
    used, after = np.empty(articles, np.uint32), np.empty(articles, np.uint32)
    for document in range(articles):
        at, stop = np.int64(first[document]), np.int64(first[document + 1])
        while at < stop and value[at] < begin:
            at += 1
        start = at
        for word in range(WORDS):
            packed = np.uint64(0)
            for slot in range(SLOTS_A_WORD):
                code = CODES + word * SLOTS_A_WORD + slot
                # Without a branch: where there is none the last of all is read, and not taken.
                number = np.int64(value[min(at, last)]) if len(value) else end
                is_one = (at < stop) & (number < end)
                at += np.int64(is_one)
                packed |= np.uint64(number - begin if is_one else code) << np.uint64(slot * BITS)
            rows[document * WORDS + word] = packed
        while at < stop and value[at] < end:
            at += 1
        used[document] = at - start
        after[document] = at
    return rows, used, after


@kernel
def _left_over(
    value: NDArray[np.uint16], used: NDArray[np.uint32], after: NDArray[np.uint32], begin: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint16]]:
    """The documents and codes of the values that no slot was left for."""
    n = 0
    for document in range(len(used)):
        n += max(0, int(used[document]) - _SLOTS)
    documents, left_over = np.empty(n, np.uint32), np.empty(n, np.uint16)
    n = 0
    for document in range(len(used)):
        end = np.int64(after[document])
        for place in range(end - max(0, int(used[document]) - _SLOTS), end):
            documents[n] = document
            left_over[n] = value[place] - begin
            n += 1
    return documents, left_over


@kernel
def count_band(
    bits: Bitmap, band: Any, renumbered: NDArray[np.uint32], counts: NDArray[np.int32]
) -> None:
    """Count the values in the Band of the documents whose bits are set. In place.

    renumbered, counts: as in counting.count_values
    """
    if band.begin == band.end:
        return
    own = np.zeros(_MASK + 1, np.int32)
    rows = band.rows
    word = np.zeros(1, np.int64)
    documents = np.empty(DOCUMENTS_AT_ONCE, np.int64)
    while word[0] < len(bits):
        n = next_documents(bits, word, documents)
        for i in range(n):
            prefetch(rows, documents[min(i + _AHEAD, n - 1)] * WORDS)
            row = np.uint64(documents[i] * WORDS)
            for place in range(WORDS):
                packed = rows[row + np.uint64(place)]
                for slot in range(SLOTS_A_WORD):
                    own[(packed >> np.uint64(slot * BITS)) & np.uint64(_MASK)] += np.int32(1)
    for i in range(len(band.documents)):
        document = np.uint64(band.documents[i])
        bit = (bits[document >> np.uint64(6)] >> (document & np.uint64(63))) & np.uint64(1)
        own[np.uint64(band.left_over[i])] += np.int32(bit)
    for number in range(band.begin, band.end):
        of_snapshot = renumbered[number] if len(renumbered) else np.uint32(number)
        counts[of_snapshot] += own[number - band.begin]
