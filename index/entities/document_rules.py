"""What one mention of a name tells about the others in the same article.

An article introduces a name in full and then shortens it; a recogniser that reads sentence by
sentence forgets. These rules carry what is sure to the rest of the article: the surname of a
person named in full is that person, "Long Name (ABC)" makes ABC an organisation, a name that is
mostly of one type is of that type everywhere, and a name found for sure is found everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import compress

from index.entities.abbreviations import introduced
from index.entities.headlines import IsMostlySmall, without_other_words
from index.entities.lists import (
    ALIASES,
    GENERATIONS,
    LAW_ENDINGS,
    NEVER_NAMES,
    NEVER_SURNAMES,
    PARTICLES,
    PROJECTS,
    bare,
)
from index.entities.spans import Span, SpanType
from index.entities.trimming import trim

_SHORTEST_SURNAME = 3
_LONGEST_REPEATED = 8
"""Words of a name that is looked for elsewhere in the article."""

_SENTENCE_ENDS = frozenset((".", "!", "?"))
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
    if not spans:
        return []
    spans = without_other_words(words, spans, headline, is_mostly_small)
    spans = _without_common_words(words, _with_possessives(words, spans))
    spans = _without_small_words(words, spans, is_mostly_small)
    known: dict[Phrase, SpanType] = dict.fromkeys(_surnames(words, spans), "person")
    known |= {
        (short,): "other" if _is_none(words[span.start : span.end], span.type) else "organisation"
        for short, span in introduced(words, spans).items()
    }
    phrases = [tuple(words[start:end]) for start, end, _ in spans]
    seen = _types(spans, phrases)
    known |= {
        phrase: alias[0] for phrase in seen if (alias := ALIASES.get(" ".join(phrase).lower()))
    }
    settled = _majority(seen)
    result = [
        span
        if (wanted := known.get(phrase) or settled.get((phrase, span.type), span.type)) == span.type
        else Span(span.start, span.end, wanted)
        for span, phrase in zip(spans, phrases, strict=True)
    ]
    known = _repeated(seen) | known
    return _with_others(words, known, result) if known else result


def _is_none(name: Sequence[str], kind: SpanType) -> bool:
    """Whether what an abbreviation is explained by is no organisation: a law, a rate, a project."""
    if kind == "other" and name[0] in PROJECTS:
        return True
    return name[-1].lower() in LAW_ENDINGS or " ".join(name).lower() in NEVER_NAMES


def _with_possessives(words: Sequence[str], spans: Sequence[Span]) -> list[Span]:
    """One name of "MOODY 'S" where the article has "Moody's" as one."""
    possessive = {
        words[start].lower(): kind
        for start, end, kind in spans
        if words[start].endswith(_POSSESSIVES) and (end - start == 1 or kind == "organisation")
    }
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
    lower = {}
    for start, end, kind in spans:
        if end - start == 1 and kind in ("person", "place"):
            lower[start] = words[start].lower()
    common = {small for start, small in lower.items() if small != words[start]}
    common.intersection_update(words)
    if not common:
        return list(spans)
    written = Counter(word.lower() for word in words if not word.islower())
    lower_case = Counter(word for word in words if word.islower())
    return [
        span
        for span in spans
        if (small := lower.get(span.start, "")) not in common
        or small == words[span.start]
        or lower_case[small] < written[small]
    ]


def _without_small_words(
    words: Sequence[str], spans: Sequence[Span], is_mostly_small: IsMostlySmall
) -> list[Span]:
    """The spans but single words whose capital tells nothing, and which hardly ever have one."""
    return [
        span
        for span in spans
        if span.type == "organisation"
        or span.end - span.start > 1
        or not _has_to_have_capitals(words, span.start)
        or not is_mostly_small(words[span.start])
    ]


def _has_to_have_capitals(words: Sequence[str], at: int) -> bool:
    """Whether a word stands where all words begin with a capital, or is all in capitals."""
    return not at or words[at].isupper() or words[at - 1] in _SENTENCE_ENDS


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


def _types(spans: Sequence[Span], phrases: Sequence[Phrase]) -> dict[Phrase, Counts]:
    """How often each name was taken for what."""
    seen: dict[Phrase, Counts] = {}
    for (_, _, kind), phrase in zip(spans, phrases, strict=True):
        counts = seen.get(phrase)
        if counts is None:
            seen[phrase] = {kind: 1}
        else:
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
    return max(counts, key=counts.__getitem__) if len(counts) > 1 else next(iter(counts))


def _repeated(seen: Mapping[Phrase, Counts]) -> dict[Phrase, SpanType]:
    """Names sure enough to be names wherever they stand: of several words, or found twice."""
    return {
        phrase: _commonest(counts)
        for phrase, counts in seen.items()
        if (len(phrase) > 1 or sum(counts.values()) > 1)
        and phrase[0][0].isupper()
        and _may_be_repeated(phrase)
    }


def _may_be_repeated(phrase: Phrase) -> bool:
    if len(phrase) > 1:
        return len(phrase) <= _LONGEST_REPEATED
    return len(phrase[0]) > _SHORTEST_SURNAME and bare(phrase[0]) not in NEVER_SURNAMES


def _with_others(
    words: Sequence[str], known: Mapping[Phrase, SpanType], spans: Sequence[Span]
) -> list[Span]:
    """The spans, and where known names stand that were not recognised; the longest that fits."""
    lengths: dict[str, list[int]] = {}
    for phrase in known:
        lengths.setdefault(phrase[0], []).append(len(phrase))
    taken = bytearray(len(words))
    for start, end, _ in spans:
        taken[start:end] = b"\1" * (end - start)
    found = []
    for at in compress(range(len(words)), map(lengths.__contains__, words)):
        if taken[at]:
            continue
        for length in sorted(set(lengths[words[at]]), reverse=True):
            end = min(at + length, len(words))
            kind = known.get(tuple(words[at:end]))
            if kind and not any(taken[at:end]):
                found.append(Span(at, end, kind))
                taken[at:end] = b"\1" * (end - at)
                break
    return sorted([*spans, *found]) if found else list(spans)
