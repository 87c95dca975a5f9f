"""Numbers for the words of the articles being indexed, each tokenized and stemmed only once."""

from __future__ import annotations

from array import array
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from index.tokens import pieces, stem

_BYTES_A_CHUNK = 350
"""Memory of a chunk beside its characters: measured on English news, where a chunk in two is a
word of its own."""


class Lexicon:
    """Interns chunks, the words they are cut into, and the terms (stems) those stand for.

    A word is a folded piece together with its term, since languages stem differently. Numbers
    are given in the order of first sight and stay valid until the lexicon is thrown away.
    """

    def __init__(self) -> None:
        self.terms: dict[str, int] = {}
        self.words: dict[tuple[str, str], int] = {}
        self._characters = 0
        self._word_term = array("I")
        self._chunk_first = array("I", [0])
        self._chunk_word = array("I")
        self._readers: dict[str, _Chunks] = {}

    @property
    def memory(self) -> int:
        """About how many bytes are held."""
        return (len(self._chunk_first) - 1) * _BYTES_A_CHUNK + self._characters

    def reader(self, language: str) -> Callable[[str], int]:
        """A fast function from a chunk of index.tokens.chunks to its number."""
        if language not in self._readers:
            self._readers[language] = _Chunks(self, language)
        return self._readers[language].__getitem__

    def add(self, chunk: str, language: str) -> int:
        """A new number for a chunk."""
        self._characters += len(chunk)
        for word in pieces(chunk):
            key = (word, stem(word, language))
            number = self.words.get(key)
            if number is None:
                number = self.words[key] = len(self.words)
                self._word_term.append(self.terms.setdefault(key[1], len(self.terms)))
            self._chunk_word.append(number)
        self._chunk_first.append(len(self._chunk_word))
        return len(self._chunk_first) - 2

    def arrays(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32]]:
        """(first, word, term), all uint32 and copies.

        Chunk c is cut into word[first[c]:first[c + 1]], each of which stands for term[word].
        """
        first, word, term = (
            np.array(values, np.uint32)
            for values in (self._chunk_first, self._chunk_word, self._word_term)
        )
        return first, word, term


class _Chunks(dict[str, int]):
    """The numbers of one language's chunks, made when first asked for."""

    def __init__(self, lexicon: Lexicon, language: str) -> None:
        super().__init__()
        self._lexicon = lexicon
        self._language = language

    def __missing__(self, chunk: str) -> int:
        number = self[chunk] = self._lexicon.add(chunk, self._language)
        return number
