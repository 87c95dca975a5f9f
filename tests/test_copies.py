"""Copies on the page, in the API and on the command line, with either engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from flask.testing import FlaskClient
from story_texts import article, text

from index.completing import complete
from index.folder import ArchiveFolder
from index.store import Store
from web import create_app
from web.cli import main

ARTICLES = (
    article("first", text(1), 1, "Flood in the <north>"),
    article("second", text(1), 2, "The north under water"),
    article("third", text(1, frozenset({1})), 3, "Water everywhere"),
    article("alone", text(2), 4, "Drought in the south"),
)
WORD = text(1).split()[3]
"""In every article of the story, and in no other."""


@pytest.fixture(scope="module", params=["native", "whoosh"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = ArchiveFolder(tmp_path_factory.mktemp(request.param))
    with Store.open(folder.store_path) as store:
        with store.transaction():
            for each in ARTICLES:
                store.put(each, "test")
        complete(folder, store, request.param, processes=1)
    (folder.path / "engine").write_text(request.param)
    return folder.path


@pytest.fixture
def client(folder: Path) -> FlaskClient:
    return create_app({"archive": str(folder), "engine": engine(folder)}).test_client()


def engine(folder: Path) -> str:
    return (folder / "engine").read_text()


def page(client: FlaskClient, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.get_data(as_text=True), "lxml")


def total(found: BeautifulSoup) -> str:
    heading = found.select_one("#total")
    assert heading is not None
    return heading.get_text(strip=True)


def titles(found: BeautifulSoup) -> list[str]:
    return [each.get_text(strip=True) for each in found.select(".hit h3")]


def linked(found: BeautifulSoup, selector: str) -> str:
    anchor = found.select_one(selector)
    assert anchor is not None
    return str(anchor["href"])


def test_results_show_one_article_a_story(client: FlaskClient) -> None:
    found = page(client, f"/?q={WORD}")
    assert total(found) == "1 article"
    assert titles(found) == ["Flood in the <north>"]
    reprints = found.select_one(".hit .reprints")
    assert reprints is not None
    assert reprints.get_text(strip=True) == "+2 reprints"


def test_reprints_lead_to_all_copies_earliest_first(client: FlaskClient) -> None:
    address = linked(page(client, f"/?q={WORD}"), ".hit .reprints a")
    assert address == f"/?q={WORD}&story=first&copies=all&sort=oldest"
    found = page(client, address)
    assert titles(found) == ["Flood in the <north>", "The north under water", "Water everywhere"]
    chip = found.select_one(".chip")
    assert chip is not None
    assert "copies of one article" in chip.get_text()


def test_the_switch_counts_every_copy_and_back(client: FlaskClient) -> None:
    found = page(client, "/")
    assert total(found).startswith("2 articles")
    address = linked(found, ".copies a")
    assert address == "/?copies=all"
    counted = page(client, address)
    assert total(counted).startswith("4 articles")
    source = counted.select_one('[data-facet="source"] .count')
    assert source is not None
    assert source.get_text() == "4"
    hidden = {tag["name"]: tag["value"] for tag in counted.select("input[type=hidden]")}
    assert hidden["copies"] == "all"
    assert linked(counted, ".copies a") == "/"


def test_there_is_no_switch_where_it_makes_no_difference(client: FlaskClient) -> None:
    found = page(client, "/?q=drought")
    assert total(found) == "1 article"
    assert not found.select(".copies, .reprints")


def test_an_article_lists_its_other_copies(client: FlaskClient) -> None:
    found = page(client, "/articles/second")
    section = found.select_one('[aria-labelledby="reprints"]')
    assert section is not None
    assert [each["href"] for each in section.select("li > a")] == [
        "/articles/first",
        "/articles/third",
    ]
    assert "shares 100 % of the shorter text" in section.get_text()
    assert linked(found, '[aria-labelledby="reprints"] .more a') == (
        "/?story=first&copies=all&sort=oldest"
    )
    related = {each["href"] for each in found.select('[aria-labelledby="related"] li > a')}
    assert not related & {"/articles/first", "/articles/third"}
    assert not page(client, "/articles/alone").select('[aria-labelledby="reprints"]')


def test_json_has_stories_and_copies(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?sort=oldest&facets=source").get_json()
    assert answer["total"] == 2
    assert [(hit["id"], hit["story"], hit["copies"]) for hit in answer["hits"]] == [
        ("first", "first", 2),
        ("alone", None, 0),
    ]
    assert answer["facets"]["source"]["values"][0]["count"] == 2
    every = client.get("/api/v1/search?sort=oldest&copies=all").get_json()
    assert [(hit["story"], hit["copies"]) for hit in every["hits"]] == [("first", 0)] * 3 + [
        (None, 0)
    ]
    story = client.get("/api/v1/search?story=first&copies=all").get_json()
    assert story["total"] == 3


def test_json_of_an_article_has_its_other_copies(client: FlaskClient) -> None:
    found = client.get("/api/v1/articles/third").get_json()
    assert (found["story"], found["copies"]) == ("first", 2)
    assert [copy["id"] for copy in found["other_copies"]] == ["first", "second"]
    assert all(0.5 < copy["shared"] < 1 for copy in found["other_copies"])
    alone = client.get("/api/v1/articles/alone").get_json()
    assert (alone["story"], alone["copies"], alone["other_copies"]) == (None, 0, [])


@pytest.mark.parametrize(
    "address", ["/?copies=none", "/api/v1/search?copies=2", "/?story=a&story=b"]
)
def test_what_is_expected_is_said(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert "one" in response.get_data(as_text=True)


def test_an_unknown_story_has_no_articles(client: FlaskClient) -> None:
    assert client.get("/api/v1/search?story=unknown").get_json()["total"] == 0


def test_the_command_line_leaves_copies_out_or_counts_them(folder: Path) -> None:
    def run(*arguments: str) -> str:
        options = ["--archive", str(folder), "search", "--engine", engine(folder), *arguments]
        result = CliRunner().invoke(main, options)
        assert result.exit_code == 0, result.output
        return result.output

    assert "1 article in" in run(WORD)
    assert "+2 reprints: --story first --copies" in run(WORD)
    assert "3 articles in" in run(WORD, "--copies")
    assert json.loads(run("--story", "first", "--copies", "--json"))["total"] == 3
