"""Stories in a store: found, kept, told to indexes; the same in whatever order articles come."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from story_texts import article, text

from index.articles import STORY, Article
from index.importing import import_files
from index.store import Store
from index.stories import grouping
from index.stories.fingerprints import FingerprintReader
from index.stories.grouping import group_stories
from index.stories.shelf import Shelf
from index.updating import document_of

SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "articles.sqlite") as opened:
        yield opened


def put(store: Store, *articles: Article) -> None:
    with store.transaction():
        for each in articles:
            store.put(each, "test")


def stories(store: Store) -> dict[str, str]:
    """The story of each article that has one."""
    rows = store.rows("SELECT id, story FROM stories WHERE story IS NOT NULL")
    return {row["id"]: row["story"] for row in rows}


def test_copies_have_the_story_of_the_first(store: Store) -> None:
    copies = article("b", text(1), 1), article("c", text(1, frozenset({2})), 2)
    put(store, *copies, article("a", text(1), 0), article("d", text(2), 0))
    assert group_stories(store) == 4
    assert stories(store) == {"a": "a", "b": "a", "c": "a"}
    assert group_stories(store) == 0


def test_copies_out_of_reach_are_other_stories(store: Store) -> None:
    days = (0, 5.9, 6.1, 12)
    put(store, *(article(f"day {day}", text(1), day) for day in days))
    group_stories(store)
    assert stories(store) == {
        "day 0": "day 0",
        "day 5.9": "day 0",
        "day 6.1": "day 6.1",
        "day 12": "day 6.1",
    }


def test_copies_of_copies_do_not_chain(store: Store) -> None:
    changed = [frozenset(range(count)) for count in range(6)]
    put(store, *(article(f"{n}", text(1, parts), n / 10) for n, parts in enumerate(changed)))
    group_stories(store)
    found = stories(store)
    assert found["0"] == found["1"] == "0"
    assert found.get("5") != "0"  # though each is nearly the one before


def test_articles_without_dates_are_compared_with_each_other(store: Store) -> None:
    put(store, article("a", text(1)), article("b", text(1), None), article("c", text(1), None))
    group_stories(store)
    assert stories(store) == {"b": "b", "c": "b"}


def test_short_articles_do_not_clump(store: Store) -> None:
    put(store, *(article(f"{n}", "Blah blah blah.", title="") for n in range(5)))
    put(store, *(article(f"p{n}", f"Pays {n} cents on May 2. Record April 3.") for n in range(5)))
    group_stories(store)
    assert not stories(store)


def test_indexes_are_told_of_every_article_whose_story_changed(store: Store) -> None:
    put(store, article("a", text(1), 1), article("b", text(2), 1))
    group_stories(store)
    before = store.last_change()
    put(store, article("c", text(1), 2))
    group_stories(store)
    changes = {change.article_id: change for change in store.changes_since(before)}
    assert {key: change.story for key, change in changes.items()} == {"a": "a", "c": "a"}
    changed = changes["a"].article
    assert changed is not None
    assert document_of(changed, (), "a").facets[STORY] == ("a",)
    assert STORY not in document_of(changed, (), None).facets


def test_an_article_that_is_left_alone_has_no_story(store: Store) -> None:
    put(store, article("a", text(1), 1), article("b", text(1), 2))
    group_stories(store)
    before = store.last_change()
    store.delete("a")
    group_stories(store)
    assert not stories(store)
    told = {change.article_id: change.story for change in store.changes_since(before)}
    assert told == {"a": None, "b": None}


def test_a_changed_text_leaves_its_story(store: Store) -> None:
    put(store, *(article(name, text(1), 1) for name in "abc"))
    group_stories(store)
    put(store, article("a", text(2), 1))
    assert group_stories(store) == 1
    assert stories(store) == {"b": "b", "c": "b"}


def test_another_way_of_reading_reads_all_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, article("a", text(1)), article("b", text(1)), article("c", text(2)))
    group_stories(store)
    before = store.last_change()
    monkeypatch.setattr("index.stories.shelf.VERSION", "other")
    assert group_stories(store) == 3
    assert stories(store) == {"a": "a", "b": "a"}
    assert {change.article_id for change in store.changes_since(before)} == {"a", "b"}


def test_an_article_that_changes_while_it_is_read_is_read_again(store: Store) -> None:
    put(store, article("a", text(1)))
    shelf = Shelf(store)
    (unread,) = shelf.unread()
    put(store, article("a", text(2)))
    shelf.put([(unread, FingerprintReader().read(unread.title, unread.body))])
    assert shelf.count_unread() == 1


def test_a_store_of_version_1_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "articles.sqlite"
    with Store.open(path) as store:
        put(store, article("a", text(1)), article("b", text(1)))
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM stories").fetchone() == (0,)
    connection.close()
    with Store.open(path) as store:
        assert group_stories(store) == 2
        assert stories(store) == {"a": "a", "b": "a"}


Step = tuple[str, int, int, float | None]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "delete", "group"]),
        st.integers(0, 4),  # the article
        st.sampled_from([0, 0, 1, 2, 3]),  # what it says: a plot, perhaps a part changed, or two
        st.sampled_from([0, 1, 4, 7, 9, None]),
    ),
    min_size=3,
    max_size=20,
)


def body(kind: int) -> str:
    plot, version = divmod(kind, 3)
    halves = text(0).split("\n")[:3] + text(1).split("\n")[3:]
    return (text(plot), text(plot, frozenset({version})), "\n".join(halves))[version]


def run(store: Store, steps: Sequence[Step]) -> None:
    for action, number, kind, day in steps:
        match action:
            case "put":
                put(store, article(f"article {number}", body(kind), day))
            case "delete":
                store.delete(f"article {number}")
            case "group":
                group_stories(store)


LATE = [("put", 0, 0, 7), ("put", 1, 0, 9), ("group", 0, 0, None), ("put", 2, 0, 4)]
"""An article that comes late, and takes the lead of a story from another."""


@settings(max_examples=25)
@example(LATE, 1)
@example([*LATE, ("group", 0, 0, None), ("delete", 2, 0, None)], 1)
@given(STEPS, st.sampled_from([1, 3, 4_000]))
def test_by_and_by_gives_the_same_as_all_at_once(steps: list[Step], page: int) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(grouping, "LEAST_PAGE", page)
        with Store.open(Path(folder) / "some.sqlite") as grown:
            run(grown, steps)
            group_stories(grown)
            found = stories(grown)
            articles = list(grown.articles(grown.ids()).values())
            told = {change.article_id: change.story for change in grown.changes_since(0)}
        with Store.open(Path(folder) / "other.sqlite") as rebuilt:
            put(rebuilt, *reversed(articles))
            group_stories(rebuilt)
            assert found == stories(rebuilt)
        assert found == {key: story for key, story in told.items() if story is not None}


def test_the_sample_articles_have_their_copies(store: Store) -> None:
    import_files(store, [SEEDS])
    group_stories(store)
    found = stories(store)
    assert len(set(found.values())) == 1
    assert {copy.title for copy in store.articles(found).values()} == {
        "India's Chandrayaan-3 lands near the Moon's south pole",
        "India joins select club of nations on the Moon with low-cost lander",
        "Modi hails Moon landing from BRICS summit as Indian probe touches down",
    }


KILLED = """
import sys
from pathlib import Path
from index.store import Store
from index.stories import grouping
from index.stories.fingerprints import FingerprintReader
from index.stories.shelf import Shelf

grouping.BATCH, grouping.LEAST_PAGE = 20, 30
wrapped = getattr(Shelf, sys.argv[2])

def once_more(shelf, *arguments):
    wrapped(shelf, *arguments)
    print("written", flush=True)
    sys.stdin.readline()

setattr(Shelf, sys.argv[2], once_more)
with Store.open(Path(sys.argv[1])) as store:
    grouping.group_stories(store)
"""


@pytest.mark.parametrize(("stage", "writes"), [("put", 2), ("settle", 1), ("settle", 3)])
def test_a_run_that_is_killed_goes_on(tmp_path: Path, stage: str, writes: int) -> None:
    path = tmp_path / "articles.sqlite"
    articles = [article(f"{n:03}", text(n % 40), n // 40) for n in range(100)]
    with Store.open(path) as store:
        put(store, *articles)
    running = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path), stage],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=SEEDS.parent,
    )
    with running:
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write("\n" * (writes - 1))
        running.stdin.flush()
        for _ in range(writes):
            assert running.stdout.readline() == "written\n"
        os.kill(running.pid, signal.SIGKILL)
    with Store.open(path) as store, Store.open(tmp_path / "other.sqlite") as rebuilt:
        assert group_stories(store) < len(articles)
        put(rebuilt, *articles)
        group_stories(rebuilt)
        assert stories(store) == stories(rebuilt)
        assert len(stories(store)) == 100
