"""Facets of many hits by bands of frequent values: against counting one by one."""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from native_arrays import bitmap, read_only
from native_index import article, commit

from index.articles import Document
from search.native import banded, bands, by_lists, counting, facet_roads
from search.native.banded import most_by_bands
from search.native.engine import NativeEngine
from search.native.facets import ArchiveFacets
from search.native.hits import Hits
from search.native.most_frequent import Most
from search.native.snapshot import Snapshot
from search.native.tally import Tally
from search.plan import Boolean, Everything, Plan, Word
from search.request import FacetFilter, FacetRequest, SearchRequest

VALUES = 40
ARTICLES = 400


@given(
    st.lists(st.sets(st.integers(0, VALUES - 1), max_size=25), max_size=90),
    st.sampled_from((0, 1, 5, VALUES)),
    st.sampled_from((0.0, 0.05, 0.5, 1.0)),
    st.booleans(),
    st.randoms(),
)
def test_counting_a_band(
    articles: list[set[int]], begin: int, without_room: float, renumber: bool, chance: random.Random
) -> None:
    first = read_only(np.cumsum([0, *map(len, articles)]).astype(np.uint32))
    value = read_only(np.array([v for each in articles for v in sorted(each)], np.uint16))
    band = bands.make_band(first, value, begin, VALUES, without_room)
    assert band.begin == begin
    assert min(begin + 1, VALUES) <= band.end <= VALUES
    inside = range(band.begin, band.end)
    crowded = sum(len(each.intersection(inside)) > 10 for each in articles[::8])
    assert band.end - begin <= 1 or crowded <= without_room * math.ceil(len(articles) / 8)
    to = chance.sample(range(VALUES + 3), VALUES) if renumber else list(range(VALUES))
    renumbered = np.array(to if renumber else [], np.uint32)
    counts = np.zeros(VALUES + 3, np.int32)
    hits = chance.sample(range(len(articles)), len(articles) // 2)
    half = len(hits) // 2
    for part in (hits[:half], hits[half:]):  # as from two segments
        bands.count_band(bitmap(part, blocks=1), band, renumbered, counts)
    expected = Counter(to[v] for document in hits for v in articles[document] if v in inside)
    assert {number: count for number, count in enumerate(counts.tolist()) if count} == expected


def documents(seed: int) -> list[Document]:
    """Articles of few frequent and many rare values; one facet of few values, one of weights."""
    chance = random.Random(seed)
    return [
        article(
            f"a{n:03}",
            f"every of{n % 7} n{n}",
            facets={
                "person": tuple({f"p{int(chance.paretovariate(0.6)) % 300}" for _ in range(9)}),
                "place": tuple({f"o{int(chance.paretovariate(1)) % 50}" for _ in range(4)}),
                "source": (f"s{min(3, int(chance.paretovariate(1)))}",),
            },
        )
        for n in range(ARTICLES)
    ]


@pytest.fixture(scope="module", params=("one segment", "several", "one with deletions"))
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("bands")
    articles = documents(1)
    ends = (0, 330, 380, ARTICLES) if request.param == "several" else (0, ARTICLES)
    for start, end in itertools.pairwise(ends):
        commit(folder, articles[start:end])
    if request.param != "one segment":
        commit(folder, [f"a{n:03}" for n in range(0, ARTICLES, 9)])
    assert len(Snapshot.open(folder).views) == len(ends) - 1  # none was merged
    return folder


@pytest.fixture(scope="module", params=(3, 30, bands.CODES))
def facets(request: pytest.FixtureRequest, archive: Path) -> Iterator[ArchiveFacets]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bands, "MOST_NUMBERS", request.param)
        facets = ArchiveFacets(Snapshot.open(archive))
        assert facets.most_left_open(0) >= facets.most_left_open(1) >= facets.most_left_open(2)
        yield facets


def some_hits(facets: ArchiveFacets, part: float, chance: random.Random) -> Hits:
    """About a part of all articles."""
    views = facets.counters.views
    some = [
        bitmap([n for n in range(view.segment.articles) if chance.random() < part], blocks=1)
        for view in views
    ]
    return Hits.of(views, [each & view.live for each, view in zip(some, views, strict=True)])


@given(
    st.dictionaries(
        st.sampled_from(("person", "place", "source", "none")), st.integers(1, 400), min_size=1
    ),
    st.sampled_from((0.02, 0.3, 0.9, 1.0)),
    st.sampled_from((0, 1, 2, 3)),
    st.sampled_from((0, 20, 200)),
    st.randoms(),
)
def test_all_roads_lead_to_the_same_values(
    facets: ArchiveFacets,
    sizes: dict[str, int],
    part: float,
    by: int,
    fewest: int,
    chance: random.Random,
) -> None:
    hits = some_hits(facets, part, chance)
    tally = Tally(facets.counters, hits)
    expected = tally.most(sizes)
    tally.clear()
    found = most_by_bands(facets, hits, sizes, by, math.inf, fewest)
    assert found is not None
    assert found.tolist() == expected.tolist()
    assert facet_roads.most_among(facets, hits, sizes).tolist() == expected.tolist()
    assert most_by_bands(facets, hits, sizes, max(by, 1), -1.0, fewest) is None
    assert not facets.counters.counts.any()


@given(
    st.integers(1, 60), st.sampled_from((0.1, 0.9, 1.0)), st.lists(st.integers(0, 90)), st.randoms()
)
def test_the_cost_of_what_bands_leave_open(
    facets: ArchiveFacets, size: int, part: float, ends: list[int], chance: random.Random
) -> None:
    """By going through all values, with any counts that there can be."""
    values, segments = facets.values, range(len(facets.values.segments))
    counted = np.resize(np.array([*ends, 7]), len(segments))
    left = [
        sum(int(values.own_articles[s, n]) for s in segments if values.own[s, n] >= counted[s])
        for n in range(len(values))
    ]
    counted_of = (values.articles - np.array(left)).tolist()
    counts = np.array([chance.randint(0, most) for most in counted_of], np.int32)
    rows, row_ends = facets.counters.rows(("person", "place"))
    cost = 0.0
    for name in ("person", "place"):
        own = values.of_facet(name)
        least = max(1, sorted([0] * size + counts[own].tolist())[-size])
        for number in own.tolist():
            misses = int(counts[number]) + left[number] - least
            if left[number] and misses >= 0:
                looked_up = min(left[number], misses / (1 - part)) if part < 1 else left[number]
                cost += looked_up * counting.SPARSE_COST + counting.LIST_COST
    arguments = (counted, counts, rows, np.array([size, size]), row_ends, 1 - part)
    found = by_lists.cost_of_open(values.tables, *arguments, math.inf)
    assert found == pytest.approx(cost)
    if cost > 1:
        assert by_lists.cost_of_open(values.tables, *arguments, cost - 1) > cost - 1


def test_searching_by_bands(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(banded, "HIT_COST", 0)
    monkeypatch.setattr(banded, "ARTICLE_COST", 0)
    monkeypatch.setattr(facet_roads, "FORWARD_COST", 1e6)
    monkeypatch.setattr(bands, "MOST_NUMBERS", 20)
    taken: list[Most | None] = []

    def watched(
        facets: ArchiveFacets, hits: Hits, sizes: Mapping[str, int], by: int, limit: float
    ) -> Most | None:
        taken.append(most_by_bands(facets, hits, sizes, by, limit, fewest=0))
        return taken[-1]

    monkeypatch.setattr(facet_roads, "most_by_bands", watched)
    engine = NativeEngine.open(archive)
    live = {document.article_id: document for document in documents(1)}
    everything: tuple[Plan, ...] = (Word("everi"), Boolean(must_not=(Word("of3"),)), Word("of5"))
    chosen = (FacetFilter(facet="place", values=("o1",), excluded=("o2",)),)
    for plan, filters in itertools.product((*everything, Everything()), ((), chosen)):
        request = SearchRequest(plan=plan, filters=filters, size=ARTICLES)
        asked = tuple(FacetRequest(facet=f, size=n) for f, n in (("person", 9), ("source", 9)))
        answer = engine.search(SearchRequest(plan=plan, filters=filters, facets=asked, size=0))
        hits = [live[hit.article_id] for hit in engine.search(request).hits]
        for wanted, found in zip(asked, answer.facets, strict=True):
            counts = Counter(value for hit in hits for value in hit.facets[wanted.facet])
            in_order = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
            assert found.counts == tuple(in_order[: wanted.size])
    assert any(most is not None for most in taken)
    engine.close()
