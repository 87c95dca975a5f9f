"""Labels free text with a model that has learnt from people's labels, document rules included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index.entities import corrections, document_rules
from index.entities.tagger import Tagger
from index.entities.train import examples
from index.entities.train.examples import Sentence


def label(texts: Iterable[str], teacher: Tagger) -> Iterator[Sentence]:
    """The sentences of the texts with the names the teacher and the rules find."""
    for text in texts:
        layout = teacher.read(text)
        words = layout.all_words()
        (tagged,) = teacher.spans(layout)
        spans = document_rules.apply(words, corrections.correct(words, tagged))
        yield from examples.sentences(layout, spans)
