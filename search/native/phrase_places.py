"""Kernels that find where the words of a phrase are in documents that have all of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.compilation import inner_kernel, kernel
from index.native.bits import popcount, prefetch
from index.native.postings import RANK_EVERY, START_EVERY, Occurrences

READ_AHEAD = 256
"""Documents whose postings are looked up before their positions are compared."""

_LINE = 64
"""Positions that are passed over may lie on two lines of the cache: this much further is the other
one."""

_RANK_WORDS = RANK_EVERY // 64


class Room(NamedTuple):
    """Room for what is known of some documents with all words, READ_AHEAD at most.

    place: array of int64, shape (words, READ_AHEAD): the position of a word that is once in the
        body, else −1 − its stored code
    anchored, loose: arrays of int64, places of documents in which a word is once in the body, and
        of those in which none is; begin: array of int64, where the phrase begins in the former
    found: array of int64, shape (2, longest): positions, see search.native.phrases
    marks: array of uint64, a bitmap of positions, all clear
    code: array of uint8, what came out
    rows, counts: see search.native.slop, only there when the phrase has a slop
    ranks: array of int64, shape (8,)
    """

    place: NDArray[np.int64]
    anchored: NDArray[np.int64]
    begin: NDArray[np.int64]
    loose: NDArray[np.int64]
    found: NDArray[np.int64]
    marks: NDArray[np.uint64]
    code: NDArray[np.uint8]
    rows: NDArray[np.int64]
    counts: NDArray[np.int64]
    ranks: NDArray[np.int64]


@kernel
def make_room(words: int, slop: int, longest: int) -> Room:
    """Room for the documents with so many words; longest: words of the longest document."""
    return Room(
        np.empty((words, READ_AHEAD), np.int64),
        np.empty(READ_AHEAD, np.int64),
        np.empty(READ_AHEAD, np.int64),
        np.empty(READ_AHEAD, np.int64),
        np.empty((2, longest), np.int64),
        np.zeros((longest + words) // 64 + 1, np.uint64),
        np.empty(READ_AHEAD, np.uint8),
        np.empty((2, words, longest if slop else 0), np.int64),
        np.empty((3, words), np.int64),
        np.empty(_RANK_WORDS, np.int64),
    )


@inner_kernel
def find_places(
    occurrences: Occurrences, posting: NDArray[np.uint32], start: int, some: int, room: Room
) -> None:
    """Find the places of the words in some documents, from their postings from `start` on.

    What a posting needs is far from what the one before needed. So all of it is asked for before
    any of it is used, and the processor waits for many at once.
    """
    other, other_rank, once = occurrences.other, occurrences.other_rank, occurrences.once
    codes, position_start = occurrences.code, occurrences.position_start
    for word in range(len(room.place)):
        place = room.place[word]
        for j in range(some):
            place[j] = posting[word, start + j]
            prefetch(other, place[j] >> 6)
            prefetch(other_rank, place[j] // RANK_EVERY)
        _find_stored(other, other_rank, place, some, room.ranks)
        for j in range(some):
            if place[j] < 0:
                prefetch(codes, -1 - place[j])
                prefetch(position_start, (-1 - place[j]) // START_EVERY)
            else:
                prefetch(once, place[j])
        for j in range(some):
            if place[j] < 0:
                begin = np.int64(position_start[(-1 - place[j]) // START_EVERY])
                prefetch(occurrences.position, begin)
                prefetch(occurrences.position, begin + _LINE)
            else:
                place[j] = once[place[j]]


@inner_kernel
def _find_stored(
    other: NDArray[np.uint64],
    other_rank: NDArray[np.uint32],
    place: NDArray[np.int64],
    some: int,
    ranks: NDArray[np.int64],
) -> None:
    """Put in place of each posting −1 − its stored code if it has one, else its place in `once`."""
    ranked = np.int64(-1)
    for j in range(some):
        posting = place[j]
        if posting // RANK_EVERY != ranked:
            # For several postings of a group the bits before each of its words are counted once.
            ranked = posting // RANK_EVERY
            rank = np.int64(other_rank[ranked])
            first = ranked * _RANK_WORDS
            for w in range(min(_RANK_WORDS, len(other) - first)):
                ranks[w] = rank
                rank += popcount(other[first + w])
        bits = other[posting >> 6]
        bit = np.uint64(1) << np.uint64(posting & 63)
        stored = ranks[(posting >> 6) % _RANK_WORDS] + popcount(bits & (bit - np.uint64(1)))
        place[j] = -1 - stored if bits & bit else posting - stored
