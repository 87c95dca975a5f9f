from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hooked_progress import HookedProgress
from web_archives import archive_of, page

from index import extraction, importing
from index.articles import Article
from index.errors import ArchiveError, UnreadableSource
from index.extraction import read_pages
from index.importing import ImportOptions, import_files
from index.sources.content import FileContent
from index.sources.items import PassedOver, SavedPage
from index.sources.records import Sourced
from index.stages import recording
from index.store import Store


@pytest.fixture(autouse=True)
def few_are_worth_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "WORTH_PROCESSES", 5)
    monkeypatch.setattr(importing, "BATCH", 50)


def pages(count: int) -> Iterator[SavedPage | UnreadableSource | PassedOver]:
    """Pages with other things between them."""
    for number in range(count):
        html = b"\x89PNG" if number % 9 == 8 else page(f"Page {number}", paragraphs=3)
        if number % 10 == 4:
            html = b"<p>Nothing</p>"
        yield SavedPage(origin=f"a.warc:{number}", content=html, url=f"https://a.example/{number}")
        if number % 4 == 0:
            yield UnreadableSource(f"b:{number}", "is broken")
        if number % 5 == 0:
            yield PassedOver("pictures")


def shown(items: Iterator[object]) -> list[object]:
    """With errors compared by what they say."""
    return [str(item) if isinstance(item, UnreadableSource) else item for item in items]


def test_processes_make_no_difference() -> None:
    with recording() as stages:
        one = shown(read_pages(pages(60), processes=1))
    with recording() as shared:
        two = shown(read_pages(pages(60), processes=2))
    assert one == two
    assert sum(isinstance(item, Sourced) for item in one) == 49
    assert any("is broken" in str(item) for item in one)
    counts, shared_counts = ({stage.name: stage.articles for stage in s} for s in (stages, shared))
    assert counts == shared_counts
    assert counts["pages"] == 60


def test_only_few_pages_are_ahead() -> None:
    taken = 0

    def counted() -> Iterator[SavedPage]:
        nonlocal taken
        for number in range(400):
            taken += 1
            yield SavedPage(origin=str(number), content=page(str(number), paragraphs=1))

    found = read_pages(counted(), processes=2)
    for _ in range(20):
        next(found)
    assert 20 < taken < 100
    found.close()  # type: ignore[attr-defined]


def test_files_are_opened_where_they_are_read(tmp_path: Path) -> None:
    contents = []
    for number in range(12):
        path = tmp_path / f"{number}.html"
        path.write_bytes(page(f"Page {number}"))
        contents.append(FileContent(path))
    contents[10].path.unlink()
    saved = (SavedPage(origin=content.origin, content=content) for content in contents)
    found = list(read_pages(saved, processes=2))
    assert [item.article.title for item in found if isinstance(item, Sourced)] == [
        f"Page {number}" for number in range(12) if number != 10
    ]
    assert "No such file" in str(found[10])


def workers() -> set[int]:
    """Processes started for work; the one that watches over shared memory stays."""
    started = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return {
        int(pid) for pid in started if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    }


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")
def test_a_killed_process_ends_the_import_and_the_next_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(archive_of(*(f"Page {number}" for number in range(200))).data)

    def kill(_: str, number: int) -> None:
        if number == 60:
            for worker in workers():
                os.kill(worker, signal.SIGKILL)

    with Store.open(tmp_path / "articles.sqlite") as store:
        options = ImportOptions(processes=2)
        with pytest.raises(ArchiveError, match="a process that read pages was ended"):
            import_files(store, [path], options, HookedProgress(kill))
        kept = store.count()
        assert 50 <= kept < 200
        summary = import_files(store, [path], options)
        assert (summary.outcomes["new"], summary.outcomes["unchanged"]) == (200 - kept, kept)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")
def test_an_interrupted_import_leaves_no_processes(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(archive_of(*(f"Page {number}" for number in range(200))).data)

    def interrupt(_: str, number: int) -> None:
        if number == 60:
            threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGINT)).start()
            time.sleep(5)

    with Store.open(tmp_path / "articles.sqlite") as store:
        with pytest.raises(KeyboardInterrupt):
            import_files(store, [path], ImportOptions(processes=2), HookedProgress(interrupt))
        assert store.count() == 50
    assert workers() == set()


def test_what_comes_back_from_a_process_is_what_was_sent() -> None:
    saved = [
        SavedPage(origin=str(n), content=page(f"P {n}"), url="https://a.example") for n in range(9)
    ]
    found = [item.article for item in read_pages(saved, processes=2) if isinstance(item, Sourced)]
    assert all(isinstance(article, Article) for article in found)
    with pytest.raises(TypeError):
        found[-1].extra["x"] = "y"  # type: ignore[index]
