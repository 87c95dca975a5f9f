"""What a segment remembers of questions: bounded, and never another answer."""

from __future__ import annotations

import math
from datetime import date, timedelta
from pathlib import Path

import pytest
from native_index import article, commit

from search.native import bitmaps, words
from search.native import snapshot as snapshots
from search.native.hits import Part
from search.native.matching import Matching
from search.native.ranking import best
from search.native.snapshot import Snapshot
from search.plan import AmongArticles, AnyWord, Boolean, HasValue, Phrase, Plan, Word
from search.request import Dates, FacetFilter

STEMS = tuple("abcdefghijklmnopqrstuvwxyz")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("index")
    documents = [
        article(
            f"a{n:02}",
            body=" ".join(STEMS[n:]),
            published=n * 86_400,
            facets={"person": tuple(f"Person {m}" for m in range(n % 5 + 1))},
        )
        for n in range(20)
    ]
    commit(folder, documents)
    return folder


def test_what_is_remembered_is_bounded(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "_MOST_PLANS", 3)
    monkeypatch.setattr(snapshots, "_MOST_FILTERS", 2)
    snapshot = Snapshot.open(folder)
    (view,) = snapshot.views
    for _ in range(2):
        for n, stem in enumerate(STEMS[:18]):
            for plan in (Word(stem), Phrase((stem, STEMS[n + 1]))):
                matching = Matching(snapshot, view)
                hits = matching.live_matches(plan)
                assert hits.count == n + 1
                documents, _ = best(matching, plan, Part(view, hits.bits), 30, (math.inf, 100))
                assert sorted(documents.tolist()) == hits.documents.tolist()
        for n in range(5):
            chosen = FacetFilter(facet="person", values=(f"Person {n}",))
            passing = Matching(snapshot, view).passing(chosen)
            assert bitmaps.count_bits(passing) == 20 - 4 * n
            on_days = Dates(first=date(1970, 1, 1), last=date(1970, 1, 1) + timedelta(days=n))
            passing = Matching(snapshot, view).passing(on_days)
            assert bitmaps.count_bits(passing) == n + 1
        assert len(view.few_words) <= 3
        assert len(view.phrase_words) <= 3
        assert 0 < len(view.gathered) <= 3
        assert len(view.passing) <= 2


def test_long_questions_are_not_remembered(folder: Path) -> None:
    snapshot = Snapshot.open(folder)
    (view,) = snapshot.views
    found = {}
    for count in (2, 16, 17):
        plan = Boolean(should=tuple(map(Word, STEMS[:count])))
        found[count] = words.few_words(snapshot, view, plan)
        words.phrase_words(snapshot, view, Phrase(STEMS[:count]))
    assert {len(plan.should) for plan in view.few_words if isinstance(plan, Boolean)} == {2, 16}
    assert {len(stems) for stems, _ in view.phrase_words} == {2, 16}
    assert found[17] is not None
    assert len(found[17].numbers) == 17


def test_plans_that_name_much_are_not_remembered(folder: Path) -> None:
    """However it is asked for: removed text becomes the ids of all articles that had it."""
    snapshot = Snapshot.open(folder)
    (view,) = snapshot.views
    many = tuple(f"a{n:02}" for n in range(400))
    for names in (many[:20], many):
        long: tuple[Plan, ...] = (
            AmongArticles(names),
            AnyWord((*STEMS, *names)),
            HasValue("person", ("Person 0", *names)),
            Boolean(should=(Word("t"), *map(Word, names))),
        )
        for each in long:
            for plan in (
                Boolean(must=(Word("t"),), filter=(each,)),
                Boolean(must=(Word("t"), each)),
            ):
                matching = Matching(snapshot, view)
                hits = Part(view, matching.live_matches(plan).bits)
                assert len(best(matching, plan, hits, 30, (math.inf, 100))[0]) == 20
        assert len(view.gathered) == 8
