"""What is and what is not part of a name, and what is no name at all, by its own words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from index.entities.firms import is_suffix_only
from index.entities.lists import (
    ALIASES,
    COMPANY_SUFFIXES,
    DEMONYMS,
    GENERATIONS,
    LAW_ENDINGS,
    LED,
    OFFICES,
    ORGANISATION_WORDS,
    PARTICLES,
    PLACE_ENDINGS,
    SENTENCE_STARTS,
    TITLES,
    bare,
)
from index.entities.spans import Span, SpanType

_REMEMBERED = 1 << 15
"""Names, the latest; an article of 1,000 words has some 50."""

_POSSESSIVES = frozenset(("'s", "’s", "'S", "’S", "'", "’"))
_NEVER_LAST = _POSSESSIVES | frozenset(
    "a an and as at by for in is of on or said that the to with".split()
)
_EACH_HAS_ITS_OWN = frozenset(
    "attorney attorneys court county department district executive force office sheriff sheriffs strike 's ’s".split()
)
"""Words of which names are made that every county has, in lower case."""
_WORLDWIDE = frozenset(("U.N.", "UN", "United", "World"))
"""First words of programmes that are organisations: World Food Programme."""
_SHORTEST_DATELINE = 4
"""Letters of a word in capitals before "The" that is taken for the place of a dateline."""
_WINDS = frozenset(("north", "east", "south", "west", "central", "middle")) | frozenset(
    f"{wind}ern" for wind in ("north", "east", "south", "west")
)


def trim(words: Sequence[str], span: Span) -> Span | None:
    """The span without titles, articles and possessives, and of the type its words show.

    None when nothing is left, or nothing that names anybody: a demonym names neither a place
    nor a person, "he" nobody, and "the Department" one of many.
    """
    start, end, kind = span
    trimmed = _trimmed(tuple(words[start:end]), kind)
    if trimmed is None:
        return None
    first, stop, shown = trimmed
    if stop - first == end - start and shown == kind:
        return span
    return Span(start + first, start + stop, shown)


@lru_cache(maxsize=_REMEMBERED)
def _trimmed(words: tuple[str, ...], kind: SpanType) -> Span | None:
    """The same for a name by itself: the same few come again and again."""
    start, end = 0, len(words)
    while start < end and "-" in words[start] and _belongs(words[start]):
        start += 1
    start = _behind_dateline(words, start, end)
    end = _before_signature(words, start, end)
    if start == end or is_suffix_only(words[start:end]):
        return None
    if end - start == 1 and (words[start] in SENTENCE_STARTS or _is_initial(words[start], kind)):
        return None
    if end - start <= 2 and " ".join(words[start:end]) in DEMONYMS:
        return Span(start, end, "other")
    kind = _type(words, start, end, kind)
    if kind == "person":
        start, end = _person(words, start, end)
    elif end - start > 1 and words[start] in ("the", "The", "THE"):
        start += 1
    if start >= end or _is_one_of_many(words[start:end]):
        return None
    return Span(start, end, kind)


def _before_signature(words: Sequence[str], start: int, end: int) -> int:
    """Where a name ends, without what never ends one: the agency's name behind its articles."""
    while end > start and words[end - 1] in _NEVER_LAST:
        end -= 1
    signed = end - start > 1 and words[end - 1].lower() == "reuter" and words[end - 2][-1] == "."
    return end - signed


def _belongs(word: str) -> bool:
    """Whether a word only says whose something is: Russian-occupied, U.S.-led."""
    whose, hyphen, how = word.partition("-")
    return bool(hyphen) and how.islower() and (whose in DEMONYMS or whose.lower() in ALIASES)


def _behind_dateline(words: Sequence[str], start: int, end: int) -> int:
    """Where a name begins that was read on from a dateline: WASHINGTON The Justice Department."""
    if start + 1 >= end:
        return start
    place = words[start]
    if place.isupper() and len(place) >= _SHORTEST_DATELINE and "." not in place:
        first = words[start + 1]
        if first in SENTENCE_STARTS and not (first.isupper() and len(first) > 1):
            return start + 2
    return start


def _type(words: Sequence[str], start: int, end: int, kind: SpanType) -> SpanType:
    """The type that the words of a name show, else the one it was taken for."""
    last = words[end - 1].lower()
    if kind == "organisation" and end - start > 1 and _is_law_or_office(words[start:end]):
        return "other"
    if kind != "person" or end - start < 2:
        only_relates = (
            kind == "place" and "-" in words[start] and _is_of_several("".join(words[start:end]))
        )
        return "other" if only_relates else kind
    if last in COMPANY_SUFFIXES or last in ORGANISATION_WORDS:
        return "organisation"
    if last in PLACE_ENDINGS:
        return "place"
    for word, following in zip(words[start:end], words[start + 1 : end], strict=False):
        if following == "of" and word.lower() in ORGANISATION_WORDS:
            return "organisation"
    return "other" if words[start].lower() == "hurricane" else kind


def _is_law_or_office(name: Sequence[str]) -> bool:
    """Whether a name is that of a law, or of whoever holds an office: Secretary of Defense."""
    if name[-1].lower() in LAW_ENDINGS:
        return name[0] not in _WORLDWIDE and name[0].lower() not in ORGANISATION_WORDS
    of = next((at for at, word in enumerate(name) if word in ("for", "of", "on")), 0)
    if not of:
        return False
    return bare(name[0]) in OFFICES and all(bare(word) in TITLES for word in name[:of])


def _is_of_several(word: str) -> bool:
    """Whether a word only relates to a country: U.S.-Japan, non-U.S."""
    parts = word.lower().split("-")
    return len(parts) > 1 and not ALIASES.keys().isdisjoint(parts)


def _is_initial(word: str, kind: SpanType) -> bool:
    return kind == "person" and len(word.rstrip(".")) == 1


def _is_one_of_many(name: Sequence[str]) -> bool:
    """Whether a name is none: "Police Department", "Southern District"."""
    lower = list(map(str.lower, name))
    if ORGANISATION_WORDS.issuperset(lower):
        return not name[0].isupper()
    if _EACH_HAS_ITS_OWN.issuperset(lower):
        return True
    return len(lower) == 2 and lower[0] in _WINDS and lower[1] == "district"


def _person(words: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """A person's name without titles before it, and without "of" somewhere behind it.

    Nor do names begin with "Inc", or go on behind "Icahn-led".
    """
    while start + 1 < end and words[start].lower() in COMPANY_SUFFIXES:
        start += 1
    while end - start > 2 and words[end - 1].lower() == "reuter":  # the agency signs its articles
        end -= 1
    start = _start_of_person(words, start, end)
    for at in range(start + 1, end):
        if words[at] == "of" and start + 1 < at < end - 1:
            return start, at
        if words[at].endswith(LED):
            return start, at + 1
    return start, end


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
    if end - start > 2 and bare(words[end - 2]) in OFFICES:
        return end - 1
    given = end - 2
    while given > start and len(words[given]) == 2 and words[given][1] == ".":
        given -= 1
    if given < end - 2 and given - start > 1:
        return given
    while start + 1 < end and words[start].isupper() and words[start].lower() in ALIASES:
        start += 1
    while start < end and bare(words[start]) in TITLES:
        if start + 1 < end and words[start + 1].islower() and words[start + 1] not in PARTICLES:
            break
        start += 1
    return start
