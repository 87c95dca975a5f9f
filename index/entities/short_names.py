"""Companies called by a part of their name that is also somebody's or some place's: Piedmont said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.entities.firms import AND
from index.entities.lists import ALIASES, COMPANY_SUFFIXES, DEMONYMS, GIVEN_NAMES
from index.entities.spans import IsPlace, Span

Phrase = tuple[str, ...]

_ACTS = frozenset(
    "<|agreed|also|announced|has|officials|plans|said|says|sees|sells|shareholders|shares|stock"
    "|to|will|would".split("|")
)
"""What stands behind a company and hardly ever behind a place."""
_POSSESSIVES = frozenset(("'S", "'s"))
_LIES = frozenset("around at from in into near outside throughout within".split())
"""What stands before a place."""


def with_short_companies(
    words: Sequence[str],
    spans: Sequence[Span],
    vocabulary: frozenset[str],
    is_great_place: IsPlace,
) -> list[Span]:
    """The spans of one article, with companies where a part of their name stands for all of it.

    Chrysler is nobody where Chrysler Corp is named too, nor Hutton beside E.F. Hutton and Co, if
    nobody else has that surname, nor Penney <JCP>. Piedmont is no place beside Piedmont Aviation
    Inc if it acts like a company somewhere, and lies nowhere; a small town need not act.

    vocabulary: the words, each once.
    """
    spans = [_with_ticker(words, span) for span in spans] if "<" in vocabulary else spans
    companies = _companies(words, spans)
    if not companies:
        return list(spans)
    people, places = (
        {span: _phrase(words, span) for span in spans if span.type == kind}
        for kind in ("person", "place")
    )
    if not people and not places:
        return list(spans)
    surnames = {phrase[-1:] for phrase in people.values() if len(phrase) > 1}
    like_people = set[Phrase]().union(*map(_like_people, companies)) - surnames
    like_places = set[Phrase]().union(*map(_like_places, companies))
    places = {span: name for span, name in places.items() if name in like_places}
    acting = _acting(words, places, is_great_place)
    return [
        Span(span.start, span.end, "organisation")
        if people.get(span) in like_people or places.get(span) in acting
        else span
        for span in spans
    ]


def _with_ticker(words: Sequence[str], span: Span) -> Span:
    """A company where the sign of its shares follows: Penney <JCP>."""
    at = span.end
    at += at < len(words) and words[at] in _POSSESSIVES
    if at + 2 >= len(words) or words[at] != "<" or words[at + 2] != ">":
        return span
    return Span(span.start, span.end, "organisation") if words[at + 1].isupper() else span


def _phrase(words: Sequence[str], span: Span) -> Phrase:
    return tuple(map(str.lower, words[span.start : span.end]))


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
    lower = tuple(map(str.lower, name))
    after_a_person = name[0][-1] == "." or name[0] in GIVEN_NAMES
    return {lower, lower[:1], lower[-1:]} if after_a_person else {lower, lower[:1]}


def _like_places(name: Phrase) -> set[Phrase]:
    """What a company may be called for short that may be taken for a place."""
    lower = tuple(map(str.lower, name))
    if name[0] in DEMONYMS or lower[0] in ALIASES:
        return set()
    return {lower[:length] for length in range(1, len(name))}


def _acting(
    words: Sequence[str], places: Mapping[Span, Phrase], is_great_place: IsPlace
) -> set[Phrase]:
    """Those of the names taken for places that do what companies do and never lie anywhere."""
    lying = set()
    acting = {
        name for name in places.values() if not is_great_place(tuple(map(str.capitalize, name)))
    }
    for (start, end, _), name in places.items():
        after = words[end].lower() if end < len(words) else ""
        if after == "," or (start and words[start - 1].lower() in _LIES):
            lying.add(name)
        elif after in _ACTS:
            acting.add(name)
    return acting - lying
