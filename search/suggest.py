"""Other spellings for queries that find little, and completions of what is being typed."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from heapq import nlargest
from itertools import islice, takewhile
from typing import Literal
from weakref import WeakKeyDictionary

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from index.entities.mentions import ENTITY_TYPES, EntityType
from index.tokens import STOP_WORDS, Token, stem, tokens
from search.engine import Engine
from search.plan import TEXT_FIELDS, NamedValue, Plan
from search.query import Reading, read_query
from search.query_leaves import usual_edits
from search.query_lexemes import FIELDS
from search.request import SearchRequest
from search.vocabulary import expand, matching_values

LITTLE = 2
"""Articles up to which a query, or one of its words, finds so little that a typo is likely."""

SHORTEST_CORRECTED = 3
"""Letters of a word below which nearly every other word is one edit away."""

COST_OF_AN_EDIT = math.log(100)
"""A candidate one edit further away must be in a hundred times as many articles.

Of 569 words of Reuters articles, mistyped in one place or (every fourth) in two, 84 % come back
first with a hundred, 80 % with three and 74 % with one; more than a hundred gains nothing.
"""

MOST_ATTEMPTS = 4
"""Corrected queries that are tried before giving up; each costs a count."""

MOST_WORDS_OF_A_NAME = 4
"""Words typed last that may belong to one name."""

LONGEST_TYPED = 200
"""Characters at the end of the text that are looked at."""

_TAIL = re.compile(r'(?:(?P<field>[^\W\d]\w*):)?"?(?P<typed>[^":()]*)\Z')


@dataclass(frozen=True, slots=True)
class Correction:
    """A query that finds more: its text, where it was changed (start, end), its articles."""

    text: str
    changed: tuple[tuple[int, int], ...]
    total: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the word being typed may become.

    text: a name or a word; articles: how many have it; query: the whole query with it.
    """

    text: str
    kind: EntityType | Literal["word"]
    articles: int
    query: str


@dataclass(frozen=True, slots=True)
class _Tail:
    """The end of a text: what is typed after the last bracket, quotation mark or field.

    start: where it begins, with its field and quotation mark; inside: without them; the places
    of the typed tokens count from there.
    """

    text: str
    start: int
    inside: int
    typed: list[Token]

    @property
    def goes_on(self) -> bool:
        """Whether the last word may go on: nothing follows it."""
        return self.inside + self.typed[-1].end == len(self.text)


@dataclass(frozen=True, slots=True)
class _Words:
    """The archive's words with one first letter: articles by word, and by stem."""

    by_word: Counter[str]
    by_stem: Counter[str]


_seen: WeakKeyDictionary[Engine, dict[str, _Words]] = WeakKeyDictionary()
"""Words by first letter, kept as long as the snapshot they are from."""


Count = Callable[[Plan], int]
"""Counts the articles of a plan as `read_query` makes it."""


def correct(
    text: str, reading: Reading, total: int, engine: Engine, count: Count | None = None
) -> Correction | None:
    """The query respelled by the archive's own words; None when that finds no more.

    total: what the query found. count: what counts the articles of other spellings, under the same
    filters; by default `counter(engine)`.
    """
    if total > LITTLE:
        return None
    count = count or counter(engine)
    choices = {
        word: found for word in reading.words if (found := _respelled(word, reading, engine))
    }
    for spelling in islice(_attempts(choices), MOST_ATTEMPTS):
        corrected, changed = _replaced(text, spelling)
        again = read_query(corrected, match=reading.match, languages=reading.languages)
        articles = count(again.plan)
        if articles > total:
            return Correction(corrected, changed, articles)
    return None


def counter(engine: Engine, request: SearchRequest | None = None) -> Count:
    """Counts articles under the filters and dates of a request, if one is given."""
    counting = replace(
        request or SearchRequest(), size=0, offset=0, cursor=None, facets=(), histogram=None
    )
    return lambda plan: engine.search(replace(counting, plan=expand(plan, engine))).total


def complete(text: str, engine: Engine, *, limit: int = 8) -> tuple[Suggestion, ...]:
    """What the text being typed may go on as: names first, then words, each most frequent first.

    A name is found by the beginning of any of its words; `person:` and the like before the
    word being typed ask for names of that kind alone.
    """
    tail = _TAIL.search(text[-LONGEST_TYPED:])
    typed = list(tokens(tail["typed"])) if tail else []
    if tail is None or not typed:
        return ()
    tail_of_text = _Tail(text, len(text) - len(tail.group()), len(text) - len(tail["typed"]), typed)
    facet = FIELDS.get((tail["field"] or "").lower())
    kinds = tuple(kind for kind in ENTITY_TYPES if facet in (None, kind))
    names = nlargest(limit, _names(tail_of_text, kinds, engine), key=lambda name: name.articles)
    among_words = facet is None or facet in TEXT_FIELDS
    others = list(_words_beginning(tail_of_text, limit, engine)) if among_words else []
    kept = max(limit - len(others), limit - limit // 3)
    return (*names[:kept], *others)[:limit]


def _respelled(word: Token, reading: Reading, engine: Engine) -> list[str]:
    """Likelier spellings of a word that few articles have, the likeliest first."""
    typed = word.word
    if len(typed) < SHORTEST_CORRECTED or not typed.isalpha():
        return []
    known = _words_with(typed[0], engine)
    its_stems = {stem(typed, language) for language in reading.languages}
    articles = max((known.by_stem[its_stem] for its_stem in its_stems), default=0)
    if articles > LITTLE:
        return []
    likelihood = {
        other: math.log(count) - COST_OF_AN_EDIT * edits
        for other, count, edits in _near(typed, known, engine)
        if count > articles
        and not any(stem(other, language) in its_stems for language in reading.languages)
    }
    return sorted(likelihood, key=lambda other: (-likelihood[other], other))


def _near(typed: str, known: _Words, engine: Engine) -> Iterator[tuple[str, int, int]]:
    """Words a few edits away, with their articles and the number of edits."""
    exchanged = typed[1] + typed[0] + typed[2:]
    exact = takewhile(lambda found: found.word == exchanged, engine.words(exchanged))
    if count := sum(found.articles for found in exact):
        yield exchanged, count, 1
    found = process.extract(
        typed,
        known.by_word.keys(),
        scorer=DamerauLevenshtein.distance,
        score_cutoff=usual_edits(typed),
        limit=None,
    )
    yield from ((other, known.by_word[other], int(edits)) for other, edits, _ in found)


def _words_with(letter: str, engine: Engine) -> _Words:
    letters = _seen.setdefault(engine, {})
    if letter not in letters:
        by_word: Counter[str] = Counter()
        by_stem: Counter[str] = Counter()
        for found in engine.words(letter):
            by_word[found.word] += found.articles
            by_stem[found.stem] += found.articles
        letters[letter] = _Words(by_word, by_stem)
    return letters[letter]


def _attempts(choices: dict[Token, list[str]]) -> Iterator[dict[Token, str]]:
    """Every word in its likeliest spelling, then the words one by one in theirs."""
    if len(choices) > 1:
        yield {word: spellings[0] for word, spellings in choices.items()}
    for word, spellings in choices.items():
        for spelling in spellings[: MOST_ATTEMPTS // len(choices) or 1]:
            yield {word: spelling}


def _replaced(text: str, spelling: dict[Token, str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text with words replaced, and where they are in it."""
    corrected, done, changed = "", 0, []
    for word in sorted(spelling, key=lambda word: word.start):
        corrected += text[done : word.start]
        other = spelling[word]
        changed.append((len(corrected), len(corrected) + len(other)))
        corrected += other.capitalize() if text[word.start].isupper() else other
        done = word.end
    return corrected + text[done:], tuple(changed)


def _names(tail: _Tail, kinds: tuple[EntityType, ...], engine: Engine) -> list[Suggestion]:
    """Names that the last words typed fit, as many of these as there are names for."""
    last_words = tail.typed[-MOST_WORDS_OF_A_NAME:]
    for place, first in enumerate(last_words):
        wanted = [token.word for token in last_words[place:]]
        if tail.goes_on:
            wanted[-1] += "*"
        before = tail.text[: tail.start if first is tail.typed[0] else tail.inside + first.start]
        found = [
            Suggestion(value, kind, articles, before + f'{kind}:"{value.replace(chr(34), " ")}"')
            for kind in kinds
            for value, articles in matching_values(NamedValue(kind, tuple(wanted)), engine)
        ]
        if found:
            return found
    return []


def _words_beginning(tail: _Tail, limit: int, engine: Engine) -> Iterator[Suggestion]:
    """The archive's words that the last word typed begins."""
    if not tail.goes_on:
        return
    last = tail.typed[-1]
    articles: Counter[str] = Counter()
    for found in engine.words(last.word):
        articles[found.word] += found.articles
    telling = articles.keys() - STOP_WORDS
    for word in nlargest(limit, telling, key=lambda word: (articles[word], word)):
        completed = tail.text[: tail.inside + last.start] + word
        yield Suggestion(word, "word", articles[word], completed)
