"""Makes labelled sets agree with each other before they are learnt from together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index.entities.lists import SENTENCE_STARTS
from index.entities.spans import Span
from index.entities.train.examples import Sentence


def distinct(sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    """Each sentence once."""
    seen = set()
    for sentence in sentences:
        if sentence.words and sentence.words not in seen:
            seen.add(sentence.words)
            yield sentence


def harmonised(sentence: Sentence, demonyms: frozenset[tuple[str, ...]]) -> Sentence:
    """The sentence with every demonym marked as "other" and no pronoun marked as a name."""
    names = []
    taken: set[int] = set()
    for start, end, kind in sentence.names:
        if end - start == 1 and sentence.words[start] in SENTENCE_STARTS:
            continue
        taken.update(range(start, end))
        demonym = sentence.words[start:end] in demonyms
        names.append(Span(start, end, "other" if demonym else kind))
    for length in (2, 1):
        for start in range(len(sentence.words) - length + 1):
            end = start + length
            if sentence.words[start:end] in demonyms and taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                names.append(Span(start, end, "other"))
    return Sentence(sentence.words, tuple(sorted(names)))
