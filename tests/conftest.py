"""Fixtures: an archive of the sample articles, and applications and browsers on it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from index.folder import ArchiveFolder
from index.reindex import ReindexOptions, reindex
from index.store import Store
from web import create_app

SEEDS = Path(__file__).parents[1] / "seeds"

HOSTILE = (
    {
        "title": "<script>alert(1)</script> Zanzibar & “quotes”",
        "body": 'Zanzibar <img src=x onerror=alert(2)> said "no" & left.\n\n<b>Bold</b> 🙂 café',
        "url": "javascript:alert(3)",
        "authors": ['"><img src=x onerror=alert(4)>'],
        "source": "</title><script>alert(5)</script>",
        "published": "2024-05-06",
        "section": "hostile",
    },
    {
        "title": "أخبار من القاهرة",
        "body": "قالت الحكومة في القاهرة إن المحادثات ستبدأ يوم الأحد.",
        "published": "2024-05",
        "section": "hostile",
        "url": "https://example.org/cairo?a=1&b=2",
    },
)
"""Articles that try to be more than text, and text that runs the other way."""

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")  # how long an example takes depends on who else is working


@pytest.fixture(scope="session")
def archive_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of seeds/ and the hostile articles, as a reindex leaves it."""
    base = tmp_path_factory.mktemp("dateline")
    hostile = base / "hostile.jsonl"
    hostile.write_text("".join(json.dumps(article) + "\n" for article in HOSTILE))
    folder = ArchiveFolder(base / "archive")
    folder.path.mkdir()
    with Store.open(folder.store_path) as store:
        options = ReindexOptions(sources=(SEEDS, hostile), processes=1)
        reindex(folder, store, "native", options)
    return folder.path


@pytest.fixture(scope="session")
def app(archive_folder: Path) -> Flask:
    """The application on that archive."""
    return create_app({"archive": str(archive_folder), "engine": "native"})


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client of the application, without a server between."""
    return app.test_client()
