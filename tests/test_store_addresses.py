"""Which stored article an address belongs to, in new stores and in those of version 1."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

import index.store_connection
from index.addresses import address_id
from index.articles import Article
from index.store import Store
from index.store_connection import MIGRATIONS, connect_to_write

STORY = "https://example.org/2024/05/two-words"


def at(url: str, body: str = "One body.") -> Article:
    return Article(id=address_id(url), title="A title", body=body, url=url)


def test_an_article_is_recognised_under_all_its_addresses(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store") as store:
        assert store.put(at(STORY), "a") == "new"
        for url in (f"{STORY}/amp", "http://m.example.org/2024/05/two-words/?utm_source=x"):
            assert store.foresee(at(url), "b") == "unchanged"
            assert store.put(at(url), "b") == "unchanged"
        assert [article.url for article in store.articles(store.ids()).values()] == [STORY]


def test_a_better_address_takes_the_place_of_a_rendition(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store") as store:
        store.put(at(f"{STORY}/amp"), "a")
        assert store.put(at(STORY), "a") == "changed"
        (article,) = store.articles(store.ids()).values()
        assert article == at(STORY)


@pytest.fixture
def first_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store as the first version of Dateline left it, with an article and its mentions."""
    path = tmp_path / "articles.sqlite"
    with monkeypatch.context() as patch:
        patch.setattr(index.store_connection, "MIGRATIONS", MIGRATIONS[:1])
        connection = connect_to_write(path)
    for number, (key, url) in enumerate(
        [("old", f"http://www.example.org{STORY[19:]}"), ("other", None)], start=1
    ):
        connection.execute(
            "INSERT INTO articles VALUES (?, ?, 'A title', 'One body.', ?, '[]', NULL, NULL, NULL,"
            " NULL, '', '', 'en', '[]', '', '{}', 'file', x'00', '2024-01-01', '2024-01-01', ?)",
            (number, key, url, number),
        )
    connection.execute("INSERT INTO mentions VALUES (1, 'r', '[]')")
    connection.close()
    return path


def test_a_store_of_version_1_keeps_its_ids(first_version: Path) -> None:
    with Store.open(first_version) as store:
        assert list(store.ids()) == ["old", "other"]
        assert store.put(at(STORY, "Another body."), "b") == "changed"
        assert store.articles(["old"])["old"].body == "Another body."
        assert store.articles(["old"])["old"].url == STORY
        assert store.count() == 2
        assert store.problems() == []
    with sqlite3.connect(first_version) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    connection.close()
