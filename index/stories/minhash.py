"""Kernels: which articles are worth comparing, by MinHash with bands (Broder 1997; LSH)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel
from index.stories.overlap import LEAST_SHINGLES, distinct

U = np.uint64

BANDS = 64
BAND_ROWS = 3
"""Articles are compared when the three minima of any of 64 bands are equal: with a probability of
0.06, 0.40, 0.83, 0.99 where they have 10, 20, 30, 40 of 100 shingles in common."""

MOST_KEYS = BANDS + 1
"""Of an article: one a band, and one for all its words."""

_LARGEST = np.uint32(0xFFFFFFFF)


class Buckets(NamedTuple):
    """A chained hash table from keys to rows.

    heads: the first entry of a slot, or -1; its length is a power of 2. The entry's key and row,
    and the entry that follows in its slot or -1. used: how many entries there are, one value.
    """

    heads: NDArray[np.int32]
    keys: NDArray[np.uint64]
    rows: NDArray[np.int32]
    following: NDArray[np.int32]
    used: NDArray[np.int64]


def empty_buckets(rows: int) -> Buckets:
    """Room for the keys of so many rows."""
    entries = rows * MOST_KEYS
    return Buckets(
        heads=np.full(1 << max(10, (entries - 1).bit_length()), -1, np.int32),
        keys=np.empty(entries, np.uint64),
        rows=np.empty(entries, np.int32),
        following=np.empty(entries, np.int32),
        used=np.zeros(1, np.int64),
    )


@kernel
def mixed(value: np.uint64) -> np.uint64:
    """The value with its bits spread: the last step of MurmurHash3 (Appleby, public domain)."""
    value = (value ^ (value >> U(33))) * U(0xFF51AFD7ED558CCD)
    value = (value ^ (value >> U(33))) * U(0xC4CEB9FE1A85EC53)
    return value ^ (value >> U(33))


@kernel
def shingle_hashes(words: NDArray[np.uint32], length: int, most: int) -> NDArray[np.uint32]:
    """The hashes of all runs of `length` words, sorted, each once; of more the `most` lowest."""
    hashes = np.empty(max(0, len(words) - length + 1), np.uint32)
    for start in range(len(hashes)):
        value = U(length)
        for place in range(start, start + length):
            value = mixed(value ^ U(words[place]))
        hashes[start] = np.uint32(value >> U(32))
    return distinct(hashes)[:most]


class Permutations(NamedTuple):
    """Of all uint32, one a minimum: value * factor + addend, the factors being odd."""

    factors: NDArray[np.uint32]
    addends: NDArray[np.uint32]


@kernel
def draw_permutations() -> Permutations:
    """The permutations, always the same."""
    factors = np.empty(BANDS * BAND_ROWS, np.uint32)
    addends = np.empty(BANDS * BAND_ROWS, np.uint32)
    for number in range(len(factors)):
        random = mixed(U(number + 1))
        factors[number] = np.uint32(random & U(0xFFFFFFFF)) | np.uint32(1)
        addends[number] = np.uint32(random >> U(32))
    return Permutations(factors, addends)


@kernel
def signature(
    shingles: NDArray[np.uint32], permutations: Permutations, out: NDArray[np.uint32]
) -> None:
    """Write the least of the shingles under each permutation into `out`."""
    out[:] = _LARGEST
    for shingle in shingles:
        for number in range(len(out)):
            value = np.uint32(shingle * permutations.factors[number] + permutations.addends[number])
            out[number] = min(out[number], value)


@kernel
def find_keys(
    digest: np.uint64,
    shingles: NDArray[np.uint32],
    permutations: Permutations,
    minima: NDArray[np.uint32],
    keys: NDArray[np.uint64],
) -> int:
    """Write an article's keys into `keys`; returns how many. Articles with one alike may be copies.

    digest: of all its words; 0 where they are too few, and then it has no key. minima: overwritten.
    """
    if digest == 0:
        return 0
    keys[0] = mixed(digest)
    if len(shingles) < LEAST_SHINGLES:
        return 1
    signature(shingles, permutations, minima)
    for band in range(BANDS):
        key = U(band)
        for place in range(band * BAND_ROWS, (band + 1) * BAND_ROWS):
            key = mixed(key ^ U(minima[place]))
        keys[band + 1] = key
    return MOST_KEYS


@kernel
def put(buckets: Buckets, keys: NDArray[np.uint64], row: int) -> None:
    """Add a row under all its keys; in-place."""
    for key in keys:
        slot = key & U(len(buckets.heads) - 1)
        entry = buckets.used[0]
        buckets.keys[entry] = key
        buckets.rows[entry] = row
        buckets.following[entry] = buckets.heads[slot]
        buckets.heads[slot] = entry
        buckets.used[0] = entry + 1


@kernel
def look_up(
    buckets: Buckets, keys: NDArray[np.uint64], row: int, seen: NDArray[np.int32]
) -> NDArray[np.int32]:
    """The rows under any of the keys, ascending, each once.

    seen: as long as there are rows; `row` is written where a row was met, and not before.
    """
    found = np.empty(16, np.int32)
    count = 0
    for key in keys:
        entry = buckets.heads[key & U(len(buckets.heads) - 1)]
        while entry >= 0:
            other = buckets.rows[entry]
            if buckets.keys[entry] == key and seen[other] != row:
                seen[other] = row
                if count == len(found):
                    found = np.concatenate((found, np.empty(count, np.int32)))
                found[count] = other
                count += 1
            entry = buckets.following[entry]
    return np.sort(found[:count])
