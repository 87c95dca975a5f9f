"""Companies called by a part of their name that is also somebody's or some place's: Piedmont said."""

from __future__ import annotations

from collections.abc import Sequence

from index.entities.firms import AND
from index.entities.lists import ALIASES, COMPANY_SUFFIXES, DEMONYMS, GIVEN_NAMES
from index.entities.spans import Span

Phrase = tuple[str, ...]

_ACTS = frozenset(
    "<|agreed|also|announced|has|officials|plans|said|says|sees|sells|shareholders|shares|stock"
    "|to|will|would".split("|")
)
"""What stands behind a company and hardly ever behind a place."""
_LIES = frozenset("around at from in into near outside throughout within".split())
"""What stands before a place."""


def with_short_companies(words: Sequence[str], spans: Sequence[Span]) -> list[Span]:
    """The spans of one article, with companies where a part of their name stands for all of it.

    Chrysler is nobody where Chrysler Corp is named too, nor Hutton beside E.F. Hutton and Co, if
    nobody else has that surname, nor Penney <JCP>. Piedmont is no place beside Piedmont Aviation
    Inc if it acts like a company somewhere, and lies nowhere.
    """
    spans = [_with_ticker(words, span) for span in spans] if "<" in words else spans
    companies = _companies(words, spans)
    if not companies:
        return list(spans)
    people = {form for name in companies for form in _like_people(name)}
    people -= {
        (words[end - 1].lower(),)
        for start, end, kind in spans
        if kind == "person" and end - start > 1
    }
    places = _acting(words, spans, {form for name in companies for form in _like_places(name)})
    return [
        Span(span.start, span.end, "organisation")
        if (span.type == "person" and _phrase(words, span) in people)
        or (span.type == "place" and _phrase(words, span) in places)
        else span
        for span in spans
    ]


def _with_ticker(words: Sequence[str], span: Span) -> Span:
    """A company where the sign of its shares follows: Penney <JCP>."""
    sign = words[span.end : span.end + 3]
    if len(sign) < 3 or sign[0] != "<" or sign[2] != ">" or not sign[1].isupper():
        return span
    return Span(span.start, span.end, "organisation")


def _phrase(words: Sequence[str], span: Span) -> Phrase:
    return tuple(word.lower() for word in words[span.start : span.end])


def _companies(words: Sequence[str], spans: Sequence[Span]) -> set[Phrase]:
    """The names that stand with "Inc" or the like, without it."""
    found = set()
    for start, end, kind in spans:
        if kind == "organisation" and words[end - 1].lower() in COMPANY_SUFFIXES:
            stop = end - 1 - (words[end - 2] in AND)
            found.add(tuple(words[start:stop]))
    return found - {()}


def _like_people(name: Phrase) -> set[Phrase]:
    """What a company may be called for short that may be taken for a person."""
    lower = tuple(word.lower() for word in name)
    after_a_person = name[0][-1] == "." or name[0] in GIVEN_NAMES
    return {lower, lower[:1], lower[-1:] if after_a_person else lower}


def _like_places(name: Phrase) -> set[Phrase]:
    """What a company may be called for short that may be taken for a place."""
    lower = tuple(word.lower() for word in name)
    if name[0] in DEMONYMS or lower[0] in ALIASES:
        return set()
    return {lower[:length] for length in range(1, len(name))}


def _acting(words: Sequence[str], spans: Sequence[Span], names: set[Phrase]) -> set[Phrase]:
    """Those of the names that, taken for places, do what companies do and never lie anywhere."""
    acting, lying = set(), set()
    for span in spans:
        name = _phrase(words, span)
        if span.type != "place" or name not in names:
            continue
        after = words[span.end].lower() if span.end < len(words) else ""
        if after == "," or (span.start and words[span.start - 1].lower() in _LIES):
            lying.add(name)
        elif after in _ACTS:
            acting.add(name)
    return acting - lying
