"""What one mention of a name tells about the others in the same article.

An article introduces a name in full and then shortens it; a recogniser that reads sentence by
sentence forgets. These rules carry what is sure to the rest of the article: the surname of a
person named in full is that person, "Long Name (ABC)" makes ABC an organisation, and a name
that is nearly always of one type is of that type everywhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from index.entities.abbreviations import introduced
from index.entities.names import (
    DEMONYMS,
    GENERATIONS,
    NEVER_SURNAMES,
    OFFICES,
    PARTICLES,
    TITLES,
    bare,
)
from index.entities.spans import Span, SpanType

_SURE = 0.7
"""Share of a repeated word's mentions that makes the others follow."""

_AHEAD = 1.5
"""How many times more often a phrase must have another type to take it."""

_SHORTEST_SURNAME = 3
_NEVER_LAST = frozenset(("'s", "’s", "'S", "’S", "'", "’", "and", "of", "the", "for", "in", "on"))


def apply(words: Sequence[str], spans: Sequence[Span]) -> list[Span]:
    """The spans of one article after the rules, in order and not overlapping."""
    spans = [trimmed for span in spans if (trimmed := _trim(words, span))]
    certain: dict[str, SpanType] = dict.fromkeys(_surnames(words, spans), "person")
    certain.update(dict.fromkeys(introduced(words, spans), "organisation"))
    settled = _majority(words, spans)
    taken = bytearray(len(words))
    result = []
    for span in spans:
        taken[span.start : span.end] = b"\1" * (span.end - span.start)
        surface = " ".join(words[span.start : span.end])
        kind = certain.get(surface) or settled.get((surface, span.type), span.type)
        result.append(Span(span.start, span.end, kind))
    if certain:
        result += [
            _with_particles(words, at, certain[word])
            for at, word in enumerate(words)
            if word in certain and not taken[at]
        ]
        result.sort()
    return result


def _trim(words: Sequence[str], span: Span) -> Span | None:
    """The span without titles, articles and possessives; None when nothing is left.

    A demonym names neither a place nor a person.
    """
    start, end, kind = span
    if end - start <= 2 and " ".join(words[start:end]) in DEMONYMS:
        return Span(start, end, "other")
    while end > start and words[end - 1] in _NEVER_LAST:
        end -= 1
    if kind == "person":
        start = _after_titles(words, start, end)
    elif end - start > 1 and words[start] in ("the", "The", "THE"):
        start += 1
    return Span(start, end, kind) if start < end else None


def _after_titles(words: Sequence[str], start: int, end: int) -> int:
    """Where a person's name begins: behind "Foreign Minister" and "US Secretary of State"."""
    for at in range(end - 2, start - 1, -1):
        title = bare(words[at])
        if title in OFFICES or (at == start and title in TITLES):
            behind = at + 3 if words[at + 1] == "of" else at + 1
            if behind < end and words[behind].lower() not in GENERATIONS:
                return behind
    return end if end - start == 1 and bare(words[start]) in TITLES else start


def _surnames(words: Sequence[str], spans: Sequence[Span]) -> set[str]:
    """The last words of people named in full, also as a headline in capitals has them."""
    found = set()
    for start, end, kind in spans:
        if kind != "person" or end - start < 2:
            continue
        last = words[end - 1]
        if last.lower() in GENERATIONS and end - start > 2:
            last = words[end - 2]
        lower = last.lower()
        if len(last) >= _SHORTEST_SURNAME and last[0].isupper():
            if lower not in NEVER_SURNAMES:
                found |= {last, last.upper()}
    return found


def _with_particles(words: Sequence[str], at: int, kind: SpanType) -> Span:
    """The word, and if it is a surname the "von der" before it."""
    start = at
    while kind == "person" and start and words[start - 1] in PARTICLES:
        start -= 1
    return Span(start, at + 1, kind)


def _majority(words: Sequence[str], spans: Sequence[Span]) -> dict[tuple[str, SpanType], SpanType]:
    """The types that repeated names should have instead of the ones they have."""
    seen: dict[str, Counter[SpanType]] = defaultdict(Counter)
    single = set()
    for start, end, kind in spans:
        surface = " ".join(words[start:end])
        seen[surface][kind] += 1
        if end - start == 1:
            single.add(surface)
    settled: dict[tuple[str, SpanType], SpanType] = {}
    for surface, counts in seen.items():
        if len(counts) < 2:
            continue
        kind, most = counts.most_common(1)[0]
        for other, count in counts.items():
            if surface in single:
                follows = counts.total() >= 3 and most >= _SURE * counts.total()
            else:
                follows = most > _AHEAD * count
            if follows:
                settled[surface, other] = kind
    return settled
