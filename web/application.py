"""The Flask application, put together."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Flask, url_for
from flask.json.provider import DefaultJSONProvider
from jinja2 import StrictUndefined

from index.entities.mentions import ENTITY_TYPES
from web import api, changes, errors, limits, pages, security
from web.config import Config
from web.entity import why
from web.filters import FILTERS
from web.opening import EXTENSION, ArchiveOpener

YEAR_IN_SECONDS = 31_536_000


class _Json(DefaultJSONProvider):
    """Members in the order they were written, letters as themselves."""

    ensure_ascii = False
    sort_keys = False


def build_app(settings: Config) -> Flask:
    """The application with these settings. Nothing is opened before the first request."""
    app = Flask(__package__)
    app.json = _Json(app)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = YEAR_IN_SECONDS  # a changed file has a new address
    app.extensions[EXTENSION] = ArchiveOpener(settings)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(api.blueprint)
    errors.register(app)
    security.protect(app)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(
        ENTITY_TYPES=ENTITY_TYPES,
        article_link=pages.article_link,
        version_link=pages.version_link,
        asset=_asset,
        changes=changes,
        entity_link=pages.entity_link,
        entity_page=pages.entity_page,
        limits=limits,
        link=pages.link,
        why=why,
        story_link=pages.story_link,
    )
    return app


def _asset(name: str) -> str:
    """The address of a file in static/, new whenever the file is."""
    return url_for("static", filename=name, v=_version(name))


@cache
def _version(name: str) -> str:
    content = (Path(__file__).parent / "static" / name).read_bytes()
    return sha256(content).hexdigest()[:12]
