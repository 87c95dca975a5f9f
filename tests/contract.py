"""What the tests of the contract share: indexes of any engine, and its answers beside the oracle's."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from pathlib import Path

import corpus
import pytest
from oracle import Oracle

from index.articles import Document
from index.naming import Naming
from index.target import open_target
from search.engine import ENGINES, Engine
from search.request import SearchRequest, Sort
from search.results import Hit, SearchResults

EXAMPLES = {"native": 60, "whoosh": 15}
TOLERANCE = 1e-5
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")
FIRST_MOMENT = datetime.min.replace(tzinfo=UTC)
LAST_MOMENT = datetime.max.replace(microsecond=0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MORE_THAN_ALL = 1000


def write(name: str, folder: Path, changes: corpus.Commit, naming: Naming | None = None) -> None:
    """One commit, from which on this naming holds."""
    with open_target(name, folder) as target:
        if naming is not None:
            target.rename(naming)
        for change in changes:
            if isinstance(change, Document):
                target.put(change)
            else:
                target.delete(change)
        target.commit()


@contextmanager
def opened(
    name: str, history: Sequence[corpus.Commit], namings: Sequence[Naming | None] = ()
) -> Iterator[Engine]:
    """The engine on an index in a folder of its own, written commit by commit.

    A naming comes with the commit of its place; more namings than commits come alone.
    """
    with tempfile.TemporaryDirectory() as folder:
        for commit, naming in zip_longest(history, namings):
            write(name, Path(folder), commit or (), naming)
        engine = ENGINES[name](Path(folder))
        try:
            yield engine
        finally:
            engine.close()


def assert_same(engine: Engine, oracle: Oracle, request: SearchRequest) -> None:
    """The engine's answer is the oracle's; hits whose scores nearly tie may change places."""
    got, expected = engine.search(request), oracle.search(request)
    assert got.total == expected.total
    assert_same_facets(got, oracle, request)
    assert got.histogram == expected.histogram
    assert (got.next_cursor is None) == (expected.next_cursor is None)
    if request.sort != "relevance":
        assert ids(got) == ids(expected)
        assert [hit.copies for hit in got.hits] == [hit.copies for hit in expected.hits]
        return
    every = oracle.search(replace(request, offset=0, size=MORE_THAN_ALL, cursor=None)).hits
    by_id = {hit.article_id: hit for hit in every}
    assert len(set(ids(got))) == len(got.hits) == len(expected.hits)
    for hit, in_its_place in zip(got.hits, expected.hits, strict=True):
        assert hit.published == by_id[hit.article_id].published
        assert hit.copies == by_id[hit.article_id].copies
        assert hit.score == pytest.approx(by_id[hit.article_id].score, rel=TOLERANCE)
        assert hit.score == pytest.approx(in_its_place.score, rel=TOLERANCE)


def assert_same_facets(got: SearchResults, oracle: Oracle, request: SearchRequest) -> None:
    """Values are the oracle's; unexpected ones whose scores nearly tie may change places."""
    everything = tuple(replace(each, unexpected=MORE_THAN_ALL) for each in request.facets)
    expected = oracle.search(replace(request, facets=everything)).facets
    for its, ours, wanted in zip(got.facets, expected, request.facets, strict=True):
        assert its._replace(unexpected=()) == ours._replace(unexpected=())
        assert [value.score for value in its.unexpected] == pytest.approx(
            [value.score for value in ours.unexpected[: wanted.unexpected]], abs=TOLERANCE
        )
        by_value = {value.value: value for value in ours.unexpected}
        assert len({value.value for value in its.unexpected}) == len(its.unexpected)
        for value in its.unexpected:
            same = by_value[value.value]
            assert (value.count, value.total) == (same.count, same.total)
            assert value.score == pytest.approx(same.score, abs=TOLERANCE)


def ids(results: SearchResults) -> list[str]:
    return [hit.article_id for hit in results.hits]


def all_pages(engine: Engine, request: SearchRequest) -> list[Hit]:
    """Every hit, page after page by cursor."""
    hits: list[Hit] = []
    cursor = None
    for _ in range(MORE_THAN_ALL):
        page = engine.search(replace(request, cursor=cursor))
        hits += page.hits
        cursor = page.next_cursor
        if cursor is None:
            return hits
    raise AssertionError("the cursors never end")
