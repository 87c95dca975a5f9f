"""Applies a model to texts: words in, names out, sentence by sentence."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.entities import decoder, features, surroundings
from index.entities.model import Model
from index.entities.spans import Span
from index.entities.tables import Tables
from index.entities.vocabulary import Layout, Vocabulary

_ROWS_BY_DISTANCE = (features.HERE, features.NEAR, features.FAR)


class Tagger:
    """A model with the words it has met. Not for several threads at once."""

    def __init__(self, model: Model) -> None:
        self.tables = Tables(model.statistics, model.bits)
        self._weights = model.dense()
        self._scale = np.float32(model.scale)
        self._chain = (model.transitions, model.first, decoder.predecessors())
        self.vocabulary = Vocabulary(self.tables)
        self._scored = self._times_forgotten = 0
        self._sums = np.empty((1024, 5, decoder.LABELS), np.int16)

    def read(self, *texts: str) -> Layout:
        """The texts as words and sentences."""
        layout = self.vocabulary.read(*texts)
        if self.vocabulary.times_forgotten != self._times_forgotten:
            self._times_forgotten = self.vocabulary.times_forgotten
            self._scored = 0
        return layout

    def spans(self, layout: Layout) -> list[list[Span]]:
        """The names in each of the texts that this tagger has read last."""
        return decoder.spans(self.labels(layout), layout.texts)

    def labels(self, layout: Layout) -> NDArray[np.uint8]:
        """The label of each word; see `decoder`."""
        self._score_new_words()
        vocabulary, words, sentences = self.vocabulary, layout.words, layout.sentences
        wanted = np.zeros(len(words), np.uint8)
        found = np.empty((len(words), 2), np.int64)
        count = decoder.windows(words, sentences, vocabulary.kinds, found, wanted)
        places = np.empty((len(words), surroundings.PLACE_ROWS), np.int32)
        surroundings.fill_in(
            words,
            sentences,
            wanted,
            vocabulary.hashes,
            self.tables.phrases,
            self.tables.bits,
            places,
        )
        labels = np.zeros(len(words), np.uint8)
        decoder.decode(
            words,
            sentences,
            found[:count],
            self._sums,
            places,
            self._weights,
            self._scale,
            self._chain,
            labels,
        )
        return labels

    def _score_new_words(self) -> None:
        start, end = self._scored, self.vocabulary.size
        if start == end:
            return
        if end > len(self._sums):
            grown = np.empty((max(end, 2 * len(self._sums)), *self._sums.shape[1:]), np.int16)
            grown[:start] = self._sums[:start]
            self._sums = grown
        decoder.score_words(
            self.vocabulary.rows[start:end], _ROWS_BY_DISTANCE, self._weights, self._sums[start:end]
        )
        self._scored = end
