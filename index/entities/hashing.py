"""Hashes of words and features, and tables that are looked up by them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel

U = np.uint64
PRIME = U(0x100000001B3)
BASIS = U(0xCBF29CE484222325)

Whole = int | np.integer[Any]
Keys = NDArray[np.uint64]
Codes = NDArray[np.uint32]
Numbers = NDArray[np.int32]
Offsets = NDArray[np.int64]
Bytes = NDArray[np.uint8]


@kernel
def finish(x: np.uint64) -> np.uint64:
    """Mix the bits of a hash so that its low ones depend on all (after splitmix64)."""
    x ^= x >> U(29)
    x *= U(0xBF58476D1CE4E5B9)
    return x ^ (x >> U(32))


@kernel
def mix(a: Whole, b: Whole) -> np.uint64:
    """One hash of two numbers, in this order."""
    joined = U(a) ^ (U(b) * U(0x9E3779B97F4A7C15) + (U(a) << U(6)) + (U(a) >> U(2)))
    mixed: np.uint64 = finish(joined)
    return mixed


@kernel
def hash_codes(codes: Codes, start: int, end: int, seed: int) -> np.uint64:
    """FNV-1a over code points, never 0."""
    x = BASIS ^ U(seed)
    for i in range(start, end):
        x = (x ^ U(codes[i])) * PRIME
    mixed: np.uint64 = finish(x)
    return mixed | U(1)


@kernel
def slot(keys: Keys, key: np.uint64) -> np.uint64:
    """Where a key is, or would be put, in an open-addressing table whose empty keys are 0."""
    mask = U(len(keys) - 1)
    i = key & mask
    while keys[i] != 0 and keys[i] != key:
        i = (i + U(1)) & mask
    return i


@kernel
def fill_table(keys: Keys, places: Numbers, new: Keys) -> None:
    """Put the position of each new key into a table; its size is a power of two, half empty."""
    for n in range(len(new)):
        i = slot(keys, new[n])
        keys[i] = new[n]
        places[i] = n


@kernel
def hash_words(codes: Codes, starts: Offsets, out: Keys) -> None:
    """Fill in the hashes of words as the tables are keyed; see `describe` for the arguments."""
    for n in range(len(out)):
        out[n] = hash_codes(codes, starts[n], starts[n + 1], 0)


@kernel
def hash_phrases(words: Keys, starts: Offsets, out: Keys) -> None:
    """Fill in the hashes of phrases, from those of their words as written."""
    for n in range(len(out)):
        x = BASIS
        for i in range(starts[n], starts[n + 1]):
            x = mix(x, words[i]) | U(1)
        out[n] = x


@kernel
def row_of(feature: np.uint64, place: int, bits: int) -> np.int32:
    """The row, below 2^bits, of a feature at a place."""
    return np.int32(mix(feature, place) >> U(64 - bits))
