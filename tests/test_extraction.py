from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from web_archives import archive_of, page

from index import extraction
from index.errors import UnreadableSource
from index.extraction import read_pages
from index.sources.content import FileContent
from index.sources.items import PassedOver, SavedPage
from index.sources.records import Sourced
from index.stages import recording
from index.store import Store

ROOT = Path(__file__).parents[1]


def items(folder: Path) -> Iterator[SavedPage | UnreadableSource | PassedOver]:
    """Pages, some of them in files, with other things between them."""
    for number in range(40):
        html = b"\x89PNG" if number % 9 == 8 else page(f"Page {number}", paragraphs=2)
        if number % 10 == 4:
            html = b"<p>Nothing</p>"
        path = folder / f"{number}.html"
        if number % 7 == 3:
            path.write_bytes(html)
        content = FileContent(path) if number % 7 in (3, 6) else html
        yield SavedPage(
            origin=f"a.warc:{number}", content=content, url=f"https://a.example/{number}"
        )
        if number % 4 == 0:
            yield UnreadableSource(f"b:{number}", "is broken")
        if number % 5 == 0:
            yield PassedOver("pictures")


def test_processes_make_no_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "WORTH_PROCESSES", 3)
    with recording() as stages:
        one = list(read_pages(items(tmp_path), processes=1))
    with recording() as shared:
        two = list(read_pages(items(tmp_path), processes=2))
    assert list(map(str, one)) == list(map(str, two))
    read = [item for item in two if isinstance(item, Sourced)]
    assert read == [item for item in one if isinstance(item, Sourced)]
    assert len(read) == 28
    with pytest.raises(TypeError):
        read[-1].article.extra["x"] = "y"  # type: ignore[index]
    counts, shared_counts = ({stage.name: stage.articles for stage in s} for s in (stages, shared))
    assert counts == shared_counts
    assert counts["pages"] == 40


def test_ctrl_c_while_pages_are_read(tmp_path: Path) -> None:
    crawl, archive = tmp_path / "crawl.warc.gz", tmp_path / "archive"
    crawl.write_bytes(archive_of(*(f"Page {number}" for number in range(400))).data)
    script = (
        "import index.extraction, index.importing; from web.cli import main;"
        "index.extraction.WORTH_PROCESSES = 5; index.importing.BATCH = 20;"
        f"main(['--archive', {str(archive)!r}, 'import', '--no-index', {str(crawl)!r}])"
    )
    importing = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"DATELINE_PROCESSES": "2"},
    )
    while stored(archive) < 40 and importing.poll() is None:
        time.sleep(0.01)
    os.killpg(importing.pid, signal.SIGINT)  # as a terminal does, to all processes
    _, errors = importing.communicate(timeout=60)
    assert importing.returncode == 1, errors
    assert "Aborted!" in errors
    assert "Traceback" not in errors
    assert 40 <= stored(archive) < 400
    assert stored(archive) % 20 == 0


def stored(archive: Path) -> int:
    try:
        with Store.read(archive / "articles.sqlite") as store:
            return store.count()
    except Exception:  # noqa: BLE001 - not there yet, or being made
        return 0
