from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import IndexDamaged, IndexLocked, IndexMissing, OutOfSpace
from index.folder import ArchiveFolder, IndexState

ROOT = Path(__file__).parents[1]
STATE = IndexState("store", 7, 3, "2024-01-01T00:00:00+00:00", "2024-01-02T00:00:00+00:00")


@pytest.fixture
def folder(tmp_path: Path) -> ArchiveFolder:
    return ArchiveFolder(tmp_path / "archive")


def a_generation(folder: ArchiveFolder, content: str = "x") -> str:
    generation = folder.new_generation("whoosh")
    (folder.generation_path("whoosh", generation) / "data").write_text(content)
    folder.put_state("whoosh", generation, STATE)
    return generation


def test_nothing_is_made_by_looking(folder: ArchiveFolder) -> None:
    with pytest.raises(IndexMissing, match="dateline reindex"):
        folder.live_index("whoosh")
    assert folder.size() == 0
    folder.remove_all_but_live("whoosh")
    assert not folder.path.exists()


def test_a_generation_is_live_once_it_is_published(folder: ArchiveFolder) -> None:
    first = a_generation(folder, "first")
    with pytest.raises(IndexMissing):
        folder.live_generation("whoosh")
    folder.publish("whoosh", first)
    second = a_generation(folder, "second")
    assert folder.live_generation("whoosh") == first < second
    folder.publish("whoosh", second)
    assert (folder.live_index("whoosh") / "data").read_text() == "second"
    assert folder.state("whoosh", second) == STATE
    assert folder.generation_path("whoosh", first).exists()


def test_engines_do_not_get_in_each_others_way(folder: ArchiveFolder) -> None:
    folder.publish("whoosh", a_generation(folder))
    with pytest.raises(IndexMissing):
        folder.live_generation("native")


def test_cleaning_keeps_the_live_generation_alone(folder: ArchiveFolder) -> None:
    live = a_generation(folder)
    folder.publish("whoosh", live)
    left = a_generation(folder)
    current = folder.current_path("whoosh")
    current.with_name("CURRENT.new").write_text("half")
    with (folder.generation_path("whoosh", left) / "data").open() as still_read:
        folder.remove_all_but_live("whoosh")
        assert still_read.read() == "x"
    assert sorted(path.name for path in current.parent.iterdir()) == [
        live,
        f"{live}.json",
        "CURRENT",
    ]
    assert a_generation(folder) > live


def test_a_broken_current_is_reported(folder: ArchiveFolder) -> None:
    folder.publish("whoosh", a_generation(folder))
    current = folder.current_path("whoosh")
    for content in (b"", b"../../etc\n", b"\xff\xfe"):
        current.write_bytes(content)
        with pytest.raises(IndexDamaged, match="dateline reindex"):
            folder.live_generation("whoosh")
    current.write_text("000099\n")
    with pytest.raises(IndexDamaged, match="missing"):
        folder.live_index("whoosh")


def test_an_unreadable_state_is_none(folder: ArchiveFolder) -> None:
    generation = a_generation(folder)
    path = folder.current_path("whoosh").parent / f"{generation}.json"
    for content in ("", "{}", '{"change": 1, "other": 2}', "[1]"):
        path.write_text(content)
        assert folder.state("whoosh", generation) is None


HOLD = """
import sys, time
from pathlib import Path
from index.folder import ArchiveFolder
with ArchiveFolder(Path(sys.argv[1])).lock("whoosh"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_the_lock_excludes_other_processes_and_dies_with_its_own(folder: ArchiveFolder) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder.path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        told: list[str] = []
        with (
            pytest.raises(IndexLocked, match="another process"),
            folder.lock("whoosh", wait=0.2, on_wait=told.append),
        ):
            pass
        assert len(told) == 1
        holder.send_signal(signal.SIGKILL)
        with folder.lock("whoosh", wait=30):
            pass


def test_a_lock_is_free_again_after_an_error(folder: ArchiveFolder) -> None:
    with pytest.raises(ZeroDivisionError), folder.lock("whoosh"):
        raise ZeroDivisionError
    with folder.lock("whoosh"), folder.lock("native"):
        pass


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("a file where a folder should be")
    folder = ArchiveFolder(tmp_path / "archive")
    with pytest.raises(OutOfSpace, match="cannot be written"), folder.lock("whoosh"):
        pass
    with pytest.raises(IndexMissing):
        folder.live_generation("whoosh")


def test_the_size_is_that_of_all_files(folder: ArchiveFolder) -> None:
    folder.path.mkdir()
    (folder.path / "a").write_bytes(bytes(10))
    (folder.path / "b").mkdir()
    (folder.path / "b" / "c").write_bytes(bytes(5))
    (folder.path / "link").symlink_to("/nowhere")
    assert folder.size() == 15 + len("/nowhere")
