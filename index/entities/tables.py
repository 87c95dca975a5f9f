"""What is known of words beyond their letters: clusters, usual case, word lists, gazetteers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from index.entities import hashing

ACRONYM = 13
"""Among the ratios: mostly written in capitals."""

HARDLY_EVER = (1, 7)
"""Among the ratios: with a capital less than one time in six."""

_GREAT_PLACES = np.uint16(0b111)
_PEOPLE = np.uint16(0b11 << 8)
"""Bits of gazetteers: countries, regions and great cities; given names and surnames. In the order of
index.entities.train.gazetteers."""

SIEVE_BITS = 20
"""128 KB, in which one in twelve is set for 84,000 phrases."""

Keys = NDArray[np.uint64]
Table = tuple[Keys, NDArray[np.int32]]


def hash_table(keys: Keys) -> Table:
    """An open-addressing table that finds the position of a key; at most half full."""
    size = 1 << max(4, (2 * len(keys)).bit_length())
    slots, places = np.zeros(size, np.uint64), np.full(size, -1, np.int32)
    hashing.fill_table(slots, places, keys)
    return slots, places


def sieve(keys: Keys) -> NDArray[np.uint8]:
    """A bit for what the first `SIEVE_BITS` bits of a key may be; most that are no keys have none.

    It fits the processor's cache where the table does not.
    """
    bits = np.zeros(1 << SIEVE_BITS, np.uint8)
    bits[keys >> np.uint64(64 - SIEVE_BITS)] = 1
    return np.packbits(bits, bitorder="little")


@dataclass(frozen=True)
class Statistics:
    """The same as arrays, one row per word or phrase, as a model file keeps it.

    clusters: coarse, middle and fine cluster of words as they are written (digits as 0).
    ratios: 0 unknown, 1 to 6 for how often a lower-case word begins with a capital, plus 6 when
    it was seen often, or `ACRONYM`. lists: a bit for each word list. gazetteers: a bit for each gazetteer.
    """

    cluster_keys: Keys
    clusters: NDArray[np.int16]
    word_keys: Keys
    ratios: NDArray[np.uint8]
    lists: NDArray[np.uint8]
    phrase_keys: Keys
    gazetteers: NDArray[np.uint16]

    @classmethod
    def nothing(cls) -> Statistics:
        """Statistics that know no word."""
        keys = np.empty(0, np.uint64)
        return cls(
            cluster_keys=keys,
            clusters=np.empty((0, 3), np.int16),
            word_keys=keys,
            ratios=np.empty(0, np.uint8),
            lists=np.empty(0, np.uint8),
            phrase_keys=keys,
            gazetteers=np.empty(0, np.uint16),
        )


class Tables:
    """Statistics made ready for look-ups by the kernels."""

    def __init__(self, statistics: Statistics, bits: int) -> None:
        self.bits = bits
        self.clusters = (*hash_table(statistics.cluster_keys), statistics.clusters)
        self.words = (*hash_table(statistics.word_keys), statistics.ratios, statistics.lists)
        phrases = statistics.phrase_keys
        self.phrases = (*hash_table(phrases), statistics.gazetteers, sieve(phrases))
        on = statistics.gazetteers
        great = phrases[((on & _GREAT_PLACES) != 0) & ((on & _PEOPLE) == 0)]
        self.great_places = frozenset(great.tolist())
        """Keys of what countries, regions and great cities are called, and no people."""


def encode(new: list[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The words' code points one after the other; where each word begins, and the end."""
    joined = "".join(new).encode("utf-32-le", "surrogatepass")
    starts = np.fromiter(accumulate(map(len, new), initial=0), np.int64, len(new) + 1)
    return np.frombuffer(joined, np.uint32), starts


def without_digits(codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The code points with every ASCII digit as 0."""
    digits = (codes >= ord("0")) & (codes <= ord("9"))
    return np.where(digits, np.uint32(ord("0")), codes)


def hash_words(words: list[str]) -> Keys:
    """The keys of words in all of these tables."""
    codes, starts = encode([word.replace("’", "'") for word in words])
    keys = np.empty(len(words), np.uint64)
    hashing.hash_words(without_digits(codes), starts, keys)
    return keys
