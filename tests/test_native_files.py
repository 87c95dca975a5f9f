"""Damaged, missing and foreign files of a native index: errors that name them, never answers."""

from __future__ import annotations

import json
import os
import shutil
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from native_index import article, commit, found

from index.errors import IndexDamaged, IndexFault, IndexMissing, IndexTooNew, IndexTooOld
from index.native.check import damages
from index.native.files import (
    ALIGNMENT,
    FORMAT,
    Arrays,
    ArraysWriter,
    read_facts,
    write_facts,
)
from index.native.manifest import DELETIONS_SUFFIX, FILE_NAME, SEGMENT_SUFFIX, read_manifest
from search.native.engine import NativeEngine
from search.native.matching import Matching
from search.native.snapshot import Snapshot
from search.plan import AnyWord, Boolean, Plan, Word
from search.request import SearchRequest

TRAILER = 24


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index with a segment of which an article is deleted."""
    folder = tmp_path_factory.mktemp("index")
    articles = [
        article(f"a{number}", "war and peace " * 9, published=number, facets={"place": ("Kyiv",)})
        for number in range(200)
    ]
    commit(folder, articles)
    commit(folder, ["a7"])
    return folder


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A copy that may be damaged."""
    return Path(shutil.copytree(whole, tmp_path / "index"))


def only(folder: Path, suffix: str) -> Path:
    (path,) = folder.glob(f"*{suffix}")
    return path


def fault(folder: Path) -> IndexFault:
    """The error with which opening an index and asking it ends."""
    with pytest.raises(IndexFault) as caught:
        NativeEngine.open(folder).search(SearchRequest(plan=Word("peac")))
    return caught.value


def assert_named(folder: Path, path: Path) -> None:
    """Opening fails with an error that names the file and what repairs it, and so does a check."""
    message = str(fault(folder))
    assert str(path) in message
    assert "dateline reindex" in message
    try:
        (said,) = damages(folder)
    except IndexFault as error:
        said = str(error)
    assert str(path) in said
    assert "dateline reindex" in said


def test_a_sound_index_is_sound(whole: Path) -> None:
    assert damages(whole) == []
    assert len(found(whole, Word("peac"))) == 199


SUFFIXES = [SEGMENT_SUFFIX, DELETIONS_SUFFIX]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_truncated_anywhere(folder: Path, suffix: str) -> None:
    path = only(folder, suffix)
    data = path.read_bytes()
    contents = struct.unpack("<Q", data[-TRAILER:][:8])[0]
    places = (0, 1, 8, 12, 63, 64, 87, 88, len(data) // 2, contents, contents + 5)
    for place in (*places, *(len(data) - left for left in (TRAILER + 1, TRAILER, 12, 8, 1))):
        path.write_bytes(data[:place])
        assert_named(folder, path)
        assert isinstance(fault(folder), IndexDamaged)


def test_cut_short_while_it_is_searched(folder: Path) -> None:
    """Reading behind the end of a mapped file would end the process."""
    path = only(folder, SEGMENT_SUFFIX)
    engine = NativeEngine.open(folder)
    assert engine.search(SearchRequest(plan=Word("peac"))).total == 199
    os.truncate(path, ALIGNMENT)
    for question in (
        lambda: engine.search(SearchRequest(plan=Word("peac"))),
        lambda: list(engine.words("p")),
        lambda: list(engine.facet_values("person", "")),
    ):
        with pytest.raises(IndexDamaged, match="cut short while in use") as raised:
            question()
        assert str(path) in str(raised.value)
        assert "dateline reindex" in str(raised.value)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_bits_flipped_where_a_file_says_what_it_holds(folder: Path, suffix: str) -> None:
    path = only(folder, suffix)
    data = path.read_bytes()
    contents = struct.unpack("<Q", data[-TRAILER:][:8])[0]
    for place in (*range(12), *range(contents, len(data), 13), *range(len(data) - 24, len(data))):
        path.write_bytes(flipped(data, place))
        assert_named(folder, path)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_flipped_bit_in_any_array_is_found_by_the_check(folder: Path, suffix: str) -> None:
    path = only(folder, suffix)
    data = path.read_bytes()
    listed = json.loads(data[struct.unpack("<Q", data[-TRAILER:][:8])[0] : -TRAILER])["arrays"]
    assert len(listed) > 2
    for name, (dtype, items, offset, _) in listed.items():
        size = items * np.dtype(dtype).itemsize
        for place in {offset, offset + size // 2, offset + size - 1} if size else ():
            path.write_bytes(flipped(data, place))
            with pytest.raises(IndexDamaged, match=f"array '{name}' was altered"):
                Arrays(path).verify()
            (said,) = damages(folder)
            assert str(path) in said
            assert name in said
            assert "dateline reindex" in said


def test_damaged_lists_lead_to_no_article_behind_the_last(tmp_path: Path) -> None:
    """They are searched until it is found out: kernels must not read behind the end of arrays."""
    commit(tmp_path, [article(f"a{number}", "war and peace") for number in range(30)])
    path = only(tmp_path, SEGMENT_SUFFIX)
    data, file = path.read_bytes(), Arrays(path)
    begin, size = file.place("term.sparse") * 2, file.array("term.sparse", "<u2").nbytes
    path.write_bytes(data[:begin] + b"\xff" * size + data[begin + size :])
    snapshot = Snapshot.open(tmp_path)
    (view,) = snapshot.views
    plans: tuple[Plan, ...]
    plans = Word("peac"), AnyWord(("peac", "war")), Boolean(must_not=(Word("war"),))
    for plan in plans:
        hits = Matching(snapshot, view).live_matches(plan)
        assert hits.documents.tolist() == [*range(30)] * isinstance(plan, Boolean)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_missing_and_foreign_files(folder: Path, suffix: str) -> None:
    path = only(folder, suffix)
    other = only(folder, ({*SUFFIXES} - {suffix}).pop())
    kept = path.read_bytes()
    for foreign in (b"PK\x03\x04" * 900, b"\0" * 5_000, other.read_bytes(), kept[:900] + kept):
        path.write_bytes(foreign)
        assert_named(folder, path)
    path.unlink()
    assert_named(folder, path)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_another_format(folder: Path, suffix: str) -> None:
    path = only(folder, suffix)
    data = path.read_bytes()
    for version, kind in ((FORMAT + 1, IndexTooNew), (0, IndexTooOld)):
        path.write_bytes(data[:8] + struct.pack("<I", version) + data[12:])
        assert type(fault(folder)) is kind
        assert f"format {version}" in str(fault(folder))
        assert_named(folder, path)


def test_a_manifest_of_another_format(folder: Path) -> None:
    path = folder / FILE_NAME
    facts = read_facts(path)
    for version, kind in ((FORMAT + 1, IndexTooNew), (0, IndexTooOld)):
        write_facts(path, {**facts, "format": version})
        assert type(fault(folder)) is kind
        assert f"format {version}" in str(fault(folder))
        assert_named(folder, path)


def test_a_damaged_manifest(folder: Path) -> None:
    path = folder / FILE_NAME
    data = path.read_bytes()
    changes: list[bytes] = [data[:place] for place in (0, 1, len(data) // 2, len(data) - 1)]
    changes += [flipped(data, place) for place in range(0, len(data), 3)]
    changes += [b"[]", b"null", b'{"facts": {}}', b"\xff\xfe", b"0" * 5_000, data + b"x"]
    for changed in changes:
        path.write_bytes(changed)
        if changed_nothing(changed, data):
            continue
        assert_named(folder, path)


def changed_nothing(changed: bytes, data: bytes) -> bool:
    """Whether the change is one of white space between two values, which says the same."""
    try:
        return bool(json.loads(changed) == json.loads(data))
    except ValueError:
        return False


@pytest.mark.parametrize(
    "altered",
    [
        lambda facts: facts.pop("segments"),
        lambda facts: facts.update(segments=[{"name": 1}]),
        lambda facts: facts.update(commit="one"),
    ],
)
def test_a_manifest_that_says_something_else(
    folder: Path, altered: Callable[[dict[str, object]], object]
) -> None:
    path = folder / FILE_NAME
    facts = read_facts(path)
    altered(facts)
    write_facts(path, facts)
    assert_named(folder, path)


def test_no_manifest(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="dateline reindex"):
        read_manifest(tmp_path)
    with pytest.raises(IndexMissing, match="dateline reindex"):
        damages(tmp_path)


def test_a_segment_put_in_the_place_of_another(folder: Path, tmp_path: Path) -> None:
    """Sound in itself, but not the one the commit was made of."""
    commit(tmp_path / "other", [article("b", "peace")])
    path = only(folder, SEGMENT_SUFFIX)
    path.write_bytes(only(tmp_path / "other", SEGMENT_SUFFIX).read_bytes())
    message = str(fault(folder))
    assert str(path) in message
    assert "200" in message
    assert any(str(path) in said for said in damages(folder))


def test_deletions_put_in_the_place_of_others(folder: Path, whole: Path, tmp_path: Path) -> None:
    """The check counts again what the deletions of a segment say of it."""
    other = Path(shutil.copytree(whole, tmp_path / "other"))
    commit(other, ["a9"])
    path = only(folder, DELETIONS_SUFFIX)
    path.write_bytes(only(other, DELETIONS_SUFFIX).read_bytes())
    (said,) = damages(folder)
    assert str(path) in said
    assert "live articles" in said


def test_arrays_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "arrays"
    file = ArraysWriter(path)
    pieces = [np.arange(size, dtype=np.uint16) for size in (0, 1, 70_000, 3_000_000)]
    growing = file.part("growing", "<u2")
    for piece in pieces:
        growing.append(piece)
        file.add(f"of {len(piece)}", piece, "<i8")
    size = file.close({"any": ["fact", 1]})
    assert not list(tmp_path.glob("[!a]*"))  # nothing temporary is left
    arrays = Arrays(path)
    arrays.verify()
    assert arrays.facts == {"any": ["fact", 1]}
    assert arrays.size == size == path.stat().st_size
    assert (arrays.array("growing", "<u2") == np.concatenate(pieces)).all()
    for piece in pieces:
        values = arrays.array(f"of {len(piece)}", "<i8")
        assert (values == piece).all()
        assert not values.flags.writeable
        assert not len(values) or values.ctypes.data % ALIGNMENT == 0
    with pytest.raises(IndexDamaged, match="no array 'none'"):
        arrays.array("none", "<u1")
    with pytest.raises(IndexDamaged, match="<u2 where <u4"):
        arrays.array("growing", "<u4")


def test_nothing_is_at_the_path_before_the_file_is_whole(tmp_path: Path) -> None:
    file = ArraysWriter(tmp_path / "arrays")
    file.add("one", np.zeros(9), "<u8")
    file.abandon()
    assert not list(tmp_path.iterdir())


def test_facts_come_back_and_are_summed(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    with pytest.raises(FileNotFoundError):
        read_facts(path)
    write_facts(path, {"name": "Łódź", "numbers": [1, 2]})
    assert read_facts(path) == {"name": "Łódź", "numbers": [1, 2]}
    whole = json.loads(path.read_text())
    assert whole["checksum"] == zlib.crc32(json.dumps(whole["facts"], sort_keys=True).encode())
    assert [each.name for each in tmp_path.iterdir()] == ["facts.json"]


def flipped(data: bytes, place: int) -> bytes:
    """The data with one bit changed."""
    return data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :]
