"""What is particular to the Whoosh target and engine; what all engines share is in test_contract."""

from __future__ import annotations

import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import corpus
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracle import Oracle

from index.articles import Document
from index.errors import (
    IndexDamaged,
    IndexFault,
    IndexLocked,
    IndexMissing,
    IndexTooNew,
    IndexTooOld,
    OutOfSpace,
)
from index.naming import Naming
from index.whoosh_fields import Record
from index.whoosh_files import damages, stamp
from index.whoosh_target import MOST_SEGMENTS, WhooshTarget, chosen_for_merging
from search.plan import Boolean, Word
from search.request import FacetRequest, SearchRequest
from search.whoosh_engine import WhooshEngine

ROOT = Path(__file__).parent.parent
EVERYTHING = SearchRequest(size=10_000)

COMMIT_UNTIL_KILLED = """
import sys
from pathlib import Path
from index.articles import Document
from index.naming import Naming
from index.whoosh_target import WhooshTarget

ABOUT = {"title": "war", "body": "peace talks " * 50, "facets": {"source": ("Wire",)}}

with WhooshTarget(Path(sys.argv[1])) as target:
    for number in range(int(sys.argv[2]), 1_000_000):
        for part in range(20):
            target.put(Document(article_id=f"{number}-{part}", **ABOUT))
        if number:
            target.delete(f"{number - 1}-0")
        target.rename(Naming({("source", "Wire"): ("source", f"Wire {number}")}))
        target.commit()
        print(number, flush=True)
"""


def write(folder: Path, *changes: Document | str) -> None:
    with WhooshTarget(folder) as target:
        for change in changes:
            if isinstance(change, Document):
                target.put(change)
            else:
                target.delete(change)
        target.commit()


def article(article_id: str, title: str = "War and peace") -> Document:
    return Document(article_id=article_id, title=title, body="")


def found(folder: Path, request: SearchRequest = EVERYTHING) -> list[str]:
    engine = WhooshEngine.open(folder)
    hits = engine.search(request).hits
    engine.close()
    return sorted(hit.article_id for hit in hits)


def sources(folder: Path) -> list[tuple[str, int]]:
    engine = WhooshEngine.open(folder)
    values = sorted(engine.facet_values("source", ""))
    engine.close()
    return values


def committing(folder: Path, first: int) -> subprocess.Popen[str]:
    """Another process that commits again and again, printing the number of each commit."""
    command = [sys.executable, "-c", COMMIT_UNTIL_KILLED, str(folder), str(first)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def test_a_killed_writer_loses_nothing_it_had_committed(tmp_path: Path) -> None:
    chance = random.Random(1)
    next_commit = 0
    for _ in range(3):
        with committing(tmp_path, next_commit) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(chance.random() / 2)
            writer.send_signal(signal.SIGKILL)
            told = writer.stdout.read().split()
        assert damages(tmp_path) == []
        ids = found(tmp_path)
        commits = {int(each.split("-")[0]) for each in ids}
        last = max(commits)
        assert commits == set(range(last + 1))
        assert last >= (int(told[-1]) if told else next_commit)
        assert len(ids) == 20 * (last + 1) - last
        assert sources(tmp_path) == [(f"Wire {last}", len(ids))]
        next_commit = last + 1
    write(tmp_path, article("after"))
    assert "after" in found(tmp_path)
    assert not list(tmp_path.glob("*.tmp"))
    assert len(list(tmp_path.glob("names-*"))) == 1
    assert len(list(tmp_path.glob("*.toc"))) == 1


def test_another_process_writing_is_noticed(tmp_path: Path) -> None:
    with committing(tmp_path, 0) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        with pytest.raises(IndexLocked):
            write(tmp_path)
        writer.kill()
    write(tmp_path, article("mine"))


def test_a_full_disk_leaves_the_last_commit_live(tmp_path: Path) -> None:
    write(tmp_path, article("old"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    documents = corpus.archive(seed=1, articles=400)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(OutOfSpace):
            write(tmp_path, *documents)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert found(tmp_path) == ["old"]
    write(tmp_path, *documents)
    assert len(found(tmp_path)) == 401
    assert damages(tmp_path) == []


def test_the_last_change_of_a_commit_counts(tmp_path: Path) -> None:
    write(tmp_path, article("a", "first"), article("a", "second"), article("b"), "b", "never there")
    write(tmp_path, "c", article("c", "third"), "a", article("a", "fourth"))
    assert found(tmp_path) == ["a", "c"]
    assert found(tmp_path, SearchRequest(plan=Word("fourth"))) == ["a"]
    assert found(tmp_path, SearchRequest(plan=Word("second"))) == []


def test_several_commits_of_one_target(tmp_path: Path) -> None:
    with WhooshTarget(tmp_path) as target:
        target.put(article("a"))
        target.commit()
        target.put(article("b"))
        target.delete("a")
        target.commit()
        target.commit()
        target.put(article("never committed"))
    assert found(tmp_path) == ["b"]


@pytest.mark.parametrize("article_id", ["", "\ud800", "a\0b", "é" * 50_000, "北京", " "])
def test_ids_of_all_kinds(tmp_path: Path, article_id: str) -> None:
    write(tmp_path, article(article_id), article("other"))
    write(tmp_path, article(article_id, "Peace"))
    assert found(tmp_path) == sorted([article_id, "other"])
    write(tmp_path, article_id)
    assert found(tmp_path) == ["other"]


def test_values_of_all_kinds(tmp_path: Path) -> None:
    values = ("", "\ud800", "v" * 70_000, "A\nB", "Łukasz")
    write(tmp_path, Document(article_id="a", title="", body="", facets={"person": values}))
    engine = WhooshEngine.open(tmp_path)
    assert sorted(engine.facet_values("person", "")) == sorted((value, 1) for value in values)
    engine.close()


def test_many_commits_keep_few_segments_and_forget_what_was_deleted(tmp_path: Path) -> None:
    documents = corpus.archive(seed=2, articles=75)
    history: list[corpus.Commit] = [
        [*documents[first : first + 3], f"article-{first - 7:05}"] for first in range(0, 75, 3)
    ]
    for commit in history:
        write(tmp_path, *commit)
        assert len(list(tmp_path.glob("*.seg"))) <= MOST_SEGMENTS
    oracle = Oracle(corpus.outcome(history))
    engine = WhooshEngine.open(tmp_path)
    request = SearchRequest(plan=Word("war"), sort="newest", size=100)
    hits = [hit.article_id for hit in engine.search(request).hits]
    assert hits == [hit.article_id for hit in oracle.search(request).hits]
    assert engine.count() == oracle.count() == len(found(tmp_path))
    engine.close()


@given(st.lists(st.tuples(st.integers(1, 1000), st.integers(1, 1000)), max_size=20), st.integers(0))
def test_merging_leaves_few_segments(sizes: list[tuple[int, int]], added: int) -> None:
    segments = [(articles, min(deleted, articles)) for articles, deleted in sizes]
    chosen = chosen_for_merging(segments, added)
    assert sorted(set(chosen)) == sorted(chosen)
    assert {number for number, (n, deleted) in enumerate(segments) if deleted > n / 4} <= set(
        chosen
    )


def test_an_article_is_copied_seldom() -> None:
    segments: list[int] = []
    copied = 0
    for _ in range(1000):
        chosen = chosen_for_merging([(size, 0) for size in segments], added=10)
        copied += sum(segments[number] for number in chosen)
        merged = 10 + sum(segments[number] for number in chosen)
        segments = [size for number, size in enumerate(segments) if number not in chosen] + [merged]
        assert len(segments) <= MOST_SEGMENTS
    assert copied / 10_000 < 5


def test_names_are_kept_once_and_only_while_they_hold(tmp_path: Path) -> None:
    """A target is told its names again and again; what it was told last counts."""
    wire = Document(article_id="a", title="", body="", facets={"source": ("Wire", "Copier")})
    merged = Naming({("source", "Copier"): ("source", "Wire"), ("place", "\ud800"): None})
    write(tmp_path, wire)
    for naming, files in ((merged, 1), (merged, 1), (Naming(), 0), (merged, 1)):
        with WhooshTarget(tmp_path) as target:
            target.rename(Naming({("source", "Wire"): None}))
            target.rename(naming)
            target.commit()
        assert len(list(tmp_path.glob("names-*"))) == files
        assert sources(tmp_path) == ([("Wire", 1)] if files else [("Copier", 1), ("Wire", 1)])
    before = stamp(tmp_path)
    with WhooshTarget(tmp_path) as target:
        target.rename(merged)
        target.commit()
    assert stamp(tmp_path) == before
    with WhooshTarget(tmp_path) as target:
        target.rename(Naming())
        assert sources(tmp_path) == [("Wire", 1)]
    assert sources(tmp_path) == [("Wire", 1)]


def test_names_of_another_commit_do_not_disturb_a_reader(tmp_path: Path) -> None:
    write(tmp_path, Document(article_id="a", title="", body="", facets={"source": ("Wire",)}))
    renamed = [Naming({("source", "Wire"): ("source", f"Wire {number}")}) for number in range(2)]
    engines = []
    for naming in renamed:
        with WhooshTarget(tmp_path) as target:
            target.rename(naming)
            target.commit()
        engines.append(WhooshEngine.open(tmp_path))
    for number, engine in enumerate(engines):
        assert list(engine.facet_values("source", "")) == [(f"Wire {number}", 1)]
        engine.close()


def test_every_file_is_missed_and_its_damage_noticed(tmp_path: Path) -> None:
    with WhooshTarget(tmp_path) as target:
        target.rename(Naming({("person", "O'Brien"): None}))
    with WhooshTarget(tmp_path) as target:
        for document in corpus.archive(seed=3, articles=20):
            target.put(document)
        target.rename(Naming({("person", "Łukasz"): ("person", "O'Brien")}))
        target.commit()
    files = [path for path in tmp_path.iterdir() if path.name != "writer.lock"]
    assert len(files) == 6
    assert damages(tmp_path) == []
    for path in files:
        if path.name == "dateline-format":
            continue
        whole = path.read_bytes()
        middle = len(whole) // 2
        for broken in (whole[:middle], b"", whole[:middle] + b"?" + whole[middle + 1 :]):
            path.write_bytes(broken)
            problems = damages(tmp_path)
            assert len(problems) == 1, path
            assert path.name.removesuffix(".sum") in problems[0]
        path.write_bytes(whole)
    for path in files:
        if path.suffix == ".toc":
            continue
        path.rename(tmp_path / "elsewhere")
        with pytest.raises(IndexDamaged, match=path.name):
            WhooshEngine.open(tmp_path)
        with pytest.raises(IndexDamaged, match=path.name):
            write(tmp_path, article("a"))
        (tmp_path / "elsewhere").rename(path)
    assert damages(tmp_path) == []


def test_a_truncated_segment_is_not_opened(tmp_path: Path) -> None:
    write(tmp_path, *corpus.archive(seed=3, articles=20))
    (segment,) = tmp_path.glob("*.seg")
    segment.write_bytes(segment.read_bytes()[:-1])
    with pytest.raises(IndexDamaged, match=segment.name):
        WhooshEngine.open(tmp_path)
    with pytest.raises(IndexDamaged, match=segment.name):
        write(tmp_path, article("a"))


@pytest.mark.filterwarnings("ignore:Exception ignored in")  # Whoosh leaves what it fails to open
def test_an_altered_segment_is_named_when_it_cannot_be_read(tmp_path: Path) -> None:
    write(tmp_path, *corpus.archive(seed=3, articles=100))
    (segment,) = tmp_path.glob("*.seg")
    whole = segment.read_bytes()
    every_word = Boolean(should=tuple(Word(stem) for stem in corpus.STEMS))
    request = SearchRequest(plan=every_word, facets=(FacetRequest(facet="person"),))
    named = 0
    for start in range(0, len(whole), len(whole) // 20):
        segment.write_bytes(whole[:start] + bytes(200) + whole[start + 200 :])
        try:
            WhooshEngine.open(tmp_path).search(request)
        except IndexDamaged as damage:
            named += segment.name in str(damage)
    assert named > 5


@pytest.mark.parametrize(
    ("version", "fault"),
    [("0", IndexTooOld), ("1", IndexTooOld), ("3", IndexTooNew), ("x", IndexDamaged)],
)
def test_other_formats_are_refused(tmp_path: Path, version: str, fault: type[IndexFault]) -> None:
    write(tmp_path, article("a"))
    (tmp_path / "dateline-format").write_text(version)
    with pytest.raises(fault):
        WhooshEngine.open(tmp_path)
    with pytest.raises(fault):
        write(tmp_path, article("b"))


def test_no_index_is_missing_not_damaged(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        WhooshEngine.open(tmp_path)
    assert "no Whoosh index" in damages(tmp_path)[0]


def test_a_cursor_goes_on_where_it_was_when_articles_come_in(tmp_path: Path) -> None:
    documents = [
        Document(article_id=f"{number:02}", title="war", body="", published=number)
        for number in range(20)
    ]
    write(tmp_path, *documents[:16])
    request = SearchRequest(plan=Word("war"), sort="newest", size=4)
    engine = WhooshEngine.open(tmp_path)
    first = engine.search(request)
    write(tmp_path, *documents[16:], "12")
    newer = engine.refreshed()
    second = newer.search(
        SearchRequest(plan=Word("war"), sort="newest", size=4, cursor=first.next_cursor)
    )
    assert [hit.article_id for hit in first.hits] == ["15", "14", "13", "12"]
    assert [hit.article_id for hit in second.hits] == ["11", "10", "09", "08"]
    engine.close()
    newer.close()


@given(
    st.builds(
        Record,
        article_id=st.text(),
        language=st.sampled_from(["", "en"]),
        published=st.none() | st.integers(-(1 << 62), 1 << 62),
        length=st.integers(0, 1 << 31),
    )
)
def test_records_come_back(record: Record) -> None:
    assert Record.unpack(record.pack()) == record
