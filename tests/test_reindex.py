from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hooked_progress import HookedProgress

from index.articles import Article, Document, PublicationDate
from index.entities.mentions import Mention
from index.entities.recogniser import load
from index.errors import IndexLocked, OutOfSpace
from index.folder import ArchiveFolder
from index.importing import import_files
from index.recognition import find_mentions
from index.reindex import ReindexOptions, reindex
from index.salience import salience
from index.store import Store
from index.updating import build_index, document_of, update_index
from search.checking import Problem, problems
from search.engine import ENGINES
from search.live import LiveEngine
from search.plan import Everything, HasValue
from search.request import SearchRequest

ROOT = Path(__file__).parents[1]
ENGINE = "native"


@pytest.fixture
def folder(tmp_path: Path) -> ArchiveFolder:
    return ArchiveFolder(tmp_path / "archive")


@pytest.fixture
def store(folder: ArchiveFolder) -> Iterator[Store]:
    with Store.open(folder.store_path) as opened:
        yield opened


def news(folder: Path, first: int, last: int, *, words: int = 10) -> Path:
    """A file with articles numbered from first to last."""
    path = folder / f"news-{first}.jsonl"
    with path.open("w") as file:
        for number in range(first, last + 1):
            body = f"President Joe Biden met John Kirby in Kyiv. Item {number}. " + "grain " * words
            record = {"id": number, "title": f"Title {number}", "body": body, "language": "en"}
            file.write(json.dumps(record) + "\n")
    return path


def indexed(folder: ArchiveFolder, name: str = ENGINE) -> int:
    """How many articles a search of the live index finds."""
    engine = LiveEngine(folder, name)
    total = engine.search(SearchRequest(plan=Everything())).total
    engine.close()
    return total


def found(folder: ArchiveFolder, engine: str = ENGINE) -> list[Problem]:
    return list(problems(folder, engine))


def test_a_document_has_the_facets_of_its_article_and_mentions() -> None:
    article = Article(
        id="1",
        title="T",
        body="B",
        authors=("Ada One", "Bo Two"),
        source="Wire",
        language="en",
        published=PublicationDate(datetime(1970, 1, 2), "day"),
    )
    mentions = [
        Mention("person", 0, 1, "B", "Bo"),
        Mention("place", 1, 2, "K", "Kyiv"),
        Mention("person", 2, 3, "Bo", "Bo"),
    ]
    weights = salience(article, mentions)
    assert document_of(article, mentions) == Document(
        article_id="1",
        title="T",
        body="B",
        language="en",
        published=86_400,
        facets={
            "person": ("Bo",),
            "place": ("Kyiv",),
            "source": ("Wire",),
            "author": ("Ada One", "Bo Two"),
            "language": ("en",),
        },
        weights={"person": (weights["person", "Bo"],), "place": (weights["place", "Kyiv"],)},
    )


def test_reindex_reads_recognises_and_publishes(
    folder: ArchiveFolder, store: Store, tmp_path: Path
) -> None:
    path = news(tmp_path, 1, 5)
    summary = reindex(folder, store, ENGINE, ReindexOptions(sources=(path,)))
    assert (summary.imported.read, summary.recognised, summary.indexed) == (5, 5, 5)
    engine = LiveEngine(folder, ENGINE)
    assert engine.search(SearchRequest(plan=HasValue("person", ("John Kirby",)))).total == 5
    assert found(folder) == []
    again = reindex(folder, store, ENGINE, ReindexOptions(sources=(path,)))
    assert (again.imported.read, again.recognised, again.indexed) == (0, 0, 5)
    assert engine.refreshed().count() == 5


@pytest.mark.parametrize("engine", list(ENGINES))
def test_an_update_takes_in_what_changed_and_only_that(
    folder: ArchiveFolder, store: Store, tmp_path: Path, engine: str
) -> None:
    import_files(store, [news(tmp_path, 1, 6)])
    find_mentions(store)
    assert update_index(folder, store, engine).rebuilt
    generation = folder.live_generation(engine)
    import_files(store, [news(tmp_path, 7, 8)])
    find_mentions(store)
    store.delete(next(store.ids()))
    update = update_index(folder, store, engine)
    assert (update.changes, update.rebuilt) == (3, False)
    assert folder.live_generation(engine) == generation
    assert indexed(folder, engine) == 7
    assert found(folder, engine) == []
    assert update_index(folder, store, engine).changes == 0
    assert update_index(folder, store, engine).articles == 7


def test_an_index_of_another_store_is_built_anew(folder: ArchiveFolder, tmp_path: Path) -> None:
    with Store.open(folder.store_path) as store:
        import_files(store, [news(tmp_path, 1, 3)])
        update_index(folder, store, ENGINE)
    folder.store_path.unlink()
    with Store.open(folder.store_path) as store:
        import_files(store, [news(tmp_path, 11, 14)])
        assert any("not built from this store" in problem.what for problem in found(folder))
        assert update_index(folder, store, ENGINE).rebuilt
    assert indexed(folder) == 4


def test_articles_that_come_while_an_index_is_built_are_in_it(
    folder: ArchiveFolder, store: Store, tmp_path: Path
) -> None:
    import_files(store, [news(tmp_path, 1, 5)])

    def meanwhile(_: str, number: int) -> None:
        if (number, store.count()) == (3, 5):
            import_files(store, [news(tmp_path, 6, 7)])
            store.delete(next(store.ids()))

    with folder.lock(ENGINE):
        build_index(folder, store, ENGINE, HookedProgress(meanwhile))
    assert indexed(folder) == store.count() == 6
    assert found(folder) == []


def test_a_failed_reindex_leaves_the_live_index_and_no_rubbish(
    folder: ArchiveFolder, store: Store, tmp_path: Path
) -> None:
    reindex(folder, store, ENGINE, ReindexOptions(sources=(news(tmp_path, 1, 5),)))
    live = folder.live_generation(ENGINE)

    def fail(task: str, number: int) -> None:
        if (task, number) == ("Indexing", 3):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        reindex(folder, store, ENGINE, ReindexOptions(), HookedProgress(fail))
    assert folder.live_generation(ENGINE) == live
    assert indexed(folder) == 5
    generations = folder.current_path(ENGINE).parent.glob("0*")
    assert sorted(path.name for path in generations) == [
        live,
        f"{live}.json",
        f"{live}.toml",
    ]


def test_two_reindexes_do_not_run_at_once(folder: ArchiveFolder, store: Store) -> None:
    with folder.lock(ENGINE), pytest.raises(IndexLocked):
        reindex(folder, store, ENGINE)


def test_many_articles_are_read_in_processes_with_the_same_result(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.recognition.WORTH_PROCESSES", 1)
    import_files(store, [news(tmp_path, 1, 400)])
    assert find_mentions(store, processes=2) == 400
    recogniser = load()
    for change in store.changes_since(0):
        assert change.article
        assert change.mentions == recogniser.find(change.article.text)
    assert find_mentions(store, processes=2) == 0


def test_check_names_what_is_wrong_and_its_repair(
    folder: ArchiveFolder, store: Store, tmp_path: Path
) -> None:
    assert [problem.repair for problem in found(folder)] == ["dateline reindex"]
    reindex(folder, store, ENGINE, ReindexOptions(sources=(news(tmp_path, 1, 5),)))
    generation = folder.live_generation(ENGINE)
    state = folder.state(ENGINE, generation)
    assert state
    gone = next(store.ids())
    store.delete(gone)
    assert found(folder) == []  # known to be pending
    folder.put_state(
        ENGINE, generation, type(state)(state.store, 99, 5, state.built, state.updated)
    )
    (problem,) = found(folder)
    assert problem.what == f"1 of the articles are in the index, but not in the store: {gone}"
    largest = max(folder.live_index(ENGINE).iterdir(), key=lambda path: path.stat().st_size)
    largest.write_bytes(largest.read_bytes()[:-100])
    assert {problem.repair for problem in found(folder)} == {"dateline reindex"}
    assert str(largest) in found(folder)[0].what


# Other processes


def dateline(folder: ArchiveFolder, *words: str, prelude: str = "") -> subprocess.Popen[str]:
    script = f"{prelude}\nfrom web.cli import main\nmain({list(words)!r})"
    return subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ
        | {
            "DATELINE_ARCHIVE": str(folder.path),
            "DATELINE_ENGINE": ENGINE,
            "DATELINE_PROCESSES": "2",
            "DATELINE_SOURCES": "",
        },
    )


def finish(process: subprocess.Popen[str], code: int = 0) -> str:
    output, errors = process.communicate(timeout=120)
    assert process.returncode == code, errors
    return output + errors


def kill_when(process: subprocess.Popen[str], condition: Callable[[], bool]) -> list[int]:
    """SIGKILL as soon as the condition holds; returns the processes it had started."""
    deadline = time.monotonic() + 60
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.002)
    children = children_of(process.pid)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return children


def children_of(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()] if path.exists() else []


def count(folder: ArchiveFolder) -> int:
    try:
        with Store.read(folder.store_path) as store:
            return store.count()
    except Exception:  # noqa: BLE001 - not there yet, or being made
        return 0


def test_kill_9_in_the_middle_of_an_import(folder: ArchiveFolder, tmp_path: Path) -> None:
    finish(dateline(folder, "import", str(news(tmp_path, 1, 5))))
    path = news(tmp_path, 100, 20_099)
    kill_when(dateline(folder, "import", str(path)), lambda: count(folder) >= 500)
    kept = count(folder)
    assert 500 <= kept < 20_005
    assert indexed(folder) == 5
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:600]))
    finish(dateline(folder, "import", str(path)))
    assert count(folder) == indexed(folder) == max(kept, 605)
    assert found(folder) == []


def test_kill_9_while_names_are_looked_for(folder: ArchiveFolder, tmp_path: Path) -> None:
    path = news(tmp_path, 1, 600, words=200)
    version = load().version

    def some_are_found() -> bool:
        if count(folder) < 600:
            return False
        with Store.read(folder.store_path) as store:
            return store.count_unread_by(version) < 600

    at_once = "import index.recognition; index.recognition.WORTH_PROCESSES = 1"
    importing = dateline(folder, "import", str(path), prelude=at_once)
    children = kill_when(importing, some_are_found)
    assert children
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{child}").exists() for child in children):
        assert time.monotonic() < deadline, "processes outlive the one that started them"
        time.sleep(0.05)
    finish(dateline(folder, "import", str(path)))
    assert indexed(folder) == 600
    assert found(folder) == []


def test_kill_9_in_the_middle_of_a_reindex(folder: ArchiveFolder, tmp_path: Path) -> None:
    path = news(tmp_path, 1, 600, words=100)
    finish(dateline(folder, "import", str(path)))
    live = folder.live_generation(ENGINE)
    for files in (1, 2):
        new = folder.generation_path(ENGINE, f"{int(live) + 1:06}")

        def is_written(new: Path = new, files: int = files) -> bool:
            return new.is_dir() and len(list(new.iterdir())) > files

        kill_when(dateline(folder, "reindex"), is_written)
        assert folder.live_generation(ENGINE) == live
        assert indexed(folder) == 600
        assert found(folder) == []
    finish(dateline(folder, "reindex"))
    assert folder.live_generation(ENGINE) > live
    assert indexed(folder) == 600
    assert found(folder) == []


def test_two_imports_at_once(folder: ArchiveFolder, tmp_path: Path) -> None:
    running = [
        dateline(folder, "import", str(news(tmp_path, first, first + 299))) for first in (1, 1001)
    ]
    for process in running:
        finish(process)
    assert count(folder) == indexed(folder) == 600
    assert found(folder) == []


def test_a_search_during_reindexes_never_sees_less(folder: ArchiveFolder, tmp_path: Path) -> None:
    finish(dateline(folder, "import", str(news(tmp_path, 1, 300))))
    engine = LiveEngine(folder, ENGINE)
    process = dateline(folder, "reindex")
    searches = 0
    while process.poll() is None:
        engine = engine.refreshed()
        assert engine.search(SearchRequest(plan=Everything())).total == 300
        searches += 1
    finish(process)
    assert searches > 3


LIMIT = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))"


def test_a_full_disk_during_a_reindex_leaves_the_live_index(
    folder: ArchiveFolder, tmp_path: Path
) -> None:
    finish(dateline(folder, "import", str(news(tmp_path, 1, 300, words=300))))
    live = folder.live_generation(ENGINE)
    shown = finish(dateline(folder, "reindex", prelude=LIMIT.format(20_000)), code=1)
    assert "Error: " in shown
    assert "Traceback" not in shown
    assert folder.live_generation(ENGINE) == live
    assert indexed(folder) == 300
    finish(dateline(folder, "reindex"))
    assert found(folder) == []


def test_a_folder_that_cannot_be_written(folder: ArchiveFolder, store: Store) -> None:
    (folder.path / "index").write_text("a file where a folder should be")
    with pytest.raises(OutOfSpace):
        reindex(folder, store, ENGINE)
