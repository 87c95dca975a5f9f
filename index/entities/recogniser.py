"""The recogniser of the archive: people, places and organisations in an article."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from index.batches import batched
from index.entities import corrections, document_rules, model
from index.entities.abbreviations import introduced
from index.entities.canonical import canonical_names
from index.entities.mentions import Mention, Recogniser
from index.entities.owners import with_owners
from index.entities.spans import Span
from index.entities.tagger import Tagger
from index.entities.vocabulary import Vocabulary

MODEL = Path(__file__).with_name("model.bin")

_RULES = 11
"""Counted up when rules or naming change, so that articles are read again."""

_BATCH = 64
_BATCH_CHARACTERS = 40_000
"""Texts read together, and the characters of theirs from which on no more are added: enough that
calling kernels costs little, and little enough that their arrays stay in the processor's cache."""

_EXAMPLE = "KYIV, Ukraine – Gen. Pat Ryder of the National Security Council (NSC) said so."


class TrainedRecogniser:
    """A trained model, then the rules for whole articles, then names. For any threads."""

    def __init__(self, path: Path) -> None:
        self._model, checksum = model.read(path)
        self.version = f"{checksum}-{_RULES}"
        self._own = threading.local()

    def find(self, text: str) -> tuple[Mention, ...]:
        """See `Recogniser.find`."""
        return next(self.find_all((text,)))

    def find_all(self, texts: Iterable[str]) -> Iterator[tuple[Mention, ...]]:
        """See `Recogniser.find_all`."""
        for batch in batched(texts, _BATCH, len, _BATCH_CHARACTERS):
            yield from self._find_in(batch)

    def _find_in(self, texts: Sequence[str]) -> list[tuple[Mention, ...]]:
        tagger = self._tagger()
        layout = tagger.read(*texts)
        words, spans = layout.all_words(), tagger.spans(layout)
        starts, ends = layout.starts.data, layout.ends.data
        return [
            _mentions(
                text,
                words[begin:stop],
                (starts[begin:stop], ends[begin:stop]),
                tagged,
                tagger.vocabulary,
            )
            for text, (begin, stop), tagged in zip(
                texts, pairwise(layout.texts.tolist()), spans, strict=True
            )
        ]

    def _tagger(self) -> Tagger:
        """The thread's own: it remembers the words it has met."""
        tagger: Tagger | None = getattr(self._own, "tagger", None)
        if tagger is None:
            tagger = self._own.tagger = Tagger(self._model)
        return tagger


def _mentions(
    text: str,
    words: list[str],
    places: tuple[memoryview, memoryview],
    tagged: Sequence[Span],
    vocabulary: Vocabulary,
) -> tuple[Mention, ...]:
    """The mentions in one article, from the names its tagger found.

    places: where each word starts and where it ends. vocabulary: what has read the words.
    """
    starts, ends = places
    headline = bisect_left(starts, text.find("\n"))
    spans = corrections.correct(words, tagged, vocabulary.is_great_place)
    spans = document_rules.apply(words, spans, headline, vocabulary.is_mostly_small)
    explained = {
        short: " ".join(text[starts[span.start] : ends[span.end - 1]].split())
        for short, span in introduced(words, spans).items()
    }
    found = [
        (span.type, starts[span.start], ends[span.end - 1])
        for span in spans
        if span.type != "other"
    ]
    named = [(kind, text[start:end]) for kind, start, end in found]
    names = with_owners(text, found, canonical_names(named, explained))
    return tuple(
        Mention(kind, start, end, surface, name)
        for (kind, start, end), (_, surface), name in zip(found, named, names, strict=True)
        if name
    )


@cache
def load() -> Recogniser:
    """Return the recogniser, read once per process; raises ModelDamaged."""
    return TrainedRecogniser(MODEL)


def warm() -> None:
    """Compile the kernels, or read them from numba's cache, before the first article needs them."""
    load().find(_EXAMPLE)
