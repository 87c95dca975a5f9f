"""What the words beside a name tell: of Chino, Calif.; Alameda and Contra Costa counties."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from index.entities.lists import (
    COMMON_GIVEN_NAMES,
    LEAGUE_CITIES,
    SHORT_STATES,
    STATES,
    TITLES,
    bare,
)
from index.entities.spans import IsPlace, Span

_JOINS = frozenset((",", "and", "or"))
_COUNTIES = frozenset(("counties", "provinces", "parishes"))
_LIES = frozenset(("at", "in", "near"))
_LIES_OR_OF = _LIES | {"from", "of", "to"}
_SPORT = frozenset(
    "beat coach cup defeated game games goal inning innings league match nba nfl nhl player players"
    " playoff playoffs quarterback scored season team teams tournament won".split()
)
_FIRST_OF_CITIES = frozenset(city.split()[0].lower() for city in LEAGUE_CITIES)
_THE = frozenset(("the", "The"))
_OF_PEOPLE = frozenset(
    "administration brothers cabinet camp campaign case estate family government presidency regime"
    " team trial years".split()
)
"""What people's names stand before with "the" before them."""
_NOBLE = frozenset(("king", "queen", "prince", "princess", "pope", "saint", "st", "sir", "dame"))


def correct_by_neighbours(
    words: Sequence[str],
    spans: Sequence[Span],
    vocabulary: frozenset[str],
    is_great_place: IsPlace,
) -> list[Span]:
    """The spans of one article; towns before the name of a state, counties before "counties".

    A city is no team where no sport is spoken of. A given name that is a common word as well names
    nobody where the article has it once, alone and without a title: "the Finance Bill", "against
    the Mark". Nor does what only stands behind "the": the Sample mine, the Bourse.
    vocabulary: the words, each once.
    """
    towns = _before_states(words, spans) | _not_playing(words, spans)
    if not _COUNTIES.isdisjoint(vocabulary):
        towns |= _before_counties(words, spans)
    towns |= {
        span.start
        for span in spans
        if span.type == "person"
        and is_great_place(tuple(words[span.start : span.end]))
        and not (span.start and _is_titled(words, span.start))
    }
    nobody = _given_names_alone(words, spans) | _things(words, spans)
    if not towns and not nobody:
        return list(spans)
    return [
        Span(span.start, span.end, "place") if span.start in towns else span
        for span in spans
        if span.start not in nobody or span.start in towns
    ]


def _before_states(words: Sequence[str], spans: Sequence[Span]) -> set[int]:
    """Where people begin who are towns: "of Elizabeth, New Jersey", "Jackson, Miss."."""
    found = set()
    for span, following in pairwise(spans):
        start, end, kind = span
        if following.start != end + 1 or kind != "person" or following.type != "place":
            continue
        if words[end] == "," and _may_be_town(words, span, following):
            found.add(start)
    return found


def _may_be_town(words: Sequence[str], span: Span, following: Span) -> bool:
    """Whether what stands before a place may lie in it; before a state it nearly always does."""
    several = span.end - span.start > 1
    before = words[span.start - 1] if span.start else ""
    if before in (_LIES if several else _LIES_OR_OF):
        return True
    state = " ".join(words[following.start : following.end])
    in_state = state in STATES or state.lower() in SHORT_STATES
    return (
        in_state
        and not _is_titled(words, span.start)
        and (not several or words[span.start] == "St.")
    )


def _before_counties(words: Sequence[str], spans: Sequence[Span]) -> set[int]:
    """Where names begin that are counties': all of a list that ends in "counties"."""
    found: set[int] = set()
    listed: list[Span] = []
    for span in spans:
        if not listed or not _JOINS.issuperset(words[listed[-1].end : span.start]):
            listed = []
        listed.append(span)
        if span.end < len(words) and words[span.end] in _COUNTIES:
            found |= {one.start for one in listed if one.type == "person"}
    return found


def _not_playing(words: Sequence[str], spans: Sequence[Span]) -> set[int]:
    """Where cities begin that were taken for their teams, in articles that speak of no sport."""
    cities = {
        start
        for start, end, kind in spans
        if kind == "organisation"
        and words[start].lower() in _FIRST_OF_CITIES
        and _titled(words[start:end]) in LEAGUE_CITIES
    }
    return cities if cities and _SPORT.isdisjoint(map(str.lower, words)) else set()


def _titled(name: Sequence[str]) -> str:
    return " ".join(word.capitalize() if word.isupper() else word for word in name)


def _given_names_alone(words: Sequence[str], spans: Sequence[Span]) -> set[int]:
    """Where a given name stands alone, once in the article, and no title before it."""
    alone: dict[str, int] = {}
    others: set[str] = set()
    for start, end, kind in spans:
        if kind != "person":
            continue
        name = words[start]
        if end - start > 1:
            others.update(words[start:end])
        elif name in alone or name not in COMMON_GIVEN_NAMES or _is_titled(words, start):
            others.add(name)
        elif name.capitalize() in COMMON_GIVEN_NAMES:
            alone[name] = start
    return {start for name, start in alone.items() if name not in others}


def _things(words: Sequence[str], spans: Sequence[Span]) -> set[int]:
    """Where single words stand that the article only has behind "the", and of no ruler or family."""
    alone: dict[str, list[int]] = {}
    others: set[str] = set()
    for start, end, kind in spans:
        if kind != "person":
            continue
        behind = words[end].lower() if end < len(words) else ""
        article = words[start - 1] if start else ""
        if end - start == 1 and article in _THE and behind not in _OF_PEOPLE:
            alone.setdefault(words[start], []).append(start)
        else:
            others.update(words[start:end])
    return {start for name, starts in alone.items() if name not in others for start in starts}


def _is_titled(words: Sequence[str], start: int) -> bool:
    before = bare(words[start - 1]) if start else ""
    return before in TITLES or before in _NOBLE
