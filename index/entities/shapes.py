"""How words look: the kind of each, and hashes of its shape."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel

OTHER, DIGIT, LOWER, MIXED, CAPITAL, CAPITALS = range(6)
"""Kinds of words. MIXED has a capital inside only: al-Qaida, iPhone."""

_IS_LOWER, _IS_UPPER, _IS_DIGIT, _IS_LETTER = 1, 2, 3, 4
_LONG_SHAPE = 7
_PRIME = np.uint64(0x100000001B3)
_BASIS = np.uint64(0xCBF29CE484222325)


@cache
def character_classes() -> NDArray[np.uint8]:
    """1 lower, 2 upper, 3 digit, 4 other letter, 0 none of them, by code point below 2^16."""
    characters = np.arange(1 << 16, dtype=np.uint32).view("U1")
    classes = np.where(np.strings.isalpha(characters), _IS_LETTER, 0).astype(np.uint8)
    classes[np.strings.isdigit(characters)] = _IS_DIGIT
    classes[np.strings.isupper(characters)] = _IS_UPPER
    classes[np.strings.islower(characters)] = _IS_LOWER
    return classes


@kernel
def look(  # noqa: PLR0913  (arrays in, arrays out)
    codes: NDArray[np.uint32],
    starts: NDArray[np.int64],
    classes: NDArray[np.uint8],
    kinds: NDArray[np.uint8],
    short: NDArray[np.uint64],
    long: NDArray[np.uint64],
) -> None:
    """Fill in each word's kind and the hashes of its shape.

    For Covid-19 short is Xx-d, and long its first seven characters, Xxxxx-d.

    codes[starts[n]:starts[n + 1]] is the n-th word, of one character at least.
    """
    for n in range(len(kinds)):
        upper = lower = letters = 0
        first = last = np.int64(0)
        short[n] = long[n] = _BASIS
        for i in range(starts[n], starts[n + 1]):
            code = codes[i]
            kind = np.int64(classes[code]) if code < len(classes) else np.int64(0)
            upper += kind == _IS_UPPER
            lower += kind == _IS_LOWER
            letters += kind == _IS_LETTER
            mark = kind or np.int64(code) + 8
            if i == starts[n]:
                first = kind
            if mark != last:
                short[n] = (short[n] ^ np.uint64(mark)) * _PRIME
            if i < starts[n] + _LONG_SHAPE:
                long[n] = (long[n] ^ np.uint64(mark)) * _PRIME
            last = mark
        if upper and not lower and starts[n + 1] - starts[n] > 1:
            kinds[n] = CAPITALS
        elif first == _IS_UPPER:
            kinds[n] = CAPITAL
        elif upper:
            kinds[n] = MIXED
        elif lower or letters:
            kinds[n] = LOWER
        else:
            kinds[n] = DIGIT if first == _IS_DIGIT else OTHER
