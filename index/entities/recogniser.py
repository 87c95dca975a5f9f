"""The recogniser of the archive: people, places and organisations in an article."""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path

import numpy as np

from index.entities import corrections, document_rules, model
from index.entities.abbreviations import introduced
from index.entities.canonical import canonical_names
from index.entities.mentions import Mention, Recogniser
from index.entities.tagger import Tagger

MODEL = Path(__file__).with_name("model.bin")

_RULES = 7
"""Counted up when rules or naming change, so that articles are read again."""

_EXAMPLE = "KYIV, Ukraine – Gen. Pat Ryder of the National Security Council (NSC) said so."


class TrainedRecogniser:
    """A trained model, then the rules for whole articles, then names. For any threads."""

    def __init__(self, path: Path) -> None:
        self._model, checksum = model.read(path)
        self.version = f"{checksum}-{_RULES}"
        self._own = threading.local()

    def find(self, text: str) -> tuple[Mention, ...]:
        """See `Recogniser.find`."""
        tagger = self._tagger()
        layout = tagger.read(text)
        words = layout.all_words()
        headline = int(np.searchsorted(layout.starts, text.find("\n")))
        spans = document_rules.apply(
            words,
            corrections.correct(words, tagger.spans(layout)),
            headline,
            tagger.tables.is_mostly_small,
        )
        explained = {
            short: " ".join(text[layout.starts[span.start] : layout.ends[span.end - 1]].split())
            for short, span in introduced(words, spans).items()
        }
        found = [
            (span.type, int(layout.starts[span.start]), int(layout.ends[span.end - 1]))
            for span in spans
            if span.type != "other"
        ]
        named = [(kind, text[start:end]) for kind, start, end in found]
        names = canonical_names(named, explained)
        return tuple(
            Mention(kind, start, end, text[start:end], name)
            for (kind, start, end), name in zip(found, names, strict=True)
        )

    def _tagger(self) -> Tagger:
        """The thread's own: it remembers the words it has met."""
        tagger: Tagger | None = getattr(self._own, "tagger", None)
        if tagger is None:
            tagger = self._own.tagger = Tagger(self._model)
        return tagger


@cache
def load() -> Recogniser:
    """Return the recogniser, read once per process; raises ModelDamaged."""
    return TrainedRecogniser(MODEL)


def warm() -> None:
    """Compile the kernels, or read them from numba's cache, before the first article needs them."""
    load().find(_EXAMPLE)
