"""Which longer name a single word stands for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from index.names.keys import words
from index.names.people import AS_KNOWN, CLEARLY, clearly_one

WELL_KNOWN = 1 / 25
"""A surname or an abbreviation alone stands for what is named in full, or explained, in so many
articles for each one where it stands alone: presidents and ministers mostly do without, but what
one article of hundreds says explains nothing."""

KNOWN = 3
"""Articles that name an organisation in full before its first word alone means it: fewer may as well
name its product, "SpaceX Falcon"."""


class Candidate(NamedTuple):
    """An entity that a word may be short for, and how many articles speak for it."""

    entity: str
    articles: int


class Shortened(NamedTuple):
    """The entity that a word clearly stands for, or None; and whether it may be several."""

    entity: str | None
    several: bool


def shortened(
    kind: str,
    word: str,
    articles: int,
    longer: Sequence[Candidate],
    explained: Sequence[Candidate],
) -> Shortened:
    """What a word stands for that is the name in so many articles.

    longer: entities of its type that it is a part of, with the articles that name them.
    explained: entities that articles give as what it abbreviates, with the number of those.
    """
    if explained or kind == "person":
        candidates = explained or longer
        one = clearly_one(candidates)
        known = sum(candidate.articles for candidate in candidates if candidate.entity == one)
        return Shortened(one if known >= WELL_KNOWN * articles else None, len(candidates) > 1)
    if kind == "organisation":
        return Shortened(_common_beginning(word, articles, longer), several=False)
    return Shortened(None, several=False)


def _common_beginning(word: str, articles: int, longer: Sequence[Candidate]) -> str | None:
    """The organisation whose longer name clearly all those begin with that begin with the word."""
    beginning: Counter[tuple[str, ...]] = Counter()
    known = []
    for candidate in longer:
        written = words(candidate.entity)
        for end in range(1, len(written) + 1):
            beginning[written[:end]] += candidate.articles
        if written[0] == word and candidate.articles >= max(KNOWN, AS_KNOWN * articles):
            known.append((candidate, written))
    counted = [Candidate(shorter.entity, beginning[written]) for shorter, written in known]
    total = sum(candidate.articles for candidate in longer)
    clear = [found for found in counted if found.articles >= CLEARLY * total]
    return max(clear, key=lambda found: (found.articles, -len(found.entity)))[0] if clear else None
