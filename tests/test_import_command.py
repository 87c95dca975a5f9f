from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from web_archives import WebArchive, page

from web.cli import main


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    return folder


@pytest.fixture
def table(news: Path) -> Path:
    path = news / "news.csv"
    path.write_text("Überschrift,Inhalt\nGrain ships leave,They left the port.\n")
    return path


def dateline(folder: Path, *words: str) -> Result:
    settings = {"DATELINE_ENGINE": "native", "DATELINE_SOURCES": "", "DATELINE_PROCESSES": "1"}
    return CliRunner().invoke(main, ["--archive", str(folder / "archive"), *words], env=settings)


def test_fields_are_mapped(tmp_path: Path, table: Path) -> None:
    unmapped = dateline(tmp_path, "import", "--dry-run", str(table))
    assert unmapped.exit_code == 3
    assert "`--map body=COLUMN`" in unmapped.output
    mapping = ("--map", "title=Überschrift", "--map", "BODY = Inhalt")
    done = dateline(tmp_path, "import", *mapping, str(table))
    assert done.exit_code == 0, done.output
    assert "1 article read: 1 new" in done.output
    assert dateline(tmp_path, "search", "port").output.startswith("1 article in")


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        (["titel=a"], "there is no field 'titel' (did you mean title?); the fields are id, title,"),
        (["qqq=a"], "there is no field 'qqq'; the fields are id, title,"),
        (["title"], "'title' is not of the form FIELD=NAME"),
        (["title="], "'title=' is not of the form FIELD=NAME"),
        (["title=a", "title=b"], "'title=b': a field or name is given twice"),
        (["title=a", "body=A"], "'body=A': a field or name is given twice"),
    ],
)
def test_mappings_that_make_no_sense(
    tmp_path: Path, table: Path, mapping: list[str], message: str
) -> None:
    options = [word for text in mapping for word in ("--map", text)]
    result = dateline(tmp_path, "import", *options, str(table))
    assert result.exit_code == 2
    assert message in " ".join(result.output.split())


def test_the_summary_for_programs(tmp_path: Path, news: Path) -> None:
    crawl = WebArchive()
    crawl.response("a", page("Grain ships"))
    crawl.revisit("a")
    (news / "crawl.warc").write_bytes(crawl.data)
    (news / "b.pdf").touch()
    (news / "c.jsonl").write_text("{broken\n")
    dry = dateline(tmp_path, "import", "--dry-run", "--json", str(news))
    done = dateline(tmp_path, "import", "--json", str(news))
    assert (dry.exit_code, done.exit_code) == (3, 3)
    foreseen, record = (json.loads(result.stdout) for result in (dry, done))
    stages = {stage["stage"]: stage["articles"] for stage in record.pop("stages")}
    assert [stages[name] for name in ("read", "pages", "store", "names", "index")] == [1] * 5
    assert record == {
        "files": 2,
        "unchanged_files": 0,
        "read": 1,
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "deleted": 0,
        "problems": 1,
        "skipped": {".pdf": 1},
        "passed_over": {"revisits of pages saved before": 1},
        "articles": 1,
    }
    assert {stage["stage"] for stage in foreseen.pop("stages")} == {
        "read",
        "pages",
        "languages",
        "store",
    }
    assert foreseen == record | {"articles": 0}
    reindexed = dateline(tmp_path, "reindex", "--json", "--source-folder", str(news))
    assert json.loads(reindexed.stdout)["articles"] == 1


def test_the_summary_for_people(tmp_path: Path, news: Path) -> None:
    crawl = WebArchive()
    crawl.response("a", page("Grain ships"))
    crawl.revisit("a")
    (news / "crawl.warc").write_bytes(crawl.data)
    result = dateline(tmp_path, "import", str(news))
    assert result.exit_code == 0, result.output
    assert "Passed over: revisits of pages saved before (1)." in result.output
    lines = [line.split() for line in result.output.splitlines()]
    assert ["pages", "1", "article"] in [line[:3] for line in lines]
