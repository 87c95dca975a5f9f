"""Dateline on the web: pages, a JSON API, and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from web.config import Config, load

if TYPE_CHECKING:
    from flask import Flask


def create_app(config: Config | Mapping[str, Any] | None = None) -> Flask:
    """The application. Nothing is opened before the first request.

    config: settings, or overrides of them by name; by default those of the environment.
    Raises web.config.ConfigError.
    """
    # Imported here because the command line, which is in this package, mostly does without.
    from web.application import build_app  # noqa: PLC0415

    return build_app(config if isinstance(config, Config) else load(**config or {}))
