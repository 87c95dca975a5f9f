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
from index.entities.headlines import IsMostlySmall, without_other_words
from index.entities.lists import (
    ALIASES,
    GENERATIONS,
    LAW_ENDINGS,
    NEVER_NAMES,
    NEVER_SURNAMES,
    PARTICLES,
    bare,
)
from index.entities.spans import Span, SpanType
from index.entities.trimming import trim

_SHORTEST_SURNAME = 3
_LONGEST_REPEATED = 8
"""Words of a name that is looked for elsewhere in the article."""

_POSSESSIVES = ("'s", "’s")

Phrase = tuple[str, ...]
Counts = dict[SpanType, int]


def apply(
    words: Sequence[str],
    spans: Sequence[Span],
    headline: int = 0,
    is_mostly_small: IsMostlySmall = lambda _: False,
) -> list[Span]:
    """The spans of one article after the rules, in order and not overlapping.

    headline: how many of the words are the article's title. is_mostly_small: whether a word is
    hardly ever written with a capital in running text.
    """
    spans = [trimmed for span in spans if (trimmed := trim(words, span))]
    spans = without_other_words(words, spans, headline, is_mostly_small)
    spans = _without_common_words(words, _with_possessives(words, spans))
    known: dict[Phrase, SpanType] = dict.fromkeys(_surnames(words, spans), "person")
    known |= {
        (short,): "other" if _is_none(words[span.start : span.end]) else "organisation"
        for short, span in introduced(words, spans).items()
    }
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


def _is_none(name: Sequence[str]) -> bool:
    """Whether what an abbreviation is explained by is no organisation: a law, a rate."""
    return name[-1].lower() in LAW_ENDINGS or " ".join(name).lower() in NEVER_NAMES


def _with_possessives(words: Sequence[str], spans: Sequence[Span]) -> list[Span]:
    """One name of "MOODY 'S" where the article has "Moody's" as one."""
    possessive = {}
    for start, end, kind in spans:
        if words[start][-2:] in _POSSESSIVES and (end - start == 1 or kind == "organisation"):
            possessive[words[start].lower()] = kind
    if not possessive:
        return list(spans)
    found = []
    for start, end, kind in spans:
        whole = "".join(words[start : end + 1]).lower()
        if end - start == 1 and whole in possessive and whole != words[start].lower():
            found.append(Span(start, end + 1, possessive[whole]))
        else:
            found.append(Span(start, end, kind))
    return found


def _without_common_words(words: Sequence[str], spans: Sequence[Span]) -> list[Span]:
    """The spans but single words that the article has in lower case as well: "Sterling rose"."""
    all_words = frozenset(words)
    common = {
        span
        for span in spans
        if span.end - span.start == 1
        and span.type in ("person", "place")
        and (lower := words[span.start].lower()) != words[span.start]
        and lower in all_words
    }
    if not common:
        return list(spans)
    written = Counter(word.lower() for word in words if not word.islower())
    lower_case = Counter(word for word in words if word.islower())
    return [
        span
        for span in spans
        if span not in common
        or lower_case[words[span.start].lower()] < written[words[span.start].lower()]
    ]


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


def _types(words: Sequence[str], spans: Sequence[Span]) -> dict[Phrase, Counts]:
    """How often each name was taken for what."""
    seen: dict[Phrase, Counts] = {}
    for start, end, kind in spans:
        counts = seen.setdefault(tuple(words[start:end]), {})
        counts[kind] = counts.get(kind, 0) + 1
    return seen


def _majority(
    seen: Mapping[Phrase, Counts],
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


def _commonest(counts: Counts) -> SpanType:
    """The type met most often; of several, the one met first."""
    return max(counts, key=counts.__getitem__)


def _repeated(seen: Mapping[Phrase, Counts]) -> dict[Phrase, SpanType]:
    """Names sure enough to be names wherever they stand: of several words, or found twice."""
    return {
        phrase: _commonest(counts)
        for phrase, counts in seen.items()
        if phrase[0][0].isupper() and _is_sure(phrase, sum(counts.values()))
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
