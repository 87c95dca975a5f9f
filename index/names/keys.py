"""What names must have in common to be compared: cores, parts and buckets."""

from __future__ import annotations

import re

from index.entities.lists import COMPANY_SUFFIXES, GENERATIONS, PARTICLES, bare
from index.entities.mentions import EntityType
from index.tokens import fold

_LEFT_OUT = str.maketrans({".": None, "'": None, "’": None, "&": " and "})
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_INITIALS = re.compile(r"\b\w(?: \w)+\b")

_SUFFIXES = frozenset(suffix.replace(".", "") for suffix in COMPANY_SUFFIXES)
_FOREIGN_SUFFIXES = frozenset(("ab", "ag", "nv", "oy", "sa", "spa"))
"""Suffixes that are also syllables of people's names."""
_GENERATIONS = frozenset(bare(word) for word in GENERATIONS)
_PARTICLES = frozenset(fold(word) for word in PARTICLES)
_NEVER_LAST = frozenset(("and", "for", "in", "of", "on", "the"))
_LONGEST_BEGINNING = 2
_RULE = frozenset(("administration", "administrations", "cabinet", "government", "regime"))
"""Words behind the names of those who rule, who are not called by their office's."""
_SPELLINGS_OF_Y = re.compile(r"(?:yy|iy|ij|yi)$")


def core(kind: EntityType, name: str) -> str:
    """What spellings of one name share: no case, accents, dots, article or company suffix.

    "J. D. Vance" and "JD Vance", "the New York Times Co." and "NEW YORK TIMES".
    """
    return " ".join(without_suffix(kind, words(name))) or name


def words(name: str) -> tuple[str, ...]:
    """The words of a name, folded; initials that follow each other are one word."""
    plain = _BETWEEN_WORDS.sub(" ", fold(name).translate(_LEFT_OUT)).strip()
    joined = _INITIALS.sub(lambda initials: initials.group().replace(" ", ""), plain).split()
    return tuple(joined[1:] if joined[:1] == ["the"] and len(joined) > 1 else joined)


def without_suffix(kind: EntityType, name: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a name without "and Co Inc" and the like."""
    end = len(name)
    while end > 1 and name[end - 1] in _SUFFIXES:
        if kind != "organisation" and name[end - 1] in _FOREIGN_SUFFIXES:
            break
        end -= 1 + (end > 2 and name[end - 2] == "and")
    return name[:end]


def is_company(kind: EntityType, name: str) -> bool:
    """Whether the name says so itself: Acme Inc."""
    written = words(name)
    return len(without_suffix(kind, written)) < len(written)


def parts(kind: EntityType, name: str) -> set[str]:
    """What somebody or something of this name may be called for short.

    People by their surnames, with and without particles, and by the first word, which is the
    family's name in East Asia; organisations by their first word or two.
    """
    written = tuple(core(kind, name).split())
    if kind == "person":
        written = without_generation(written)
        found = {written[at:] for at in range(surname_at(written), len(written))} | {written[:1]}
    elif kind == "organisation" and written[-1] not in _RULE:
        found = {written[:end] for end in range(1, _LONGEST_BEGINNING + 1)}
    else:
        found = set()
    return {
        " ".join(part) for part in found if len(part) < len(written) and part[-1] not in _NEVER_LAST
    }


def abbreviation(kind: EntityType, name: str, surface: str) -> str | None:
    """The core of a surface that an article explains by the name: "isw". None for others."""
    short = core(kind, surface)
    several = len(surface.split()) > 1
    return None if kind == "person" or several or short == core(kind, name) else short


def without_generation(name: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a person's name without "jr" and the like."""
    return name[:-1] if len(name) > 1 and name[-1] in _GENERATIONS else name


def surname_at(name: tuple[str, ...]) -> int:
    """Where the surname begins, particles included, in a name without its generation."""
    at = len(name) - 1
    while at > 1 and name[at - 1] in _PARTICLES:
        at -= 1
    return at


def surname_bucket(name: str) -> str | None:
    """What forms of a person's name share, by its core; None for a single word.

    The last word, whose ending may come from Cyrillic in several ways.
    """
    written = tuple(name.split())
    if len(written) < 2:
        return None
    return _SPELLINGS_OF_Y.sub("y", without_generation(written)[-1].removesuffix("s"))
