"""How query texts are read, what is repaired, and that nothing a person types can fail."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.plan import (
    Boolean,
    Everything,
    NamedValue,
    Pattern,
    Phrase,
    Plan,
    PublishedBetween,
    Word,
)
from search.query import Match, Reading, read_query
from search.query_clauses import LEAST_BOOST, MOST_BOOST
from search.query_lexemes import FIELDS
from search.query_repair import LONGEST_QUERY, MOST_NESTED, MOST_WORDS

TODAY = date(2024, 11, 20)
NAMED_FR = NamedValue("language", ("fr",))
WAR, PEACE, TALKS = Word("war"), Word("peac"), Word("talk")


def read(text: str, match: Match = "all", languages: tuple[str, ...] = ("en",)) -> Reading:
    return read_query(text, match=match, languages=languages, today=TODAY)


def days(first: date, after: date) -> PublishedBetween:
    epoch = date(1970, 1, 1)
    return PublishedBetween((first - epoch).days * 86_400, (after - epoch).days * 86_400)


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("", Everything()),
        ("*", Everything()),
        ("war", WAR),
        ("Wars", WAR),
        ("war peace", Boolean(must=(WAR, PEACE))),
        ("war AND peace", Boolean(must=(WAR, PEACE))),
        ("war OR peace", Boolean(should=(WAR, PEACE))),
        ("war OR peace talks", Boolean(must=(Boolean(should=(WAR, PEACE)), TALKS))),
        ("war AND peace OR talks", Boolean(should=(Boolean(must=(WAR, PEACE)), TALKS))),
        ("war AND (peace OR talks)", Boolean(must=(WAR, Boolean(should=(PEACE, TALKS))))),
        ("war -peace", Boolean(must=(WAR,), must_not=(PEACE,))),
        ("war NOT peace", Boolean(must=(WAR,), must_not=(PEACE,))),
        ("-war", Boolean(must_not=(WAR,))),
        ("war OR NOT peace", Boolean(should=(WAR, Boolean(must_not=(PEACE,))))),
        ("-(war peace)", Boolean(must_not=(Boolean(must=(WAR, PEACE)),))),
        ('"peace talks"', Phrase(("peac", "talk"))),
        ("“peace talks”", Phrase(("peac", "talk"))),
        ('"peace talks"~5', Phrase(("peac", "talk"), slop=5)),
        ('-"peace talks"', Boolean(must_not=(Phrase(("peac", "talk")),))),
        ("covid-19", Phrase(("covid", "19"))),
        ("北京", Phrase(("北", "京"))),
        ("U.S.", Word("us")),
        ("O'Brien", Word("obrien")),
        ("elect*", Pattern("prefix", "elect")),
        ("Élec*", Pattern("prefix", "elec")),
        ("wom?n", Pattern("wildcard", "wom?n")),
        ("*gate", Pattern("wildcard", "*gate")),
        ("kyev~", Pattern("fuzzy", "kyev", distance=1)),
        ("zelenski~", Pattern("fuzzy", "zelenski", distance=2)),
        ("kyev~2", Pattern("fuzzy", "kyev", distance=2)),
        ("title:war", Word("war", "title")),
        ("headline:war", Word("war", "title")),
        ('body:"peace talks"^2', Phrase(("peac", "talk"), field="body", boost=2.0)),
        ("title:(war OR peace)", Boolean(should=(Word("war", "title"), Word("peac", "title")))),
        ("war^2.5", Word("war", boost=2.5)),
        ("(war peace)^3", Boolean(must=(WAR, PEACE), boost=3.0)),
        ("(war peace)^3 AND talks", Boolean(must=(Boolean(must=(WAR, PEACE), boost=3.0), TALKS))),
        ('person:"John Kirby"', NamedValue("person", ("john", "kirby"))),
        ("people:kirb*", NamedValue("person", ("kirb*",))),
        ('org:"White Ho*"', NamedValue("organisation", ("white", "ho*"))),
        ("language:French", NAMED_FR),
        ("lang:(fr OR deu)", Boolean(should=(NAMED_FR, NamedValue("language", ("de",))))),
        ("place:São-Paulo", NamedValue("place", ("sao", "paulo"))),
        ("war source:reuters", Boolean(must=(WAR,), filter=(NamedValue("source", ("reuters",)),))),
        ("date:Uncertain", NamedValue("dating", ("uncertain",))),
        ("date:2024", days(date(2024, 1, 1), date(2025, 1, 1))),
        ("date:2024-02", days(date(2024, 2, 1), date(2024, 3, 1))),
        ("date:2024-11-01", days(date(2024, 11, 1), date(2024, 11, 2))),
        ("date:[2024-11-01 TO 2024-12-31]", days(date(2024, 11, 1), date(2025, 1, 1))),
        ("date:{2022 TO 2024}", days(date(2023, 1, 1), date(2024, 1, 1))),
        ("date:[2024 TO]", PublishedBetween(1_704_067_200, None)),
        ("date:[TO 2023]", PublishedBetween(None, 1_704_067_200)),
        ("date:*", PublishedBetween(None, None)),
        ("date:yesterday", days(date(2024, 11, 19), date(2024, 11, 20))),
        ('date:"last week"', days(date(2024, 11, 11), date(2024, 11, 18))),
        ('date:"last 30 days"', days(date(2024, 10, 22), date(2024, 11, 21))),
        ('date:"March 2024"', days(date(2024, 3, 1), date(2024, 4, 1))),
        ('date:"this month"', days(date(2024, 11, 1), date(2024, 12, 1))),
        ("date:december", days(date(2023, 12, 1), date(2024, 1, 1))),
    ],
)
def test_what_a_query_means(text: str, plan: Plan) -> None:
    reading = read(text)
    assert reading.plan == plan
    assert reading.repairs == ()


@pytest.mark.parametrize(
    ("text", "understood", "repair"),
    [
        ('he said "peace talks', 'he AND said AND "peace talks"', "closing quotation mark"),
        ('5" gun', "5 AND gun", "stray quotation mark"),
        ('war ""', "war", "without words"),
        ("(war peace", "war AND peace", "closing parenthesis was missing"),
        ("war) peace", "war AND peace", "closing parenthesis without"),
        ("war () peace", "war AND peace", "empty parentheses"),
        ("NOT () war", "war", "empty parentheses"),
        ("war [peace]", "war AND peace", "bracket"),
        ("war AND", "war", "“AND” with nothing after it"),
        ("OR war", "war", "“OR” with nothing to join"),
        ("war AND OR peace", "war AND peace", "“OR” with nothing to join"),
        ("war (OR peace)", "war AND peace", "“OR” with nothing to join"),
        ("NOT NOT war", "NOT war", "two “NOT”"),
        ("--war", "NOT war", "read as “-”"),
        ("+war peace", "war AND peace", "“+” was ignored"),
        ("war || peace", "war OR peace", "“||” was read as OR"),
        ("/war/", "war", "slashes"),
        ("war\\ peace", "war AND peace", "slashes"),
        ("colour:red", "colour AND red", "unknown field “colour”: searched as words"),
        ("AND:red", "and AND red", "unknown field “AND”: searched as words"),
        ("title: war", "title:war", "the space after “title:”"),
        ("title:-war", "title:war", "“-” inside “-war” was ignored"),
        ("title:, war", "war", "“title:” with nothing after it"),
        ('title:"" war', "war", "“title:” with nothing after it"),
        ("title:NOT war", "NOT title:war", "title:NOT was read as NOT title:"),
        ("date:last week", "date:[2024-11-11 TO 2024-11-17]", 'read as date:"last week"'),
        ("date:[2024-12 TO 2024-11]", "date:[2024-11-01 TO 2024-12-31]", "exchanged"),
        ("date:[2024 TO 2025 war", "date:[2024-01-01 TO 2025-12-31] AND war", "closing bracket"),
        ("war date:2024-13", "war", "“2024-13” is not a date: left out"),
        ("war date:[x TO y]", "war", "is not a date: left out"),
        ("war^x", "war AND x", "“^” is no number"),
        ("war^1000", "war^100", "read as ^100"),
        ("war ^2", "war", "“^2” belongs to nothing before it"),
        ("war~9", "war~2", "read as ~2"),
        ("covid-19~", '"covid 19"', "more than one word"),
        ("wa*r~", "wa*r", "a word with * or ?"),
        ("covid-1*", "covid AND 1*", "was read as covid AND 1*"),
        ('"north kor*"', '"north kor"', "inside quotation marks"),
        ('person:"j*n kirby"', 'person:"j n kirby"', "only a * at the end"),
        ("person:kirby^2", "person:kirby", "has no meaning"),
        ("who is putin?", "who AND is AND putin", "question mark at the end"),
        ("??? war", "war", "no letters to go by"),
        ("&&&", "", "nothing to search for is left"),
        ("title:*", "*", "true of every article"),
    ],
)
def test_what_is_repaired(text: str, understood: str, repair: str) -> None:
    reading = read(text)
    assert any(repair in said for said in reading.repairs), reading
    assert reading.understood == understood


def test_any_word() -> None:
    assert read("war peace", "any").plan == Boolean(should=(WAR, PEACE))
    assert read("war AND peace", "any").plan == Boolean(must=(WAR, PEACE))
    assert read("war -peace", "any").understood == "war AND NOT peace"
    assert read("war peace talks -date:2024 source:bbc", "any").understood == (
        "(war OR peace OR talks) AND NOT date:2024 AND source:bbc"
    )


def test_stop_words_count_only_when_all_words_must_match_or_there_are_no_others() -> None:
    assert read("war of the worlds", "any").understood == "war OR worlds"
    assert "“the” is in nearly every article" in str(read("war of the worlds", "any").repairs)
    assert read("war of the worlds").understood == "war AND of AND the AND worlds"
    assert read("to be or not to be", "any").understood == "to OR be OR or OR not"
    assert read("title:the war", "any").understood == "title:the OR war"
    assert read("the war", "any", ("fr",)).understood == "the OR war"


def test_a_word_has_a_stem_in_every_language_of_the_archive() -> None:
    plan = read("peaces^2", languages=("en", "ja", "en")).plan
    assert plan == Boolean(should=(Word("peac"), Word("peaces")), boost=2.0)
    assert read("kyiv", languages=("en", "")).plan == Word("kyiv")
    phrase = read('"peace talks"', languages=("en", "ja")).plan
    assert phrase == Boolean(should=(Phrase(("peac", "talk")), Phrase(("peace", "talks"))))


def test_words_are_given_where_they_were_typed() -> None:
    text = 'colour:Wars -(x "Peace  Talks"~2 (élan))) person:nobody kiev~'
    found = {word.word: text[word.start : word.end] for word in read(text).words}
    assert found == {
        "colour": "colour", "wars": "Wars", "x": "x",
        "peace": "Peace", "talks": "Talks", "elan": "élan",
    }  # fmt: skip


def test_a_huge_query_is_cut() -> None:
    reading = read("war " * 3_000_000)
    assert reading.plan == WAR
    assert f"only the first {LONGEST_QUERY:,} characters were read" in reading.repairs
    reading = read(" ".join(f"w{number}" for number in range(400)))
    assert f"only the first {MOST_WORDS} words were read" in reading.repairs
    assert reading.understood.count("AND") < MOST_WORDS


@pytest.mark.parametrize(
    "text", ["(" * 10_000, "(" * 900 + "war" + ")" * 900, "-(" * 900, "a OR " * 400]
)
def test_deep_nesting_does_not_overflow(text: str) -> None:
    assert read(text).repairs


REFERENCE = (Path(__file__).parents[1] / "docs/reference/query-language.md").read_text("utf-8")
DOCUMENTED = re.findall(r"^\| `([^`]+)` \|", REFERENCE, re.MULTILINE)


@pytest.mark.parametrize("text", DOCUMENTED)
@pytest.mark.parametrize("match", ["all", "any"])
def test_documented_queries_are_read_as_they_are(text: str, match: Match) -> None:
    assert read(text, match).repairs == ()


def test_the_reference_is_complete() -> None:
    assert len(DOCUMENTED) > 40
    for name in FIELDS:
        assert f"`{name}:" in REFERENCE or f"`{name}`" in REFERENCE
    limits = (f"{LONGEST_QUERY:,} characters", f"{MOST_WORDS} words", f"up to {MOST_NESTED} deep")
    for said in (*limits, f"{LEAST_BOOST} to {MOST_BOOST:g}"):
        assert said in REFERENCE


SYNTAX = (
    "war", "Peace", "the", "covid-19", "北京", "l'Élysée", "U.S.", "10:30", "x", "AND", "OR", "NOT",
    "-", "+", "(", ")", '"', "“", "~", "~2", "~9", "^", "^2", "^0.5", "*", "?", "ele*", "w?r", ":",
    "title:", "person:", "org:", "date:", "foo:", "2024", "2024-11", "[", "]", "{", "}", "TO",
    "last", "week", "/", "\\", ",", "''", "date:[2024 TO 2025]", "http://a.b/?c=d", "&&", "||", "\0",
)  # fmt: skip
soups = st.lists(st.tuples(st.sampled_from(SYNTAX), st.sampled_from(("", " ", " ")))).map(
    lambda parts: "".join(part + space for part, space in parts)
)
texts = st.one_of(soups, st.text(), st.text(st.characters(categories=None), max_size=60))
matches = st.sampled_from(("all", "any"))
some_languages = st.sampled_from((("en",), ("en", "fr", ""), ("ja", "ru"), ()))


@given(texts, matches, some_languages)
@example("\ud800 war", "all", ("en",))
@example('"' * 2001, "all", ("en",))
def test_any_text_is_read_and_read_the_same_again(
    text: str, match: Match, languages: tuple[str, ...]
) -> None:
    reading = read(text, match, languages)
    assert reading == read(text, match, languages)
    assert all(0 <= word.start < word.end <= len(text) for word in reading.words)
    if reading.understood == "" and text.strip():
        assert reading.repairs


@given(texts, matches, some_languages)
def test_what_was_understood_means_the_same_when_read_again(
    text: str, match: Match, languages: tuple[str, ...]
) -> None:
    reading = read(text, match, languages)
    again = read(reading.understood, match, languages)
    assert again.plan == reading.plan
    assert again.understood == reading.understood
    assert again.repairs == ()
