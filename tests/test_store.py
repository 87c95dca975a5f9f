from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import index.store_connection
from index.articles import Article, DateOrigin, PublicationDate, article_id
from index.entities.mentions import Mention
from index.errors import (
    OutOfSpace,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreMissing,
    StoreTooNew,
)
from index.names.counting import count_names
from index.store import Store
from index.store_connection import MIGRATIONS, connect_to_write
from index.store_reading import SourceFile

ROOT = Path(__file__).parents[1]


def an_article(key: str = "a", **fields: Any) -> Article:
    given: dict[str, Any] = {
        "id": article_id(key),
        "title": f"Title {key}",
        "body": f"Body of {key}.",
    }
    return Article(**(given | fields))


FULL = Article(
    id=article_id("full"),
    title="Erdoğan meets Guterres",
    body="First paragraph.\nSecond — with “quotes”, 北京 and 🎉.",
    url="https://example.org/a",
    authors=("Ada One", "Bo Two"),
    published=PublicationDate(datetime(2023, 7, 14, 23, 30, tzinfo=UTC)),
    modified=datetime(2023, 7, 15, 1, 2, 3),
    fetched=datetime(2023, 8, 1, tzinfo=UTC),
    source="Example",
    section="World",
    language="en",
    tags=("a", "b"),
    dateline="ANKARA",
    date_origins={
        "published": DateOrigin("json-ld", ("conflict",), ("url", "feed")),
        "modified": DateOrigin("meta", ("impossible",), refused="2023-13-01"),
    },
    extra={"summary": "x", "places": '["tr"]'},
)
MENTIONS = (
    Mention("person", 0, 7, "Erdoğan", "Recep Tayyip Erdoğan"),
    Mention("place", 40, 42, "北京", "北京"),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "archive" / "articles.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as opened:
        yield opened


def test_an_article_comes_back_as_it_was_put(store: Store) -> None:
    assert store.put(FULL, "file.txt") == "new"
    assert store.articles([FULL.id]) == {FULL.id: FULL}
    assert store.count() == 1


def test_articles_come_in_the_order_asked_for_and_unknown_ones_are_left_out(store: Store) -> None:
    articles = [an_article(str(n)) for n in range(1200)]
    with store.transaction():
        for article in articles:
            store.put(article, "x")
    wanted = [article.id for article in reversed(articles)]
    assert list(store.articles([*wanted, "unknown"])) == wanted
    assert list(store.ids()) == sorted(wanted)


def test_putting_the_same_article_again_changes_nothing(store: Store) -> None:
    store.put(FULL, "file.txt")
    store.put_mentions(FULL, "v1", MENTIONS)
    before = list(store.changes_since(0))
    assert store.put(replace(FULL, fetched=datetime(2024, 1, 1)), "other.txt") == "unchanged"
    assert list(store.changes_since(0)) == before


def test_a_changed_article_keeps_its_id_and_loses_its_mentions(store: Store) -> None:
    store.put(FULL, "file.txt")
    store.put_mentions(FULL, "v1", MENTIONS)
    number = store.last_change()
    changed = replace(FULL, body="Other.")
    assert store.put(changed, "file.txt") == "changed"
    assert store.articles([FULL.id])[FULL.id] == changed
    assert store.mentions([FULL.id]) == {FULL.id: ()}
    assert [change.article_id for change in store.changes_since(number)] == [FULL.id]


def test_a_file_of_one_article_keeps_its_id_when_its_text_changes(store: Store) -> None:
    first, second = an_article("one"), an_article("two")
    assert store.put(first, "news.txt", sole=True) == "new"
    assert store.put(second, "news.txt", sole=True) == "changed"
    assert store.articles([first.id]) == {first.id: replace(second, id=first.id)}
    assert store.count() == 1


def test_copies_of_a_file_share_an_article_until_they_differ(store: Store) -> None:
    text, edited, other = an_article("text"), an_article("edited"), an_article("other")
    assert store.put(text, "a.txt", sole=True) == "new"
    assert store.put(text, "b.txt", sole=True) == "unchanged"
    assert list(store.origins()) == [(text.id, ("a.txt", "b.txt"))]
    assert store.put(edited, "a.txt", sole=True) == "new"
    assert list(store.origins()) == [(text.id, ("b.txt",)), (edited.id, ("a.txt",))]
    assert store.put(other, "b.txt", sole=True) == "changed"
    assert store.put(text, "c.txt", sole=True) == "new"
    for _ in range(2):
        for article, origin in ((edited, "a.txt"), (other, "b.txt"), (text, "c.txt")):
            assert store.foresee(article, origin, sole=True) == "unchanged"
            assert store.put(article, origin, sole=True) == "unchanged"
    stored = store.articles(store.ids())
    assert stored[text.id].body == other.body
    assert sorted(article.title for article in stored.values()) == sorted(
        article.title for article in (edited, other, text)
    )


def test_articles_with_a_url_are_not_taken_for_one_another_by_origin(store: Store) -> None:
    store.put(an_article("one", url="https://a.example/1"), "saved.html", sole=True)
    store.put(an_article("two", url="https://a.example/2"), "saved.html", sole=True)
    assert store.count() == 2


def test_foresee_tells_what_put_would_do(store: Store) -> None:
    assert store.foresee(FULL, "x") == "new"
    store.put(FULL, "x")
    assert store.foresee(FULL, "x") == "unchanged"
    assert store.foresee(replace(FULL, body="y"), "x") == "changed"
    assert store.articles([FULL.id]) == {FULL.id: FULL}


def test_mentions_are_kept_with_the_version_of_their_recogniser(store: Store) -> None:
    other = an_article("other")
    store.put(FULL, "x")
    store.put(other, "y")
    assert store.count_unread_by("v1") == 2
    assert store.put_mentions(FULL, "v1", MENTIONS)
    assert store.mentions([FULL.id, other.id]) == {FULL.id: MENTIONS, other.id: ()}
    assert list(store.unread_by("v1")) == [other]
    assert store.count_unread_by("v1") == 1
    assert {article.id for article in store.unread_by("v2")} == {FULL.id, other.id}


def test_finding_the_same_mentions_again_is_no_change(store: Store) -> None:
    store.put(FULL, "x")
    store.put_mentions(FULL, "v1", MENTIONS)
    number = store.last_change()
    store.put_mentions(FULL, "v2", MENTIONS)
    assert store.last_change() == number
    store.put_mentions(FULL, "v3", MENTIONS[:1])
    assert store.last_change() == number + 1


def test_mentions_of_a_text_that_has_changed_since_are_not_kept(store: Store) -> None:
    store.put(FULL, "x")
    store.put(replace(FULL, body="Meanwhile something else."), "x")
    assert not store.put_mentions(FULL, "v1", MENTIONS)
    assert store.mentions([FULL.id]) == {FULL.id: ()}


def test_deleting_leaves_a_tombstone_until_the_article_comes_back(store: Store) -> None:
    store.put(FULL, "x")
    store.put_mentions(FULL, "v1", MENTIONS)
    number = store.last_change()
    assert store.delete(FULL.id)
    assert not store.delete(FULL.id)
    (gone,) = store.changes_since(number)
    assert (gone.article_id, gone.article) == (FULL.id, None)
    assert store.mentions([FULL.id]) == {}
    assert store.put(FULL, "x") == "new"
    (back,) = store.changes_since(number)
    assert back.article == FULL
    assert back.number > gone.number


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from(["put", "delete", "mention"]), st.text())
    )
)
def test_what_follows_the_changes_ends_with_the_same_articles(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, str]]
) -> None:
    """A copy brought up to date by `changes_since`, now and then, against the store itself."""
    copy: dict[str, tuple[Article, tuple[Mention, ...]]] = {}
    seen = 0
    with Store.open(tmp_path_factory.mktemp("store") / "articles.sqlite") as store:
        for place, (key, action, text) in enumerate(steps):
            article = an_article(key, body=f"{text}!")
            if action == "put":
                store.put(article, key)
            elif action == "delete":
                store.delete(article.id)
            else:
                stored = store.articles([article.id]).get(article.id, article)
                store.put_mentions(stored, text, [Mention("person", 0, 1, "T", text or "T")])
            if place % 3 == 2:
                seen = _follow(store, copy, seen)
        assert store.count_changes_since(seen) == len(list(store.changes_since(seen)))
        _follow(store, copy, seen)
        ids = list(store.ids())
        mentions = store.mentions(ids)
        assert copy == {
            key: (article, mentions[key]) for key, article in store.articles(ids).items()
        }


def _follow(store: Store, copy: dict[str, tuple[Article, tuple[Mention, ...]]], seen: int) -> int:
    last = store.last_change()
    for change in store.changes_since(seen):
        assert change.number > seen
        if change.article is None:
            copy.pop(change.article_id, None)
        else:
            copy[change.article_id] = (change.article, change.mentions)
    return last


def test_text_that_sqlite_cannot_hold_is_repaired(store: Store) -> None:
    broken = an_article(body="a\ud800b", authors=("x\udfff",), extra={"k\ud800": "v\ud800"})
    store.put(broken, "x")
    assert store.put(broken, "x") == "unchanged"
    (stored,) = store.articles([broken.id]).values()
    assert stored.body == "a\ufffdb"
    assert stored.authors == ("x\ufffd",)
    assert stored.extra == {"k\ufffd": "v\ufffd"}


def test_a_body_of_ten_megabytes(store: Store) -> None:
    large = an_article(body="Wörter und mehr. " * 600_000)
    store.put(large, "x")
    assert store.articles([large.id])[large.id].body == large.body


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    def fail_halfway() -> None:
        with store.transaction():
            store.put(FULL, "x")
            with store.transaction():
                store.put(an_article(), "y")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    assert store.count() == 0
    assert store.last_change() == 0


def test_source_files_are_remembered_and_forgotten(store: Store) -> None:
    file = SourceFile("/news/a.txt", 12, 345, "ab", "text 1", 1)
    assert store.source_file(file.path) is None
    store.put_source_file(file)
    assert store.source_file(file.path) == file
    store.put_source_file(replace(file, size=13))
    assert store.source_file(file.path) == replace(file, size=13)
    store.forget_source_file(file.path)
    assert store.source_file(file.path) is None


def test_reading_needs_a_store_and_makes_none(path: Path) -> None:
    with pytest.raises(StoreMissing, match="dateline import"):
        Store.read(path)
    assert not path.parent.exists()


def test_a_store_for_reading_cannot_be_written(store: Store, path: Path) -> None:
    with Store.read(path) as reader, pytest.raises(OutOfSpace):
        reader.put(FULL, "x")
    assert store.count() == 0


def test_readers_see_what_was_committed_and_only_that(store: Store, path: Path) -> None:
    with Store.read(path) as reader:
        with store.transaction():
            store.put(FULL, "x")
            assert reader.count() == 0
        assert reader.count() == 1


def test_many_threads_read_while_one_writes(store: Store, path: Path) -> None:
    failures = []
    done = threading.Event()

    def read(reader: Store) -> None:
        try:
            while not done.is_set():
                for change in reader.changes_since(0):
                    assert change.article is not None
                    assert change.article.body.startswith("Body")
        except BaseException as error:  # noqa: BLE001 - handed to the main thread
            failures.append(error)

    with Store.read(path) as reader:
        threads = [threading.Thread(target=read, args=(reader,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for number in range(40):
            with store.transaction():
                for n in range(20):
                    store.put(an_article(f"{number}-{n}"), "x")
        done.set()
        for thread in threads:
            thread.join()
    assert not failures
    assert store.count() == 800


def test_a_store_can_be_read_through_while_two_write_to_it(store: Store, path: Path) -> None:
    with store.transaction():
        for number in range(1200):
            store.put(an_article(str(number)), "x")
    with Store.open(path) as other:
        for number, article in enumerate(store.unread_by("v1")):
            assert store.put_mentions(article, "v1", MENTIONS[:1])
            if number % 100 == 0:
                other.put(an_article(f"other {number}"), "y")
    assert store.count_unread_by("v1") <= 13
    assert store.count() == 1213


def test_a_closed_store_says_so(path: Path) -> None:
    store = Store.open(path)
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.count()


def test_waiting_for_another_writer_ends(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "index.store_reading.connect_to_write", lambda path: connect_to_write(path, 0.05)
    )
    with Store.open(path) as one, Store.open(path) as other, one.transaction():
        one.put(FULL, "x")
        with pytest.raises(StoreBusy, match="another process"):
            other.put(an_article(), "y")


def test_a_file_that_is_no_database(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"Dear diary, today I was no database at all. " * 100)
    for use in (Store.open, Store.read):
        with pytest.raises(StoreDamaged, match="backup"):
            use(path)


def test_a_damaged_page_is_found(path: Path) -> None:
    with Store.open(path) as store, store.transaction():
        for n in range(500):
            store.put(an_article(str(n), body="word " * 200), "x")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 20_000] = os.urandom(20_000)
    path.write_bytes(data)
    with Store.read(path) as store, suppress(StoreDamaged):
        assert store.problems()


def test_a_database_of_something_else_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    before = path.read_bytes()
    for use in (Store.open, Store.read):
        with pytest.raises(StoreError, match="not an article store"):
            use(path)
    assert path.read_bytes() == before


def test_a_store_of_a_later_version_is_left_alone(path: Path) -> None:
    Store.open(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    for use in (Store.open, Store.read):
        with pytest.raises(StoreTooNew, match="update"):
            use(path)


def test_an_earlier_version_is_migrated_by_writers_only(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(path) as store:
        store.put(FULL, "x")
        identity = store.identity
    later = (*MIGRATIONS, "ALTER TABLE sources ADD COLUMN note TEXT;\nCREATE TABLE more (x ANY);")
    monkeypatch.setattr(index.store_connection, "MIGRATIONS", later)
    with pytest.raises(StoreError, match="earlier version"):
        Store.read(path)
    with Store.open(path) as store:
        assert store.articles([FULL.id]) == {FULL.id: FULL}
        assert store.identity == identity
    with Store.read(path) as store:
        assert store.count() == 1


def test_mentions_of_a_store_of_version_1_are_counted_once_it_is_migrated(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ("id", "title", "body", "source", "section", "language", "dateline", "origin")
    lists = {"authors": "[]", "tags": "[]", "extra": "{}", "first_seen": "2024", "change": 1}
    row: dict[str, object] = dict.fromkeys(texts, "x") | lists
    row |= {"content": b"x", "last_changed": "2024"}
    monkeypatch.setattr(index.store_connection, "MIGRATIONS", MIGRATIONS[:1])
    with closing(connect_to_write(path)) as connection:
        columns, places = ", ".join(row), ", ".join("?" * len(row))
        connection.execute(
            f"INSERT INTO articles ({columns}) VALUES ({places})",
            tuple(row.values()),
        )
        mention = '[["person", 0, 1, "x", "Pat Sample"]]'
        connection.execute("INSERT INTO mentions VALUES (1, 'v1', ?)", (mention,))
        connection.commit()
    monkeypatch.undo()
    with Store.open(path) as store:
        assert [m.name for m in store.mentions(["x"])["x"]] == ["Pat Sample"]
        assert count_names(store) == 1
        assert [row["name"] for row in store.rows("SELECT name FROM names")] == ["Pat Sample"]


def test_a_migration_that_fails_leaves_the_store_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store.open(path).close()
    broken = (*MIGRATIONS, "CREATE TABLE more (x ANY);\nCREATE TABLE articles (x ANY);")
    monkeypatch.setattr(index.store_connection, "MIGRATIONS", broken)
    with pytest.raises(StoreError, match="articles"):
        Store.open(path)
    monkeypatch.undo()
    with Store.read(path) as store:
        assert store.problems() == []


WRITE_ON_AND_ON = """
import sys
from pathlib import Path
from index.articles import Article, article_id
from index.store import Store

name = sys.argv[2]
with Store.open(Path(sys.argv[1])) as store:
    for batch in range(int(sys.argv[3])):
        with store.transaction():
            for n in range(50):
                key = f"{name}-{batch}-{n}"
                store.put(Article(id=article_id(key), title=key, body="word " * 300), key)
        print(batch, flush=True)
"""


def write_on_and_on(path: Path, name: str, batches: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITE_ON_AND_ON, str(path), name, str(batches)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_nothing_committed_is_lost_by_kill_9(path: Path) -> None:
    for round_number in range(3):
        writer = write_on_and_on(path, str(round_number), 100_000)
        with writer:
            assert writer.stdout
            assert writer.stderr
            for _ in range(5 + round_number * 3):
                batch = int(writer.stdout.readline())
            writer.send_signal(signal.SIGKILL)
            rest = writer.stdout.read().split()
            writer.stderr.read()
        committed = int(rest[-1]) if rest else batch
        with Store.open(path) as store:
            assert store.problems() == []
            mine = [key for _, (key,) in store.origins() if key.startswith(f"{round_number}-")]
            assert len(mine) % 50 == 0
            assert len(mine) >= (committed + 1) * 50


def test_two_processes_write_at_once(path: Path) -> None:
    writers = [write_on_and_on(path, name, 20) for name in "ab"]
    for writer in writers:
        _, errors = writer.communicate(timeout=60)
        assert writer.returncode == 0, errors
    with Store.read(path) as store:
        assert store.count() == 2 * 20 * 50
        numbers = [change.number for change in store.changes_since(0)]
        assert numbers == sorted(set(numbers))


def test_a_full_disk_is_reported_and_loses_nothing(path: Path) -> None:
    limited = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))\n"
    result = subprocess.run(
        [sys.executable, "-c", limited + WRITE_ON_AND_ON, str(path), "x", "1000"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "index.errors.OutOfSpace" in result.stderr
    assert "the disk is full" in result.stderr
    with Store.open(path) as store:
        assert store.problems() == []
        assert store.count() == 50 * len(result.stdout.split())


USE_AS_SOMEBODY_ELSE = """
import os
import sys
from pathlib import Path
from index.errors import OutOfSpace
from index.store import Store

if os.geteuid() == 0:  # for root, no folder is read-only
    os.setuid(65534)
path = Path(sys.argv[1])
with Store.read(path) as store:
    print(store.count())
try:
    Store.open(path)
except OutOfSpace:
    print("closed")
"""


@pytest.mark.parametrize("while_writing", [False, True])
def test_a_read_only_folder_can_be_read(while_writing: bool) -> None:
    with TemporaryDirectory() as temporary:
        Path(temporary).chmod(0o755)
        path = Path(temporary) / "archive" / "articles.sqlite"
        with Store.open(path) as store:
            store.put(FULL, "x")
            if while_writing:
                _check_read_only(path)
        if not while_writing:
            _check_read_only(path)


def _check_read_only(path: Path) -> None:
    files = list(path.parent.iterdir())
    for file in files:
        file.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        result = subprocess.run(
            [sys.executable, "-c", USE_AS_SOMEBODY_ELSE, str(path)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        path.parent.chmod(0o755)
        for file in files:
            file.chmod(0o644)
    assert result.stdout.split() == ["1", "closed"], result.stderr
    assert sorted(path.parent.iterdir()) == sorted(files)
