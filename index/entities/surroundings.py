"""What a position's neighbours say about it: phrases of gazetteers, conjunctions of features."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel
from index.entities.hashing import BASIS, Bytes, Keys, Numbers, Offsets, U, mix, row_of, slot
from index.entities.shapes import CAPITALS, LOWER, MIXED, OTHER
from index.entities.tables import SIEVE_BITS

GAZETTEERS = 12
"""Bits that a phrase has in a model; not all are used."""
LONGEST_PHRASE = 5
"""Words."""
_CONJUNCTIONS = 14
PLACE_ROWS = GAZETTEERS + _CONJUNCTIONS

Phrases = tuple[Keys, Numbers, NDArray[np.uint16], Bytes]

BEFORE, AFTER = 0, 1
"""The words that stand beyond both ends of a sentence: the first two of every vocabulary."""


@kernel
def _mark_phrases(  # noqa: PLR0913  (arrays in, arrays out)
    i: int,
    end: int,
    at: Offsets,
    exact: Keys,
    phrases: Phrases,
    bits: int,
    out: Numbers,
) -> None:
    """Mark the listed phrases that begin here, S or B I E, longer ones over shorter ones."""
    keys, places, lists, sieve = phrases
    x = BASIS
    for length in range(1, min(LONGEST_PHRASE, end - i) + 1):
        x = mix(x, exact[at[i + length - 1]]) | U(1)
        first = x >> U(64 - SIEVE_BITS)
        if not (sieve[first >> U(3)] >> (first & U(7))) & U(1):
            continue
        place = slot(keys, x)
        if not keys[place]:
            continue
        on = np.int64(lists[places[place]])
        for g in range(GAZETTEERS):
            if (on >> g) & 1:
                for k in range(length):
                    mark = 1 if length == 1 else 2 if k == 0 else 4 if k == length - 1 else 3
                    out[i + k, g] = row_of(U(7000 + g * 8 + mark), 77, bits)


@kernel
def fill_in(  # noqa: PLR0913  (arrays in, arrays out)
    at: Offsets,
    sentences: Offsets,
    wanted: Bytes,
    words: tuple[Bytes, Keys, Keys, Keys],
    phrases: Phrases,
    bits: int,
    out: Numbers,
) -> None:
    """Fill in the rows of each wanted position that its neighbours decide, -1 for none.

    at: the vocabulary's word at each position; sentences: where each begins, and the end.
    words: kinds, and hashes in lower case, of shapes, and as written, by word.
    phrases: table keys and places, the gazetteers by place, and a sieve of the keys.
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
                _mark_phrases(i, end, at, words[3], phrases, bits, out)
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
def _conjoin(  # noqa: PLR0913  (arrays in, arrays out)
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
    out[g] = row_of(mix(spelled[before], spelled[here]), 21, bits)
    out[g + 1] = row_of(mix(spelled[here], spelled[after]), 22, bits)
    out[g + 2] = row_of(mix(shapes[before], shapes[here]), 23, bits)
    out[g + 3] = row_of(mix(shapes[here], shapes[after]), 24, bits)
    out[g + 4] = row_of(mix(mix(shapes[before], shapes[here]), shapes[after]), 25, bits)
    out[g + 5] = row_of(mix(mix(spelled[before], shapes[here]), spelled[after]), 26, bits)
    out[g + 6] = row_of(mix(spelled[before], shapes[here]), 27, bits)
    out[g + 7] = row_of(mix(shapes[here], spelled[after]), 28, bits)
    out[g + 8] = row_of(mix(shapes[here], 900 + opening), 29, bits)
    if kinds[here] >= MIXED:
        out[g + 9] = row_of(spelled[at[left]] if left >= start else U(3), 30, bits)
        out[g + 10] = row_of(spelled[at[right]] if right < end else U(5), 31, bits)
        out[g + 11] = row_of(U(min(right - left - 1, 6) * 8 + min(i - left, 6)), 32, bits)
        out[g + 12] = row_of(spelled[at[right - 1]], 33, bits)
        out[g + 13] = row_of(spelled[at[left + 1]], 34, bits)
