"""What names must have in common to be compared: cores, parts and buckets."""

from __future__ import annotations

import re
from functools import lru_cache

from index.entities.lists import ALIASES, COMPANY_SUFFIXES, GENERATIONS, PARTICLES, bare
from index.entities.mentions import EntityType
from index.tokens import fold

_LEFT_OUT = str.maketrans({".": None, "'": None, "’": None, "&": " and "})
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_INITIALS = re.compile(r"\b\w(?: \w)+\b")

_SUFFIXES = frozenset(suffix.replace(".", "") for suffix in COMPANY_SUFFIXES)
_HOLDING = frozenset(("group", "holding", "holdings"))
"""What stands before a suffix in the name of a company of companies."""
_FOREIGN_SUFFIXES = frozenset(("ab", "ag", "nv", "oy", "sa", "spa"))
"""Suffixes that are also syllables of people's names."""
_GENERATIONS = frozenset(bare(word) for word in GENERATIONS)
_PARTICLES = frozenset(fold(word) for word in PARTICLES)
_REMEMBERED = 1 << 14
"""Names, the latest: each is asked for ten times while it is counted and resolved."""
_NEVER_LAST = frozenset(("and", "for", "in", "of", "on", "the"))
LONGEST_BEGINNING = 2
"""Words by which an organisation may be called for short."""
_RULE = frozenset(("administration", "administrations", "cabinet", "government", "regime"))
"""Words behind the names of those who rule, who are not called by their office's."""
_INITIALS_FIRST = re.compile(r"(?:[A-Z]\.)+ ?(?:[A-Z]\. ?)*(?=[A-Z][a-z])")
LOST_APOSTROPHE = re.compile(r"\b([A-Z]{2,})s\b")
"""What is left of "FBI's" where texts lost their apostrophes."""
_LOST_BLANK = re.compile(r"\b[A-Z]{3,}(?=[A-Z][a-z]{2})")
_LED_BY_MINISTERS = frozenset(("department", "ministry"))
_SPELLINGS_OF_Y = re.compile(r"(?:yy|iy|ij|yi)$")


def core(kind: EntityType, name: str) -> str:
    """What spellings of one name share: no case, accents, dots, article or company suffix.

    "J. D. Vance" and "JD Vance", "the New York Times Co." and "NEW YORK TIMES".
    """
    return " ".join(without_suffix(kind, words(name))) or name


@lru_cache(maxsize=_REMEMBERED)
def words(name: str) -> tuple[str, ...]:
    """The words of a name, folded; initials that follow each other are one word.

    Acronyms come without the s that is left where texts lost their apostrophes, "FBIs", and those
    everybody knows apart from the word they run into, "FBIMiami".
    """
    name = with_blanks(LOST_APOSTROPHE.sub(r"\1", name))
    plain = _BETWEEN_WORDS.sub(" ", fold(name).translate(_LEFT_OUT)).strip()
    joined = _INITIALS.sub(lambda initials: initials.group().replace(" ", ""), plain).split()
    return tuple(joined[1:] if joined[:1] == ["the"] and len(joined) > 1 else joined)


def with_blanks(name: str) -> str:
    """A name with a blank behind acronyms that run into the next word."""
    return _LOST_BLANK.sub(_with_blank, name)


def _with_blank(acronym: re.Match[str]) -> str:
    return f"{acronym[0]} " if acronym[0].lower() in ALIASES else acronym[0]


def without_suffix(kind: EntityType, name: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a name without "and Co Inc", "Group Plc" and the like."""
    end = len(name)
    while end > 1 and (
        name[end - 1] in _SUFFIXES or (name[end - 1] in _HOLDING and end < len(name))
    ):
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
    family's name in East Asia; organisations by their first word or two, their founder's surname,
    and departments by what they are for.
    """
    written = tuple(core(kind, name).split())
    if kind == "person":
        written = without_generation(written)
        found = {written[at:] for at in range(surname_at(written), len(written))} | {written[:1]}
    elif kind == "organisation" and written[-1] not in _RULE:
        found = {
            written[at : at + length]
            for at in (0, beginning(name, written))
            for length in range(1, LONGEST_BEGINNING + 1)
        }
        if at := _portfolio_at(written):
            found.add(written[at:])
    else:
        found = set()
    return {
        " ".join(part) for part in found if len(part) < len(written) and part[-1] not in _NEVER_LAST
    }


def beginning(name: str, written: tuple[str, ...]) -> int:
    """Where the words of an organisation's name begin behind its founder's initials: A.B. Sample."""
    return int(len(written) > 1 and _INITIALS_FIRST.match(name) is not None)


def _portfolio_at(written: tuple[str, ...]) -> int:
    """Where a name says what a department or ministry is for; 0 for others."""
    for at in (0, 1):
        if (
            written[at : at + 1]
            and written[at] in _LED_BY_MINISTERS
            and written[at + 1 : at + 2] == ("of",)
        ):
            return at + 2 + (written[at + 2 : at + 3] == ("the",))
    return 0


def abbreviation(kind: EntityType, name: str, surface: str) -> str | None:
    """The core of a surface that an article explains by the name: "isw". None for others.

    A part of the name explains nothing: Sample Motors may be called Sample here, and others there.
    """
    if kind == "person" or len(surface.split()) > 1:
        return None
    short = core(kind, surface)
    return None if short == core(kind, name) or short in parts(kind, name) else short


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
