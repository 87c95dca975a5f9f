"""What the model knows of a word, hashed into rows of its weights.

A *row* is an index into the model's weights: the text of a feature is never kept, only its hash.
What depends on the word alone is hashed here, once per distinct word; what depends on its
neighbours is hashed where it stands (see `surroundings`).

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

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel
from index.entities.hashing import (
    BASIS,
    PRIME,
    Bytes,
    Codes,
    Keys,
    Numbers,
    Offsets,
    U,
    Whole,
    finish,
    hash_codes,
    mix,
    row_of,
    slot,
)
from index.entities.shapes import CAPITALS, LOWER, MIXED

HERE, NEAR, FAR = 21, 11, 4
WORD_ROWS = HERE + 2 * NEAR + 2 * FAR
LISTS = 8
"""Word lists that fit a byte."""

_HYPHEN = ord("-")


@kernel
def _cluster(  # noqa: PLR0913  (arrays in, arrays out)
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
    i = slot(keys, hash_codes(codes, a, b, 0))
    if not keys[i] and kind == CAPITALS:
        x = (BASIS ^ U(codes[a])) * PRIME
        for j in range(p + 1, q):
            x = (x ^ U(low[j])) * PRIME
        i = slot(keys, finish(x) | U(1))
    if not keys[i]:
        i = slot(keys, hash_codes(low, p, q, 0))
    return places[i] if keys[i] else -1


@kernel
def _spell(low: Codes, p: int, q: int, f: Keys) -> None:
    """Features of the word's letters: itself, beginnings, endings, parts at hyphens."""
    f[0] = hash_codes(low, p, q, 1)
    for k in range(1, 5):
        if q - p > k:
            f[11 + k] = hash_codes(low, p, p + k, 10 + k)
            f[6 if k == 3 else 18 if k == 4 else 15 + k] = hash_codes(low, q - k, q, 20 + k)
    first = last = -1
    for i in range(p, q):
        if low[i] == _HYPHEN:
            first = i if first < 0 else first
            last = i
    if first >= 0 and q - p > 1:
        f[19] = hash_codes(low, p, first, 25)
        f[20] = hash_codes(low, last + 1, q, 26)


@kernel
def _listed(ratio: Whole, lists: Whole, kind: Whole, f: Keys) -> None:
    """Features of the word's usual case and of the lists it is on."""
    if kind >= LOWER:
        f[7] = mix(33, ratio * 8 + kind)
    if lists:
        f[3] = mix(34, lists * 2 + (kind >= MIXED))
        place = 8
        for bit in range(LISTS):
            if (lists >> bit) & 1 and place < 11:
                f[place] = mix(35, bit)
                place += 1


@kernel
def describe(  # noqa: PLR0913  (arrays in, arrays out)
    codes: Codes,
    starts: Offsets,
    low: Codes,
    low_starts: Offsets,
    shapes: tuple[Bytes, Keys, Keys],
    clusters: tuple[Keys, Numbers, NDArray[np.int16]],
    words: tuple[Keys, Numbers, Bytes, Bytes],
    bits: int,
    out: tuple[Numbers, Keys, Keys, Bytes],
) -> None:
    """Fill in the rows of new words, their hashes in lower case and as written, capital ratios.

    codes, low: the words' code points one after the other, as written and in lower case, both
    with digits as 0; starts, low_starts: where each begins, and the end.
    shapes: kinds, short and long shapes. clusters: table keys and places, and the three clusters
    by place. words: table keys and places, and by place the capital ratio and the lists.
    bits: the model has 2^bits rows.
    """
    rows, word_hashes, exact_hashes, ratios = out
    f = np.zeros(HERE, np.uint64)
    for w in range(len(starts) - 1):
        a, b, p, q = starts[w], starts[w + 1], low_starts[w], low_starts[w + 1]
        kind = np.int64(shapes[0][w])
        f[:] = 0
        _spell(low, p, q, f)
        f[5] = mix(shapes[1][w], 2)
        f[11] = mix(shapes[2][w], 3)
        at = _cluster(codes, a, b, low, p, q, kind, clusters[0], clusters[1])
        f[1] = mix(30, np.int64(clusters[2][at, 1]) + 1 if at >= 0 else 0)
        if at >= 0:
            f[2] = mix(31, clusters[2][at, 0])
            f[4] = mix(32, clusters[2][at, 2])
        i = slot(words[0], hash_codes(low, p, q, 0))
        known = words[0][i] != 0
        ratios[w] = words[2][words[1][i]] if known else 0
        _listed(np.int64(ratios[w]), np.int64(words[3][words[1][i]]) if known else 0, kind, f)
        word_hashes[w] = f[0]
        exact_hashes[w] = hash_codes(codes, a, b, 0)
        at = 0
        for offset in range(5):
            for j in range(HERE if offset == 0 else NEAR if offset < 3 else FAR):
                rows[w, at] = row_of(f[j], 11 + offset, bits) if f[j] else -1
                at += 1
