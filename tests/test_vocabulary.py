"""Patterns and names become what is in the archive, no more and no less."""

from __future__ import annotations

import re

import corpus
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import Oracle

from index.articles import Document
from index.tokens import words
from search.plan import AnyWord, Boolean, HasValue, NamedValue, Nothing, Pattern, Plan, Word
from search.query import read_query
from search.vocabulary import expand, matching_words

ARCHIVE = Oracle(
    [
        Document(
            article_id="a",
            title="Elections élections elected",
            body="woman women wan Kyiv kiev keyv 1999 19th",
            language="en",
            facets={
                "person": ("Volodymyr Zelenskyy", "Conan O'Brien", "John Kirby", "John F. Kirby"),
                "place": ("São Paulo", "U.S.", "Paulo Afonso"),
            },
        )
    ]
)


def expanded(text: str) -> Plan:
    return expand(read_query(text).plan, ARCHIVE)


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("elect*", AnyWord(("elect",))),
        ("title:wom?n^2", AnyWord(("woman", "women"), "title", 2.0)),
        ("w*n", AnyWord(("wan", "woman", "women"))),
        ("*i?v", AnyWord(("kiev",))),
        ("19*", AnyWord(("1999", "19th"))),
        ("kyiv~1", AnyWord(("kyiv",))),
        ("kyev~1", AnyWord(("keyv", "kiev", "kyiv"))),
        ("zebra*", Nothing()),
        ("person:zelenskyy", HasValue("person", ("Volodymyr Zelenskyy",))),
        ("person:zel*", HasValue("person", ("Volodymyr Zelenskyy",))),
        ('person:"john kirby"', HasValue("person", ("John Kirby",))),
        ("person:O'Brien", HasValue("person", ("Conan O'Brien",))),
        ("person:obrien", HasValue("person", ("Conan O'Brien",))),
        ('person:"kirby john"', Nothing()),
        ("place:paulo", HasValue("place", ("Paulo Afonso", "São Paulo"))),
        ("place:us", HasValue("place", ("U.S.",))),
        ("place:*", HasValue("place", ("Paulo Afonso", "São Paulo", "U.S."))),
        (
            "war (elect* OR person:nobody)",
            Boolean(must=(Word("war"), Boolean(should=(AnyWord(("elect",)), Nothing())))),
        ),
    ],
)
def test_expand(text: str, plan: Plan) -> None:
    found = expanded(text)
    if isinstance(found, AnyWord):
        assert AnyWord(tuple(sorted(found.stems)), found.field, found.boost) == plan
    else:
        assert found == plan


def slow_match(pattern: str, word: str) -> bool:
    if not pattern:
        return not word
    if pattern[0] == "*":
        return any(slow_match(pattern[1:], word[start:]) for start in range(len(word) + 1))
    return bool(word) and pattern[0] in ("?", word[0]) and slow_match(pattern[1:], word[1:])


EVERY = Oracle(corpus.archive(seed=1, articles=30))
EVERYBODY = Oracle([Document(article_id="a", title="", body="", facets=corpus.VALUES)])
IN_EVERY = [found.word for found in EVERY.words("")]
mangled = st.builds(
    lambda word, places, sign: "".join(
        sign if place in places else letter for place, letter in enumerate(word)
    ),
    st.sampled_from(IN_EVERY),
    st.sets(st.integers(0, 6)),
    st.sampled_from("*?"),
)


@given(mangled)
def test_wildcards_match_as_the_slow_way(text: str) -> None:
    found = [word.word for word in matching_words(Pattern("wildcard", text), EVERY)]
    assert found == [word for word in IN_EVERY if slow_match(text, word)]


def test_a_wildcard_of_many_stars_takes_linear_time() -> None:
    hostile = Oracle([Document(article_id="a", title="a" * 80, body="")])
    assert list(matching_words(Pattern("wildcard", "a*" * 40 + "b"), hostile)) == []


def edits(first: str, second: str) -> int:
    """Damerau–Levenshtein distance by trying everything; only for distances up to 2."""
    reachable = {first}
    letters = sorted(set(first + second))
    for distance in range(3):
        if second in reachable:
            return distance
        reachable |= {near for word in reachable for near in neighbours(word, letters)}
    return 3


def neighbours(word: str, letters: list[str]) -> set[str]:
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    return (
        {left + right[1:] for left, right in cuts if right}
        | {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
        | {left + letter + right[1:] for left, right in cuts if right for letter in letters}
        | {left + letter + right for left, right in cuts for letter in letters}
    )


@pytest.mark.parametrize("text", ["war", "taks", "peaec", "cfae"])
@pytest.mark.parametrize("distance", [1, 2])
def test_fuzzy_words_are_those_within_so_many_edits(text: str, distance: int) -> None:
    found = {word.word for word in matching_words(Pattern("fuzzy", text, distance=distance), EVERY)}
    near = {
        word
        for word in IN_EVERY
        if word[0] == text[0] and abs(len(word) - len(text)) <= 2 and edits(text, word) <= distance
    }
    assert found == near


@given(
    st.sampled_from(sorted(corpus.VALUES)).flatmap(
        lambda facet: st.tuples(st.just(facet), st.sampled_from(corpus.VALUES[facet]))
    ),
    st.integers(0, 2),
    st.booleans(),
)
def test_a_value_is_found_by_its_words(facet_value: tuple[str, str], skip: int, star: bool) -> None:
    facet, value = facet_value
    wanted = words(value)[skip:]
    if not wanted:
        return
    if star:
        wanted[-1] = re.sub(r".$", "*", wanted[-1])
    plan = expand(NamedValue(facet, tuple(wanted)), EVERYBODY)
    assert isinstance(plan, HasValue)
    assert value in plan.values
