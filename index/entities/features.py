"""What the model knows of a word and of its surroundings: kernels that hash it into rows.

A *row* is an index into the model's weights: the text of a feature is never kept, only its hash.
What depends on the word alone is hashed once per distinct word (`describe`), what depends on its
neighbours where it stands (`surroundings`).

The features of a word. The position that is labelled has all of them; those on both sides of it
have the first `NEAR`, those two away the first `FAR`:

| place | feature                                              |
|-------|------------------------------------------------------|
| 0     | the word: lower case, digits as 0                    |
| 1, 2  | its cluster among the middle and the coarse ones     |
| 3     | the word lists it is on, together                    |
| 4     | its cluster among the fine ones                      |
| 5     | its shape, repeats shortened                         |
| 6     | its last three letters                               |
| 7     | its kind × how often it has a capital in free text   |
| 8-10  | each list it is on                                   |
| 11    | its shape as it is                                   |
| 12-15 | its first one, two, three, four letters              |
| 16-18 | its last one, two, four letters                      |
| 19-20 | what stands before its first and after its last hyphen |
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel
from index.entities.shapes import CAPITALS, LOWER, MIXED, OTHER

HERE, NEAR, FAR = 21, 11, 4
WORD_ROWS = HERE + 2 * NEAR + 2 * FAR
LISTS = 8
"""Word lists that fit a byte."""
GAZETTEERS = 12
LONGEST_PHRASE = 5
CONJUNCTIONS = 14
PLACE_ROWS = GAZETTEERS + CONJUNCTIONS

BEFORE, AFTER = 0, 1
"""The words that stand beyond both ends of a sentence: the first two of every vocabulary."""

_U = np.uint64
_PRIME = _U(0x100000001B3)
_BASIS = _U(0xCBF29CE484222325)
_HYPHEN = ord("-")

Whole = int | np.integer[Any]
Keys = NDArray[np.uint64]
Codes = NDArray[np.uint32]
Numbers = NDArray[np.int32]
Offsets = NDArray[np.int64]
Bytes = NDArray[np.uint8]


@kernel
def _finish(x: np.uint64) -> np.uint64:
    """Mix the bits of a hash so that its low ones depend on all (after splitmix64)."""
    x ^= x >> _U(29)
    x *= _U(0xBF58476D1CE4E5B9)
    return x ^ (x >> _U(32))


@kernel
def _mix(a: Whole, b: Whole) -> np.uint64:
    return _finish(_U(a) ^ (_U(b) * _U(0x9E3779B97F4A7C15) + (_U(a) << _U(6)) + (_U(a) >> _U(2))))


@kernel
def _hash(codes: Codes, start: int, end: int, seed: int) -> np.uint64:
    """FNV-1a over code points, never 0."""
    x = _BASIS ^ _U(seed)
    for i in range(start, end):
        x = (x ^ _U(codes[i])) * _PRIME
    return _finish(x) | _U(1)


@kernel
def _slot(keys: Keys, key: np.uint64) -> np.uint64:
    """Where a key is, or would be put, in an open-addressing table whose empty keys are 0."""
    mask = _U(len(keys) - 1)
    i = key & mask
    while keys[i] != 0 and keys[i] != key:
        i = (i + _U(1)) & mask
    return i


@kernel
def fill_table(keys: Keys, places: Numbers, new: Keys) -> None:
    """Put the position of each new key into a table; its size is a power of two, half empty."""
    for n in range(len(new)):
        i = _slot(keys, new[n])
        keys[i] = new[n]
        places[i] = n


@kernel
def hash_words(codes: Codes, starts: Offsets, out: Keys) -> None:
    """Fill in the hashes of words as the tables are keyed; see `describe` for the arguments."""
    for n in range(len(out)):
        out[n] = _hash(codes, starts[n], starts[n + 1], 0)


@kernel
def hash_phrases(words: Keys, starts: Offsets, out: Keys) -> None:
    """Fill in the hashes of phrases, from those of their words as written."""
    for n in range(len(out)):
        x = _BASIS
        for i in range(starts[n], starts[n + 1]):
            x = _mix(x, words[i]) | _U(1)
        out[n] = x


@kernel
def _cluster(
    codes: Codes,
    a: int,
    b: int,
    low: Codes,
    p: int,
    q: int,
    kind: Whole,
    keys: Keys,
    places: Numbers,
) -> int:
    """Where the word's clusters are: as written, else (in capitals) as Title, else lower."""
    i = _slot(keys, _hash(codes, a, b, 0))
    if not keys[i] and kind == CAPITALS:
        x = (_BASIS ^ _U(codes[a])) * _PRIME
        for j in range(p + 1, q):
            x = (x ^ _U(low[j])) * _PRIME
        i = _slot(keys, _finish(x) | _U(1))
    if not keys[i]:
        i = _slot(keys, _hash(low, p, q, 0))
    return places[i] if keys[i] else -1


@kernel
def _spell(low: Codes, p: int, q: int, f: Keys) -> None:
    """Features of the word's letters: itself, beginnings, endings, parts at hyphens."""
    f[0] = _hash(low, p, q, 1)
    for k in range(1, 5):
        if q - p > k:
            f[11 + k] = _hash(low, p, p + k, 10 + k)
            f[6 if k == 3 else 18 if k == 4 else 15 + k] = _hash(low, q - k, q, 20 + k)
    first = last = -1
    for i in range(p, q):
        if low[i] == _HYPHEN:
            first = i if first < 0 else first
            last = i
    if first >= 0 and q - p > 1:
        f[19] = _hash(low, p, first, 25)
        f[20] = _hash(low, last + 1, q, 26)


@kernel
def _listed(ratio: Whole, lists: Whole, kind: Whole, f: Keys) -> None:
    """Features of the word's usual case and of the lists it is on."""
    if kind >= LOWER:
        f[7] = _mix(33, ratio * 8 + kind)
    if lists:
        f[3] = _mix(34, lists * 2 + (kind >= MIXED))
        place = 8
        for bit in range(LISTS):
            if (lists >> bit) & 1 and place < 11:
                f[place] = _mix(35, bit)
                place += 1


@kernel
def describe(
    codes: Codes,
    starts: Offsets,
    low: Codes,
    low_starts: Offsets,
    shapes: tuple[Bytes, Keys, Keys],
    clusters: tuple[Keys, Numbers, NDArray[np.int16]],
    words: tuple[Keys, Numbers, Bytes, Bytes],
    bits: int,
    out: tuple[Numbers, Keys, Keys],
) -> None:
    """Fill in the rows of new words, and their hashes in lower case and as written.

    codes, low: the words' code points one after the other, as written and in lower case, both
    with digits as 0; starts, low_starts: where each begins, and the end.
    shapes: kinds, short and long shapes. clusters: table keys and places, and the three clusters
    by place. words: table keys and places, and by place the capital ratio and the lists.
    bits: the model has 2^bits rows.
    """
    rows, word_hashes, exact_hashes = out
    f = np.zeros(HERE, np.uint64)
    for w in range(len(starts) - 1):
        a, b, p, q = starts[w], starts[w + 1], low_starts[w], low_starts[w + 1]
        kind = np.int64(shapes[0][w])
        f[:] = 0
        _spell(low, p, q, f)
        f[5] = _mix(shapes[1][w], 2)
        f[11] = _mix(shapes[2][w], 3)
        at = _cluster(codes, a, b, low, p, q, kind, clusters[0], clusters[1])
        f[1] = _mix(30, np.int64(clusters[2][at, 1]) + 1 if at >= 0 else 0)
        if at >= 0:
            f[2] = _mix(31, clusters[2][at, 0])
            f[4] = _mix(32, clusters[2][at, 2])
        i = _slot(words[0], _hash(low, p, q, 0))
        known = words[0][i] != 0
        ratio = np.int64(words[2][words[1][i]]) if known else 0
        _listed(ratio, np.int64(words[3][words[1][i]]) if known else 0, kind, f)
        word_hashes[w] = f[0]
        exact_hashes[w] = _hash(codes, a, b, 0)
        at = 0
        for offset in range(5):
            for j in range(HERE if offset == 0 else NEAR if offset < 3 else FAR):
                rows[w, at] = _row(f[j], 11 + offset, bits) if f[j] else -1
                at += 1


@kernel
def _row(feature: np.uint64, place: int, bits: int) -> np.int32:
    return np.int32(_mix(feature, place) >> _U(64 - bits))


@kernel
def _mark_phrases(
    i: int,
    end: int,
    at: Offsets,
    exact: Keys,
    keys: Keys,
    places: Numbers,
    lists: NDArray[np.uint16],
    bits: int,
    out: Numbers,
) -> None:
    """Mark the listed phrases that begin here, S or B I E, longer ones over shorter ones."""
    x = _BASIS
    for length in range(1, min(LONGEST_PHRASE, end - i) + 1):
        x = _mix(x, exact[at[i + length - 1]]) | _U(1)
        slot = _slot(keys, x)
        if not keys[slot]:
            continue
        on = np.int64(lists[places[slot]])
        for g in range(GAZETTEERS):
            if (on >> g) & 1:
                for k in range(length):
                    mark = 1 if length == 1 else 2 if k == 0 else 4 if k == length - 1 else 3
                    out[i + k, g] = _row(_U(7000 + g * 8 + mark), 77, bits)


@kernel
def surroundings(
    at: Offsets,
    sentences: Offsets,
    wanted: Bytes,
    words: tuple[Bytes, Keys, Keys, Keys],
    phrases: tuple[Keys, Numbers, NDArray[np.uint16]],
    bits: int,
    out: Numbers,
) -> None:
    """Fill in the rows of each wanted position that its neighbours decide, -1 for none.

    at: the vocabulary's word at each position; sentences: where each begins, and the end.
    words: kinds, and hashes in lower case, of shapes, and as written, by word.
    phrases: table keys and places, and the gazetteers by place.
    """
    kinds = words[0]
    for s in range(len(sentences) - 1):
        start, end = sentences[s], sentences[s + 1]
        letters = capitals = 0
        for i in range(start, end):
            letters += kinds[at[i]] >= LOWER
            capitals += kinds[at[i]] == CAPITALS
            out[i, :] = -1
        headline = 4 if letters > 1 and capitals * 10 >= letters * 6 else 0
        for i in range(start, end):
            if kinds[at[i]] >= MIXED:
                _mark_phrases(i, end, at, words[3], phrases[0], phrases[1], phrases[2], bits, out)
        left, right = start - 1, start
        for i in range(start, end):
            if kinds[at[i]] < MIXED:
                left = i
            if right <= i:
                right = i + 1
                while right < end and kinds[at[right]] >= MIXED:
                    right += 1
            if wanted[i]:
                first = (
                    2 if i == start else 1 if i == start + 1 and kinds[at[start]] == OTHER else 0
                )
                _conjoin(i, (start, end, left, right), at, words, headline + first, bits, out[i])


@kernel
def _conjoin(
    i: int,
    bounds: tuple[int, int, int, int],
    at: Offsets,
    words: tuple[Bytes, Keys, Keys, Keys],
    opening: int,
    bits: int,
    out: Numbers,
) -> None:
    """Pairs and triples of neighbours, and where in its run of capitalised words this one is."""
    kinds, spelled, shapes = words[0], words[1], words[2]
    start, end, left, right = bounds
    here = at[i]
    before = at[i - 1] if i > start else BEFORE
    after = at[i + 1] if i + 1 < end else AFTER
    g = GAZETTEERS
    out[g] = _row(_mix(spelled[before], spelled[here]), 21, bits)
    out[g + 1] = _row(_mix(spelled[here], spelled[after]), 22, bits)
    out[g + 2] = _row(_mix(shapes[before], shapes[here]), 23, bits)
    out[g + 3] = _row(_mix(shapes[here], shapes[after]), 24, bits)
    out[g + 4] = _row(_mix(_mix(shapes[before], shapes[here]), shapes[after]), 25, bits)
    out[g + 5] = _row(_mix(_mix(spelled[before], shapes[here]), spelled[after]), 26, bits)
    out[g + 6] = _row(_mix(spelled[before], shapes[here]), 27, bits)
    out[g + 7] = _row(_mix(shapes[here], spelled[after]), 28, bits)
    out[g + 8] = _row(_mix(shapes[here], 900 + opening), 29, bits)
    if kinds[here] >= MIXED:
        out[g + 9] = _row(spelled[at[left]] if left >= start else _U(3), 30, bits)
        out[g + 10] = _row(spelled[at[right]] if right < end else _U(5), 31, bits)
        out[g + 11] = _row(_U(min(right - left - 1, 6) * 8 + min(i - left, 6)), 32, bits)
        out[g + 12] = _row(spelled[at[right - 1]], 33, bits)
        out[g + 13] = _row(spelled[at[left + 1]], 34, bits)
