from __future__ import annotations

import logging
import threading
from pathlib import Path

import pytest

from index.articles import Document
from index.errors import IndexMissing
from index.folder import ArchiveFolder
from index.target import open_target
from search.live import LiveEngine
from search.plan import Word
from search.request import SearchRequest

ENGINE = "native"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ArchiveFolder:
    monkeypatch.setattr("search.live.CHECK_SECONDS", 0.0)
    monkeypatch.setattr("search.live.RETRY_SECONDS", 0.0)
    return ArchiveFolder(tmp_path / "archive")


def put(path: Path, *ids: str) -> None:
    with open_target(ENGINE, path) as target:
        for article_id in ids:
            target.put(
                Document(
                    article_id=article_id, title=f"Title {article_id}", body="grain", language="en"
                )
            )
        target.commit()


def publish(folder: ArchiveFolder, *ids: str) -> str:
    generation = folder.new_generation(ENGINE)
    put(folder.generation_path(ENGINE, generation), *ids)
    folder.publish(ENGINE, generation)
    return generation


def test_without_an_index_there_is_no_engine(folder: ArchiveFolder) -> None:
    with pytest.raises(IndexMissing):
        LiveEngine(folder, ENGINE)


def test_it_answers_as_the_engine_does(folder: ArchiveFolder) -> None:
    publish(folder, "a", "b")
    engine = LiveEngine(folder, ENGINE)
    assert engine.search(SearchRequest(plan=Word("grain"))).total == 2
    assert [found.word for found in engine.words("gr")] == ["grain"]
    assert list(engine.facet_values("person", "")) == []
    assert engine.count() == 2
    assert engine.languages() == ("en",)
    assert engine.refreshed() is engine


def test_it_follows_commits_and_generations(folder: ArchiveFolder) -> None:
    publish(folder, "a")
    engine = LiveEngine(folder, ENGINE)
    put(folder.live_index(ENGINE), "b")
    within = engine.refreshed()
    assert (engine.count(), within.count()) == (1, 2)
    publish(folder, "a", "b", "c")
    after = within.refreshed()
    assert (engine.count(), within.count(), after.count()) == (1, 2, 3)
    assert within.refreshed().count() == engine.refreshed().count() == 3


def test_an_engine_goes_on_when_its_files_are_removed(folder: ArchiveFolder) -> None:
    publish(folder, "a")
    engine = LiveEngine(folder, ENGINE)
    publish(folder, "a", "b")
    folder.remove_all_but_live(ENGINE)
    assert engine.search(SearchRequest(plan=Word("grain"))).total == 1
    assert engine.refreshed().count() == 2


def test_a_generation_that_cannot_be_opened_is_logged_and_passed_over(
    folder: ArchiveFolder, caplog: pytest.LogCaptureFixture
) -> None:
    publish(folder, "a")
    engine = LiveEngine(folder, ENGINE)
    broken = folder.new_generation(ENGINE)
    folder.publish(ENGINE, broken)
    with caplog.at_level(logging.ERROR):
        assert engine.refreshed().count() == 1
    assert "Answering from the earlier index" in caplog.text
    folder.current_path(ENGINE).unlink()
    assert engine.refreshed().count() == 1
    publish(folder, "a", "b")
    assert engine.refreshed().count() == 2


def test_threads_search_while_generations_change(folder: ArchiveFolder) -> None:
    publish(folder, "a", "b")
    shared = LiveEngine(folder, ENGINE)
    failures: list[BaseException] = []
    done = threading.Event()

    def search() -> None:
        engine = shared
        try:
            while not done.is_set():
                engine = engine.refreshed()
                assert engine.search(SearchRequest(plan=Word("grain"))).total == 2
                assert len(list(engine.words(""))) > 1
        except BaseException as error:  # noqa: BLE001 - handed to the main thread
            failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(8):
        folder.remove_all_but_live(ENGINE)
        publish(folder, "a", "b")
    done.set()
    for thread in threads:
        thread.join()
    assert not failures
