"""Compiling the kernels before anybody waits for them: at set-up, not under a user's query.

Numba compiles a kernel when it is first called, about a second each. So a small index is written,
changed, merged and searched in every way there is. What was compiled stays in the cache; after
that the same takes a fraction of a second, to load it.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from index.articles import STORY, Document
from index.compilation import compiled_folder
from index.naming import Naming
from index.native.writer import NativeTarget
from index.progress import SILENT, Progress
from index.stories.grouping import warm_stories
from search.native.banded import most_by_bands
from search.native.engine import NativeEngine
from search.native.hits import Hits
from search.plan import AnyWord, Boolean, Everything, HasValue, Phrase, Plan, PublishedBetween, Word
from search.request import Dates, FacetFilter, FacetRequest, HistogramRequest, SearchRequest

_DAY = 86_400
_DONE = "complete"
_MANY = 650


def is_warm() -> bool:
    """Whether all kernels have been compiled on this machine by this version of the code."""
    return (compiled_folder() / _DONE).exists()


def warm(progress: Progress = SILENT) -> None:
    """Compile all kernels, or load those compiled before. Takes up to two minutes the first time.

    Raises OSError when neither the cache nor a temporary folder can be written.
    """
    with tempfile.TemporaryDirectory(prefix="dateline-") as name:
        steps = list(_steps(Path(name)))
        for step in progress.track(steps, "Preparing the search", len(steps), "steps"):
            step()
    if not is_warm():
        compiled_folder().mkdir(parents=True, exist_ok=True)
        (compiled_folder() / _DONE).touch()


def _steps(folder: Path) -> Iterator[Callable[[], object]]:
    yield warm_stories
    yield lambda: _write(folder, _documents(0, 40), [])
    # A second, smaller segment and deletions in the first: values get numbers of the snapshot.
    yield lambda: _write(folder, _documents(40, 10), ["article-3"])
    for request in _requests():
        yield partial(_search, folder, request)
    yield partial(_count_by_band, folder)
    # Enough for the merge policy to put everything together.
    yield lambda: _write(folder, _documents(50, 60), ["article-5"])
    for request in _requests():
        yield partial(_search, folder, request)
    yield partial(_count_by_band, folder)


def _documents(first: int, count: int) -> list[Document]:
    return [
        Document(
            article_id=f"article-{number}",
            title=f"Troops near Kursk {number}",
            body="The troops of the north moved to the border. " * (1 + number % 3) + f"{number}",
            language="en",
            published=None if number % 7 == 0 else number * _DAY,
            facets={
                "person": tuple(f"Person {n}" for n in range(number % 5 + 1)),
                "source": (f"Source {number % 2}",),
                # So many values that some are numbered higher than two bytes reach.
                "place": tuple(f"Place {number} {n}" for n in range(_MANY)),
                STORY: (f"story-{number // 2}",) if number % 3 else (),
            },
            weights={"source": (number % 9 + 1,)},
        )
        for number in range(first, first + count)
    ]


def _write(folder: Path, documents: list[Document], deleted: list[str]) -> None:
    with NativeTarget(folder) as target:
        target.rename(Naming({("source", "Source 1"): ("source", "Source 0")}))
        for document in documents:
            target.put(document)
        for article_id in deleted:
            target.delete(article_id)
        target.commit()


def _search(folder: Path, request: SearchRequest) -> None:
    engine = NativeEngine.open(folder)
    results = engine.search(request)
    if results.next_cursor is not None:
        engine.search(replace(request, cursor=results.next_cursor))
    engine.languages()
    list(engine.facet_values("person", "1"))
    engine.close()


def _count_by_band(folder: Path) -> None:
    """As is done with many hits only."""
    engine = NativeEngine.open(folder)
    views = engine.facets.counters.views
    hits = Hits.of(views, [view.live for view in views])
    most_by_bands(engine.facets, hits, {"person": 2, "place": 1}, 1, math.inf, 0)
    engine.close()


def _requests() -> Iterator[SearchRequest]:
    troops, border, rare = Word("troop"), Word("border"), Word("9")
    phrase = Phrase(("troop", "north"), slop=2)
    nested = Boolean(must=(troop_or := Boolean(should=(border, phrase)),), must_not=(rare,))
    plans: tuple[Plan, ...] = (
        troops,
        rare,
        Word("troop", field="title"),
        phrase,
        Boolean(must=(troops, border)),
        # Plans of words alone are scored as they are matched; a filter leads to the other ways.
        Boolean(must=(troops,), filter=(Everything(),)),
        Boolean(must=(troops, border), filter=(Everything(),)),
        Boolean(must=(rare, troops), filter=(Everything(),)),
        Boolean(should=(troops, rare), filter=(Everything(),)),
        Boolean(should=(troops, rare, AnyWord(("north", "move")))),
        Boolean(must=(troops,), should=(nested, Boolean(must=(border, phrase)))),
        Boolean(filter=(HasValue("person", ("Person 1",)), PublishedBetween(_DAY, None))),
        troop_or,
        Everything(),
    )
    facets = (
        FacetRequest(facet="person", size=2),
        FacetRequest(facet="place", size=1),
        FacetRequest(facet="source", containing="source"),
    )
    chosen = (FacetFilter(facet="person", values=("Person 0",), excluded=("Person 4",)),)
    dates = Dates()
    heavy = (
        FacetRequest(facet="source", size=2, order="weight", unexpected=2),
        FacetRequest(facet="person", containing="1", order="weight"),
    )
    for plan in plans:
        yield SearchRequest(plan=plan, size=3, facets=heavy, copies=False)
        yield SearchRequest(plan=plan, size=3, facets=facets, histogram=HistogramRequest())
        yield SearchRequest(plan=plan, size=300, filters=chosen, facets=facets, dates=dates)
    yield SearchRequest(sort="newest", size=3)
    yield SearchRequest(sort="oldest", size=3)
