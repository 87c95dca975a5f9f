"""Did you mean, and completions, from a small archive."""

from __future__ import annotations

from datetime import date

import corpus
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import Oracle

from index.articles import Document
from search.query import read_query
from search.request import Dates, SearchRequest
from search.suggest import LITTLE, Correction, Suggestion, complete, correct, counter
from search.vocabulary import expand

ARCHIVE = Oracle(
    Document(
        article_id=str(number),
        title="Presidential election in Ukraine",
        body="The president met troops in Kursk on Monday"
        if number % 2
        else "Parliament and peace",
        language="en",
        published=number * 86_400,
        facets={
            "person": ("Volodymyr Zelenskyy", "Kim Jong Un")
            if number < 5
            else ("Ursula von Zelen",),
            "place": ("Kyiv", "New Zealand"),
            "organisation": ("Parliament",),
        },
    )
    for number in range(8)
)


def did_you_mean(text: str, **dates: date) -> Correction | None:
    reading = read_query(text, languages=ARCHIVE.languages())
    request = SearchRequest(plan=expand(reading.plan, ARCHIVE), dates=Dates(**dates))
    total = ARCHIVE.search(request).total
    return correct(text, reading, total, ARCHIVE, counter(ARCHIVE, request))


@pytest.mark.parametrize(
    ("text", "corrected", "changed"),
    [
        ("parlament", "parliament", ["parliament"]),
        ("Parlament", "Parliament", ["Parliament"]),
        ("electoin", "election", ["election"]),
        ("kursc -monday trops", "", []),
        ("kursc trops", "kursk troops", ["kursk", "troops"]),
        ('"presidential electoin" OR x', '"presidential election" OR x', ["election"]),
        ("title:ukrane", "title:ukraine", ["ukraine"]),
        ("rkusk", "", []),
        ("ukrsk", "kursk", ["kursk"]),
        ("kruks", "", []),
        ("president peace", "", []),
        ("zzzz", "", []),
        ("", "", []),
    ],
)
def test_did_you_mean(text: str, corrected: str, changed: list[str]) -> None:
    found = did_you_mean(text)
    if not corrected:
        assert found is None
        return
    assert found is not None
    assert found.text == corrected
    assert [corrected[start:end] for start, end in found.changed] == changed


def test_first_letters_exchanged() -> None:
    found = did_you_mean("rpesident")
    assert found == Correction("president", ((0, 9),), 4)


def test_a_correction_is_counted_under_the_same_dates() -> None:
    assert did_you_mean("parlament", last=date(1970, 1, 4)) == Correction(
        "parliament", ((0, 10),), 2
    )
    assert did_you_mean("parlament", first=date(1971, 1, 1)) is None


@given(
    st.lists(st.sampled_from(corpus.VOCABULARY), min_size=1, max_size=3),
    st.integers(0, 8),
    st.sampled_from("aexw"),
)
def test_a_correction_never_finds_less(chosen: list[str], place: int, letter: str) -> None:
    text = " ".join(chosen)
    text = text[:place] + letter + text[place:]
    archive = CORPUS
    reading = read_query(text, languages=archive.languages())
    total = archive.search(SearchRequest(plan=expand(reading.plan, archive))).total
    found = correct(text, reading, total, archive)
    if found is not None:
        assert total <= LITTLE
        again = read_query(found.text, languages=archive.languages())
        assert archive.search(SearchRequest(plan=expand(again.plan, archive))).total == found.total
        assert found.total > total


CORPUS = Oracle(corpus.archive(seed=3, articles=40))


def test_names_are_completed_at_the_beginning_of_any_word_and_come_first() -> None:
    assert complete("zelen", ARCHIVE) == (
        Suggestion("Volodymyr Zelenskyy", "person", 5, 'person:"Volodymyr Zelenskyy"'),
        Suggestion("Ursula von Zelen", "person", 3, 'person:"Ursula von Zelen"'),
    )
    assert [found.text for found in complete("p", ARCHIVE)] == [
        "Parliament", "presidential", "president", "peace", "parliament",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("war kim jo", 'war person:"Kim Jong Un"'),
        ("Kim Jong Un", 'person:"Kim Jong Un"'),
        ("war AND (new zea", 'war AND (place:"New Zealand"'),
        ("war -person:ki", 'war -person:"Kim Jong Un"'),
        ('place:"new z', 'place:"New Zealand"'),
        ("war in kurs", "war in kursk"),
        ("title:kurs", "title:kursk"),
        ("title:war kurs", "title:war kursk"),
        ("KURS", "kursk"),
    ],
)
def test_what_the_query_becomes(text: str, query: str) -> None:
    assert complete(text, ARCHIVE)[0].query == query


@pytest.mark.parametrize("text", ["", "  ", "source:x", "person:qq", "kursk (", "?!", "date:20"])
def test_nothing_to_complete(text: str) -> None:
    assert complete(text, ARCHIVE) == ()


def test_a_limit() -> None:
    assert len(complete("p", ARCHIVE, limit=2)) == 2


@given(st.text(), st.integers(1, 10))
def test_any_text_can_be_completed(text: str, limit: int) -> None:
    assert len(complete(text, CORPUS, limit=limit)) <= limit
