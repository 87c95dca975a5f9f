"""Which names of people with one surname are forms of one person's name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from index.entities.lists import NICKNAMES
from index.names.keys import surname_at, without_generation
from index.names.spelling import Form

CLEARLY = 0.85
"""Of several that a shorter name fits, one is meant when it has this share of their articles."""

AS_KNOWN = 1 / 3
"""A name without its beginning is that of a person who is named with it in so many articles for
each one without: "Otto Poehl", but not every "Alan Smith" because of one "John Alan Smith"."""

T = TypeVar("T")

_INITIALS = re.compile(r"(?:\w\.)+|\w|[A-Z]{2}")


@dataclass(slots=True)
class _Person:
    """Forms of one name. given and generation are those of the fullest."""

    given: tuple[str, ...]
    generation: str
    words: tuple[str, ...]
    forms: list[Form]
    articles: int = field(init=False)

    def __post_init__(self) -> None:
        self.articles = sum(form.articles for form in self.forms)

    def takes(self, other: _Person) -> None:
        """Count the other's forms as its own."""
        self.forms += other.forms
        self.articles += other.articles


def people(forms: Iterable[Form]) -> list[list[Form]]:
    """The forms of each person, of forms whose names share their bucket."""
    spellings: dict[str, list[Form]] = defaultdict(list)
    for form in forms:
        spellings[form.core].append(form)
    found: list[_Person] = []
    for person in sorted(map(_parsed, spellings.values()), key=_fullness, reverse=True):
        known = [other for other in found if _fits(person, other)] or [
            other for other in found if _ends(person, other)
        ]
        if one := clearly_one([(other, other.articles) for other in known]):
            one.takes(person)
        else:
            found.append(person)
    return [person.forms for person in found]


def clearly_one(candidates: Sequence[tuple[T, int]]) -> T | None:
    """The candidate that is meant, given how many articles name each; None when it is not clear."""
    if not candidates:
        return None
    best, articles = max(candidates, key=lambda candidate: candidate[1])
    return best if articles >= CLEARLY * sum(count for _, count in candidates) else None


def _parsed(forms: Sequence[Form]) -> _Person:
    """Spellings of one name in its parts: initials are a word each."""
    words = tuple(forms[0].core.split())
    rest = without_generation(words)
    generation = words[-1] if len(rest) < len(words) else ""
    initials = {
        word.replace(".", "").lower()
        for form in forms
        for word in form.name.split()
        if _INITIALS.fullmatch(word)
    }
    given: list[str] = []
    for word in rest[: surname_at(rest)]:
        given += word if word in initials else [word]
    return _Person(tuple(given), generation, rest, list(forms))


def _fullness(person: _Person) -> tuple[object, ...]:
    full = sum(len(word) > 1 for word in person.given)
    return (full, len(person.given), person.generation, person.articles, person.words)


def _fits(short: _Person, full: _Person) -> bool:
    """Whether one name is the other with some words left out or as initials.

    A name without "Jr." fits one with it only when it is the rarer one: else it is the father's.
    """
    if short.generation != full.generation and (short.generation or short.articles > full.articles):
        return False
    if short.words == full.words:
        return True
    if short.words[-1].endswith("s") != full.words[-1].endswith("s"):
        return _has_lost_apostrophe(short, full)
    if not short.given or not full.given or not _same(short.given[0], full.given[0]):
        return False
    if len(full.given[0]) == 1 < len(short.given[0]) and any(len(word) > 1 for word in full.given):
        return False  # who goes by the second name: J. Hugh Liedtke is no John Liedtke
    return all(map(_same, short.given[1:], full.given[1:]))


def _has_lost_apostrophe(one: _Person, other: _Person) -> bool:
    """Whether one name is "Kirbys", left of "Kirby's", and the other known well enough for it."""
    plain, possessive = sorted((one, other), key=lambda person: person.words[-1])
    return (
        possessive.words == (*plain.words[:-1], f"{plain.words[-1]}s")
        and plain.articles >= AS_KNOWN * possessive.articles
    )


def _same(one: str, other: str) -> bool:
    """Whether a given name is the other, short for it, or its initial."""
    if 1 in (len(one), len(other)):
        return one[0] == other[0]
    return NICKNAMES.get(one, one) == NICKNAMES.get(other, other)


def _ends(short: _Person, full: _Person) -> bool:
    """Whether one name is the end of the other: Perez de Cuellar."""
    return (
        short.generation == full.generation
        and full.words[-len(short.words) :] == short.words
        and full.articles >= AS_KNOWN * short.articles
    )
