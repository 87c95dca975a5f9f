"""Labelled sentences in the recogniser's own words, whatever they came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from index.entities import conll, decoder
from index.entities.spans import Span
from index.entities.train.crf import Examples
from index.entities.vocabulary import Layout, Vocabulary


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words with the names among them, in order and apart."""

    words: tuple[str, ...]
    names: tuple[Span, ...]


Article = list[Sentence]


def sentences_of(annotated: conll.Annotated, vocabulary: Vocabulary) -> Article:
    """The sentences of an article, cut into words as any text is."""
    layout = vocabulary.read(annotated.text)
    starts, ends = layout.starts, layout.ends
    spans: list[Span] = []
    for start, end, kind in annotated.names:
        first = int(np.searchsorted(ends, start, side="right"))
        last = int(np.searchsorted(starts, end, side="left"))
        if first < last and (not spans or spans[-1].end <= first):
            spans.append(Span(first, last, kind))
    return sentences(layout, spans)


def sentences(layout: Layout, spans: Sequence[Span]) -> Article:
    """A text's sentences with the names that lie wholly within one."""
    article = []
    bounds = layout.sentences.tolist()
    waiting = iter([*spans, Span(len(layout.words), len(layout.words), "other")])
    span = next(waiting)
    words = layout.all_words()
    for start, end in pairwise(bounds):
        names = []
        while span.start < end:
            if span.end <= end:
                names.append(Span(span.start - start, span.end - start, span.type))
            span = next(waiting)
        article.append(Sentence(tuple(words[start:end]), tuple(names)))
    return article


def labels(sentence: Sentence) -> list[int]:
    """The label of each word; see `decoder`."""
    found = [decoder.O] * len(sentence.words)
    for start, end, kind in sentence.names:
        base = 4 * decoder.TYPES.index(kind)
        if end - start == 1:
            found[start] = base + decoder.U
        else:
            found[start:end] = [base + decoder.I] * (end - start)
            found[start] = base + decoder.B
            found[end - 1] = base + decoder.L
    return found


def arrays(of: Iterable[Sentence], vocabulary: Vocabulary) -> Examples:
    """Sentences as the trainer takes them."""
    kept = [sentence for sentence in of if sentence.words]
    words = [number for sentence in kept for number in vocabulary.numbers(sentence.words)]
    starts = accumulate((len(sentence.words) for sentence in kept), initial=0)
    return Examples(
        np.array(words, np.int64),
        np.array([label for sentence in kept for label in labels(sentence)], np.uint8),
        np.fromiter(starts, np.int64, len(kept) + 1),
    )
