"""Numbers for the words of the articles being indexed, each tokenized and stemmed only once."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.native.chunk_table import ChunkTable
from index.tokens import pieces, stem

_BYTES_A_WORD = 350
"""Memory of a word with its term: measured 190 on English news, 420 where no two words share one."""


Key = TypeVar("Key", str, tuple[str, str])


class Numbered(Generic[Key]):
    """Numbers for texts or pairs of texts, in the order of first sight."""

    def __init__(self) -> None:
        self.numbers: dict[Key, int] = {}
        self._order: list[int] = []

    def number(self, key: Key) -> int:
        """The number of a key, a new one if need be."""
        return self.numbers.setdefault(key, len(self.numbers))

    def in_order(self, used: NDArray[np.bool_]) -> tuple[list[Key], NDArray[np.int64]]:
        """The keys whose number is used, sorted, and their numbers in that order.

        Keys beyond `used`, numbered meanwhile by another thread, are left out.
        """
        keys = list(self.numbers)[: len(used)]
        # What was sorted before is one long run, so that only what is new has to be put in.
        self._order.extend(range(len(self._order), len(keys)))
        self._order.sort(key=keys.__getitem__)
        kept = [number for number in self._order if used[number]]
        return [keys[number] for number in kept], np.array(kept, np.int64)


def renumbered(
    texts: Numbered[str], used: NDArray[np.bool_]
) -> tuple[list[bytes], NDArray[np.uint32]]:
    """The used texts sorted and encoded, and the new number of each old one (0 if unused)."""
    keys, old = texts.in_order(used)
    number = np.zeros(len(used), np.uint32)
    number[old] = np.arange(len(old), dtype=np.uint32)
    return [key.encode() for key in keys], number


class Lexicon:
    """Interns chunks, the words they are cut into, and the terms (stems) those stand for.

    A word is a folded piece together with its term, since languages stem differently. Numbers
    are given in the order of first sight and stay valid until the lexicon is thrown away.
    """

    def __init__(self) -> None:
        self.terms = Numbered[str]()
        self.words = Numbered[tuple[str, str]]()
        self._languages = Numbered[str]()
        self._chunks = ChunkTable()
        self._word_term = array("I")
        self._chunk_first = array("I", [0])
        self._chunk_word = array("I")

    @property
    def memory(self) -> int:
        """About how many bytes are held."""
        return self._chunks.memory + len(self.words.numbers) * _BYTES_A_WORD

    def numbers(
        self, texts: Sequence[bytes], languages: Sequence[str]
    ) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """The numbers of all chunks of some texts, and where those of each text end.

        texts: lower case, in UTF-8, where lone surrogates pass; languages: of each
        """
        of_text = list(map(self._languages.number, languages))
        known = len(self._chunks)
        found = self._chunks.number(texts, of_text)
        codes = list(self._languages.numbers)
        for number in range(known, len(self._chunks)):
            language, chunk = self._chunks[number]
            self._cut(chunk, codes[language])
        return found

    def _cut(self, chunk: str, language: str) -> None:
        """Note the words of the next chunk."""
        for word in pieces(chunk):
            key = (word, stem(word, language))
            number = self.words.number(key)
            if number == len(self._word_term):
                self._word_term.append(self.terms.number(key[1]))
            self._chunk_word.append(number)
        self._chunk_first.append(len(self._chunk_word))

    def arrays(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]]:
        """(first, word, term), all uint32 and copies: for another thread, while this one goes on.

        Chunk c is cut into word[first[c]:first[c + 1]], each of which stands for term[word].
        """
        first, word, term = (
            np.array(values, np.uint32)
            for values in (self._chunk_first, self._chunk_word, self._word_term)
        )
        return first, word, term
