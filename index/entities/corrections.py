"""Corrects names whose own words, or the words beside them, contradict what they were taken for.

A recogniser that adds up evidence takes "U.S. District Court" for a place now and then, because
of "U.S.", and "Kim Il Sung" in "Kim Il Sung Square" for a person. This is put right before names
are trimmed (`trimming`) and the rules for whole articles (`document_rules`) carry it on.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from index.entities.beside import correct_by_neighbours
from index.entities.continued import continue_names
from index.entities.firms import explains_no_organisation, join_firms
from index.entities.lists import (
    ALIASES,
    BUILT_PLACES,
    COMPANY_SUFFIXES,
    GIVEN_NAMES,
    INSTITUTIONS,
    MONEY,
    NEVER_NAMES,
    OCCASIONS,
    ORGANISATION_WORDS,
    PARTICLES,
    PROJECTS,
)
from index.entities.partners import join_partners
from index.entities.short_names import with_short_companies
from index.entities.spans import IsPlace, Span, SpanType

_REMEMBERED = 1 << 15
"""Names, the latest."""
_FOUGHT_AND_SIGNED = frozenset(("Battle", "Convention", "Siege", "Treaty", "War"))
_WITH_PORTFOLIO = frozenset(("Commissioner", "General", "Minister", "Secretary"))
_LONGEST_PORTFOLIO = 6
"""Words of it before those that are taken for a name."""
_LONGEST_PERSON = 5
"""Words of a name, with "of" behind it."""
_SHORT = 3
"""Letters of an abbreviation that may mean several things."""
_SITES = frozenset(("site", "sites", "page", "pages"))
_ON_SITES = frozenset(("Home", "Internet", "Web"))
_GLUED = ("website", "webpage")
"""What is behind a name where a text lost the blank: Departmentswebsite."""
_FOREIGN_ARTICLES = frozenset(("Das", "Der", "Die"))
_UNDER = frozenset(("through", "under"))
_PROGRAMMES = (["initiative"], ["program"], ["programme"], ["campaign"])
_PARTIES = frozenset(("D", "I", "R"))
_COMPASS = frozenset(("Central", "Eastern", "Middle", "Northern", "Southern", "Western"))


_OWNERS = frozenset(f"{word}s" for word in INSTITUTIONS)
"""What something belongs to, in texts that lost their apostrophes: Tax Divisions Sample Center."""
_LAST_OF_NEVER_NAMES = frozenset(name.split()[-1] for name in NEVER_NAMES if " " in name)


def correct(
    words: Sequence[str], spans: Sequence[Span], is_great_place: IsPlace = lambda _: False
) -> list[Span]:
    """The spans of one article, corrected; in order and apart as they were.

    is_great_place: whether words are the name of a country, a region or a great city.
    """
    if not spans:
        return []
    vocabulary = frozenset(words)
    spans = continue_names(words, join_firms(words, join_partners(words, spans)))
    spans = _by_their_words(words, spans)
    found: list[Span] = []
    for n, span in enumerate(spans):
        limit = spans[n + 1].start if n + 1 < len(spans) else len(words)
        found.append(_typed(words, span, limit))
    if "District" in vocabulary:
        found = _with_districts(words, found)
    found = with_short_companies(words, found, vocabulary, is_great_place)
    if "(" in vocabulary:
        found = _without_explained(words, found)
    return correct_by_neighbours(words, found, vocabulary, is_great_place)


def _by_their_words(words: Sequence[str], spans: Sequence[Span]) -> list[Span]:
    """The spans, of the types and in the parts that their own words ask for."""
    found: list[Span] = []
    for span in spans:
        parts = _by_its_words(tuple(words[span.start : span.end]), span.type)
        if parts is None:
            found.append(span)
            continue
        for start, end, kind in parts:
            found.append(Span(span.start + start, span.start + end, kind))
    return found


@lru_cache(maxsize=_REMEMBERED)
def _by_its_words(name: tuple[str, ...], kind: SpanType) -> tuple[Span, ...] | None:
    """What a name that begins at 0 should be, cut at its end or in two; None for just that."""
    if len(name) == 1:
        none = kind != "other" and _is_none_of_the_three(name)
        return (Span(0, 1, "other"),) if none else None
    parts = tuple(
        Span(part.start, part.end, "other")
        if _is_none_of_the_three(name[part.start : part.end])
        else part
        for part in (_without_small_words(name, part) for part in _parted(name, kind))
    )
    return None if parts == (Span(0, len(name), kind),) else parts


def _parted(name: tuple[str, ...], kind: SpanType) -> tuple[Span, ...]:
    """Somebody of an organisation and that as two: Pat Sample of the Office of Inspector General.

    And so "Tax Division Pat Sample", where a comma is missing.
    """
    end = len(name)
    whole = (Span(0, end, kind),)
    if kind == "person" and end > 1 and name[0] in _FOREIGN_ARTICLES:
        return (Span(0, end, "organisation"),)  # Der Spiegel
    if kind == "organisation" and name[0] == "Special" and "Charge" in name[:_LONGEST_PERSON]:
        return _parted_behind_charge(name)
    if kind == "organisation" and (at := _start_of_somebody(name)):
        return Span(0, at, kind), Span(at, end, "person")
    if kind != "organisation" or name[0] not in GIVEN_NAMES or "of" not in name[2:_LONGEST_PERSON]:
        return whole
    of = name.index("of", 2)
    behind = of + 1 + (of + 1 < end and name[of + 1] == "the")
    if behind >= end or _is_institution(name[:of]) or name[of - 1].lower() in ORGANISATION_WORDS:
        return whole
    return Span(0, of, "person"), Span(behind, end, "organisation")


def _parted_behind_charge(name: tuple[str, ...]) -> tuple[Span, ...]:
    """Special Agent in Charge Pat Sample of the Sample Office, as two."""
    begin, end = name.index("Charge") + 1, len(name)
    of = name.index("of", begin) if "of" in name[begin:] else end
    behind = of + 1 + (name[of + 1 : of + 2] == ("the",))
    whose = (Span(behind, end, "organisation"),) if behind < end else ()
    return (Span(begin, of, "person"), *whose) if begin < of else whose


def _start_of_somebody(name: Sequence[str]) -> int:
    """Where somebody's name begins that an organisation's ends with, 0 where none does."""
    for at in range(max(len(name) - _LONGEST_PERSON, 2), len(name) - 1):
        if name[at - 1].lower() not in ORGANISATION_WORDS:
            continue
        if name[at] in GIVEN_NAMES or (at + 2 < len(name) and _is_initial(name[at + 1])):
            return at
    return 0


def _is_initial(word: str) -> bool:
    return len(word) == 2 and word[0].isupper() and word[1] == "."


def _without_explained(words: Sequence[str], spans: Sequence[Span]) -> list[Span]:
    """No organisations that the article explains as a law or in common words."""
    explained = explains_no_organisation(words)
    if not explained:
        return list(spans)
    return [
        Span(span.start, span.end, "other")
        if span.end - span.start == 1 and words[span.start] in explained
        else span
        for span in spans
    ]


def _without_small_words(words: Sequence[str], span: Span) -> Span:
    """The name without words in lower case at its end, and without marks."""
    end = span.end
    organisation = span.type == "organisation"
    if words[end - 1] == "office" and (words[end - 2] == "field" or words[span.start] == "Office"):
        return span
    while end > span.start + 1 and (
        _cannot_end(words[end - 1]) or (organisation and _is_law(words[end - 1]))
    ):
        end -= 1
    return span if end == span.end else Span(span.start, end, span.type)


def _cannot_end(word: str) -> bool:
    return (word.islower() and word not in PARTICLES) or not word[0].isalnum()


def _is_law(word: str) -> bool:
    """Whether an abbreviation is no organisation's: the Justice Department's FCPA unit."""
    return len(word) > _SHORT and word.isupper() and word.lower() in NEVER_NAMES


def _typed(words: Sequence[str], span: Span, limit: int) -> Span:
    """The span with the type that its words ask for, and the one word after it that belongs.

    limit: where the next name begins.
    """
    start, end, kind = span
    several = end - start > 1
    if several and words[end - 1] in BUILT_PLACES:
        return Span(start, end, "place")
    if kind == "other":
        return span
    following = words[end] if end < len(words) else ""
    if several and words[end - 1] in _ON_SITES and following in _SITES:
        return Span(start, end - 1, kind)
    begun = _is_begun(words, start, end)
    if begun or (several and (_is_portfolio(words, span) or _is_programme(words, span))):
        return Span(start, end + begun, "other")
    if kind in ("person", "place"):
        return _not_what_is_named_after(words, span, following if end < limit else "")
    return span


def _is_begun(words: Sequence[str], start: int, end: int) -> bool:
    """Whether a name and the word behind it name something else: West Texas | Intermediate."""
    if end == len(words) or words[end].lower() not in _LAST_OF_NEVER_NAMES:
        return False
    return " ".join(words[start : end + 1]).lower() in NEVER_NAMES


def _is_programme(words: Sequence[str], span: Span) -> bool:
    """Whether a project or an operation is no organisation's name: done "under Project Sample"."""
    if PROJECTS.isdisjoint(words[span.start : span.end - 1]):
        return False
    before = words[max(span.start - 2, 0) : span.start]
    return not _UNDER.isdisjoint(before) or words[span.end : span.end + 1] in _PROGRAMMES


def _is_portfolio(words: Sequence[str], span: Span) -> bool:
    """Whether a name only says what for: Assistant Attorney General for National Security."""
    start, end, _ = span
    at, furthest = start, max(start - _LONGEST_PORTFOLIO, 0)
    while at > furthest and (words[at - 1] == "and" or words[at - 1][0].isupper()):
        at -= 1  # Secretary for Fair Housing and | Equal Opportunity
    if at < 2 or words[at - 1] != "for" or words[at - 2] not in _WITH_PORTFOLIO:
        return False
    return not _is_institution(words[start:end])


def _not_what_is_named_after(words: Sequence[str], span: Span, following: str) -> Span:
    """What a name of a person or a place is part of: a cup, a square, an institution."""
    start, end, kind = span
    if following in OCCASIONS:
        return Span(start, end + 1, "other")
    if kind == "person" and following in BUILT_PLACES:
        return Span(start, end + 1, "place")
    if end - start > 1 and _is_institution(words[start:end]):
        return Span(start, end, "organisation")
    return span


def _is_none_of_the_three(name: Sequence[str]) -> bool:
    if " ".join(name).lower() in NEVER_NAMES:
        return True
    last = name[-1].lower()
    if last.endswith(_GLUED) and last not in _GLUED:
        return True
    if len(name) == 1:
        word = name[0]
        return not (word.isalnum() or any(map(str.isalnum, word))) or _is_of_party(word)
    if "Departments" in name and name[name.index("Departments") + 1 :][:1] == ("of",):
        return True  # of two or more: the Departments of Trade and Labour
    if name[-1].lower() in MONEY or "_" in name:  # an amount, a file
        return True
    happened = len(name) > 2 and name[0] in _FOUGHT_AND_SIGNED and name[1] == "of"
    return happened or (name[-1] in OCCASIONS and not _is_institution(name))


def _is_of_party(word: str) -> bool:
    """Whether a word is a party and a state: D-Wis."""
    party, hyphen, state = word.partition("-")
    return bool(hyphen) and party in _PARTIES and f"{state.lower().rstrip('.')}." in ALIASES


def _is_institution(name: Sequence[str]) -> bool:
    if name[-1].lower() in COMPANY_SUFFIXES or (len(name) > 2 and name[-1] == "Court"):
        return True
    return not (INSTITUTIONS.isdisjoint(name) and _OWNERS.isdisjoint(name[:-1]))


def _with_districts(words: Sequence[str], spans: Sequence[Span]) -> list[Span]:
    """Courts' districts as one place, "Southern District of New York"; without "of" as none."""
    found: list[Span] = []
    for span in spans:
        last = found[-1] if found else None
        if last and span.type == "place" and _is_district_of(words, last, span.start):
            found[-1] = Span(last.start, span.end, "place")
            continue
        found.append(span)
    return [
        Span(span.start, span.end, "other") if _is_district(words, span) else span for span in found
    ]


def _is_district_of(words: Sequence[str], span: Span, place: int) -> bool:
    return span.end + 1 == place and words[span.end] == "of" and _is_district(words, span)


def _is_district(words: Sequence[str], span: Span) -> bool:
    name = words[span.start : span.end]
    return name[-1] == "District" and (len(name) == 1 or (len(name) == 2 and name[0] in _COMPASS))
