from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hooked_progress import HookedProgress
from web_archives import archive_of, page

from index.errors import UnreadableSource
from index.importing import ImportOptions, ImportSummary, delete_missing, import_files
from index.progress import Progress
from index.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "archive" / "articles.sqlite") as opened:
        yield opened


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with three articles, two that are broken, and some other things."""
    folder = tmp_path / "news"
    (folder / "deep" / ".hidden").mkdir(parents=True)
    (folder / "a.txt").write_text("---\ntitle: A\n---\nText of a.")
    (folder / "deep" / "b.md").write_text("# B\n\nText of b.")
    lines = ['{"id": "1", "title": "C"}', "{broken", '{"id": "2", "body": ""}']
    (folder / "deep" / "c.jsonl").write_text("\n".join(lines))
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "LICENSE").write_text("free")
    (folder / ".DS_Store").write_text("x")
    (folder / "deep" / ".hidden" / "d.txt").write_text("Hidden.")
    return folder


class Problems(Progress):
    def __init__(self) -> None:
        self.found: list[UnreadableSource] = []

    def problem(self, problem: UnreadableSource) -> None:
        self.found.append(problem)


def titles(store: Store) -> list[str]:
    return sorted(article.title for article in store.articles(store.ids()).values())


def counts(summary: ImportSummary) -> tuple[int, int, int]:
    outcomes = summary.outcomes
    return outcomes["new"], outcomes["changed"], outcomes["unchanged"]


def test_a_folder_is_read_as_far_as_it_can_be(store: Store, news: Path) -> None:
    problems = Problems()
    summary = import_files(store, [news], progress=problems)
    assert titles(store) == ["A", "B", "C"]
    assert (summary.files, summary.read, counts(summary)) == (3, 3, (3, 0, 0))
    assert summary.skipped == {".png": 1, "no ending": 1}
    jsonl = news / "deep" / "c.jsonl"
    assert [problem.origin for problem in problems.found] == [f"{jsonl}:2", f"{jsonl}:3"]
    assert summary.problems == 2


def test_files_that_have_not_changed_are_not_read_again(store: Store, news: Path) -> None:
    import_files(store, [news])
    again = import_files(store, [news])
    assert again.unchanged_files == 2  # the one with problems is read, and reported, again
    assert (counts(again), again.problems) == ((0, 0, 1), 2)
    reread = import_files(store, [news], ImportOptions(reread=True))
    assert (reread.unchanged_files, counts(reread)) == (0, (0, 0, 3))
    assert store.last_change() == 3


def test_a_file_that_was_only_touched_is_unchanged(store: Store, news: Path) -> None:
    import_files(store, [news / "a.txt"])
    os.utime(news / "a.txt", (1, 1))
    for _ in range(2):
        assert import_files(store, [news / "a.txt"]).unchanged_files == 1
    file = store.source_file(str(news / "a.txt"))
    assert file
    assert (file.modified_ns, file.articles) == (1_000_000_000, 1)


def test_a_change_that_leaves_size_and_time_alone_is_found_by_rereading(
    store: Store, news: Path
) -> None:
    path = news / "a.txt"
    import_files(store, [path])
    before = path.stat()
    path.write_text(path.read_text().replace("Text", "Next"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert import_files(store, [path]).unchanged_files == 1
    assert counts(import_files(store, [path], ImportOptions(reread=True))) == (0, 1, 0)


def test_an_edited_file_keeps_its_article(store: Store, news: Path) -> None:
    import_files(store, [news / "a.txt"])
    (before,) = store.ids()
    (news / "a.txt").write_text("Something else altogether.")
    assert counts(import_files(store, [news / "a.txt"])) == (0, 1, 0)
    assert list(store.ids()) == [before]


def test_another_source_name_reads_again(store: Store, news: Path) -> None:
    import_files(store, [news / "a.txt"])
    summary = import_files(store, [news / "a.txt"], ImportOptions(source="The Wire"))
    assert counts(summary) == (0, 1, 0)
    assert [a.source for a in store.articles(store.ids()).values()] == ["The Wire"]


def test_a_dry_run_writes_nothing(store: Store, news: Path) -> None:
    summary = import_files(store, [news], ImportOptions(dry_run=True))
    assert counts(summary) == (3, 0, 0)
    assert store.count() == 0
    assert store.source_file(str(news / "a.txt")) is None


def test_what_belongs_to_a_saved_page_is_left_out(store: Store, tmp_path: Path) -> None:
    for name in ("News_files", "Bericht-Dateien", "other_files", "files", ".git"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "frame.html").write_bytes(page(f"Frame in {name}"))
    (tmp_path / "News.html").write_bytes(page("News"))
    (tmp_path / "Bericht.htm").write_bytes(page("Bericht"))
    summary = import_files(store, [tmp_path])
    assert titles(store) == ["Bericht", "Frame in files", "Frame in other_files", "News"]
    assert summary.passed_over == {"folders that belong to a saved page": 2}


def test_kinds_without_a_reader_are_counted_up_to_a_number(store: Store, tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    for number in range(150):
        (tmp_path / "news" / f"a.{number}").touch()
    summary = import_files(store, [tmp_path / "news"])
    assert (len(summary.skipped), summary.skipped["others"]) == (101, 50)


def test_other_names_of_fields_are_a_reason_to_read_again(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,title,inhalt,text\n1,A,One.,Two.\n")
    assert counts(import_files(store, [path])) == (1, 0, 0)
    mapped = ImportOptions(columns={"body": "inhalt"})
    assert counts(import_files(store, [path], mapped)) == (0, 1, 0)
    assert [a.body for a in store.articles(store.ids()).values()] == ["One."]
    assert import_files(store, [path], mapped).unchanged_files == 1


def test_what_came_of_each_article_is_foreseen(store: Store, tmp_path: Path) -> None:
    names = ("One ship", "Two ships")
    (tmp_path / "crawl.warc.gz").write_bytes(archive_of(*names).data)
    (tmp_path / "page.html").write_bytes(page("A page"))
    (tmp_path / "table.csv").write_text("title,body\nA row,Text.\n,\n")
    (tmp_path / "letter.eml").write_text("Subject: A letter\n\nText.\n")
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.writestr("more.txt", "Text of more.")
    foreseen = import_files(store, [tmp_path], ImportOptions(dry_run=True))
    assert store.count() == 0
    assert counts(foreseen) == (6, 0, 0)
    assert import_files(store, [tmp_path]) == foreseen
    assert foreseen.problems == 1
    again = import_files(store, [tmp_path])
    assert (again.unchanged_files, counts(again)) == (4, (0, 0, 1))


def test_articles_of_an_archive_go_with_it(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "news.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("deep/a.txt", "Text of a.")
        archive.writestr("b.jsonl", '{"title": "B"}')
    import_files(store, [path])
    assert delete_missing(store, [tmp_path]) == 0
    path.rename(tmp_path.parent / "news.zip")
    assert delete_missing(store, [tmp_path]) == 2
    (tmp_path.parent / "news.zip").rename(path)
    assert counts(import_files(store, [path])) == (2, 0, 0)


def test_paths_that_cannot_be_read(store: Store, news: Path) -> None:
    problems = Problems()
    import_files(store, [news / "picture.png", news / "none"], progress=problems)
    assert "no reader knows; they know .txt" in str(problems.found[0])
    assert str(problems.found[1]) == f"{news / 'none'}: does not exist"


def test_an_interrupted_import_goes_on_where_it_was(store: Store, tmp_path: Path) -> None:
    def interrupt(_: str, number: int) -> None:
        if number == 1200:
            raise KeyboardInterrupt

    path = tmp_path / "many.jsonl"
    path.write_text("".join(json.dumps({"id": n, "title": f"T {n}"}) + "\n" for n in range(2000)))
    with pytest.raises(KeyboardInterrupt):
        import_files(store, [path], progress=HookedProgress(interrupt))
    assert store.count() == 1000
    assert counts(import_files(store, [path])) == (1000, 0, 1000)


def test_articles_whose_files_are_gone_are_deleted_when_asked(
    store: Store, news: Path, tmp_path: Path
) -> None:
    import_files(store, [news])
    (news / "a.txt").rename(tmp_path / "a.txt")
    (news / "deep" / "c.jsonl").unlink()
    assert delete_missing(store, [news / "not mounted"]) == 0
    (news / "b2.md").write_text((news / "deep" / "b.md").read_text())
    import_files(store, [news])
    (news / "deep" / "b.md").unlink()
    assert delete_missing(store, [news]) == 2
    assert titles(store) == ["B"]
    (tmp_path / "a.txt").rename(news / "a.txt")
    assert counts(import_files(store, [news])) == (1, 0, 0)
