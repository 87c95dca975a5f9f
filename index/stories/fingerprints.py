"""What articles are compared by, read from their texts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from index.stories.minhash import shingle_hashes
from index.stories.overlap import MOST_SHINGLES, SHINGLE, distinct
from index.tokens import STOP_WORDS, pieces

VERSION = "1"
"""Changes whenever an article would get another fingerprint, or another story."""

LEAST_WORDS = 8
"""Articles with fewer, title included, are never copies: they say too little."""

_WORD_BYTES = 4
_MOST_REMEMBERED = 500_000


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """An article as it is compared.

    digest: of all words of title and body in order, 0 < digest < 2^56; 0 when they are too few.
    shingles, facts: of the body, sorted uint32, each once. The last bit of a fact says whether it
    is a figure.
    """

    digest: int
    shingles: NDArray[np.uint32]
    facts: NDArray[np.uint32]


class FingerprintReader:
    """Reads fingerprints, and remembers what stood between spaces, as that repeats."""

    def __init__(self) -> None:
        self._words = _Remembered(_words)
        self._facts = _Remembered(_facts)

    def read(self, title: str, body: str) -> Fingerprint:
        """The fingerprint of an article."""
        chunks = body.split()
        words = self._words.of(chunks)
        return Fingerprint(
            digest=_digest(self._words.of(title.split()) + words),
            shingles=shingle_hashes(np.frombuffer(words, np.uint32), SHINGLE, MOST_SHINGLES),
            facts=distinct(np.frombuffer(self._facts.of(chunks), np.uint32)),
        )


class _Remembered(dict[str, bytes]):
    """What was read from each chunk of a text."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        super().__init__()
        self._read = read

    def of(self, chunks: Sequence[str]) -> bytes:
        if len(self) > _MOST_REMEMBERED:
            self.clear()
        return b"".join(map(self.__getitem__, chunks))

    def __missing__(self, chunk: str) -> bytes:
        read = self[chunk] = self._read(chunk)
        return read


def _words(chunk: str) -> bytes:
    """The hashes of the words of a chunk, uint32."""
    return b"".join(_code(word) for word in pieces(chunk.lower()))


def _facts(chunk: str) -> bytes:
    """The hashes of those of its words that are facts, the last bit set for figures."""
    has_capital = next((character for character in chunk if character.isalnum()), "").isupper()
    facts = b""
    for word in pieces(chunk.lower()):
        is_figure = any(character.isdigit() for character in word)
        if is_figure or (has_capital and word not in STOP_WORDS):
            code = _code(word)
            facts += bytes([code[0] & ~1 | is_figure]) + code[1:]
    return facts


def _code(word: str) -> bytes:
    return crc32(word.encode()).to_bytes(_WORD_BYTES, "little")


def _digest(words: bytes) -> int:
    if len(words) < LEAST_WORDS * _WORD_BYTES:
        return 0
    return 1 + int.from_bytes(hashlib.blake2b(words, digest_size=6).digest(), "little")
