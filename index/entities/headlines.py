"""People in headlines, where most or all words begin with a capital: "PUTIN Praises Lukashenko"."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from index.entities.lists import ALIASES
from index.entities.spans import Span

_LONGER = 4
"""Letters of words that are no articles or prepositions, which have no capital in any headline."""
_FEW = 0.2
"""The share of them that may be without one: "iPhone", or a word that the writer overlooked."""


IsMostlySmall = Callable[[str], bool]
"""Whether a word is hardly ever written with a capital in running text."""


def without_other_words(
    words: Sequence[str], spans: Sequence[Span], headline: int, is_mostly_small: IsMostlySmall
) -> list[Span]:
    """The spans, those of people in the headline without words that are not of their names.

    A headline shortens names, and the body gives them in full. So when the body names a person
    by the last words of such a span, and never by all of it, the first are not part of it. Nor
    are words at its ends that in running text have no capital. No organisation is what has none
    in any of its words.
    """
    if not spans or spans[0].end > headline or not _has_capitals_throughout(words[:headline]):
        return list(spans)
    named: set[tuple[str, ...]] = set()
    if any(span.type == "person" and span.end <= headline for span in spans):
        named = _named_in_body(words, spans, headline)
    body: frozenset[str] | None = None
    kept = []
    for span in spans:
        if span.type == "person" and span.end <= headline:
            start, end = _name_within(words, span, named, is_mostly_small)
            if start < end:
                kept.append(Span(start, end, span.type))
        elif span.type == "organisation" and span.end - span.start > 1 and span.end <= headline:
            body = body or frozenset(words[headline:])
            name = words[span.start : span.end]
            small = (
                word.lower() in body or word.lower() in ALIASES or is_mostly_small(word)
                for word in name
            )
            if not all(small):
                kept.append(span)
        else:
            kept.append(span)
    return kept


def _named_in_body(
    words: Sequence[str], spans: Sequence[Span], headline: int
) -> set[tuple[str, ...]]:
    """The names of people behind the headline and all their endings, in lower case."""
    return {
        _folded(words[at:end])
        for start, end, kind in spans
        if kind == "person" and start >= headline
        for at in range(start, end)
    }


def _name_within(
    words: Sequence[str],
    span: Span,
    named: set[tuple[str, ...]],
    is_mostly_small: IsMostlySmall,
) -> tuple[int, int]:
    """The longest ending by which the body names somebody, else all but common words."""
    start, end, _ = span
    for at in range(start, end):
        if _folded(words[at:end]) in named:
            return at, end
    while start < end and is_mostly_small(words[start]):
        start += 1
    while start < end and is_mostly_small(words[end - 1]):
        end -= 1
    return start, end


def _has_capitals_throughout(headline: Sequence[str]) -> bool:
    """Whether capitals tell nothing, as nearly all longer words have one."""
    longer = [word for word in headline if len(word) >= _LONGER and word[0].isalpha()]
    lower = sum(word[0].islower() for word in longer)
    return bool(longer) and lower <= _FEW * len(longer)


def _folded(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(str.lower, words))
