"""Numbers for the words of the articles being indexed, each tokenized and stemmed only once.

Words and terms are kept as bytes in tables (index.native.chunk_table), which take half the memory
of texts in dictionaries.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.native.chunk_table import ChunkTable
from index.native.text_order import copy_texts, put_in_order
from index.tokens import pieces, stem

_BYTES_A_WORD = 100
"""Memory that writing needs for a word beside that of the tables: numbers, orders, counts."""

_BETWEEN = "!"
"""Between a word and its term. It is in no word, and sorts before what is: shorter words first."""


class _Order:
    """The order of the texts of a table, as far as it was asked for; for the thread that writes."""

    def __init__(self) -> None:
        self._numbers = np.zeros(0, np.uint32)

    def of(self, texts: Kept) -> NDArray[np.uint32]:
        """The numbers of texts in their order; each time of the same ones or of more."""
        done = len(self._numbers)
        new = np.arange(done, len(texts.start) - 1, dtype=np.uint32)
        if len(new):
            # What was sorted before is one run; only what is new has to be put in.
            self._numbers = np.concatenate([self._numbers, new])
            put_in_order(texts.text, texts.start, self._numbers, done)
        return self._numbers


@dataclass(frozen=True)
class Kept:
    """The texts a table had at some time, in bytes. A table adds behind them only.

    text, start: arrays of uint8 and int64, as in ChunkTable
    """

    text: NDArray[np.uint8]
    start: NDArray[np.int64]
    order: _Order

    def used(self, used: NDArray[np.bool_]) -> NDArray[np.uint32]:
        """The numbers of the used texts in the order of these."""
        order = self.order.of(self)
        return order[used[order]]

    def encoded(self, numbers: NDArray[np.uint32]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Some texts in UTF-8, without the terms of words: bytes, and where each begins."""
        text, start = copy_texts(self.text, self.start, numbers, 1, ord(_BETWEEN))
        return text, start


@dataclass(frozen=True)
class Words:
    """What a segment needs of a lexicon: copies, while another thread adds to that.

    Chunk c is cut into chunk_word[chunk_first[c]:chunk_first[c + 1]], each of which stands for
    word_term[word]; all three are arrays of uint32.
    """

    chunk_first: NDArray[np.uint32]
    chunk_word: NDArray[np.uint32]
    word_term: NDArray[np.uint32]
    words: Kept
    terms: Kept


class Lexicon:
    """Interns chunks, the words they are cut into, and the terms (stems) those stand for.

    A word is a folded piece together with its term, since languages stem differently. Numbers
    are given in the order of first sight and stay valid until the lexicon is thrown away.
    """

    def __init__(self) -> None:
        self._languages: dict[str, int] = {}
        self._chunks, self._words, self._terms = ChunkTable(), ChunkTable(), ChunkTable()
        self._word_order, self._term_order = _Order(), _Order()
        self._word_term = array("I")
        self._chunk_first = array("I", [0])
        self._chunk_word = array("I")

    @property
    def memory(self) -> int:
        """About how many bytes are held, and needed for writing what is held."""
        tables = self._chunks.memory + self._words.memory + self._terms.memory
        return tables + len(self._words) * _BYTES_A_WORD

    def numbers(
        self, texts: Sequence[bytes], languages: Sequence[str]
    ) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """The numbers of all chunks of some texts, and where those of each text end.

        texts: lower case, in UTF-8, where lone surrogates pass; languages: of each
        """
        of_text = [self._languages.setdefault(each, len(self._languages)) for each in languages]
        known = len(self._chunks)
        found = self._chunks.number(texts, of_text)
        if len(self._chunks) > known:
            self._cut(known)
        return found

    def _cut(self, known: int) -> None:
        """Note the words of the chunks that were not known, and their terms."""
        codes = list(self._languages)
        words = []
        for number in range(known, len(self._chunks)):
            language, chunk = self._chunks[number]
            words += [f"{word}{_BETWEEN}{stem(word, codes[language])}" for word in pieces(chunk)]
            self._chunk_first.append(len(self._chunk_word) + len(words))
        known_words = len(self._words)
        self._chunk_word.frombytes(_numbered(self._words, words))
        new = (self._words[number][1] for number in range(known_words, len(self._words)))
        terms = [word.partition(_BETWEEN)[2] for word in new]
        self._word_term.frombytes(_numbered(self._terms, terms))

    def copy(self) -> Words:
        """What there is so far."""
        first, word, term = (
            np.array(values, np.uint32)
            for values in (self._chunk_first, self._chunk_word, self._word_term)
        )
        words = Kept(*self._words.kept(), self._word_order)
        return Words(first, word, term, words, Kept(*self._terms.kept(), self._term_order))


def _numbered(table: ChunkTable, texts: Sequence[str]) -> bytes:
    """The numbers of texts without white space, as uint32."""
    return table.number([" ".join(texts).encode()], [0])[0].tobytes()
