"""The recogniser of the archive: people, places and organisations in an article."""

from __future__ import annotations

from functools import cache
from itertools import accumulate

from index.entities import document_rules, rules
from index.entities.abbreviations import introduced
from index.entities.canonical import canonical_names
from index.entities.mentions import Mention, Recogniser
from index.entities.words import pieces, sentences


class RuleRecogniser:
    """Recognition by gazetteers and cues."""

    version = "rules-1"

    def find(self, text: str) -> tuple[Mention, ...]:
        """See `Recogniser.find`."""
        cut = pieces(text)
        ends = list(accumulate(map(len, cut)))
        at = [i for i, piece in enumerate(cut) if not piece.isspace()]
        words = [cut[i] for i in at]
        spans = rules.label(words, sentences(cut))
        spans = document_rules.apply(words, spans, frozenset())
        abbreviations = {
            short: " ".join(words[span.start : span.end])
            for short, span in introduced(words, spans).items()
        }
        places = []
        for span in spans:
            start = ends[at[span.start]] - len(words[span.start])
            end = ends[at[span.end - 1]]
            if span.type != "other":
                places.append((span.type, start, end))
        names = canonical_names(
            [(kind, text[start:end]) for kind, start, end in places],
            abbreviations,
            rules.is_place,
        )
        return tuple(
            Mention(kind, start, end, text[start:end], name)
            for (kind, start, end), name in zip(places, names, strict=True)
        )


@cache
def load() -> Recogniser:
    """Return the recogniser, read once per process."""
    return RuleRecogniser()


def warm() -> None:
    """Make ready whatever the first article would otherwise wait for."""
    load().find("KYIV, Ukraine")
