"""Which longer name a single word stands for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from index.names.keys import LONGEST_BEGINNING, beginning, is_company, without_suffix, words
from index.names.people import AS_KNOWN, CLEARLY, clearly_one

WELL_KNOWN = 1 / 25
"""A surname or an abbreviation alone stands for what is named in full, or explained, in so many
articles for each one where it stands alone: presidents and ministers mostly do without, but what
one article of hundreds says explains nothing."""

FULLER = 2
"""A name of two words is one in full, unless so many articles have the longer name for each one with
it: "Drexel Burnham", but not "Credit Suisse" because of its bank in London."""

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


def shortened(  # noqa: PLR0913  (what is known of a name)
    kind: str,
    word: str,
    articles: int,
    longer: Sequence[Candidate],
    explained: Sequence[Candidate],
    companies: int = 0,
) -> Shortened:
    """What a word or two stand for that are the name in so many articles.

    longer: entities of its type that it is a part of, with the articles that name them.
    explained: entities that articles give as what it abbreviates, with the number of those.
    companies: articles that have it with "Inc" or the like, which is a name in full.
    """
    if explained or kind == "person":
        candidates = explained or longer
        one = clearly_one(candidates)
        known = sum(candidate.articles for candidate in candidates if candidate.entity == one)
        return Shortened(one if known >= WELL_KNOWN * articles else None, len(candidates) > 1)
    if kind == "organisation":
        return Shortened(_named_in_full(word, articles, longer, companies), several=False)
    return Shortened(None, several=False)


def _named_in_full(
    word: str, articles: int, longer: Sequence[Candidate], companies: int
) -> str | None:
    """The organisation that a name is the beginning of, which may be the beginning of another's.

    Who says Sample means Sample Tester Brothers, if Sample Tester is short for them too.
    """
    short, found = tuple(word.split()), None
    written = {one: _behind(one.entity, short) for one in longer}
    while not found or len(short) <= LONGEST_BEGINNING:
        following = {
            one: name
            for one, name in written.items()
            if name[: len(short)] == short and (len(name) > len(short) or not found)
        }
        needed = max(KNOWN, (AS_KNOWN if len(short) == 1 else FULLER) * articles)
        further = _common_beginning(following, needed, companies)
        if further is None:
            break
        found, short, articles = further.entity, written[further], further.articles
        companies = articles * is_company("organisation", found)
    return found


def _common_beginning(
    written: Mapping[Candidate, tuple[str, ...]], needed: float, companies: int
) -> Candidate | None:
    """The organisation whose name clearly all begin with, of those that enough articles name."""
    begin: Counter[tuple[str, ...]] = Counter()
    for one, name in written.items():
        for end in range(1, len(name) + 1):
            begin[name[:end]] += one.articles
    total = sum(one.articles for one in written)
    clear = [
        one
        for one, name in written.items()
        if one.articles >= needed
        and companies < AS_KNOWN * one.articles
        and begin[name] >= CLEARLY * total
    ]
    return max(clear, key=lambda one: (begin[written[one]], one.articles, one)) if clear else None


def _behind(entity: str, short: Sequence[str]) -> tuple[str, ...]:
    """The words of an organisation's name from where its short form begins, without "Inc".

    None when it has it nowhere.
    """
    written = without_suffix("organisation", words(entity))
    for at in (0, beginning(entity, written), *range(2, len(written))):
        if written[at : at + len(short)] == tuple(short):
            return written[at:]
    return ()
