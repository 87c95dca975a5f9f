"""Replaces what a plan says about words and names by the archive's own words and values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fnmatch import translate
from typing import Protocol
from weakref import WeakKeyDictionary

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from index.tokens import fold, words
from search.engine import ArchiveWord, Engine
from search.plan import AnyWord, Boolean, HasValue, NamedValue, Nothing, Pattern, Plan

_JOINERS = "'’.,"
"""What index.tokens leaves out of the middle of a word."""
_WITHOUT_JOINERS = str.maketrans("", "", _JOINERS)

_seen: WeakKeyDictionary[Engine, dict[str, list[tuple[str, str, int]]]] = WeakKeyDictionary()
"""What `_with_joiners` found by facet, kept as long as the snapshot it is from."""

_expansions: WeakKeyDictionary[Engine, dict[Pattern, Plan]] = WeakKeyDictionary()
"""Patterns asked for lately, as long as the snapshot: pages and facets of one question repeat it."""
_MOST_EXPANSIONS = 256


def expand(plan: Plan, engine: Engine) -> Plan:
    """Replace each Pattern by an AnyWord and each NamedValue by a HasValue.

    What matches no word or value of the archive becomes Nothing.
    """
    match plan:
        case Boolean():
            return replace(
                plan,
                must=_expanded(plan.must, engine),
                should=_expanded(plan.should, engine),
                filter=_expanded(plan.filter, engine),
                must_not=_expanded(plan.must_not, engine),
            )
        case Pattern():
            return _expanded_pattern(plan, engine)
        case NamedValue():
            values = tuple(value for value, _ in matching_values(plan, engine))
            return HasValue(plan.facet, values) if values else Nothing()
        case _:
            return plan


def _expanded_pattern(pattern: Pattern, engine: Engine) -> Plan:
    known = _expansions.setdefault(engine, {})
    if pattern not in known:
        if len(known) >= _MOST_EXPANSIONS:
            known.clear()
        stems = tuple(dict.fromkeys(word.stem for word in matching_words(pattern, engine)))
        known[pattern] = AnyWord(stems, pattern.field, pattern.boost) if stems else Nothing()
    return known[pattern]


class HasWords(Protocol):
    """What has words: an engine, or another part of an archive."""

    def words(self, prefix: str) -> Iterator[ArchiveWord]:
        """Those that begin with `prefix`, in code point order."""


def matching_words(pattern: Pattern, engine: HasWords) -> Iterable[ArchiveWord]:
    """The archive's words that a pattern matches, folded as they stand."""
    if pattern.kind == "prefix":
        return engine.words(pattern.text)
    if pattern.kind == "wildcard":
        return _matching_wildcard(pattern.text, engine)
    return _within_edits(pattern.text, pattern.distance, engine)


def matching_values(name: NamedValue, engine: Engine) -> list[tuple[str, int]]:
    """The facet's values that have these words next to each other, with their articles."""
    if name.words == ("*",):
        return sorted(engine.facet_values(name.facet, ""))
    longest = max((word.rstrip("*") for word in name.words), key=len)
    candidates = dict(engine.facet_values(name.facet, longest))
    candidates |= {
        value: articles
        for letters, value, articles in _with_joiners(name.facet, engine)
        if longest in letters
    }
    return [
        (value, candidates[value])
        for value in sorted(candidates)
        if _has_in_order(words(value), name.words)
    ]


def _with_joiners(facet: str, engine: Engine) -> list[tuple[str, str, int]]:
    """Values like O'Brien, which has the word obrien but not its letters in a row.

    As (folded without joiners, value, articles).
    """
    facets = _seen.setdefault(engine, {})
    if facet not in facets:
        found = {pair for joiner in _JOINERS for pair in engine.facet_values(facet, joiner)}
        facets[facet] = [
            (fold(value).translate(_WITHOUT_JOINERS), value, articles) for value, articles in found
        ]
    return facets[facet]


def _expanded(plans: tuple[Plan, ...], engine: Engine) -> tuple[Plan, ...]:
    return tuple(expand(plan, engine) for plan in plans)


def _matching_wildcard(text: str, engine: HasWords) -> Iterator[ArchiveWord]:
    """The words that match * and ?, in time linear in their letters: translate's * is atomic."""
    fits = re.compile(translate(text)).match
    beginning = re.split(r"[*?]", text, maxsplit=1)[0]
    return (word for word in engine.words(beginning) if fits(word.word))


def _within_edits(text: str, distance: int, engine: HasWords) -> list[ArchiveWord]:
    """The words with the same first letter and at most `distance` edits.

    An edit puts in, leaves out or changes a letter, or exchanges two neighbours.
    """
    candidates = list(engine.words(text[:1]))
    found = process.extract(
        text,
        [candidate.word for candidate in candidates],
        scorer=DamerauLevenshtein.distance,
        score_cutoff=distance,
        limit=None,
    )
    return [candidates[place] for _, _, place in found]


def _has_in_order(present: list[str], wanted: tuple[str, ...]) -> bool:
    """Whether the wanted words stand side by side; one that ends in * as a beginning."""
    return any(
        all(map(_fits, present[first:], wanted)) for first in range(len(present) - len(wanted) + 1)
    )


def _fits(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted
