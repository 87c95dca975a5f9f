"""Merging segments, and the policy that says when."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import corpus
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from native_index import article, commit, found, ids_in
from oracle import Oracle

from index.articles import Document
from index.native.buffer import Buffer
from index.native.check import damages
from index.native.deletions import add_deletions
from index.native.facet_arrays import FREQUENT
from index.native.lexicon import Lexicon
from index.native.manifest import read_manifest
from index.native.merge import merge
from index.native.merge_policy import GROWTH, MOST_AT_ONCE, MOST_DELETED, SegmentSize, choose
from index.native.segment import UNDATED, Segment
from search.native.engine import NativeEngine
from search.plan import Phrase, Word
from search.request import SearchRequest


def segment_of(path: Path, documents: list[Document]) -> Segment:
    buffer = Buffer(Lexicon())
    for document in documents:
        buffer.put(document)
    buffer.seal()
    buffer.write(path)
    return Segment(path)


def arrays_of(segment: Segment) -> dict[str, list[object]]:
    """Everything in a segment's file by the name of the array, and its facts."""
    arrays: dict[str, list[object]] = {}
    for name in segment.file.names():
        kind = segment.file._listed[name][0]
        arrays[name] = segment.file.array(name, kind).tolist()
    languages = np.array([*segment.languages, ""])[segment.language_codes]
    arrays["article.language"] = languages.tolist()
    facets: list[object] = [*segment.facets.names]
    return {
        **arrays,
        "facets": facets,
        "words": [segment.total_words],
        "articles": [segment.articles],
    }


@pytest.mark.parametrize("parts", [1, 2, 5])
def test_merged_is_the_same_as_written_at_once(tmp_path: Path, parts: int) -> None:
    """Array by array, with ties of dates, articles without words or dates, and all facets."""
    documents = corpus.archive(seed=31, articles=400)
    documents[7] = replace(documents[7], title="", body="", facets={})
    random.Random(parts).shuffle(documents)
    sources = [
        (segment_of(tmp_path / f"part {part}", documents[part::parts]), None)
        for part in range(parts)
    ]
    assert merge(tmp_path / "merged", sources) == 400
    merged = arrays_of(Segment(tmp_path / "merged"))
    assert merged == arrays_of(segment_of(tmp_path / "whole", documents))


def test_merging_where_few_have_a_facet(tmp_path: Path) -> None:
    """And weights other than 1 only the last ones; so many values that some are rare."""
    first = [article(f"a{n}", "alpha", published=n, facets={"place": ("x",)}) for n in range(300)]
    many = tuple(f"value {n}" for n in range(FREQUENT))
    last = article("z", "beta", published=999, facets={"place": many, "topic": ("y",)})
    last = replace(last, weights={"topic": (7,)})
    sources = [segment_of(tmp_path / "first", first), segment_of(tmp_path / "last", [last])]
    merge(tmp_path / "merged", [(source, None) for source in sources])
    merged = arrays_of(Segment(tmp_path / "merged"))
    assert merged == arrays_of(segment_of(tmp_path / "whole", [*first, last]))
    weights = merged["article.weight"] + merged["article.rare_weight"]
    assert (weights.count(1), weights.count(7)) == (300 + FREQUENT, 1)


@pytest.mark.parametrize("seed", range(3))
def test_merging_leaves_deleted_articles_out(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    documents = corpus.archive(seed=seed, articles=300)
    sources = []
    live = []
    for part in range(3):
        own = documents[part * 100 : part * 100 + 100]
        segment = segment_of(tmp_path / f"part {part}", own)
        gone = set(chance.sample(range(100), (0, 40, 100)[part]))
        deletions = None
        if gone:
            numbers = segment.find(own[place].article_id for place in gone)
            deletions, deleted = add_deletions(segment, None, numbers[: len(gone) // 2])
            deletions, deleted = add_deletions(segment, deletions, numbers)
            assert deleted == len(gone)
        sources.append((segment, deletions))
        live += [document for place, document in enumerate(own) if place not in gone]
    assert merge(tmp_path / "merged", sources) == len(live)
    merged = arrays_of(Segment(tmp_path / "merged"))
    expected = arrays_of(segment_of(tmp_path / "whole", live))
    for name in expected.keys() - {"word.text", "word.start", "word.term", "word.articles"}:
        assert merged[name] == expected[name]
    assert set(Segment(tmp_path / "merged").words) >= set(Segment(tmp_path / "whole").words)


def test_merging_more_sources_than_a_byte_counts(tmp_path: Path) -> None:
    """As when a large archive is written with a small budget in one commit."""
    usual = segment_of(tmp_path / "usual", [article("a", "alpha beta")])
    unusual = segment_of(tmp_path / "unusual", [article("z", "alpha " * 70, "alpha")])
    assert merge(tmp_path / "merged", [(usual, None)] * 299 + [(unusual, None)]) == 300
    merged = Segment(tmp_path / "merged")
    assert list(merged.ids) == ["a"] * 299 + ["z"]
    occurrences, lists = merged.occurrences, merged.term_lists
    assert list(merged.terms) == ["alpha", "beta"]
    assert lists.first_posting.tolist() == [0, 300, 599]
    assert occurrences.code.tolist() == [64 + 63]


def test_documents_are_ordered_by_date_and_id(tmp_path: Path) -> None:
    drawn = [("é", 5), ("z", 5), ("a", None), ("ab", -3), ("b", None), ("𝒳", 5), ("\uffff", 5)]
    documents = [article(name, "word", published=published) for name, published in drawn]
    expected = ["a", "b", "ab", "z", "é", "\uffff", "𝒳"]
    written = segment_of(tmp_path / "whole", documents)
    halves = [segment_of(tmp_path / str(part), documents[part::2]) for part in range(2)]
    merge(tmp_path / "merged", [(half, None) for half in halves])
    for segment in (written, Segment(tmp_path / "merged")):
        assert list(segment.ids) == expected
        assert segment.published.tolist() == [UNDATED, UNDATED, -3, 5, 5, 5, 5]
        for place, name in enumerate(expected):
            assert segment.find([name, "not there"]).tolist() == [place]
    assert not len(segment.find([]))


def test_space_of_deleted_articles_is_reclaimed(tmp_path: Path) -> None:
    documents = corpus.archive(seed=33, articles=2_000)
    commit(tmp_path, documents)
    size = sum(path.stat().st_size for path in tmp_path.glob("*.segment"))
    commit(tmp_path, [document.article_id for document in documents[:1_900]])
    after = sum(path.stat().st_size for path in tmp_path.glob("*.segment"))
    assert after < size / 4
    assert not list(tmp_path.glob("*.deletions"))
    assert len(found(tmp_path)) == 100
    commit(tmp_path, [document.article_id for document in documents])
    assert read_manifest(tmp_path).segments == ()
    assert not list(tmp_path.glob("*.segment"))


def test_many_commits_with_changes_everywhere(tmp_path: Path) -> None:
    """Small commits on top of a large one: deletions of deletions, merges of some segments."""
    chance = random.Random(34)
    documents = corpus.archive(seed=34, articles=500)
    history: list[corpus.Commit] = [documents[:350]]
    for number in range(30):
        new = documents[350 + number * 5 : 355 + number * 5]
        old = chance.sample(documents[:350], 5)
        history.append(
            [
                *new,
                *(replace(each, title="Kyiv") for each in old[:3]),
                *(d.article_id for d in old[3:]),
            ]
        )
    shapes = set()
    for changes in history:
        commit(tmp_path, changes)
        entries = read_manifest(tmp_path).segments
        shapes.add((len(entries), sum(1 for entry in entries if entry.deletions)))
    assert {segments for segments, _ in shapes} >= {1, 2, 3}
    assert any(deletions > 1 for _, deletions in shapes)
    assert damages(tmp_path) == []
    oracle, engine = Oracle(corpus.outcome(history)), NativeEngine.open(tmp_path)
    for plan in (Word("kyiv"), Word("war"), Phrase(("covid", "19"))):
        request = SearchRequest(plan=plan, size=1_000)
        expected = {hit.article_id: hit.score for hit in oracle.search(request).hits}
        got = {hit.article_id: hit.score for hit in engine.search(request).hits}
        assert got == pytest.approx(expected, rel=1e-5)
    assert ids_in(engine) == sorted(each.article_id for each in corpus.outcome(history))


def settled(
    segments: list[SegmentSize], names: Iterator[int]
) -> tuple[list[SegmentSize], list[int]]:
    """The segments when nothing is left to merge, and the sizes of those merged on the way."""
    merged = []
    while chosen := choose(segments):
        assert len(set(chosen)) == len(chosen)
        together = [segment for segment in segments if segment.name in chosen]
        assert len(together) == len(chosen)
        size = sum(segment.live for segment in together)
        merged.append(size)
        segments = [segment for segment in segments if segment.name not in chosen]
        if size:
            new = any(segment.new for segment in together)
            segments.append(SegmentSize(f"{next(names):06}", size, 0, new))
    return segments, merged


@given(st.lists(st.integers(1, 50), min_size=1, max_size=300))
def test_few_segments_and_little_merging(commits: list[int]) -> None:
    """Whatever the sizes of the commits: the two bounds that GROWTH promises."""
    names = count()
    segments: list[SegmentSize] = []
    total = written = 0
    for articles in commits:
        total += articles
        segments, merged = settled(
            [*segments, SegmentSize(f"{next(names):06}", articles, 0)], names
        )
        written += sum(merged)
        assert sum(segment.live for segment in segments) == total
        assert len(segments) <= 1 + math.log(total, 1 + GROWTH)
    assert written <= total * math.log(total, 1 + 1 / GROWTH) + 1e-9


def test_no_article_is_merged_too_often() -> None:
    names = count()
    segments: list[SegmentSize] = []
    members: dict[str, list[int]] = {}
    times: Counter[int] = Counter()
    for number in range(3_000):
        name = f"{next(names):06}"
        segments.append(SegmentSize(name, 1, 0))
        members[name] = [number]
        while chosen := choose(segments):
            together = [article_number for each in chosen for article_number in members.pop(each)]
            times.update(together)
            segments = [segment for segment in segments if segment.name not in chosen]
            name = f"{next(names):06}"
            segments.append(SegmentSize(name, len(together), 0))
            members[name] = together
    assert max(times.values()) <= math.log(3_000, 1 + 1 / GROWTH)


@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 400), st.booleans()).filter(
            lambda size: size[0] or size[1]
        ),
        max_size=12,
    )
)
def test_choosing_always_comes_to_an_end(sizes: list[tuple[int, int, bool]]) -> None:
    segments = [SegmentSize(str(number), *size) for number, size in enumerate(sizes)]
    after, _ = settled(segments, count(100))
    assert sum(segment.live for segment in after) == sum(live for live, _, _ in sizes)
    assert sum(segment.new for segment in after) <= 1
    for segment in after:
        assert segment.deleted <= MOST_DELETED * (segment.live + segment.deleted)


def test_no_more_files_are_open_than_a_process_may_have() -> None:
    small = [SegmentSize(f"small {n:04}", 10, 0) for n in range(2_500)]
    assert len(choose(small)) == MOST_AT_ONCE
    segments, merged = settled(small, count())
    assert [segment.live for segment in segments] == [25_000]
    assert len(merged) <= 2 + 2_500 // (MOST_AT_ONCE - 1)


def test_what_is_written_together_becomes_one() -> None:
    old, large, small = (
        SegmentSize("old", 1_000, 0),
        SegmentSize("large", 100, 0, new=True),
        SegmentSize("small", 10, 0, new=True),
    )
    assert choose([old, small]) == choose([old, large]) == []
    assert choose([large, small]) == choose([old, large, small]) == ["small", "large"]
    assert choose([SegmentSize("between", 15, 0), large, small]) == ["small", "between", "large"]


def test_many_puts_of_one_commit_are_in_one_segment(tmp_path: Path) -> None:
    documents = corpus.archive(seed=35, articles=300)
    commit(tmp_path, documents[:200], 1 << 16)
    assert len(read_manifest(tmp_path).segments) == 1
    commit(tmp_path, documents[200:], 1 << 16)
    assert sorted(entry.articles for entry in read_manifest(tmp_path).segments) == [100, 200]


def test_deletions_trigger_rewriting() -> None:
    assert choose([]) == []
    assert choose([SegmentSize("one", 75, 25)]) == []
    assert choose([SegmentSize("one", 74, 26)]) == ["one"]
    assert choose([SegmentSize("one", 1_000, 0), SegmentSize("two", 0, 5)]) == ["two"]
    assert choose([SegmentSize("one", 1_000, 400), SegmentSize("two", 7, 0)]) == ["one"]
    assert choose([SegmentSize("one", 20, 0), SegmentSize("two", 10, 0)]) == []
    assert choose([SegmentSize("one", 19, 0), SegmentSize("two", 10, 0)]) == ["two", "one"]
