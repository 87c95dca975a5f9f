"""The writing half of the native engine: replacing, deleting, failing, and who sees what when."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import corpus
import pytest
from native_index import article, commit, found, ids_in, start

import index.native.files
from index.articles import Document
from index.errors import IndexDamaged, IndexLocked, OutOfSpace
from index.native.check import damages
from index.native.manifest import FILE_NAME, read_manifest
from index.native.writer import NativeTarget
from search.native.engine import NativeEngine
from search.plan import Phrase, Word
from search.request import FacetRequest, HistogramRequest, SearchRequest

EVERY_PUT = 1
"""A budget that is spent by any document: each is written as a segment of its own."""

EVERY_FEW = 500_000
NOBODY = 65_534
SMALLEST_FILE = 100
"""Bytes; every file of an index has more."""


def words_of(folder: Path) -> dict[str, list[str]]:
    """By word of some tests, the articles that have it."""
    return {word: found(folder, Word(word)) for word in ("old", "new", "other")}


@pytest.mark.parametrize("budget", [EVERY_PUT, 1 << 29], ids=["flushed", "in memory"])
@pytest.mark.parametrize("committed", [False, True])
def test_replacing(tmp_path: Path, budget: int, committed: bool) -> None:
    """In the same buffer, in a segment of the same commit, and in an earlier commit."""
    with NativeTarget(tmp_path, budget) as target:
        target.put(article("a", "old"))
        target.put(article("b", "other"))
        if committed:
            target.commit()
            assert words_of(tmp_path) == {"old": ["a"], "new": [], "other": ["b"]}
        target.put(article("a", "new"))
        target.commit()
    assert words_of(tmp_path) == {"old": [], "new": ["a"], "other": ["b"]}
    assert NativeEngine.open(tmp_path).count() == 2


@pytest.mark.parametrize("budget", [EVERY_PUT, 1 << 29], ids=["flushed", "in memory"])
@pytest.mark.parametrize("committed", [False, True])
def test_deleting_and_putting_in_turns(tmp_path: Path, budget: int, committed: bool) -> None:
    with NativeTarget(tmp_path, budget) as target:
        for article_id in ("put, deleted", "put, deleted, put", "untouched"):
            target.put(article(article_id, "old"))
        if committed:
            target.commit()
        target.delete("put, deleted")
        target.delete("put, deleted, put")
        target.delete("never there")
        target.put(article("put, deleted, put", "new"))
        target.delete("deleted, put")
        target.put(article("deleted, put", "new"))
        target.commit()
    expected = {"old": ["untouched"], "new": ["deleted, put", "put, deleted, put"], "other": []}
    assert words_of(tmp_path) == expected
    assert damages(tmp_path) == []


def test_an_exception_leaves_the_last_commit(tmp_path: Path) -> None:
    commit(tmp_path, [article("a", "old")])
    before = sorted(path.name for path in tmp_path.iterdir())

    def fail_halfway() -> None:
        with NativeTarget(tmp_path, EVERY_PUT) as target:
            target.delete("a")
            target.put(article("b", "new"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    assert found(tmp_path) == ["a"]
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_the_budget_changes_nothing_but_the_segments(tmp_path: Path) -> None:
    """Flushed after every few documents and merged: the same arrays as written at once."""
    documents = corpus.archive(seed=21, articles=300)
    changes: list[Document | str] = [*documents, *(replace(d, title="War") for d in documents[::9])]
    changes += [document.article_id for document in documents[::4]]
    live = corpus.outcome([changes])
    commit(tmp_path / "at once", live)
    commit(tmp_path / "flushed", changes, EVERY_FEW)
    commit(tmp_path / "each", changes[:100], EVERY_PUT)
    commit(tmp_path / "each", changes[100:], EVERY_FEW)
    for name in ("flushed", "each"):
        assert same_answers(tmp_path / "at once", tmp_path / name)


def same_answers(one: Path, other: Path) -> bool:
    engines = [NativeEngine.open(folder) for folder in (one, other)]
    requests = [
        SearchRequest(
            plan=Word(stem),
            size=1_000,
            facets=tuple(FacetRequest(facet=facet, size=20) for facet in corpus.VALUES),
            histogram=HistogramRequest(),
        )
        for stem in corpus.STEMS
    ]
    return all(engines[0].search(request) == engines[1].search(request) for request in requests)


HOLD_THE_LOCK = """
import sys
from pathlib import Path
from index.native.writer import NativeTarget
with NativeTarget(Path(sys.argv[1])):
    print("locked", flush=True)
    sys.stdin.read()
"""


def test_another_process_is_kept_out_until_it_is_killed(tmp_path: Path) -> None:
    with start(HOLD_THE_LOCK, tmp_path) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "locked\n"
        with pytest.raises(IndexLocked, match=str(tmp_path)):
            NativeTarget(tmp_path)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        commit(tmp_path, [article("a")])
    assert found(tmp_path) == ["a"]


def test_the_lock_is_free_after_a_failed_opening(tmp_path: Path) -> None:
    commit(tmp_path, [article("a")])
    manifest = tmp_path / FILE_NAME
    kept = manifest.read_bytes()
    manifest.write_bytes(b"?")
    with pytest.raises(IndexDamaged):
        NativeTarget(tmp_path)
    manifest.write_bytes(kept)
    commit(tmp_path, [article("b")])
    assert found(tmp_path) == ["a", "b"]


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """Let writing to any file fail beyond this size, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> None:
    """All kernels of writing: what numba compiles it writes to its cache, a file as any other."""
    folder = tmp_path_factory.mktemp("compiled")
    commit(folder, [article(f"a{number}", "old") for number in range(9)])
    commit(folder, ["a1"])
    commit(folder, [article(f"b{number}", "old") for number in range(9)])


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("size", [0, 50, 500, 5_000, 50_000])
@pytest.mark.parametrize("in_memory", [1, 4 << 20], ids=["files", "memory"])
def test_a_full_disk_leaves_the_last_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, in_memory: int
) -> None:
    """Whichever file it is that finds no room: temporary, segment, deletions or manifest."""
    commit(tmp_path, [article("a", "old"), *(article(f"b{n}", "other") for n in range(9))])
    before = sorted(path.name for path in tmp_path.iterdir())
    monkeypatch.setattr(index.native.files, "_IN_MEMORY", in_memory)
    large = " ".join(f"word{number}" for number in range(20_000))
    attempts: list[list[Document | str]] = [["a", article("c", large)]]
    if size < SMALLEST_FILE:
        attempts += [["a"], [article("c", "small")]]
    for changes in attempts:
        with NativeTarget(tmp_path) as target:
            for change in changes:
                if isinstance(change, str):
                    target.delete(change)
                else:
                    target.put(change)
            with no_file_beyond(size), pytest.raises(OutOfSpace, match=str(tmp_path)) as caught:
                target.commit()
            assert "free space" in str(caught.value)
    assert len(found(tmp_path)) == 10
    assert damages(tmp_path) == []
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix != ".new") == before
    commit(tmp_path, ["a"])
    assert len(found(tmp_path)) == 9


@pytest.mark.usefixtures("compiled")
def test_committing_again_when_there_is_room(tmp_path: Path) -> None:
    commit(tmp_path, [article("a", "old")])
    with NativeTarget(tmp_path) as target:
        target.put(article("a", "new"))
        target.put(article("b", "other"))
        with no_file_beyond(500), pytest.raises(OutOfSpace):
            target.commit()
        target.commit()
    assert words_of(tmp_path) == {"old": [], "new": ["a"], "other": ["b"]}


@contextmanager
def without_rights() -> Iterator[None]:
    """Let root be nobody for a moment; others are stopped by permissions anyway."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that other users can look into; pytest's own are closed to them."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
        Path(folder).chmod(0o755)


@pytest.mark.usefixtures("compiled")
def test_a_folder_that_cannot_be_written(open_to_all: Path) -> None:
    commit(open_to_all, [article("a")])
    open_to_all.chmod(0o555)
    for place in (open_to_all, open_to_all / "below"):
        with without_rights(), pytest.raises(OutOfSpace, match="permit writing") as caught:
            commit(place, [article("c")])
        assert str(place) in str(caught.value)
    assert found(open_to_all) == ["a"]


def test_a_commit_that_fails_at_its_last_step_may_be_live(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The manifest is replaced, but the folder cannot be synced: either way all files are there."""
    commit(tmp_path, [article("a", "old")])

    def fail(folder: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(folder))

    with NativeTarget(tmp_path) as target:
        target.put(article("a", "new"))
        monkeypatch.setattr(index.native.files, "sync_folder", fail)
        with pytest.raises(OSError, match="Input/output"):
            target.commit()
        monkeypatch.undo()
    assert damages(tmp_path) == []
    assert words_of(tmp_path)["new"] == ["a"]
    commit(tmp_path, [article("b", "new")])
    assert words_of(tmp_path)["new"] == ["a", "b"]


def test_a_snapshot_outlives_its_files(tmp_path: Path) -> None:
    documents = corpus.archive(seed=22, articles=60)
    commit(tmp_path, documents)
    engine = NativeEngine.open(tmp_path)
    requests = [
        SearchRequest(plan=Word(stem), size=100, facets=(FacetRequest(facet="person"),))
        for stem in corpus.STEMS
    ]
    segments = {entry.name for entry in read_manifest(tmp_path).segments}
    for number in range(6):
        commit(tmp_path, [document.article_id for document in documents[number::7]])
        commit(tmp_path, [article(f"new {number} {n}", "war") for n in range(30)])
    assert not segments & {entry.name for entry in read_manifest(tmp_path).segments}
    shutil.copytree(tmp_path, tmp_path / "copy")
    before = NativeEngine.open(tmp_path).search(requests[0]).total
    for request in requests:  # first asked now that the files have no names any more
        expected = NativeEngine.open(written(tmp_path / "again", documents)).search(request)
        assert engine.search(request) == expected
    assert engine.count() == 60
    assert engine.refreshed().search(requests[0]).total == before
    assert engine.refreshed().count() == NativeEngine.open(tmp_path / "copy").count()


def written(folder: Path, documents: list[Document]) -> Path:
    if not folder.exists():
        commit(folder, documents)
    return folder


def test_a_reader_that_missed_commits_sees_the_last_one(tmp_path: Path) -> None:
    """Also when all files it knew are gone, and others have come in their place."""
    commit(tmp_path, [article("a", "old")])
    engine = NativeEngine.open(tmp_path)
    commit(tmp_path, ["a"])
    commit(tmp_path, [article("b", "new")])
    assert ids_in(engine) == ["a"]
    assert ids_in(engine.refreshed()) == ["b"]
    commit(tmp_path, ["b"])
    assert engine.refreshed().count() == 0


def test_names_are_never_used_twice(tmp_path: Path) -> None:
    seen: set[str] = set()
    for number in range(12):
        before = read_manifest(tmp_path).names() if number else set()
        commit(tmp_path, [article("a", str(number))] if number % 3 else ["a"])
        new = read_manifest(tmp_path).names() - before
        assert not new & seen
        seen |= new


COMMIT_IN_A_LOOP = """
import sys
from pathlib import Path
from native_index import article
from index.native.writer import NativeTarget
with NativeTarget(Path(sys.argv[1])) as target:
    for number in range(1, int(sys.argv[2]) + 1):
        target.put(article(f"a{number}", f"every n{number} " + "half" * (number % 2)))
        target.delete(f"a{number - 3}")
        target.commit()
"""


def test_searching_while_another_process_commits(tmp_path: Path) -> None:
    """Every answer is that of one commit: the last three articles, with words of their own."""
    commits = 60
    commit(tmp_path, [article("a0", "every n0")])
    engines = [NativeEngine.open(tmp_path)]
    problems: list[object] = []
    over = threading.Event()

    def search() -> None:
        try:
            while not over.is_set():
                engine = engines[0] = engines[0].refreshed()
                found_ids = ids_in(engine, Word("everi"))
                numbers = sorted(int(found_id[1:]) for found_id in found_ids)
                last = numbers[-1]
                if numbers != list(range(max(0, last - 2), last + 1)):
                    problems.append(numbers)
                if ids_in(engine, Phrase(("n", str(last)))) != [f"a{last}"]:
                    problems.append(last)
        except Exception as error:  # noqa: BLE001  (what a thread raises nobody else sees)
            problems.append(error)

    threads = [threading.Thread(target=search) for _ in range(2)]
    for thread in threads:
        thread.start()
    with start(COMMIT_IN_A_LOOP, tmp_path, commits) as writer:
        _, failed = writer.communicate()
    over.set()
    for thread in threads:
        thread.join()
    assert (failed, problems) == ("", [])
    last_three = sorted(f"a{number}" for number in range(commits - 2, commits + 1))
    assert ids_in(engines[0].refreshed()) == last_three


def test_out_of_space_says_which_file(tmp_path: Path) -> None:
    with (
        pytest.raises(OutOfSpace, match=r"gone\.json"),
        index.native.files.clear_errors(tmp_path / "gone.json"),
    ):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with pytest.raises(OSError, match="File exists"), index.native.files.clear_errors(tmp_path):
        raise OSError(errno.EEXIST, os.strerror(errno.EEXIST))
