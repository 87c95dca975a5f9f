"""Earlier texts of articles: kept in order, compared sensibly, lost by nothing but deletion."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles import Article
from index.removed import (
    articles_that_lost,
    articles_that_may_have_lost,
    removed_paragraphs,
    removed_words,
)
from index.store import Store
from index.tokens import stem, words
from index.versions import (
    Text,
    appearances_of,
    count_versions,
    says_the_same,
    version_of,
    versions_of,
)

ROOT = Path(__file__).parents[1]
NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
FIRST = Article(
    id="a",
    title="Minister to resign",
    body="The minister will resign on Monday.\nShe said so in a statement.",
    language="en",
    fetched=NOON,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "store") as opened:
        yield opened


def later(hours: int, body: str, title: str = FIRST.title) -> Article:
    return replace(FIRST, body=body, title=title, fetched=NOON + timedelta(hours=hours))


def bodies(store: Store) -> list[str]:
    return [version.body for version in versions_of(store, "a")]


def test_what_an_article_said_is_kept_when_it_says_something_else(store: Store) -> None:
    store.put(FIRST, "x")
    store.put(replace(FIRST, fetched=NOON + timedelta(hours=1)), "x")
    assert store.put(later(2, "The minister stays."), "x") == "changed"
    first, second = versions_of(store, "a")
    assert (first.number, first.title, first.body) == (1, FIRST.title, FIRST.body)
    assert (first.first_seen, first.last_seen) == (NOON, NOON + timedelta(hours=1))
    assert first.fetched == NOON
    assert (second.number, second.body) == (2, "The minister stays.")
    assert second.first_seen == second.last_seen == NOON + timedelta(hours=2)
    assert count_versions(store) == 1
    assert [version_of(store, "a", number) for number in range(4)] == [None, first, second, None]


def test_an_article_that_never_changed_has_one_version(store: Store) -> None:
    store.put(FIRST, "x")
    (only,) = versions_of(store, "a")
    assert (only.number, only.body, only.first_seen) == (1, FIRST.body, NOON)
    assert list(versions_of(store, "unknown")) == []
    assert count_versions(store) == 0


@pytest.mark.parametrize(
    "body",
    [
        "The minister will  resign on Monday.\n\nShe said so in a statement.",
        "The minister will resign on Monday. She said so in a statement.",
        "The minister will resign on Mon\u00adday.\nShe said so in a\u00a0statement.",
        "Advertisement\nThe minister will resign on Monday.\nShe said so in a statement.",
        f"{FIRST.body}\nUpdated: March 2, 2024 10:15",
        f"{FIRST.body}\nShare this story",
    ],
)
def test_white_space_and_furniture_make_no_version(store: Store, body: str) -> None:
    store.put(FIRST, "x")
    assert store.put(later(1, body), "x") == "changed"
    (only,) = versions_of(store, "a")
    assert only.body == body
    assert only.first_seen == NOON
    assert only.last_seen == NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("She is guilty.", "She is not guilty."),
        ("Ten people died.", "10 people died."),
        ("He said “never”.", "He said never."),
        ("It cost 1.5 million.", "It cost 15 million."),
    ],
)
def test_small_changes_of_meaning_are_changes(one: str, other: str) -> None:
    assert not says_the_same(Text("T", one), Text("T", other))
    assert not says_the_same(Text(one, "B"), Text(other, "B"))
    assert says_the_same(Text("T", f"‘{one}’"), Text("T", f"'{one}'"))


def test_a_change_of_facts_about_the_article_is_no_version(store: Store) -> None:
    store.put(FIRST, "x")
    assert store.put(replace(FIRST, authors=("Ada One",)), "x") == "changed"
    assert len(appearances_of(store, "a")) == 1


def test_a_text_that_comes_back_is_a_version_again(store: Store) -> None:
    for hours, body in enumerate(("One text.", "Another text.", "One text.")):
        store.put(later(hours, body), "x")
    assert bodies(store) == ["One text.", "Another text.", "One text."]
    assert [p.text for p in removed_paragraphs(store, ["a"])["a"]] == ["Another text."]


def test_what_was_fetched_earlier_is_put_where_it_belongs(store: Store) -> None:
    store.put(later(10, "Third text."), "x")
    assert store.foresee(later(2, "First text."), "x") == "unchanged"
    for hours, body in (
        (5, "Second text."),
        (2, "First text."),
        (3, "First text."),
        (9, "Third text."),
    ):
        assert store.put(later(hours, body), "x") == "unchanged"
    assert bodies(store) == ["First text.", "Second text.", "Third text."]
    first, _, third = versions_of(store, "a")
    assert (first.first_seen, first.last_seen) == (
        NOON + timedelta(hours=2),
        NOON + timedelta(hours=3),
    )
    assert third.first_seen == NOON + timedelta(hours=9)
    assert store.articles(["a"])["a"].body == "Third text."
    assert articles_that_lost(store, [stem("second", "en")]) == {"a"}


def test_a_text_seen_in_between_does_not_take_the_place_of_the_newest(store: Store) -> None:
    for hours in (0, 10):
        store.put(later(hours, "The newest text."), "x")
    assert store.put(later(5, "In between."), "x") == "unchanged"
    assert store.articles(["a"])["a"].body == "The newest text."
    assert bodies(store) == ["In between.", "The newest text."]


def test_without_a_time_of_fetching_the_present_counts(store: Store) -> None:
    store.put(replace(FIRST, fetched=None), "x")
    store.put(replace(FIRST, fetched=None, body="Other."), "x")
    first, second = versions_of(store, "a")
    assert first.fetched is None
    assert datetime.now(UTC) - timedelta(minutes=5) < first.first_seen <= second.first_seen


def test_deleting_an_article_deletes_its_versions(store: Store) -> None:
    store.put(FIRST, "x")
    store.put(later(1, "Other words."), "x")
    store.delete("a")
    assert count_versions(store) == 0
    assert list(versions_of(store, "a")) == []
    for table in ("sightings", "removed_paragraphs", "removed_words"):
        assert store.rows(f"SELECT count(*) FROM {table}")[0][0] == 0
    assert store.problems() == []


def test_nothing_of_a_change_stays_when_it_fails(store: Store) -> None:
    store.put(FIRST, "x")
    with suppress(RuntimeError), store.transaction():
        store.put(later(1, "Other words."), "x")
        raise RuntimeError
    assert bodies(store) == [FIRST.body]
    assert removed_paragraphs(store, ["a"]) == {}


def test_a_killed_writer_leaves_all_of_a_change_or_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store"
    script = (
        "import sys; from pathlib import Path; from dataclasses import replace\n"
        "from index.articles import Article; from index.store import Store\n"
        "store = Store.open(Path(sys.argv[1]))\n"
        "for n in range(10_000):\n"
        "    store.put(Article(id='a', title='T', body=f'Text number {n}.'), 'x')\n"
        "    print(n, flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(path)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as writer:
        assert writer.stdout is not None
        for _ in range(20):
            last = int(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)
    with Store.open(path) as store:
        said = bodies(store)
        assert len(said) > last
        assert said == [f"Text number {n}." for n in range(len(said))]
        assert store.problems() == []


def test_words_that_are_gone_are_told_from_those_that_stand_elsewhere(store: Store) -> None:
    store.put(FIRST, "x")
    store.put(later(1, "The minister stays.\nShe said so in a statement."), "x")
    assert articles_that_lost(store, ["resign"]) == set()  # it is in the title
    assert articles_that_lost(store, [stem("monday", "en")]) == {"a"}
    assert articles_that_may_have_lost(store, ["minist", "resign"]) == {"a"}
    assert articles_that_may_have_lost(store, ["statement"]) == set()
    assert articles_that_may_have_lost(store, []) == set()
    found = {word.word: word.articles for word in removed_words(store, "")}
    assert (found["monday"], found["resign"]) == (1, 0)
    assert [word.word for word in removed_words(store, "mon")] == ["monday"]
    assert [p.text for p in removed_paragraphs(store, ["a"])["a"]] == [
        "The minister will resign on Monday."
    ]


_TEXTS = st.lists(
    st.lists(st.sampled_from("alpha beta gamma delta".split()), min_size=1, max_size=3).map(
        " ".join
    ),
    min_size=1,
    max_size=3,
).map("\n".join)


@settings(max_examples=40)
@given(st.lists(_TEXTS, min_size=2, max_size=5))
def test_removed_is_what_any_earlier_version_has_and_the_newest_has_not(texts: list[str]) -> None:
    with TemporaryDirectory() as folder, Store.open(Path(folder) / "store") as store:
        for hours, text in enumerate(texts):
            store.put(later(hours, text), "x")
        *earlier, newest = [version.body for version in versions_of(store, "a")]
        assert newest == texts[-1]
        once = {word for body in earlier for word in words(body)}
        for word in once | set(words(newest)):
            lost = word in once and word not in words(newest)
            assert (articles_that_lost(store, [stem(word, "en")]) == {"a"}) is lost
        expected = {
            line for body in earlier for line in body.split("\n") if line not in newest.split("\n")
        }
        kept = removed_paragraphs(store, ["a"]).get("a", ())
        assert {paragraph.text for paragraph in kept} == expected
