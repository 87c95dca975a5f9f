"""Words that stand side by side under match "any": repeated ones, headlines in capitals."""

from __future__ import annotations

import pytest

from search.plan import Boolean, Phrase, Word
from search.query import Reading, read_query


def read(text: str) -> Reading:
    return read_query(text, match="any")


def test_a_word_typed_again_counts_more() -> None:
    reading = read("War on war: a war of words, not peace")
    assert reading.plan == Boolean(should=(Word("war", boost=2.45), Word("word"), Word("peac")))
    assert reading.understood == "War^2.45 OR words OR peace"
    assert read("war war").plan == Word("war", boost=1.8)


def test_what_differs_in_field_or_boost_is_not_typed_again() -> None:
    assert read("war title:war war^2").understood == "war OR title:war OR war^2"
    assert read('"war talks" "war talks"~3').plan == Boolean(
        should=(Phrase(("war", "talk")), Phrase(("war", "talk"), slop=3))
    )


def test_phrases_groups_and_boosted_words_count_more_too() -> None:
    assert read('"War talks" "war talks"').plan == Phrase(("war", "talk"), boost=1.8)
    assert read("war^3 war^3 peace").understood == "war^5.4 OR peace"
    assert read("(war AND peace) (war AND peace)").understood == "(war AND peace)^1.8"


def test_words_joined_by_operators_count_once() -> None:
    assert read("war OR war OR peace").understood == "war OR peace"
    assert read_query("war war peace").understood == "war AND peace"


@pytest.mark.parametrize(
    ("headline", "understood"),
    [
        (
            "PRIMARY GILTS DEALERS NEED NOT BUY AT AUCTIONS",
            "PRIMARY OR GILTS OR DEALERS OR NEED OR BUY OR AUCTIONS",
        ),
        ("U.S. AND JAPAN SIGN SEMICONDUCTOR PACT", "U.S OR JAPAN OR SIGN OR SEMICONDUCTOR OR PACT"),
        (
            "TRUCE HOLDS IN 2025 -GAZA NOT LEBANON",
            "(TRUCE OR HOLDS OR 2025 OR LEBANON) AND NOT GAZA",
        ),
    ],
)
def test_operators_are_words_in_a_headline_in_capitals(headline: str, understood: str) -> None:
    reading = read(headline)
    assert reading.understood == understood
    assert "was read as a word: everything is in capitals" in str(reading.repairs)


@pytest.mark.parametrize(
    "query",
    [
        "NATO NOT EU",
        "KYIV ODESA LVIV NOT MOSCOW",
        "Primary gilts dealers need NOT buy at auctions",
        "A1 OR B1 OR C1 OR D1 OR E1 NOT F1",
        '"PRIMARY GILTS DEALERS NEED" NOT BUY AT AUCTIONS',
        "北京 上海 広州 深圳 天津 NOT kyiv",
    ],
)
def test_operators_are_operators_elsewhere(query: str) -> None:
    assert "AND NOT" in read(query).understood


def test_operators_are_operators_where_all_words_must_match() -> None:
    reading = read_query("PRIMARY GILTS DEALERS NEED NOT BUY AT AUCTIONS")
    assert "NOT BUY" in reading.understood
    assert reading.repairs == ()
