"""Numbers for words: every distinct one is described once and looked up ever after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from index.entities import features, shapes, words
from index.entities.chunks import ChunkNumbers
from index.entities.growing import Growing
from index.entities.hashing import BASIS, mix
from index.entities.tables import HARDLY_EVER, Tables, encode, hash_words, without_digits

_MOST_CHUNKS = 200_000
"""Kept at most; a process that has seen more forgets all and begins again."""

_MOST_NAMES = 1 << 14
"""Of which is remembered whether they are great places."""

_BREAK = "\n"
"""Between texts, so that no sentence goes on into the next one."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Texts as words.

    Arrays of one number per word, but for `sentences` and `texts`: the first word of each, and
    the number of words. starts, ends: each word's place in its text. spelled: the words of the
    vocabulary by their numbers.
    """

    spelled: list[str]
    words: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    sentences: NDArray[np.int64]
    texts: NDArray[np.int64]

    def all_words(self) -> list[str]:
        """The words as strings."""
        return list(map(self.spelled.__getitem__, self.words.tolist()))


class Vocabulary:
    """The words met so far, with what the model knows of each. Not for several threads."""

    def __init__(self, tables: Tables, *, keep_all: bool = False) -> None:
        self._tables = tables
        self._keep_all = keep_all
        self.times_forgotten = -1
        self.forget()

    def forget(self) -> None:
        """Begin again; what was read before loses its meaning."""
        self.times_forgotten += 1
        self._chunks = ChunkNumbers()
        self._first = Growing(np.int32)
        self._first.extend([0])
        self._members = Growing(np.int32)
        self._lengths = Growing(np.int32)
        self._words: dict[str, int] = {}
        self._all: list[str] = []
        self._marks = Growing(np.uint8)
        self._new: list[str] = []
        self._new_marks: list[int] = []
        self._great: dict[tuple[str, ...], bool] = {}
        self.size = 0
        self.rows = np.empty((1024, features.WORD_ROWS), np.int32)
        self.kinds = np.empty(1024, np.uint8)
        self.spelled = np.empty(1024, np.uint64)
        self.shapes = np.empty(1024, np.uint64)
        self.exact = np.empty(1024, np.uint64)
        self._ratios = np.empty(1024, np.uint8)
        for beyond in ("\x02", "\x03"):
            self._number(beyond)
        self._describe()

    def read(self, *texts: str) -> Layout:
        """The texts as words and sentences; new words are described."""
        if len(self._chunks) > _MOST_CHUNKS and not self._keep_all:
            self.forget()
        text = _BREAK.join(texts)
        chunks = self._chunks.cut(text)
        self._add_chunks(text[start:end] for start, end in chunks.new.tolist())
        if self._new:
            self._describe()
        first = self._first.values
        count = int((first[chunks.numbers + 1] - first[chunks.numbers]).sum())
        at, starts, ends = np.empty((3, count), np.int64)
        bounds = np.empty(count + 2, np.int64)
        sentences = words.lay_out(
            (chunks.numbers, chunks.starts, chunks.breaks),
            (first, self._members.values, self._lengths.values),
            self._marks.values,
            (at, starts, ends, bounds),
        )
        begins = np.fromiter(accumulate((len(text) + 1 for text in texts), initial=0), np.int64)
        first_words = np.searchsorted(starts, begins)
        before = np.repeat(begins[:-1], np.diff(first_words))
        starts -= before
        ends -= before
        return Layout(self._all, at, starts, ends, bounds[: sentences + 1], first_words)

    def words(self) -> list[str]:
        """The words by number."""
        return self._all.copy()

    def numbers(self, of: Iterable[str]) -> list[int]:
        """The numbers of words that are already cut; new ones are described."""
        known = self._words
        numbers = [known[word] if word in known else self._number(word) for word in of]
        if self._new:
            self._describe()
        return numbers

    def is_mostly_small(self, word: str) -> bool:
        """Whether a word that was read is hardly ever written with a capital inside sentences."""
        return self._ratios[self._words[word]] in HARDLY_EVER

    def is_great_place(self, name: tuple[str, ...]) -> bool:
        """Whether a country, a region or a great city is called so, and no people are."""
        known = self._great.get(name)
        if known is None:
            if len(self._great) == _MOST_NAMES:
                self._great.clear()
            known = self._great[name] = self._key(name) in self._tables.great_places
        return known

    def _key(self, name: tuple[str, ...]) -> int:
        """As `hashing.hash_phrases` gives it."""
        key = BASIS
        for word in name:
            number = self._words.get(word)
            exact = hash_words([word])[0] if number is None else self.exact[number]
            key = np.uint64(mix(key, exact)) | np.uint64(1)
        return int(key)

    @property
    def hashes(
        self,
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64]]:
        """By word: kinds, and hashes in lower case, of shapes and as written."""
        return self.kinds, self.spelled, self.shapes, self.exact

    def _add_chunks(self, chunks: Iterable[str]) -> None:
        """Number those of new chunks' words that are new."""
        known, before = self._words, len(self._members.values)
        first, members, lengths = [], [], []
        for chunk in chunks:
            for word in words.pieces(chunk):
                number = known.get(word)
                members.append(self._number(word) if number is None else number)
                lengths.append(len(word))
            first.append(before + len(members))
        self._first.extend(first)
        self._members.extend(members)
        self._lengths.extend(lengths)

    def _number(self, word: str) -> int:
        """A new word's."""
        number = self._words[word] = len(self._words)
        self._all.append(word)
        self._new_marks.append(words.marks(word))
        self._new.append(word.replace("’", "'"))
        return number

    def _describe(self) -> None:
        """Fill in what the model knows of the new words."""
        new, self._new = self._new, []
        self._marks.extend(self._new_marks)
        self._new_marks = []
        start, end = self.size, self.size + len(new)
        if end > len(self.kinds):
            for name in ("rows", "kinds", "spelled", "shapes", "exact", "_ratios"):
                old = getattr(self, name)
                grown = np.empty((max(end, 2 * len(old)), *old.shape[1:]), old.dtype)
                grown[:start] = old[:start]
                setattr(self, name, grown)
        codes, starts = encode(new)
        low, low_starts = encode([word.lower() for word in new])
        long = np.empty(len(new), np.uint64)
        kinds, short = self.kinds[start:end], self.shapes[start:end]
        shapes.look(codes, starts, shapes.character_classes(), kinds, short, long)
        tables = self._tables
        features.describe(
            without_digits(codes),
            starts,
            without_digits(low),
            low_starts,
            (kinds, short, long),
            tables.clusters,
            tables.words,
            tables.bits,
            (
                self.rows[start:end],
                self.spelled[start:end],
                self.exact[start:end],
                self._ratios[start:end],
            ),
        )
        self.size = end
