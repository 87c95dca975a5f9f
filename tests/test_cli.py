from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from importlib.metadata import version
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from index.folder import ArchiveFolder
from web.cli import main
from web.config import SETTINGS
from web.progress_bar import ShownProgress

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two sample folders, imported by the command line."""
    path = tmp_path_factory.mktemp("cli") / "archive"
    paths = [str(SEEDS / "diplomacy"), str(SEEDS / "north-korean-troops-kursk.txt")]
    result = dateline(path, "import", *paths)
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    return tmp_path / "archive"


def dateline(archive: Path, *words: str) -> Result:
    settings = {"DATELINE_ENGINE": "native", "DATELINE_SOURCES": "", "DATELINE_PROCESSES": "1"}
    return CliRunner().invoke(main, ["--archive", str(archive), *words], env=settings)


def test_import_says_what_became_of_everything(empty: Path, tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.txt").write_text("Grain ships leave Odesa.")
    (news / "b.pdf").write_text("%PDF")
    dry = dateline(empty, "import", "--dry-run", str(news))
    assert dry.exit_code == 0, dry.output
    assert "1 article read: 1 would be new" in dry.output
    assert not empty.exists()
    first = dateline(empty, "import", str(news))
    assert first.exit_code == 0, first.output
    assert "1 article read: 1 new, 0 changed, 0 unchanged" in first.output
    assert "Skipped, for want of a reader: 1 .pdf" in first.output
    assert "The archive has 1 article." in first.output
    assert "1 file, 1 of them unchanged" in dateline(empty, "import", str(news)).output
    again = dateline(empty, "import", "--dry-run", "--reread", str(news))
    assert "0 would be new, 0 would be changed, 1 unchanged" in again.output


def test_what_cannot_be_read_shows_in_the_exit_code(empty: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"title": "Fine"}\n{broken\n')
    result = dateline(empty, "import", str(tmp_path / "bad.jsonl"))
    assert result.exit_code == 3
    assert f"Not read: {tmp_path / 'bad.jsonl'}:2: is not JSON" in result.output
    assert "1 could not be read" in result.output
    assert dateline(empty, "search", "fine").output.startswith("1 article in")
    reindexed = dateline(empty, "reindex", "--source-folder", str(tmp_path / "bad.jsonl"))
    assert reindexed.exit_code == 3
    assert "The new native index has 1 article." in reindexed.output


def test_articles_can_be_left_to_a_reindex(empty: Path) -> None:
    path = str(SEEDS / "north-korean-troops-kursk.txt")
    assert dateline(empty, "import", "--no-index", path).exit_code == 0
    missing = dateline(empty, "search", "kursk")
    assert missing.exit_code == 1
    assert "there is no native index" in missing.output
    assert "`dateline reindex` builds it" in missing.output
    result = dateline(empty, "reindex")
    assert "Names were looked for in 1 article." in result.output
    assert dateline(empty, "search", 'person:"John Kirby"').output.startswith("1 article in")


def test_reindex_can_delete_what_is_gone(empty: Path, tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for name in "ab":
        (news / f"{name}.txt").write_text(f"Article {name}.")
    assert dateline(empty, "reindex", "--source-folder", str(news)).exit_code == 0
    (news / "a.txt").unlink()
    kept = dateline(empty, "reindex", "--source-folder", str(news))
    assert "index has 2 articles" in kept.output
    result = dateline(empty, "reindex", "--delete-missing", "--source-folder", str(news))
    assert "1 article deleted" in result.output
    assert "index has 1 article" in result.output


def test_search_shows_hits_with_their_passages(archive: Path) -> None:
    result = dateline(archive, "search", "north", "korean", "troops", "kursk")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("1 article in ")
    assert "1. Recent reports from Ukraine’s military intelligence agency" in result.output
    assert "no date" in result.output
    assert "North Korean" in result.output


def test_search_filters_and_counts_like_the_page(archive: Path) -> None:
    result = dateline(archive, "search", "--person", "Vladimir Putin", "--facets", "place,section")
    listed = dateline(archive, "search", 'person:"Vladimir Putin"', "--sort", "newest")
    assert result.output.split(" in ")[0] == listed.output.split(" in ")[0]
    assert "\nplace\n" in result.output
    assert "\nsection\n" in result.output
    without = dateline(archive, "search", "--not-person", "Vladimir Putin", "--size", "0")
    everything = dateline(archive, "search", "--size", "0")
    counts = [int(r.output.split()[0]) for r in (result, without, everything)]
    assert counts[0] + counts[1] == counts[2] > counts[0] > 1


def test_search_lists_first_what_the_articles_are_about(archive: Path) -> None:
    asked = ("search", "kursk", "--json", "--facets", "person,place", "--by-weight", "person")
    shown = json.loads(dateline(archive, *asked).stdout)["facets"]
    plain = json.loads(dateline(archive, *asked[:-2]).stdout)["facets"]
    assert shown["place"] == plain["place"]
    assert shown["person"] != plain["person"]
    refused = dateline(archive, "search", "--by-weight", "colour")
    assert "order.colour" in refused.output


def test_search_says_how_it_read_and_carries_out_a_query(archive: Path) -> None:
    result = dateline(archive, "search", '"grain deal', "--explain")
    assert result.exit_code == 0
    assert "Word grain" in result.output or "Phrase “grain deal”" in result.output
    assert "Read as: " in result.output


def test_search_answers_in_json_as_the_api_does(archive: Path) -> None:
    result = dateline(archive, "search", "kursk", "--json", "--facets", "person", "--size", "1")
    answer = json.loads(result.stdout)
    assert answer["total"] == 2
    assert len(answer["hits"]) == 1
    assert list(answer["facets"]) == ["person"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("search", "--size", "many"), "size is 'many'; expected a whole number"),
        (("search", "--from", "soon"), "from is 'soon'; expected a date"),
        (("search", "--facets", "colour"), "facets is 'colour'"),
        (("search", "--engine", "elastic"), "is not one of 'native', 'whoosh'"),
        (("import",), "Missing argument"),
    ],
)
def test_wrong_usage(archive: Path, words: tuple[str, ...], message: str) -> None:
    result = dateline(archive, *words)
    assert result.exit_code == 2
    assert message in result.output


def test_wrong_settings(archive: Path) -> None:
    result = CliRunner().invoke(main, ["status"], env={"DATELINE_PORT": "http"})
    assert result.exit_code == 2
    assert "Setting 'DATELINE_PORT' has value 'http'" in result.output
    assert archive.exists()


def test_status(archive: Path, empty: Path) -> None:
    status = json.loads(dateline(archive, "status", "--json").output)
    assert status["articles"] == status["indexed"] > 10
    assert (status["engine"], status["pending_changes"]) == ("native", 0)
    assert status["last_reindex"] <= status["last_update"]
    assert status["bytes"] > 10_000
    shown = dateline(archive, "status").output
    assert f"articles        {status['articles']}\n" in shown
    nothing = json.loads(dateline(empty, "status", "--json").output)
    assert (nothing["articles"], nothing["indexed"], nothing["last_reindex"]) == (0, None, None)
    assert "indexed         none" in dateline(empty, "status").output
    assert not empty.exists()


def test_a_score_is_explained(archive: Path) -> None:
    answer = json.loads(dateline(archive, "search", "kursk troops", "--json").output)
    hit = answer["hits"][0]
    asked = ("search", "kursk troops", "--explain-hit", hit["id"])
    shown = dateline(archive, *asked).output
    assert shown.startswith(f"score {hit['score']:.4f} of {hit['id']}\n")
    explained = json.loads(dateline(archive, *asked, "--json").output)
    assert explained["score"] == hit["score"]
    assert sum(part["score"] for part in explained["parts"]) == pytest.approx(hit["score"])
    for options in ((), ("--json",)):
        missing = dateline(archive, "search", "grain", "--explain-hit", "nowhere", *options)
        assert missing.exit_code == 1
        assert "among the results" in missing.output


def test_articles_like_one(archive: Path) -> None:
    answer = json.loads(dateline(archive, "search", "kursk troops", "--json").stdout)
    article_id = answer["hits"][0]["id"]
    listed = json.loads(dateline(archive, "search", "--like", article_id, "--json").stdout)
    titles = [hit["title"] for hit in listed["hits"]]
    assert titles
    assert answer["hits"][0]["title"] not in titles
    printed = dateline(archive, "search", "--like", article_id).stdout.splitlines()
    assert [line[3:] for line in printed if not line.startswith(" ")] == titles
    for options, status in (((), 1), (("moon",), 2), (("--size", "3"), 2)):
        missing = dateline(archive, "search", "--like", "nowhere", *options)
        assert missing.exit_code == status
        assert "Error" in missing.output


def test_a_score_is_shown_only_where_it_orders(archive: Path) -> None:
    assert "score " in dateline(archive, "search", "grain").output
    assert "score " not in dateline(archive, "search", "grain", "--sort", "newest").output
    assert "score " not in dateline(archive, "search").output


def test_check(archive: Path, empty: Path, tmp_path: Path) -> None:
    sound = dateline(archive, "check")
    assert (sound.exit_code, sound.output) == (0, "The store and the native index are sound.\n")
    nothing = dateline(empty, "check")
    assert nothing.exit_code == 3
    assert "Repair: dateline import" in nothing.output
    (tmp_path / "a.txt").write_text("Article.")
    dateline(empty, "import", str(tmp_path / "a.txt"))
    ArchiveFolder(empty).current_path("native").write_text("000042\n")
    broken = dateline(empty, "check", "--json")
    assert broken.exit_code == 3
    assert json.loads(broken.output)["repair"] == "dateline reindex"
    assert dateline(empty, "reindex").exit_code == 0
    assert dateline(empty, "check").exit_code == 0
    (segment,) = ArchiveFolder(empty).live_index("native").glob("*.segment")
    segment.write_bytes(segment.read_bytes()[:-1])
    damaged = dateline(empty, "check")
    assert segment.name in damaged.output
    assert damaged.output.count("dateline reindex") == 1


def test_version() -> None:
    result = CliRunner().invoke(main, ["version"])
    assert result.output == f"{version('dateline')}\n"


def with_own_commands(command: click.Command) -> list[click.Command]:
    own = command.commands.values() if isinstance(command, click.Group) else ()
    return [command, *own]


def test_every_command_and_option_has_help() -> None:
    for name, command in main.commands.items():
        for each in with_own_commands(command):
            assert each.help, name
            for parameter in each.params:
                if parameter.param_type_name == "option":
                    assert getattr(parameter, "help", None), (name, parameter.name)


def test_the_reference_names_every_command_option_and_exit_code() -> None:
    reference = (ROOT / "docs" / "reference" / "command-line.md").read_text()
    sections = {
        part.split("`")[0].split()[0]: part for part in reference.split("## `dateline ")[1:]
    }
    assert sorted(sections) == sorted(main.commands)
    for name, command in main.commands.items():
        parameters = [each for own in with_own_commands(command) for each in own.params]
        for parameter in parameters:
            for option in parameter.opts if parameter.param_type_name == "option" else ():
                assert f"`{option}" in sections[name], (name, option)
        for option in re.findall(r"`(--[a-z-]+)", sections[name].split("## Settings")[0]):
            assert any(option in parameter.opts for parameter in parameters), (name, option)


def test_the_reference_names_every_setting() -> None:
    reference = (ROOT / "docs" / "reference" / "command-line.md").read_text()
    for setting in SETTINGS:
        assert f"| `{setting.variable}` | `{setting.name}` |" in reference
    assert reference.count("| `DATELINE_") == len(SETTINGS)


def test_lines_instead_of_bars_when_nobody_watches(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.progress_bar.LINE_SECONDS", 0.0)
    assert list(ShownProgress().track(range(2), "Reading", 2)) == [0, 1]
    assert list(ShownProgress().track([], "Reading", 0)) == []
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("Reading: 1 of 2 articles in 0.0 s, ")
    assert lines[-1].startswith("Reading: 2 articles in 0.0 s, ")
    assert list(ShownProgress().track(range(1), "Reading")) == [0]
    assert capsys.readouterr().err.splitlines()[-1].startswith("Reading: 1 article in 0.0 s, ")


def test_serve_answers_and_takes_a_new_index_without_restart(tmp_path: Path) -> None:
    empty = tmp_path / "archive"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "a.txt").write_text("Grain ships leave Odesa.")
    assert dateline(empty, "import", str(tmp_path / "a.txt")).exit_code == 0
    # Who runs the tests in the background may have had the signal ignored, and so would the server.
    script = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    script += f"from web.cli import main; main(['serve', '--port', '{port}'])"
    server = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        env=os.environ | {"DATELINE_ARCHIVE": str(empty), "DATELINE_ENGINE": "native"},
    )
    with server:
        try:
            _wait_for_articles(port, 1)
            (tmp_path / "b.txt").write_text("More grain ships leave Odesa.")
            assert dateline(empty, "import", str(tmp_path / "b.txt")).exit_code == 0
            _wait_for_articles(port, 2)
            (tmp_path / "c.txt").write_text("No grain ships leave Odesa.")
            reindexed = dateline(empty, "reindex", "--source-folder", str(tmp_path / "c.txt"))
            assert reindexed.exit_code == 0
            _wait_for_articles(port, 3)
            taken = dateline(empty, "serve", "--port", str(port))
            assert taken.exit_code == 1
            assert "cannot listen on 127.0.0.1" in taken.output
        finally:
            server.send_signal(signal.SIGINT)
            try:
                server.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                raise
    assert server.returncode == 0


def _wait_for_articles(port: int, total: int) -> None:
    """Until the server finds so many; it may take a moment to start and to notice."""
    deadline = time.monotonic() + 30
    found = None
    while found != total:
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
        try:
            url = f"http://127.0.0.1:{port}/api/v1/search?q=grain"
            with urllib.request.urlopen(url, timeout=10) as answer:
                found = json.load(answer)["total"]
        except urllib.error.URLError as error:
            found = error.reason
