"""What one mention of a name tells about the others in the same article.

An article introduces a name in full and then shortens it; a recogniser that reads sentence by
sentence forgets. These rules carry what is sure to the rest of the article: the surname of a
person named in full is that person, "Long Name (ABC)" makes ABC an organisation, a name that is
mostly of one type is of that type everywhere, and a name found for sure is found everywhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from index.entities.abbreviations import introduced
from index.entities.lists import (
    ALIASES,
    DEMONYMS,
    GENERATIONS,
    NEVER_SURNAMES,
    OFFICES,
    PARTICLES,
    SENTENCE_STARTS,
    TITLES,
    bare,
)
from index.entities.spans import Span, SpanType

_SHORTEST_SURNAME = 3
_LONGEST_REPEATED = 8
"""Words of a name that is looked for elsewhere in the article."""
_NEVER_LAST = frozenset(("'s", "’s", "'S", "’S", "'", "’", "and", "of", "the", "for", "in", "on"))

Phrase = tuple[str, ...]


def apply(words: Sequence[str], spans: Sequence[Span]) -> list[Span]:
    """The spans of one article after the rules, in order and not overlapping."""
    spans = [trimmed for span in spans if (trimmed := _trim(words, span))]
    known: dict[Phrase, SpanType] = dict.fromkeys(_surnames(words, spans), "person")
    known |= {(short,): "organisation" for short in introduced(words, spans)}
    seen = _types(words, spans)
    known |= {
        phrase: ALIASES[alias][0]
        for phrase in seen
        if (alias := " ".join(phrase).lower()) in ALIASES
    }
    settled = _majority(seen)
    taken = bytearray(len(words))
    result = []
    for start, end, kind in spans:
        taken[start:end] = b"\1" * (end - start)
        phrase = tuple(words[start:end])
        result.append(Span(start, end, known.get(phrase) or settled.get((phrase, kind), kind)))
    known = _repeated(seen) | known
    return sorted(result + _elsewhere(words, known, taken)) if known else result


def _trim(words: Sequence[str], span: Span) -> Span | None:
    """The span without titles, articles and possessives; None when nothing is left.

    A demonym names neither a place nor a person, and "he" nobody.
    """
    start, end, kind = span
    while start < end and _belongs(words[start]):
        start += 1
    if start == end:
        return None
    if end - start == 1 and words[start] in SENTENCE_STARTS:
        return None
    if end - start <= 2 and " ".join(words[start:end]) in DEMONYMS:
        return Span(start, end, "other")
    while end > start and words[end - 1] in _NEVER_LAST:
        end -= 1
    if kind == "person":
        start = _start_of_person(words, start, end)
    elif end - start > 1 and words[start] in ("the", "The", "THE"):
        start += 1
    return Span(start, end, kind) if start < end else None


def _belongs(word: str) -> bool:
    """Whether a word only says whose something is: Russian-occupied, U.S.-led."""
    whose, hyphen, how = word.partition("-")
    return bool(hyphen) and how.islower() and (whose in DEMONYMS or whose.lower() in ALIASES)


def _start_of_person(words: Sequence[str], start: int, end: int) -> int:
    """Where a person's name begins: behind "Foreign Minister" and "US Secretary of State".

    At the end when nothing but titles is there.
    """
    for at in range(end - 3, start - 1, -1):
        small = words[at].islower() and words[at] not in PARTICLES and words[at] != "the"
        if small or bare(words[at]) in OFFICES:
            of_something = words[at] == "of" or words[at + 1] == "of"
            behind = at + 1 + (words[at] == "of") + 2 * (words[at + 1] == "of")
            if end - behind > of_something and words[behind].lower() not in GENERATIONS:
                start = behind
                break
    given = end - 2
    while given > start and len(words[given]) == 2 and words[given][1] == ".":
        given -= 1
    if given < end - 2 and given - start > 1:
        return given
    while start < end and bare(words[start]) in TITLES:
        if start + 1 < end and words[start + 1].islower() and words[start + 1] not in PARTICLES:
            break
        start += 1
    return start


def _surnames(words: Sequence[str], spans: Sequence[Span]) -> set[Phrase]:
    """The last words of people named in full, with "von der" and without, and in capitals."""
    found: set[Phrase] = set()
    for start, stop, kind in spans:
        if kind != "person" or stop - start < 2:
            continue
        end = stop - (words[stop - 1].lower() in GENERATIONS and stop - start > 2)
        last = words[end - 1]
        if len(last) < _SHORTEST_SURNAME or not last[0].isupper() or last.lower() in NEVER_SURNAMES:
            continue
        found |= {(last,), (last.upper(),)}
        begin = end - 1
        while begin > start + 1 and words[begin - 1] in PARTICLES:
            begin -= 1
            found.add(tuple(words[begin:end]))
    return found


def _types(words: Sequence[str], spans: Sequence[Span]) -> dict[Phrase, Counter[SpanType]]:
    """How often each name was taken for what."""
    seen: dict[Phrase, Counter[SpanType]] = defaultdict(Counter)
    for start, end, kind in spans:
        seen[tuple(words[start:end])][kind] += 1
    return seen


def _majority(
    seen: Mapping[Phrase, Counter[SpanType]],
) -> dict[tuple[Phrase, SpanType], SpanType]:
    """The types that repeated names should have instead of rarer ones they have."""
    return {
        (phrase, other): kind
        for phrase, counts in seen.items()
        if len(counts) > 1
        for kind in [_commonest(counts)]
        for other, count in counts.items()
        if count < counts[kind]
    }


def _commonest(counts: Counter[SpanType]) -> SpanType:
    """The type met most often; of several, the one met first."""
    return max(counts, key=counts.__getitem__)


def _repeated(seen: Mapping[Phrase, Counter[SpanType]]) -> dict[Phrase, SpanType]:
    """Names sure enough to be names wherever they stand: of several words, or found twice."""
    return {
        phrase: _commonest(counts)
        for phrase, counts in seen.items()
        if phrase[0][0].isupper() and _is_sure(phrase, counts.total())
    }


def _is_sure(phrase: Phrase, count: int) -> bool:
    if len(phrase) > 1:
        return len(phrase) <= _LONGEST_REPEATED
    return (
        count > 1 and len(phrase[0]) > _SHORTEST_SURNAME and bare(phrase[0]) not in NEVER_SURNAMES
    )


def _elsewhere(
    words: Sequence[str], known: Mapping[Phrase, SpanType], taken: bytearray
) -> list[Span]:
    """Where known names stand that were not recognised; the longest that fits."""
    lengths: dict[str, set[int]] = defaultdict(set)
    for phrase in known:
        lengths[phrase[0]].add(len(phrase))
    found = []
    for at, word in enumerate(words):
        if word not in lengths or taken[at]:
            continue
        for length in sorted(lengths[word], reverse=True):
            end = min(at + length, len(words))
            kind = known.get(tuple(words[at:end]))
            if kind and not any(taken[at:end]):
                found.append(Span(at, end, kind))
                taken[at:end] = b"\1" * (end - at)
                break
    return found
