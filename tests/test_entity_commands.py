"""`dateline entity`: decisions made by command, seen in searches at once and ever after."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from named_archive import Named, put_articles

from index.folder import ArchiveFolder
from index.store import Store
from index.updating import build_index, update_index
from search.live import LiveEngine
from search.request import FacetRequest, SearchRequest
from web import create_app
from web.cli import main

ENGINE = "native"

JORDAN: Named = ("person", "Jordan Sample", "Jordan Sample")
SAMPLE: Named = ("person", "Sample", "Jordan Sample")
JORDY: Named = ("person", "Jordy Sampel", "Jordy Sampel")
LEE: Named = ("person", "Lee Placeholder", "Lee Placeholder")
LONE: Named = ("person", "Placeholder", "Placeholder")
TOWN: Named = ("person", "Exampleville", "Exampleville")
JUNK: Named = ("organisation", "Read More", "Read More")

Run = Callable[..., Result]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    archive = tmp_path / "archive"
    rows = [[JORDAN, SAMPLE]] * 4 + [[JORDY, TOWN]] * 2 + [[LEE, JUNK]] * 3 + [[LONE, TOWN]]
    put_articles(archive, ENGINE, rows, "Article")
    return archive


@pytest.fixture
def run(path: Path) -> Run:
    def entity(*words: str) -> Result:
        settings = {"DATELINE_ENGINE": ENGINE, "DATELINE_SOURCES": "", "COLUMNS": "200"}
        return CliRunner().invoke(main, ["--archive", str(path), "entity", *words], env=settings)

    return entity


def done(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output


def refused(result: Result) -> str:
    assert result.exit_code == 1, result.output
    return result.output


def counts(path: Path, facet: str = "person") -> dict[str, int]:
    with closing(LiveEngine(ArchiveFolder(path), ENGINE)) as engine:
        request = SearchRequest(size=0, facets=(FacetRequest(facet=facet, size=100),))
        (answer,) = engine.search(request).facets
        return dict(answer.counts)


def answers(path: Path) -> Callable[[str], Any]:
    """What a server that goes on running answers."""
    client = create_app({"archive": str(path), "engine": ENGINE}).test_client()
    return lambda address: client.get(address).json


USUAL = {"Jordan Sample": 4, "Lee Placeholder": 4, "Exampleville": 3, "Jordy Sampel": 2}


def test_every_decision_takes_effect_at_once_and_can_be_taken_back(path: Path, run: Run) -> None:
    assert counts(path) == USUAL
    output = done(run("merge", "Jordy Sampel", "--into", "Jordan Sample", "--note", "One person"))
    assert "person “Jordan Sample” is in 6 articles." in output
    assert counts(path) == {"Jordan Sample": 6, "Lee Placeholder": 4, "Exampleville": 3}
    done(run("retype", "Exampleville", "place"))
    assert counts(path, "place") == {"Exampleville": 3}
    done(run("rename", "Jordan Sample", "J. Sample"))
    done(run("hide", "Read More"))
    assert counts(path, "organisation") == {}
    done(run("split", "Placeholder"))
    assert counts(path) == {"J. Sample": 6, "Lee Placeholder": 3, "Placeholder": 1}
    assert "Taken back: split person “Placeholder”" in done(run("undo"))
    assert "Taken back: merge" in done(run("undo", "Jordy Sampel"))
    assert counts(path) == {"J. Sample": 4, "Lee Placeholder": 4, "Jordy Sampel": 2}
    for _ in range(3):
        done(run("undo"))
    assert counts(path) == USUAL
    assert "no decision to take back" in refused(run("undo"))


def test_no_article_is_read_to_put_a_decision_into_effect(path: Path, run: Run) -> None:
    with Store.open(ArchiveFolder(path).store_path) as store:
        store.write("UPDATE articles SET body = 'Nothing.'")
        store.write("UPDATE mentions SET found = '[]'")
    done(run("merge", "Jordy Sampel", "--into", "Jordan Sample"))
    assert counts(path)["Jordan Sample"] == 6


def test_a_running_server_shows_it(path: Path, run: Run) -> None:
    answered = answers(path)
    address = "/api/v1/search?size=1&sort=oldest&facets=person"
    assert answered(address)["facets"]["person"]["values"][0]["count"] == 4
    done(run("rename", "Jordan Sample", "J. Sample"))
    deadline = time.monotonic() + 30
    while (answer := answered(address))["facets"]["person"]["values"][0]["value"] != "J. Sample":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert answer["facets"]["person"]["values"][0] == {
        "value": "J. Sample", "count": 4, "selected": False, "excluded": False,
    }  # fmt: skip
    (person,) = answer["hits"][0]["entities"]["person"]
    assert (person["name"], person["mentions"]) == ("J. Sample", 2)
    article = answered(f"/api/v1/articles/{answer['hits'][0]['id']}")
    assert [mention["name"] for mention in article["mentions"]] == ["J. Sample"] * 2
    assert [mention["surface"] for mention in article["mentions"]] == ["Jordan Sample", "Sample"]


def test_decisions_survive_imports_and_a_new_index(path: Path, run: Run) -> None:
    done(run("merge", "Jordy Sampel", "--into", "Jordan Sample"))
    done(run("hide", "Read More"))
    put_articles(path, ENGINE, [[JORDY, JUNK]], "Later")
    assert counts(path)["Jordan Sample"] == 7
    assert counts(path, "organisation") == {}
    with Store.open(ArchiveFolder(path).store_path) as store:
        folder = ArchiveFolder(path)
        with folder.lock(ENGINE):
            build_index(folder, store, ENGINE)
    assert counts(path)["Jordan Sample"] == 7
    assert counts(path, "organisation") == {}


def test_names_that_are_not_there_are_answered_with_the_nearest(run: Run) -> None:
    output = refused(run("hide", "Jordan Sampel"))
    assert "there is no entity “Jordan Sampel”" in output
    assert "Jordan Sample (person)" in output
    assert "Jordy Sampel (person)" in output
    assert "there is no place “Jordan Sample”" in refused(
        run("hide", "Jordan Sample", "--type", "place")
    )
    assert "no entity “Nobody”" in refused(run("merge", "Jordan Sample", "--into", "Nobody"))


def test_what_cannot_be_decided_is_refused_and_said_how(path: Path, run: Run) -> None:
    form = refused(run("hide", "Placeholder"))
    assert "is a form of person “Lee Placeholder”" in form
    assert '`dateline entity split "Placeholder"`' in form
    taken = refused(run("rename", "Jordan Sample", "Lee Placeholder"))
    assert '`dateline entity merge "Jordan Sample" --into "Lee Placeholder"`' in taken
    assert "is a person already" in refused(run("retype", "Jordan Sample", "person"))
    assert "stands for itself already" in refused(run("split", "Jordan Sample"))
    assert "into itself" in refused(run("merge", "Jordan Sample", "--into", "Jordan Sample"))
    assert run("rename", "Jordan Sample", " ").exit_code == 2
    assert not ArchiveFolder(path).decisions_path.exists()
    done(run("merge", "Jordy Sampel", "--into", "Jordan Sample"))
    assert "joined by the decision in line 1" in refused(run("split", "Jordy Sampel"))
    assert '`dateline entity undo "Jordy Sampel"`' in refused(run("split", "Jordy Sampel"))
    done(run("hide", "Read More"))
    assert "is hidden by the decision in line 7" in refused(run("rename", "Read More", "More"))
    assert "no decision is about “Lee”" in refused(run("undo", "Lee"))
    circle = refused(run("rename", "Jordan Sample", "Jordy Sampel"))
    assert "circle: “Jordy Sampel” → “Jordan Sample” → “Jordy Sampel” (lines 1, 12)" in circle


def test_a_name_of_two_types_needs_the_type(path: Path, run: Run) -> None:
    put_articles(path, ENGINE, [[("place", "Exampleville", "Exampleville")]] * 9, "Places")
    done(run("retype", "Exampleville", "person"))
    done(run("undo"))
    assert "Exampleville" not in counts(path)
    done(run("retype", "Exampleville", "organisation", "--type", "place"))
    assert counts(path, "organisation") == {"Exampleville": 12, "Read More": 3}


def test_decisions_are_listed_with_those_that_are_idle(path: Path, run: Run) -> None:
    done(run("hide", "Read More", "--note", "Not a name"))
    with ArchiveFolder(path).decisions_path.open("a") as file:
        file.write('\n[[rename]]\ntype = "person"\nname = "Gone"\nto = "Went"\n')
    result = run("list")
    assert "1  hide organisation “Read More”" in done(result)
    assert "; Not a name]" in result.output
    assert "rename person “Gone” to “Went”  (idle)" in result.output
    assert "2 decisions, 1 of them idle." in result.output
    assert "`dateline entity apply` puts it into effect" in result.output
    listed = json.loads(run("list", "--json").stdout)
    assert [each["idle"] for each in listed["decisions"]] == [False, True]
    assert not listed["in_effect"]
    assert "2 decisions in effect." in done(run("apply"))
    assert json.loads(run("list", "--json").stdout)["in_effect"]


def test_a_file_that_cannot_be_used_stops_commands_and_nothing_else(path: Path, run: Run) -> None:
    done(run("merge", "Jordy Sampel", "--into", "Jordan Sample"))
    file = ArchiveFolder(path).decisions_path
    file.write_text(file.read_text() + "\n[[hide]]\nname = 1\n")
    before = file.read_text()
    for words in (("list",), ("show", "Jordan Sample"), ("hide", "Read More"), ("undo",)):
        assert f"{file}:7: 'type' is missing" in refused(run(*words))
    assert file.read_text() == before
    client = create_app({"archive": str(path), "engine": ENGINE}).test_client()
    assert client.get("/?person=Jordan+Sample").status_code == 200
    assert client.get("/entities/person/Jordan%20Sample").status_code == 200
    put_articles(path, ENGINE, [[JORDY]], "Later")
    assert counts(path)["Jordan Sample"] == 7
    with Store.open(ArchiveFolder(path).store_path) as store, ArchiveFolder(path).lock(ENGINE):
        build_index(ArchiveFolder(path), store, ENGINE)
    assert counts(path)["Jordan Sample"] == 7


def test_imports_go_on_beside_a_file_that_cannot_be_used_and_say_so(
    path: Path, run: Run, tmp_path: Path
) -> None:
    done(run("hide", "Read More"))
    file = ArchiveFolder(path).decisions_path
    file.write_text("[[hide]\n")
    (tmp_path / "news.txt").write_text("Grain ships leave Odesa.")
    settings = {"DATELINE_ENGINE": ENGINE, "DATELINE_SOURCES": "", "DATELINE_PROCESSES": "1"}
    for command in (("import", str(tmp_path / "news.txt")), ("reindex",), ("check",)):
        result = CliRunner().invoke(main, ["--archive", str(path), *command], env=settings)
        assert result.exit_code == 3, result.output
        assert f"{file}:1: is not TOML" in result.output


def test_commands_at_the_same_time_wait_for_each_other(path: Path) -> None:
    names = ("Jordan Sample", "Jordy Sampel", "Exampleville")
    script = "from web.cli import main; main()"
    command = [sys.executable, "-c", script, "--archive", str(path), "entity", "hide"]
    settings = os.environ | {"DATELINE_ENGINE": ENGINE, "DATELINE_SOURCES": ""}
    running = [
        subprocess.Popen([*command, name], env=settings, stdout=subprocess.DEVNULL)
        for name in names
    ]
    assert [process.wait(120) for process in running] == [0, 0, 0]
    assert counts(path) == {"Lee Placeholder": 4}


def test_a_run_that_was_killed_before_the_index_was_told_is_made_up_for(
    path: Path, run: Run
) -> None:
    done(run("hide", "Read More"))
    folder = ArchiveFolder(path)
    generation = folder.live_generation(ENGINE)
    folder.decisions_in_effect_path(ENGINE, generation).unlink()
    assert not json.loads(run("list", "--json").stdout)["in_effect"]
    folder.decisions_path.unlink()
    with Store.open(folder.store_path) as store:
        update_index(folder, store, ENGINE)
    assert counts(path, "organisation") == {"Read More": 3}


def test_an_archive_without_an_index_keeps_the_decision(path: Path, run: Run) -> None:
    folder = ArchiveFolder(path)
    folder.remove(ENGINE, folder.live_generation(ENGINE))
    folder.current_path(ENGINE).unlink()
    assert "takes effect with the first one" in done(run("hide", "Read More"))
    with Store.open(folder.store_path) as store:
        update_index(folder, store, ENGINE)
    assert counts(path, "organisation") == {}


def test_show_prints_what_the_api_answers(path: Path, run: Run) -> None:
    done(run("merge", "Jordy Sampel", "--into", "Jordan Sample", "--note", "One person"))
    text = done(run("show", "Jordan Sample"))
    assert text.startswith("Jordan Sample, person, 6 articles\n")
    assert "      2  Jordy Sampel  – by decision" in text
    assert "written Jordan Sample 4, Sample 4" in text
    assert "line 1: merge person “Jordy Sampel” into “Jordan Sample” [One person]" in text
    assert "2024-01-06" in text
    assert "On that day Jordy Sampel was mentioned." in text
    shown = json.loads(done(run("show", "Jordy Sampel", "--json")))
    assert shown == answers(path)("/api/v1/entities/person/Jordan%20Sample")
    assert shown["name"] == "Jordan Sample"
    assert shown["articles"] == 6
    assert [form["reason"] for form in shown["forms"]] == ["itself", "decision"]
    assert {sentence["text"] for sentence in shown["sentences"]} == {
        "On that day Jordan Sample was mentioned.",
        "On that day Jordy Sampel was mentioned.",
        "On that day Sample was mentioned.",
    }
    (start, end), *_ = shown["sentences"][0]["ranges"]
    assert shown["sentences"][0]["text"][start:end] in ("Sample", "Jordy Sampel")


def test_show_knows_forms_short_names_and_whom_a_name_could_mean(path: Path, run: Run) -> None:
    assert done(run("show", "Placeholder")).startswith("Lee Placeholder, person, 4 articles")
    assert "1  Placeholder  – short for it" in run("show", "Placeholder").output
    assert done(run("show", "Sample")).startswith("Jordan Sample, person")
    put_articles(path, ENGINE, [[("person", "Kim Placeholder", "Kim Placeholder")]] * 4, "Kim")
    text = done(run("show", "Placeholder"))
    assert "Could be short for" in text
    assert "4  Kim Placeholder" in text
    assert "3  Lee Placeholder" in text
