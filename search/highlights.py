"""Where the words of a plan stand in a text: what snippets and the article page highlight."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from index.tokens import pieces, split_raw, stem, tokens
from search.plan import AnyWord, Boolean, Phrase, Plan, Word

CHANGING_BEGINNINGS = frozenset({"ar", "ru"})
"""Languages whose stems may begin otherwise than their words; the others keep the first letter.

Arabic's stemmer cuts prefixes, the Russian one transliterates words of mixed scripts.
"""

_SURFACES_KEPT = 1 << 14
"""Raw words remembered by each highlighter: 2 MB; a newspaper article has some 300 different."""


class Match(NamedTuple):
    """text[start:end] answers the query; `key` numbers the query's words and phrases."""

    start: int
    end: int
    key: int


class _Piece(NamedTuple):
    """A piece with a wanted stem: its number within the raw word or text, its span there."""

    number: int
    start: int
    end: int
    stem: str


@dataclass(slots=True)
class _Known:
    """What was learned of raw words: the wanted pieces of those that have any, and how many all."""

    hits: dict[str, tuple[_Piece, ...]] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Wanted:
    """What a plan asks of one field, numbered: keys by stem and by (stems, slop)."""

    words: dict[str, int] = field(default_factory=dict)
    phrases: dict[tuple[tuple[str, ...], int], int] = field(default_factory=dict)
    _next: int = 0

    def add(self, plan: Plan, name: str) -> None:
        """Everything the plan wants to find in the field, so nothing under must_not."""
        match plan:
            case Word(text, where) if where in (None, name):
                self.words.setdefault(text, self._key())
            case AnyWord(stems, where) if where in (None, name):
                key = self._key()
                for text in stems:
                    self.words.setdefault(text, key)
            case Phrase(stems, slop, where) if where in (None, name):
                self.phrases.setdefault((stems, slop), self._key())
            case Boolean(must, should, filters):
                for child in (*must, *should, *filters):
                    self.add(child, name)
            case _:
                pass

    def stems(self) -> frozenset[str]:
        return frozenset(self.words).union(*(stems for stems, _ in self.phrases))

    def _key(self) -> int:
        self._next += 1
        return self._next


class Highlighter:
    """Finds the words a plan wants in one field of texts of one language.

    Keeps what it learned about each raw word it met, so the same one serves many texts.
    """

    def __init__(self, plan: Plan, name: str, language: str) -> None:
        self._language = language
        self._wanted = _Wanted()
        self._wanted.add(plan, name)
        self._stems = self._wanted.stems()
        self._initials = frozenset(text[:1] for text in self._stems)
        self._known = _Known()

    def find(self, text: str) -> list[Match]:
        """The matches in order of start; those of different keys may overlap."""
        if not self._stems or not text:
            return []
        parts = split_raw(text)
        surfaces = parts[1::2]
        known = self._learn(surfaces)
        starts = list(accumulate(map(len, parts)))[::2]
        hits, words = known.hits, self._wanted.words
        places = [place for place, surface in enumerate(surfaces) if surface in hits]
        found = [
            Match(starts[place] + piece.start, starts[place] + piece.end, words[piece.stem])
            for place in places
            for piece in hits[surfaces[place]]
            if piece.stem in words
        ]
        if self._wanted.phrases:
            numbers = list(accumulate(map(known.lengths.__getitem__, surfaces), initial=0))
            found += self._phrases(
                _Piece(numbers[place] + number, starts[place] + start, starts[place] + end, text)
                for place in places
                for number, start, end, text in hits[surfaces[place]]
            )
            found.sort()
        return found

    def _learn(self, surfaces: Sequence[str]) -> _Known:
        """Find out, once for every raw word, how many pieces it has and which are wanted."""
        known = self._known
        if len(known.lengths) > _SURFACES_KEPT:
            self._known = known = _Known()
        for surface in set(surfaces).difference(known.lengths):
            cut = pieces(surface)
            if any(map(self._may_match, cut)) and (wanted := self._pieces(surface)):
                known.hits[surface] = wanted
            known.lengths[surface] = len(cut)
        return known

    def _may_match(self, piece: str) -> bool:
        """Spares most words their stemming, which is the slow part."""
        return piece[0] in self._initials or self._language in CHANGING_BEGINNINGS

    def _pieces(self, surface: str) -> tuple[_Piece, ...]:
        return tuple(
            _Piece(number, token.start, token.end, found)
            for number, token in enumerate(tokens(surface))
            if (found := stem(token.word, self._language)) in self._stems
        )

    def _phrases(self, wanted: Iterable[_Piece]) -> Iterator[Match]:
        """The words of every occurrence of a phrase; neighbours among them as one match."""
        by_stem: dict[str, list[int]] = {}
        by_position: dict[int, _Piece] = {}
        for piece in wanted:
            by_stem.setdefault(piece.stem, []).append(piece.number)
            by_position[piece.number] = piece
        for (stems, slop), key in self._wanted.phrases.items():
            for occurrence in occurrences([by_stem.get(text, []) for text in stems], slop):
                for first, last in _runs(occurrence):
                    yield Match(by_position[first].start, by_position[last].end, key)


def occurrences(positions: Sequence[Sequence[int]], slop: int) -> Iterator[tuple[int, ...]]:
    """For each position that begins a phrase, the tightest occurrence from there.

    positions: of each word of the phrase, ascending. Between the words of an occurrence stand
    at most `slop` others.
    """
    for first in positions[0]:
        occurrence = [first]
        last = first + len(positions) - 1 + slop
        for following in positions[1:]:
            place = bisect_right(following, occurrence[-1])
            if place == len(following) or following[place] > last:
                break
            occurrence.append(following[place])
        else:
            yield tuple(occurrence)


def _runs(occurrence: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """(first, last) of each run of positions next to each other."""
    first = last = occurrence[0]
    for position in occurrence[1:]:
        if position != last + 1:
            yield first, last
            first = position
        last = position
    yield first, last


@lru_cache(maxsize=64)
def highlighter(plan: Plan, name: str, language: str) -> Highlighter:
    """The highlighter of a plan for a field ("title" or "body") and a language."""
    return Highlighter(plan, name, language)


def ranges(matches: Sequence[Match]) -> tuple[tuple[int, int], ...]:
    """The matches, sorted by start, as disjoint ranges."""
    merged: list[tuple[int, int]] = []
    for start, end, _ in matches:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
