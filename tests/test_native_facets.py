"""Facets in a segment and in a snapshot: their kernels against plain twins, numbers, weights."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from native_index import article, commit
from numpy.typing import NDArray

from index.articles import Document
from index.native import facet_arrays
from index.native.facet_arrays import FREQUENT
from index.native.merge_postings import GONE
from index.native.segment import Segment
from index.native.texts import Texts, starts
from search.native.engine import NativeEngine
from search.native.ranks import union_ranks
from search.plan import Boolean, Word
from search.request import FacetRequest, SearchRequest

VALUES = 12

rows = st.lists(
    st.dictionaries(st.integers(0, VALUES - 1), st.integers(1, 255), max_size=5), max_size=9
)
"""Of each document the values with their weights."""


def flat(
    documents: list[dict[int, int]],
) -> tuple[NDArray[np.uint32], NDArray[np.uint8], NDArray[np.int64]]:
    """Values, weights, and where each document's begin."""
    values = [value for each in documents for value in each]
    weights = [weight for each in documents for weight in each.values()]
    first = np.cumsum([0, *map(len, documents)]).astype(np.int64)
    return np.array(values, np.uint32), np.array(weights, np.uint8), first


def by_document(
    values: NDArray[np.generic], weights: NDArray[np.generic], first: NDArray[np.generic]
) -> list[dict[int, int]]:
    """The same the other way round."""
    pairs = list(zip(values.tolist(), weights.tolist(), strict=True))
    return [dict(pairs[a:b]) for a, b in itertools.pairwise(first.tolist())]


@given(rows, rows, st.randoms())
def test_facets_beside_each_other(
    some: list[dict[int, int]], others: list[dict[int, int]], chance: random.Random
) -> None:
    documents = min(len(some), len(others))
    pair = [flat(each[:documents]) for each in (some, others)]
    first = pair[0][2] + pair[1][2]
    values, weights = np.empty(first[-1], np.uint32), np.empty(first[-1], np.uint8)
    ends = first[:-1].copy()
    for begin, (own, own_weights, own_first) in zip((0, VALUES), pair, strict=True):
        facet_arrays.interleave(values, weights, ends, own_first, own, own_weights, begin)
    expected = [
        {**one, **{value + VALUES: weight for value, weight in other.items()}}
        for one, other in zip(some, others, strict=False)
    ]
    assert by_document(values, weights, first) == expected
    assert ends.tolist() == first[1:].tolist()
    order = chance.sample(range(documents), chance.randrange(documents + 1))
    taken = facet_arrays.take(values, weights, first, np.array(order, np.int64))
    assert by_document(*taken) == [expected[document] for document in order]
    assert facet_arrays.count(values, 2 * VALUES).tolist() == [
        sum(value in each for each in expected) for value in range(2 * VALUES)
    ]
    sizes = np.diff(first)[order]
    back = np.zeros(len(order) + 1, np.int64)
    back[1:] = np.cumsum(sizes[np.argsort(order)])
    out, out_weights = np.empty(back[-1], np.uint32), np.empty(back[-1], np.uint8)
    ranks = np.argsort(np.argsort(order)).astype(np.uint32)
    facet_arrays.put(*taken, ranks, back, out, out_weights)
    assert by_document(out, out_weights, back) == [expected[document] for document in sorted(order)]


@given(rows, st.permutations(range(VALUES)), st.integers(0, VALUES), st.randoms())
def test_arranged_and_identified(
    documents: list[dict[int, int]], number: list[int], rare: int, chance: random.Random
) -> None:
    """Numbered, with frequent and rare ones apart; and back, several under one identifier."""
    numbers = np.array([n if n < rare else n + FREQUENT for n in number], np.uint32)
    values, weights, first = flat(documents)
    arranged = facet_arrays.arrange(values, weights, first, numbers)
    assert (arranged[1].dtype, arranged[4].dtype) == (np.uint16, np.uint32)
    for part, is_rare in (((1, 2, 0), False), ((4, 5, 3), True)):
        found = by_document(*(arranged[i] for i in part))
        assert [list(each.items()) for each in found] == [
            sorted(
                (int(numbers[value]), weight)
                for value, weight in each.items()
                if (numbers[value] >= FREQUENT) == is_rare
            )
            for each in documents
        ]
    identifier = np.full(FREQUENT + VALUES, GONE, np.uint32)
    called = {value: chance.choice((None, 0, 1, 7)) for value in range(VALUES)}
    for value, name in called.items():
        identifier[numbers[value]] = GONE if name is None else name
    chosen = np.array(sorted(chance.sample(range(len(documents)), len(documents) // 2)), np.int64)
    found = by_document(*facet_arrays.identify(*arranged, identifier, chosen))
    for document, got in zip(chosen.tolist(), found, strict=True):
        expected: dict[int, int] = {}
        for value, weight in documents[document].items():
            name = called[value]
            if name is not None:
                expected[name] = max(weight, expected.get(name, 0))
        assert list(got.items()) == sorted(expected.items())


@given(st.sets(st.binary(max_size=3)), st.sets(st.binary(max_size=3)))
def test_ranks_in_the_union(some: set[bytes], others: set[bytes]) -> None:
    tables = []
    for texts in (sorted(some), sorted(others)):
        start = starts(np.array([len(text) for text in texts], np.int64)).astype(np.uint32)
        tables.append(Texts(np.frombuffer(b"".join(texts), np.uint8), start))
    one, other = tables
    ranks = union_ranks(one.text, one.start, other.text, other.start)
    place = {text: rank for rank, text in enumerate(sorted(some | others))}
    assert ranks[0].tolist() == [place[text] for text in sorted(some)]
    assert ranks[1].tolist() == [place[text] for text in sorted(others)]


def test_values_of_a_segment_are_numbered_by_their_articles(tmp_path: Path) -> None:
    chance = random.Random(1)
    documents = [
        article(
            f"a{n:03}",
            facets={
                "place": tuple({chance.choice("abcdefg") for _ in range(3)}),
                "person": tuple({chance.choice("wxyzab") for _ in range(2)}),
                "section": (),
            },
        )
        for n in range(60)
    ]
    commit(tmp_path, documents)
    (path,) = tmp_path.glob("*.segment")
    facets = Segment(path).facets
    assert facets.names == ["person", "place"]
    counts: Counter[tuple[str, str]] = Counter(
        (facet, value) for d in documents for facet in d.facets for value in d.facets[facet]
    )
    in_order = sorted(counts, key=lambda value: (-counts[value], value))
    found = [
        (facets.names[facet], facets.texts(facets.names[facet])[place])
        for facet, place in zip(facets.facet.tolist(), facets.place.tolist(), strict=True)
    ]
    assert found == in_order
    assert facets.articles.tolist() == [counts[value] for value in in_order]
    assert not len(facets.values.weight)
    for name in facets.names:
        numbers = facets.numbers(name)
        assert [found[number] for number in numbers] == sorted(v for v in counts if v[0] == name)


def test_weights_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    for weights in ((1,), (1, 0), (1, 256), (1, 2, 3)):
        wrong = article("a", facets={"person": ("A", "B")}, weights={"person": weights})
        with pytest.raises(ValueError, match="one from 1 to 255 for each"):
            commit(tmp_path, [wrong])


@pytest.mark.parametrize("commits", [1, 2])
def test_more_values_than_two_bytes_number(tmp_path: Path, commits: int) -> None:
    """Rare values count where there are few hits or few frequent values; else they need not."""
    documents = [
        article(
            str(n),
            f"every of{n % 7} n{n}",
            facets={
                "person": (*(f"{n}-{m}" for m in range(110)), f"p{n % 3}", f"shared {n // 3}"),
                "place": (*(f"place {place}" for place in range(30) if n % (place + 1) == 0),),
            },
            weights={"person": (*(m % 5 + 1 for m in range(110)), 7, n % 9 + 1)},
        )
        for n in range(700)
    ]
    half = len(documents) * 2 // 3
    for part in (documents[:half], documents[half:]) if commits == 2 else (documents,):
        commit(tmp_path, part)
    engine = NativeEngine.open(tmp_path)
    assert len(engine.facets.values) > FREQUENT
    for plan in (Word("everi"), Word("15"), Boolean(should=(Word("15"), Word("16"), Word("18")))):
        for order in ("count", "weight"):
            wanted = tuple(
                FacetRequest(facet=facet, size=size, order=order)
                for facet, size in (("person", 2), ("person", 300), ("place", 12))
            )
            got = engine.search(SearchRequest(plan=plan, facets=wanted, size=700))
            found = {hit.article_id for hit in got.hits}
            assert found
            hits = [document for document in documents if document.article_id in found]
            for answer, asked in zip(got.facets, wanted, strict=True):
                assert answer.counts == most_of(hits, asked)


def most_of(documents: list[Document], wanted: FacetRequest) -> tuple[tuple[str, int], ...]:
    """The values asked for, counted one by one."""
    counts: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    for document in documents:
        values = document.facets[wanted.facet]
        counts.update(values)
        weights = document.weights.get(wanted.facet, (1,) * len(values))
        sums.update(dict(zip(values, weights, strict=True)))
    keys = sums if wanted.order == "weight" else counts
    return tuple(sorted(counts.items(), key=lambda each: (-keys[each[0]], each[0]))[: wanted.size])
