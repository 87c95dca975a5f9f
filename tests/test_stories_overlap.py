"""Whether articles are copies of each other, on texts and against a slow version."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from story_texts import PARTS, text

from index.stories import overlap
from index.stories.fingerprints import Fingerprint, FingerprintReader
from index.stories.minhash import (
    BAND_ROWS,
    BANDS,
    MOST_KEYS,
    draw_permutations,
    empty_buckets,
    find_keys,
    look_up,
    put,
    signature,
)

REPORT = (
    "Harbour Mills said quarterly profit rose to 12.4 million crowns, or 31 cents a share, from "
    "10.9 million a year before. Turnover was 240 million crowns in the three months to March. "
    "The board of the company proposed to pay shareholders an unchanged dividend for the quarter, "
    "and said that it expected the market to remain difficult for the rest of the year."
)
SAME_PATTERN = (
    "Lakeside Foundry said quarterly profit rose to 7.1 million crowns, or 88 cents a share, from "
    "5.2 million a year before. Turnover was 95 million crowns in the three months to June. "
    "The board of the company proposed to pay shareholders an unchanged dividend for the quarter, "
    "and said that it expected the market to remain difficult for the rest of the year."
)
REWRITTEN = (
    "In a statement issued on Tuesday Harbour Mills reported that its quarterly profit rose to "
    "12.4 million crowns, or 31 cents a share, from 10.9 million a year before. The board proposed "
    "to pay shareholders an unchanged dividend for the quarter. Turnover was 240 million crowns in "
    "the three months to March, and the company expected the market to remain difficult."
)


def read(body: str, title: str = "") -> Fingerprint:
    return FingerprintReader().read(title, body)


def are_copies(some: str, other: str) -> bool:
    one, two = read(some), read(other)
    forward = overlap.is_copy(one.shingles, two.shingles, one.facts, two.facts)
    assert forward == overlap.is_copy(two.shingles, one.shingles, two.facts, one.facts)
    return bool(forward)


def test_a_rewritten_report_is_a_copy() -> None:
    assert are_copies(REPORT, REWRITTEN)


def test_another_report_written_to_the_same_pattern_is_none() -> None:
    shared = overlap.share_of_shorter(read(REPORT).shingles, read(SAME_PATTERN).shingles)
    assert shared > 0.6  # more than the rewritten report has
    assert not are_copies(REPORT, SAME_PATTERN)


def test_a_shortened_article_is_a_copy_of_the_long_one() -> None:
    assert are_copies(text(1), text(1)[: len(text(1)) // 2])


def test_an_article_that_quotes_a_part_is_none() -> None:
    assert not are_copies(text(1), text(1, frozenset(range(1, PARTS))))


def test_a_table_with_other_figures_is_none() -> None:
    table = " ".join(f"Wheat May{n} {280 + n} up" for n in range(20))
    assert not are_copies(table, table.replace("up", "off", 6).replace("285", "2851"))


def test_short_texts_are_copies_only_when_they_are_the_same() -> None:
    flash = "Central bank leaves its key rate unchanged at 4.5 percent, as had been expected."
    assert not are_copies(flash, flash)  # by what they share; find_leaders compares digests
    assert read(flash).digest == read(flash.upper()).digest != 0
    assert read(flash).digest != read(flash.replace("4.5", "4.25")).digest


@pytest.mark.parametrize("body", ["", "Blah blah blah.", "See picture. Story to follow."])
def test_texts_that_say_too_little_have_no_digest(body: str) -> None:
    assert read(body).digest == 0


def test_the_title_is_part_of_the_digest_only() -> None:
    one, two = read(REPORT, "Profit rises"), read(REPORT, "Mills earn more")
    assert one.digest != two.digest
    assert one.shingles.tolist() == two.shingles.tolist()


def test_facts_are_words_with_capitals_or_digits() -> None:
    words = "Vega 12.4 covid-19 the The market"
    facts = read(words).facts
    assert len(facts) == 3  # vega, 12.4 and 19, but not The
    assert np.count_nonzero(facts & 1) == 2


def sorted_once(values: list[int]) -> NDArray[np.uint32]:
    return np.array(sorted(set(values)), np.uint32)


VALUES = st.lists(st.integers(0, 60), max_size=40).map(sorted_once)


@given(VALUES, VALUES)
def test_shares_are_those_of_sets(some: NDArray[np.uint32], others: NDArray[np.uint32]) -> None:
    common = set(some.tolist()) & set(others.tolist())
    assert overlap.in_common(some, others) == len(common)
    shorter = min(len(some), len(others))
    expected = len(common) / shorter if shorter else 0.0
    assert overlap.share_of_shorter(some, others) == expected


@given(VALUES, VALUES, st.sampled_from([0.6, 0.8, 1.0]))
def test_facts_are_compared_as_sets(
    facts: NDArray[np.uint32], others: NDArray[np.uint32], least: float
) -> None:
    own = set(facts.tolist())
    common = own & set(others.tolist())
    figures = {fact for fact in own if fact % 2}
    enough = len(own) < overlap.FEW_FACTS or len(common) >= least * len(own)
    enough_figures = len(figures) < overlap.FEW_FIGURES or len(
        figures & common
    ) >= overlap.LEAST_FIGURES * len(figures)
    assert overlap.has_facts_of(facts, others, least) == (enough and enough_figures)


@given(st.lists(st.integers(0, 50)))
def test_distinct(values: list[int]) -> None:
    assert overlap.distinct(np.array(values, np.uint32)).tolist() == sorted(set(values))


def test_long_articles_are_compared_by_a_sample() -> None:
    random = np.random.default_rng(1)
    hashes = np.unique(random.integers(1 << 32, size=6_000, dtype=np.uint32))
    whole = np.sort(random.permutation(hashes)[:3_000])
    half = np.sort(random.permutation(whole)[:1_500])
    most = overlap.MOST_SHINGLES
    assert overlap.share_of_shorter(whole[:most], half[:most]) == 1.0
    assert overlap.share_of_shorter(half[:most], whole[:most]) == 1.0
    others = random.permutation(np.setdiff1d(hashes, whole))
    mixed = np.sort(np.concatenate([half[::2], others[:750]]))
    assert overlap.share_of_shorter(whole[:most], mixed[:most]) == pytest.approx(0.5, abs=0.1)


def test_signatures_agree_as_often_as_articles_share_shingles() -> None:
    random = np.random.default_rng(2)
    permutations = draw_permutations()
    agreeing = []
    for _ in range(50):
        hashes = np.unique(random.integers(1 << 32, size=300, dtype=np.uint32))
        minima = []
        for part in (hashes[:200], hashes[100:]):
            minima.append(np.empty(len(permutations.factors), np.uint32))
            signature(part, permutations, minima[-1])
        agreeing.append(np.mean(minima[0] == minima[1]))
    assert np.mean(agreeing) == pytest.approx(1 / 3, abs=0.03)


@given(
    st.lists(st.lists(st.integers(0, 8), min_size=1, max_size=5), min_size=1, max_size=30),
)
def test_rows_are_found_under_their_keys(added: list[list[int]]) -> None:
    buckets = empty_buckets(len(added))
    seen = np.full(len(added), -1, np.int32)
    for row, values in enumerate(added):
        keys = np.array(values, np.uint64)
        expected = [other for other in range(row) if set(added[other]) & set(values)]
        assert look_up(buckets, keys, row, seen).tolist() == expected
        put(buckets, keys, row)


@pytest.mark.parametrize(("digest", "words", "count"), [(0, 50, 0), (7, 5, 1), (7, 50, MOST_KEYS)])
def test_keys(digest: int, words: int, count: int) -> None:
    minima, keys = np.empty(BANDS * BAND_ROWS, np.uint32), np.empty(MOST_KEYS, np.uint64)
    shingles = np.arange(words, dtype=np.uint32)
    found = find_keys(np.uint64(digest), shingles, draw_permutations(), minima, keys)
    assert found == count
